"""The table of time accounts as a page shows it, and what stands above it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import NamedTuple

from integration.balances import VIEWS, Balances, Row
from integration.balances_report import NOT_KNOWN, OF_HOURS_ONLY, loud, signed
from integration.chart import Chart, balances, in_words, summary
from integration.time_accounts import in_hours
from integration.worklogs import Period

ONE = timedelta(days=1)
NAMES = MappingProxyType({view: view.capitalize() for view in VIEWS})
"""View -> what its column is called."""


class Hours(NamedTuple):
    """What was asked for. required_by: contract or schedule. charts: where few people are asked for by name."""

    balances: Balances
    required_by: str
    charts: tuple[Chart, ...]


class Line(NamedTuple):
    """A row. person: accountId to be looked at closer, "" for none. marks: badges. notes: sentences."""

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


def lines(found: Balances, required_by: str, first: int, last: int) -> list[Line]:
    """Rows first to last, counted from 1. required_by: contract or schedule."""
    # Of all rows: a namesake may stand on another page.
    twice = Counter(name for name, _ in {(row.account.name, row.account.account_id) for row in found.rows})
    rows = found.rows[max(0, first - 1) : last]
    return [_line(row, found.by, required_by, is_twin=twice[row.account.name] > 1) for row in rows]


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
                    in_words(bar.logged, at_least=bar.at_least),
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


def _line(row: Row, by: str, required_by: str, *, is_twin: bool) -> Line:
    account = row.account
    part = row.part.label if row.part is not None else ""
    logged = NOT_KNOWN if account.logged is None else in_hours(account.logged)
    if account.logged is not None and account.at_least:
        logged = f"at least {logged}"
    if row.nobodys:
        note = "entered in Tempo; Jira does not tell whose hours these are"
        return Line(part, account.name, "", logged, "", "", ("unattributed",), (note,))
    name = f"{account.name} ({account.account_id})" if is_twin else account.name
    if by in OF_HOURS_ONLY:
        return Line(part, name, "", logged, "", "", (), account.notes)
    marks = []
    if account.logged is None:
        marks.append("not visible")
    elif account.at_least:
        marks.append("incomplete")
    required = in_hours(account.required) if account.required is not None else f"no {required_by}"
    # Without anything required there is no balance: that is known.
    balance = "none" if account.balance is None and account.required is None else signed(account.balance)
    return Line(part, name, "" if by == "team" else account.account_id, logged, required, balance, tuple(marks), account.notes)
