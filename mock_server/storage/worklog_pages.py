"""Pages of the worklogs that somebody may see, cheap at any size and depth.

A page is found from the last key of the page before it, where that is known, and by counting rows otherwise. How its rows
are found is said here and not left to SQLite, which knows nothing about how many rows there are of what:

- along the index that has the order asked for, passing over what is hidden or not asked for: best when much is shown;
- merged from the first rows of each author, issue or project, whose indexes have the order of the start: best when these
  are few, and never bad;
- by looking at every row that one filter lets through, and sorting them: best when these are few.

Where only some people's rows can be shown, the first is tried as far as another would cost, and then given up.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, NamedTuple

from mock_server.storage.store import Store
from mock_server.storage.work_reach import WorkReach
from mock_server.storage.worklog_conditions import (
    OF_ACCOUNT,
    Condition,
    Filters,
    TeamAuthors,
    asked,
    listed,
    one_of,
    only_authors,
    team_authors,
    within,
)
from mock_server.storage.worklogs import COLUMNS, FROM, Worklog

TRIED = 1
"""Rows passed along one index before another way is taken, for each row that the other way looks at."""

TRIED_FIRST = 10
"""Rows passed along one index before more are tried, for each row up to the end of the page."""

FEW_AUTHORS = 64
"""Up to so many visible authors, their indexes are a better way to what they did in some projects than the projects'."""

FEW_ROWS = 20_000
"""Up to so many rows are looked at and sorted for a page; counting so many takes half a millisecond."""

ORDERS = MappingProxyType(
    {
        "START_DATE_TIME": ("w.start_date", "w.start_time", "w.id"),
        "UPDATED": ("w.updated_at", "w.id"),
        "ID": ("w.id",),
    }
)
_ALONG = MappingProxyType(
    {"START_DATE_TIME": "INDEXED BY worklogs_start", "UPDATED": "INDEXED BY worklogs_updated", "ID": "NOT INDEXED"}
)

Key = tuple[Any, ...]


class Order(NamedTuple):
    """What a list is ordered by: START_DATE_TIME, UPDATED or ID, and by the id last, in the direction of the first.

    ``then`` are fields with their directions (True is descending) for rows that are the same so far.
    """

    by: str = "START_DATE_TIME"
    descending: bool = False
    then: tuple[tuple[str, bool], ...] = ()

    @classmethod
    def of(cls, fields: Sequence[tuple[str, bool]]) -> "Order":
        """By several fields, at least one, with their directions; what cannot count any more is left out."""
        (by, descending), *rest = dict(fields).items()
        names = [by, *(name for name, _ in rest)]
        rest = rest[: names.index("ID")] if "ID" in names else rest
        return cls(by, descending, tuple(rest) if rest != [("ID", descending)] else ())

    @property
    def columns(self) -> tuple[str, ...]:
        """Those of the first field, which an index has; the id among them where they tell the place of a row."""
        columns = ORDERS[self.by]
        return tuple(column for column in columns if column != "w.id") if self.then else columns

    @property
    def sql(self) -> str:
        """For ORDER BY."""
        ordered = [(column, self.descending) for column in self.columns]
        ordered += [(column, down) for name, down in self.then for column in ORDERS[name] if name == "ID" or column != "w.id"]
        if ordered[-1][0] != "w.id":
            ordered.append(("w.id", self.descending))
        return ", ".join(f"{column} DESC" if down else column for column, down in ordered)

    def beyond(self, inclusive: bool = False) -> str:
        """The condition that a row comes after a key, whose values are its parameters."""
        sign = "<" if self.descending else ">"
        columns = self.columns
        return f"({', '.join(columns)}) {sign}{'=' if inclusive else ''} ({', '.join('?' * len(columns))})"

    def until(self) -> str:
        """The condition that a row comes before a key or has it."""
        return self._replace(descending=not self.descending).beyond(inclusive=True)


class _Few(NamedTuple):
    """A filter with an index of its own, which may let through few rows."""

    along: str
    condition: Condition


class _Wanted(NamedTuple):
    """A page that is looked for. ``span`` says where in the order it can be, ``condition`` all the rest."""

    span: Condition
    condition: Condition
    order: Order
    offset: int
    limit: int


def get(store: Store, worklog_id: int, reach: WorkReach) -> Worklog | None:
    """One worklog that the reach includes, or None."""
    condition = within(reach)
    row = store.one(f"SELECT {COLUMNS} {FROM} WHERE w.id = ? AND {condition.text}", (worklog_id, *condition.parameters))
    return Worklog._make(row) if row else None


def page(
    store: Store,
    reach: WorkReach,
    filters: Filters,
    order: Order,
    offset: int,
    limit: int,
    after: Key | None = None,
    of_teams: TeamAuthors | None = None,
) -> list[Worklog]:
    """Up to ``limit`` worklogs from ``offset`` on.

    ``after`` is the key of the row before the first and ``of_teams`` the members of the reach's teams, where they are known.
    """
    if order.then:
        # Such an order has no keys: its fields may go in different directions.
        after = None
    if of_teams is None:
        of_teams = team_authors(store, reach)
    authors = only_authors(store, reach, filters, of_teams)
    if authors is not None and not authors:
        return []
    span, others = _span(filters, order, after)
    wanted = _Wanted(span, asked(others).plus(within(reach, of_teams)), order, 0 if after else offset, limit)
    find = _by_start if order.by == "START_DATE_TIME" else _sorted
    found = find(store, wanted, filters, authors)
    rows = {row[0]: row for row in store.all(f"SELECT {COLUMNS} {FROM} WHERE {one_of('w.id')}", (listed(found),))}
    return [Worklog._make(rows[worklog_id]) for worklog_id in found]


def key_of(worklog: Worklog, order: Order) -> Key:
    """Where a row stands in an order."""
    if order.by == "UPDATED":
        return worklog.updated_at, worklog.id
    if order.by == "ID":
        return (worklog.id,)
    return worklog.start_date, worklog.start_time, worklog.id


def _span(filters: Filters, order: Order, after: Key | None) -> tuple[Condition, Filters]:
    """Where in the order a page can be, and the filters that do not tell."""
    span = Condition()
    start, end, updated_from = filters.start, filters.end, filters.updated_from
    if after is not None:
        span.add(order.beyond(), *after)
        # The key implies the bound it has passed; with both, SQLite might begin at the looser one.
        if order.descending:
            end = None
        else:
            start = updated_from = None
    if order.by == "START_DATE_TIME":
        if start:
            span.add("w.start_date >= ?", start)
        if end:
            span.add("w.start_date <= ?", end)
        return span, replace(filters, start=None, end=None)
    if order.by == "UPDATED":
        if updated_from:
            span.add("w.updated_at >= ?", updated_from)
        return span, replace(filters, updated_from=None)
    return span, filters


def _by_start(store: Store, wanted: _Wanted, filters: Filters, authors: frozenset[int] | None) -> list[int]:
    if filters.issue_ids is not None:
        return _merged(store, wanted, "issue", filters.issue_ids)
    for few in _filters_out_of_order(filters, wanted.order):
        if _count(store, few) < FEW_ROWS:
            return _looked_through(store, wanted, few)
    if authors is not None and len(authors) == 1:
        return _merged(store, wanted, "author", authors)
    if filters.project_ids is not None and (authors is None or len(authors) > FEW_AUTHORS):
        return _merged(store, wanted, "project", filters.project_ids)
    if authors is None:
        return _along(store, wanted)
    found = _along_at_most(store, wanted, TRIED * len(authors) * (wanted.offset + wanted.limit))
    return _merged(store, wanted, "author", authors) if found is None else found


def _sorted(store: Store, wanted: _Wanted, filters: Filters, authors: frozenset[int] | None) -> list[int]:
    """A page in an order that the indexes of authors, issues and projects do not have."""
    candidates = list(_filters_out_of_order(filters, wanted.order))
    for name, ids in (("issue", filters.issue_ids), ("author", authors), ("project", filters.project_ids)):
        if ids is not None:
            candidates.append(_Few(f"INDEXED BY worklogs_{name}", Condition().plus(one_of(f"w.{name}_id"), listed(ids))))
    if filters.start or filters.end:
        days = ("w.start_date >= ? AND w.start_date <= ?", filters.start or "", filters.end or "9999-12-31")
        candidates.append(_Few("INDEXED BY worklogs_start", Condition().plus(*days)))
    counts = [_count(store, few) for few in candidates]
    if min(counts, default=FEW_ROWS) >= FEW_ROWS:
        return _along(store, wanted)
    fewest = counts.index(min(counts))
    found = _along_at_most(store, wanted, TRIED * counts[fewest])
    return _looked_through(store, wanted, candidates[fewest]) if found is None else found


def _filters_out_of_order(filters: Filters, order: Order) -> Iterator[_Few]:
    if filters.updated_from and order.by != "UPDATED":
        yield _Few("INDEXED BY worklogs_updated", Condition().plus("w.updated_at >= ?", filters.updated_from))
    if filters.account_key is not None:
        yield _Few("NOT INDEXED", Condition().plus(OF_ACCOUNT, filters.account_key))


def _count(store: Store, few: _Few) -> int:
    """How many rows a filter lets through, ``FEW_ROWS`` at most."""
    number: int = store.value(
        f"SELECT count(*) FROM (SELECT 1 FROM worklogs w {few.along} WHERE {few.condition.text} LIMIT ?)",
        (*few.condition.parameters, FEW_ROWS),
    )
    return number


def _along(store: Store, wanted: _Wanted) -> list[int]:
    """In order along the index that has it."""
    return _selected(store, wanted, _ALONG[wanted.order.by], Condition())


def _looked_through(store: Store, wanted: _Wanted, few: _Few) -> list[int]:
    """From all rows that one filter lets through, sorted."""
    return _selected(store, wanted, few.along, few.condition)


def _selected(store: Store, wanted: _Wanted, index: str, more: Condition) -> list[int]:
    condition = more.plus(wanted.span).plus(wanted.condition)
    rows = store.all(
        f"SELECT w.id FROM worklogs w {index} WHERE {condition.text} ORDER BY {wanted.order.sql} LIMIT ? OFFSET ?",
        (*condition.parameters, wanted.limit, wanted.offset),
    )
    return [row[0] for row in rows]


def _along_at_most(store: Store, wanted: _Wanted, most: int) -> list[int] | None:
    """In order along the index, or None when the page is not full after so many rows and there are more."""
    # Finding the last of very many rows costs more than a page of which much is shown.
    few = TRIED_FIRST * (wanted.offset + wanted.limit)
    found = _along_up_to(store, wanted, few) if few < most else None
    return _along_up_to(store, wanted, most) if found is None else found


def _along_up_to(store: Store, wanted: _Wanted, most: int) -> list[int] | None:
    columns, span = ", ".join(wanted.order.columns), wanted.span
    last = store.one(
        f"SELECT {columns} FROM worklogs w {_ALONG[wanted.order.by]} WHERE {span.text} ORDER BY {wanted.order.sql} "
        "LIMIT 1 OFFSET ?",
        (*span.parameters, most),
    )
    if last is None:
        return _along(store, wanted)
    found = _along(store, wanted._replace(span=span.plus(wanted.order.until(), *last)))
    return found if len(found) == wanted.limit else None


def _merged(store: Store, wanted: _Wanted, noun: str, ids: Iterable[int]) -> list[int]:
    """From the first rows of each author, issue or project."""
    column, index = f"w.{noun}_id", f"INDEXED BY worklogs_{noun}"
    values = sorted(set(ids))
    if len(values) == 1:
        return _selected(store, wanted, index, Condition().plus(f"{column} = ?", values[0]))
    condition = wanted.span.plus(wanted.condition)
    # Only the first so many of each can be among the first so many of all.
    first = (
        f"SELECT w.id FROM worklogs w {index} WHERE {column} = one.value AND {condition.text} "
        f"ORDER BY {wanted.order.sql} LIMIT ?"
    )
    rows = store.all(
        f"SELECT w.id FROM json_each(?) one CROSS JOIN worklogs w WHERE w.id IN ({first}) "
        f"ORDER BY {wanted.order.sql} LIMIT ? OFFSET ?",
        (listed(values), *condition.parameters, wanted.offset + wanted.limit, wanted.limit, wanted.offset),
    )
    return [row[0] for row in rows]
