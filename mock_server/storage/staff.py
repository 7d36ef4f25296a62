"""Staff: everybody with their schemes, found by what an administrator filters by."""

import json
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from mock_server.storage.patterns import literal
from mock_server.storage.people import JOINED, Person
from mock_server.storage.store import Store

SORTS: Mapping[str, str] = MappingProxyType(
    {
        "name": "p.display_name COLLATE NOCASE",
        "email": "p.email COLLATE NOCASE",
        "location": "p.time_zone",
        "workload-scheme": "w.name COLLATE NOCASE",
        "holiday-scheme": "h.name COLLATE NOCASE",
        "status": "-p.active",
    }
)
"""What staff can be sorted by, with the column."""

_FROM = "people p"
_SCHEMES = (
    " LEFT JOIN workload_scheme_members wm ON wm.person_id = p.id"
    " JOIN workload_schemes w ON w.id = coalesce(wm.scheme_id, (SELECT id FROM workload_schemes WHERE is_default))"
    " LEFT JOIN holiday_scheme_members hm ON hm.person_id = p.id"
    " JOIN holiday_schemes h ON h.id = coalesce(hm.scheme_id, (SELECT id FROM holiday_schemes WHERE is_default))"
)
_TODAY = "coalesce(s.start_date, '') <= :today AND coalesce(s.end_date, '9999-99') >= :today"
_IN_TEAMS = (
    f"SELECT m.person_id FROM members m JOIN memberships s ON s.member_id = m.id WHERE m.person_id NOT NULL AND {_TODAY}"
)
# Whoever was added to a team directly is in it for the periods of that, whatever groups are in it too.
_BY_GROUP = (
    "FROM members m JOIN group_members l ON l.group_id = m.group_id WHERE NOT EXISTS "
    "(SELECT 1 FROM members d WHERE d.team_id = m.team_id AND d.person_id = l.person_id)"
)


class Condition(NamedTuple):
    """Which people are wanted; None and empty texts are any.

    ``active`` is 0 or 1. A team and a role are those of one present membership. ``integration`` is ``failed``,
    ``connected`` or ``none``, at ``provider`` or anywhere.
    """

    text: str = ""
    team_id: int | None = None
    role_id: int | None = None
    group_id: int | None = None
    workload_scheme_id: int | None = None
    holiday_scheme_id: int | None = None
    location: str = ""
    active: int | None = None
    integration: str = ""
    provider: str = ""


class StaffRow(NamedTuple):
    """Somebody with the names of the schemes they are in."""

    person: Person
    workload_scheme: str
    holiday_scheme: str


class TeamRow(NamedTuple):
    """A period of somebody in a team, or, with ``group``, that they are in it by a group. Days are ``yyyy-MM-dd`` or None."""

    person_id: int
    team_name: str
    role_name: str | None
    start: str | None
    end: str | None
    group: str | None


def count(store: Store, condition: Condition, today: str) -> int:
    """How many people are meant. ``today`` is ``yyyy-MM-dd``."""
    where, values = _where(condition, today)
    number: int = store.value(f"SELECT count(*) FROM {_FROM}{_schemes_for(condition)} WHERE {where}", values)
    return number


def ids(store: Store, condition: Condition, today: str) -> list[int]:
    """The row ids of all who are meant, by name."""
    where, values = _where(condition, today)
    rows = store.all(
        f"SELECT p.id FROM {_FROM}{_schemes_for(condition)} WHERE {where} ORDER BY {SORTS['name']}, p.id",
        values,
    )
    return [row[0] for row in rows]


def page(
    store: Store, condition: Condition, today: str, sort: str, is_descending: bool, offset: int, limit: int
) -> list[StaffRow]:
    """At most ``limit`` of them by a key of ``SORTS``; those who are alike in it by name."""
    where, values = _where(condition, today)
    way = " DESC" if is_descending else ""
    joined = f"{_FROM}{_SCHEMES if sort.endswith('scheme') else _schemes_for(condition)}"
    # Only ids are sorted: SQLite keeps the first of them, and reads the rest of a row for those alone.
    found = store.all(
        f"SELECT p.id FROM {joined} WHERE {where} "
        f"ORDER BY {SORTS[sort]}{way}, {SORTS['name']}, p.id LIMIT :limit OFFSET :offset",
        {**values, "limit": limit, "offset": offset},
    )
    return rows(store, [row[0] for row in found])


def rows(store: Store, person_ids: Sequence[int]) -> list[StaffRow]:
    """These people, in this order."""
    found = store.all(
        f"SELECT {JOINED}, w.name, h.name FROM json_each(?) f JOIN people p ON p.id = f.value{_SCHEMES} ORDER BY f.key",
        (json.dumps(list(person_ids)),),
    )
    return [StaffRow(Person._make(row[:10]), row[10], row[11]) for row in found]


def teams(store: Store, person_ids: Iterable[int]) -> list[TeamRow]:
    """All periods of these people in teams, past ones too, by team and beginning."""
    rows = store.all(
        "SELECT m.person_id, t.name AS team, r.name, s.start_date AS begin, s.end_date, NULL AS way FROM members m "
        "JOIN memberships s ON s.member_id = m.id JOIN teams t ON t.id = m.team_id JOIN roles r ON r.id = s.role_id "
        "WHERE m.person_id IN (SELECT value FROM json_each(:people)) "
        "UNION ALL SELECT l.person_id, t.name, NULL, NULL, NULL, g.name FROM group_members l "
        "JOIN members m ON m.group_id = l.group_id JOIN teams t ON t.id = m.team_id JOIN groups g ON g.id = l.group_id "
        "WHERE l.person_id IN (SELECT value FROM json_each(:people)) AND NOT EXISTS "
        "(SELECT 1 FROM members d WHERE d.team_id = m.team_id AND d.person_id = l.person_id) ORDER BY team, begin, way",
        {"people": json.dumps(list(person_ids))},
    )
    return [TeamRow._make(row) for row in rows]


def locations(store: Store) -> list[str]:
    """The time zones that somebody is in."""
    return [row[0] for row in store.all("SELECT DISTINCT time_zone FROM people ORDER BY time_zone")]


def _schemes_for(condition: Condition) -> str:
    return _SCHEMES if condition.workload_scheme_id is not None or condition.holiday_scheme_id is not None else ""


def _where(condition: Condition, today: str) -> tuple[str, dict[str, object]]:
    terms = ["1"]
    values: dict[str, object] = {**condition._asdict(), "today": today}
    if condition.text:
        values["text"] = f"%{literal(condition.text)}%"
        terms.append(
            "0"
            if literal(condition.text) is None
            else "(p.display_name LIKE :text ESCAPE '\\' OR p.name LIKE :text ESCAPE '\\' OR p.email LIKE :text ESCAPE '\\')"
        )
    if condition.role_id is not None:
        team = "" if condition.team_id is None else " AND m.team_id = :team_id"
        terms.append(f"p.id IN ({_IN_TEAMS} AND s.role_id = :role_id{team})")
    elif condition.team_id is not None:
        by_group = f"SELECT l.person_id {_BY_GROUP} AND m.team_id = :team_id"
        terms.append(f"p.id IN ({_IN_TEAMS} AND m.team_id = :team_id UNION {by_group})")
    for field, term in (
        ("group_id", "p.id IN (SELECT person_id FROM group_members WHERE group_id = :group_id)"),
        ("workload_scheme_id", "w.id = :workload_scheme_id"),
        ("holiday_scheme_id", "h.id = :holiday_scheme_id"),
        ("active", "p.active = :active"),
    ):
        if values[field] is not None:
            terms.append(term)
    if condition.location:
        terms.append("p.time_zone = :location")
    at = "WHERE provider = :provider" if condition.provider else ""
    connected, failed = (f"SELECT person_id FROM {table} {at}" for table in ("app_connections", "app_failures"))
    if condition.integration == "failed":
        terms.append(f"p.id IN ({failed})")
    elif condition.integration == "none":
        terms.append(f"p.id NOT IN ({connected})")
    elif condition.integration == "connected" or condition.provider:
        terms.append(f"p.id IN ({connected}{'' if condition.integration else f' UNION {failed}'})")
    return " AND ".join(terms), values
