"""Worklogs of issues in Jira Cloud, and what passes between them and Tempo."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest

from conformance import expect
from conformance.calls import Answer
from conformance.client import Caller
from conformance.jira_cloud import beans
from conformance.jira_cloud.worklogs import QUIETLY, Row, Worklogs, document, partner
from conformance.shapes import ListOf

UNKNOWN = 2147483000
LISTED = "rest/api/3/worklog/list"


def _moment(text: str) -> datetime.datetime:
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z")


def _milliseconds(text: str) -> int:
    return round(_moment(text).timestamp() * 1000)


def _rows(answer: Answer) -> list[Row]:
    """The worklogs of a page."""
    found = expect.json_object(answer).get("worklogs")
    expect.that(answer, isinstance(found, list), "an object with the array worklogs", f"worklogs = {found!r}"[:100])
    return list(found or [])


@pytest.mark.requirement("jira_cloud_worklogs.list.shape")
def test_worklogs_of_an_issue_have_published_shape(admin: Caller, worklogs: Worklogs) -> None:
    made = worklogs.made()
    answer = admin.get(worklogs.path)
    expect.shape(answer, expect.json_object(answer), beans.WORKLOGS)
    numbers = [row["id"] for row in _rows(answer)]
    expect.equal(answer, f"how often {made['id']} is listed", numbers.count(made["id"]), 1)


@pytest.mark.requirement("jira_cloud_worklogs.list.window")
def test_window_in_milliseconds_holds_what_began_in_it(admin: Caller, worklogs: Worklogs) -> None:
    first, second = worklogs.made(), worklogs.made()
    window = {
        "startedAfter": _milliseconds(second["started"]) - 1000,
        "startedBefore": _milliseconds(second["started"]) + 1000,
    }
    answer = admin.get(worklogs.path, window)
    numbers = [row["id"] for row in _rows(answer)]
    expect.equal(answer, "first and second listed", [row["id"] in numbers for row in (first, second)], [False, True])


@pytest.mark.requirement("jira_cloud_worklogs.list.pages")
def test_pages_of_one_follow_each_other(admin: Caller, worklogs: Worklogs) -> None:
    made = [worklogs.made() for _ in range(2)]
    window = {
        "startedAfter": _milliseconds(made[0]["started"]) - 1000,
        "startedBefore": _milliseconds(made[1]["started"]) + 1000,
    }
    numbers: list[str] = []
    for start in range(2):
        answer = admin.get(worklogs.path, {**window, "startAt": start, "maxResults": 1})
        content = expect.json_object(answer)
        expect.equal(answer, "startAt, total", [content.get("startAt"), content.get("total")], [start, 2])
        numbers += [row["id"] for row in _rows(answer)]
    expect.equal(answer, "the pages together", numbers, [row["id"] for row in made])


@pytest.mark.requirement("jira_cloud_worklogs.create.answers-201")
def test_created_worklog_is_what_was_sent(admin: Caller, myself: Row, worklogs: Worklogs) -> None:
    body = worklogs.body(timeSpentSeconds=5400)
    answer = expect.status(worklogs.make(body), 201)
    row = expect.json_object(answer)
    expect.shape(answer, row, beans.WORKLOG)
    expect.equal(answer, "timeSpentSeconds, timeSpent", [row["timeSpentSeconds"], row["timeSpent"]], [5400, "1h 30m"])
    expect.equal(answer, "started", _moment(row["started"]), _moment(body["started"]))
    expect.equal(answer, "issueId", row["issueId"], str(worklogs.issue))
    expect.equal(answer, "author.accountId", row["author"]["accountId"], myself["accountId"])
    told = expect.json_object(admin.get(worklogs.place(row)))
    names = ("id", "started", "timeSpentSeconds", "comment")
    expect.equal(
        answer, "the same when read", {name: told.get(name) for name in names}, {name: row.get(name) for name in names}
    )


@pytest.mark.requirement("jira_cloud_worklogs.create.author-ignored")
def test_author_that_is_sent_has_no_effect(myself: Row, worklogs: Worklogs) -> None:
    answer = expect.status(worklogs.make(worklogs.body(author={"accountId": "0123456789abcdef01234567"})), 201)
    expect.equal(answer, "author.accountId", expect.json_object(answer)["author"]["accountId"], myself["accountId"])


@pytest.mark.requirement("jira_cloud_worklogs.create.time-needed")
@pytest.mark.parametrize("spent", [None, "a while"], ids=["left out", "unreadable"])
def test_worklog_without_readable_time_is_refused(worklogs: Worklogs, spent: str | None) -> None:
    expect.status(worklogs.make(worklogs.body(timeSpentSeconds=None, timeSpent=spent)), 400)


@pytest.mark.requirement("jira_cloud_worklogs.create.started-format")
@pytest.mark.parametrize("started", ["1991-05-06", "1991-05-06T09:00:00Z", "1991-05-06T09:00:00.000"])
def test_start_in_another_format_is_refused_by_name(worklogs: Worklogs, started: str) -> None:
    answer = expect.status(worklogs.make(worklogs.body(started=started)), 400)
    expect.error_body(answer)
    content = answer.json_or_none()
    errors = content.get("errors") if isinstance(content, dict) else None
    expect.equal(answer, "names in errors", sorted(errors or ()), ["started"])


@pytest.mark.requirement("jira_cloud_worklogs.update.keeps-the-rest")
def test_change_keeps_what_is_left_out(admin: Caller, worklogs: Worklogs) -> None:
    made = worklogs.made()
    answer = expect.status(
        admin.put(f"{worklogs.place(made)}?adjustEstimate=leave&notifyUsers=false", {"timeSpent": "2h"}), 200
    )
    row = expect.json_object(answer)
    expect.equal(answer, "timeSpentSeconds", row.get("timeSpentSeconds"), 7200)
    kept = ("id", "started", "comment", "created")
    expect.equal(answer, "the rest", {name: row.get(name) for name in kept}, {name: made.get(name) for name in kept})


@pytest.mark.requirement("jira_cloud_worklogs.delete.answers-204")
def test_deleted_worklog_is_gone(admin: Caller, worklogs: Worklogs) -> None:
    made = worklogs.made()
    query = "&".join(f"{name}={value}" for name, value in QUIETLY)
    expect.no_body(expect.status(admin.delete(f"{worklogs.place(made)}?{query}"), 204))
    expect.status(admin.get(worklogs.place(made)), 404)


@pytest.mark.requirement("jira_cloud_worklogs.unknown.404")
@pytest.mark.parametrize("what", ["issue", "worklog"])
def test_unknown_issue_and_worklog_are_not_found(admin: Caller, workable: int, what: str) -> None:
    place = f"issue/{UNKNOWN}/worklog" if what == "issue" else f"issue/{workable}/worklog/{UNKNOWN}"
    expect.error_body(expect.status(admin.get(f"rest/api/3/{place}"), 404))


@pytest.mark.requirement("jira_cloud_worklogs.version-2.plain-comment")
def test_comment_is_plain_in_version_2(admin: Caller, worklogs: Worklogs) -> None:
    text = worklogs.text()
    made = worklogs.made(comment=document(text))
    answer = admin.get(worklogs.place(made).replace("rest/api/3/", "rest/api/2/"))
    expect.equal(answer, "comment", expect.json_object(answer).get("comment"), text)


@pytest.mark.requirement("jira_cloud_worklogs.changes.shape")
@pytest.mark.parametrize("name", ["updated", "deleted"])
def test_changes_since_a_moment_have_published_shape(admin: Caller, worklogs: Worklogs, name: str) -> None:
    since = _milliseconds(worklogs.made()["created"]) - 24 * 3_600_000
    answer = admin.get(f"rest/api/3/worklog/{name}", {"since": since})
    content = expect.json_object(answer)
    expect.shape(answer, content, beans.WORKLOG_CHANGES)
    expect.equal(answer, "since", content.get("since"), since)
    times = [value["updatedTime"] for value in content["values"]]
    expect.equal(answer, "times in order and not before since", times, sorted(time for time in times if time >= since))


@pytest.mark.requirement("jira_cloud_worklogs.by-id.known-alone")
def test_worklogs_by_id_are_those_there_are(admin: Caller, worklogs: Worklogs) -> None:
    made = worklogs.made()
    answer = expect.status(admin.post(LISTED, {"ids": [int(made["id"]), UNKNOWN]}), 200)
    rows = expect.objects(answer)
    expect.shape(answer, rows, ListOf(beans.WORKLOG))
    expect.equal(answer, "ids", [row["id"] for row in rows], [made["id"]])


@pytest.mark.requirement("jira_cloud_worklogs.by-id.size")
@pytest.mark.parametrize("ids", [[], list(range(1, 1002))], ids=["none", "1001"])
def test_no_ids_and_too_many_are_refused(admin: Caller, ids: list[int]) -> None:
    expect.status(admin.post(LISTED, {"ids": ids}), 400)


@pytest.mark.requirement("jira_cloud_worklogs.tempo.by-the-app")
def test_work_logged_in_tempo_stands_under_the_account_of_an_app(admin: Caller, worklogs: Worklogs) -> None:
    tempo, made = worklogs.in_tempo()
    number = partner(tempo, "tempo-to-jira", "tempoWorklogIds", "jiraWorklogId", made["tempoWorklogId"])
    answer = expect.status(admin.get(f"{worklogs.path}/{number}"), 200)
    row: dict[str, Any] = expect.json_object(answer)
    expect.equal(answer, "author.accountType", row["author"].get("accountType"), "app")
    expect.equal(answer, "timeSpentSeconds", row["timeSpentSeconds"], made["timeSpentSeconds"])


@pytest.mark.requirement("jira_cloud_worklogs.tempo.keeps-author")
def test_work_logged_in_jira_is_in_tempo_with_its_author(myself: Row, run: Any, worklogs: Worklogs) -> None:
    tempo = run.persona_caller("cloud", "admin")
    made = worklogs.made(timeSpentSeconds=1200)
    number = partner(tempo, "jira-to-tempo", "jiraWorklogIds", "tempoWorklogId", int(made["id"]))
    answer = tempo.get(f"4/worklogs/{number}")
    row = expect.json_object(answer)
    told = [row["author"]["accountId"], row["timeSpentSeconds"], row["issue"]["id"]]
    expect.equal(answer, "author, timeSpentSeconds, issue", told, [myself["accountId"], 1200, worklogs.issue])


@pytest.mark.requirement("jira_cloud_worklogs.many.size")
@pytest.mark.parametrize("verb", ["delete", "move"])
def test_too_many_worklogs_at_once_are_refused(admin: Caller, worklogs: Worklogs, verb: str) -> None:
    """Deleting and moving many is known to leave Tempo behind, so nothing that is there is asked for."""
    body = {"ids": list(range(UNKNOWN, UNKNOWN + 5001)), "issueIdOrKey": str(worklogs.issue)}
    if verb == "delete":
        answer = admin.call("DELETE", worklogs.path, params={"adjustEstimate": "leave"}, text=json.dumps({"ids": body["ids"]}))
    else:
        answer = admin.search(f"{worklogs.path}/move", [("adjustEstimate", "leave")], body)
    expect.status(answer, 400)
