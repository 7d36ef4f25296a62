"""Time accounts by day, week and month, by team, and hours by issue or account. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from integration.time_accounts import UNATTRIBUTED, Books, Statement, statement
from integration.worklogs import Logged, Period, TimeAccount

ONE = timedelta(days=1)
BY_TIME = ("day", "week", "month")
NO_TEAM = ""
"""The team of days on which somebody is in none."""


class Bucket(NamedTuple):
    """A part of a period. label: ``2026-11-22``, ``2026-W47`` or ``2026-11``. period: cut off where the whole ends."""

    label: str
    period: Period


class TeamPeriod(NamedTuple):
    """Somebody's time in a team. first, last: both included, None for ever."""

    team_id: str
    account_id: str
    first: date | None = None
    last: date | None = None


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
    parts = buckets(period, by)
    rows: dict[str, list[Logged]] = {bucket.label: [] for bucket in parts}
    for row in logged:
        if period.first <= row.day <= period.last:
            rows[_named(row.day, by)[0]].append(row)
    return tuple((bucket, statement(books, rows[bucket.label], bucket.period)) for bucket in parts)


def by_team(
    books: Books, logged: Iterable[Logged], period: Period, memberships: Sequence[TeamPeriod], names: Mapping[str, str]
) -> tuple[TimeAccount, ...]:
    """An account for each team, and for ``NO_TEAM`` where there is anything: of the days on which people are in it.

    Who is in two teams at once counts in both. Where of anybody no balance is known, there is none of the team. names: team
    id -> name; account_id of the answer is the team's id. merged is not told.
    """
    rows = list(logged)
    unattributed = [row for row in rows if row.author_id == UNATTRIBUTED]
    own = [row for row in rows if row.author_id != UNATTRIBUTED]
    spans: dict[tuple[str, str], list[TeamPeriod]] = {}
    for one in memberships:
        spans.setdefault((one.team_id, one.account_id), []).append(one)
        spans.setdefault((NO_TEAM, one.account_id), []).append(one)
    found = []
    for team in (
        *sorted({one.team_id for one in memberships}, key=lambda team: (names.get(team, team).casefold(), team)),
        NO_TEAM,
    ):

        def counts(person: str, day: date, team: str = team) -> bool:
            return _within(spans.get((team, person), ()), day) == (team != NO_TEAM)

        part = statement(_part(books, period, counts), [*(r for r in own if counts(r.author_id, r.day)), *unattributed], period)
        name = "no team" if team == NO_TEAM else names.get(team, team)
        if part.accounts or team != NO_TEAM:
            found.append(_added(team, name, part.accounts))
    return tuple(found)


def sums(rows: Iterable[tuple[str, int]], *, at_least: bool = False) -> tuple[Sum, ...]:
    """Seconds by key, the most first."""
    found: dict[str, int] = {}
    for key, seconds in rows:
        found[key] = found.get(key, 0) + seconds
    return tuple(Sum(key, seconds, at_least) for key, seconds in sorted(found.items(), key=lambda one: (-one[1], one[0])))


def _part(books: Books, period: Period, counts: Callable[[str, date], bool]) -> Books:
    """The books of some people's days."""
    required = {
        person: {day: seconds for day, seconds in days.items() if counts(person, day)}
        for person, days in books.required.items()
    }
    standing, visible = books.standing, books.standing.visible
    if visible is not None:
        days = [bucket.period.first for bucket in buckets(period, "day")]
        unseen = tuple(person for person in visible.unseen if any(counts(person, day) for day in days))
        standing = standing._replace(visible=visible._replace(unseen=unseen))
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


def _within(spans: Iterable[TeamPeriod], day: date) -> bool:
    return any((one.first is None or one.first <= day) and (one.last is None or day <= one.last) for one in spans)
