"""Searching issues by JQL: what is found, how the pages go on, and how a body is refused."""

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

BOB = "5b10a2844c20165700ede223"
DAVID = "5b10a2844c20165700ede224"
APP = "557058:295406f3-a1fc-4733-b906-dd15d021bd79"
ALL = [10200, 10201, 10202, 10203, 10204, 10205, 10206, 10207, 10220, 10221, 10222, 10223, 10240, 10241, 10242, 10243]
HR = [10240, 10241, 10242, 10243]
UNBOUNDED = "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
RANGE = "The max results parameter has to be between 1 and 5,000."
PAYLOAD = "Invalid request payload. Refer to the REST API documentation and try again."
BAD_TOKEN = "The provided next page token is invalid or expired."


def found(jira_cloud: Any, who: str, jql: str) -> list[int]:
    answer = jira_cloud.get(who, f"search/jql?jql={quote(jql)}&maxResults=5000")
    assert answer.status == 200, answer.text
    assert set(answer.json) == {"issues", "isLast"}
    assert all(set(issue) == {"id"} for issue in answer.json["issues"])
    return [int(issue["id"]) for issue in answer.json["issues"]]


@pytest.mark.parametrize(
    ("jql", "ids"),
    [
        ("project = HR", HR), ("project = hr", HR), ("project = 10012", HR), ('project = "Absences and Training"', HR),
        ("project in (HR, SAFE)", [10220, 10221, 10222, 10223, *HR]), ("project not in (CLOUD, SAFE)", HR),
        ("project != CLOUD and project != SAFE", HR), ("NOT (project = CLOUD OR project = SAFE)", HR),
        ("!project = CLOUD && !(project = SAFE)", HR), ("project is EMPTY", []), ("project is not null", ALL),
        ("key in (CLOUD-3, cloud-4)", [10202, 10203]), ("issue = CLOUD-3", [10202]), ("issuekey = 10202", [10202]),
        ("id in (10202, 10220)", [10202, 10220]), ("key not in (CLOUD-3) and project = CLOUD and id != 10200",
                                                   [10201, 10203, 10204, 10205, 10206, 10207]),
        ("issuetype = Bug", [10204, 10222]), ("type in (bug, Epic)", [10200, 10204, 10222]),
        ("issuetype in subTaskIssueTypes()", [10206]), ("type = Story and type in standardIssueTypes()", [10201, 10220]),
        ("assignee = currentUser()", []), (f'assignee = "{BOB}"', [10202, 10206]), (f"assignee in ({BOB}, {DAVID})",
                                                                                    [10202, 10203, 10204, 10206]),
        ('assignee in membersOf("cloud-dev-user")', [10202, 10203, 10204, 10206]),
        ("assignee is EMPTY and project = CLOUD", [10205, 10207]), ("project = CLOUD and assignee = EMPTY", [10205, 10207]),
        (f"project = CLOUD and assignee != {BOB}", [10200, 10201, 10203, 10204]),
        (f"project = CLOUD and (assignee != {BOB} or assignee is empty)", [10200, 10201, 10203, 10204, 10205, 10207]),
        (f"project = CLOUD and assignee in ({BOB}, EMPTY)", [10202, 10205, 10206, 10207]),
        (f"project = CLOUD and assignee not in ({BOB}, EMPTY)", [10200, 10201, 10203, 10204]),
        ("updated >= -7d", [10205, 10206, 10207, 10223]), ('updated > "2013-11-10 12:00"', [10207, 10223]),
        ("updated = 2013-11-13", [10223]), ("updated is EMPTY", []), ("updated is not EMPTY", ALL),
        ("updated != 2013-11-13 and project = SAFE", [10220, 10221, 10222]),
        ("updated < startOfYear()", HR), ("updated <= now()", ALL), ("updated >= startOfMonth() and updated < endOfMonth()",
                                                                     [10204, 10205, 10206, 10207, 10223]),
        ('updated >= "-1w 1d"', [10205, 10206, 10207, 10223]), ('updated >= startOfDay("-2d")', [10207, 10223]),
        ("PROJECT = HR AND Type = task", HR),
    ],
)  # fmt: skip
def test_query_finds(jira_cloud: Any, jql: str, ids: list[int]) -> None:
    assert sorted(found(jira_cloud, "fred", jql)) == ids


@pytest.fixture
def worked(jira_cloud: Any) -> Any:
    """Bob worked on CLOUD-3 in October and David in November; Bob on CLOUD-4 in November; Fred on SAFE-1."""
    jira_cloud.log("bob", 10202, "2013-10-15")
    jira_cloud.log("david", 10202, "2013-11-12")
    jira_cloud.log("bob", 10203, "2013-11-13")
    jira_cloud.log("fred", 10220, "2013-11-13")
    return jira_cloud


BY_PERSON = (
    (f"worklogAuthor = {BOB}", [10202, 10203]),
    ('worklogAuthor in membersOf("cloud-dev-user")', [10202, 10203]),
    ("worklogAuthor = currentUser()", [10220]),
    (f"worklogAuthor = {BOB} and worklogDate >= 2013-11-01", [10203]),
    (f"worklogDate >= 2013-11-01 and project = CLOUD and worklogAuthor = {BOB}", [10203]),
    (f"worklogAuthor = {BOB} and worklogAuthor = {DAVID}", []),
    (f"worklogAuthor = {BOB} or worklogAuthor = {DAVID}", [10202, 10203]),
    (f"worklogAuthor != {BOB}", [10220]),
    (f"not worklogAuthor in ({BOB}, {DAVID})", [10220]),
    (f'worklogAuthor = "{APP}"', []),
)


@pytest.mark.parametrize(("jql", "ids"), BY_PERSON)
def test_work_is_found_by_person_where_the_site_says_so(worked: Any, jql: str, ids: list[int]) -> None:
    worked.world.site.settings.update({"jiraCloud.worklogAuthor": "person"})
    assert sorted(found(worked, "fred", jql)) == ids


@pytest.mark.parametrize(
    ("jql", "ids"),
    [
        (f"worklogAuthor = {BOB}", []),
        (f'worklogAuthor = "{APP}"', [10202, 10203, 10220]),
        (f'worklogAuthor = "{APP}" and worklogDate < 2013-11-01', [10202]),
        (f'worklogAuthor != "{APP}"', []),
        (f"worklogAuthor != {BOB}", [10202, 10203, 10220]),
        ('worklogDate >= "2013-11-01" AND workLogDate < "2013-12-01"', [10202, 10203, 10220]),
        ("worklogDate = 2013-11-13", [10203, 10220]),
        ("worklogDate != 2013-11-13", [10202]),
        ("worklogDate > -2d", []),
        ("worklogDate >= -2d", [10203, 10220]),
        ("worklogDate >= startOfWeek() and project = CLOUD", [10202, 10203]),
        ("worklogDate > 2013-10-15 and worklogDate < 2013-11-12", []),
        ("not worklogDate >= 2013-11-01", [10202]),
        ("worklogAuthor is EMPTY and project = SAFE", [10221, 10222, 10223]),
        ("worklogAuthor is not EMPTY", [10202, 10203, 10220]),
    ],
)
def test_work_logged_in_tempo_is_the_apps(worked: Any, jql: str, ids: list[int]) -> None:
    assert sorted(found(worked, "fred", jql)) == ids


def test_author_and_day_may_be_met_by_different_worklogs_when_set_so(worked: Any) -> None:
    worked.world.site.settings.update({"jiraCloud.worklogAuthor": "person", "jql.worklogJoin": "any"})
    assert sorted(found(worked, "fred", f"worklogAuthor = {BOB} and worklogDate >= 2013-11-01")) == [10202, 10203]


def test_only_what_one_may_browse_is_found(worked: Any) -> None:
    assert sorted(found(worked, "bob", "worklogDate >= 2013-11-01")) == [10202, 10203]
    assert set(found(worked, "bob", "updated <= now()")) == set(ALL) - {10220, 10221, 10222, 10223}


@pytest.mark.parametrize(
    ("order", "ids"),
    [
        ("", [10207, 10206, 10205, 10204, 10203, 10202, 10201, 10200]),
        ("order by key", [10200, 10201, 10202, 10203, 10204, 10205, 10206, 10207]),
        ("ORDER BY key DESC", [10207, 10206, 10205, 10204, 10203, 10202, 10201, 10200]),
        ("order by type, key asc", [10204, 10200, 10201, 10206, 10202, 10203, 10205, 10207]),
        ("order by updated", [10207, 10206, 10205, 10204, 10203, 10202, 10201, 10200]),
        ("order by created asc, summary", [10200, 10201, 10202, 10203, 10204, 10205, 10206, 10207]),
    ],
)
def test_issues_are_sorted(jira_cloud: Any, order: str, ids: list[int]) -> None:
    assert found(jira_cloud, "fred", f"project = CLOUD {order}") == ids


def test_dates_are_meant_in_the_callers_zone(jira_cloud: Any) -> None:
    store = jira_cloud.world.site.store
    with store.transaction():
        store.run("UPDATE people SET time_zone = 'Asia/Shanghai' WHERE name = 'fred'")
        store.run("UPDATE issues SET updated_at = '2013-11-14T17:00:00.000Z' WHERE id = 10200")
    assert found(jira_cloud, "fred", "updated >= 2013-11-15") == [10200]
    assert found(jira_cloud, "erica", "updated >= 2013-11-15") == []


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("size", [1, 3, 8, 50])
def test_pages_go_on_by_token(jira_cloud: Any, method: str, size: int) -> None:
    ids: list[str] = []
    token = None
    while True:
        asked = {"jql": "project = CLOUD order by key", "fields": ["summary"], "maxResults": size}
        asked |= {"nextPageToken": token} if token else {}
        if method == "POST":
            page = jira_cloud.post("bob", "search/jql", asked).json
        else:
            query = "&".join(f"{name}={quote(str(value))}" for name, value in {**asked, "fields": "summary"}.items())
            page = jira_cloud.get("bob", f"search/jql?{query}&startAt=5").json
        assert len(page["issues"]) <= size
        assert all(set(issue) == {"expand", "id", "self", "key", "fields"} for issue in page["issues"])
        ids += [issue["id"] for issue in page["issues"]]
        assert page["isLast"] == ("nextPageToken" not in page)
        if page["isLast"]:
            break
        assert page["nextPageToken"] != token
        token = page["nextPageToken"]
    assert ids == [str(number) for number in range(10200, 10208)]


def test_page_with_fields_is_shorter_than_asked(jira_cloud: Any) -> None:
    store = jira_cloud.world.site.store
    with store.transaction():
        for number in range(150):
            store.insert_row(
                "issues", key=f"HR-{number + 100}", project_id=10012, summary="x", issue_type="Task", status="Open",
                created_at="2013-11-01T00:00:00.000Z", updated_at="2013-11-01T00:00:00.000Z",
            )  # fmt: skip
    for fields, count in (("summary", 100), ("id", 154), ("key", 154)):
        assert len(jira_cloud.get("bob", f"search/jql?jql=project=HR&fields={fields}&maxResults=500").json["issues"]) == count
    assert len(jira_cloud.get("bob", "search/jql?jql=project=HR").json["issues"]) == 50


def tokens() -> list[str]:
    forged = [
        [2, 0],
        [2, "x", "y"],
        ["2", 0, "x"],
        {"a": 1},
        5,
        [-1, 0, ""],
        [2**40, 0, ""],
        [2, 10**30, ""],
        [2, float("inf"), "x"],
    ]
    return ["x", "%", "ä", "a" * 5, *(base64.urlsafe_b64encode(json.dumps(value).encode()).decode() for value in forged)]


@pytest.mark.parametrize("token", tokens())
def test_bad_page_token_is_refused(jira_cloud: Any, token: str) -> None:
    answer = jira_cloud.post("bob", "search/jql", {"jql": "project = CLOUD", "nextPageToken": token})
    assert (answer.status, answer.json) == (400, {"errorMessages": [BAD_TOKEN], "errors": {}})


def test_page_token_is_good_for_its_query_and_for_seven_days(jira_cloud: Any) -> None:
    token = jira_cloud.get("bob", "search/jql?jql=project=CLOUD&maxResults=1").json["nextPageToken"]
    assert jira_cloud.get("bob", f"search/jql?jql=project=HR&nextPageToken={token}").status == 400
    jira_cloud.world.set_clock("2013-11-21T23:59")
    assert jira_cloud.get("bob", f"search/jql?jql=project=CLOUD&nextPageToken={token}").status == 200
    jira_cloud.world.set_clock("2013-11-22T00:01")
    assert jira_cloud.get("bob", f"search/jql?jql=project=CLOUD&nextPageToken={token}").status == 400


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, UNBOUNDED), ({"jql": ""}, UNBOUNDED), ({"jql": None}, UNBOUNDED), ({"jql": "order by key"}, UNBOUNDED),
        ({"jql": "project = HR", "maxResults": 0}, RANGE), ({"jql": "project = HR", "maxResults": -1}, RANGE),
        ({"jql": "project = HR", "maxResults": 5001}, RANGE), ({"jql": "", "maxResults": 5001}, RANGE),
        ({"jql": "project = HR", "startAt": 0}, PAYLOAD), ({"jql": "project = HR", "validateQuery": True}, PAYLOAD),
        ({"jql": "project = HR", "maxResults": "ten"}, PAYLOAD), ({"jql": "project = HR", "maxResults": True}, PAYLOAD),
        ({"jql": ["project = HR"]}, PAYLOAD), ({"jql": 5}, PAYLOAD), ({"fields": "summary", "jql": "project = HR"}, PAYLOAD),
        ([], PAYLOAD), ("x", PAYLOAD), ({"nextPageToken": "x", "maxResults": 0}, BAD_TOKEN),
    ],
)  # fmt: skip
def test_wrong_search_is_refused(jira_cloud: Any, body: Any, text: str) -> None:
    answer = jira_cloud.post("bob", "search/jql", body)
    assert (answer.status, answer.json) == (400, {"errorMessages": [text], "errors": {}})


@pytest.mark.parametrize(
    ("query", "text"),
    [("", UNBOUNDED), ("jql=project=HR&maxResults=0", RANGE), ("jql=project=HR&maxResults=5001", RANGE),
     ("jql=project=HR&maxResults=99999999999999", RANGE), ("jql=project=HR&maxResults=ten", PAYLOAD)],
)  # fmt: skip
def test_wrong_query_is_refused(jira_cloud: Any, query: str, text: str) -> None:
    answer = jira_cloud.get("bob", f"search/jql?{query}")
    assert (answer.status, answer.json) == (400, {"errorMessages": [text], "errors": {}})


def test_old_search_is_gone(jira_cloud: Any) -> None:
    for method in ("GET", "POST"):
        for version in ("2", "3"):
            answer = jira_cloud.call(method, "bob", f"/rest/api/{version}/search?jql=project=HR")
            assert answer.status == 410
            assert "/rest/api/3/search/jql" in answer.json["errorMessages"][0]


def test_missing_keys_can_be_dropped(make_world: Callable[..., Any], jira_cloud: Any) -> None:
    jira_cloud.world = make_world({"jql.missingKeys": "drop"})
    assert found(jira_cloud, "bob", "key in (CLOUD-3, CLOUD-99, SAFE-1)") == [10202]
