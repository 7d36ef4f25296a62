"""Comments on issues. A body is a document of Atlassian's format, as JSON."""

from typing import NamedTuple

from mock_server.storage.store import Store

_COLUMNS = "id, issue_id, author_id, body, created_at, updated_at"


class Comment(NamedTuple):
    """A comment. ``body`` is a JSON text; times are ISO 8601 in UTC."""

    id: int
    issue_id: int
    author_id: int
    body: str
    created_at: str
    updated_at: str


def add(store: Store, issue_id: int, author_id: int, body: str, moment: str) -> Comment:
    """One more comment, written at a moment."""
    number = store.insert_row(
        "comments", issue_id=issue_id, author_id=author_id, body=body, created_at=moment, updated_at=moment
    )
    return Comment(number, issue_id, author_id, body, moment, moment)


def get(store: Store, issue_id: int, number: int) -> Comment | None:
    """One comment of an issue."""
    row = store.one(f"SELECT {_COLUMNS} FROM comments WHERE id = ? AND issue_id = ?", (number, issue_id))
    return Comment._make(row) if row else None


def count(store: Store, issue_id: int) -> int:
    """How many an issue has."""
    return int(store.value("SELECT count(*) FROM comments WHERE issue_id = ?", (issue_id,)))


def page(store: Store, issue_id: int, offset: int, limit: int, *, newest_first: bool = False) -> list[Comment]:
    """Some comments of an issue, the oldest first unless told."""
    direction = "DESC" if newest_first else "ASC"
    rows = store.all(
        f"SELECT {_COLUMNS} FROM comments WHERE issue_id = ? ORDER BY created_at {direction}, id {direction} LIMIT ? OFFSET ?",
        (issue_id, limit, offset),
    )
    return [Comment._make(row) for row in rows]
