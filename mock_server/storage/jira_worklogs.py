"""Worklogs as Jira has them: most are rows of Tempo's, shown as they are; a row of their own has only what differs.

A worklog of Tempo's says in ``in_jira`` how Jira has it. Its ``jira_id`` is the id of Jira's row in either case. Who reads
says with ``Reader`` what is seen.
"""

import json
from collections.abc import Iterable
from typing import NamedTuple

from mock_server.storage import worklogs
from mock_server.storage.store import Store

APART, AS_IT_IS, IN_ITS_DAY = 0, 1, 2
"""How Jira has a worklog of Tempo's: by a row of Jira's own, or not (yet, any more); as Tempo has it; within the one row of
its issue and day."""

_ALIKE = (
    "SELECT w.jira_id AS id, w.issue_id, w.project_id, w.author_id, 1 AS by_app, w.author_id AS updater_id, "
    "1 AS updated_by_app, w.start_date || 'T' || w.start_time AS started, p.time_zone, w.start_date, w.time_spent, "
    "w.description AS comment, 1 AS is_text, NULL AS group_id, NULL AS properties, w.created_at, w.updated_at "
    "FROM worklogs w {index} JOIN people p ON p.id = w.author_id WHERE w.in_jira {how}"
)
_OWN = (
    "SELECT j.id, j.issue_id, j.project_id, j.author_id, j.by_app, j.updater_id, j.updated_by_app, j.started_at, 'UTC', "
    "j.start_date, j.time_spent, j.comment, 0, j.group_id, j.properties, j.created_at, j.updated_at "
    "FROM jira_worklogs j {index} WHERE {seen}"
)
_AMONG = "IN (SELECT value FROM json_each(?))"
_SEEN = f"(j.group_id IS NULL OR j.group_id {_AMONG})"


class Reader(NamedTuple):
    """Who reads: somebody in these groups, to whom worklogs of one issue and day are summed up or come ``singly``."""

    group_ids: frozenset[int] = frozenset()
    singly: bool = False

    def alike(self, index: str = "") -> str:
        """Rows of Tempo's."""
        return _ALIKE.format(index=index, how=self.how)

    def own(self, index: str = "") -> str:
        """Rows of Jira's own; one parameter, ``groups``."""
        return _OWN.format(index=index, seen=self.seen)

    @property
    def how(self) -> str:
        """Which rows of Tempo's, of their ``in_jira``."""
        return "> 0" if self.singly else "= 1"

    @property
    def seen(self) -> str:
        """Which rows of Jira's own; one parameter, ``groups``."""
        return f"{_SEEN} AND j.author_id IS NOT NULL" if self.singly else _SEEN

    @property
    def groups(self) -> str:
        """The groups as a list for SQLite."""
        return _list(self.group_ids)


class JiraWorklog(NamedTuple):
    """A worklog of Jira's. ``by_app`` tells that Tempo's account stands as its author there, whoever did the work.

    ``started`` is ISO 8601 in ``time_zone``; ``comment`` is plain where ``is_text``, else a document as JSON, or None. Of a
    day's row ``author_id`` is None. ``group_id`` is the group it is restricted to. Stamps are UTC, ``time_spent`` seconds.
    """

    id: int
    issue_id: int
    project_id: int
    author_id: int | None
    by_app: int
    updater_id: int | None
    updated_by_app: int
    started: str
    time_zone: str
    start_date: str
    time_spent: int
    comment: str | None
    is_text: int
    group_id: int | None
    properties: str | None
    created_at: str
    updated_at: str


class Logged(NamedTuple):
    """What was logged on an issue: how many worklogs, and their seconds."""

    number: int
    seconds: int


class Change(NamedTuple):
    """A worklog that was changed or deleted at a moment (ISO 8601, UTC)."""

    id: int
    moment: str


def get(store: Store, jira_id: int, reader: Reader) -> JiraWorklog | None:
    """By Jira's id."""
    found = these(store, [jira_id], reader)
    return found[0] if found else None


def these(store: Store, jira_ids: Iterable[int], reader: Reader, project_ids: Iterable[int] | None = None) -> list[JiraWorklog]:
    """Those of these ids that there are, in these projects if any are given, by id."""
    ids = _list(jira_ids)
    alike = f"{reader.alike('INDEXED BY worklogs_jira')} AND w.jira_id {_AMONG}"
    own_rows = f"{reader.own()} AND j.id {_AMONG}"
    parameters = [ids, reader.groups, ids]
    if project_ids is not None:
        projects = _list(project_ids)
        alike, own_rows = f"{alike} AND w.project_id {_AMONG}", f"{own_rows} AND j.project_id {_AMONG}"
        parameters = [ids, projects, reader.groups, ids, projects]
    return [JiraWorklog._make(row) for row in store.all(f"{alike} UNION ALL {own_rows} ORDER BY 1", parameters)]


def page(
    store: Store, issue_id: int, reader: Reader, offset: int, limit: int, days: tuple[str, str] | None = None
) -> list[JiraWorklog]:
    """Worklogs of an issue, the oldest by creation first; -1 is no limit.

    ``days`` are the first and the last day on which the work began, by its author's calendar.
    """
    alike, own_rows = reader.alike("INDEXED BY worklogs_issue"), reader.own("INDEXED BY jira_worklogs_issue")
    within = ("", "") if days is None else (" AND w.start_date BETWEEN ? AND ?", " AND j.start_date BETWEEN ? AND ?")
    sql = (
        f"{alike} AND w.issue_id = ?{within[0]} UNION ALL {own_rows} AND j.issue_id = ?{within[1]} "
        "ORDER BY created_at, id LIMIT ? OFFSET ?"
    )
    parameters = (issue_id, *(days or ()), reader.groups, issue_id, *(days or ()), limit, offset)
    return [JiraWorklog._make(row) for row in store.all(sql, parameters)]


def count(store: Store, issue_id: int, reader: Reader) -> int:
    """How many worklogs of an issue ``page`` would list."""
    return int(
        store.value(
            "SELECT (SELECT count(*) FROM worklogs w INDEXED BY worklogs_issue WHERE w.issue_id = ? "
            f"AND w.in_jira {reader.how}) + (SELECT count(*) FROM jira_worklogs j WHERE j.issue_id = ? AND {reader.seen})",
            (issue_id, issue_id, reader.groups),
        )
    )


def logged(store: Store, issue_id: int) -> Logged:
    """How much was logged on an issue, restricted worklogs too."""
    row = store.one(
        "SELECT sum(number), sum(seconds) FROM (SELECT count(*) AS number, total(time_spent) AS seconds FROM worklogs "
        "INDEXED BY worklogs_issue WHERE issue_id = ? AND in_jira = 1 UNION ALL "
        "SELECT count(*), total(time_spent) FROM jira_worklogs WHERE issue_id = ?)",
        (issue_id, issue_id),
    )
    assert row is not None
    return Logged(row[0], int(row[1]))


def updated(
    store: Store, reader: Reader, project_ids: Iterable[int] | None, since: str, until: str, limit: int
) -> list[Change]:
    """The first worklogs, in these projects or in all (None), that were changed from ``since`` to ``until``."""
    projects = [] if project_ids is None else [_list(project_ids)]
    here = ("", "") if project_ids is None else (f" AND w.project_id {_AMONG}", f" AND j.project_id {_AMONG}")
    sql = (
        "SELECT * FROM (SELECT w.jira_id AS id, w.updated_at AS moment FROM worklogs w INDEXED BY worklogs_updated "
        f"WHERE w.updated_at BETWEEN ? AND ? AND w.in_jira {reader.how}{here[0]} ORDER BY w.updated_at, w.id LIMIT ?) "
        "UNION ALL SELECT * FROM (SELECT j.id, j.updated_at FROM jira_worklogs j INDEXED BY jira_worklogs_updated "
        f"WHERE j.updated_at BETWEEN ? AND ? AND {reader.seen}{here[1]} ORDER BY j.updated_at, j.id LIMIT ?) "
        "ORDER BY moment, id LIMIT ?"
    )
    rows = store.all(sql, (since, until, *projects, limit, since, until, reader.groups, *projects, limit, limit))
    return [Change._make(row) for row in rows]


def deleted(store: Store, since: str, until: str, limit: int) -> list[Change]:
    """The first worklogs that were deleted from ``since`` to ``until``."""
    rows = store.all(
        "SELECT id, deleted_at FROM jira_deleted_worklogs WHERE deleted_at BETWEEN ? AND ? ORDER BY deleted_at, id LIMIT ?",
        (since, until, limit),
    )
    return [Change._make(row) for row in rows]


def add(store: Store, worklog: JiraWorklog) -> None:
    """A row of Jira's own with these values; ``started`` is in UTC and the comment a document."""
    store.insert_row(
        "jira_worklogs",
        id=worklog.id,
        issue_id=worklog.issue_id,
        project_id=worklog.project_id,
        author_id=worklog.author_id,
        by_app=worklog.by_app,
        updater_id=worklog.updater_id,
        updated_by_app=worklog.updated_by_app,
        started_at=worklog.started,
        start_date=worklog.start_date,
        time_spent=worklog.time_spent,
        comment=worklog.comment,
        group_id=worklog.group_id,
        properties=worklog.properties,
        created_at=worklog.created_at,
        updated_at=worklog.updated_at,
    )


def own(store: Store, jira_id: int) -> JiraWorklog | None:
    """A row of Jira's own, whoever asks."""
    row = store.one(_OWN.format(index="", seen="1") + " AND j.id = ?", (jira_id,))
    return JiraWorklog._make(row) if row else None


def change(store: Store, worklog: JiraWorklog) -> None:
    """Set what can change of a row of Jira's own: everything but id, issue, author and the time it was made."""
    store.run(
        "UPDATE jira_worklogs SET updater_id = ?, updated_by_app = ?, started_at = ?, start_date = ?, time_spent = ?, "
        "comment = ?, group_id = ?, properties = ?, updated_at = ? WHERE id = ?",
        (
            worklog.updater_id,
            worklog.updated_by_app,
            worklog.started,
            worklog.start_date,
            worklog.time_spent,
            worklog.comment,
            worklog.group_id,
            worklog.properties,
            worklog.updated_at,
            worklog.id,
        ),
    )


def remove(store: Store, jira_id: int) -> None:
    """A row of Jira's own; a worklog of Tempo's that Jira showed as it was is left to Tempo alone."""
    store.run("DELETE FROM jira_worklogs WHERE id = ?", (jira_id,))
    store.run("DELETE FROM jira_day_worklogs WHERE jira_id = ?", (jira_id,))
    store.run("UPDATE worklogs SET in_jira = 0 WHERE jira_id = ? AND in_jira = 1", (jira_id,))


def move(store: Store, jira_id: int, issue_id: int, project_id: int) -> None:
    """Put a row of Jira's own on another issue; Tempo's worklog, which stays, is that one's no longer."""
    store.run("UPDATE worklogs SET jira_id = ? WHERE jira_id = ?", (worklogs.next_jira_id(store), jira_id))
    store.run("DELETE FROM jira_day_worklogs WHERE jira_id = ?", (jira_id,))
    store.run("UPDATE jira_worklogs SET issue_id = ?, project_id = ? WHERE id = ?", (issue_id, project_id, jira_id))


def record_deleted(store: Store, jira_id: int, moment: str) -> None:
    """Jira tells from now on that the worklog was deleted at a moment."""
    store.run("INSERT OR IGNORE INTO jira_deleted_worklogs (id, deleted_at) VALUES (?, ?)", (jira_id, moment))


def record_deleted_of_issue(store: Store, issue_id: int, moment: str) -> None:
    """As ``record_deleted``, for every worklog that Jira has on an issue."""
    store.run(
        "INSERT OR IGNORE INTO jira_deleted_worklogs (id, deleted_at) SELECT jira_id, ? FROM worklogs WHERE issue_id = ? "
        "AND in_jira = 1 UNION ALL SELECT id, ? FROM jira_worklogs WHERE issue_id = ?",
        (moment, issue_id, moment, issue_id),
    )


def set_in_jira(store: Store, worklog_id: int, how: int) -> None:
    """How Jira has a worklog of Tempo's from now on."""
    store.run("UPDATE worklogs SET in_jira = ? WHERE id = ?", (how, worklog_id))


def in_jira(store: Store, worklog_id: int) -> int:
    """How Jira has a worklog of Tempo's."""
    return int(store.value("SELECT in_jira FROM worklogs WHERE id = ?", (worklog_id,)))


def worklog_of(store: Store, jira_id: int) -> worklogs.Worklog | None:
    """The worklog of Tempo's that Jira has under an id, or None."""
    row = store.one(f"SELECT {worklogs.COLUMNS} {worklogs.FROM} WHERE w.jira_id = ?", (jira_id,))
    return worklogs.Worklog._make(row) if row else None


def _list(ids: Iterable[int]) -> str:
    return json.dumps(sorted(ids))
