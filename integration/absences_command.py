"""Compare the plans on the selected internal issues with the out-of-office rules held, and show what would change."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from integration.exits import Exit

if TYPE_CHECKING:
    from integration.clients.http import Clock
    from integration.doubts import Accepted
    from integration.records import Issue
    from integration.run import Ran
    from integration.settings import Settings
    from integration.store import Store
    from integration.sync import Compared
    from integration.terminal import Terminal
    from integration.watch import Round


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``tempo-sync absences``."""
    from integration.watch import seconds

    parser.add_argument("--apply", action="store_true", help="make the changes")
    parser.add_argument("--verbose", action="store_true", help="tell every plan that makes no rule, and why")
    parser.add_argument("--allow-mass-change", action="store_true", help="let this run change more than the guard allows")
    parser.add_argument(
        "--accept-fewer",
        action="append",
        nargs="?",
        const="",
        metavar="WHO",
        help="believe, this once, that plans which are no longer seen are deleted: of everybody, or of whoever is named by "
        "accountId or name; may be given several times",
    )
    parser.add_argument(
        "--watch", type=seconds, metavar="SECONDS", help="run again every so many seconds until Ctrl-C; a line for each round"
    )


def run(options: argparse.Namespace, clock: Clock | None = None) -> int:
    """Answers the exit code; raises what ``integration.run`` raises. clock: waits with it between two rounds."""
    from integration.run import clients
    from integration.settings import Mistaken, read_settings
    from integration.store import Store
    from integration.terminal import Terminal

    settings = read_settings(options.config)
    console = Terminal(is_quiet=options.json)
    with closing(Store(settings.state)) as store:
        if options.watch is None:
            ran, bean = _once(options, settings, store, console)
            if options.json:
                # Without indent: with it the encoder is ten times as slow, and ten thousand people have much to tell.
                print(json.dumps(bean, ensure_ascii=False), end="")
                print()
            return int(ran.exit)
        if options.allow_mass_change or options.accept_fewer:
            raise Mistaken("--allow-mass-change and --accept-fewer are for one run somebody looks at, not for --watch.")
        # What is wrong with the configuration is told at once, not every round.
        clients(settings, console)
        return _watch(options, settings, store, console, clock)


def _once(options: argparse.Namespace, settings: Settings, store: Store, console: Terminal) -> tuple[Ran, dict[str, Any]]:
    from integration import report
    from integration.absences_told import problems, run_told
    from integration.connect import ABSENCES
    from integration.run import Asked, clients
    from integration.switches import Switches
    from integration.token_notice import token_notice

    Switches(store).refuse(ABSENCES)
    # A token that was swapped since the last round is read anew.
    tempo, jira = clients(settings, console)
    asked = Asked(options.apply, options.allow_mass_change, _accepted(options.accept_fewer or [], store))
    now = datetime.now(UTC)
    notice = token_notice(settings, store, now)
    if notice.warning:
        is_fixed = options.watch is not None and settings.secrets["tempo"] in ("", "env")
        console.say(f"{notice.warning}{'; this takes the new TEMPO_TOKEN when it is started anew' if is_fixed else ''}")

    def show(compared: Compared, issues: dict[str, Issue]) -> None:
        if not options.json:
            for line in report.lines(compared, issues, verbose=options.verbose):
                print(line)
            if compared.refused or not options.apply:
                print(report.summary(compared))

    ran = run_told(settings, asked, store, (tempo, jira), console, notice, now, show)
    for sentence in ran.warnings:
        console.say(sentence)
    if options.apply and not options.json and not ran.compared.refused:
        print(report.done(ran.compared, ran.outcomes))
    for sentence in problems(ran):
        console.say(sentence)
    if ran.exit is Exit.PENDING:
        console.say("nothing is written yet; --apply makes these changes")
    bean = report.as_json(ran.compared, ran.issues, ran.outcomes, ran.exit)
    return ran, {**bean, "warnings": list(ran.warnings), "token": notice.bean}


def _accepted(told: list[str], store: Store) -> Accepted:
    from integration.known_people import KnownPeople
    from integration.settings import Mistaken

    if "" in told:
        return True
    found: set[str] = set()
    for who in told:
        own = KnownPeople(store).find(who)
        if not own:
            raise Mistaken(f"--accept-fewer {who}: nobody with that accountId or name has rules.")
        found |= own
    return frozenset(found) if found else False


def _watch(options: argparse.Namespace, settings: Settings, store: Store, console: Terminal, clock: Clock | None) -> int:
    from integration.clients.http import SystemClock, Unreadable
    from integration.settings import Mistaken
    from integration.sinks import SinkError
    from integration.store import Unusable
    from integration.switches import SwitchedOff
    from integration.watch import watch

    counts: dict[str, Any] = {}

    def once() -> Exit:
        counts.clear()
        ran, bean = _once(options, settings, store, console)
        counts.update({name: len(changes) for name, changes in bean["changes"].items()})
        return ran.exit

    def failure(error: Exception) -> Exit | None:
        if isinstance(error, Unreadable):
            return Exit.UNREADABLE
        if isinstance(error, SinkError):
            return Exit.INCOMPLETE
        if isinstance(error, SwitchedOff):
            return Exit.OFF
        return Exit.USAGE if isinstance(error, Mistaken | Unusable) else None

    def tell(ended: Round) -> None:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        if options.json:
            line = {"round": ended.number, "at": at, "exitCode": int(ended.exit), **counts, "error": ended.error}
            print(json.dumps(line, ensure_ascii=False), flush=True)
            return
        told = "".join(f" {name}={count}" for name, count in counts.items())
        error = f" error={json.dumps(ended.error, ensure_ascii=False)}" if ended.error else ""
        sys.stdout.flush()
        console.say(f"round={ended.number} at={at} exit={int(ended.exit)}{told}{error}")

    return watch(options.watch, once, failure, tell, clock or SystemClock())
