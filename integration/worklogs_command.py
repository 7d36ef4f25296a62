"""Read the worklogs of everybody from Tempo: only what changed, and what was deleted. `tempo-sync balances` shows the hours.

Where Tempo cannot be read, Jira's worklogs stand in, loudly: what was entered in Tempo has no author there and is added to
nobody. With the next run that reads Tempo its figures are back. --accept-fewer believes, this once, that worklogs which are no
longer seen are deleted, and that people of whom none is seen logged nothing.
"""

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
    from integration.settings import Settings
    from integration.store import Store
    from integration.terminal import Terminal
    from integration.watch import Round
    from integration.worklog_result import Ran


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``tempo-sync worklogs``."""
    from integration.watch import seconds

    parser.add_argument("--full", action="store_true", help="read everything again, not only what changed")
    parser.add_argument(
        "--accept-fewer", action="store_true", help="believe, this once, that what is no longer seen is deleted, and no more"
    )
    parser.add_argument(
        "--watch", type=seconds, metavar="SECONDS", help="run again every so many seconds until Ctrl-C; a line for each round"
    )


def run(options: argparse.Namespace, clock: Clock | None = None) -> int:
    """Answers the exit code; raises ``Mistaken`` and ``Unusable``. clock: waits with it between two rounds."""
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
                print(json.dumps(bean, ensure_ascii=False))
            return int(ran.exit)
        if options.full or options.accept_fewer:
            raise Mistaken("--full and --accept-fewer are for one run somebody looks at, not for --watch.")
        # What is wrong with the configuration is told at once, not every round.
        clients(settings, console)
        return _watch(options, settings, store, console, clock)


def _once(options: argparse.Namespace, settings: Settings, store: Store, console: Terminal) -> tuple[Ran, dict[str, Any]]:
    from integration import worklog_report
    from integration.worklog_result import Asked
    from integration.worklogs_once import read_once

    once = read_once(settings, Asked(options.full, options.accept_fewer), store, console)
    ran = once.ran
    if not options.json:
        if ran.error is not None:
            console.say(f"nothing was read: {ran.error}.")
        print("\n".join(worklog_report.lines(ran)))
    for sentence in (*ran.notes, *ran.failed):
        console.say(sentence)
    return ran, {**worklog_report.as_json(ran), "token": once.token}


def _watch(options: argparse.Namespace, settings: Settings, store: Store, console: Terminal, clock: Clock | None) -> int:
    from integration import worklog_report
    from integration.clients.http import SystemClock
    from integration.settings import Mistaken
    from integration.store import Unusable
    from integration.switches import SwitchedOff
    from integration.watch import watch

    values: dict[str, Any] = {}

    def once() -> Exit:
        values.clear()
        ran, _ = _once(options, settings, store, console)
        values.update(worklog_report.counts(ran))
        return ran.exit

    def failure(error: Exception) -> Exit | None:
        if isinstance(error, SwitchedOff):
            return Exit.OFF
        return Exit.USAGE if isinstance(error, Mistaken | Unusable) else None

    def tell(ended: Round) -> None:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        error = values.pop("error", ended.error)
        if options.json:
            line = {"round": ended.number, "at": at, "exitCode": int(ended.exit), **values, "error": error}
            print(json.dumps(line, ensure_ascii=False), flush=True)
            return
        told = "".join(f" {name}={json.dumps(value) if isinstance(value, bool) else value}" for name, value in values.items())
        told += f" error={json.dumps(error, ensure_ascii=False)}" if error else ""
        sys.stdout.flush()
        console.say(f"round={ended.number} at={at} exit={int(ended.exit)}{told}")

    return watch(options.watch, once, failure, tell, clock or SystemClock())
