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
from typing import TYPE_CHECKING, Any, NamedTuple

from integration.exits import Exit

if TYPE_CHECKING:
    from integration.clients.jira import Jira
    from integration.records import Issue, Rule
    from integration.settings import Settings
    from integration.sync import Compared


class _Effect(NamedTuple):
    """What a change of the selection does to the rules. names: by accountId. others: changes that are pending besides."""

    begin: tuple[Rule, ...]
    end: tuple[Rule, ...]
    names: Mapping[str, str]
    others: int
    reason: str | None


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``tempo-sync issues``."""
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--select", nargs="+", metavar="KEY", help="exactly these issues make rules")
    chosen.add_argument("--jql", metavar="JQL", help="exactly the issues that JQL finds make rules")
    chosen.add_argument("--none", action="store_true", help="no issue makes rules")
    parser.add_argument("--dry-run", action="store_true", help="tell what a selection would do, keep the one there is")


def run(options: argparse.Namespace) -> int:
    """Answers the exit code; raises ``Mistaken``, ``Unusable`` and ``Unreadable``."""
    from integration.known_issues import KnownIssues
    from integration.run import Asked, clients, run_absences
    from integration.settings import read_settings
    from integration.store import Store
    from integration.terminal import Terminal
    from integration.token_notice import token_notice

    settings = read_settings(options.config)
    console = Terminal(is_quiet=options.json)
    tempo, jira = clients(settings, console)
    effect: _Effect | None = None
    with closing(Store(settings.state)) as store:
        notice = token_notice(settings, store, datetime.now(UTC))
        if notice.warning:
            console.say(notice.warning)
        before = after = store.selection()
        with console.progress("looking for internal issues"):
            listed = tempo.internal_issues()
        if options.none or options.select or options.jql:
            chosen = [] if options.none else _chosen(options, jira, listed, console.say)
            after = {issue.id: issue for issue in chosen}
            ran = run_absences(settings, Asked(allow_mass_change=True), store, tempo, jira, console, selection=after)
            effect = _effect(ran.compared, before, after)
            if not options.dry_run:
                with store.transaction():
                    KnownIssues(store).add(chosen)
                    store.select(chosen)
    if options.json:
        bean = _bean(listed, after, effect, {**before, **after}, settings)
        json.dump({**bean, "dryRun": options.dry_run, "token": notice.bean}, sys.stdout, indent=2, ensure_ascii=False)
        print()
    else:
        print("\n".join(_lines(listed, after, settings, is_dry=options.dry_run)))
        if effect is not None:
            print("\n".join(_effect_lines(effect, {**before, **after}, is_dry=options.dry_run)))
    return int(Exit.INCOMPLETE if effect and effect.reason else Exit.IN_SYNC)


def _chosen(options: argparse.Namespace, jira: Jira, listed: Sequence[Issue] | None, say: Any) -> list[Issue]:
    from integration.clients.http import Unreadable
    from integration.settings import Mistaken

    if options.jql:
        try:
            found = jira.issues(options.jql)
        except Unreadable as error:
            if error.kind == "refused":
                raise Mistaken(f"Jira does not take this JQL: {error}.") from None
            raise
        internal = found if listed is None else [issue for issue in found if issue.id in {one.id for one in listed}]
        if len(internal) < len(found):
            say(f"{len(found) - len(internal)} of the issues found are not internal and are left out")
        if not internal:
            raise Mistaken("JQL finds no internal issue; --none selects none.")
        return internal
    keys = list(dict.fromkeys(key.upper() for entry in options.select for key in entry.split(",") if key))
    return [_by_key(key, jira, listed) for key in keys]


def _by_key(key: str, jira: Jira, listed: Sequence[Issue] | None) -> Issue:
    from integration.clients.http import Unreadable
    from integration.settings import Mistaken

    if listed is not None:
        found = next((issue for issue in listed if issue.key == key), None)
        if found is None:
            there = ", ".join(sorted(issue.key for issue in listed)) or "none"
            raise Mistaken(f"{key} is no internal issue that the token may see; there are: {there}.")
        return found
    if not key.replace("-", "").replace("_", "").isalnum() or not key.isascii():
        raise Mistaken(f"{key!r} is no key of an issue such as HR-1.")
    try:
        return jira.issue(key)
    except Unreadable as error:
        if error.kind == "not-found":
            raise Mistaken(f"Jira has no issue {key}, or its log-in may not browse it.") from None
        raise


def _effect(compared: Compared, before: Mapping[str, Issue], after: Mapping[str, Issue]) -> _Effect:
    began, ended = set(after) - set(before), set(before) - set(after)
    begin = tuple(rule for found in compared.people for rule in found.changes.create if rule.issue_id in began)
    end = tuple(held.rule for found in compared.people for held in found.changes.delete if held.rule.issue_id in ended)
    reason = compared.reason.sentence if compared.reason else None
    names = {found.person.account_id: found.person.name for found in compared.people}
    return _Effect(begin, end, names, compared.size - len(begin) - len(end), reason)


def _lines(listed: Sequence[Issue] | None, selection: Mapping[str, Issue], settings: Settings, *, is_dry: bool) -> list[str]:
    shown = list(selection.values()) if listed is None else [*listed, *_gone(listed, selection)]
    told = [
        f"[{'x' if issue.id in selection else ' '}] {issue.key}  {issue.summary}{_remark(issue, listed, selection, settings)}"
        for issue in sorted(shown, key=lambda issue: issue.key)
    ]
    if listed is None:
        told.append("Tempo publishes no list of its internal issues: select them with --select KEY ... or --jql.")
    return [*told, f"{len(selection)} {'would be selected' if is_dry else 'selected'}"]


def _gone(listed: Sequence[Issue], selection: Mapping[str, Issue]) -> list[Issue]:
    there = {issue.id for issue in listed}
    return [issue for issue in selection.values() if issue.id not in there]


def _remark(issue: Issue, listed: Sequence[Issue] | None, selection: Mapping[str, Issue], settings: Settings) -> str:
    if issue.id not in selection:
        return ""
    if listed is not None and issue in _gone(listed, selection):
        return "  (not internal any more, or not to be seen)"
    people = {person for person, key in settings.templates if key == issue.key}
    return "" if "" in people else "  (templates of some people only)" if people else "  (no template yet: makes no rules)"


def _effect_lines(effect: _Effect, issues: Mapping[str, Issue], *, is_dry: bool) -> list[str]:
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
    effect: _Effect | None,
    issues: dict[str, Issue],
    settings: Settings,
) -> dict[str, Any]:
    from integration.report import rule_bean

    shown = list(selection.values()) if listed is None else [*listed, *_gone(listed, selection)]
    people = {key: [person for person, of in settings.templates if of == key] for key in {issue.key for issue in shown}}
    told: dict[str, Any] = {
        "isListed": listed is not None,
        "issues": [
            {**issue._asdict(), "selected": issue.id in selection, "templatesOf": people[issue.key]}
            for issue in sorted(shown, key=lambda issue: issue.key)
        ],
    }
    if effect is not None:
        told["begin"] = [rule_bean(rule, issues) for rule in effect.begin]
        told["end"] = [rule_bean(rule, issues) for rule in effect.end]
        told["otherChanges"], told["reason"] = effect.others, effect.reason
    return told
