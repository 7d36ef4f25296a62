"""Tables for spreadsheets, read back with other programs' readers."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration import balances_report, sheets
from integration.sheets import Cell, Sheet, TooLong, as_csv, as_xlsx, in_decimal, safe

TEXTS = st.text(st.characters(exclude_characters="\x00", codec="utf-8"))


def read_csv(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def read_xlsx(content: bytes, sheet: int = 0) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets[sheet]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("Ann", "Ann"),
        ("", ""),
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("'=1", "'=1"),
        ("a=1", "a=1"),
        ("a\ud800", "a?"),
    ],
)
def test_no_text_is_a_formula(text: str, cell: str) -> None:
    assert safe(text) == cell
    assert read_csv(as_csv(Sheet("s", ("name",), [(text, 1)])))[1] == [cell, "1"]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""), (0, "0"), (-1800, "-1800"), (True, "yes"), (False, "no"), (date(2026, 3, 2), "2026-03-02"),
        (in_decimal(-1800), "-0.5"), (in_decimal(1), "0.000278"), (in_decimal(3600), "1"), (in_decimal(0), "0"),
        (in_decimal(None), ""), (100.0, "100"),
    ],
)  # fmt: skip
def test_values_in_csv(value: Cell, cell: str) -> None:
    assert read_csv(as_csv(Sheet("s", ("a", "b"), [(value, "x")])))[1] == [cell, "x"]


@given(st.lists(st.tuples(TEXTS, st.one_of(st.none(), st.integers()), TEXTS), max_size=5))
def test_csv_is_read_back_as_it_was(rows: list[tuple[str, int | None, str]]) -> None:
    text = as_csv(Sheet("s", ("name", "seconds", "=notes"), rows))
    head, *found = read_csv(text.encode("utf-8").decode("utf-8"))
    assert head == ["name", "seconds", "'=notes"]
    assert found == [[safe(name), "" if seconds is None else str(seconds), safe(notes)] for name, seconds, notes in rows]
    assert not [cell for row in found for cell in (row[0], row[2]) if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert [int(row[1]) if row[1] else None for row in found] == [row[1] for row in rows]


def test_a_workbook_has_numbers_days_and_no_formulas() -> None:
    rows = [
        ("=1+1", -1800, in_decimal(-1800), date(2026, 3, 2), True, None),
        ("http://x.test/", 1, 1 / 3, date(1, 1, 1), False, 0),
    ]
    content = as_xlsx([Sheet("Balances", ("name", "seconds", "hours", "from", "ok", "n"), rows, frozenset({2})), _about()])
    page = read_xlsx(content)
    assert page.title == "Balances"
    found = [[cell.value for cell in row] for row in page.iter_rows()]
    assert found == [
        ["name", "seconds", "hours", "from", "ok", "n"],
        ["=1+1", -1800, -0.5, datetime(2026, 3, 2), True, None],
        ["http://x.test/", 1, 1 / 3, "0001-01-01", False, 0],
    ]
    assert [cell.data_type for cell in page[2]] == ["s", "n", "n", "d", "b", "n"]
    assert page["C2"].number_format == "0.00"
    assert page["A3"].hyperlink is None
    assert page.freeze_panes == "A2"
    assert read_xlsx(content, 1)["B2"].value == "x"


def _about() -> Sheet:
    return Sheet("About", ("fact", "value"), [("a", "x")])


@given(st.integers(-(10**10), 10**10))
def test_seconds_stay_exact_in_a_workbook(seconds: int) -> None:
    page = read_xlsx(as_xlsx([Sheet("s", ("seconds", "hours"), [(seconds, in_decimal(seconds))])]))
    assert page["A2"].value == seconds
    assert round(page["B2"].value * 3600) == seconds


def test_texts_that_no_cell_holds_are_cut() -> None:
    page = read_xlsx(as_xlsx([Sheet("s", ("a", "b"), [("x" * 40_000, "\x1b\ud800")])]))
    assert page["A2"].value == "x" * 32_767
    assert page["B2"].value.endswith("?")


def test_more_rows_than_a_sheet_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    assert read_xlsx(as_xlsx([Sheet("s", ("a",), [("x",)] * 2)])).max_row == 3
    with pytest.raises(TooLong, match="XLSX has 3 rows and these are 4; --csv has no limit"):
        as_xlsx([Sheet("s", ("a",), [("x",)] * 3)])


def test_every_column_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "integration-worklogs.md").read_text(encoding="utf-8")
    assert [column for column in balances_report.HEAD if f"`{column}`" not in page] == []
