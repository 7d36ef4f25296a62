"""Internal issues: issues for time that is nobody's project, and the teams they are open to."""

import json
from typing import NamedTuple

from mock_server.storage.issues import Condition
from mock_server.storage.store import Store


class InternalIssue(NamedTuple):
    """An internal issue with the ids of the teams it is open to; none means that it is open to all."""

    id: int
    key: str
    project_id: int
    summary: str
    team_ids: tuple[int, ...]


_SELECT = (
    "SELECT i.id, i.key, i.project_id, i.summary, (SELECT json_group_array(team_id) FROM "
    "(SELECT team_id FROM internal_issue_teams WHERE issue_id = i.id ORDER BY team_id)) "
    "FROM issues i INDEXED BY issues_internal WHERE i.is_internal"
)


def every(store: Store) -> list[InternalIssue]:
    """All, by id."""
    return [_made(row) for row in store.all(f"{_SELECT} ORDER BY i.id")]


def page(store: Store, condition: Condition, offset: int, limit: int) -> list[InternalIssue]:
    """Those that meet a condition on issues, by id."""
    rows = store.all(f"{_SELECT} AND ({condition.sql}) ORDER BY i.id LIMIT ? OFFSET ?", (*condition.parameters, limit, offset))
    return [_made(row) for row in rows]


def count(store: Store, condition: Condition) -> int:
    """How many meet a condition on issues."""
    sql = f"SELECT count(*) FROM issues i INDEXED BY issues_internal WHERE i.is_internal AND ({condition.sql})"
    number: int = store.value(sql, condition.parameters)
    return number


def get(store: Store, issue_id: int) -> InternalIssue | None:
    """The internal issue with an id, or None when it is none."""
    row = store.one(f"{_SELECT} AND i.id = ?", (issue_id,))
    return _made(row) if row else None


def put(store: Store, issue_id: int, team_ids: tuple[int, ...]) -> None:
    """Make an issue internal and open to these teams, or to all when there are none."""
    store.run("UPDATE issues SET is_internal = 1 WHERE id = ? AND NOT is_internal", (issue_id,))
    store.run(
        "DELETE FROM internal_issue_teams WHERE issue_id = ? AND team_id NOT IN (SELECT value FROM json_each(?))",
        (issue_id, json.dumps(team_ids)),
    )
    for team_id in team_ids:
        store.run("INSERT OR IGNORE INTO internal_issue_teams (issue_id, team_id) VALUES (?, ?)", (issue_id, team_id))


def remove(store: Store, issue_id: int) -> None:
    """Make an internal issue an ordinary one."""
    store.run("DELETE FROM internal_issue_teams WHERE issue_id = ?", (issue_id,))
    store.run("UPDATE issues SET is_internal = 0 WHERE id = ?", (issue_id,))


def _made(row: tuple[int, str, int, str, str]) -> InternalIssue:
    return InternalIssue(*row[:4], tuple(json.loads(row[4])))
