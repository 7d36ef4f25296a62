"""Worklogs of an issue of Jira Cloud: what is read and written, what becomes of the estimate, what is refused and how."""

from typing import Any
from urllib.parse import quote

import pytest

BOB = "5b10a2844c20165700ede223"
APP = "557058:295406f3-a1fc-4733-b906-dd15d021bd79"
KEY, ISSUE = "CLOUD-3", 10202
PATH = f"issue/{KEY}/worklog"
MEMBERS = {
    "self", "author", "updateAuthor", "created", "updated", "started", "timeSpent", "timeSpentSeconds", "id", "issueId",
}  # fmt: skip
NO_WORKLOG = "Worklog must not be null."
WRONG_START = "Invalid date format. Please enter the date in the format \"yyyy-MM-dd'T'HH:mm:ss.SSSZ\"."


def document(text: str) -> dict[str, Any]:
    return {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}]}]}


def log(jira_cloud: Any, who: str = "bob", query: str = "", path: str = PATH, **body: Any) -> Any:
    return jira_cloud.post(who, f"{path}{query}", {"timeSpentSeconds": 3600, **body})


def logged(jira_cloud: Any, *args: Any, **more: Any) -> Any:
    made = log(jira_cloud, *args, **more)
    assert made.status == 201, made.text
    return made.json


def refused(answer: Any, status: int, messages: list[str], errors: dict[str, str]) -> None:
    assert answer.status == status, answer.text
    assert answer.json == {"errorMessages": messages, "errors": errors}


def remaining(jira_cloud: Any, seconds: int | None = None) -> int | None:
    """What is left to do; with seconds, after making it so."""
    store = jira_cloud.world.site.store
    if seconds is not None:
        with store.transaction():
            store.run("UPDATE issues SET remaining_estimate = ? WHERE id = ?", (seconds, ISSUE))
    tracking = jira_cloud.get("bob", f"issue/{KEY}?fields=timetracking").json["fields"]["timetracking"]
    found: int | None = tracking.get("remainingEstimateSeconds")
    return found


def forbid(jira_cloud: Any, *permissions: str) -> None:
    store = jira_cloud.world.site.store
    with store.transaction():
        for permission in permissions:
            store.run("DELETE FROM project_permissions WHERE permission = ?", (permission,))


def test_a_worklog_is_made_and_read_everywhere_alike(jira_cloud: Any) -> None:
    made = logged(jira_cloud, started="2013-11-14T09:30:00.250+0200", comment=document("review"), timeSpentSeconds=5459)
    assert set(made) == MEMBERS | {"comment"}
    assert made["author"]["accountId"] == made["updateAuthor"]["accountId"] == BOB
    assert made["author"]["accountType"] == "atlassian"
    assert (made["timeSpent"], made["timeSpentSeconds"], made["issueId"]) == ("1h 30m", 5400, str(ISSUE))
    assert made["comment"] == document("review")
    assert made["self"].endswith(f"/rest/api/3/issue/{ISSUE}/worklog/{made['id']}")
    assert made["started"] == jira_cloud.get("bob", f"{PATH}/{made['id']}").json["started"]
    assert jira_cloud.get("bob", PATH).json == {"startAt": 0, "maxResults": 5000, "total": 1, "worklogs": [made]}
    fields = jira_cloud.get("bob", f"issue/{KEY}?fields=worklog,timespent,timetracking").json["fields"]
    assert fields["worklog"] == {"startAt": 0, "maxResults": 20, "total": 1, "worklogs": [made]}
    assert (fields["timespent"], fields["timetracking"]["timeSpentSeconds"]) == (5400, 5400)
    plain = jira_cloud.get("bob", f"/rest/api/2/{PATH}/{made['id']}").json
    assert plain["comment"] == "review"
    assert plain["self"].endswith(f"/rest/api/2/issue/{ISSUE}/worklog/{made['id']}")


@pytest.mark.parametrize(
    ("who", "started"), [("bob", "2013-11-14T08:30:00.000+0100"), ("erica", "2013-11-14T02:30:00.000-0500")]
)
def test_times_are_told_in_the_zone_of_whoever_asks(jira_cloud: Any, who: str, started: str) -> None:
    store = jira_cloud.world.site.store
    with store.transaction():
        for name, zone in (("bob", "Europe/Berlin"), ("erica", "America/New_York")):
            store.run("UPDATE people SET time_zone = ? WHERE name = ?", (zone, name))
    logged(jira_cloud, started="2013-11-14T07:30:00.000+0000")
    assert jira_cloud.get(who, PATH).json["worklogs"][0]["started"] == started


def test_what_nobody_can_write_has_no_effect(jira_cloud: Any) -> None:
    made = logged(jira_cloud, author={"accountId": APP}, created="x", id="1", issueId="1", updateAuthor=3)
    assert (made["author"]["accountId"], made["issueId"]) == (BOB, str(ISSUE))
    assert made["started"].startswith("2013-11-15T"), "without started it is now"
    assert "comment" not in made


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("3h 20m", 12000), ("1d", 28800), ("1w 2d", 201600), ("90", 5400), ("1.5h", 5400), ("2H30M", 9000), (" 5m ", 300)],
)
def test_time_spent_as_a_text(jira_cloud: Any, text: str, seconds: int) -> None:
    made = jira_cloud.post("bob", PATH, {"timeSpent": text})
    assert (made.status, made.json["timeSpentSeconds"]) == (201, seconds)


INVALID, NONE, BOTH = (
    "Invalid time duration entered.",
    "You must indicate the time spent working.",
    "Only one of timeSpent and timeSpentSeconds can be given.",
)


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"timeLogged": NONE}),
        ({"timeSpent": None}, {"timeLogged": NONE}),
        ({"timeSpent": "1h", "timeSpentSeconds": 3600}, {"timeLogged": BOTH}),
        ({"timeSpent": "abc"}, {"timeLogged": INVALID}),
        ({"timeSpent": ""}, {"timeLogged": INVALID}),
        ({"timeSpent": "1h 1h"}, {"timeLogged": INVALID}),
        ({"timeSpent": "-1h"}, {"timeLogged": INVALID}),
        ({"timeSpent": 60}, {"timeLogged": INVALID}),
        ({"timeSpentSeconds": 59}, {"timeLogged": INVALID}),
        ({"timeSpentSeconds": 0}, {"timeLogged": INVALID}),
        ({"timeSpentSeconds": -3600}, {"timeLogged": INVALID}),
        ({"timeSpentSeconds": "3600"}, {"timeLogged": INVALID}),
        ({"timeSpentSeconds": True}, {"timeLogged": INVALID}),
        ({"timeSpentSeconds": 10**30}, {"timeLogged": INVALID}),
        ({"timeSpent": "1h", "started": "2013-11-14"}, {"started": WRONG_START}),
        ({"timeSpent": "1h", "started": "2013-11-14T09:30:00.000Z"}, {"started": WRONG_START}),
        ({"timeSpent": "1h", "started": "2013-11-14T09:30:00.000"}, {"started": WRONG_START}),
        ({"timeSpent": "1h", "started": "2013-11-14T09:30:00.000+02:00"}, {"started": WRONG_START}),
        ({"timeSpent": "1h", "started": "2013-11-14T09:30:00.000000000+0200"}, {"started": WRONG_START}),
        ({"timeSpent": "1h", "started": "2013-02-30T09:30:00.000+0200"}, {"started": WRONG_START}),
        ({"timeSpent": "1h", "started": "0001-01-01T00:00:00.000+1400"}, {"started": WRONG_START}),
        ({"timeSpent": "1h", "started": 1384421400000}, {"started": WRONG_START}),
        ({"timeSpent": "x", "started": "y"}, {"timeLogged": INVALID, "started": WRONG_START}),
        ({"timeSpent": "1h", "comment": "plain"}, {"comment": "Worklog comment is not valid!"}),
        ({"timeSpent": "1h", "comment": 3}, {"comment": "Worklog comment is not valid!"}),
        ({"timeSpent": "1h", "comment": {"type": "doc"}}, {"comment": "Worklog comment is not valid!"}),
    ],
)  # fmt: skip
def test_values_that_are_refused(jira_cloud: Any, body: dict[str, Any], errors: dict[str, str]) -> None:
    refused(jira_cloud.post("bob", PATH, body), 400, [], errors)
    assert jira_cloud.get("bob", PATH).json["total"] == 0


@pytest.mark.parametrize("body", [b"{", b"[]", b"", b'"x"', b'{"timeSpent": "1h", "newEstimate": "2d"}', b'{"x": 1}'])
def test_a_body_that_is_none_or_says_what_there_is_not(jira_cloud: Any, body: bytes) -> None:
    for method, path in (("POST", PATH), ("PUT", f"{PATH}/{logged(jira_cloud)['id']}")):
        answer = jira_cloud.call(method, "bob", path, body=body, headers={"Content-Type": "application/json"})
        assert answer.status == 400, answer.text
        assert answer.json["errorMessages"]
        if b"newEstimate" in body:
            assert 'Unrecognized field "newEstimate"' in answer.json["errorMessages"][0]


def test_comments_of_both_versions(jira_cloud: Any) -> None:
    v2 = f"/rest/api/2/{PATH}"
    assert logged(jira_cloud, path=v2, comment="one\r\ntwo")["comment"] == "one\ntwo"
    assert logged(jira_cloud, path=v2)["comment"] == ""
    dropped = logged(jira_cloud, path=v2, comment=document("gone"))
    assert dropped["comment"] == "", "a document sent to version 2 is dropped without a word"
    assert "comment" not in jira_cloud.get("bob", f"{PATH}/{dropped['id']}").json
    jira_cloud.world.site.settings.update({"jiraCloud.worklogStringComment": "wrap"})
    assert logged(jira_cloud, comment="plain")["comment"] == document("plain")


@pytest.mark.parametrize(
    ("method", "query", "left"),
    [
        ("POST", "", 3600), ("POST", "?adjustEstimate=auto", 3600), ("POST", "?adjustEstimate=leave", 7200),
        ("POST", "?adjustEstimate=new&newEstimate=1d", 28800), ("POST", "?adjustEstimate=manual&reduceBy=30m", 5400),
        ("POST", "?adjustEstimate=manual&reduceBy=3h", 0),
        ("PUT", "", 5400), ("PUT", "?adjustEstimate=leave", 7200), ("PUT", "?adjustEstimate=new&newEstimate=2h", 7200),
        ("DELETE", "", 10800), ("DELETE", "?adjustEstimate=leave", 7200), ("DELETE", "?adjustEstimate=new&newEstimate=0m", 0),
        ("DELETE", "?adjustEstimate=manual&increaseBy=15m", 8100),
    ],
)  # fmt: skip
def test_the_remaining_estimate_follows(jira_cloud: Any, method: str, query: str, left: int) -> None:
    made = logged(jira_cloud, query="?adjustEstimate=leave")
    remaining(jira_cloud, 7200)
    path = PATH if method == "POST" else f"{PATH}/{made['id']}"
    seconds = {"POST": 3600, "PUT": 5400}.get(method)
    sent = {} if seconds is None else {"json": {"timeSpentSeconds": seconds}}
    answer = jira_cloud.call(method, "bob", f"{path}{query}", **sent)
    assert answer.status in (200, 201, 204), answer.text
    assert remaining(jira_cloud) == left


def test_work_beyond_the_estimate_leaves_nothing_and_none_stays_none(jira_cloud: Any) -> None:
    store = jira_cloud.world.site.store
    with store.transaction():
        store.run("UPDATE issues SET remaining_estimate = NULL WHERE id = ?", (ISSUE,))
    logged(jira_cloud)
    assert remaining(jira_cloud) is None
    remaining(jira_cloud, 60)
    logged(jira_cloud)
    assert remaining(jira_cloud) == 0


@pytest.mark.parametrize(
    ("method", "query", "errors"),
    [
        ("POST", "?adjustEstimate=new", {"newEstimate": "You must supply a valid new estimate."}),
        ("PUT", "?adjustEstimate=new&newEstimate=soon", {"newEstimate": "You must supply a valid new estimate."}),
        ("DELETE", "?adjustEstimate=new&newEstimate=", {"newEstimate": "You must supply a valid new estimate."}),
        ("POST", "?adjustEstimate=manual", {"reduceBy": "You must supply a valid amount of time to adjust the estimate by."}),
        ("POST", "?adjustEstimate=manual&increaseBy=1h",
         {"reduceBy": "You must supply a valid amount of time to adjust the estimate by."}),
        ("DELETE", "?adjustEstimate=manual&reduceBy=1h",
         {"increaseBy": "You must supply a valid amount of time to adjust the estimate by."}),
        ("PUT", "?adjustEstimate=manual&reduceBy=1h", {"adjustEstimate": "The estimate cannot be adjusted in this way."}),
        ("POST", "?adjustEstimate=AUTOMATIC", {"adjustEstimate": "The estimate cannot be adjusted in this way."}),
    ],
)  # fmt: skip
def test_estimates_that_are_refused(jira_cloud: Any, method: str, query: str, errors: dict[str, str]) -> None:
    made = logged(jira_cloud)
    path = PATH if method == "POST" else f"{PATH}/{made['id']}"
    sent = {} if method == "DELETE" else {"json": {"timeSpentSeconds": 7200}}
    refused(jira_cloud.call(method, "bob", f"{path}{query}", **sent), 400, [NO_WORKLOG], errors)
    assert jira_cloud.get("bob", PATH).json["worklogs"] == [made]


def test_a_change_keeps_what_is_left_out(jira_cloud: Any) -> None:
    made = logged(jira_cloud, started="2013-11-14T09:30:00.000+0000", comment=document("review"))
    jira_cloud.world.set_clock("2013-11-16")
    changed = jira_cloud.call("PUT", "bob", f"{PATH}/{made['id']}", {"timeSpent": "2h"})
    assert changed.status == 200, changed.text
    assert changed.json["updated"] > made["updated"]
    assert changed.json == made | {"timeSpent": "2h", "timeSpentSeconds": 7200, "updated": changed.json["updated"]}
    again = jira_cloud.call("PUT", "bob", f"{PATH}/{made['id']}", {"started": "2013-11-13T09:30:00.000+0000"}).json
    assert (again["started"][:10], again["comment"]) == ("2013-11-13", document("review"))
    emptied = jira_cloud.call("PUT", "bob", f"{PATH}/{made['id']}", {"comment": document("")["content"][0] | {"type": "doc"}})
    assert emptied.status == 400
    none = {"type": "doc", "version": 1, "content": []}
    assert "comment" not in jira_cloud.call("PUT", "bob", f"{PATH}/{made['id']}", {"comment": none}).json


def test_whoever_changes_it_stands_beside_its_author(jira_cloud: Any) -> None:
    made = logged(jira_cloud)
    jira_cloud.grant("EDIT_ALL_WORKLOGS")
    changed = jira_cloud.call("PUT", "erica", f"{PATH}/{made['id']}", {"timeSpent": "2h"})
    assert changed.status == 200, changed.text
    assert changed.json["author"]["accountId"] == BOB
    assert changed.json["updateAuthor"]["displayName"] == "Erica Jefferson"


@pytest.mark.parametrize(
    ("method", "lost", "messages"),
    [
        ("POST", ("WORK_ON_ISSUES",), ["{}, you do not have the permission to associate a worklog to this issue."]),
        ("PUT", ("EDIT_OWN_WORKLOGS", "EDIT_ALL_WORKLOGS"),
         ["{}, you do not have permission to edit the specified worklog.", NO_WORKLOG]),
        ("DELETE", ("DELETE_OWN_WORKLOGS", "DELETE_ALL_WORKLOGS"),
         ["{}, you do not have permission to delete the specified worklog.", NO_WORKLOG]),
    ],
)  # fmt: skip
def test_who_may_see_and_not_write_is_told_so_with_400(
    jira_cloud: Any, method: str, lost: tuple[str, ...], messages: list[str]
) -> None:
    made = logged(jira_cloud)
    forbid(jira_cloud, *lost)
    name = made["author"]["displayName"]
    path = PATH if method == "POST" else f"{PATH}/{made['id']}"
    sent = {} if method == "DELETE" else {"json": {"timeSpent": "wrong too"}}
    refused(jira_cloud.call(method, "bob", path, **sent), 400, [text.format(name) for text in messages], {})


def test_a_closed_issue_takes_nothing_unless_the_site_says_so(jira_cloud: Any) -> None:
    made = logged(jira_cloud)
    store = jira_cloud.world.site.store
    with store.transaction():
        store.run("UPDATE issues SET status = 'Closed' WHERE id = ?", (ISSUE,))
    text = "You can not edit the issue as it is in a non-editable workflow state."
    refused(log(jira_cloud, query="?overrideEditableFlag=true"), 400, [text], {})
    refused(jira_cloud.call("PUT", "bob", f"{PATH}/{made['id']}", {"timeSpent": "2h"}), 400, [text], {})
    refused(jira_cloud.call("DELETE", "bob", f"{PATH}/{made['id']}"), 400, [text], {})
    jira_cloud.world.site.settings.update({"jiraCloud.closedIssues": "allow"})
    logged(jira_cloud)


def test_an_issue_takes_so_many_worklogs_and_no_more(jira_cloud: Any) -> None:
    jira_cloud.world.site.settings.update({"jiraCloud.worklogsPerIssue": 2})
    logged(jira_cloud, visibility={"type": "group", "value": "cloud-dev-user"})
    jira_cloud.log("bob", ISSUE, "2013-11-14")
    refused(log(jira_cloud), 413, ["The issue has reached the limit of 2 worklogs."], {})


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("bob", "issue/NOPE-1/worklog"), ("bob", "issue/SAFE-1/worklog"), (None, PATH), ("bob", f"{PATH}/999999"),
        ("bob", f"{PATH}/x"), ("bob", f"{PATH}/{10**30}"), ("bob", f"{PATH}?startAt=x"), ("bob", f"{PATH}?maxResults=1.5"),
        ("bob", f"{PATH}?startAt=-1"), ("bob", f"{PATH}?startedAfter=yesterday"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_404(jira_cloud: Any, who: str | None, path: str) -> None:
    answer = jira_cloud.get(who, path)
    assert answer.status == 404, answer.text
    assert answer.json["errorMessages"]
    assert answer.json["errors"] == {}


def test_a_worklog_of_another_issue_is_not_found_under_this_one(jira_cloud: Any) -> None:
    made = logged(jira_cloud, path="issue/CLOUD-4/worklog")
    for method in ("GET", "DELETE"):
        refused(jira_cloud.call(method, "bob", f"{PATH}/{made['id']}"), 404,
                [f"Cannot find worklog with id: '{made['id']}'."], {})  # fmt: skip


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [1, 2, 3, 4]), ("?maxResults=2", [1, 2]), ("?startAt=1&maxResults=2", [2, 3]), ("?startAt=9", []),
        ("?maxResults=0", []), ("?startedAfter=1384423200000", [3, 4]), ("?startedBefore=1384423200000", [1]),
        ("?startedAfter=1384336800000&startedBefore=1384509600000", [2]), ("?startedAfter=-99999999999999999", [1, 2, 3, 4]),
        ("?startedBefore=99999999999999999&startAt=3", [4]), ("?startedAfter=1384423199999&maxResults=1", [2]),
    ],
)  # fmt: skip
def test_pages_and_bounds(jira_cloud: Any, query: str, numbers: list[int]) -> None:
    """The four began at 10:00 UTC on 13 to 16 November: 1384336800000 is the first of these, each next a day later."""
    assert log(jira_cloud, started="2013-11-13T10:00:00.000+0000").status == 201
    for day in (14, 15, 16):
        logged(jira_cloud, started=f"2013-11-{day}T20:00:00.000+1000")
    first = int(jira_cloud.get("bob", PATH).json["worklogs"][0]["id"])
    page = jira_cloud.get("bob", f"{PATH}{query}").json
    assert [int(worklog["id"]) - first + 1 for worklog in page["worklogs"]] == numbers


def test_the_limit_of_a_page_is_told(jira_cloud: Any) -> None:
    assert jira_cloud.get("bob", f"{PATH}?maxResults=99999").json["maxResults"] == 5000
    assert jira_cloud.get("bob", f"{PATH}?maxResults=7").json["maxResults"] == 7


def test_one_restricted_to_a_group_is_for_its_members_only(jira_cloud: Any) -> None:
    made = logged(jira_cloud, visibility={"type": "group", "value": "cloud-dev-user"}, who="bob")
    assert made["visibility"]["value"] == "cloud-dev-user"
    assert set(made["visibility"]) == {"type", "value", "identifier"}
    again = logged(jira_cloud, visibility={"type": "group", "identifier": made["visibility"]["identifier"]})
    assert again["visibility"] == made["visibility"]
    assert jira_cloud.get("david", PATH).json["total"] == 2
    outsider = jira_cloud.get("fred", PATH).json
    assert (outsider["total"], outsider["worklogs"]) == (0, [])
    assert jira_cloud.get("fred", f"{PATH}/{made['id']}").status == 404
    assert jira_cloud.post("fred", "worklog/list", {"ids": [int(made["id"])]}).json == []


@pytest.mark.parametrize(
    ("visibility", "text"),
    [
        ({"type": "group", "value": "no-such"}, "Group: no-such does not exist."),
        ({"type": "group", "value": "tempo-admins"}, "Group: tempo-admins does not exist."),
        ({"type": "role", "value": "Administrators"}, "Worklogs can be restricted to groups only"),
        ("group", "Worklogs can be restricted to groups only"), ({}, "Worklogs can be restricted to groups only"),
    ],
)  # fmt: skip
def test_restrictions_that_are_refused(jira_cloud: Any, visibility: Any, text: str) -> None:
    answer = log(jira_cloud, visibility=visibility)
    assert answer.status == 400, answer.text
    assert answer.json["errors"]["visibility"].startswith(text)


def test_properties_are_told_when_asked_for(jira_cloud: Any) -> None:
    given = [{"key": "origin", "value": {"id": 7, "text": "ü"}}]
    made = logged(jira_cloud, properties=given)
    assert "properties" not in made
    for path in (PATH, f"{PATH}/{made['id']}"):
        found = jira_cloud.get("bob", f"{path}?expand=properties").json
        assert (found if path != PATH else found["worklogs"][0])["properties"] == given
    for wrong in (
        "x",
        [3],
        [{"value": 1}],
        [{"key": "a"}, {"key": "a"}],
        [{"key": "k" * 256}],
        [{"key": "k", "value": "v" * 32768}],
    ):
        assert "properties" in log(jira_cloud, properties=wrong).json["errors"]


def test_deleted_is_gone(jira_cloud: Any) -> None:
    made = logged(jira_cloud)
    assert jira_cloud.call("DELETE", "bob", f"{PATH}/{made['id']}").status == 204
    assert jira_cloud.get("bob", f"{PATH}/{made['id']}").status == 404
    assert jira_cloud.get("bob", PATH).json["total"] == 0
    assert jira_cloud.call("DELETE", "bob", f"{PATH}/{made['id']}").status == 404
    assert logged(jira_cloud)["id"] > made["id"], "an id is never given out twice"


def test_who_logged_is_found_by_jql(jira_cloud: Any) -> None:
    logged(jira_cloud, started="2013-11-14T09:30:00.000+0000")
    jira_cloud.log("bob", 10203, "2013-11-14")

    def found(jql: str) -> list[str]:
        return [issue["id"] for issue in jira_cloud.get("bob", f"search/jql?jql={quote(jql)}").json["issues"]]

    assert found(f'worklogAuthor = "{BOB}"') == [str(ISSUE)]
    assert found(f'worklogAuthor = "{APP}"') == ["10203"]
    assert sorted(found(f'worklogAuthor in ("{BOB}", "{APP}") and worklogDate = 2013-11-14')) == [str(ISSUE), "10203"]
    assert found(f'worklogAuthor = "{BOB}" and worklogDate < 2013-11-14') == []
