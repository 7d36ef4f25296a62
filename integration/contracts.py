"""Contracts of weekly hours, and the seconds they ask for day by day. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from integration.records import Required
from integration.worklogs import Contract, Period

DAYS = 7
HOUR = 3600
MOST = 24
"""Hours of a day."""

ONE = timedelta(days=1)
EXAMPLE = "[0, 8, 8, 8, 8, 8, 0]"
_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_NAMES = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


class WrongContract(ValueError):  # noqa: N818
    """A contract that cannot be used. The text is a sentence that names contract and person."""


def contract(person: object, first: object, last: object, week: object, *, name: str = "the contract") -> Contract:
    """A contract as somebody writes it.

    first, last: dates, or texts such as ``2026-03-31``; last is None or "" for an open end. week: seven numbers of hours,
    SUNDAY first, or a text such as ``[0, 8, 8, 8, 8, 8, 0]``. name: what the sentence calls it. Raises ``WrongContract``.
    """
    if not isinstance(person, str) or not person.strip():
        raise WrongContract(f"{name}: person is an accountId, not {person!r:.60}.")
    name = f"{name} of {person}"
    begin = _day(first, name, "first")
    end = None if last is None or last == "" else _day(last, name, "last")
    if end is not None and end < begin:
        raise WrongContract(f"{name} ends on {end} before it begins on {begin}.")
    return Contract(person, begin, end, week_of(week, name))


def week_of(week: object, name: str = "the contract") -> tuple[int, ...]:
    """Seconds of seven days, SUNDAY first, of hours as somebody writes them. Raises ``WrongContract``."""
    if isinstance(week, str):
        entries: Sequence[object] = _entries(week, name)
    elif isinstance(week, list | tuple):
        entries = week
    else:
        raise WrongContract(f"{name}: week is seven numbers of hours, Sunday first, such as {EXAMPLE}, not {week!r:.60}.")
    if len(entries) != DAYS:
        raise WrongContract(
            f"{name}: week has {len(entries)} entries, not seven; it begins on Sunday, and days off are 0: {EXAMPLE}."
        )
    return tuple(_seconds(entry, name, day) for entry, day in zip(entries, _NAMES, strict=True))


def check(contracts: Iterable[Contract]) -> tuple[Contract, ...]:
    """The contracts by person and day. Raises ``WrongContract`` where two of one person overlap."""
    ordered = tuple(sorted(contracts, key=lambda one: (one.person, one.first)))
    for one, other in pairwise(ordered):
        if one.person == other.person and (one.last is None or one.last >= other.first):
            until = "has no end" if one.last is None else f"ends on {one.last}"
            raise WrongContract(
                f"the contracts of {one.person} overlap: that from {one.first} {until}, and another begins on {other.first}; "
                "end the first one the day before."
            )
    return ordered


def required(contracts: Iterable[Contract], period: Period) -> Required:
    """The seconds that the contracts of one person ask for on every day of the period that one of them covers.

    Days off are in it with 0; days without a contract are not in it. The contracts do not overlap.
    """
    found: dict[date, int] = {}
    for one in contracts:
        span = _within(one, period)
        if span is not None:
            days = (span.first + number * ONE for number in range((span.last - span.first).days + 1))
            found.update((day, one.week[day.isoweekday() % DAYS]) for day in days)
    return found


def required_by_person(contracts: Iterable[Contract], period: Period) -> Mapping[str, Required]:
    """The same for everybody who has a contract at all, also with none in the period: theirs is empty."""
    of: dict[str, list[Contract]] = {}
    for one in contracts:
        of.setdefault(one.person, []).append(one)
    # Most have the same week: what it asks for is worked out once, and shared.
    known: dict[tuple[tuple[date, date | None, tuple[int, ...]], ...], Required] = {}
    found = {}
    for person, theirs in of.items():
        key = tuple((one.first, one.last, one.week) for one in theirs if _within(one, period) is not None)
        key = tuple((max(first, period.first), last and min(last, period.last), week) for first, last, week in key)
        if key not in known:
            known[key] = required(theirs, period)
        found[person] = known[key]
    return found


def required_over(contracts: Iterable[Contract], period: Period) -> int:
    """The sum of ``required``, without looking at every day."""
    total = 0
    for one in contracts:
        span = _within(one, period)
        if span is not None:
            weeks, rest = divmod((span.last - span.first).days + 1, DAYS)
            begin = span.first.isoweekday()
            total += weeks * sum(one.week) + sum(one.week[(begin + number) % DAYS] for number in range(rest))
    return total


def people(contracts: Iterable[Contract], on: date) -> tuple[str, ...]:
    """AccountIds of those whose first contract has begun by this day: whose work may be expected in what is read."""
    return tuple(sorted({one.person for one in contracts if one.first <= on}))


def _within(one: Contract, period: Period) -> Period | None:
    first = max(one.first, period.first)
    last = period.last if one.last is None else min(one.last, period.last)
    return Period(first, last) if first <= last else None


def _entries(text: str, name: str) -> list[object]:
    inner = text.strip()
    if not (inner.startswith("[") and inner.endswith("]")):
        raise WrongContract(f"{name}: week is written as {EXAMPLE}, hours from Sunday on, not {text!r:.60}.")
    inner = inner[1:-1].strip()
    return [part.strip() for part in inner.split(",")] if inner else []


def _seconds(entry: object, name: str, day: str) -> int:
    # The shortest decimal that a float is read from is what somebody wrote.
    text = entry if isinstance(entry, str) else repr(entry)
    if not isinstance(entry, str | int | float) or not _NUMBER.fullmatch(text):
        raise WrongContract(f"{name}: {day} has {entry!r:.40}, which is no number of hours.")
    hours = Decimal(text)
    if not 0 <= hours <= MOST:
        raise WrongContract(f"{name}: {day} has {text} hours; a day has 0 to {MOST}.")
    seconds = hours * HOUR
    if seconds != int(seconds):
        raise WrongContract(f"{name}: {day} has {text} hours, which is no whole number of seconds.")
    return int(seconds)


def _day(value: object, name: str, key: str) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise WrongContract(f"{name}: {key} is a day such as 2026-03-31, not {value!s:.60}.")
