"""Amounts of time as Jira writes and reads them: ``1w 2d 3h 20m``, by days of eight and weeks of forty hours."""

import re
from types import MappingProxyType

_HOUR = 3600
_AMOUNTS = (("w", 40 * _HOUR), ("d", 8 * _HOUR), ("h", _HOUR), ("m", 60))
_SIZES = MappingProxyType({"": 60, **dict(_AMOUNTS)})
_PART = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,4})?)\s*([wdhm]?)", re.ASCII)

MOST_SECONDS = 2**31 - 1
"""Seconds that an amount of time has at most."""


def pretty(seconds: int) -> str:
    """``1d 4h`` for an amount of time in seconds."""
    parts = []
    for unit, size in _AMOUNTS:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts) or "0m"


def seconds_of(text: str) -> int | None:
    """The seconds of ``3h 20m``, cut to whole minutes, or None for what says no amount of time; a bare number is minutes."""
    rest, total, seen = text.strip().lower(), 0.0, set()
    if not rest or len(rest) > 100:
        return None
    while rest:
        part = _PART.match(rest)
        if part is None or part[2] in seen:
            return None
        seen.add(part[2])
        total += float(part[1]) * _SIZES[part[2]]
        rest = rest[part.end() :].lstrip()
    if ("" in seen and len(seen) > 1) or total > MOST_SECONDS:
        return None
    return int(total) // 60 * 60
