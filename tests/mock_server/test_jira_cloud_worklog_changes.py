"""Worklogs across issues of Jira Cloud: changed and deleted since, by their ids, several at once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

BOB = "5b10a2844c20165700ede223"
KEY, ISSUE, OTHER = "CLOUD-3", 10202, 10203
PATH = f"issue/{KEY}/worklog"
DAY = 1384473600000
"""15 November 2013, 00:00 UTC, in milliseconds since 1970."""

MINUTE = 60_000


@pytest.fixture
def jira_cloud(jira_cloud: Any) -> Any:
    """Its clock stands still until a test moves it."""
    assert jira_cloud.world.put(None, "/_mock/clock", {"now": "2013-11-15T00:00:00Z", "frozen": True}).status == 200
    return jira_cloud


def at(jira_cloud: Any, milliseconds: int) -> None:
    """Make it so long after midnight of 15 November."""
    moment = datetime(2013, 11, 15, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    jira_cloud.world.site.clock.set(moment)


def logged(jira_cloud: Any, who: str = "bob", path: str = PATH, **body: Any) -> int:
    made = jira_cloud.post(who, path, {"timeSpentSeconds": 3600, **body})
    assert made.status == 201, made.text
    return int(made.json["id"])


def changes(jira_cloud: Any, name: str, since: int | None = None, who: str = "bob") -> Any:
    answer = jira_cloud.get(who, f"worklog/{name}" + ("" if since is None else f"?since={since}"))
    assert answer.status == 200, answer.text
    return answer.json


def entries(page: Any) -> list[tuple[int, int]]:
    assert all(set(value) == {"worklogId", "updatedTime", "properties"} for value in page["values"])
    return [(value["worklogId"], value["updatedTime"] - DAY) for value in page["values"]]


def test_made_and_changed_are_updated_the_longest_ago_first(jira_cloud: Any) -> None:
    first, second = logged(jira_cloud), None
    at(jira_cloud, 1000)
    second = logged(jira_cloud)
    at(jira_cloud, 5000)
    assert jira_cloud.call("PUT", "bob", f"{PATH}/{first}", {"timeSpent": "2h"}).status == 200
    at(jira_cloud, 5 * MINUTE)
    page = changes(jira_cloud, "updated")
    assert entries(page) == [(second, 1000), (first, 5000)]
    assert (page["since"], page["until"], page["lastPage"]) == (0, DAY + 5000, True)
    assert page["self"].endswith("/rest/api/3/worklog/updated?since=0")
    assert "nextPage" not in page


@pytest.mark.parametrize(("since", "numbers"), [(0, [0, 1, 2]), (1000, [1, 2]), (1001, [2]), (2000, [2]), (2001, [])])
def test_since_is_the_first_moment_that_counts(jira_cloud: Any, since: int, numbers: list[int]) -> None:
    made = []
    for number in range(3):
        at(jira_cloud, 1000 * number)
        made.append(logged(jira_cloud))
    at(jira_cloud, 5 * MINUTE)
    page = changes(jira_cloud, "updated", DAY + since)
    assert [worklog for worklog, _ in entries(page)] == [made[number] for number in numbers]
    assert page["until"] == (DAY + 2000 if numbers else DAY + since), "an empty window ends where it began"
    assert page["lastPage"] is True


def test_the_last_minute_is_withheld_and_not_lost(jira_cloud: Any) -> None:
    made = logged(jira_cloud)
    at(jira_cloud, MINUTE - 1)
    assert entries(changes(jira_cloud, "updated")) == []
    at(jira_cloud, MINUTE)
    assert entries(changes(jira_cloud, "updated")) == [(made, 0)]
    assert jira_cloud.call("DELETE", "bob", f"{PATH}/{made}").status == 204
    assert entries(changes(jira_cloud, "deleted")) == []
    assert entries(changes(jira_cloud, "updated")) == [], "deleted ids are never updated again"
    at(jira_cloud, 2 * MINUTE)
    assert entries(changes(jira_cloud, "deleted")) == [(made, MINUTE)]
    jira_cloud.world.site.settings.update({"jiraCloud.withheldSeconds": 0})
    again = logged(jira_cloud)
    assert entries(changes(jira_cloud, "updated")) == [(again, 2 * MINUTE)]


def walk(jira_cloud: Any, name: str) -> list[list[int]]:
    """The ids of each page, from the first to the last by ``nextPage``."""
    page, found = changes(jira_cloud, name, DAY - 10**9), []
    while True:
        found.append([worklog for worklog, _ in entries(page)])
        assert len(found) < 20, "a walk that does not end"
        if page["lastPage"]:
            return found
        path = page["nextPage"].partition("localhost")[2]
        page = jira_cloud.get("bob", path).json


def fill(jira_cloud: Any, stamps: list[str]) -> None:
    store = jira_cloud.world.site.store
    with store.transaction():
        person = store.value("SELECT id FROM people WHERE name = 'bob'")
        rows = (
            (20000 + number, ISSUE, 10010, person, "2013-11-14", "09:00:00", 60, 60, "", stamp, stamp)
            for number, stamp in enumerate(stamps)
        )
        columns = ("jira_id", "issue_id", "project_id", "author_id", "start_date", "start_time", "time_spent", "billable",
                   "description", "created_at", "updated_at")  # fmt: skip
        store.insert_rows("worklogs", columns, rows)


def test_a_thousand_stand_on_a_page_and_the_last_comes_again(jira_cloud: Any) -> None:
    fill(jira_cloud, [f"2013-11-14T10:{n // 60:02}:{n % 60:02}.{0:03}Z" for n in range(2500)])
    pages = walk(jira_cloud, "updated")
    assert [len(page) for page in pages] == [1000, 1000, 502]
    assert pages[0][-1] == pages[1][0]
    assert {worklog for page in pages for worklog in page} == set(range(20000, 22500))


@pytest.mark.parametrize("number", [999, 1000, 1001, 2500])
def test_many_of_one_moment_do_not_hold_up_a_walk(jira_cloud: Any, number: int) -> None:
    same, later = "2013-11-14T10:00:00.000Z", "2013-11-14T11:00:00.000Z"
    fill(jira_cloud, ["2013-11-14T09:00:00.000Z", *[same] * number, later])
    assert {worklog for page in walk(jira_cloud, "updated") for worklog in page} == set(range(20000, 20002 + number))


def test_what_is_hidden_is_left_out(jira_cloud: Any) -> None:
    open_to_bob = logged(jira_cloud)
    restricted = logged(jira_cloud, "bob", visibility={"type": "group", "value": "cloud-dev-user"})
    jira_cloud.log("laura", 10220, "2013-11-14")
    at(jira_cloud, MINUTE)
    hidden = jira_cloud.world.site.store.value("SELECT jira_id FROM worklogs WHERE issue_id = 10220")
    everything = [open_to_bob, restricted, hidden]

    def seen(who: str) -> set[int]:
        listed = {int(one["id"]) for one in jira_cloud.post(who, "worklog/list", {"ids": everything}).json}
        assert {worklog for worklog, _ in entries(changes(jira_cloud, "updated", who=who))} == listed
        return listed

    assert seen("bob") == {open_to_bob, restricted}
    assert seen("fred") == {open_to_bob, hidden}
    jira_cloud.world.site.settings.update({"jiraCloud.worklogsOfHiddenProjects": "shown"})
    assert seen("bob") == set(everything)


def test_many_by_their_ids(jira_cloud: Any) -> None:
    first, second = logged(jira_cloud), logged(jira_cloud, path="issue/CLOUD-4/worklog", properties=[{"key": "a", "value": 1}])
    found = jira_cloud.post("bob", "worklog/list?expand=properties", {"ids": [second, 999999, first, second, -1, 2**70]})
    assert found.status == 200, found.text
    assert [(one["id"], one["issueId"]) for one in found.json] == [(str(first), str(ISSUE)), (str(second), str(OTHER))]
    assert [one["properties"] for one in found.json] == [[], [{"key": "a", "value": 1}]]
    at(jira_cloud, MINUTE)
    page = jira_cloud.get("bob", "worklog/updated?expand=properties").json
    assert [value["properties"] for value in page["values"]] == [[], [{"key": "a", "value": 1}]]
    assert jira_cloud.post("bob", "worklog/list", {"ids": list(range(1000))}).json == []


@pytest.mark.parametrize("body", [{}, {"ids": []}, {"ids": ["1"]}, {"ids": [1.5]}, {"ids": 3}, {"ids": list(range(1001))}, []])
def test_lists_of_ids_that_are_refused(jira_cloud: Any, body: Any) -> None:
    answer = jira_cloud.post("bob", "worklog/list", body)
    assert answer.status == 400, answer.text
    assert answer.json["errorMessages"]


@pytest.mark.parametrize(("method", "path"), [("GET", "updated"), ("GET", "deleted"), ("POST", "list")])
def test_nobody_is_told_anything(jira_cloud: Any, method: str, path: str) -> None:
    sent = {"json": {"ids": [1]}} if method == "POST" else {}
    assert jira_cloud.call(method, None, f"worklog/{path}", **sent).status == 401


@pytest.mark.parametrize(("since", "status"), [("x", 404), ("1.5", 404), ("-1", 200), ("9" * 18, 200), ("-" + "9" * 18, 200)])
def test_odd_moments(jira_cloud: Any, since: str, status: int) -> None:
    for name in ("updated", "deleted"):
        assert jira_cloud.get("bob", f"worklog/{name}?since={since}").status == status


def test_a_deleted_issue_tells_its_worklogs(jira_cloud: Any) -> None:
    own = logged(jira_cloud)
    jira_cloud.log("bob", ISSUE, "2013-11-14")
    of_tempo = jira_cloud.world.site.store.value("SELECT max(jira_id) FROM worklogs")
    jira_cloud.grant("DELETE_ISSUES")
    assert jira_cloud.call("DELETE", "bob", f"issue/{KEY}").status == 204
    at(jira_cloud, MINUTE)
    assert sorted(worklog for worklog, _ in entries(changes(jira_cloud, "deleted"))) == sorted([own, of_tempo])


def tempo_ids(jira_cloud: Any, jira_ids: list[int]) -> dict[int, int]:
    """Jira's id -> Tempo's, of those that Tempo knows a pair of."""
    found = jira_cloud.world.cloud("POST", "bob", "worklogs/jira-to-tempo", {"jiraWorklogIds": jira_ids})
    return {pair["jiraWorklogId"]: pair["tempoWorklogId"] for pair in found.json["results"]}


def test_deleting_many_leaves_tempo_its_own(jira_cloud: Any) -> None:
    made = [logged(jira_cloud) for _ in range(3)]
    in_tempo = tempo_ids(jira_cloud, made)
    assert len(in_tempo) == 3
    refusal = jira_cloud.call("DELETE", "bob", PATH, {"ids": made})
    assert refusal.status == 400, refusal.text
    jira_cloud.grant("DELETE_ALL_WORKLOGS")
    assert jira_cloud.call("DELETE", "bob", f"{PATH}?adjustEstimate=manual", {"ids": made}).status == 400
    assert jira_cloud.call("DELETE", "bob", PATH, {"ids": made[:2]}).status == 204
    partly = jira_cloud.call("DELETE", "bob", PATH, {"ids": [made[2], 999999]})
    assert (partly.status, "999999" in partly.json["errorMessages"][0]) == (200, True)
    assert jira_cloud.get("bob", PATH).json["total"] == 0
    assert tempo_ids(jira_cloud, made) == {}
    for tempo_id in in_tempo.values():
        assert jira_cloud.world.cloud("GET", "bob", f"worklogs/{tempo_id}").status == 200, "an orphan"
    at(jira_cloud, MINUTE)
    assert [worklog for worklog, _ in entries(changes(jira_cloud, "deleted"))] == made
    # What becomes of the orphan in Tempo is no concern of Jira's any more.
    body = {"authorAccountId": BOB, "startDate": "2013-11-14", "timeSpentSeconds": 60}
    assert jira_cloud.world.cloud("PUT", "bob", f"worklogs/{in_tempo[made[0]]}", body).status == 200
    assert jira_cloud.world.cloud("DELETE", "bob", f"worklogs/{in_tempo[made[0]]}").status == 204
    assert jira_cloud.get("bob", PATH).json["total"] == 0


def test_moving_many_leaves_tempo_its_own_where_they_were(jira_cloud: Any) -> None:
    own = logged(jira_cloud)
    jira_cloud.log("bob", ISSUE, "2013-11-14")
    of_tempo = jira_cloud.world.site.store.value("SELECT max(jira_id) FROM worklogs")
    in_tempo = tempo_ids(jira_cloud, [own, of_tempo])
    body = {"ids": [own, of_tempo], "issueIdOrKey": "CLOUD-4"}
    assert jira_cloud.post("bob", f"{PATH}/move", body).status == 400
    jira_cloud.grant("EDIT_ALL_WORKLOGS")
    assert jira_cloud.post("bob", f"{PATH}/move", body | {"issueIdOrKey": "SAFE-1"}).status == 404
    assert jira_cloud.post("bob", f"{PATH}/move", body).status == 204
    assert jira_cloud.get("bob", PATH).json["total"] == 0
    moved = jira_cloud.get("bob", "issue/CLOUD-4/worklog").json
    assert {int(worklog["id"]) for worklog in moved["worklogs"]} == {own, of_tempo}
    assert tempo_ids(jira_cloud, [own, of_tempo]) == {}
    for tempo_id in in_tempo.values():
        assert jira_cloud.world.cloud("GET", "bob", f"worklogs/{tempo_id}").json["issue"]["id"] == ISSUE
    assert jira_cloud.call("PUT", "bob", f"issue/CLOUD-4/worklog/{own}", {"timeSpent": "3h"}).status == 200
    kept = jira_cloud.world.cloud("GET", "bob", f"worklogs/{in_tempo[own]}").json
    assert kept["timeSpentSeconds"] == 3600
