"""A client that this project did not write: atlassian-python-api and its methods for worklogs of Jira Cloud, over a socket."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from atlassian import Jira

BOB = "5b10a2844c20165700ede223"
APP = "557058:295406f3-a1fc-4733-b906-dd15d021bd79"
NOON = datetime(2013, 11, 15, 12, tzinfo=UTC).timestamp()


@pytest.fixture
def origin(server: Callable[..., Any]) -> str:
    """Where a fresh world of the scenario guide is, at noon of 15 November 2013."""
    url: str = server("--quiet", "--clock", "2013-11-15T12:00:00Z").url
    return url


@pytest.fixture
def jira(origin: str) -> Iterator[Jira]:
    """The client of bob."""
    client = Jira(origin, username="bob@example.org", password="demo-jira-token-of-bob-not-a-secret", cloud=True)
    # Neither a proxy nor a .netrc of whoever runs the tests has a say.
    client.session.trust_env = False
    yield client
    client.close()


def set_clock(origin: str, text: str) -> None:
    with requests.Session() as session:
        session.trust_env = False
        assert session.put(f"{origin}/_mock/clock", json={"now": text}).status_code == 200


def log_in_tempo(origin: str) -> None:
    body = {"authorAccountId": BOB, "issueId": 10204, "startDate": "2013-11-14", "timeSpentSeconds": 7200}
    with requests.Session() as session:
        session.trust_env = False
        token = {"Authorization": "Bearer demo-token-of-bob-not-a-secret"}
        answer = session.post(f"{origin}/4/worklogs", json=body, headers=token)
        assert answer.status_code == 200, answer.text


def test_work_is_logged_read_and_followed(jira: Jira, origin: str) -> None:
    made: Any = jira.issue_worklog("CLOUD-5", "2013-11-14T09:00:00.000+0000", 3600, "review")
    assert (made["comment"], made["timeSpent"], made["author"]["accountId"]) == ("review", "1h", BOB)
    log_in_tempo(origin)
    listed: Any = jira.issue_get_worklog("CLOUD-5")
    assert listed["total"] == len(listed["worklogs"])
    mine, of_tempo = listed["worklogs"][-2:]
    assert (mine["id"], of_tempo["author"]["accountId"], of_tempo["timeSpentSeconds"]) == (made["id"], APP, 7200)
    set_clock(origin, "2013-11-15T12:02:00Z")
    updated: Any = jira.get_updated_worklogs(NOON - 1)
    assert [value["worklogId"] for value in updated["values"]] == [int(mine["id"]), int(of_tempo["id"])]
    assert updated["lastPage"] is True
    whole: Any = jira.get_worklogs([value["worklogId"] for value in updated["values"]])
    assert [one["id"] for one in whole] == [mine["id"], of_tempo["id"]]
    jira.delete(f"rest/api/2/issue/CLOUD-5/worklog/{made['id']}")
    set_clock(origin, "2013-11-15T12:05:00Z")
    deleted: Any = jira.get_deleted_worklogs(NOON - 1)
    assert [value["worklogId"] for value in deleted["values"]] == [int(made["id"])]


def test_mistakes_are_told_in_words(jira: Jira) -> None:
    with pytest.raises(requests.HTTPError, match="Invalid time duration entered"):
        jira.issue_add_json_worklog("CLOUD-5", {"timeSpent": "soon"})
    with pytest.raises(requests.HTTPError, match="Issue does not exist"):
        jira.issue_get_worklog("NOPE-1")
