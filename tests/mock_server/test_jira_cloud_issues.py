"""Issues of Jira Cloud: who sees them, which fields they have, and what was logged on them."""

from collections.abc import Callable
from typing import Any

import pytest

from mock_server.jira_cloud.issues import FIELDS, pretty, selected

HIDDEN = {"errorMessages": ["Issue does not exist or you do not have permission to see it."], "errors": {}}
APP = "557058:295406f3-a1fc-4733-b906-dd15d021bd79"
BOB = "5b10a2844c20165700ede223"
BASES = ("/rest/api/2", "/rest/api/3", "/jira/rest/api/3")


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("reference", ["CLOUD-3", "cloud-3", "10202"])
def test_issue_by_id_or_key_in_any_case(jira_cloud: Any, base: str, reference: str) -> None:
    issue = jira_cloud.get("bob", f"{base}/issue/{reference}").json
    assert set(issue) == {"expand", "id", "self", "key", "fields"}
    assert (issue["id"], issue["key"], issue["self"]) == ("10202", "CLOUD-3", f"http://localhost{base}/issue/10202")
    fields = issue["fields"]
    assert set(fields) == set(FIELDS)
    assert fields["summary"] == "Copy the backups"
    assert (fields["project"]["id"], fields["project"]["key"]) == ("10010", "CLOUD")
    assert (fields["issuetype"]["name"], fields["issuetype"]["subtask"]) == ("Task", False)
    assert (fields["status"]["name"], fields["status"]["statusCategory"]["key"]) == ("In Progress", "indeterminate")
    assert fields["assignee"]["accountId"] == BOB
    assert fields["reporter"]["self"].startswith(f"http://localhost{base}/user?accountId=")
    assert fields["created"] == "2013-07-18T00:00:00.000+0000"
    assert fields["timetracking"] == {"remainingEstimate": "1d", "remainingEstimateSeconds": 28800}


@pytest.mark.parametrize("reference", ["SAFE-1", "10220", "NOPE-1", "CLOUD-99", "99", "9" * 18, "9" * 40, "0.0", "%20", "-1"])
def test_issue_out_of_sight_looks_like_none(jira_cloud: Any, reference: str) -> None:
    for base in BASES:
        answer = jira_cloud.get("bob", f"{base}/issue/{reference}")
        assert (answer.status, answer.json) == (404, HIDDEN)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("fields=summary", {"summary"}),
        ("fields=summary,assignee", {"summary", "assignee"}),
        ("fields=summary&fields=assignee,status", {"summary", "assignee", "status"}),
        ("fields=*all,-worklog", set(FIELDS) - {"worklog"}),
        ("fields=-worklog", set(FIELDS) - {"worklog"}),
        ("fields=*navigable", set(FIELDS) - {"worklog", "comment"}),
        ("fields=*navigable,worklog", set(FIELDS) - {"comment"}),
        ("fields=id", None),
        ("fields=customfield_1", None),
        ("fields=", set(FIELDS)),
    ],
)
def test_fields_are_those_asked_for(jira_cloud: Any, query: str, names: set[str] | None) -> None:
    issue = jira_cloud.get("bob", f"issue/CLOUD-3?{query}").json
    assert (set(issue["fields"]) if "fields" in issue else None) == names


def test_hr_issues_are_there_for_everybody(jira_cloud: Any) -> None:
    for who in ("bob", "greta", "technical-user"):
        summaries = [jira_cloud.get(who, f"issue/HR-{n}").json["fields"]["summary"] for n in range(1, 5)]
        assert summaries == ["Paid time off", "Sick leave", "Training", "Personal time off"]


def test_worklogs_inside_an_issue_are_cut_at_twenty(jira_cloud: Any) -> None:
    for day in range(1, 31):
        jira_cloud.log("bob", 10202, f"2013-10-{day:02d}", 1800)
    fields = jira_cloud.get("erica", "issue/CLOUD-3?fields=worklog,timespent,timetracking").json["fields"]
    worklogs = fields["worklog"]
    assert (worklogs["startAt"], worklogs["maxResults"], worklogs["total"]) == (0, 20, 30)
    assert [w["started"][:10] for w in worklogs["worklogs"]] == [f"2013-10-{day:02d}" for day in range(1, 21)]
    assert fields["timespent"] == 15 * 3600
    assert fields["timetracking"]["timeSpent"] == "1d 7h"


@pytest.mark.parametrize(("version", "is_document"), [("2", False), ("3", True)])
def test_worklog_is_the_apps_and_says_what_was_done(jira_cloud: Any, version: str, is_document: bool) -> None:
    jira_cloud.log("bob", 10202, "2013-11-14", 5400, "first line\n\nthird")
    jira_cloud.log("bob", 10202, "2013-11-15", 5400)
    first, second = jira_cloud.get("erica", f"/rest/api/{version}/issue/10202?fields=worklog").json["fields"]["worklog"][
        "worklogs"
    ]
    assert (first["author"]["accountId"], first["author"]["accountType"]) == (APP, "app")
    assert first["updateAuthor"] == first["author"]
    assert (first["timeSpent"], first["timeSpentSeconds"], first["issueId"]) == ("1h 30m", 5400, "10202")
    assert first["started"] == "2013-11-14T09:00:00.000+0000"
    assert first["self"] == f"http://localhost/rest/api/{version}/issue/10202/worklog/{first['id']}"
    if is_document:
        lines = [p["content"][0]["text"] if p["content"] else "" for p in first["comment"]["content"]]
        assert (first["comment"]["type"], first["comment"]["version"], lines) == ("doc", 1, ["first line", "", "third"])
        assert second["comment"]["content"][0]["content"] == [{"type": "text", "text": "Working on issue CLOUD-3"}]
    else:
        assert (first["comment"], second["comment"]) == ("first line\n\nthird", "Working on issue CLOUD-3")


def test_author_can_be_the_person(make_world: Callable[..., Any], jira_cloud: Any) -> None:
    jira_cloud.world = make_world({"jiraCloud.worklogAuthor": "person"})
    jira_cloud.log("bob", 10206, "2013-11-14")
    worklogs = jira_cloud.get("erica", "issue/CLOUD-7?fields=worklog").json["fields"]["worklog"]["worklogs"]
    assert BOB in [worklog["author"]["accountId"] for worklog in worklogs]


def test_times_are_in_the_zone_of_whoever_asks(jira_cloud: Any) -> None:
    store = jira_cloud.world.site.store
    with store.transaction():
        store.run("UPDATE people SET time_zone = 'Asia/Shanghai' WHERE name = 'bob'")
    jira_cloud.log("bob", 10202, "2013-11-15")
    for who, started in (("bob", "2013-11-15T09:00:00.000+0800"), ("erica", "2013-11-15T01:00:00.000+0000")):
        assert (
            jira_cloud.get(who, "issue/CLOUD-3?fields=worklog").json["fields"]["worklog"]["worklogs"][0]["started"] == started
        )


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0m"), (60, "1m"), (12000, "3h 20m"), (28800, "1d"), (144000, "1w"), (201660, "1w 2d 1m")]
)
def test_amounts_are_written_by_days_of_eight_hours(seconds: int, text: str) -> None:
    assert pretty(seconds) == text


def test_selection_keeps_the_order_of_the_table() -> None:
    assert selected(["status", "summary"]) == ["summary", "status"]
