"""Pages of the worklogs that somebody may see, cheap at any size and depth.

Reach becomes one condition, used by lists and by single reads alike. With few visible authors each author's rows come from
an index of their own and are merged; with many the rows come in order from one index and those that are hidden are passed
over. A page is found from the last key of the page before it, where that is known, and by counting rows otherwise.
"""

import json
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from mock_server.storage.store import Row, Store
from mock_server.storage.work_reach import WorkReach
from mock_server.storage.worklogs import COLUMNS, FROM, Worklog

FEW_AUTHORS = 64
"""Up to so many visible authors, rows are merged from each author's index."""

ORDERS = MappingProxyType(
    {
        "START_DATE_TIME": ("w.start_date", "w.start_time", "w.id"),
        "UPDATED": ("w.updated_at", "w.id"),
        "ID": ("w.id",),
    }
)

Key = tuple[Any, ...]


class Order(NamedTuple):
    """What a list is ordered by; START_DATE_TIME, UPDATED or ID."""

    by: str = "START_DATE_TIME"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list asks for; None asks for everything. Dates are ``yyyy-MM-dd`` and inclusive, the stamp ISO 8601 in UTC.

    ``team_id`` asks for the work of members inside their memberships, ``account_key`` for work on an account.
    """

    start: str | None = None
    end: str | None = None
    updated_from: str | None = None
    project_ids: tuple[int, ...] | None = None
    issue_ids: tuple[int, ...] | None = None
    author_ids: tuple[int, ...] | None = None
    team_id: int | None = None
    account_key: str | None = None


@dataclass(slots=True)
class _Condition:
    """Parts of a WHERE and their parameters."""

    parts: list[str] = field(default_factory=list)
    parameters: list[Any] = field(default_factory=list)

    def add(self, part: str, *parameters: Any) -> None:
        self.parts.append(part)
        self.parameters += parameters

    @property
    def text(self) -> str:
        return " AND ".join(self.parts) or "1"


_IN_TEAMS = (
    "EXISTS (SELECT 1 FROM members m JOIN memberships s ON s.member_id = m.id WHERE m.person_id = w.author_id "
    "AND m.team_id IN (SELECT value FROM json_each(?)) AND w.start_date >= coalesce(s.start_date, '') "
    "AND w.start_date <= coalesce(s.end_date, '9999'))"
)


def get(store: Store, worklog_id: int, reach: WorkReach) -> Worklog | None:
    """One worklog that the reach includes, or None."""
    condition = _within(store, reach)
    condition.add("w.id = ?", worklog_id)
    row = store.one(f"SELECT {COLUMNS} {FROM} WHERE {condition.text}", condition.parameters)
    return Worklog._make(row) if row else None


def page(
    store: Store, reach: WorkReach, filters: Filters, order: Order, offset: int, limit: int, after: Key | None = None
) -> list[Worklog]:
    """Up to ``limit`` worklogs from ``offset`` on; ``after`` is the key of the row before the first, where it is known."""
    authors = _authors(store, reach, filters)
    condition = _asked(filters)
    within = _within(store, reach)
    condition.add(within.text, *within.parameters)
    if filters.team_id is not None:
        condition.add(_IN_TEAMS, json.dumps([filters.team_id]))
    columns = ORDERS[order.by]
    if after is not None:
        marks = ", ".join("?" * len(columns))
        condition.add(f"({', '.join(columns)}) {'<' if order.descending else '>'} ({marks})", *after)
        offset = 0
    if authors is not None and len(authors) <= FEW_AUTHORS and order.by == "START_DATE_TIME" and filters.issue_ids is None:
        return _merged(store, authors, condition, order, offset, limit)
    if filters.author_ids is not None:
        condition.add("w.author_id IN (SELECT value FROM json_each(?))", json.dumps(filters.author_ids))
    direction = " DESC" if order.descending else ""
    ordering = ", ".join(column + direction for column in columns)
    rows = store.all(
        f"SELECT {COLUMNS} {FROM} WHERE {condition.text} ORDER BY {ordering} LIMIT ? OFFSET ?",
        (*condition.parameters, limit, offset),
    )
    return [Worklog._make(row) for row in rows]


def key_of(worklog: Worklog, order: Order) -> Key:
    """Where a row stands in an order."""
    if order.by == "UPDATED":
        return worklog.updated_at, worklog.id
    if order.by == "ID":
        return (worklog.id,)
    return worklog.start_date, worklog.start_time, worklog.id


def _asked(filters: Filters) -> _Condition:
    condition = _Condition()
    if filters.start:
        condition.add("w.start_date >= ?", filters.start)
    if filters.end:
        condition.add("w.start_date <= ?", filters.end)
    if filters.updated_from:
        condition.add("w.updated_at >= ?", filters.updated_from)
    if filters.project_ids is not None:
        condition.add("w.project_id IN (SELECT value FROM json_each(?))", json.dumps(filters.project_ids))
    if filters.issue_ids is not None:
        condition.add("w.issue_id IN (SELECT value FROM json_each(?))", json.dumps(filters.issue_ids))
    if filters.account_key is not None:
        condition.add(
            "w.id IN (SELECT v.worklog_id FROM worklog_attributes v JOIN work_attributes a ON a.key = v.key "
            "WHERE a.type = 'ACCOUNT' AND v.value = ?)",
            filters.account_key,
        )
    return condition


def _within(store: Store, reach: WorkReach) -> _Condition:
    condition = _Condition()
    total: int = store.value("SELECT count(*) FROM projects")
    if len(reach.browse) < total:
        condition.add(_in("w.project_id", reach.browse))
    if not reach.everyone:
        ways = ["w.author_id = ?"]
        parameters: list[Any] = [reach.person_id]
        if reach.view_all:
            ways.append(_in("w.project_id", reach.view_all))
        if reach.team_ids:
            always, sometimes = _team_authors(store, reach)
            if always:
                ways.append("w.author_id IN (SELECT value FROM json_each(?))")
                parameters.append(json.dumps(always))
            if sometimes:
                ways.append(f"(w.author_id IN (SELECT value FROM json_each(?)) AND {_IN_TEAMS})")
                parameters += [json.dumps(sometimes), json.dumps(sorted(reach.team_ids))]
        condition.add("(" + " OR ".join(ways) + ")", *parameters)
    return condition


def _in(column: str, ids: frozenset[int]) -> str:
    # Ids of our own database, few of them: projects.
    return f"{column} IN ({', '.join(map(str, sorted(ids)))})"


def _team_authors(store: Store, reach: WorkReach) -> tuple[list[int], list[int]]:
    """The members of the reach's teams: those with a membership open at both ends, and the others."""
    rows: list[Row] = store.all(
        "SELECT m.person_id, max(s.start_date IS NULL AND s.end_date IS NULL) FROM members m "
        "JOIN memberships s ON s.member_id = m.id WHERE m.person_id NOT NULL "
        "AND m.team_id IN (SELECT value FROM json_each(?)) GROUP BY m.person_id",
        (json.dumps(sorted(reach.team_ids)),),
    )
    return [row[0] for row in rows if row[1]], [row[0] for row in rows if not row[1]]


def _authors(store: Store, reach: WorkReach, filters: Filters) -> list[int] | None:
    """The only authors whose rows can be in the list, or None when there is no short list of them."""
    asked = set(filters.author_ids) if filters.author_ids is not None else None
    if filters.team_id is not None:
        rows = store.all("SELECT person_id FROM members WHERE team_id = ? AND person_id NOT NULL", (filters.team_id,))
        members = {row[0] for row in rows}
        asked = members if asked is None else asked & members
    if reach.everyone or reach.view_all:
        return sorted(asked) if asked is not None else None
    always, sometimes = _team_authors(store, reach) if reach.team_ids else ([], [])
    reached = {reach.person_id, *always, *sometimes}
    return sorted(reached if asked is None else asked & reached)


def _merged(store: Store, authors: list[int], condition: _Condition, order: Order, offset: int, limit: int) -> list[Worklog]:
    direction = " DESC" if order.descending else ""
    ordering = ", ".join(column + direction for column in ORDERS[order.by])
    found: list[Worklog] = []
    for author in authors:
        rows = store.all(
            f"SELECT {COLUMNS} {FROM} WHERE w.author_id = ? AND {condition.text} ORDER BY {ordering} LIMIT ?",
            (author, *condition.parameters, offset + limit),
        )
        found += [Worklog._make(row) for row in rows]
    found.sort(key=lambda worklog: key_of(worklog, order), reverse=order.descending)
    return found[offset : offset + limit]
