"""Worklogs of an issue of Jira Data Center: one operation and one mistake after the other (Jira REST reference)."""

from typing import Any

import pytest

API = "/jira/rest/api/2"
CLOUD, SAFE, HR = 10202, 10220, 10240
STARTED = "2013-11-14T09:00:00.000+0000"
BODY = {"started": STARTED, "timeSpent": "1h 30m", "comment": "Read the tide tables"}
BOB = "5b10a2844c20165700ede223"
MEMBERS = {"self", "author", "updateAuthor", "comment", "created", "updated", "started", "timeSpent", "timeSpentSeconds", "id",
           "issueId"}  # fmt: skip


@pytest.fixture
def world(idle_world: Any) -> Any:
    """Without work but what a test logs."""
    return idle_world


def log(world: Any, who: str = "bob", issue: int | str = CLOUD, **values: Any) -> dict[str, Any]:
    answer = world.post(who, f"{API}/issue/{issue}/worklog", {**BODY, **values})
    assert answer.status == 201, answer.text
    found: dict[str, Any] = answer.json
    return found


def remaining(world: Any, issue: int = CLOUD) -> int | None:
    store = world.site.store
    with store.reading():
        found: int | None = store.value("SELECT remaining_estimate FROM issues WHERE id = ?", (issue,))
        return found


def estimate(world: Any, seconds: int | None) -> None:
    store = world.site.store
    with store.transaction():
        store.run("UPDATE issues SET remaining_estimate = ? WHERE id = ?", (seconds, CLOUD))


def count(world: Any) -> int:
    store = world.site.store
    with store.reading():
        return int(store.value("SELECT (SELECT count(*) FROM worklogs) + (SELECT count(*) FROM jira_worklogs)"))


@pytest.mark.parametrize("base", [API, "/jira/rest/api/latest"])
def test_a_worklog_has_names_and_keys_and_a_plain_comment(world: Any, base: str) -> None:
    world.set_clock("2013-11-15T10:20:30.500")
    made = world.post("nadia", f"{base}/issue/CLOUD-3/worklog", {**BODY, "timeSpent": "1d 2h"})
    assert made.status == 201, made.text
    worklog = made.json
    assert set(worklog) == MEMBERS
    assert worklog["self"] == f"http://localhost{API}/issue/{CLOUD}/worklog/{worklog['id']}"
    assert (worklog["author"]["name"], worklog["author"]["key"]) == ("nadia", "JIRAUSER10100")
    assert "accountId" not in worklog["author"]
    assert worklog["updateAuthor"] == worklog["author"]
    assert (worklog["comment"], worklog["started"]) == ("Read the tide tables", "2013-11-14T22:00:00.000+1300")
    assert (worklog["timeSpent"], worklog["timeSpentSeconds"]) == ("1d 2h", 36000)
    assert worklog["created"] == worklog["updated"] == "2013-11-15T23:20:30.500+1300"
    assert (type(worklog["id"]), worklog["issueId"]) == (str, str(CLOUD))
    assert world.get("nadia", f"{base}/issue/CLOUD-3/worklog/{worklog['id']}").json == worklog
    # In the time zone of whoever asks.
    assert world.get("bob", f"{base}/issue/CLOUD-3/worklog/{worklog['id']}").json["started"] == STARTED


def test_work_of_tempo_is_the_persons_and_not_the_apps(world: Any, jira_cloud: Any) -> None:
    entry = {
        "authorAccountId": BOB,
        "issueId": CLOUD,
        "startDate": "2013-11-14",
        "timeSpentSeconds": 3600,
        "startTime": "07:00:00",
    }
    assert world.cloud("POST", "bob", "worklogs", entry).status == 200
    (here,) = world.get("fred", f"{API}/issue/{CLOUD}/worklog").json["worklogs"]
    (there,) = jira_cloud.call("GET", "fred", f"issue/{CLOUD}/worklog").json["worklogs"]
    assert (here["author"]["name"], here["updateAuthor"]["name"], here["comment"]) == ("bob", "bob", "")
    assert there["author"]["accountType"] == "app"
    assert (here["id"], here["started"]) == (there["id"], "2013-11-14T07:00:00.000+0000")


def test_work_on_internal_issues_is_one_by_one(world: Any, jira_cloud: Any) -> None:
    for _ in range(2):
        entry = {"authorAccountId": BOB, "issueId": HR, "startDate": "2013-11-14", "timeSpentSeconds": 3600}
        assert world.cloud("POST", "bob", "worklogs", entry).status == 200
    found = world.get("bob", f"{API}/issue/{HR}/worklog").json["worklogs"]
    assert [(worklog["author"]["name"], worklog["timeSpentSeconds"]) for worklog in found] == [("bob", 3600), ("bob", 3600)]
    together = jira_cloud.call("GET", "bob", f"issue/{HR}/worklog").json["worklogs"]
    assert [worklog["timeSpentSeconds"] for worklog in together] == [7200]


def test_what_is_logged_here_is_in_tempo_with_its_author(world: Any) -> None:
    made = log(world)
    (row,) = world.cloud("GET", "bob", f"worklogs/issue/{CLOUD}").json["results"]
    assert (row["author"]["accountId"], row["timeSpentSeconds"], row["description"]) == (BOB, 5400, "Read the tide tables")
    assert (row["startDate"], row["startTime"]) == ("2013-11-14", "09:00:00")
    assert world.put("bob", f"{API}/issue/{CLOUD}/worklog/{made['id']}", {"timeSpentSeconds": 60}).status == 200
    assert world.cloud("GET", "bob", f"worklogs/issue/{CLOUD}").json["results"][0]["timeSpentSeconds"] == 60
    assert world.delete("bob", f"{API}/issue/{CLOUD}/worklog/{made['id']}").status == 204
    assert world.cloud("GET", "bob", f"worklogs/issue/{CLOUD}").json["results"] == []


def test_what_tempo_logged_may_be_changed_by_its_person(world: Any) -> None:
    entry = {"authorAccountId": BOB, "issueId": CLOUD, "startDate": "2013-11-14", "timeSpentSeconds": 3600}
    number = world.cloud("POST", "bob", "worklogs", entry).json["tempoWorklogId"]
    (row,) = world.get("bob", f"{API}/issue/{CLOUD}/worklog").json["worklogs"]
    changed = world.put("bob", f"{API}/issue/{CLOUD}/worklog/{row['id']}", {"comment": "Again", "timeSpent": "2h"})
    assert changed.status == 200, changed.text
    assert (changed.json["author"]["name"], changed.json["comment"]) == ("bob", "Again")
    assert world.cloud("GET", "bob", f"worklogs/{number}").json["timeSpentSeconds"] == 7200
    told = world.cloud("POST", "fred", "papertrail/search", {"from": "2013-11-01T00:00:00Z"}).json["results"]
    assert [(event["action"], event["entityId"]) for event in told] == [("Created", str(number)), ("Synced", str(number))]


def test_all_worklogs_of_an_issue_come_at_once_whatever_is_asked(world: Any) -> None:
    numbers = [log(world, started=f"2013-11-{day:02}T09:00:00.000+0000")["id"] for day in (14, 12, 13)]
    for query in ("", "?startAt=1&maxResults=1", "?startedAfter=1384300800000&startedBefore=0", "?maxResults=x"):
        page = world.get("bob", f"{API}/issue/{CLOUD}/worklog{query}").json
        assert {name: page[name] for name in ("startAt", "maxResults", "total")} == {"startAt": 0, "maxResults": 3, "total": 3}
        assert [worklog["id"] for worklog in page["worklogs"]] == numbers, "by creation"


def test_what_is_left_out_of_a_change_stays(world: Any) -> None:
    made = log(world)
    for body, changed in (
        ({}, {}),
        ({"comment": "Other"}, {"comment": "Other"}),
        ({"comment": ""}, {"comment": ""}),
        ({"started": "2013-11-13T08:00:00.000+0100"}, {"started": "2013-11-13T07:00:00.000+0000"}),
        ({"timeSpentSeconds": 119}, {"timeSpent": "1m", "timeSpentSeconds": 60}),
        ({"author": {"name": "fred"}, "id": "1", "created": "x"}, {}),
    ):
        answer = world.put("bob", f"{API}/issue/{CLOUD}/worklog/{made['id']}", body)
        made |= changed
        assert (answer.status, {**answer.json, "updated": ""}) == (200, {**made, "updated": ""}), body


def test_started_is_now_unless_told(world: Any) -> None:
    world.set_clock("2013-11-15T10:20:30.500")
    body = {"timeSpentSeconds": 60, "comment": None}
    made = world.post("bob", f"{API}/issue/{CLOUD}/worklog", body).json
    assert (made["started"], made["comment"]) == ("2013-11-15T10:20:30.500+0000", "")


@pytest.mark.parametrize(("method", "query", "body", "left"), [
    ("POST", "", {}, 30600),
    ("POST", "?adjustEstimate=auto", {}, 30600),
    ("POST", "?adjustEstimate=leave", {}, 36000),
    ("POST", "?adjustEstimate=new&newEstimate=3h", {}, 10800),
    ("POST", "?adjustEstimate=manual&reduceBy=1h", {}, 32400),
    ("POST", "", {"timeSpent": "4w"}, 0),
    ("PUT", "", {"timeSpent": "2h 30m"}, 32400),
    ("PUT", "?adjustEstimate=leave", {"timeSpent": "2h 30m"}, 36000),
    ("PUT", "?adjustEstimate=new&newEstimate=1d", {}, 28800),
    ("DELETE", "", None, 41400),
    ("DELETE", "?adjustEstimate=leave", None, 36000),
    ("DELETE", "?adjustEstimate=new&newEstimate=5m", None, 300),
    ("DELETE", "?adjustEstimate=manual&increaseBy=1h", None, 39600),
])  # fmt: skip
def test_remaining_estimate(world: Any, method: str, query: str, body: dict[str, Any] | None, left: int) -> None:
    path = f"{API}/issue/{CLOUD}/worklog"
    if method != "POST":
        path += f"/{log(world)['id']}"
    estimate(world, 36000)
    sent = {**BODY, **(body or {})} if method == "POST" else body
    answer = world.call(method, "bob", path + query, *([] if sent is None else [sent]))
    assert answer.status in (200, 201, 204), answer.text
    assert remaining(world) == left


FIELD = "errors"
MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"started": "2013-11-14"}, "started"),
    ({"started": "2013-11-14T09:00:00Z"}, "started"),
    ({"started": "2013-11-14T09:00:00.000Z"}, "started"),
    ({"started": "2013-11-14T09:00:00.000+01:00"}, "started"),
    ({"started": 1384419600000}, "started"),
    ({"timeSpent": None}, "timeLogged"),
    ({"timeSpent": "abc"}, "timeLogged"),
    ({"timeSpent": ""}, "timeLogged"),
    ({"timeSpent": "30s"}, "timeLogged"),
    ({"timeSpentSeconds": 60}, "timeLogged"),
    ({"timeSpent": None, "timeSpentSeconds": 59}, "timeLogged"),
    ({"timeSpent": None, "timeSpentSeconds": -60}, "timeLogged"),
    ({"timeSpent": None, "timeSpentSeconds": True}, "timeLogged"),
    ({"comment": {"type": "doc", "version": 1, "content": []}}, "comment"),
    ({"comment": 5}, "comment"),
    ({"comment": "x" * 32768}, "comment"),
    ({"visibility": {"type": "group", "value": "no-such-group"}}, "visibility"),
    ({"visibility": {"type": "group", "value": "hr"}}, "visibility"),
    ({"visibility": "hr"}, "visibility"),
]


@pytest.mark.parametrize(("values", "field"), MISTAKES)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_mistakes_are_told_by_field_and_change_nothing(world: Any, method: str, values: dict[str, Any], field: str) -> None:
    made = log(world)
    body = {**BODY, **values}
    if method == "PUT":
        body = {name: value for name, value in values.items() if value is not None}
        if not body:
            return
        if field == "timeLogged" and "timeSpentSeconds" in values and values.get("timeSpent", "x") == "x":
            body["timeSpent"] = "1h"
    path = f"{API}/issue/{CLOUD}/worklog" + (f"/{made['id']}" if method == "PUT" else "")
    before = world.audit()
    answer = world.call(method, "bob", path, body)
    assert (answer.status, list(answer.fields)) == (400, [field]), answer.text
    assert world.audit() == before


@pytest.mark.parametrize("name", ["newEstimate", "time_spent", "seconds", "properties", "billable"])
def test_unknown_members_are_refused_by_name(world: Any, name: str) -> None:
    answer = world.post("bob", f"{API}/issue/{CLOUD}/worklog", {**BODY, name: 60})
    assert (answer.status, answer.fields) == (400, {})
    assert answer.json["errorMessages"][0].startswith(f'Unrecognized field "{name}"')


@pytest.mark.parametrize(("query", "field"), [
    ("?adjustEstimate=new", "newEstimate"), ("?adjustEstimate=new&newEstimate=x", "newEstimate"),
    ("?adjustEstimate=manual", "reduceBy"), ("?adjustEstimate=other", "adjustEstimate"),
])  # fmt: skip
def test_wrong_ways_to_adjust_the_estimate(world: Any, query: str, field: str) -> None:
    answer = world.post("bob", f"{API}/issue/{CLOUD}/worklog{query}", BODY)
    assert (answer.status, list(answer.fields), answer.json["errorMessages"]) == (400, [field], ["Worklog must not be null."])
    assert count(world) == 0


@pytest.mark.parametrize(("raw", "status"), [(b"", 400), (b"{", 400), (b"[]", 400), (b"null", 400)])
def test_bodies_that_are_none(world: Any, raw: bytes, status: int) -> None:
    answer = world.call("POST", "bob", f"{API}/issue/{CLOUD}/worklog", body=raw)
    assert answer.status == status, answer.text
    assert set(answer.json) == {"errorMessages", "errors"}


@pytest.mark.parametrize(("who", "path", "status", "text"), [
    ("bob", f"issue/{SAFE}/worklog", 403, "You do not have the permission to see the specified issue."),
    ("bob", "issue/NOPE-1/worklog", 404, "Issue Does Not Exist"),
    ("bob", "issue/99999/worklog", 404, "Issue Does Not Exist"),
    ("bob", f"issue/{CLOUD}/worklog/1", 404, "Cannot find worklog with id: '1'."),
    ("bob", f"issue/{CLOUD}/worklog/x", 404, "Cannot find worklog with id: 'x'."),
])  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_what_is_not_there_or_hidden(world: Any, method: str, who: str, path: str, status: int, text: str) -> None:
    if method != "GET" and path.endswith("/worklog"):
        path += "/1"
    answer = world.call(method, who, f"{API}/{path}", *([BODY] if method == "PUT" else []))
    assert (answer.status, answer.json["errorMessages"]) == (status, [text])


def test_a_worklog_is_of_its_issue_alone(world: Any) -> None:
    number = log(world)["id"]
    assert world.get("bob", f"{API}/issue/10203/worklog/{number}").status == 404


def test_who_may_log_change_and_delete(world: Any) -> None:
    refused = world.post("technical-user", f"{API}/issue/{SAFE}/worklog", BODY)
    told = "you do not have the permission to associate a worklog to this issue."
    assert (refused.status, refused.json["errorMessages"][0].endswith(told)) == (400, True)
    number = log(world)["id"]
    for method, verb in (("PUT", "edit"), ("DELETE", "delete")):
        answer = world.call(method, "erica", f"{API}/issue/{CLOUD}/worklog/{number}", *([{}] if method == "PUT" else []))
        assert answer.status == 400
        assert answer.json["errorMessages"][0].endswith(f"you do not have permission to {verb} the specified worklog.")
    changed = world.put("fred", f"{API}/issue/{CLOUD}/worklog/{number}", {"comment": "By fred"})
    assert (changed.json["author"]["name"], changed.json["updateAuthor"]["name"]) == ("bob", "fred")
    assert world.delete("fred", f"{API}/issue/{CLOUD}/worklog/{number}").status == 204


@pytest.mark.parametrize(("method", "path"), [
    ("GET", f"issue/{CLOUD}/worklog"), ("POST", f"issue/{CLOUD}/worklog"), ("PUT", f"issue/{CLOUD}/worklog/1"),
    ("DELETE", f"issue/{CLOUD}/worklog/1"), ("GET", "worklog/updated"), ("GET", "worklog/deleted"), ("POST", "worklog/list"),
])  # fmt: skip
def test_nobody_is_401_before_anything_else(world: Any, method: str, path: str) -> None:
    answer = world.call(method, None, f"{API}/{path}", *([{"x": 1}] if method in ("POST", "PUT") else []))
    assert answer.status == 401
    wrong = world.call(method, "bob", f"{API}/{path}", headers={"Authorization": "Basic Ym9iOndyb25n"})
    assert wrong.status == 401


def test_restricted_worklogs_are_seen_by_the_group_alone(world: Any) -> None:
    made = log(world, visibility={"type": "group", "value": "cloud-dev-user"})
    assert made["visibility"] == {"type": "group", "value": "cloud-dev-user"}
    assert world.get("david", f"{API}/issue/{CLOUD}/worklog").json["total"] == 1
    assert world.get("erica", f"{API}/issue/{CLOUD}/worklog").json["total"] == 0
    assert world.get("erica", f"{API}/issue/{CLOUD}/worklog/{made['id']}").status == 404
