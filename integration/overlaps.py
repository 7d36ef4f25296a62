"""Clock time that was booked twice, counted once: 13:00-15:00 and 14:00-18:00 are five hours at work, six booked. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

DAY = 24 * 3600
_START = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?", re.ASCII)


class Entry(NamedTuple):
    """A worklog of one person. start: ``HH:mm:ss`` of their wall clock, "" where there is none."""

    day: date
    start: str
    seconds: int


def merged_by_day(entries: Iterable[Entry]) -> dict[date, int]:
    """Seconds at work by the day on which the entries begin, of one person.

    What lies past midnight overlaps with the early entries of the next day and counts for the day that began it. Entries
    without a start time count as they are: nobody can tell what they overlap with.
    """
    found: dict[date, int] = {}
    spans = []
    for entry in entries:
        begin = _seconds(entry.start)
        if begin is None:
            found[entry.day] = found.get(entry.day, 0) + entry.seconds
        else:
            whole = entry.day.toordinal() * DAY + begin
            spans.append((whole, whole + entry.seconds, entry.day))
    reached = 0
    for begin, end, day in sorted(spans):
        found[day] = found.get(day, 0) + max(0, end - max(reached, begin))
        reached = max(reached, end)
    return found


def _seconds(start: str) -> int | None:
    """Seconds since midnight."""
    match = _START.fullmatch(start)
    return None if match is None else int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0)
