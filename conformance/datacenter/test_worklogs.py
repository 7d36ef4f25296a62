"""Worklogs of issues as Jira Data Center has them, beside Tempo."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from conformance import beans, expect
from conformance.calls import Answer
from conformance.client import Caller
from conformance.cloud.workable_issues import workable_issues
from conformance.run import GONE, Absent, Run
from conformance.shapes import ListOf

API = "rest/api/2"
UNKNOWN = 2147483000
FIRST = datetime.datetime(1992, 3, 2, 9, tzinfo=datetime.UTC)
QUIETLY = "adjustEstimate=leave"
Row = dict[str, Any]
Log = Callable[..., Answer]


@pytest.fixture(scope="session")
def worked(run: Run) -> str:
    """The path of the worklogs of an issue: of the one that the target names, or on this machine of any."""
    return f"{API}/issue/{workable_issues(run)[0].id}/worklog"


@pytest.fixture
def log(run: Run, admin: Caller, worked: str) -> Iterator[Log]:
    """Logs work as the administrator; it goes when the check is over."""
    if run.read_only:
        raise Absent("the check has to write and the run is --read-only")
    mark = run.ledger.mark()

    def make(**values: Any) -> Answer:
        number = next(run.numbers)
        started = (FIRST + datetime.timedelta(hours=number)).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
        body = {"started": started, "timeSpentSeconds": 300, "comment": f"{run.prefix} {number}", **values}
        answer = admin.post(f"{worked}?{QUIETLY}", body)
        made = answer.json_or_none() if answer.ok else None
        if isinstance(made, dict) and made.get("id"):
            place = f"{worked}/{made['id']}?{QUIETLY}"
            run.ledger.add(f"worklog {made['id']}", lambda: _gone(admin.delete(place)))
        return answer

    yield make
    run.ledger.unwind(mark)


def _gone(answer: Answer) -> str | None:
    return None if answer.ok or answer.status in GONE else f"DELETE answered {answer.status}"


@pytest.mark.requirement("worklogs.list.shape")
def test_worklogs_of_an_issue_are_listed_with_the_new_one(admin: Caller, worked: str, log: Log) -> None:
    made = expect.json_object(log())
    answer = admin.get(worked)
    content = expect.json_object(answer)
    expect.shape(answer, content, beans.WORKLOGS)
    numbers = [row["id"] for row in content["worklogs"]]
    expect.equal(answer, f"how often {made['id']} is listed", numbers.count(made["id"]), 1)


@pytest.mark.requirement("worklogs.create.answers-201")
def test_created_worklog_is_the_callers_and_what_was_sent(admin: Caller, worked: str, log: Log) -> None:
    answer = expect.status(log(timeSpentSeconds=5400, comment="two masts"), 201)
    row = expect.json_object(answer)
    expect.shape(answer, row, beans.WORKLOG)
    told = [row["author"]["name"], row["timeSpentSeconds"], row["timeSpent"], row["comment"]]
    expect.equal(answer, "author, time and comment", told, [admin.user, 5400, "1h 30m", "two masts"])
    read = admin.get(f"{worked}/{row['id']}")
    expect.equal(read, "the same when read", expect.json_object(read), row)


@pytest.mark.requirement("worklogs.update.keeps-the-rest")
def test_change_of_a_worklog_keeps_the_rest(admin: Caller, worked: str, log: Log) -> None:
    made = expect.json_object(log())
    answer = expect.status(admin.put(f"{worked}/{made['id']}?{QUIETLY}", {"timeSpentSeconds": 600}), 200)
    row = expect.json_object(answer)
    names = ("id", "comment", "started")
    expect.equal(answer, "timeSpentSeconds", row.get("timeSpentSeconds"), 600)
    expect.equal(answer, "the rest", [row.get(name) for name in names], [made.get(name) for name in names])


@pytest.mark.requirement("worklogs.delete.answers-204")
def test_deleted_worklog_is_not_read_any_more(admin: Caller, worked: str, log: Log) -> None:
    made = expect.json_object(log())
    expect.status(admin.delete(f"{worked}/{made['id']}?{QUIETLY}"), 204)
    expect.status(admin.get(f"{worked}/{made['id']}"), 404)


@pytest.mark.requirement("worklogs.unknown.not-found")
def test_worklogs_of_an_unknown_issue_are_not_found(admin: Caller) -> None:
    answer = expect.status(admin.get(f"{API}/issue/{UNKNOWN}/worklog"), 404)
    expect.error_body(answer)


@pytest.mark.requirement("worklogs.changes.shape")
@pytest.mark.parametrize("name", ["updated", "deleted"])
def test_changes_of_worklogs_since_a_moment_have_published_shape(admin: Caller, name: str) -> None:
    answer = admin.get(f"{API}/worklog/{name}", {"since": 1})
    content = expect.json_object(answer)
    expect.shape(answer, content, beans.WORKLOG_CHANGES)
    times = [value["updatedTime"] for value in content["values"]]
    expect.equal(answer, "times, the longest ago first", times, sorted(times))


@pytest.mark.requirement("worklogs.by-id.bare-array")
def test_worklogs_by_id_leave_out_unknown_ones(admin: Caller, log: Log) -> None:
    made = expect.json_object(log())
    answer = admin.post(f"{API}/worklog/list", {"ids": [int(made["id"]), UNKNOWN]})
    rows = expect.json_list(expect.success(answer))
    expect.shape(answer, rows, ListOf(beans.WORKLOG))
    expect.equal(answer, "ids", [row["id"] for row in rows], [made["id"]])
