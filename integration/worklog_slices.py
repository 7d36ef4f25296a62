"""Which days a run compares with Tempo, so that in the course of the runs all are. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from integration.worklogs import Period

EVERYTHING = Period(date.min, date.max)


def periods(
    days: Sequence[tuple[date, int]], window: date | None, compared: str | None, most: int
) -> tuple[list[Period], str | None]:
    """What to compare now, and where the next run goes on, None from the beginning.

    days: those with worklogs, ascending, and how many there are. window: from this day on everything is compared in every run,
    None for nothing. compared: the answer of the run before. most: so many worklogs fit in one page; of what is older, or of
    everything, a run compares about as much, and at least a day.
    """
    if sum(count for _, count in days) <= most:
        return [EVERYTHING], None
    found = [] if window is None else [Period(window, date.max)]
    end = date.max if window is None else window - timedelta(days=1)
    first = date.fromisoformat(compared) if compared else date.min
    if first > end:
        first = date.min
    total = 0
    for day, count in days:
        if day < first or day > end:
            continue
        if total and total + count > most:
            return [*found, Period(first, day - timedelta(days=1))], day.isoformat()
        total += count
    return [*found, Period(first, end)], None
