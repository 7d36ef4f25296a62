"""A client that this project did not write: atlassian-python-api and its worklogs of Jira Data Center, over a socket."""

from collections.abc import Callable, Iterator

import pytest
import requests
from atlassian import Jira

CLOUD = "CLOUD-3"
STARTED = "2013-11-14T09:00:00.000+0000"


@pytest.fixture
def connect(server: Callable[..., object]) -> Iterator[Callable[[str], Jira]]:
    """Makes clients of a fresh world of the scenario guide, on 15 November 2013."""
    origin = server("--quiet", "--clock", "2013-11-15", "--set", "jiraCloud.withheldSeconds=0").url  # type: ignore[attr-defined]
    clients: list[Jira] = []

    def make(name: str) -> Jira:
        clients.append(Jira(f"{origin}/jira", username=name, password=name))
        # Neither a proxy nor a .netrc of whoever runs the tests has a say.
        clients[-1].session.trust_env = False
        return clients[-1]

    yield make
    for client in clients:
        client.close()


def test_a_life_of_a_worklog(connect: Callable[[str], Jira]) -> None:
    bob = connect("bob")
    before = bob.issue_get_worklog(CLOUD)
    made = bob.issue_worklog(CLOUD, STARTED, 5400, "Read the tide tables")
    assert (made["author"]["name"], made["timeSpent"], made["started"]) == ("bob", "1h 30m", STARTED)
    after = bob.issue_get_worklog(CLOUD)
    assert (after["total"], after["maxResults"]) == (before["total"] + 1, before["total"] + 1)
    assert after["worklogs"][-1] == made

    place = f"{bob.resource_url('issue')}/{CLOUD}/worklog/{made['id']}"
    changed = bob.put(place, data={"timeSpent": "2h"})
    assert (changed["timeSpentSeconds"], changed["comment"]) == (7200, "Read the tide tables")
    assert bob.get_worklogs([int(made["id"]), 999999]) == [changed]
    moment = 1_384_473_600
    updated = {value["worklogId"]: value["updatedTime"] for value in bob.get_updated_worklogs(moment)["values"]}
    assert updated[int(made["id"])] >= moment * 1000

    assert bob.delete(place) is None
    assert [value["worklogId"] for value in bob.get_deleted_worklogs(moment)["values"]] == [int(made["id"])]
    assert bob.issue_get_worklog(CLOUD)["total"] == before["total"]


def test_refusals_are_told_in_their_words(connect: Callable[[str], Jira]) -> None:
    erica = connect("erica")
    made = connect("bob").issue_worklog(CLOUD, STARTED, 60)
    with pytest.raises(requests.HTTPError, match="you do not have permission to edit the specified worklog"):
        erica.put(f"{erica.resource_url('issue')}/{CLOUD}/worklog/{made['id']}", data={"comment": "x"})
    with pytest.raises(requests.HTTPError, match="Issue Does Not Exist"):
        erica.issue_get_worklog("NOPE-1")
    with pytest.raises(requests.HTTPError, match="Invalid date format"):
        erica.issue_worklog(CLOUD, "2013-11-14", 60)
