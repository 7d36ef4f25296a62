"""Days and durations as tests write them."""

import re
from datetime import date, timedelta

__tracebackhide__ = True

Day = date | str | int
"""A date, ``yyyy-MM-dd``, or how many days after the world's today: 0 is today, -1 yesterday."""

Duration = int | timedelta | str
"""Seconds, a ``timedelta``, or a text such as ``7h 30m``."""

_TEXT = re.compile(r"\s*(?:(?P<h>\d+(?:\.\d+)?)\s*h)?\s*(?:(?P<m>\d+)\s*m)?\s*(?:(?P<s>\d+)\s*s)?\s*")


def day_text(day: Day, today: date) -> str:
    """The day as ``yyyy-MM-dd``. A text goes as it is: what is no day is for the API to refuse."""
    if isinstance(day, str):
        return day
    if isinstance(day, int):
        day = today + timedelta(days=day)
    return date(day.year, day.month, day.day).isoformat()


def seconds(duration: Duration) -> int:
    """The duration in seconds. Raises ``ValueError`` for a text that is none."""
    if isinstance(duration, timedelta):
        return int(duration.total_seconds())
    if isinstance(duration, int):
        return duration
    found = _TEXT.fullmatch(duration)
    if not found or not any(found.groups()):
        raise ValueError(f"A duration is a number of seconds, a timedelta, or a text such as 7h 30m, not {duration!r}.")
    return int(float(found["h"] or 0) * 3600) + int(found["m"] or 0) * 60 + int(found["s"] or 0)
