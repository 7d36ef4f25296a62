"""Permission roles made by hand as a page lists them: found by name, team or user, with the first of their users and teams."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from mock_server.storage.patterns import literal
from mock_server.storage.permission_roles import PermissionRole
from mock_server.storage.store import Store

_FOUND = (
    "FROM permission_roles r WHERE r.built_in IS NULL AND (?1 = '' OR r.name LIKE ?2 ESCAPE '\\' OR EXISTS ("
    "SELECT 1 FROM permission_role_teams t JOIN teams ON teams.id = t.team_id "
    "WHERE t.permission_role_id = r.id AND teams.name LIKE ?2 ESCAPE '\\')) AND (?3 = '' OR r.id IN ("
    "WITH asked(id) AS (SELECT id FROM people WHERE name LIKE ?4 ESCAPE '\\' OR email LIKE ?4 ESCAPE '\\' "
    "OR display_name LIKE ?4 ESCAPE '\\' OR display_name LIKE ?5 ESCAPE '\\') "
    "SELECT permission_role_id FROM permission_role_holders WHERE person_id IN asked UNION SELECT h.permission_role_id "
    "FROM permission_role_holders h WHERE h.group_id IN (SELECT group_id FROM group_members WHERE person_id IN asked)))"
)
_HOLDERS = (
    "SELECT person_id FROM permission_role_holders WHERE permission_role_id = r.value AND person_id IS NOT NULL UNION ALL "
    "SELECT m.person_id FROM permission_role_holders h JOIN group_members m ON m.group_id = h.group_id "
    "WHERE h.permission_role_id = r.value"
)
_TEAMS = "SELECT team_id FROM permission_role_teams WHERE permission_role_id = r.value"


class Some(NamedTuple):
    """The first few of a role's users or teams, by name, and how many there are."""

    names: list[str]
    total: int


NONE = Some([], 0)


def count(store: Store, text: str, user: str) -> int:
    """How many roles ``found`` would list without a limit."""
    values = _values(text, user)
    number: int = store.value(f"SELECT count(*) {_FOUND}", values) if values else 0
    return number


def found(store: Store, text: str, user: str, offset: int, limit: int) -> list[PermissionRole]:
    """Roles with the text in their name or in that of a team of theirs, in any case, by name and then id.

    ``user`` is how a name, a word of a display name or an e-mail address begins of somebody who holds the role, be it
    through a group. An empty text is everything.
    """
    values = _values(text, user)
    if values is None:
        return []
    columns = "r.id, r.name, r.team_id, r.built_in, r.access_type"
    sql = f"SELECT {columns} {_FOUND} ORDER BY r.name COLLATE NOCASE, r.id LIMIT ?6 OFFSET ?7"
    return [PermissionRole._make(row) for row in store.all(sql, (*values, limit, offset))]


def count_before(store: Store, role: PermissionRole) -> int:
    """How many roles stand before this one in the list of all."""
    number: int = store.value(
        "SELECT count(*) FROM permission_roles WHERE built_in IS NULL AND (name COLLATE NOCASE, id) < (?1 COLLATE NOCASE, ?2)",
        (role.name, role.id),
    )
    return number


def keys(store: Store, role_ids: Sequence[int]) -> dict[int, list[str]]:
    """Role id -> the keys that the role gives; roles without any are left out."""
    held: dict[int, list[str]] = {}
    sql = (
        "SELECT permission_role_id, key FROM permission_role_keys WHERE permission_role_id IN (SELECT value FROM json_each(?))"
    )
    for role_id, key in store.all(sql, (json.dumps(role_ids),)):
        held.setdefault(role_id, []).append(key)
    return held


def users(store: Store, role_ids: Sequence[int], limit: int) -> dict[int, Some]:
    """Role id -> the display names of the first who hold it, be it through a group."""
    return _some(store, f"display_name AS name FROM people WHERE id IN ({_HOLDERS})", _HOLDERS, role_ids, limit)


def teams(store: Store, role_ids: Sequence[int], limit: int) -> dict[int, Some]:
    """Role id -> the names of the first teams it is over."""
    return _some(store, f"name FROM teams WHERE id IN ({_TEAMS})", _TEAMS, role_ids, limit)


def _some(store: Store, named: str, listed: str, role_ids: Sequence[int], limit: int) -> dict[int, Some]:
    """``listed`` selects the ids of what a role has, ``named`` their names."""
    # Windows over all at once sort thousands of names to show a few.
    rows = store.all(
        f"SELECT r.value, (SELECT json_group_array(name) FROM (SELECT {named} ORDER BY 1 COLLATE NOCASE, id LIMIT ?2)), "
        f"(SELECT count(*) FROM (SELECT DISTINCT * FROM ({listed}))) FROM json_each(?1) r",
        (json.dumps(role_ids), limit),
    )
    return {role_id: Some(json.loads(names), total) for role_id, names, total in rows}


def _values(text: str, user: str) -> tuple[str, ...] | None:
    """The first five parameters of ``_FOUND``; None for a text longer than anything it could be in."""
    pattern, begins = literal(text), literal(user)
    if pattern is None or begins is None:
        return None
    return text, f"%{pattern}%", user, f"{begins}%", f"% {begins}%"
