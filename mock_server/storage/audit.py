"""Every change of a row becomes an audit event: who, by which call, what stood there before and after.

Triggers do it, not the callers: no face and no future noun can forget. ``store.transaction`` tells the triggers who is
acting; a change made outside any call (seeding, a person with the ``sqlite3`` command) is recorded as such. Rows that one
transaction changed have one number in common, ``change``.
"""

import json
from typing import Any, NamedTuple

from mock_server.storage.store import Store

UNAUDITED = frozenset(
    {"audit_context", "audit_events", "world", "sqlite_sequence", "_sqlite_migrations", "worklog_arrivals",
     "jira_deleted_worklogs", "jira_day_worklogs", "gathered_items", "connect_job_people"}
)  # fmt: skip
"""Bookkeeping: what it tells stands in the events of the rows it is about."""
SECRET = frozenset({"password_hash", "token_hash", "secret_hash", "code_hash", "access_hash", "refresh_hash", "digest"})
"""Columns that never reach an audit event, hashed or not."""


class AuditEvent(NamedTuple):
    """One changed row. ``at`` is UTC by the world's clock; ``before`` and ``after`` are JSON objects or None."""

    id: int
    at: str
    who: str
    face: str
    call: str
    noun: str
    verb: str
    row_id: str
    before: str | None
    after: str | None


_COLUMNS = ", ".join(AuditEvent._fields)


def install(store: Store) -> None:
    """Write the triggers anew for every audited table; called after migrations, so a new column is never missed."""
    for (name,) in store.all("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit_%'"):
        store.run(f'DROP TRIGGER "{name}"')
    # Tables of an older version have no numbers of changes.
    is_numbered = any(row[1] == "change" for row in store.all("PRAGMA table_info(audit_context)"))
    if is_numbered:
        store.run("DROP TRIGGER IF EXISTS next_change")
        store.run(
            "CREATE TRIGGER next_change AFTER UPDATE OF who ON audit_context BEGIN "
            "UPDATE audit_context SET change = change + 1; END"
        )
    for (table,) in store.all("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"):
        if table not in UNAUDITED:
            _watch(store, table, ", change" if is_numbered else "")


def _watch(store: Store, table: str, number: str) -> None:
    info = store.all(f'PRAGMA table_info("{table}")')
    columns = [row[1] for row in info if row[1] not in SECRET]
    keys = [row[1] for row in sorted(info, key=lambda row: row[5]) if row[5]]

    def as_json(row: str) -> str:
        return "json_object(" + ", ".join(f"'{c}', {row}.\"{c}\"" for c in columns) + ")"

    for verb, row_id, before, after in (
        ("insert", "NEW", "NULL", as_json("NEW")),
        ("update", "NEW", as_json("OLD"), as_json("NEW")),
        ("delete", "OLD", as_json("OLD"), "NULL"),
    ):
        identity = " || '/' || ".join(f'{row_id}."{key}"' for key in keys)
        store.run(
            f'CREATE TRIGGER "audit_{table}_{verb}" AFTER {verb.upper()} ON "{table}" BEGIN '
            f"INSERT INTO audit_events (at, who, face, call, noun, verb, row_id, before, after{number}) "
            "SELECT coalesce(at, strftime('%Y-%m-%dT%H:%M:%SZ', 'now')), coalesce(who, 'nobody'), "
            "coalesce(face, 'outside'), coalesce(call, 'outside'), "
            f"'{table}', '{verb}', {identity}, {before}, {after}{number} FROM audit_context; END"
        )


def record(store: Store, noun: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Tell of a change of what stands in no row of its own: how it was and how it is, both with an ``id``."""
    store.run(
        "INSERT INTO audit_events (at, who, face, call, noun, verb, row_id, before, after, change) "
        "SELECT at, who, face, call, ?, 'update', ?, ?, ?, change FROM audit_context",
        (noun, str(after["id"]), json.dumps(before), json.dumps(after)),
    )


def page(store: Store, after_id: int, limit: int) -> list[AuditEvent]:
    """Events with an id above ``after_id``, oldest first, at most ``limit``."""
    rows = store.all(f"SELECT {_COLUMNS} FROM audit_events WHERE id > ? ORDER BY id LIMIT ?", (after_id, limit))
    return [AuditEvent._make(row) for row in rows]


def forget(store: Store) -> None:
    """Start the record anew; used once, after seeding: a scenario's rows are not changes somebody made."""
    store.run("DELETE FROM audit_events")
    store.run("DELETE FROM sqlite_sequence WHERE name = 'audit_events'")


def count(store: Store) -> int:
    """Number of events kept."""
    value: Any = store.value("SELECT count(*) FROM audit_events")
    return int(value)
