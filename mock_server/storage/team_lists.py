"""Teams and the people in them as lists that are shown in pages: found, counted and cut here."""

import json
from collections.abc import Collection
from typing import NamedTuple

from mock_server.storage.patterns import literal
from mock_server.storage.store import Store

_LISTED = """
WITH listed AS (
  SELECT p.id AS person_id, p.name, p.display_name, p.account_id, p.active, m.id AS member_id, s.id AS membership_id,
    r.name AS role, s.start_date, s.end_date, s.availability, '' AS group_names,
    CASE WHEN s.id IS NULL THEN 'none' WHEN coalesce(s.end_date, '9999-12-31') < ?2 THEN 'previous'
      WHEN coalesce(s.start_date, '') > ?2 THEN 'upcoming' ELSE 'current' END AS status
  FROM members m JOIN people p ON p.id = m.person_id LEFT JOIN memberships s ON s.member_id = m.id
    LEFT JOIN roles r ON r.id = s.role_id
  WHERE m.team_id = ?1
  UNION ALL
  SELECT p.id, p.name, p.display_name, p.account_id, p.active, NULL, NULL, NULL, NULL, NULL, NULL,
    group_concat(g.name, ', '), 'group'
  FROM members m JOIN groups g ON g.id = m.group_id JOIN group_members l ON l.group_id = g.id
    JOIN people p ON p.id = l.person_id
  WHERE m.team_id = ?1 AND p.id NOT IN (SELECT person_id FROM members WHERE team_id = ?1 AND person_id NOT NULL)
  GROUP BY p.id
)
"""
_WANTED = (
    "FROM listed WHERE (?3 = '' OR status = ?3) "
    "AND (name LIKE ?4 ESCAPE '\\' OR display_name LIKE ?4 ESCAPE '\\' OR account_id = ?5)"
)


class TeamFacts(NamedTuple):
    """What a list tells of a team beside itself: names or None, and how many people are in it on a day."""

    lead: str | None
    program: str | None
    members: int


class ListedMember(NamedTuple):
    """A period of somebody in a team; or somebody without one, whose ``status`` is none, or group for who comes with groups.

    Days are ``yyyy-MM-dd`` or None for open, ``availability`` is percent. ``status`` is current, previous or upcoming else.
    """

    person_id: int
    name: str
    display_name: str
    account_id: str
    active: int
    member_id: int | None
    membership_id: int | None
    role: str | None
    start: str | None
    end: str | None
    availability: int | None
    group_names: str
    status: str


def ids_with_text(store: Store, text: str) -> frozenset[int]:
    """Teams with the text, in any case, anywhere in their name, or in that of somebody added to them directly."""
    pattern = literal(text)
    if pattern is None:
        return frozenset()
    rows = store.all(
        "SELECT id FROM teams WHERE name LIKE ?1 ESCAPE '\\' UNION SELECT m.team_id FROM members m "
        "JOIN people p ON p.id = m.person_id WHERE p.name LIKE ?1 ESCAPE '\\' OR p.display_name LIKE ?1 ESCAPE '\\'",
        (f"%{pattern}%",),
    )
    return frozenset(row[0] for row in rows)


def facts(store: Store, team_ids: Collection[int], day: str) -> dict[int, TeamFacts]:
    """Team id -> what the list tells of it on a day (``yyyy-MM-dd``)."""
    rows = store.all(
        "SELECT t.id, p.display_name, g.name, (SELECT count(DISTINCT m.id) FROM members m "
        "JOIN memberships s ON s.member_id = m.id WHERE m.team_id = t.id AND m.person_id NOT NULL "
        "AND coalesce(s.start_date, '') <= ?2 AND coalesce(s.end_date, '9999-12-31') >= ?2) "
        "FROM teams t LEFT JOIN people p ON p.id = t.lead_id LEFT JOIN programs g ON g.id = t.program_id "
        "WHERE t.id IN (SELECT value FROM json_each(?1))",
        (json.dumps(list(team_ids)), day),
    )
    return {row[0]: TeamFacts(*row[1:]) for row in rows}


def count_members(store: Store, team_id: int, day: str, status: str, text: str) -> int:
    """How many lines ``members`` has without a limit."""
    pattern = literal(text)
    if pattern is None:
        return 0
    number: int = store.value(f"{_LISTED} SELECT count(*) {_WANTED}", (team_id, day, status, f"%{pattern}%", text))
    return number


def members(store: Store, team_id: int, day: str, status: str, text: str, offset: int, limit: int) -> list[ListedMember]:
    """The people of a team by display name, each with all their periods, the earliest first.

    ``status`` as of ``ListedMember`` on a day (``yyyy-MM-dd``), empty for all; ``text`` is a part of a name, in any case, or
    the whole of an accountId, empty for all.
    """
    pattern = literal(text)
    if pattern is None:
        return []
    rows = store.all(
        f"{_LISTED} SELECT person_id, name, display_name, account_id, active, member_id, membership_id, role, start_date, "
        f"end_date, availability, group_names, status {_WANTED} "
        "ORDER BY display_name COLLATE NOCASE, person_id, coalesce(start_date, ''), membership_id LIMIT ?6 OFFSET ?7",
        (team_id, day, status, f"%{pattern}%", text, limit, offset),
    )
    return [ListedMember._make(row) for row in rows]
