"""Memberships: the periods for which a person is in a team, with role and availability."""

import json
from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from mock_server.storage.roles import Role
from mock_server.storage.store import Row, Store

_SELECT = (
    "SELECT s.id, s.member_id, m.team_id, r.id, r.name, r.is_default, s.start_date, s.end_date, s.availability "
    "FROM memberships s JOIN members m ON m.id = s.member_id JOIN roles r ON r.id = s.role_id"
)


_PLACED = (
    "SELECT s.id, s.member_id, m.team_id, r.id, r.name, r.is_default, s.start_date, s.end_date, s.availability, "
    "p.account_id, t.name FROM memberships s JOIN members m ON m.id = s.member_id JOIN roles r ON r.id = s.role_id "
    "JOIN people p ON p.id = m.person_id JOIN teams t ON t.id = m.team_id"
)


class Membership(NamedTuple):
    """One period. ``start`` and ``end`` are inclusive days, None is open; ``availability`` is percent, 0 to 100."""

    id: int
    member_id: int
    team_id: int
    role: Role
    start: date | None
    end: date | None
    availability: int


def _membership(row: Row) -> Membership:
    return Membership(
        row[0],
        row[1],
        row[2],
        Role._make(row[3:6]),
        date.fromisoformat(row[6]) if row[6] else None,
        date.fromisoformat(row[7]) if row[7] else None,
        row[8],
    )


def _placed(row: Row) -> "Placed":
    return Placed(_membership(row), row[9], row[10])


def get(store: Store, membership_id: int) -> Membership | None:
    """By id."""
    row = store.one(f"{_SELECT} WHERE s.id = ?", (membership_id,))
    return _membership(row) if row else None


def of_member(store: Store, member_id: int) -> list[Membership]:
    """All periods of one member, earliest first."""
    rows = store.all(f"{_SELECT} WHERE s.member_id = ? ORDER BY coalesce(s.start_date, ''), s.id", (member_id,))
    return [_membership(row) for row in rows]


def of_team(store: Store, team_id: int) -> list[Membership]:
    """All periods of all members of a team, by member and then earliest first."""
    rows = store.all(f"{_SELECT} WHERE m.team_id = ? ORDER BY s.member_id, coalesce(s.start_date, ''), s.id", (team_id,))
    return [_membership(row) for row in rows]


class Placed(NamedTuple):
    """A period with whose it is and the name of the team."""

    membership: Membership
    account_id: str
    team_name: str


def placed(store: Store, membership_id: int) -> Placed | None:
    """By id, with person and team."""
    row = store.one(f"{_PLACED} WHERE s.id = ?", (membership_id,))
    return _placed(row) if row else None


def search(
    store: Store,
    team_ids: Collection[int],
    account_ids: Collection[str],
    role_ids: Collection[int],
    offset: int = 0,
    limit: int = -1,
) -> list[Placed]:
    """The periods in these teams, past ones too, by id: of these people and in these roles; of all where those are empty.

    A negative ``limit`` is none.
    """
    rows = store.all(
        f"{_PLACED} WHERE m.team_id IN (SELECT value FROM json_each(?1)) "
        "AND (?2 = '[]' OR p.account_id IN (SELECT value FROM json_each(?2))) "
        "AND (?3 = '[]' OR s.role_id IN (SELECT value FROM json_each(?3))) ORDER BY s.id LIMIT ?4 OFFSET ?5",
        (json.dumps(list(team_ids)), json.dumps(list(account_ids)), json.dumps(list(role_ids)), limit, offset),
    )
    return [_placed(row) for row in rows]


def teams_of(store: Store, person_id: int, start: str, end: str) -> frozenset[int]:
    """The teams that somebody is in on a day from ``start`` to ``end`` (``yyyy-MM-dd``)."""
    rows = store.all(
        "SELECT DISTINCT m.team_id FROM members m JOIN memberships s ON s.member_id = m.id WHERE m.person_id = ? "
        "AND coalesce(s.start_date, '') <= ? AND coalesce(s.end_date, '9999-99') >= ?",
        (person_id, end, start),
    )
    return frozenset(row[0] for row in rows)


def present(store: Store, team_id: int, day: date) -> list[Placed]:
    """The periods in a team that contain a day, by member and then id."""
    rows = store.all(
        f"{_PLACED} WHERE m.team_id = ?1 AND coalesce(s.start_date, '') <= ?2 AND coalesce(s.end_date, '9999-12-31') >= ?2 "
        "ORDER BY s.member_id, s.id",
        (team_id, day.isoformat()),
    )
    return [_placed(row) for row in rows]


def add(store: Store, member_id: int, role_id: int, start: date | None, end: date | None, availability: int) -> int:
    """A new period; answers its id."""
    return store.insert(
        "INSERT INTO memberships (member_id, role_id, start_date, end_date, availability) VALUES (?, ?, ?, ?, ?)",
        (member_id, role_id, start and start.isoformat(), end and end.isoformat(), availability),
    )


def change(store: Store, membership_id: int, role_id: int, start: date | None, end: date | None, availability: int) -> None:
    """Set every column of a period."""
    store.run(
        "UPDATE memberships SET role_id = ?, start_date = ?, end_date = ?, availability = ? WHERE id = ?",
        (role_id, start and start.isoformat(), end and end.isoformat(), availability, membership_id),
    )


def remove(store: Store, membership_id: int) -> None:
    """One period."""
    store.run("DELETE FROM memberships WHERE id = ?", (membership_id,))
