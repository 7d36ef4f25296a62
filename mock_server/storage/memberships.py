"""Memberships: the periods for which a person is in a team, with role and availability."""

from datetime import date
from typing import NamedTuple

from mock_server.storage.roles import Role
from mock_server.storage.store import Row, Store

_SELECT = (
    "SELECT s.id, s.member_id, m.team_id, r.id, r.name, r.is_default, s.start_date, s.end_date, s.availability "
    "FROM memberships s JOIN members m ON m.id = s.member_id JOIN roles r ON r.id = s.role_id"
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
