"""Dates as Tempo Teams reads and writes them: several forms in, the site's date picker form out.

Sources: the Teams REST API guide (``04/Jan/2013`` in, ``04/Jan/13`` out, empty for open), the vendor's OpenAPI
(``yyyy-MM-dd``), a production script (``dd/MM/yyyy``).
"""

import re
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_NAMED = re.compile(r"(\d{1,2})/([A-Za-z]{3})/(\d{4}|\d{2})", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", re.ASCII)
_YEARS_AHEAD = 20
"""A two-digit year is read as the one from 80 years back to 20 ahead, as Java's date format does."""


def parse(text: str, today: date) -> date | None:
    """A day, or None for an open end (empty). ``today`` decides the century of a two-digit year.

    Raises ``ValueError`` for another form and for days that do not exist.
    """
    text = text.strip()
    if not text:
        return None
    if _ISO.fullmatch(text):
        return parse_ansi(text)
    if match := _NAMED.fullmatch(text):
        month = match[2].capitalize()
        if month not in MONTHS:
            raise ValueError(f"{match[2]} is not a month")
        year = int(match[3]) if len(match[3]) == 4 else _full_year(int(match[3]), today)
        return date(year, MONTHS.index(month) + 1, int(match[1]))
    if match := _NUMBERS.fullmatch(text):
        return date(int(match[3]), int(match[2]), int(match[1]))
    raise ValueError("not a date of the form yyyy-MM-dd or dd/MMM/yyyy")


def parse_ansi(text: str) -> date:
    """A day from ``yyyy-MM-dd``, the one form that query parameters take. Raises ``ValueError`` for anything else."""
    match = _ISO.fullmatch(text)
    if match is None:
        raise ValueError("not a date of the form yyyy-MM-dd")
    return date(int(match[1]), int(match[2]), int(match[3]))


def _full_year(two_digits: int, today: date) -> int:
    century = (today.year + _YEARS_AHEAD) // 100 * 100
    year = century + two_digits
    return year if year <= today.year + _YEARS_AHEAD else year - 100


def written(day: date | None, form: str) -> str:
    """A day in the form of the setting ``jira.datePicker``; empty when open."""
    if day is None:
        return ""
    if form == "yyyy-MM-dd":
        return day.isoformat()
    if form == "dd.MM.yyyy":
        return f"{day.day:02d}.{day.month:02d}.{day.year:04d}"
    if form == "dd/MM/yyyy":
        return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"
    return f"{day.day:02d}/{MONTHS[day.month - 1]}/{day.year % 100:02d}"


def ansi(day: date | None) -> str:
    """A day as ``yyyy-MM-dd``; empty when open."""
    return day.isoformat() if day else ""


class DayText(fields.Field[Any]):
    """A day in a body, kept as text until the view knows today; null and absent are open ends."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(metadata={"type": "string", "examples": ["2013-01-04", "04/Jan/2013", ""]}, **settings)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError("A date is a text such as 2013-01-04 or 04/Jan/2013.")
        try:
            parse(value, date(2000, 1, 1))
        except ValueError as error:
            raise ValidationError(f"{value[:40]} is not a date: {error}.") from None
        return value


class Id(fields.Field[Any]):
    """An id in a body: a positive 32-bit number, as number or as text."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(metadata={"type": ["integer", "string"], "examples": [3]}, **settings)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        number = value
        if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 10:
            number = int(value)
        if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < 2**31:
            raise ValidationError("An id is a positive whole number.")
        return number


class Percent(fields.Field[Any]):
    """Availability in a body: a whole number from 0 to 100, as text or number."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(metadata={"type": ["string", "integer"], "examples": ["100"]}, **settings)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        number = value
        if isinstance(value, str):
            number = int(value) if value.isascii() and value.isdecimal() and len(value) <= 3 else None
        elif isinstance(value, float) and value.is_integer():
            number = int(value)
        if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= 100:
            raise ValidationError("availability is a percentage from 0 to 100.")
        return number
