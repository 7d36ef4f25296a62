"""Worklogs of internal issues, of which Jira has one for each issue and day."""

from mock_server.storage import worklogs
from mock_server.storage.store import Store


def of_day(store: Store, issue_id: int, day: str) -> int | None:
    """The id of the row of Jira's that stands for an issue and day, also while it is on its way there."""
    found: int | None = store.value("SELECT jira_id FROM jira_day_worklogs WHERE issue_id = ? AND day = ?", (issue_id, day))
    return found


def set_day(store: Store, issue_id: int, day: str, jira_id: int | None) -> None:
    """Which row of Jira's stands for an issue and day; None for none any more."""
    store.run("DELETE FROM jira_day_worklogs WHERE issue_id = ? AND day = ?", (issue_id, day))
    if jira_id is not None:
        store.insert_row("jira_day_worklogs", issue_id=issue_id, day=day, jira_id=jira_id)


def whole_day(store: Store, issue_id: int, day: str) -> list[worklogs.Worklog]:
    """The worklogs of Tempo's that the row of an issue and day stands for, the earliest work first."""
    rows = store.all(
        f"SELECT {worklogs.COLUMNS} {worklogs.FROM} WHERE w.issue_id = ? AND w.start_date = ? AND w.in_jira = 2 "
        "ORDER BY w.start_time, w.id",
        (issue_id, day),
    )
    return [worklogs.Worklog._make(row) for row in rows]


def days_in_rows(store: Store) -> list[tuple[int, str]]:
    """Each issue and day for which Jira has, or is to have, one row."""
    return store.all("SELECT DISTINCT issue_id, start_date FROM worklogs WHERE in_jira = 2 ORDER BY start_date, issue_id")
