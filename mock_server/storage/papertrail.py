"""The audit trail read as a feed: by time, by what was changed and how, by whom, and whose work it was.

A page is put together from one short search per kind of change, each found by its index: kinds with few rows among a
million others cost no more than they have rows.
"""

import heapq
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from types import MappingProxyType
from typing import NamedTuple

from mock_server.storage.store import Store

MOST_SINGLE = 20
"""Workers, or authors, that are searched one by one; more of them are looked for among all changes of the kind."""

_INTERNAL = "(json_extract(before, '$.is_internal') OR json_extract(after, '$.is_internal'))"
_WAS, _IS = "coalesce(json_extract(before, '$.is_internal'), 0)", "coalesce(json_extract(after, '$.is_internal'), 0)"
_FROM_JIRA = "face IN ('jira', 'jira_cloud', 'domain')"
_IS_WORK = " AND ".join(
    f"json_extract(before, '$.{name}') IS json_extract(after, '$.{name}')" for name in ("in_jira", "jira_id")
)
_CONDITIONS = MappingProxyType(
    {
        "": "1",
        "internal": f"{_INTERNAL}",
        "made internal": f"{_INTERNAL} AND NOT {_WAS} AND {_IS}",
        "no longer internal": f"{_INTERNAL} AND {_WAS} AND NOT {_IS}",
        "internal as before": f"{_INTERNAL} AND {_WAS} AND {_IS} "
        "AND (json_extract(before, '$.key') <> json_extract(after, '$.key') "
        "OR json_extract(before, '$.summary') <> json_extract(after, '$.summary'))",
        "not built in": "json_extract(coalesce(after, before), '$.built_in') IS NULL",
        # How Jira has a worklog, and under which id, is told by a change of its own, which is none of the work.
        "through Jira": f"{_FROM_JIRA} AND (before IS NULL OR {_IS_WORK})",
        "not through Jira": f"NOT {_FROM_JIRA} AND (before IS NULL OR {_IS_WORK})",
    }
)
_RARE = ("internal", "made internal", "no longer internal", "internal as before")
_BY_ONE = "who = ?"
_INDEXES = MappingProxyType(
    {
        "through Jira": "INDEXED BY audit_events_jira_worklogs",
        **dict.fromkeys(_RARE, "INDEXED BY audit_events_internal_issues"),
    }
)
"""Which changes have an index of their own, that SQLite would not choose by itself over that of all of their table."""

_WORKERS = MappingProxyType({"worklogs": "author_id", "plans": "person_id"})
_PARTS = (
    "noun IN ('worklog_attributes', 'plan_removed_days', 'permission_role_keys', 'permission_role_holders', "
    "'permission_role_teams')"
)


class Source(NamedTuple):
    """A kind of change: of which table, insert, update or delete, and which of these (``""`` is all)."""

    noun: str
    verb: str
    only: str = ""


class Change(NamedTuple):
    """A changed row. ``at`` is ISO 8601 in UTC, ``before`` and ``after`` are JSON objects or None, ``change`` numbers what
    one transaction did."""

    at: str
    id: int
    who: str
    face: str
    before: str | None
    after: str | None
    change: int | None
    source: Source


class Part(NamedTuple):
    """A changed row that belongs to another one: an attribute of a worklog, a key of a permission role."""

    noun: str
    before: str | None
    after: str | None
    change: int


class Wanted(NamedTuple):
    """Which changes are asked for: from and to a moment (both inclusive, ISO 8601 in UTC with milliseconds), by whom (user
    keys) and of whose work (people's ids), None being everybody; and on which side of a change (its moment and id)."""

    start: str
    end: str | None = None
    who: frozenset[str] | None = None
    workers: frozenset[int] | None = None
    beside: tuple[str, int] | None = None
    newest_first: bool = False


def page(store: Store, sources: Iterable[Source], wanted: Wanted, limit: int) -> list[Change]:
    """At most ``limit`` changes of these kinds, by moment and id."""
    found: list[list[Change]] = []
    for source in sources:
        found.extend(_of_source(store, source, wanted, limit))
    merged = heapq.merge(*found, key=lambda change: (change.at, change.id), reverse=wanted.newest_first)
    return [change for change, _ in zip(merged, range(limit), strict=False)]


def parts(store: Store, changes: Collection[int]) -> list[Part]:
    """What else those transactions changed of rows that belong to others, as it was done."""
    # SQLite would rather read every change of these tables.
    rows = store.all(
        f"SELECT id, noun, before, after, change FROM audit_events INDEXED BY audit_events_parts WHERE {_PARTS} "
        "AND change IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(changes)),),
    )
    return [Part._make(row[1:]) for row in sorted(rows)]


def members(store: Store, member_ids: Collection[int]) -> dict[int, tuple[int, int | None]]:
    """Member id -> team and person (None for a group), also of members who are gone."""
    ids = json.dumps(sorted(member_ids))
    rows = store.all("SELECT id, team_id, person_id FROM members WHERE id IN (SELECT value FROM json_each(?))", (ids,))
    if len(rows) < len(member_ids):
        rows += store.all(
            "SELECT json_extract(before, '$.id'), json_extract(before, '$.team_id'), json_extract(before, '$.person_id') "
            "FROM audit_events WHERE noun = 'members' AND verb = 'delete' AND row_id IN (SELECT value FROM json_each(?))",
            (json.dumps([str(number) for number in member_ids]),),
        )
    return {member_id: (team_id, person_id) for member_id, team_id, person_id in rows}


def _of_source(store: Store, source: Source, wanted: Wanted, limit: int) -> Iterator[list[Change]]:
    if wanted.who is not None and wanted.workers is None and len(wanted.who) <= MOST_SINGLE:
        for who in sorted(wanted.who):
            yield _search(store, source, wanted._replace(who=None), limit, _BY_ONE, (who,))
        return
    if wanted.workers is None:
        yield _search(store, source, wanted, limit)
        return
    column = _WORKERS.get(source.noun)
    if column is None:
        return
    worker = f"json_extract(coalesce(after, before), '$.{column}')"
    if len(wanted.workers) > MOST_SINGLE:
        ids = json.dumps(sorted(wanted.workers))
        yield _search(store, source, wanted, limit, f"{worker} IN (SELECT value FROM json_each(?))", (ids,))
        return
    for person_id in sorted(wanted.workers):
        yield _search(store, source, wanted, limit, f"{worker} = ?", (person_id,))


def _search(
    store: Store, source: Source, wanted: Wanted, limit: int, condition: str = "", values: Sequence[object] = ()
) -> list[Change]:
    # Nouns and verbs stand in the text: only so SQLite sees that an index of one noun will do.
    conditions = [f"noun = '{source.noun}'", f"verb = '{source.verb}'", _CONDITIONS[source.only], "at >= ?"]
    start = wanted.start
    if wanted.beside and not wanted.newest_first:
        # SQLite begins at one bound alone, and would read all that is before the place once more.
        start = max(start, wanted.beside[0])
    given: list[object] = [start]
    for text, value in (("at <= ?", wanted.end), ("who IN (SELECT value FROM json_each(?))", _listed(wanted.who))):
        if value is not None:
            conditions.append(text)
            given.append(value)
    order, beyond = ("DESC", "<") if wanted.newest_first else ("ASC", ">")
    if wanted.beside:
        conditions.append(f"(at, id) {beyond} (?, ?)")
        given.extend(wanted.beside)
    if condition:
        conditions.append(condition)
    index = _INDEXES.get(source.only, "")
    if condition == _BY_ONE and source.only not in _RARE:
        index = "INDEXED BY audit_events_who"
    rows = store.all(
        f"SELECT at, id, who, face, before, after, change FROM audit_events {index} "
        f"WHERE {' AND '.join(conditions)} ORDER BY at {order}, id {order} LIMIT ?",
        (*given, *values, limit),
    )
    return [Change._make((*row, source)) for row in rows]


def _listed(names: frozenset[str] | None) -> str | None:
    return None if names is None else json.dumps(sorted(names))
