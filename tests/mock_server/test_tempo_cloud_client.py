"""A client that this project did not write: ``TempoCloud`` of atlassian-python-api, against ``/4`` over a socket.

It joins every path to the URL it was given and nothing else (so that must end in ``/4``), hands pages out as they are, waits
once where a 429 says how long, and has methods for resources that no document of v4 names.
"""

import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from atlassian.tempo import TempoCloud

FRED = "5b10a2844c20165700ede21f"
BOB = "5b10a2844c20165700ede223"
ISSUE = 10202
DAYS = {"from": "2003-02-01", "to": "2003-02-28"}
"""Long before any work of the scenario."""

NUMBERS = itertools.count(1)
Connect = Callable[..., TempoCloud]


@pytest.fixture(scope="module")
def origin(module_server: Callable[..., Any]) -> str:
    url: str = module_server("--quiet").url
    return url


@pytest.fixture
def http() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture
def site(origin: str, http: requests.Session) -> str:
    """A world of its own for each test, whose clock stands still."""
    name = f"library{next(NUMBERS)}"
    made = http.post(f"{origin}/_mock/sites", json={"name": name, "clock": "2013-11-15"})
    assert made.status_code == 201, made.text
    frozen = http.put(f"{origin}/sites/{name}/_mock/clock", json={"now": "2013-11-15T00:00:00Z", "frozen": True})
    assert frozen.status_code == 200, frozen.text
    return f"{origin}/sites/{name}"


@pytest.fixture
def connect(site: str) -> Iterator[Connect]:
    """Makes clients: ``connect("bob")`` with the demo token of somebody's, ``connect(token="...")``."""
    clients: list[TempoCloud] = []

    def make(who: str = "bob", token: str | None = None, url: str = f"{site}/4", **more: Any) -> TempoCloud:
        text = f"demo-token-of-{who}-not-a-secret" if token is None else token
        clients.append(TempoCloud(url, token=text, **more))
        clients[-1]._session.trust_env = False
        return clients[-1]

    yield make
    for client in clients:
        client.close()


def entry(day: int = 14, **more: Any) -> dict[str, Any]:
    """What a worklog of bob's is made from."""
    return {"authorAccountId": BOB, "issueId": ISSUE, "startDate": f"2003-02-{day:02}", "timeSpentSeconds": 3600, **more}


def refused(status: int, call: Callable[..., Any], *arguments: Any, **more: Any) -> str:
    """The words of the error that the client raises."""
    with pytest.raises(requests.HTTPError) as caught:
        call(*arguments, **more)
    assert caught.value.response is not None
    assert caught.value.response.status_code == status, caught.value
    return str(caught.value)


def test_a_life_of_a_worklog(connect: Connect) -> None:
    bob = connect()
    made = bob.create_worklog(entry(billableSeconds=1800, description="Copied", startTime="09:30:00"))
    number = made["tempoWorklogId"]
    assert (made["startTime"], made["billableSeconds"], made["description"]) == ("09:30:00", 1800, "Copied")
    assert bob.get_worklog(number) == made
    assert bob.get_worklogs(**DAYS)["results"] == [made]
    changed = bob.update_worklog(number, entry(13, timeSpentSeconds=60))
    assert (changed["tempoWorklogId"], changed["startDate"], changed["timeSpentSeconds"]) == (number, "2003-02-13", 60)
    assert bob.get_worklog(number) == changed
    assert bob.delete_worklog(number) is None
    assert bob.get_worklogs(**DAYS)["results"] == []
    assert refused(404, bob.get_worklog, number) == f"Worklog with id '{number}' not found"


def test_pages_are_handed_out_as_they_are_and_next_can_be_followed(connect: Connect, site: str) -> None:
    bob = connect()
    made = [bob.create_worklog(entry(day)) for day in range(5, 12)]
    page = bob.get_worklogs(**DAYS, limit=3)
    found = list(page["results"])
    assert (page["metadata"]["count"], page["metadata"]["limit"]) == (3, 3)
    while "next" in page["metadata"]:
        assert page["metadata"]["next"].startswith(f"{site}/4/worklogs?")
        page = bob.get(page["metadata"]["next"], absolute=True)
        found += page["results"]
    assert sorted(one["tempoWorklogId"] for one in found) == sorted(one["tempoWorklogId"] for one in made)
    assert [one["startDate"] for one in bob.get_worklogs(params={**DAYS, "limit": 3, "offset": 6})["results"]] == ["2003-02-11"]


def test_teams_accounts_and_customers(connect: Connect) -> None:
    fred = connect("fred")
    made = fred.create_team({"name": "Visitors", "leadAccountId": FRED})
    assert fred.get_team(made["id"])["name"] == "Visitors"
    assert fred.update_team(made["id"], {"name": "Guests", "leadAccountId": FRED})["name"] == "Guests"
    assert fred.get_team_members(made["id"])["results"] == []
    assert fred.delete_team(made["id"]) is None
    assert made["id"] not in [team["id"] for team in fred.get_teams()["results"]]
    # v4 reads by id, and changes and removes by key, whatever the client calls its argument.
    account = fred.create_account({"key": "VISIT", "name": "Visits", "leadAccountId": FRED})
    assert fred.get_account(account["id"])["key"] == "VISIT"
    account_change = {"key": "VISIT", "name": "More visits", "leadAccountId": FRED, "status": "OPEN"}
    assert fred.update_account("VISIT", account_change)["name"] == "More visits"
    assert fred.delete_account("VISIT") is None
    customer = fred.create_customer({"key": "BAY", "name": "Bay"})
    assert customer in fred.get_customers()["results"]
    assert fred.get_customer(customer["id"])["key"] == "BAY"
    assert fred.update_customer("BAY", {"key": "BAY", "name": "Bay Ltd"})["name"] == "Bay Ltd"
    assert fred.delete_customer("BAY") is None


def test_401(connect: Connect) -> None:
    for token in ("nobody-knows-this", "demo-token-that-expired-not-a-secret", "demo-jira-token-of-fred-not-a-secret"):
        client = connect(token=token)
        for call in (client.get_worklogs, lambda client=client: client.create_worklog(entry())):
            assert refused(401, call) == "Unauthorized (401)"


def test_403(connect: Connect, site: str) -> None:
    viewer = connect("viewer")
    viewer.get_worklogs()
    # The body is HTML, so what the client tells is the status alone.
    assert refused(403, viewer.create_worklog, entry()) == f"403 Client Error: FORBIDDEN for url: {site}/4/worklogs"
    refused(403, viewer.get_teams)
    refused(403, viewer.delete_worklog, 1)
    refused(403, connect("bob").create_team, {"name": "Bob's"})


def test_400_and_404_are_told_in_the_words_of_the_answer(connect: Connect) -> None:
    bob = connect()
    told = refused(400, bob.create_worklog, {})
    for name in ("authorAccountId", "startDate", "timeSpentSeconds"):
        assert name in told
    refused(400, bob.create_worklog, entry(timeSpentSeconds=0))
    assert "999" in refused(404, bob.get_worklog, 999_999)
    assert "77" in refused(404, bob.get_team, 77)
    assert "NONE" in refused(404, bob.get_account, "NONE")


def test_429_without_waiting(connect: Connect, http: requests.Session, site: str) -> None:
    assert http.put(f"{site}/_mock/settings", json={"cloud.rateLimit": "on"}).status_code == 200
    bob = connect(retry_with_header=False)
    for _ in range(5):
        bob.get_worklogs()
    refused(429, bob.get_worklogs)
    connect("erica", retry_with_header=False).get_worklogs()
    assert http.put(f"{site}/_mock/clock", json={"advance": 1}).status_code == 200
    bob.get_worklogs()


@pytest.mark.parametrize("runs_on", [True, False])
def test_429_with_the_wait_the_client_takes(
    connect: Connect, http: requests.Session, site: str, monkeypatch: pytest.MonkeyPatch, runs_on: bool
) -> None:
    """It waits as long as ``Retry-After`` says, once: the world's clock runs on meanwhile, or does not."""
    assert http.put(f"{site}/_mock/settings", json={"cloud.rateLimit": "on"}).status_code == 200
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if runs_on:
            assert http.put(f"{site}/_mock/clock", json={"advance": seconds}).status_code == 200

    monkeypatch.setattr("atlassian.rest_client.time.sleep", wait)
    bob = connect()
    for _ in range(5):
        bob.get_worklogs()
    if runs_on:
        made = bob.create_worklog(entry())
        assert [one["tempoWorklogId"] for one in bob.get_worklogs(**DAYS)["results"]] == [made["tempoWorklogId"]]
    else:
        refused(429, bob.create_worklog, entry())
    assert waits == [1]


def test_the_url_must_end_in_4(connect: Connect, site: str) -> None:
    assert connect(url=f"{site}/4/").get_worklogs(**DAYS)["results"] == []
    # Its own default, "rest/tempo-timesheets/4" and version 1, is shown in messages and never asked for.
    bare = connect(url=site, api_root="rest/tempo-timesheets/4", api_version="1")
    assert f"{site}/worklogs" in refused(404, bare.get_worklogs)


METHODS_WITHOUT_A_RESOURCE: tuple[tuple[int, str, tuple[Any, ...]], ...] = (
    *((404, f"get_{noun}", ()) for noun in ("schedules", "users", "activities", "holidays", "metadata", "health")),
    *((404, f"get_{noun}", (1,)) for noun in ("schedule", "user", "activity", "holiday")),
    *((404, f"create_{noun}", ({},)) for noun in ("schedule", "activity", "holiday")),
    *((404, f"update_{noun}", (1, {})) for noun in ("schedule", "activity", "holiday")),
    *((404, f"delete_{noun}", (1,)) for noun in ("schedule", "activity", "holiday")),
    *((404, name, (1,)) for name in ("get_user_schedule", "get_user_worklogs", "get_project_worklogs")),
    *((404, name, (1,)) for name in ("generate_report", "get_report_status", "download_report")),
    (404, "remove_team_member", (3, BOB)),
    (405, "add_team_member", (3, BOB)),
)
"""What no document of v4 names; status, method, arguments."""


def test_methods_without_a_resource(connect: Connect, http: requests.Session, site: str) -> None:
    fred = connect("fred")
    before = http.get(f"{site}/_mock/audit?limit=1000").json()
    for status, name, arguments in METHODS_WITHOUT_A_RESOURCE:
        refused(status, getattr(fred, name), *arguments)
    assert http.get(f"{site}/_mock/audit?limit=1000").json() == before
    by_hand = fred.post("team-memberships", data={"teamId": 3, "accountId": FRED})
    assert by_hand["member"]["accountId"] == FRED


def test_every_method_of_the_client_is_asked_for_here_or_known(site: str) -> None:
    """A newer client may have more: this list is to be looked at again then."""
    own = {name for name in vars(TempoCloud) if not name.startswith("_")}
    without = {name for _, name, _ in METHODS_WITHOUT_A_RESOURCE}
    served = {
        f"{verb}_{noun}" for noun in ("account", "customer", "team", "worklog") for verb in ("create", "update", "delete")
    }
    served |= {f"get_{noun}{s}" for noun in ("account", "customer", "team", "worklog") for s in ("", "s")}
    # Projects are a part of v4 whose documents stand elsewhere.
    elsewhere = {"get_project", "get_projects"}
    assert own == without | served | elsewhere | {"get_team_members"}, json.dumps(sorted(own))
