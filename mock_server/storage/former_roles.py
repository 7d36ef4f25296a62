"""Permission roles as they stood at an earlier moment, from the rows of today and the audit trail undone that far."""

import json
from collections.abc import Mapping
from types import MappingProxyType

from mock_server.storage.store import Row, Store

_COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "permission_roles": ("id", "access_type"),
        "permission_role_keys": ("permission_role_id", "key"),
        "permission_role_holders": ("permission_role_id", "person_id", "group_id"),
        "permission_role_teams": ("permission_role_id", "team_id"),
        "group_members": ("group_id", "person_id"),
    }
)
"""What decides who holds what. Of each table the columns that matter, a key among them."""


def held(store: Store, person_id: int, key: str | None, moment: str) -> tuple[bool, frozenset[int]] | None:
    """What ``permission_roles.held`` would have answered at a moment (ISO 8601, UTC); None when it is the same as now.

    Changes from outside any call are none of the world's own and count at once.
    """
    events = store.all(
        "SELECT noun, before, after FROM audit_events WHERE at > ? AND face <> 'outside' "
        "AND noun IN (SELECT value FROM json_each(?)) ORDER BY id DESC",
        (moment, json.dumps(list(_COLUMNS))),
    )
    if not events:
        return None
    rows = {table: set(store.all(f"SELECT {', '.join(columns)} FROM {table}")) for table, columns in _COLUMNS.items()}
    for table, before, after in events:
        if after:
            rows[table].discard(_row(table, after))
        if before:
            rows[table].add(_row(table, before))
    access = {row[0]: row[1] for row in rows["permission_roles"]}
    groups = {group for group, member in rows["group_members"] if member == person_id}
    mine = {role for role, holder, group in rows["permission_role_holders"] if holder == person_id or group in groups}
    if key:
        mine &= {role for role, given in rows["permission_role_keys"] if given == key}
    team_ids = frozenset(team for role, team in rows["permission_role_teams"] if role in mine and access.get(role) == "TEAM")
    return any(access.get(role) == "GLOBAL" for role in mine), team_ids


def _row(table: str, values: str) -> Row:
    found = json.loads(values)
    return tuple(found[column] for column in _COLUMNS[table])
