"""Asking Tempo, Jira and the sync's own database what the doctor must know. What cannot be asked is told, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import NamedTuple, TypeVar

from integration.clients.http import Unreadable, Wire
from integration.clients.jira import Jira
from integration.clients.teams import count_teams, teams_of_issues, teams_of_people
from integration.connect import Verdict
from integration.doctor import Cause, Known
from integration.records import Issue, Person

T = TypeVar("T")

PLANNING = ("BROWSE_PROJECTS", "WORK_ON_ISSUES")
"""What planning on an issue takes in Jira (vendor's help)."""


class Gathered(NamedTuple):
    """What was found out. notes: sentences on what could not be asked."""

    known: Known
    people: tuple[Person, ...]
    notes: tuple[str, ...]


def gather(
    wire: Wire,
    jira: Jira,
    token: Verdict,
    selection: Mapping[str, Issue],
    templates: Collection[tuple[str, str]],
    today: date,
    *,
    people_with_rules: Collection[str] = (),
    only: Collection[str] = (),
    progress: Callable[[int], object] = lambda people: None,
) -> Gathered:
    """Ask. token: the verdict on it; a bad one is not used. only: accountIds of those who are looked at, everybody if empty."""
    unknown: dict[str, str] = {}
    notes: list[str] = []
    teams = issue_teams = None
    if token.can_ask:
        teams = _asked(lambda: _teams(wire, today), Cause.TEAM, unknown)
        issue_teams = _asked(lambda: teams_of_issues(wire), Cause.ISSUE, unknown)
        if issue_teams is None:
            unknown.setdefault(Cause.ISSUE, "Tempo publishes no list of internal issues and their teams")
    else:
        unknown |= dict.fromkeys((Cause.TEAM, Cause.ISSUE), "Tempo cannot be asked with this token")
    people = _people(jira, {*people_with_rules, *(teams or {}), *only}, only, notes)
    workable = _workable(jira, people, selection, unknown, progress)
    known = Known(token, selection, teams, issue_teams, workable, templates, unknown)
    return Gathered(known, tuple(people), tuple(notes))


def _teams(wire: Wire, today: date) -> dict[str, frozenset[int]]:
    if not count_teams(wire):
        raise Unreadable("forbidden", "the token's owner sees no team")
    return teams_of_people(wire, today)


def _asked(ask: Callable[[], T], cause: Cause, unknown: dict[str, str]) -> T | None:
    try:
        return ask()
    except Unreadable as error:
        unknown[cause] = str(error)
        return None


def _people(jira: Jira, known: Collection[str], only: Collection[str], notes: list[str]) -> list[Person]:
    found: dict[str, Person] = {}
    try:
        if not only:
            found = {person.account_id: person for person in jira.everybody() if person.active}
    except Unreadable as error:
        notes.append(f"Jira does not list its people ({error}); only those in a team or with rules are looked at.")
    wanted = set(only or known) - set(found)
    try:
        found |= jira.people(wanted)
    except Unreadable as error:
        notes.append(f"Jira does not tell names: {error}.")
    for account_id in wanted - set(found):
        found[account_id] = Person(account_id, account_id, None, True)
    return sorted(found.values(), key=lambda person: (person.name.casefold(), person.account_id))


def _workable(
    jira: Jira,
    people: Collection[Person],
    selection: Mapping[str, Issue],
    unknown: dict[str, str],
    progress: Callable[[int], object],
) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    if not selection:
        return found
    for number, person in enumerate(people):
        try:
            granted = jira.granted(person.account_id, PLANNING, selection)
            found[person.account_id] = set.intersection(*granted.values())
        except Unreadable as error:
            unknown.setdefault(Cause.PERMISSION, _why(error))
            # Whom Jira does not know is one person; everything else will not be otherwise with the next one.
            if error.kind != "refused":
                return found
        progress(number + 1)
    return found


def _why(error: Unreadable) -> str:
    if error.kind == "forbidden":
        return "Jira tells other people's rights only to administrators"
    return str(error)
