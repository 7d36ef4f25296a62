"""Asking Tempo, Jira and the sync's own database what the doctor must know. What cannot be asked is told, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import NamedTuple, TypeVar

from integration.clients.http import Unreadable
from integration.clients.jira import Jira
from integration.clients.tempo import Tempo
from integration.connect import Kind, Verdict
from integration.doctor import Cause, Known
from integration.records import Issue, Person
from integration.settings import Mistaken

T = TypeVar("T")

PLANNING = ("BROWSE_PROJECTS", "WORK_ON_ISSUES")
"""What planning on an issue takes in Jira (vendor's help)."""


class Gathered(NamedTuple):
    """What was found out. notes: sentences on what could not be asked."""

    known: Known
    people: tuple[Person, ...]
    notes: tuple[str, ...]


def gather(
    tempo: Tempo,
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
    """Ask. token: the verdict on it; a bad one is not used. only: accountIds or names of those who are looked at, everybody if
    empty. Raises ``Mistaken`` for somebody whom nobody knows."""
    unknown: dict[str, str] = {}
    notes: list[str] = []
    teams = issue_teams = None
    if token.can_ask:
        teams = _asked(lambda: _teams(tempo, today), Cause.TEAM, unknown)
        issue_teams = _asked(tempo.issue_teams, Cause.ISSUE, unknown)
        if issue_teams is None:
            unknown.setdefault(Cause.ISSUE, "Tempo publishes no list of internal issues and their teams")
    else:
        unknown |= dict.fromkeys((Cause.TEAM, Cause.ISSUE), "Tempo cannot be asked with this token")
    known = {*people_with_rules, *(teams or {})}
    people = _only(jira, only, known, notes) if only else _people(jira, known, notes)
    workable: dict[str, set[str]] = {}
    if token.kind is Kind.JIRA_REFUSES:
        unknown[Cause.PERMISSION] = "the log-in to Jira does not work"
    else:
        workable = _workable(jira, people, selection, unknown, progress)
    facts = Known(token, selection, teams, issue_teams, workable, templates, unknown)
    return Gathered(facts, tuple(people), tuple(notes))


def _teams(tempo: Tempo, today: date) -> dict[str, frozenset[int]]:
    teams = tempo.teams(today)
    if not teams:
        raise Unreadable("forbidden", "the token's owner sees no team")
    found: dict[str, set[int]] = {}
    for team in teams:
        for member in team.members:
            found.setdefault(member, set()).add(team.id)
    return {account_id: frozenset(own) for account_id, own in found.items()}


def _asked(ask: Callable[[], T], cause: Cause, unknown: dict[str, str]) -> T | None:
    try:
        return ask()
    except Unreadable as error:
        unknown[cause] = error.sentence
        return None


def _people(jira: Jira, known: Collection[str], notes: list[str]) -> list[Person]:
    found: dict[str, Person] = {}
    try:
        found = {person.account_id: person for person in jira.everybody() if person.active}
    except Unreadable as error:
        notes.append(f"Jira does not list its people ({error.sentence}); only those in a team or with rules are looked at.")
    return _sorted(found | _named(jira, set(known) - set(found), notes))


def _only(jira: Jira, only: Collection[str], known: Collection[str], notes: list[str]) -> list[Person]:
    found = _named(jira, only, notes)
    strangers = {name for name in only if found[name].name == name and name not in known}
    if strangers and not notes:
        try:
            everybody = jira.everybody()
        except Unreadable:
            everybody = []
        for name in strangers:
            alike = {one.account_id: one for one in everybody if one.name.casefold() == name.casefold()}
            if not alike:
                raise Mistaken(
                    f"{name!r} is neither an accountId nor the name of anybody whom Jira shows; an accountId stands at the end "
                    "of the address of somebody's profile in Jira, and in `tempo-sync rules --json`."
                )
            del found[name]
            found |= alike
    return _sorted(found)


def _named(jira: Jira, account_ids: Collection[str], notes: list[str]) -> dict[str, Person]:
    found: dict[str, Person] = {}
    try:
        found = jira.people(account_ids)
    except Unreadable as error:
        notes.append(f"Jira does not tell names: {error}.")
    return {name: found.get(name) or Person(name, name, None, True) for name in account_ids}


def _sorted(people: Mapping[str, Person]) -> list[Person]:
    return sorted(people.values(), key=lambda person: (person.name.casefold(), person.account_id))


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
    return error.sentence
