"""Compare the plans on the selected internal issues with the out-of-office rules held, and show what would change."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import closing
from typing import TYPE_CHECKING

from integration.exits import Exit

if TYPE_CHECKING:
    from integration.records import Issue
    from integration.sync import Compared


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``tempo-sync absences``."""
    parser.add_argument("--apply", action="store_true", help="make the changes")
    parser.add_argument("--verbose", action="store_true", help="tell every plan that makes no rule, and why")
    parser.add_argument("--allow-mass-change", action="store_true", help="let this run change more than the guard allows")
    parser.add_argument(
        "--accept-fewer", action="store_true", help="believe, this once, that plans which are no longer seen are deleted"
    )


def run(options: argparse.Namespace) -> int:
    """Answers the exit code; raises what ``integration.run`` raises."""
    from integration import report
    from integration.outputs import outputs
    from integration.run import Asked, clients, run_absences
    from integration.settings import read_settings
    from integration.store import Store
    from integration.terminal import Terminal

    settings = read_settings(options.config)
    console = Terminal(is_quiet=options.json)
    tempo, jira = clients(settings, console)
    asked = Asked(options.apply, options.allow_mass_change, options.accept_fewer)
    with closing(Store(settings.state)) as store:

        def show(compared: Compared, issues: dict[str, Issue]) -> None:
            if not options.json:
                print("\n".join([*report.lines(compared, issues, verbose=options.verbose), report.summary(compared)]))

        told = outputs(settings, tempo)
        ran = run_absences(settings, asked, store, tempo, jira, console, outputs=told, show=show)
    if options.json:
        json.dump(report.as_json(ran.compared, ran.issues, ran.outcomes, ran.exit), sys.stdout, indent=2, ensure_ascii=False)
        print()
        return int(ran.exit)
    for outcome in ran.outcomes:
        if outcome.error:
            of = outcome.target or " ".join(map(str, outcome.key))
            console.say(f"{outcome.action} of {of} failed: {outcome.error}")
    for sentence in ran.failed:
        console.say(sentence)
    if ran.compared.refused:
        console.say(ran.compared.refused)
    if ran.compared.reason:
        console.say(f"not everything could be read, so nothing is deleted: {ran.compared.reason.sentence}")
    if ran.exit is Exit.PENDING:
        console.say("nothing is written yet; --apply makes these changes")
    return int(ran.exit)
