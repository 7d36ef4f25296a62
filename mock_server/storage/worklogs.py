"""Worklogs: one row each, with the values of their work attributes beside."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from mock_server.storage import world
from mock_server.storage.store import Store

COLUMNS = (
    "w.id, w.jira_id, w.issue_id, w.project_id, w.author_id, w.start_date, w.start_time, w.time_spent, w.billable, "
    "w.description, w.created_at, w.updated_at, p.account_id, p.time_zone"
)
LAST_FOREIGN_JIRA_ID = 10000
"""Jira worklogs up to this id are those of somebody else; ours follow."""

_JIRA_WORKLOGS = "jira_worklogs"
_IN_LIST = "IN (SELECT value FROM json_each(?))"

FROM = "FROM worklogs w JOIN people p ON p.id = w.author_id"


class Worklog(NamedTuple):
    """A worklog with its author's accountId and time zone.

    Dates are ``yyyy-MM-dd``, times ``HH:mm:ss`` in the author's zone, stamps ISO 8601 in UTC, amounts seconds.
    """

    id: int
    jira_id: int
    issue_id: int
    project_id: int
    author_id: int
    start_date: str
    start_time: str
    time_spent: int
    billable: int
    description: str
    created_at: str
    updated_at: str
    account_id: str
    time_zone: str


def get(store: Store, worklog_id: int) -> Worklog | None:
    """By id, whoever asks."""
    row = store.one(f"SELECT {COLUMNS} {FROM} WHERE w.id = ?", (worklog_id,))
    return Worklog._make(row) if row else None


def first_id(store: Store) -> int:
    """The first id that a worklog has; 0 where there is none."""
    return int(store.value("SELECT coalesce(min(id), 0) FROM worklogs"))


def last_id(store: Store) -> int:
    """The last id that a worklog has; 0 where there is none."""
    return int(store.value("SELECT coalesce(max(id), 0) FROM worklogs"))


def next_jira_id(store: Store) -> int:
    """The id of the next worklog of Jira's, which is thereby given out."""
    taken = store.value("SELECT coalesce(max(jira_id), ?) FROM worklogs", (LAST_FOREIGN_JIRA_ID,))
    jira_id: int = max(taken, world.counter(store, _JIRA_WORKLOGS)) + 1
    keep_jira_id(store, jira_id)
    return jira_id


def add(store: Store, worklog: Worklog, *, entered_in_jira: bool = False) -> int:
    """A new worklog with these values; answers its id. Its own id and what belongs to the author in it do not count.

    One without an id in Jira gets the next of that series. One entered in Jira has a row of its own there.
    """
    return store.insert_row(
        "worklogs",
        entered_in_jira=int(entered_in_jira),
        in_jira=int(not entered_in_jira),
        jira_id=worklog.jira_id or next_jira_id(store),
        issue_id=worklog.issue_id,
        project_id=worklog.project_id,
        author_id=worklog.author_id,
        start_date=worklog.start_date,
        start_time=worklog.start_time,
        time_spent=worklog.time_spent,
        billable=worklog.billable,
        description=worklog.description,
        created_at=worklog.created_at,
        updated_at=worklog.updated_at,
    )


def keep_jira_id(store: Store, jira_id: int) -> None:
    """Never give out this id of a Jira worklog or one before it, even when the worklog is gone."""
    # Kept beside the ids that SQLite counts itself, so that it is cleared and written out with them.
    world.set_counter(store, _JIRA_WORKLOGS, jira_id)


def change(store: Store, worklog: Worklog) -> None:
    """Set what can change of a worklog: everything but ids, issue and the time it was made."""
    store.run(
        "UPDATE worklogs SET author_id = ?, start_date = ?, start_time = ?, time_spent = ?, billable = ?, description = ?, "
        "updated_at = ? WHERE id = ?",
        (
            worklog.author_id,
            worklog.start_date,
            worklog.start_time,
            worklog.time_spent,
            worklog.billable,
            worklog.description,
            worklog.updated_at,
            worklog.id,
        ),
    )


def remove(store: Store, worklog_id: int) -> None:
    """One worklog with its attribute values."""
    store.run("DELETE FROM worklogs WHERE id = ?", (worklog_id,))


def count_of_issue(store: Store, issue_id: int) -> int:
    """How many worklogs are on an issue."""
    number: int = store.value("SELECT count(*) FROM worklogs WHERE issue_id = ?", (issue_id,))
    return number


def seconds_on(store: Store, author_id: int, day: str, except_id: int) -> int:
    """What somebody logged on a day, one worklog left out."""
    # total() and not sum(): two worklogs may be longer together than a whole number of SQLite's.
    return int(
        store.value(
            "SELECT total(time_spent) FROM worklogs WHERE author_id = ? AND start_date = ? AND id <> ?",
            (author_id, day, except_id),
        )
    )


def attributes_of(store: Store, worklog_ids: Iterable[int]) -> dict[int, list[tuple[str, str | None]]]:
    """Worklog id -> its attribute keys and values, by key."""
    found: dict[int, list[tuple[str, str | None]]] = {}
    ids = list(worklog_ids)
    # Opening a list costs more than all the rest for a single one.
    which, parameter = ("= ?", ids[0]) if len(ids) == 1 else (_IN_LIST, f"[{','.join(map(str, ids))}]")
    rows = store.all(
        f"SELECT worklog_id, key, value FROM worklog_attributes WHERE worklog_id {which} ORDER BY worklog_id, key", (parameter,)
    )
    for worklog_id, key, value in rows:
        found.setdefault(worklog_id, []).append((key, value))
    return found


def set_attributes(store: Store, worklog_id: int, values: Mapping[str, str | None]) -> None:
    """Make exactly these the attribute values of a worklog."""
    store.run("DELETE FROM worklog_attributes WHERE worklog_id = ?", (worklog_id,))
    for key, value in values.items():
        add_attribute(store, worklog_id, key, value)


def add_attribute(store: Store, worklog_id: int, key: str, value: str | None) -> None:
    """One more attribute value."""
    store.run("INSERT INTO worklog_attributes (worklog_id, key, value) VALUES (?, ?, ?)", (worklog_id, key, value))


def touch(store: Store, worklog_id: int, moment: str) -> None:
    """Make it changed at a moment (ISO 8601, UTC, milliseconds)."""
    store.run("UPDATE worklogs SET updated_at = ? WHERE id = ?", (moment, worklog_id))


def set_remaining_estimate(store: Store, issue_id: int, seconds: int) -> None:
    """What is left to do on an issue."""
    store.run("UPDATE issues SET remaining_estimate = ? WHERE id = ?", (seconds, issue_id))


def bulk_since(store: Store, issue_id: int, since: str) -> bool:
    """Whether a bulk call made worklogs on the issue after a moment (ISO 8601, UTC), as the audit trail has it."""
    found: object = store.value(
        "SELECT 1 FROM audit_events WHERE noun = 'worklogs' AND verb = 'insert' AND call = 'create_worklogs' AND at > ? "
        "AND json_extract(after, '$.issue_id') = ? LIMIT 1",
        (since, issue_id),
    )
    return found is not None
