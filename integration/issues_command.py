"""List the internal issues that the token may see, and select those whose plans make rules; one selection for all people.

Select paid time off, sick leave, training and personal time off; leave internal issues out on which people work. Before a
change of the selection is kept, it is told which rules begin and which end with it. Tempo publishes no list of its internal
issues: where there is none, they are selected by key or by JQL.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from integration.exits import Exit

if TYPE_CHECKING:
    from integration.choosing import Effect
    from integration.records import Issue
    from integration.settings import Settings


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``tempo-sync issues``."""
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--select", nargs="+", metavar="KEY", help="exactly these issues make rules")
    chosen.add_argument("--jql", metavar="JQL", help="exactly the issues that JQL finds make rules")
    chosen.add_argument("--none", action="store_true", help="no issue makes rules")
    parser.add_argument("--dry-run", action="store_true", help="tell what a selection would do, keep the one there is")


def run(options: argparse.Namespace) -> int:
    """Answers the exit code; raises ``Mistaken``, ``Unusable`` and ``Unreadable``."""
    from integration.choosing import by_jql, by_keys, effect, keep
    from integration.run import clients
    from integration.settings import read_settings
    from integration.store import Store
    from integration.terminal import Terminal
    from integration.token_notice import token_notice

    settings = read_settings(options.config)
    console = Terminal(is_quiet=options.json)
    tempo, jira = clients(settings, console)
    told: Effect | None = None
    with closing(Store(settings.state)) as store:
        notice = token_notice(settings, store, datetime.now(UTC))
        if notice.warning:
            console.say(notice.warning)
        before = after = store.selection()
        with console.progress("looking for internal issues"):
            listed = tempo.internal_issues()
        if options.none or options.select or options.jql:
            if options.jql:
                chosen = by_jql(options.jql, jira, listed, console.say)
            else:
                chosen = by_keys(options.select or (), jira, listed)
            after = {issue.id: issue for issue in chosen}
            told = effect(settings, store, (tempo, jira), console, after)
            if not options.dry_run:
                keep(store, chosen)
    if options.json:
        bean = _bean(listed, after, told, {**before, **after}, settings)
        json.dump({**bean, "dryRun": options.dry_run, "token": notice.bean}, sys.stdout, indent=2, ensure_ascii=False)
        print()
    else:
        print("\n".join(_lines(listed, after, settings, is_dry=options.dry_run)))
        if told is not None:
            print("\n".join(_effect_lines(told, {**before, **after}, is_dry=options.dry_run)))
    return int(Exit.INCOMPLETE if told and told.reason else Exit.IN_SYNC)


def _lines(listed: Sequence[Issue] | None, selection: Mapping[str, Issue], settings: Settings, *, is_dry: bool) -> list[str]:
    from integration.choosing import remark, shown

    told = []
    for issue in shown(listed, selection):
        more = remark(issue, listed, selection, settings)
        told.append(f"[{'x' if issue.id in selection else ' '}] {issue.key}  {issue.summary}{f'  ({more})' if more else ''}")
    if listed is None:
        told.append("Tempo publishes no list of its internal issues: select them with --select KEY ... or --jql.")
    return [*told, f"{len(selection)} {'would be selected' if is_dry else 'selected'}"]


def _effect_lines(effect: Effect, issues: Mapping[str, Issue], *, is_dry: bool) -> list[str]:
    from integration.report import span

    told = [f"  {sign} {issues[rule.issue_id].key} {span(rule)} {effect.names[rule.account_id]}" for sign, rules in
            (("+", effect.begin), ("-", effect.end)) for rule in rules]  # fmt: skip
    would = "would begin and" if is_dry else "begin and"
    told.append(f"{len(effect.begin)} rules {would} {len(effect.end)} end with this selection")
    if effect.others:
        told.append(f"{effect.others} other changes are pending")
    if effect.reason:
        told.append(f"not everything could be read, there may be more: {effect.reason}")
    told.append("nothing was kept" if is_dry else "the selection is kept; `tempo-sync absences --apply` makes the changes")
    return told


def _bean(
    listed: Sequence[Issue] | None,
    selection: Mapping[str, Issue],
    effect: Effect | None,
    issues: dict[str, Issue],
    settings: Settings,
) -> dict[str, Any]:
    from integration.choosing import shown
    from integration.report import rule_bean

    found = shown(listed, selection)
    people = {issue.key: [person for person, of in settings.templates if of == issue.key] for issue in found}
    told: dict[str, Any] = {
        "isListed": listed is not None,
        "issues": [{**issue._asdict(), "selected": issue.id in selection, "templatesOf": people[issue.key]} for issue in found],
    }
    if effect is not None:
        told["begin"] = [rule_bean(rule, issues) for rule in effect.begin]
        told["end"] = [rule_bean(rule, issues) for rule in effect.end]
        told["otherChanges"], told["reason"] = effect.others, effect.reason
    return told
