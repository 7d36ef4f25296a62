"""Work on internal issues, of which Jira Cloud has one worklog a day, written through the Jira of Data Center."""

from datetime import timedelta
from typing import Any

import pytest

API = "/jira/rest/api/2/issue/HR-1"
INTERNAL, BOB = 10240, "5b10a2844c20165700ede223"


@pytest.fixture
def world(idle_world: Any) -> Any:
    """Without work but what a test logs."""
    return idle_world


@pytest.fixture
def absences(jira_cloud: Any) -> list[dict[str, Any]]:
    """Two absences of one day, of one and of two hours, entered in Tempo, as Data Center shows them."""
    for seconds in (3600, 7200):
        body = {"authorAccountId": BOB, "issueId": INTERNAL, "startDate": "2013-11-14", "timeSpentSeconds": seconds}
        assert jira_cloud.world.cloud("POST", "bob", "worklogs", json=body).status == 200
    return singly(jira_cloud)


def singly(jira_cloud: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = jira_cloud.world.get("bob", f"{API}/worklog").json["worklogs"]
    return found


def seconds_everywhere(jira_cloud: Any) -> dict[str, int]:
    """What was logged on the issue, asked in every way there is."""
    tempo = jira_cloud.world.cloud("GET", "bob", f"worklogs/issue/{INTERNAL}").json["results"]
    cloud = jira_cloud.get("bob", "issue/HR-1/worklog").json["worklogs"]
    return {
        "in Tempo": sum(one["timeSpentSeconds"] for one in tempo),
        "on Data Center": sum(one["timeSpentSeconds"] for one in singly(jira_cloud)),
        "in Jira Cloud": sum(one["timeSpentSeconds"] for one in cloud),
        "of the issue": jira_cloud.get("bob", "issue/HR-1?fields=timespent").json["fields"]["timespent"] or 0,
    }


def everywhere(seconds: int) -> dict[str, int]:
    return dict.fromkeys(("in Tempo", "on Data Center", "in Jira Cloud", "of the issue"), seconds)


def write(jira_cloud: Any, method: str, jira_id: str, status: int, **body: Any) -> None:
    sent = {"json": body} if body else {}
    answer = jira_cloud.world.call(method, "bob", f"{API}/worklog/{jira_id}", **sent)
    assert answer.status == status, answer.text


def test_a_changed_one_counts_once(jira_cloud: Any, absences: list[dict[str, Any]]) -> None:
    assert seconds_everywhere(jira_cloud) == everywhere(10800)
    write(jira_cloud, "PUT", absences[0]["id"], 200, timeSpent="4h", started="2013-11-13T09:00:00.000+0000")
    assert seconds_everywhere(jira_cloud) == everywhere(7200 + 4 * 3600)


@pytest.mark.parametrize("delay", ["0", "60"])
def test_a_deleted_one_is_in_no_sum_any_more(jira_cloud: Any, absences: list[dict[str, Any]], delay: str) -> None:
    jira_cloud.world.site.settings.update({"jiraSync.delaySeconds": delay})
    for left, worklog in ((7200, absences[0]), (0, absences[1])):
        write(jira_cloud, "DELETE", worklog["id"], 204)
        assert worklog["id"] not in [one["id"] for one in singly(jira_cloud)], "whoever deletes it sees it no longer"
        jira_cloud.world.site.clock.advance(timedelta(seconds=int(delay)))
        assert seconds_everywhere(jira_cloud) == everywhere(left)
