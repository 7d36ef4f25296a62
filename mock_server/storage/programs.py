"""Programs: bundles of teams with a manager."""

import json
from collections.abc import Collection
from typing import NamedTuple

from mock_server.storage.store import Store


class Program(NamedTuple):
    """A program; ``manager_id`` is a person's row."""

    id: int
    name: str
    manager_id: int | None


def get(store: Store, program_id: int) -> Program | None:
    """By id."""
    row = store.one("SELECT id, name, manager_id FROM programs WHERE id = ?", (program_id,))
    return Program._make(row) if row else None


def every(store: Store) -> list[Program]:
    """All programs, by name and then id."""
    return [Program._make(row) for row in store.all("SELECT id, name, manager_id FROM programs ORDER BY name, id")]


def add(store: Store, name: str, manager_id: int | None) -> int:
    """A new program; answers its id."""
    return store.insert("INSERT INTO programs (name, manager_id) VALUES (?, ?)", (name, manager_id))


def change(store: Store, program: Program) -> None:
    """Set every column of a program."""
    store.run("UPDATE programs SET name = ?, manager_id = ? WHERE id = ?", (program.name, program.manager_id, program.id))


def set_teams(store: Store, program_id: int, team_ids: Collection[int]) -> None:
    """Make exactly these the teams of a program; rows of teams that are so already do not change."""
    wanted = json.dumps(list(team_ids))
    store.run(
        "UPDATE teams SET program_id = NULL WHERE program_id = ? AND id NOT IN (SELECT value FROM json_each(?))",
        (program_id, wanted),
    )
    store.run(
        "UPDATE teams SET program_id = ?1 WHERE program_id IS NOT ?1 AND id IN (SELECT value FROM json_each(?2))",
        (program_id, wanted),
    )


def remove(store: Store, program_id: int) -> None:
    """The program; its teams stay, without one."""
    store.run("DELETE FROM programs WHERE id = ?", (program_id,))
