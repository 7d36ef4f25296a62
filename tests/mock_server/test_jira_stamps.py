"""Times as Jira writes them, where the calendar ends and where zones had seconds."""

from typing import Any

import pytest

PATH = "issue/CLOUD-3/worklog"


@pytest.mark.parametrize(
    ("zone", "started", "shown"),
    [
        ("Europe/Berlin", "9999-12-31T23:59:59.999+0000", "9999-12-31T23:59:59.999+0000"),
        ("America/New_York", "0001-01-01T00:00:00.000+0000", "0001-01-01T00:00:00.000+0000"),
        ("UTC", "0980-06-01T10:00:00.000+0000", "0980-06-01T10:00:00.000+0000"),
        ("Europe/Berlin", "0980-06-01T10:00:00.000+0000", "0980-06-01T10:53:28.000+0053"),
    ],
)
def test_work_at_the_ends_of_the_calendar_is_shown_in_every_zone(jira_cloud: Any, zone: str, started: str, shown: str) -> None:
    made = jira_cloud.post("bob", PATH, {"timeSpent": "1h", "started": started})
    assert made.status == 201, made.text
    store = jira_cloud.world.site.store
    with store.transaction():
        store.run("UPDATE people SET time_zone = ?", (zone,))
    answer = jira_cloud.get("bob", PATH)
    assert answer.status == 200, answer.text
    assert [worklog["started"] for worklog in answer.json["worklogs"]][-1] == shown
