"""What the audit feed tells of worklogs that go between Tempo and Jira, and changes that arrive at the end of the calendar."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

BOB = "5b10a2844c20165700ede223"
ISSUE, PATH = 10202, "issue/CLOUD-3/worklog"
NOON = datetime(2013, 11, 15, 12, tzinfo=UTC)


@pytest.fixture
def world(idle_world: Any) -> Any:
    """Without work but what a test logs."""
    return idle_world


@pytest.fixture
def both(jira_cloud: Any) -> Any:
    """Both sides at noon; the clock stands still until a test moves it."""
    jira_cloud.world.site.clock.set(NOON)
    jira_cloud.world.site.clock.freeze()
    return jira_cloud


def feed(both: Any) -> list[tuple[str, str, int]]:
    """When, what, and how many fields were changed, of worklogs."""
    asked = {"from": "2013-11-15T00:00:00Z", "entityType": ["worklog"]}
    found = both.world.cloud("POST", "fred", "papertrail/search", asked).json["results"]
    return [(event["timestamp"], event["action"], len(event["changes"])) for event in found]


def log_in_jira(both: Any) -> str:
    made = both.post("bob", PATH, {"timeSpent": "1h", "started": "2013-11-14T09:00:00.000+0000"})
    assert made.status == 201, made.text
    return str(made.json["id"])


def test_a_change_is_told_at_the_moment_it_arrived_whenever_somebody_looks(both: Any) -> None:
    both.world.site.settings.update({"jiraSync.delaySeconds": 90})
    jira_id = log_in_jira(both)
    both.world.site.clock.advance(timedelta(seconds=10))
    assert both.call("PUT", "bob", f"{PATH}/{jira_id}", {"timeSpent": "2h"}).status == 200
    both.world.site.clock.advance(timedelta(hours=3))
    (worklog,) = both.world.cloud("GET", "bob", f"worklogs/issue/{ISSUE}").json["results"]
    assert (worklog["createdAt"], worklog["updatedAt"]) == ("2013-11-15T12:01:30Z", "2013-11-15T12:01:40Z")
    assert feed(both) == [("2013-11-15T12:01:30.000Z", "Synced", 6), ("2013-11-15T12:01:40.000Z", "Synced", 2)]
    assert both.call("DELETE", "bob", f"{PATH}/{jira_id}").status == 204
    both.world.site.clock.advance(timedelta(hours=3))
    assert feed(both)[2:] == [("2013-11-15T15:01:40.000Z", "Deleted", 6)]


def test_what_tempo_does_not_hear_of_is_not_in_its_feed(both: Any) -> None:
    moved, deleted = log_in_jira(both), log_in_jira(both)
    told = feed(both)
    assert len(told) == 2
    body = {"ids": [int(moved)], "issueIdOrKey": "CLOUD-6"}
    assert both.post("fred", f"{PATH}/move", body).status == 204
    assert both.call("DELETE", "fred", PATH, {"ids": [int(deleted)]}).status == 204
    assert feed(both) == told


def test_worklogs_moved_to_where_they_are_stay_connected_with_tempos(both: Any) -> None:
    jira_id = log_in_jira(both)
    asked = {"jiraWorklogIds": [int(jira_id)]}
    known = both.world.cloud("POST", "bob", "worklogs/jira-to-tempo", asked).json["results"]
    assert len(known) == 1
    assert both.post("fred", f"{PATH}/move", {"ids": [int(jira_id)], "issueIdOrKey": "CLOUD-3"}).status == 204
    assert both.world.cloud("POST", "bob", "worklogs/jira-to-tempo", asked).json["results"] == known


@pytest.fixture
def west(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine west of Greenwich."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("west")
def test_a_change_whose_time_is_after_the_end_of_the_calendar_is_on_its_way_for_good(both: Any) -> None:
    both.world.site.settings.update({"jiraSync.delaySeconds": 604800})
    both.world.site.clock.set(datetime(9999, 12, 30, 12, tzinfo=UTC))
    jira_id = log_in_jira(both)
    assert [one["id"] for one in both.get("bob", PATH).json["worklogs"]] == [jira_id]
