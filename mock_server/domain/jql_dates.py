"""Dates in JQL: written out, relative to now, or given by a function; in the zone of whoever asks."""

import re
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from mock_server.domain.jql import Function, Operand, Value
from mock_server.errors import Invalid

_ADVICE = (
    "Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. "
    "'-5d', '4w 2d'."
)
_WRITTEN = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?: (\d{1,2}):(\d{2}))?", re.ASCII)
_RELATIVE = re.compile(r"([+-]?)(\d{1,6})([wdhm])", re.ASCII)
_STEP = re.compile(r"([+-]?)(\d{1,6})([yMwdhm])?", re.ASCII)
_UNITS = MappingProxyType({"w": timedelta(weeks=1), "d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)})
_EDGE = re.compile("(start|end)of(day|week|month|year)")
_UNIT_OF = MappingProxyType({"day": "d", "week": "w", "month": "M", "year": "y"})


def moment(operand: Operand, field: str, now: datetime) -> datetime:
    """The moment an operand stands for, in the zone of ``now``. Raises ``Invalid``."""
    try:
        found = _called(operand, now) if isinstance(operand, Function) else _written(operand, now)
    except (ValueError, OverflowError):
        found = None
    # A clock runs on, and a zone may move a moment by most of a day.
    if found is None or not date(1, 1, 2) <= found.date() <= date(9999, 12, 30):
        text = operand.text if isinstance(operand, Value) else operand.name if isinstance(operand, Function) else "EMPTY"
        raise Invalid(f"Date value '{text[:60]}' for field '{field}' is invalid. {_ADVICE}")
    return found


def _written(operand: Operand, now: datetime) -> datetime | None:
    if not isinstance(operand, Value):
        return None
    text = operand.text.strip()
    match = _WRITTEN.fullmatch(text)
    if match:
        year, month, day, hour, minute = (int(part or 0) for part in match.groups())
        return datetime(year, month, day, hour, minute, tzinfo=now.tzinfo)
    total = timedelta(0)
    parts = text.split()
    for part in parts:
        relative = _RELATIVE.fullmatch(part)
        if relative is None:
            return None
        step = int(relative[2]) * _UNITS[relative[3]]
        total += -step if text.startswith("-") else step
    return now + total if parts else None


def _called(function: Function, now: datetime) -> datetime:
    name = function.name.lower()
    if name == "now":
        if function.arguments:
            raise _wrong_count(function, "0")
        return now
    match = _EDGE.fullmatch(name)
    if match is None:
        raise Invalid(f"Unable to find JQL function '{function.name[:60]}({', '.join(function.arguments)[:60]})'.")
    if len(function.arguments) > 1:
        raise _wrong_count(function, "0-1")
    at = now
    if function.arguments:
        step = _STEP.fullmatch(function.arguments[0])
        if step is None:
            raise ValueError(function.arguments[0])
        at = _moved(now, -int(step[2]) if step[1] == "-" else int(step[2]), step[3] or _UNIT_OF[match[2]])
    start = _start(match[2], at)
    return start if match[1] == "start" else _moved(start, 1, _UNIT_OF[match[2]]) - timedelta(milliseconds=1)


def _start(period: str, at: datetime) -> datetime:
    day = at.date()
    if period == "week":
        day -= timedelta(days=day.weekday())
    elif period == "month":
        day = day.replace(day=1)
    elif period == "year":
        day = day.replace(month=1, day=1)
    return datetime.combine(day, time.min, at.tzinfo)


def _moved(at: datetime, count: int, unit: str) -> datetime:
    if unit in _UNITS:
        return at + count * _UNITS[unit]
    months = at.year * 12 + at.month - 1 + count * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    for day in range(at.day, 27, -1):
        try:
            return at.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return at.replace(year=year, month=month + 1)


def _wrong_count(function: Function, expected: str) -> Invalid:
    return Invalid(f"Function '{function.name}' expected '{expected}' arguments but received '{len(function.arguments)}'.")
