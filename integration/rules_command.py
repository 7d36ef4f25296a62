"""List the out-of-office rules held, with their status by the clock, in the order in which they count."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import closing
from datetime import UTC, datetime


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``tempo-sync rules``."""
    parser.add_argument("--person", metavar="WHO", help="of one person only, by accountId or name")
    parser.add_argument("--all", action="store_true", help="those that are over, too")


def run(options: argparse.Namespace) -> int:
    """Answers the exit code; raises what ``integration.run`` raises."""
    from integration import token_end
    from integration.known_issues import KnownIssues
    from integration.known_people import KnownPeople
    from integration.listing import beans, listed, with_names
    from integration.report import span
    from integration.settings import read_settings
    from integration.status import Status, ends
    from integration.store import Store

    settings = read_settings(options.config)
    now = datetime.now(UTC)
    with closing(Store(settings.state)) as store:
        issues, names = KnownIssues(store).every(), KnownPeople(store).names()
        everybody = store.held()
        wanted = KnownPeople(store).find(options.person or "")
        end = token_end.ending(store.connection(), now.date(), settings.remind_days)
    if options.person is not None and not wanted:
        print(f"tempo-sync: nobody with the accountId or the name {options.person!r} has rules", file=sys.stderr)
    held = [
        found
        for found in everybody
        if (options.person is None or found.rule.account_id in wanted) and (options.all or ends(found.rule) > now)
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
        coverers = f", covered by {', '.join(names.get(who, who) for who in rule.coverers)}" if rule.coverers else ""
        if entry.covered_by is not None and entry.covered_by != rule.coverers[0]:
            moment = "now" if entry.status is Status.ACTIVE else "then"
            coverers += f" ({moment} {names.get(entry.covered_by, entry.covered_by)})"
        when = f"{entry.status.value:<9}  {span(rule)} {rule.zone}"
        what = f"{issue.key if issue else rule.issue_id} {rule.template}"
        print(f"{when}  {names.get(rule.account_id, rule.account_id)}  {what}{coverers}")
        if entry.problem:
            print(f"  ! {with_names(entry.problem, names)}")
    print(f"{len(found)} rules")
    return 0
