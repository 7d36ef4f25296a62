"""Whose issues go to whom while somebody is away, and what is said on them. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from integration.records import Changes, HeldRule, Rule
from integration.status import MINUTE, coverer, effective

Key = tuple[str, str, str, int]

_PROJECT = re.compile(r"[A-Z][A-Z0-9_]+", re.ASCII)
_ORDER = re.compile(r"\border\s+by\s+[^\"']*$", re.IGNORECASE)


class Absence(NamedTuple):
    """Rules of a person for an issue between which they are never back. keys: of each of their days. last: the last rule."""

    keys: frozenset[Key]
    last: Rule


class Absences:
    """Which rules make one absence."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        """rules: as they stand, also those that are over."""
        self._rules: dict[tuple[str, str, str], list[Rule]] = {}
        for rule in sorted(rules, key=lambda rule: (rule.begin, rule.end)):
            self._rules.setdefault(_kind(rule), []).append(rule)

    def of(self, rule: Rule) -> Absence:
        """The absence that a rule is part of."""
        rules = self._rules.get(_kind(rule), [])
        first = last = rules.index(rule) if rule in rules else 0
        own = rules[first : first + 1] or [rule]
        while first > 0 and _adjoin(rules[first - 1], rules[first]):
            first -= 1
            own.append(rules[first])
        while last + 1 < len(rules) and _adjoin(rules[last], rules[last + 1]):
            last += 1
            own.append(rules[last])
        return Absence(frozenset(key for one in own for key in _keys(one)), max(own, key=lambda one: one.end))


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

    message: what the comment says, "" for none. problem: why nothing can be done, None where something can. last: the last
    rule of the absence, None where the rule is all of it.
    """

    rule: Rule
    issue: OpenIssue
    coverer: str | None
    message: str
    problem: str | None = None
    coverer_name: str = ""
    last: Rule | None = None

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
        """What tells a comment of this absence from all others, whoever keeps the database."""
        return marker(self.last or self.rule)


def marker(last: Rule) -> str:
    """Some characters that are the same for an absence in every run, and others for every other. last: its last rule."""
    # A database that begins anew does not know the first days of those who are away already.
    named = "|".join([last.account_id, last.issue_id, last.end.date().isoformat(), str(last.part), last.source])
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
    away: Mapping[str, Sequence[Rule]],
    found: Mapping[str, Sequence[OpenIssue]],
    done: Collection[tuple[Key, str]],
    absences: Absences,
) -> Iterator[Handover]:
    """What is to be done about the open issues of those who are away, one for each issue.

    away: as ``active`` tells. found: scope -> open issues in it. done: rule and issue id of what was handed over already;
    what came back to its owner in the same absence stays.
    """
    for person, rules in away.items():
        taken: set[str] = set()
        for rule in filter(_does_something, rules):
            absence = absences.of(rule)
            for issue in found.get(rule.scope, ()):
                if issue.assignee_id != person or issue.id in taken:
                    continue
                # Whatever comes of it: the first rule in the order of conflicts decides on an issue.
                taken.add(issue.id)
                if not _is_done(issue.id, absence, done):
                    yield _of(rule, issue, away)._replace(last=absence.last)


def unfinished(
    begun: Begun, away: Mapping[str, Sequence[Rule]], done: Collection[tuple[Key, str]], absences: Absences
) -> Rule | None:
    """The rule by which a handover that was begun may be ended: of the same absence, in which it was not done since."""
    for rule in away.get(begun.rule[0], ()):
        absence = absences.of(rule)
        if begun.rule in absence.keys:
            return None if _is_done(begun.issue_id, absence, done) else rule
    return None


def resumed(begun: Begun, rule: Rule, issue: OpenIssue | None, absences: Absences) -> Handover | None:
    """What is left of a handover that was begun: the comment, where the coverer has the issue. rule: of ``unfinished``."""
    if issue is None or begun.coverer is None or issue.assignee_id != begun.coverer or not rule.message:
        return None
    return Handover(rule, issue, begun.coverer, rule.message, last=absences.of(rule).last)


def _is_done(issue_id: str, absence: Absence, done: Collection[tuple[Key, str]]) -> bool:
    return any((key, issue_id) in done for key in absence.keys)


def _kind(rule: Rule) -> tuple[str, str, str]:
    return rule.account_id, rule.issue_id, rule.source


def _adjoin(before: Rule, after: Rule) -> bool:
    """Whether nobody is back between two rules: they touch, or the first day of work after the one is not before the other."""
    if after.begin - before.end <= MINUTE:
        return True
    return before.returns is not None and before.end.date() < before.returns and after.begin.date() <= before.returns


def _keys(rule: Rule) -> Iterator[Key]:
    # Of every day: a rule of several days begins on another when the leave is planned longer.
    for number in range((rule.end.date() - rule.begin.date()).days + 1):
        day = rule.begin.date() + timedelta(days=number)
        yield rule.account_id, rule.issue_id, day.isoformat(), rule.part


def _does_something(rule: Rule) -> bool:
    return bool(rule.coverers or rule.message)


def _of(rule: Rule, issue: OpenIssue, away: Mapping[str, Sequence[Rule]]) -> Handover:
    if not rule.coverers:
        return Handover(rule, issue, None, rule.message)
    who, problem = coverer(rule, away)
    return Handover(rule, issue, who, rule.message if who else "", problem)
