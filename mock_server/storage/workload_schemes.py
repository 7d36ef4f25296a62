"""Workload schemes: how long somebody is to work on each day of the week."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from mock_server.storage.store import Row, Store

_COLUMNS = "id, name, description, week, is_default"


class WorkloadScheme(NamedTuple):
    """A workload scheme. ``week`` holds seconds from Monday to Sunday; ``is_default`` is 0 or 1, and 1 for one scheme."""

    id: int
    name: str
    description: str
    week: tuple[int, ...]
    is_default: int


def get(store: Store, scheme_id: int) -> WorkloadScheme | None:
    """By id."""
    row = store.one(f"SELECT {_COLUMNS} FROM workload_schemes WHERE id = ?", (scheme_id,))
    return _scheme(row) if row else None


def every(store: Store) -> list[WorkloadScheme]:
    """All, by id."""
    return [_scheme(row) for row in store.all(f"SELECT {_COLUMNS} FROM workload_schemes ORDER BY id")]


def add(store: Store, name: str, description: str, week: Sequence[int]) -> int:
    """A new scheme; answers its id."""
    return store.insert_row("workload_schemes", name=name, description=description, week=json.dumps(week))


def change(store: Store, scheme_id: int, name: str, description: str, week: Sequence[int]) -> None:
    """Put another name, description and week in place."""
    store.run(
        "UPDATE workload_schemes SET name = ?, description = ?, week = ? WHERE id = ?",
        (name, description, json.dumps(week), scheme_id),
    )


def remove(store: Store, scheme_id: int) -> None:
    """A scheme that nobody is in."""
    store.run("DELETE FROM workload_schemes WHERE id = ?", (scheme_id,))


def _scheme(row: Row) -> WorkloadScheme:
    scheme_id, name, description, week, is_default = row
    return WorkloadScheme(scheme_id, name, description, tuple(json.loads(week)), is_default)
