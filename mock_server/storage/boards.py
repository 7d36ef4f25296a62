"""Jira boards."""

from typing import NamedTuple

from mock_server.storage.store import Store

_COLUMNS = "id, name, type, project_id"


class Board(NamedTuple):
    """A board of a project; ``type`` is scrum or kanban."""

    id: int
    name: str
    type: str
    project_id: int


def get(store: Store, board_id: int) -> Board | None:
    """By id."""
    row = store.one(f"SELECT {_COLUMNS} FROM boards WHERE id = ?", (board_id,))
    return Board._make(row) if row else None


def every(store: Store) -> list[Board]:
    """All boards, by id."""
    return [Board._make(row) for row in store.all(f"SELECT {_COLUMNS} FROM boards ORDER BY id")]
