"""Teams. Reach (which of them an actor may browse) is decided elsewhere and comes in as a value."""

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mock_server.storage.patterns import literal
from mock_server.storage.store import Store

_SELECT = (
    "SELECT t.id, t.name, t.summary, t.lead_id, t.mission, t.is_public, p.name, p.key, t.program_id, "
    "t.administrative, p.account_id "
    "FROM teams t LEFT JOIN people p ON p.id = t.lead_id"
)


class Team(NamedTuple):
    """A team with its lead's login name, user key and accountId. ``is_public`` and ``administrative`` are 0 or 1."""

    id: int
    name: str
    summary: str | None
    lead_id: int | None
    mission: str
    is_public: int
    lead_name: str | None
    lead_key: str | None
    program_id: int | None
    administrative: int
    lead_account_id: str | None


def get(store: Store, team_id: int) -> Team | None:
    """By id."""
    row = store.one(f"{_SELECT} WHERE t.id = ?", (team_id,))
    return Team._make(row) if row else None


def named_like(store: Store, text: str) -> list[Team]:
    """Teams with the text anywhere in the name, in any case, by name and then id; all of them for an empty text."""
    pattern = literal(text)
    if pattern is None:
        return []
    return [
        Team._make(row)
        for row in store.all(f"{_SELECT} WHERE t.name LIKE ? ESCAPE '\\' ORDER BY t.name, t.id", (f"%{pattern}%",))
    ]


def names(store: Store, team_ids: Iterable[int]) -> dict[int, str]:
    """Id -> name, of those there are."""
    ids = json.dumps(list(team_ids))
    return dict(store.all("SELECT id, name FROM teams WHERE id IN (SELECT value FROM json_each(?))", (ids,)))


def ids_with_permission(store: Store, permission: str, person_id: int, group_ids: Sequence[int]) -> frozenset[int]:
    """Teams on which the person, or one of the groups, is listed as holder of the team permission."""
    marks = ", ".join("?" * len(group_ids))
    rows = store.all(
        "SELECT team_id FROM team_permission_holders WHERE person_id = ? AND permission = ? "
        f"UNION SELECT team_id FROM team_permission_holders WHERE group_id IN ({marks}) AND permission = ?",
        (person_id, permission, *group_ids, permission),
    )
    return frozenset(row[0] for row in rows)


def ids_with_member(store: Store, person_id: int, group_ids: Sequence[int]) -> frozenset[int]:
    """Teams that have the person, or one of the groups, as a member."""
    marks = ", ".join("?" * len(group_ids))
    rows = store.all(
        f"SELECT team_id FROM members WHERE person_id = ? UNION SELECT team_id FROM members WHERE group_id IN ({marks})",
        (person_id, *group_ids),
    )
    return frozenset(row[0] for row in rows)


def ids_with_accounts(store: Store, account_ids: Sequence[str]) -> frozenset[int]:
    """Teams that have one of these people as a member, added directly, at any time."""
    marks = ", ".join("?" * len(account_ids))
    rows = store.all(
        f"SELECT m.team_id FROM members m JOIN people p ON p.id = m.person_id WHERE p.account_id IN ({marks})",
        tuple(account_ids),
    )
    return frozenset(row[0] for row in rows)


def add(store: Store, team: Team) -> int:
    """A new team with these values; answers its id. The id and the lead's names in ``team`` do not count."""
    return store.insert(
        "INSERT INTO teams (name, summary, lead_id, mission, is_public, program_id, administrative) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        _columns(team),
    )


def change(store: Store, team: Team) -> None:
    """Set every column of a team. The lead's names in ``team`` do not count."""
    store.run(
        "UPDATE teams SET name = ?, summary = ?, lead_id = ?, mission = ?, is_public = ?, program_id = ?, administrative = ? "
        "WHERE id = ?",
        (*_columns(team), team.id),
    )


def _columns(team: Team) -> tuple[object, ...]:
    return (team.name, team.summary, team.lead_id, team.mission, team.is_public, team.program_id, team.administrative)


def remove(store: Store, team_id: int) -> None:
    """The team, its members, memberships and permission holders."""
    store.run("DELETE FROM teams WHERE id = ?", (team_id,))
