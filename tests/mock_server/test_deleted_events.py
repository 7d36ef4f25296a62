"""The older feeds of what was deleted, below /papertrail/1 (vendor's OpenAPI of v4: deprecated)."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.mock_server.test_papertrail import BOB, CLOUD, PLAN, log, made, plan_for_all

WORKLOGS = "/papertrail/1/events/deleted/types/worklog"
PLANS = "/papertrail/1/events/deleted/types/allocation"
SINCE = "updatedFrom=2013-11-01T00:00:00Z"


@pytest.fixture
def world(idle_world: Any) -> Any:
    """Without work but what a test logs."""
    return idle_world


def test_a_deleted_worklog_with_both_its_ids_as_texts(world: Any) -> None:
    kept, gone = log(world), log(world)
    answer = made(world, "POST", "worklogs/tempo-to-jira", {"tempoWorklogIds": [gone]}, "bob")
    jira_id = answer["results"][0]["jiraWorklogId"]
    world.set_clock("2013-11-15T12:00:00.125")
    made(world, "DELETE", f"worklogs/{gone}", who="bob")
    found = world.tempo("GET", "fred", f"{WORKLOGS}?{SINCE}").json
    entry = {"tempoWorklogId": str(gone), "jiraWorklogId": str(jira_id), "deletedAt": "2013-11-15T12:00:00.125Z"}
    assert found == {
        "self": f"http://localhost{WORKLOGS}?{SINCE}",
        "metadata": {"count": 1, "limit": 50},
        "results": [entry],
    }
    assert kept != gone


def test_a_deleted_plan(world: Any) -> None:
    plan_for_all(world)
    number = made(world, "POST", "plans", PLAN)["id"]
    world.set_clock("2013-11-15T12:00:00")
    made(world, "DELETE", f"plans/{number}")
    found = world.tempo("GET", "fred", f"{PLANS}?{SINCE}").json
    assert found["results"] == [{"id": str(number), "deletedAt": "2013-11-15T12:00:00.000Z"}]
    assert world.tempo("GET", "fred", f"{WORKLOGS}?{SINCE}").json["results"] == []


def test_pages_of_fifty_by_key(world: Any) -> None:
    entry = {"authorAccountId": BOB, "startDate": "2013-11-14", "timeSpentSeconds": 60}
    for _ in range(2):
        made(world, "POST", f"worklogs/issue/{CLOUD}/bulk", [entry] * 50, "bob")
    store = world.site.store
    with store.transaction():
        store.run("DELETE FROM worklogs")
    first = world.tempo("GET", "fred", f"{WORKLOGS}?{SINCE}").json
    assert {name: first["metadata"][name] for name in ("count", "limit")} == {"count": 50, "limit": 50}
    following = urlsplit(first["metadata"]["next"])
    assert first["metadata"]["lastEvaluatedKey"] in following.query
    second = world.tempo("GET", "fred", f"{following.path}?{following.query}").json
    assert second["metadata"] == {"count": 50, "limit": 50}
    numbers = [int(entry["tempoWorklogId"]) for entry in first["results"] + second["results"]]
    assert len(set(numbers)) == 100
    whole = world.tempo("GET", "fred", f"{WORKLOGS}?{SINCE}&limit=1000").json
    assert whole["results"] == first["results"] + second["results"]


@pytest.mark.parametrize("path", [WORKLOGS, PLANS])
@pytest.mark.parametrize("query", [
    "", "updatedFrom=", "updatedFrom=2013-11-01", "updatedFrom=x", f"{SINCE}&limit=49", f"{SINCE}&limit=1001",
    f"{SINCE}&limit=x", f"{SINCE}&lastEvaluatedKey=x", f"{SINCE}&lastEvaluatedKey=",
])  # fmt: skip
def test_what_cannot_be_asked(world: Any, path: str, query: str) -> None:
    answer = world.tempo("GET", "fred", f"{path}?{query}")
    assert answer.status == 400, answer.text
    assert answer.json["errors"]


def test_since_long_ago_is_since_what_is_kept(world: Any) -> None:
    world.set_clock("2013-05-01T00:00:00")
    made(world, "DELETE", f"worklogs/{log(world, startDate='2013-05-01')}", who="bob")
    world.set_clock("2013-11-01T00:00:00")
    assert world.tempo("GET", "fred", f"{WORKLOGS}?updatedFrom=2012-01-01T00:00:00Z").json["results"] == []


@pytest.mark.parametrize(("method", "path", "status"), [
    ("GET", "/papertrail/1", 404), ("GET", "/papertrail/1/", 404), ("GET", "/papertrail/1/events", 404),
    ("GET", "/papertrail/1/events/deleted/types/team", 404), ("POST", WORKLOGS, 405), ("GET", "/4/papertrail/search", 405),
    ("GET", f"/4{WORKLOGS}", 404),
])  # fmt: skip
def test_paths_that_do_not_exist_are_401_without_a_token(world: Any, method: str, path: str, status: int) -> None:
    assert world.tempo(method, "fred", path).status == status
    if path != "/papertrail/1":
        assert world.tempo(method, None, path).status == 401


def test_only_tempo_administrators_read_them(world: Any) -> None:
    for path in (WORKLOGS, PLANS):
        assert world.tempo("GET", "bob", f"{path}?{SINCE}").status == 403
        assert world.tempo("GET", "demo-token-without-scopes-not-a-secret", f"{path}?{SINCE}").status == 403


def test_faults_break_it_as_they_break_the_rest(world: Any) -> None:
    armed = world.post(None, "/_mock/faults", {"path": "/papertrail/1", "status": 503})
    assert armed.status in (200, 201), armed.text
    assert world.tempo("GET", "fred", f"{WORKLOGS}?{SINCE}").status == 503
