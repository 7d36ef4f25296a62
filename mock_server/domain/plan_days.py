"""On which days a plan takes how long. Pure: plans repeat by the calendar, days have no zone and know no daylight saving.

A plan is a span of days that may repeat. Each time it comes round is an *occurrence*; inside an occurrence the days that
the assignee works are counted, and each counted day takes its share. Single days can be taken out of a plan.
"""

import calendar as months
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby, repeat, takewhile
from typing import NamedTuple

from mock_server.domain.calendars import Calendar
from mock_server.storage.plans import Plan

_DAY = timedelta(days=1)


class Rule(StrEnum):
    """How a plan repeats (vendor's OpenAPI of v4)."""

    NEVER = "NEVER"
    WEEKLY = "WEEKLY"
    BI_WEEKLY = "BI_WEEKLY"
    MONTHLY = "MONTHLY"


class Span(NamedTuple):
    """Days from ``start`` to ``end``, both counted."""

    start: date
    end: date

    def overlaps(self, other: "Span") -> bool:
        """Whether there is a day in both."""
        return self.start <= other.end and other.start <= self.end

    def within(self, other: "Span") -> "Span":
        """The days in both; only for spans that overlap."""
        return Span(max(self.start, other.start), min(self.end, other.end))

    def days(self) -> Iterator[date]:
        """Every day, the first one first."""
        for number in range(self.start.toordinal(), self.end.toordinal() + 1):
            yield date.fromordinal(number)


PlannedDay = tuple[date, int]
"""A day and the seconds planned on it; plain, as lists of plans make thousands."""


class PlannedPeriod(NamedTuple):
    """Days in a row and the seconds planned on them together."""

    span: Span
    seconds: int


class Pattern(NamedTuple):
    """What decides the days of a plan.

    Either ``per_day`` seconds are planned on every counted day, or ``total`` seconds are shared among the counted days of
    an occurrence. ``until`` is the last day on which an occurrence may begin. ``removed`` are days taken out again.
    """

    span: Span
    per_day: int | None = None
    total: int | None = None
    rule: Rule = Rule.NEVER
    until: date | None = None
    on_non_working_days: bool = False
    removed: frozenset[date] = frozenset()

    def occurrences(self) -> Iterator[Span]:
        """Each time the plan comes round, the first one first.

        MONTHLY keeps the day of the month, or takes the last day of a shorter month and goes back to its own day after it.
        """
        length = self.span.end - self.span.start
        yield self.span
        if self.rule is Rule.NEVER or self.until is None:
            return
        for start in takewhile(lambda day: day <= self.until, self._later_starts()):  # type: ignore[operator]
            yield Span(start, date.fromordinal(min(start.toordinal() + length.days, date.max.toordinal())))

    @property
    def last_day(self) -> date:
        """The last day of the last occurrence."""
        return max(occurrence.end for occurrence in self.occurrences())

    def _later_starts(self) -> Iterator[date]:
        first = self.span.start
        number = 1
        while True:
            if self.rule is Rule.MONTHLY:
                years, month = divmod(first.month - 1 + number, 12)
                if first.year + years > date.max.year:
                    return
                last = months.monthrange(first.year + years, month + 1)[1]
                yield date(first.year + years, month + 1, min(first.day, last))
            else:
                ordinal = first.toordinal() + number * (7 if self.rule is Rule.WEEKLY else 14)
                if ordinal > date.max.toordinal():
                    return
                yield date.fromordinal(ordinal)
            number += 1

    def stretches(self) -> Iterator[Span]:
        """The occurrences without the days that were taken out; what a window has to overlap to find the plan."""
        for occurrence in self.occurrences():
            start = occurrence.start
            for gap in sorted(day for day in self.removed if occurrence.start <= day <= occurrence.end):
                if start < gap:
                    yield Span(start, gap - _DAY)
                if gap == date.max:
                    break
                start = gap + _DAY
            else:
                if start <= occurrence.end:
                    yield Span(start, occurrence.end)

    def planned(self, working: Calendar, window: Span | None = None) -> list[PlannedDay]:
        """The counted days with their seconds, in order, in the window or in all; days of two occurrences add up."""
        if self.rule is Rule.NEVER:
            # By far the most plans; the way below costs twice as much.
            if window is not None and not self.span.overlaps(window):
                return []
            return self._shares(self.span, working, window)
        found: dict[date, int] = {}
        for occurrence in self.occurrences():
            if window is not None:
                if occurrence.start > window.end:
                    break
                if not occurrence.overlaps(window):
                    continue
            for day, seconds in self._shares(occurrence, working, window):
                found[day] = found.get(day, 0) + seconds
        return sorted(found.items())

    def _shares(self, occurrence: Span, working: Calendar, window: Span | None) -> list[PlannedDay]:
        if self.total is None:
            shown = occurrence if window is None else occurrence.within(window)
            days = self._counted(shown, working)
            if self.removed:
                days = [day for day in days if day not in self.removed]
            return list(zip(days, repeat(self.per_day or 0), strict=False))
        # A share depends on all days of the occurrence, whatever the window shows of them and was taken out.
        counted = self._counted(occurrence, working)
        share, rest = divmod(self.total, len(counted) or 1)
        shares = ((day, share + (position < rest)) for position, day in enumerate(counted))
        return [
            (day, seconds)
            for day, seconds in shares
            if seconds and day not in self.removed and (window is None or window.start <= day <= window.end)
        ]

    def _counted(self, span: Span, working: Calendar) -> list[date]:
        return list(span.days()) if self.on_non_working_days else working.working_days(*span)


def pattern_of(plan: Plan, removed: Iterable[str] = ()) -> Pattern:
    """What decides the days of a plan, less the days (``yyyy-MM-dd``) that were taken out of it."""
    return Pattern(
        Span(date.fromisoformat(plan.start_date), date.fromisoformat(plan.end_date)),
        plan.per_day,
        plan.total,
        Rule(plan.rule),
        date.fromisoformat(plan.until) if plan.until else None,
        bool(plan.on_non_working_days),
        frozenset(date.fromisoformat(day) for day in removed),
    )


def days_of(plan: Plan) -> tuple[str, str]:
    """The first and the last day (``yyyy-MM-dd``) that a plan may have, with all its repetitions."""
    return plan.start_date, pattern_of(plan).last_day.isoformat()


def total(days: Iterable[PlannedDay]) -> int:
    """Seconds of all days."""
    return sum([seconds for _, seconds in days])


def within(days: list[PlannedDay], window: Span) -> list[PlannedDay]:
    """The days of a window; ``days`` are in order."""
    if not days or (window.start <= days[0][0] and days[-1][0] <= window.end):
        return days
    return [planned for planned in days if window.start <= planned[0] <= window.end]


def periods(days: Iterable[PlannedDay]) -> list[PlannedPeriod]:
    """Days in a row, put together; ``days`` are in order."""
    found: list[PlannedPeriod] = []
    for _, row in groupby(enumerate(days), key=lambda pair: pair[1][0].toordinal() - pair[0]):
        together = [planned for _, planned in row]
        found.append(PlannedPeriod(Span(together[0][0], together[-1][0]), total(together)))
    return found
