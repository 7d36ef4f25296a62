"""Permission roles (*permission groups* on Data Center): named sets of permission keys and who holds them.

The two built-in roles of a team have no rows for keys and holders: both follow from the team.
"""

from collections.abc import Sequence
from typing import NamedTuple

from mock_server.storage.groups import Group
from mock_server.storage.people import JOINED, Person
from mock_server.storage.store import Store


class PermissionRole(NamedTuple):
    """A permission role of a team; ``built_in`` is lead, member or None."""

    id: int
    name: str
    team_id: int
    built_in: str | None


def of_team(store: Store, team_id: int) -> list[PermissionRole]:
    """The roles of a team, by id."""
    rows = store.all("SELECT id, name, team_id, built_in FROM permission_roles WHERE team_id = ? ORDER BY id", (team_id,))
    return [PermissionRole._make(row) for row in rows]


def keys_of(store: Store, permission_role_id: int) -> frozenset[str]:
    """The permission keys of a role that is not built in."""
    rows = store.all("SELECT key FROM permission_role_keys WHERE permission_role_id = ?", (permission_role_id,))
    return frozenset(row[0] for row in rows)


def people_holding(store: Store, permission_role_id: int) -> list[Person]:
    """The people listed in a role that is not built in, by name."""
    rows = store.all(
        f"SELECT {JOINED} FROM permission_role_holders h JOIN people p ON p.id = h.person_id "
        "WHERE h.permission_role_id = ? ORDER BY p.name",
        (permission_role_id,),
    )
    return [Person._make(row) for row in rows]


def groups_holding(store: Store, permission_role_id: int) -> list[Group]:
    """The groups listed in a role that is not built in, by name."""
    rows = store.all(
        "SELECT g.id, g.name, g.group_id FROM permission_role_holders h JOIN groups g ON g.id = h.group_id "
        "WHERE h.permission_role_id = ? ORDER BY g.name",
        (permission_role_id,),
    )
    return [Group._make(row) for row in rows]


def is_granted(store: Store, team_id: int, key: str, person_id: int, group_ids: Sequence[int]) -> bool:
    """Whether a role of the team that is not built in gives the key to the person or one of the groups."""
    marks = ", ".join("?" * len(group_ids))
    found: object = store.value(
        "SELECT 1 FROM permission_roles r JOIN permission_role_keys k ON k.permission_role_id = r.id "
        "JOIN permission_role_holders h ON h.permission_role_id = r.id "
        f"WHERE r.team_id = ? AND k.key = ? AND (h.person_id = ? OR h.group_id IN ({marks})) LIMIT 1",
        (team_id, key, person_id, *group_ids),
    )
    return found is not None


def add_built_in(store: Store, team_id: int) -> None:
    """The two roles that every team has."""
    for name, built_in in (("Team Lead", "lead"), ("Member", "member")):
        store.insert("INSERT INTO permission_roles (name, team_id, built_in) VALUES (?, ?, ?)", (name, team_id, built_in))
