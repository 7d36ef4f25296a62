"""Work attributes: the extra fields of worklogs."""

import json
from typing import NamedTuple

from mock_server.storage.store import Row, Store

_COLUMNS = "id, key, name, type, required, labels"


class WorkAttribute(NamedTuple):
    """A field. ``labels`` maps the values of a static list to their labels, in order."""

    id: int
    key: str
    name: str
    type: str
    required: int
    labels: dict[str, str]


def _attribute(row: Row) -> WorkAttribute:
    return WorkAttribute(row[0], row[1], row[2], row[3], row[4], json.loads(row[5]))


def every(store: Store) -> list[WorkAttribute]:
    """All, by id."""
    return [_attribute(row) for row in store.all(f"SELECT {_COLUMNS} FROM work_attributes ORDER BY id")]


def by_key(store: Store, key: str) -> WorkAttribute | None:
    """By key."""
    row = store.one(f"SELECT {_COLUMNS} FROM work_attributes WHERE key = ?", (key,))
    return _attribute(row) if row else None


def add(store: Store, attribute: WorkAttribute) -> int:
    """A new one with these values; answers its id. The id in ``attribute`` does not count."""
    return store.insert(
        "INSERT INTO work_attributes (key, name, type, required, labels) VALUES (?, ?, ?, ?, ?)",
        (attribute.key, attribute.name, attribute.type, attribute.required, json.dumps(attribute.labels)),
    )


def change(store: Store, attribute: WorkAttribute) -> None:
    """Set everything but id and key."""
    store.run(
        "UPDATE work_attributes SET name = ?, type = ?, required = ?, labels = ? WHERE id = ?",
        (attribute.name, attribute.type, attribute.required, json.dumps(attribute.labels), attribute.id),
    )


def remove(store: Store, key: str) -> None:
    """One, with its values on every worklog."""
    store.run("DELETE FROM work_attributes WHERE key = ?", (key,))
