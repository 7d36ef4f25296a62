"""Team permissions of the older kind: keys that modules bring, and who holds each on a team."""

from collections.abc import Iterable
from typing import NamedTuple

from mock_server.storage.groups import Group
from mock_server.storage.people import JOINED, Person
from mock_server.storage.store import Store


class TeamPermission(NamedTuple):
    """A permission key with the words and the weight it is shown with."""

    key: str
    name: str
    description: str
    weight: int


def get(store: Store, key: str) -> TeamPermission | None:
    """By key."""
    row = store.one("SELECT key, name, description, weight FROM team_permissions WHERE key = ?", (key,))
    return TeamPermission._make(row) if row else None


def every(store: Store) -> list[TeamPermission]:
    """All, the lightest first."""
    rows = store.all("SELECT key, name, description, weight FROM team_permissions ORDER BY weight, key")
    return [TeamPermission._make(row) for row in rows]


def people_holding(store: Store, team_id: int, key: str) -> list[Person]:
    """The people listed as holders, in the order they were listed."""
    rows = store.all(
        f"SELECT {JOINED} "
        "FROM team_permission_holders h JOIN people p ON p.id = h.person_id "
        "WHERE h.team_id = ? AND h.permission = ? ORDER BY h.id",
        (team_id, key),
    )
    return [Person._make(row) for row in rows]


def groups_holding(store: Store, team_id: int, key: str) -> list[Group]:
    """The groups listed as holders, in the order they were listed."""
    rows = store.all(
        "SELECT g.id, g.name, g.group_id FROM team_permission_holders h JOIN groups g ON g.id = h.group_id "
        "WHERE h.team_id = ? AND h.permission = ? ORDER BY h.id",
        (team_id, key),
    )
    return [Group._make(row) for row in rows]


def replace(store: Store, team_id: int, key: str, person_ids: Iterable[int], group_ids: Iterable[int]) -> None:
    """Make exactly these the holders, in this order."""
    store.run("DELETE FROM team_permission_holders WHERE team_id = ? AND permission = ?", (team_id, key))
    for person_id in person_ids:
        store.insert(
            "INSERT INTO team_permission_holders (team_id, permission, person_id) VALUES (?, ?, ?)", (team_id, key, person_id)
        )
    for group_id in group_ids:
        store.insert(
            "INSERT INTO team_permission_holders (team_id, permission, group_id) VALUES (?, ?, ?)", (team_id, key, group_id)
        )
