"""List the out-of-office rules held, with their status by the clock, in the order in which they count."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import closing
from datetime import UTC, datetime


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``tempo-sync rules``."""
    parser.add_argument("--person", metavar="ACCOUNT_ID", help="of one person only")
    parser.add_argument("--all", action="store_true", help="those that are over, too")


def run(options: argparse.Namespace) -> int:
    """Answers the exit code; raises what ``integration.run`` raises."""
    from integration import token_end
    from integration.listing import beans, listed
    from integration.report import span
    from integration.settings import read_settings
    from integration.status import Status, ends
    from integration.store import Store

    settings = read_settings(options.config)
    now = datetime.now(UTC)
    with closing(Store(settings.state)) as store:
        issues = store.selection()
        everybody = store.held()
        end = token_end.ending(store.connection(), now.date(), settings.remind_days)
    held = [
        found
        for found in everybody
        if options.person in (None, found.rule.account_id) and (options.all or ends(found.rule) > now)
    ]
    found = list(listed(held, now, everybody=everybody))
    if end and not options.json:
        print(f"tempo-sync: {end}", file=sys.stderr)
    if options.json:
        json.dump({**beans(found, issues), "token": {"warning": end}}, sys.stdout, indent=2, ensure_ascii=False)
        print()
        return 0
    for entry in found:
        rule = entry.held.rule
        issue = issues.get(rule.issue_id)
        coverers = f", covered by {', '.join(rule.coverers)}" if rule.coverers else ""
        if entry.covered_by is not None and entry.covered_by != rule.coverers[0]:
            coverers += f" (now {entry.covered_by})" if entry.status is Status.ACTIVE else f" (then {entry.covered_by})"
        when = f"{entry.status.value:<9}  {span(rule)} {rule.zone}"
        print(f"{when}  {rule.account_id}  {issue.key if issue else rule.issue_id} {rule.template}{coverers}")
        if entry.problem:
            print(f"  ! {entry.problem}")
    print(f"{len(found)} rules")
    return 0
