"""Permission roles made by hand as a page lists them: found by name, team or user, with the first of their users and teams."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from mock_server.storage.patterns import literal
from mock_server.storage.permission_roles import PermissionRole
from mock_server.storage.store import Store

_HOLDERS = (
    "SELECT permission_role_id, person_id FROM permission_role_holders WHERE person_id IS NOT NULL UNION "
    "SELECT h.permission_role_id, m.person_id FROM permission_role_holders h JOIN group_members m ON m.group_id = h.group_id"
)
_FOUND = (
    "FROM permission_roles r WHERE r.built_in IS NULL AND (?1 = '' OR r.name LIKE ?2 ESCAPE '\\' OR EXISTS ("
    "SELECT 1 FROM permission_role_teams t JOIN teams ON teams.id = t.team_id "
    "WHERE t.permission_role_id = r.id AND teams.name LIKE ?2 ESCAPE '\\')) AND (?3 = '' OR r.id IN ("
    f"SELECT h.permission_role_id FROM people p JOIN ({_HOLDERS}) h ON h.person_id = p.id WHERE p.name LIKE ?4 ESCAPE '\\' "
    "OR p.email LIKE ?4 ESCAPE '\\' OR p.display_name LIKE ?4 ESCAPE '\\' OR p.display_name LIKE ?5 ESCAPE '\\'))"
)


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
    """Role id -> the display names of the first who hold it, be it through a group; roles of nobody are left out."""
    return _some(
        store,
        f"SELECT h.permission_role_id, p.display_name, p.id FROM ({_HOLDERS}) h JOIN people p ON p.id = h.person_id",
        role_ids,
        limit,
    )


def teams(store: Store, role_ids: Sequence[int], limit: int) -> dict[int, Some]:
    """Role id -> the names of the first teams it is over; roles over none are left out."""
    return _some(
        store,
        "SELECT h.permission_role_id, t.name, t.id FROM permission_role_teams h JOIN teams t ON t.id = h.team_id",
        role_ids,
        limit,
    )


def _some(store: Store, joined: str, role_ids: Sequence[int], limit: int) -> dict[int, Some]:
    """``joined`` selects role id, name and id."""
    rows = store.all(
        f"WITH named(role_id, name, id) AS ({joined} WHERE h.permission_role_id IN (SELECT value FROM json_each(?1))) "
        "SELECT role_id, name, total FROM (SELECT role_id, name, id, count(*) OVER (PARTITION BY role_id) AS total, "
        "row_number() OVER (PARTITION BY role_id ORDER BY name COLLATE NOCASE, id) AS place FROM named) "
        "WHERE place <= ?2 ORDER BY role_id, place",
        (json.dumps(role_ids), limit),
    )
    some: dict[int, Some] = {}
    for role_id, name, total in rows:
        some.setdefault(role_id, Some([], total)).names.append(name)
    return some


def _values(text: str, user: str) -> tuple[str, ...] | None:
    """The first five parameters of ``_FOUND``; None for a text longer than anything it could be in."""
    pattern, begins = literal(text), literal(user)
    if pattern is None or begins is None:
        return None
    return text, f"%{pattern}%", user, f"{begins}%", f"% {begins}%"
