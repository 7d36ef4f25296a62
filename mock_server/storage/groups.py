"""Jira groups and who is in them."""

from typing import NamedTuple

from mock_server.storage.people import JOINED, Person
from mock_server.storage.store import Store


class Group(NamedTuple):
    """A Jira group. ``group_id`` is the uuid that Jira Cloud knows it by."""

    id: int
    name: str
    group_id: str


def by_name(store: Store, name: str) -> Group | None:
    """By name, in any case."""
    row = store.one("SELECT id, name, group_id FROM groups WHERE name = ?", (name,))
    return Group._make(row) if row else None


def every(store: Store) -> list[Group]:
    """All groups, by name."""
    return [Group._make(row) for row in store.all("SELECT id, name, group_id FROM groups ORDER BY name")]


def of_person(store: Store, person_id: int) -> list[Group]:
    """The groups a person is in, by name."""
    rows = store.all(
        "SELECT g.id, g.name, g.group_id FROM group_members m JOIN groups g ON g.id = m.group_id "
        "WHERE m.person_id = ? ORDER BY g.name",
        (person_id,),
    )
    return [Group._make(row) for row in rows]


def global_permissions(store: Store, group_id: int) -> frozenset[str]:
    """The global permissions that a group holds."""
    rows = store.all("SELECT permission FROM global_permissions WHERE group_id = ?", (group_id,))
    return frozenset(row[0] for row in rows)


def members(store: Store, group_id: int, include_inactive: bool, offset: int, limit: int) -> list[Person]:
    """A page of the people in a group, by login name."""
    rows = store.all(
        f"SELECT {JOINED} "
        "FROM group_members m JOIN people p ON p.id = m.person_id WHERE m.group_id = ? AND (p.active OR ?) "
        "ORDER BY p.name LIMIT ? OFFSET ?",
        (group_id, include_inactive, limit, offset),
    )
    return [Person._make(row) for row in rows]


def count_members(store: Store, group_id: int, include_inactive: bool) -> int:
    """How many people ``members`` would list without a limit."""
    number: int = store.value(
        "SELECT count(*) FROM group_members m JOIN people p ON p.id = m.person_id WHERE m.group_id = ? AND (p.active OR ?)",
        (group_id, include_inactive),
    )
    return number
