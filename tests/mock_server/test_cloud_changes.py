"""What a write in Tempo makes new: the worklog for whoever asks by updatedFrom, the issue for whoever asks Jira by updated."""

from typing import Any

import pytest

BOB = "5b10a2844c20165700ede223"
CLOUD = 10202
ENTRY = {"authorAccountId": BOB, "issueId": CLOUD, "startDate": "2013-11-14", "timeSpentSeconds": 3600}
LATER = "2013-11-16T10:00:00"


@pytest.fixture
def world(idle_world: Any) -> Any:
    """Without work but what a test logs."""
    return idle_world


def log(world: Any) -> int:
    answer = world.cloud("POST", "bob", "worklogs", ENTRY)
    assert answer.status == 200, answer.text
    return int(answer.json["tempoWorklogId"])


def issue(jira: Any) -> dict[str, Any]:
    answer = jira.get("fred", f"issue/{CLOUD}?fields=updated")
    fields: dict[str, Any] = answer.json["fields"]
    return fields


def found(jira: Any) -> int:
    query = f'updated >= "2013-11-16 09:59" AND issue = {CLOUD}'
    answer = jira.post("fred", "search/jql", {"jql": query})
    assert answer.status == 200, answer.text
    return len(answer.json["issues"])


def test_an_attribute_value_is_a_change_of_its_worklog(world: Any) -> None:
    for key in ("_One_", "_Two_"):
        body = {"key": key, "name": key, "type": "INPUT_FIELD"}
        assert world.cloud("POST", "fred", "work-attributes", body).status == 200
    worklog_id = log(world)
    before = world.cloud("GET", "bob", f"worklogs/{worklog_id}").json
    world.set_clock(LATER)
    assert world.cloud("GET", "bob", "worklogs?updatedFrom=2013-11-16").json["results"] == []
    for key in ("_One_", "_Two_"):
        values = [{"tempoWorklogId": worklog_id, "attributeValues": [{"key": key, "value": "x"}]}]
        assert world.cloud("POST", "bob", "worklogs/work-attribute-values", values).status == 204
    after = world.cloud("GET", "bob", "worklogs?updatedFrom=2013-11-16").json["results"]
    assert [one["tempoWorklogId"] for one in after] == [worklog_id]
    assert after[0]["updatedAt"] == f"{LATER}Z"
    assert {**after[0], "updatedAt": before["updatedAt"], "attributes": before["attributes"]} == before


def test_a_refused_attribute_value_changes_nothing(world: Any) -> None:
    worklog_id = log(world)
    before = world.cloud("GET", "bob", f"worklogs/{worklog_id}").text
    world.set_clock(LATER)
    values = [{"tempoWorklogId": worklog_id, "attributeValues": [{"key": "_None_", "value": "x"}]}]
    answer = world.cloud("POST", "bob", "worklogs/work-attribute-values", values)
    assert (answer.status, "[0]: " in answer.text) == (400, True)
    assert world.cloud("GET", "bob", f"worklogs/{worklog_id}").text == before


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "bulk"])
@pytest.mark.parametrize("setting", ["on", "off"])
def test_work_moves_the_time_the_issue_was_changed(world: Any, jira_cloud: Any, method: str, setting: str) -> None:
    assert world.put(None, "/_mock/settings", {"jiraCloud.worklogsUpdateIssue": setting}).status == 200
    worklog_id = log(world)
    before = issue(jira_cloud)["updated"]
    world.set_clock(LATER)
    assert found(jira_cloud) == 0
    if method == "bulk":
        answer = world.cloud("POST", "bob", f"worklogs/issue/{CLOUD}/bulk", [ENTRY])
    else:
        path = "worklogs" if method == "POST" else f"worklogs/{worklog_id}"
        answer = world.cloud(method, "bob", path, *([] if method == "DELETE" else [ENTRY]))
    assert answer.status in (200, 204), answer.text
    is_on = setting == "on"
    assert (issue(jira_cloud)["updated"] != before, found(jira_cloud)) == (is_on, int(is_on))
    assert issue(jira_cloud)["updated"].startswith("2013-11-16T10:00:00") is is_on


def test_a_refused_worklog_leaves_the_issue_alone(world: Any, jira_cloud: Any) -> None:
    before = issue(jira_cloud)
    world.set_clock(LATER)
    assert world.cloud("POST", "bob", "worklogs", {**ENTRY, "authorAccountId": "x"}).status == 400
    assert issue(jira_cloud) == before
