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
    from integration.report import rule_bean, span
    from integration.settings import read_settings
    from integration.status import Status, by_precedence, status
    from integration.store import Store

    settings = read_settings(options.config)
    now = datetime.now(UTC)
    with closing(Store(settings.state)) as store:
        issues = store.selection()
        held = {found.rule: found for found in store.held(options.person)}
        end = token_end.ending(store.connection(), now.date(), settings.remind_days)
    rules = [rule for rule in by_precedence(held, now) if options.all or status(rule, now) is not Status.EXPIRED]
    if end and not options.json:
        print(f"tempo-sync: {end}", file=sys.stderr)
    if options.json:
        beans = [
            {
                "id": held[rule].id,
                "status": status(rule, now).value,
                "handEdited": held[rule].is_hand_edited,
                **rule_bean(rule, issues),
            }
            for rule in rules
        ]
        json.dump({"rules": beans, "token": {"warning": end}}, sys.stdout, indent=2, ensure_ascii=False)
        print()
        return 0
    for rule in rules:
        issue = issues.get(rule.issue_id)
        coverers = f", covered by {', '.join(rule.coverers)}" if rule.coverers else ""
        when = f"{status(rule, now).value:<9}  {span(rule)} {rule.zone}"
        print(f"{when}  {rule.account_id}  {issue.key if issue else rule.issue_id} {rule.template}{coverers}")
    print(f"{len(rules)} rules")
    return 0
