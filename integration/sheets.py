"""Tables as files for spreadsheets: CSV (UTF-8) and XLSX. Nothing in a cell is ever a formula.

A value is a text, a whole number, a fraction, a day, True or False, or None for an empty cell: what is not known is empty and
never 0.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

Cell = str | int | float | date | bool | None

HOUR = 3600
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""What a text begins with that a spreadsheet takes for a formula, as OWASP lists them."""

MOST_ROWS = 1_048_576
MOST_CHARACTERS = 32_767
"""Of a sheet, and of a cell, of XLSX."""

FIRST_YEAR = 1900
"""Before it, XLSX knows no days."""

WIDEST = 60


class Sheet(NamedTuple):
    """A table. name: of the sheet in XLSX, up to 31 characters. hours: numbers of the columns that are hours."""

    name: str
    head: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    hours: frozenset[int] = frozenset()


class TooLong(ValueError):  # noqa: N818
    """More rows than XLSX has. The text is a sentence with the way out."""


def in_decimal(seconds: int | None) -> float | None:
    """Seconds as hours; None stays None."""
    return None if seconds is None else seconds / HOUR


def as_csv(sheet: Sheet) -> str:
    """A header and the rows, with commas and CRLF as RFC 4180 has them.

    Texts that a spreadsheet would take for a formula begin with an apostrophe; numbers stay numbers, fractions have up to six
    places; True and False are yes and no.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(map(safe, sheet.head))
    writer.writerows(map(_plain, row) for row in sheet.rows)
    return file.getvalue()


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula, and that UTF-8 has."""
    told = _encodable(text)
    return f"'{told}" if told.startswith(DANGEROUS) else told


def as_xlsx(sheets: Iterable[Sheet]) -> bytes:
    """A workbook. Raises ``TooLong``, and ``ModuleNotFoundError`` without the extra ``sheets``."""
    import xlsxwriter

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True})
        hours = book.add_format({"num_format": "0.00"})
        days = book.add_format({"num_format": "yyyy-mm-dd"})
        for sheet in sheets:
            if len(sheet.rows) + 1 > MOST_ROWS:
                raise TooLong(f"XLSX has {MOST_ROWS} rows and these are {len(sheet.rows) + 1}; --csv has no limit.")
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, 0)
            for column, title in enumerate(sheet.head):
                page.write_string(0, column, title, bold)
                texts = (len(str(row[column])) for row in sheet.rows[:100])
                page.set_column(column, column, min(WIDEST, 2 + max((len(title), *texts))))
            for number, row in enumerate(sheet.rows, 1):
                for column, value in enumerate(row):
                    _put(page, number, column, value, hours if column in sheet.hours else None, days)
            if sheet.rows and len(sheet.head) > 1:
                page.autofilter(0, 0, len(sheet.rows), len(sheet.head) - 1)
    return file.getvalue()


def _put(page: Any, row: int, column: int, value: Cell, form: Any, days: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        page.write_number(row, column, value, form)
    elif isinstance(value, date) and value.year >= FIRST_YEAR:
        page.write_datetime(row, column, datetime(value.year, value.month, value.day), days)
    else:
        page.write_string(row, column, _encodable(str(value))[:MOST_CHARACTERS])


def _plain(value: Cell) -> str | int:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    if isinstance(value, int):
        return value
    return safe(str(value))


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
