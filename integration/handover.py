"""Whose issues go to whom while somebody is away, and what is said on them. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from integration.records import Changes, HeldRule, Rule
from integration.status import coverer, effective

Key = tuple[str, str, str, int]

_PROJECT = re.compile(r"[A-Z][A-Z0-9_]+", re.ASCII)
_ORDER = re.compile(r"\border\s+by\s+[^\"']*$", re.IGNORECASE)


class OpenIssue(NamedTuple):
    """An issue of Jira that is not done. assignee_id: accountId, None for nobody."""

    id: str
    key: str
    summary: str
    assignee_id: str | None


class Begun(NamedTuple):
    """A handover that an earlier run began, and of which it did not learn the end. coverer: None where nobody was to get it."""

    rule: Key
    issue_id: str
    coverer: str | None


class Handover(NamedTuple):
    """An issue of somebody who is away. coverer: accountId of whoever gets it, None: it stays, and is commented on only.

    message: what the comment says, "" for none. problem: why nothing can be done, None where something can.
    """

    rule: Rule
    issue: OpenIssue
    coverer: str | None
    message: str
    problem: str | None = None
    coverer_name: str = ""

    @property
    def action(self) -> str:
        """assign or comment."""
        return "comment" if self.coverer is None and self.problem is None else "assign"

    @property
    def key(self) -> Key:
        """Of its rule."""
        return self.rule.key

    @property
    def marker(self) -> str:
        """What tells a comment of this rule from all others, whoever keeps the database."""
        return marker(self.rule)


def marker(rule: Rule) -> str:
    """Some characters that are the same for a rule in every run, and others for every other rule."""
    named = "|".join([*map(str, rule.key), rule.source])
    return f"tempo-sync rule {hashlib.sha256(named.encode()).hexdigest()[:10]}"


def comment(handover: Handover) -> str:
    """The text of the comment. The message names the first coverer; another one who takes over is told beside it."""
    lines = [handover.message]
    if handover.coverer is not None and handover.coverer != handover.rule.coverers[0]:
        lines.append(f"Covered by {handover.coverer_name or handover.coverer}.")
    return "\n".join([*lines, f"({handover.marker})"])


def standing(held: Iterable[HeldRule], changes: Iterable[Changes]) -> list[Rule]:
    """The rules as they are once these changes are made."""
    gone: set[int] = set()
    new: list[Rule] = []
    for found in changes:
        gone |= {rule.id for rule in found.delete} | {update.before.id for update in found.update}
        new += [*found.create, *(update.after for update in found.update)]
    return [*(rule.rule for rule in held if rule.id not in gone), *new]


def active(rules: Iterable[Rule], now: datetime) -> dict[str, list[Rule]]:
    """AccountId -> the rules of that person that count at a moment (UTC), in their order; nobody without any."""
    by_person: dict[str, list[Rule]] = {}
    for rule in rules:
        by_person.setdefault(rule.account_id, []).append(rule)
    found = {person: effective(own, now) for person, own in by_person.items()}
    return {person: own for person, own in found.items() if own}


def scopes(away: Mapping[str, Sequence[Rule]]) -> dict[str, list[str]]:
    """Scope -> accountIds of those who are away with a rule of that scope that does something to issues."""
    found: dict[str, list[str]] = {}
    for person, rules in away.items():
        for scope in dict.fromkeys(rule.scope for rule in rules if _does_something(rule)):
            found.setdefault(scope, []).append(person)
    return found


def query(scope: str, account_ids: Iterable[str]) -> str:
    """JQL for the open issues of some people in a scope: everywhere, a project, or JQL of somebody's own."""
    people = ", ".join(f'"{name}"' for name in account_ids)
    mine = f"assignee in ({people}) AND statusCategory != Done"
    if not scope:
        return mine
    if _PROJECT.fullmatch(scope):
        return f'project = "{scope}" AND {mine}'
    return f"({_ORDER.sub('', scope).strip()}) AND {mine}"


def handovers(
    away: Mapping[str, Sequence[Rule]], found: Mapping[str, Sequence[OpenIssue]], done: Collection[tuple[Key, str]]
) -> Iterator[Handover]:
    """What is to be done about the open issues of those who are away, one for each issue.

    away: as ``active`` tells. found: scope -> open issues in it. done: rule and issue id of what was handed over already;
    what came back to its owner since then stays.
    """
    for person, rules in away.items():
        taken: set[str] = set()
        for rule in filter(_does_something, rules):
            for issue in found.get(rule.scope, ()):
                if issue.assignee_id != person or issue.id in taken:
                    continue
                # Whatever comes of it: the first rule in the order of conflicts decides on an issue.
                taken.add(issue.id)
                if (rule.key, issue.id) not in done:
                    yield _of(rule, issue, away)


def resumed(begun: Begun, issue: OpenIssue | None, away: Mapping[str, Sequence[Rule]]) -> Handover | None:
    """What is left of a handover that was begun: the comment, where the coverer has the issue and the rule still counts."""
    rule = next((rule for rule in away.get(begun.rule[0], ()) if rule.key == begun.rule), None)
    if rule is None or issue is None or begun.coverer is None or issue.assignee_id != begun.coverer or not rule.message:
        return None
    return Handover(rule, issue, begun.coverer, rule.message)


def _does_something(rule: Rule) -> bool:
    return bool(rule.coverers or rule.message)


def _of(rule: Rule, issue: OpenIssue, away: Mapping[str, Sequence[Rule]]) -> Handover:
    if not rule.coverers:
        return Handover(rule, issue, None, rule.message)
    who, problem = coverer(rule, away)
    return Handover(rule, issue, who, rule.message if who else "", problem)
