"""What the database knows of everybody's hours, made into time accounts: for whoever shows them, by command, story or contract.

Nothing is asked of anybody: names, schemes and how the figures came about are as the last run left them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from integration.contracts import required_by_person
from integration.exits import Exit
from integration.known_people import KnownPeople
from integration.overlaps import Entry, merged_by_day
from integration.records import Person
from integration.required_days import RequiredDays
from integration.store import Store
from integration.surroundings import ISSUES, PEOPLE, REQUIRED
from integration.time_accounts import UNATTRIBUTED, Books, Statement, statement
from integration.worklog_rows import WorklogRows
from integration.worklog_settings import WorklogSettings
from integration.worklogs import Logged, Period, Standing

NEVER = Standing("tempo", None, False, (), None)
"""Before the first run nothing is known."""


class Ledger(NamedTuple):
    """All that accounts over a period are made of. logged: with "" as author of what is nobody's. notes: sentences on it."""

    books: Books
    logged: tuple[Logged, ...]
    period: Period
    notes: tuple[str, ...] = ()


def statement_of(settings: WorklogSettings, store: Store, period: Period) -> Statement:
    """Everybody's accounts as the database has them. Raises ``Unusable``."""
    return stated(ledger_of(settings, store, period))


def exit_of(standing: Standing) -> Exit:
    """What there is to tell of figures by the exit code."""
    if standing.fallback is not None:
        return Exit.FALLBACK
    return Exit.IN_SYNC if standing.complete else Exit.INCOMPLETE


def stated(ledger: Ledger) -> Statement:
    """The accounts of a ledger."""
    return statement(ledger.books, ledger.logged, ledger.period)


def ledger_of(settings: WorklogSettings, store: Store, period: Period, *, overlaps: bool = True) -> Ledger:
    """What the database has of a period. overlaps: whether clock time booked twice is looked for. Raises ``Unusable``."""
    rows = WorklogRows(store)
    standing = rows.standing() or NEVER
    logged = tuple(rows.hours(period, settings.amount))
    is_by_contract = settings.required == "contracts"
    required = required_by_person(settings.contracts, period) if is_by_contract else RequiredDays(store).of(period)
    unseen = standing.visible.unseen if standing.visible is not None else ()
    books = Books(
        standing=standing,
        required=required,
        required_by="contract" if is_by_contract else "schedule",
        people=_people(store, {*(row.author_id for row in logged), *required, *unseen}),
        merged=_merged(rows, logged, period) if overlaps and settings.amount == "spent" else None,
        unknown_issues=_unknown_issues(store, rows, period),
        amount=settings.amount,
    )
    notes = [] if is_by_contract else _on_schedules(store, period)
    return Ledger(books, logged, period, tuple(notes))


def narrowed(ledger: Ledger, people: Collection[str]) -> Ledger:
    """The same of these people only, each of them with an account. What is nobody's stays: a part of it may be theirs."""
    books, standing = ledger.books, ledger.books.standing
    if standing.visible is not None:
        unseen = tuple(person for person in standing.visible.unseen if person in people)
        standing = standing._replace(visible=standing.visible._replace(unseen=unseen))
    required = {person: days for person, days in books.required.items() if person in people}
    logged = [row for row in ledger.logged if row.author_id in people or row.author_id == UNATTRIBUTED]
    logged += (Logged(person, ledger.period.first, 0) for person in people)
    return ledger._replace(books=replace(books, standing=standing, required=required), logged=tuple(logged))


def people_called(ledger: Ledger, store: Store, who: str) -> set[str]:
    """AccountIds of those who have this accountId, or this name in whatever case, of all of whom anything is known."""
    names = KnownPeople(store).names()
    everybody = {*names, *(ledger.books.people or ()), *WorklogRows(store).people()} - {UNATTRIBUTED}
    return {person for person in everybody if who == person or who.casefold() == names.get(person, person).casefold()}


def _people(store: Store, everybody: set[str]) -> Mapping[str, Person]:
    """Without those of whom Jira said that it does not know them."""
    names, told = KnownPeople(store).names(), _fact(store, PEOPLE)
    unknown, inactive = set(told.get("unknown", ())), set(told.get("inactive", ()))
    # Whom nobody asked Jira about yet is not missing there.
    known = {*names, *everybody} - unknown - {UNATTRIBUTED}
    return {person: Person(person, names.get(person, ""), None, person not in inactive) for person in known}


def _merged(rows: WorklogRows, logged: tuple[Logged, ...], period: Period) -> Mapping[str, Mapping[date, int]]:
    """Of whom nothing overlaps, it is what was logged."""
    found: dict[str, dict[date, int]] = {}
    overlapping = rows.overlapping(period)
    for row in logged:
        if row.author_id not in overlapping:
            found.setdefault(row.author_id, {})[row.day] = row.seconds
    for person in overlapping:
        entries = (Entry(day, start, seconds) for day, start, seconds, _ in rows.day_rows(person, period))
        found[person] = merged_by_day(entries)
    return found


def _unknown_issues(store: Store, rows: WorklogRows, period: Period) -> Mapping[str, Collection[str]]:
    unknown = set(_fact(store, ISSUES).get("unknown", ()))
    found: dict[str, set[str]] = {}
    if unknown:
        for issue, person in rows.sums(period, "issue_id"):
            if issue in unknown:
                found.setdefault(person, set()).add(issue)
    return found


def _on_schedules(store: Store, period: Period) -> list[str]:
    """What is missing of the schedules."""
    error = _fact(store, REQUIRED).get("error")
    span = RequiredDays(store).span()
    if span is None:
        return [f"what is required is not known, so there are no balances{f': {error}' if error else ''}"]
    notes = [f"what is required could not be read anew: {error}"] if error else []
    if period.first < span.first or period.last > span.last:
        notes.append(f"what is required is known from {span.first} to {span.last} only; of other days nothing is required here")
    return notes


def _fact(store: Store, name: str) -> dict[str, Any]:
    try:
        found = json.loads(store.fact(name) or "{}")
    except ValueError:
        found = {}
    return found if isinstance(found, dict) else {}
