"""Open issues of people who are away, in Jira: they go to whoever covers, and the message is posted on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from integration.clients.http import Unreadable
from integration.clients.jira import Jira
from integration.handed_over import HandedOver
from integration.handover import Absences, Handover, OpenIssue, active, comment, handovers, query, resumed, scopes, unfinished
from integration.records import Rule
from integration.sinks import SinkError

MOST_NAMED = 50
"""People named in one search."""

CERTAIN = frozenset({"refused", "unauthorized", "forbidden", "not-found", "gone"})
"""Kinds of refusals after which nothing was changed for sure; an answer that was lost may have been a good one."""


class NothingDone(SinkError):  # noqa: N818
    """A change of which nothing was made."""


class Found(NamedTuple):
    """What is to be handed over. problems: sentences of what could not be looked for."""

    handovers: tuple[Handover, ...]
    problems: tuple[str, ...]


class JiraSink:
    """Takes handovers one by one. Nothing is given back when a rule ends."""

    name = "jira"

    def __init__(self, jira: Jira) -> None:
        self._jira = jira

    def find(self, rules: Iterable[Rule], handed_over: HandedOver, now: datetime) -> Found:
        """What is to be done at a moment (UTC), while these are the rules. Only reads."""
        rules = list(rules)
        away, absences, done = active(rules, now), Absences(rules), handed_over.done()
        found: dict[str, list[OpenIssue]] = {}
        problems: list[str] = []
        for scope, people in scopes(away).items():
            found[scope] = self._open(scope, sorted(people), problems)
        wanted = {handover.issue.id: handover for handover in handovers(away, found, done, absences)}
        for begun in handed_over.begun():
            rule = None if begun.issue_id in wanted else unfinished(begun, away, done, absences)
            left = resumed(begun, rule, self._issue(begun.issue_id, problems), absences) if rule else None
            if left:
                wanted[begun.issue_id] = left
        return Found(tuple(self._named(list(wanted.values()))), tuple(dict.fromkeys(problems)))

    def apply(self, handover: Handover) -> None:
        """Assign, then comment; doing it twice does no harm. Raises ``SinkError``, ``NothingDone`` where nothing changed."""
        if handover.coverer is not None:
            try:
                self._jira.assign(handover.issue.id, handover.coverer)
            except Unreadable as error:
                kind = NothingDone if error.kind in CERTAIN else SinkError
                raise kind(f"{handover.issue.key} was not assigned: {error}") from None
        if not handover.message:
            return
        try:
            if not self._jira.has_comment(handover.issue.id, handover.marker):
                self._jira.comment(handover.issue.id, comment(handover))
        except Unreadable as error:
            alone = handover.coverer is None and error.kind in CERTAIN
            raise (NothingDone if alone else SinkError)(f"{handover.issue.key} was not commented on: {error}") from None

    def _open(self, scope: str, people: Sequence[str], problems: list[str]) -> list[OpenIssue]:
        found: list[OpenIssue] = []
        for start in range(0, len(people), MOST_NAMED):
            some = people[start : start + MOST_NAMED]
            try:
                found += self._jira.open_issues(query(scope, some))
            except Unreadable as error:
                if error.kind != "refused" or len(some) == 1:
                    where = f" in the scope {scope}" if scope else ""
                    problems.append(f"the open issues of {', '.join(some[:3])}{where} cannot be searched for: {error}")
                    continue
                # One name that Jira does not know spoils the search for all of them.
                for one in some:
                    found += self._open(scope, [one], problems)
        return found

    def _issue(self, issue_id: str, problems: list[str]) -> OpenIssue | None:
        try:
            return self._jira.assigned_issue(issue_id)
        except Unreadable as error:
            if error.kind != "not-found":
                problems.append(f"the issue {issue_id} cannot be read: {error}")
            return None

    def _named(self, found: Sequence[Handover]) -> list[Handover]:
        wanted = sorted({handover.coverer for handover in found if handover.coverer})
        names: Mapping[str, str] = {}
        if wanted:
            try:
                names = {person.account_id: person.name for person in self._jira.people(wanted).values()}
            except Unreadable:
                # Names are for reading only; accountIds say it as well.
                names = {}
        return [handover._replace(coverer_name=names.get(handover.coverer or "", "")) for handover in found]
