"""Time accounts by day, week and month, by team, and hours by issue or account. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

from integration.time_accounts import UNATTRIBUTED, Books, Statement, statement
from integration.worklogs import Logged, Period, TeamPeriod, TimeAccount

ONE = timedelta(days=1)
BY_TIME = ("day", "week", "month")
NO_TEAM = ""
"""Stands for the id of a team, for days on which somebody is in none."""

Members = Mapping[str, Callable[[date], bool]]
"""AccountId -> whether a day counts."""

NO_DAYS: Mapping[date, int] = MappingProxyType({})


class Bucket(NamedTuple):
    """A part of a period. label: ``2026-11-22``, ``2026-W47`` or ``2026-11``. period: cut off where the whole ends."""

    label: str
    period: Period


class Sum(NamedTuple):
    """Hours on an issue or an account. key: as it was given, "" for none. at_least: whether more may belong here."""

    key: str
    seconds: int
    at_least: bool


def buckets(period: Period, by: str) -> tuple[Bucket, ...]:
    """The days, ISO weeks (from Monday to Sunday) or months of a period. by: of ``BY_TIME``."""
    found: list[Bucket] = []
    first = period.first
    while first <= period.last:
        label, last = _named(first, by)
        found.append(Bucket(label, Period(first, min(last, period.last))))
        if last >= period.last:
            break
        first = last + ONE
    return tuple(found)


def by_time(books: Books, logged: Iterable[Logged], period: Period, by: str) -> tuple[tuple[Bucket, Statement], ...]:
    """The accounts of each part of a period."""
    labels = {bucket.period.first: _named(bucket.period.first, by)[0] for bucket in buckets(period, "day")}
    rows: dict[str, list[Logged]] = {}
    for row in logged:
        if row.day in labels:
            rows.setdefault(labels[row.day], []).append(row)
    required = {person: _split(days, labels) for person, days in books.required.items()}
    merged = {person: _split(days, labels) for person, days in (books.merged or {}).items()}
    found = []
    for bucket in buckets(period, by):
        part = replace(
            books,
            required={person: parts.get(bucket.label, NO_DAYS) for person, parts in required.items()},
            merged=None if books.merged is None else {p: parts.get(bucket.label, NO_DAYS) for p, parts in merged.items()},
        )
        found.append((bucket, statement(part, rows.get(bucket.label, ()), bucket.period)))
    return tuple(found)


def by_team(
    books: Books, logged: Iterable[Logged], period: Period, memberships: Iterable[TeamPeriod], names: Mapping[int, str]
) -> tuple[TimeAccount, ...]:
    """An account for each team, and for ``NO_TEAM`` where there is anything: of the days on which people are in it.

    Who is in two teams at once counts in both. Where of anybody no balance is known, there is none of the team. names: team
    id -> name; account_id of the answer is the team's id as a text. merged is not told.
    """
    rows: dict[str, list[Logged]] = {}
    for row in logged:
        rows.setdefault(row.author_id, []).append(row)
    unattributed = rows.pop(UNATTRIBUTED, [])
    spans: dict[int, dict[str, list[TeamPeriod]]] = {}
    everywhere: dict[str, list[TeamPeriod]] = {}
    for one in memberships:
        for people in (spans.setdefault(one.team_id, {}), everywhere):
            people.setdefault(one.account_id, []).append(one)
    parts: list[tuple[str, str, Members]] = [
        (str(team), names.get(team, str(team)), {person: partial(_within, mine) for person, mine in members.items()})
        for team, members in spans.items()
    ]
    parts.sort(key=lambda part: (part[1].casefold(), part[0]))
    unseen = books.standing.visible.unseen if books.standing.visible is not None else ()
    everybody = {*rows, *books.required, *unseen}
    parts.append((NO_TEAM, "no team", {person: partial(_without, everywhere.get(person, ())) for person in everybody}))
    found = []
    for team, name, members in parts:
        own = [row for person, counts in members.items() for row in rows.get(person, ()) if counts(row.day)]
        accounts = statement(_part(books, period, members), [*own, *unattributed], period).accounts
        if accounts or team != NO_TEAM:
            found.append(_added(team, name, accounts))
    return tuple(found)


def sums(rows: Iterable[tuple[str, int]], *, at_least: bool = False) -> tuple[Sum, ...]:
    """Seconds by key, the most first."""
    found: dict[str, int] = {}
    for key, seconds in rows:
        found[key] = found.get(key, 0) + seconds
    return tuple(Sum(key, seconds, at_least) for key, seconds in sorted(found.items(), key=lambda one: (-one[1], one[0])))


def _part(books: Books, period: Period, members: Members) -> Books:
    """The books of some people's days."""
    required = {
        person: {day: seconds for day, seconds in books.required[person].items() if counts(day)}
        for person, counts in members.items()
        if person in books.required
    }
    standing, visible = books.standing, books.standing.visible
    if visible is not None:
        days = [bucket.period.first for bucket in buckets(period, "day")]
        unseen = (person for person in visible.unseen if person in members and any(map(members[person], days)))
        standing = standing._replace(visible=visible._replace(unseen=tuple(unseen)))
    return replace(books, required=required, standing=standing, merged=None)


def _added(team: str, name: str, accounts: Sequence[TimeAccount]) -> TimeAccount:
    logged = [account.logged for account in accounts if account.logged is not None]
    required = [account.required for account in accounts if account.required is not None]
    balances = [account.balance for account in accounts if account.balance is not None]
    is_whole = len(balances) == len(accounts)
    lacking = [account.name for account in accounts if account.logged is None]
    without = [account.name for account in accounts if account.required is None]
    notes = [f"it is not known what was logged by {', '.join(lacking)}"] if lacking else []
    notes += [f"nothing is required of {', '.join(without)}"] if without else []
    return TimeAccount(
        account_id=team,
        name=name,
        logged=sum(logged) if logged or not accounts else None,
        required=sum(required) if required else None,
        balance=sum(balances) if balances and is_whole else None,
        at_least=bool(lacking) or any(account.at_least for account in accounts),
        notes=tuple(notes),
    )


def _named(day: date, by: str) -> tuple[str, date]:
    """The label of the part that a day is in, and the last day of it."""
    if by == "day":
        return day.isoformat(), day
    if by == "week":
        year, week, weekday = day.isocalendar()
        return f"{year}-W{week:02}", date.fromordinal(min(day.toordinal() + 7 - weekday, date.max.toordinal()))
    if by == "month":
        return day.isoformat()[:7], day.replace(day=monthrange(day.year, day.month)[1])
    raise ValueError(f"{by} is none of {', '.join(BY_TIME)}")


def _split(days: Mapping[date, int], labels: Mapping[date, str]) -> dict[str, dict[date, int]]:
    """The seconds of days by the label of the part that they are in; other days are left out."""
    found: dict[str, dict[date, int]] = {}
    for day, seconds in days.items():
        if day in labels:
            found.setdefault(labels[day], {})[day] = seconds
    return found


def _within(spans: Iterable[TeamPeriod], day: date) -> bool:
    return any((one.first is None or one.first <= day) and (one.last is None or day <= one.last) for one in spans)


def _without(spans: Iterable[TeamPeriod], day: date) -> bool:
    return not _within(spans, day)
