"""The table of time accounts as a page shows it, and what stands above it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import NamedTuple

from integration.balances import VIEWS, Balances, Row
from integration.balances_report import OF_HOURS_ONLY, in_words, loud
from integration.chart import Chart, balances, summary
from integration.chart import in_words as bar_in_words
from integration.time_accounts import in_hours
from integration.worklogs import Period

ONE = timedelta(days=1)
NAMES = MappingProxyType({view: view.capitalize() for view in VIEWS})
"""View -> what its column is called."""


class Hours(NamedTuple):
    """What was asked for. charts: where few people are asked for by name."""

    balances: Balances
    charts: tuple[Chart, ...]


class Line(NamedTuple):
    """A row. person: who is to be looked at closer, by name or accountId, "" for none. marks: badges. notes: sentences."""

    part: str
    name: str
    person: str
    logged: str
    required: str
    balance: str
    marks: tuple[str, ...]
    notes: tuple[str, ...]


class Bars(NamedTuple):
    """A chart in words. rows: part, logged, required, balance so far."""

    name: str
    account_id: str
    alternative: str
    rows: tuple[tuple[str, str, str, str], ...]


class Above(NamedTuple):
    """What stands above the table. complete: a sentence where nothing is missing, "" otherwise. loud: what is missing."""

    source: str
    read: str | None
    complete: str
    loud: tuple[str, ...]
    notes: tuple[str, ...]


def above(found: Balances) -> Above:
    """How the hours came about. What the banner on a fallback tells is left to it."""
    standing = found.standing
    told = loud(found)
    visible = standing.visible
    complete = ""
    if standing.complete and standing.fallback is None:
        complete = "Complete" if visible is None else f"Complete: {visible.seen} of {visible.expected} people visible"
    return Above(
        "Tempo" if standing.source == "tempo" else "Jira",
        standing.read,
        complete,
        tuple(told if standing.fallback is None else told[1:]),
        tuple(f"{note[:1].upper()}{note[1:]}." for note in found.notes),
    )


def lines(found: Balances, first: int, last: int) -> list[Line]:
    """Rows first to last, counted from 1."""
    # Of all rows: a namesake may stand on another page.
    twice = Counter(name for name, _ in {(row.account.name, row.account.account_id) for row in found.rows})
    rows = found.rows[max(0, first - 1) : last]
    return [_line(row, found, is_twin=twice[row.account.name] > 1) for row in rows]


def bars(charts: Sequence[Chart]) -> list[Bars]:
    """Charts as tables, for those who do not see them."""
    return [
        Bars(
            chart.name,
            chart.account_id,
            f"Hours of {chart.name}: {summary(chart)}",
            tuple(
                (
                    bar.label,
                    bar_in_words(bar.logged, at_least=bar.at_least),
                    "none" if bar.required is None else in_hours(bar.required),
                    so_far,
                )
                for bar, so_far in zip(chart.bars, balances(chart.bars), strict=True)
            ),
        )
        for chart in charts
    ]


def presets(today: date) -> list[tuple[str, Period | None]]:
    """Name and period of what is often asked for; None for the usual one."""
    last = today.replace(day=1) - ONE
    year = today.year - 1
    found: list[tuple[str, Period | None]] = [
        ("This month", None),
        ("Last month", Period(last.replace(day=1), last)),
        ("This year", Period(date(today.year, 1, 1), today)),
    ]
    return [*found, ("Last year", Period(date(year, 1, 1), date(year, 12, 31)))]


def _line(row: Row, found: Balances, *, is_twin: bool) -> Line:
    account = row.account
    part = row.part.label if row.part is not None else ""
    hours = in_words(row, found)
    if row.nobodys:
        note = "entered in Tempo; Jira does not tell whose hours these are"
        return Line(part, account.name, "", *hours, ("unattributed",), (note,))
    name = f"{account.name} ({account.account_id})" if is_twin else account.name
    if found.by in OF_HOURS_ONLY:
        return Line(part, name, "", *hours, (), account.notes)
    marks = []
    if account.logged is None:
        marks.append("not visible")
    elif account.at_least:
        marks.append("incomplete")
    who = account.account_id if is_twin or account.name != account.name.strip() else account.name
    return Line(part, name, "" if found.by == "team" else who, *hours, tuple(marks), account.notes)
