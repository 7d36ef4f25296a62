"""Generic resources: stand-ins for people who are not known yet, and the teams they are assigned to."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from mock_server.storage.patterns import literal
from mock_server.storage.store import Store

_SELECT = (
    "SELECT r.id, r.name, r.created_at, c.account_id, r.updated_at, u.account_id FROM generic_resources r "
    "LEFT JOIN people c ON c.id = r.created_by LEFT JOIN people u ON u.id = r.updated_by"
)
_SELECT_ASSIGNED = (
    "SELECT a.team_id, r.id, r.name, a.assigned_at, p.account_id FROM team_generic_resources a "
    "JOIN generic_resources r ON r.id = a.generic_resource_id LEFT JOIN people p ON p.id = a.assigned_by"
)


class GenericResource(NamedTuple):
    """A generic resource. Moments are ISO 8601 in UTC; ``created_by`` and ``updated_by`` are accountIds."""

    id: int
    name: str
    created_at: str
    created_by: str | None
    updated_at: str
    updated_by: str | None


class Assignment(NamedTuple):
    """A generic resource in a team: since when, and the accountId of who put it there."""

    team_id: int
    resource_id: int
    resource_name: str
    assigned_at: str
    assigned_by: str | None


def get(store: Store, resource_id: int) -> GenericResource | None:
    """By id."""
    row = store.one(f"{_SELECT} WHERE r.id = ?", (resource_id,))
    return GenericResource._make(row) if row else None


def page(store: Store, ids: Sequence[int], text: str, offset: int, limit: int) -> list[GenericResource]:
    """At most ``limit`` of them by id: those with one of the ids (an empty list asks for all) and the text in the name."""
    pattern = literal(text)
    if pattern is None:
        return []
    rows = store.all(
        f"{_SELECT} WHERE (? OR r.id IN (SELECT value FROM json_each(?))) AND r.name LIKE ? ESCAPE '\\' "
        "ORDER BY r.id LIMIT ? OFFSET ?",
        (not ids, json.dumps(ids), f"%{pattern}%", limit, offset),
    )
    return [GenericResource._make(row) for row in rows]


def add(store: Store, name: str, moment: str, person_id: int) -> int:
    """A new one, made at a moment by a person; answers its id."""
    return store.insert(
        "INSERT INTO generic_resources (name, created_at, created_by, updated_at, updated_by) VALUES (?1, ?2, ?3, ?2, ?3)",
        (name, moment, person_id),
    )


def rename(store: Store, resource_id: int, name: str, moment: str, person_id: int) -> None:
    """Put another name in place, at a moment and by a person."""
    store.run(
        "UPDATE generic_resources SET name = ?, updated_at = ?, updated_by = ? WHERE id = ?",
        (name, moment, person_id, resource_id),
    )


def remove(store: Store, resource_id: int) -> None:
    """One with its assignments."""
    store.run("DELETE FROM generic_resources WHERE id = ?", (resource_id,))


def of_team(store: Store, team_id: int) -> list[Assignment]:
    """What is assigned to a team, by the id of the resource."""
    return [Assignment._make(row) for row in store.all(f"{_SELECT_ASSIGNED} WHERE a.team_id = ? ORDER BY r.id", (team_id,))]


def teams_of(store: Store, resource_id: int) -> frozenset[int]:
    """The teams that a generic resource is in."""
    rows = store.all("SELECT team_id FROM team_generic_resources WHERE generic_resource_id = ?", (resource_id,))
    return frozenset(row[0] for row in rows)


def assignment(store: Store, team_id: int, resource_id: int) -> Assignment | None:
    """One resource in one team."""
    row = store.one(f"{_SELECT_ASSIGNED} WHERE a.team_id = ? AND r.id = ?", (team_id, resource_id))
    return Assignment._make(row) if row else None


def assign(store: Store, team_id: int, resource_id: int, moment: str, person_id: int) -> None:
    """Put a resource into a team, at a moment and by a person."""
    store.insert_row(
        "team_generic_resources",
        team_id=team_id,
        generic_resource_id=resource_id,
        assigned_at=moment,
        assigned_by=person_id,
    )


def withdraw(store: Store, team_id: int, resource_id: int) -> None:
    """Take a resource out of a team."""
    store.run("DELETE FROM team_generic_resources WHERE team_id = ? AND generic_resource_id = ?", (team_id, resource_id))
