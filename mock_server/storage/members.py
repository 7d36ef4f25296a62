"""Team members (a person or a group in a team) with the row of the person or group."""

from collections.abc import Sequence
from typing import NamedTuple

from mock_server.storage.groups import Group
from mock_server.storage.people import JOINED, Person
from mock_server.storage.store import Store

_SELECT = (
    f"SELECT m.id, m.team_id, {JOINED}, g.id, g.name, g.group_id FROM members m "
    "LEFT JOIN people p ON p.id = m.person_id LEFT JOIN groups g ON g.id = m.group_id"
)


class Member(NamedTuple):
    """A member of a team: exactly one of ``person`` and ``group`` is set."""

    id: int
    team_id: int
    person: Person | None
    group: Group | None


class GroupUser(NamedTuple):
    """A person who belongs to a team through groups. ``link_id`` is the row of the first group's membership."""

    link_id: int
    team_id: int
    person: Person
    group_names: tuple[str, ...]


def _member(row: Sequence[object]) -> Member:
    return Member(
        row[0],  # type: ignore[arg-type]
        row[1],  # type: ignore[arg-type]
        Person._make(row[2:12]) if row[2] is not None else None,
        Group._make(row[12:15]) if row[12] is not None else None,
    )


def get(store: Store, member_id: int) -> Member | None:
    """By id."""
    row = store.one(f"{_SELECT} WHERE m.id = ?", (member_id,))
    return _member(row) if row else None


def people_of(store: Store, team_id: int) -> list[Member]:
    """The people added directly to a team, by member id."""
    return [
        _member(row) for row in store.all(f"{_SELECT} WHERE m.team_id = ? AND m.person_id NOT NULL ORDER BY m.id", (team_id,))
    ]


def groups_of(store: Store, team_id: int) -> list[Member]:
    """The groups added to a team, by member id."""
    return [
        _member(row) for row in store.all(f"{_SELECT} WHERE m.team_id = ? AND m.group_id NOT NULL ORDER BY m.id", (team_id,))
    ]


def of_person(store: Store, person_id: int) -> list[Member]:
    """Every direct membership of a person in a team, by member id."""
    return [_member(row) for row in store.all(f"{_SELECT} WHERE m.person_id = ? ORDER BY m.id", (person_id,))]


def group_users_of(store: Store, team_id: int) -> list[GroupUser]:
    """People who are in the team only through its groups, each once, by ``link_id``.

    Somebody in several groups goes by the one that came into the team first, so that a further group changes no id.
    """
    rows = store.all(
        f"SELECT l.id, g.name, {JOINED} FROM members m JOIN groups g ON g.id = m.group_id "
        "JOIN group_members l ON l.group_id = g.id JOIN people p ON p.id = l.person_id "
        "WHERE m.team_id = ?1 AND NOT EXISTS (SELECT 1 FROM members d WHERE d.team_id = ?1 AND d.person_id = p.id) "
        "ORDER BY m.id, l.id",
        (team_id,),
    )
    found: dict[int, GroupUser] = {}
    for row in rows:
        person = Person._make(row[2:])
        known = found.get(person.id)
        if known:
            found[person.id] = known._replace(group_names=(*known.group_names, row[1]))
        else:
            found[person.id] = GroupUser(row[0], team_id, person, (row[1],))
    return sorted(found.values(), key=lambda user: user.link_id)


def is_member(store: Store, team_id: int, person_id: int | None, group_id: int | None) -> bool:
    """Whether the person or the group was added to the team directly."""
    found: object = store.value(
        "SELECT 1 FROM members WHERE team_id = ? AND (person_id = ? OR group_id = ?)", (team_id, person_id, group_id)
    )
    return found is not None


def id_of(store: Store, team_id: int, person_id: int) -> int | None:
    """The member id of somebody who was added to the team directly, or None."""
    found: int | None = store.value("SELECT id FROM members WHERE team_id = ? AND person_id = ?", (team_id, person_id))
    return found


def add(store: Store, team_id: int, person_id: int | None, group_id: int | None) -> int:
    """A new member without memberships; answers its id."""
    return store.insert("INSERT INTO members (team_id, person_id, group_id) VALUES (?, ?, ?)", (team_id, person_id, group_id))


def remove(store: Store, member_id: int) -> None:
    """The member and its memberships."""
    store.run("DELETE FROM members WHERE id = ?", (member_id,))
