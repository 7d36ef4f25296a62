"""A client that this project did not write: tempo-api-python-client, against ``/4`` over a socket.

It sends ``attributes: null`` with every worklog, asks for pages of 5000, follows ``metadata.next`` as it is, and ends the
program (``SystemExit``) with what the server refused.
"""

import itertools
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import requests
from tempoapiclient.client_v4 import Tempo

FRED = "5b10a2844c20165700ede21f"
ERICA = "5b10a2844c20165700ede220"
BOB = "5b10a2844c20165700ede223"
ISSUE, HIDDEN = 10202, 10220
NUMBERS = itertools.count(1)
Connect = Callable[..., Tempo]


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
def site(origin: str, http: requests.Session, idle_scenario: str) -> str:
    """A world of its own for each test, on 15 November 2013, where the clock stands still."""
    name = f"client{next(NUMBERS)}"
    made = http.post(f"{origin}/_mock/sites", json={"name": name, "clock": "2013-11-15", "scenario": idle_scenario})
    assert made.status_code == 201, made.text
    frozen = http.put(f"{origin}/sites/{name}/_mock/clock", json={"now": "2013-11-15T00:00:00Z", "frozen": True})
    assert frozen.status_code == 200, frozen.text
    return f"{origin}/sites/{name}"


@pytest.fixture
def connect(site: str) -> Iterator[Connect]:
    """Makes clients: ``connect("bob")`` with the demo token of somebody's, ``connect(token="...", limit=2)``."""
    clients: list[Tempo] = []

    def make(who: str = "bob", token: str | None = None, **more: Any) -> Tempo:
        text = f"demo-token-of-{who}-not-a-secret" if token is None else token
        client = Tempo(auth_token=text, base_url=f"{site}/4", **more)
        client._session.trust_env = False
        # After a POST the library keeps the token in headers that all clients of a program share.
        client.default_headers = dict(Tempo.default_headers)
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()


def status_of(call: Callable[..., Any], *arguments: Any, **more: Any) -> int:
    """The status of the refusal that ends the program."""
    with pytest.raises(SystemExit) as caught:
        call(*arguments, **more)
    error = caught.value.code
    assert isinstance(error, requests.HTTPError), error
    assert error.response is not None
    return error.response.status_code


def log(client: Tempo, day: int = 14, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = client.create_worklog(BOB, ISSUE, date(2013, 11, day), 3600, **more)
    return made


def test_a_life_of_a_worklog(connect: Connect) -> None:
    bob = connect()
    made = bob.create_worklog(
        BOB, str(ISSUE), "2013-11-14", 3600, billableSeconds=1800, description="Copied", startTime="9.30 am"
    )
    number = made["tempoWorklogId"]
    assert (made["startTime"], made["billableSeconds"], made["description"]) == ("09:30:00", 1800, "Copied")
    assert made["attributes"]["values"] == []
    assert bob.get_worklogs("2013-11-01", "2013-11-30") == [made]
    assert bob.get_worklogs("2013-11-01", "2013-11-02", worklogId=number) == made, "days say nothing to a single worklog"
    put = bob.update_worklog(number, BOB, date(2013, 11, 13), 60)
    assert (put["startDate"], put["timeSpentSeconds"], put["billableSeconds"]) == ("2013-11-13", 60, 60)
    assert bob.get_worklogs("2013-11-13", "2013-11-13") == [put]
    assert bob.delete_worklog(number) == {}
    assert bob.get_worklogs("2013-11-01", "2013-11-30") == []
    assert status_of(bob.delete_worklog, number) == 404


def test_pages_are_followed_to_the_end(connect: Connect) -> None:
    bob = connect(limit=3)
    made = [log(bob, day) for day in range(5, 15)]
    for more in ({}, {"accountId": BOB}, {"issueId": ISSUE}, {"projectId": 10010}, {"updatedFrom": "2013-11-15"}):
        assert bob.get_worklogs("2013-11-01", "2013-11-30", **more) == made, more
    assert bob.get_worklogs("2013-11-06", "2013-11-12") == made[1:8]
    assert connect().get_worklogs("2013-11-01", "2013-11-30") == made
    assert bob.get_worklogs("2013-11-01", "2013-11-30", updatedFrom="2013-11-16") == []


def test_links_lead_where_the_client_sits(connect: Connect, site: str) -> None:
    bob = connect()
    log(bob, 13)
    log(bob, 14)
    page = bob.search_worklogs("2013-11-01", "2013-11-30", limit=1)
    assert page["metadata"]["next"].startswith(f"{site}/4/worklogs/search?")
    assert page["results"][0]["self"] == f"{site}/4/worklogs/{page['results'][0]['tempoWorklogId']}"
    assert page["results"][0]["author"]["self"] == f"{site}/rest/api/2/user?accountId={BOB}"


def test_search(connect: Connect) -> None:
    bob = connect()
    made = [log(bob, day) for day in (12, 13, 14)]

    def found(**more: Any) -> list[Any]:
        page = bob.search_worklogs("2013-11-13", "2013-11-30", **more)
        assert page["metadata"]["count"] == len(page["results"])
        results: list[Any] = page["results"]
        return results

    assert found() == made[1:]
    assert found(authorIds=[BOB], issueIds=[ISSUE], projectIds=[10010], updatedFrom="2013-11-15T00:00:00Z") == made[1:]
    assert found(authorIds=[ERICA]) == []
    assert found(offset=1, limit=1) == made[2:]
    assert bob.search_worklogs("2013-11-01", "2013-11-30", limit=9999)["metadata"]["limit"] == 5000


def test_teams_and_their_members(connect: Connect) -> None:
    fred = connect("fred")
    assert [team["id"] for team in fred.get_teams()] == [3, 1]
    team = fred.get_teams(3)
    assert (team["name"], team["lead"]["accountId"]) == ("Cloud Development", ERICA)
    assert BOB in [item["member"]["accountId"] for item in fred.get_team_members(3)]
    assert [period["member"]["accountId"] for period in fred.get_team_memberships(3)].count(BOB) == 1
    # Two methods left over from v3, whose paths v4 does not have.
    assert status_of(fred.get_account_team_membership, 3, BOB) == 404
    assert status_of(fred.get_account_team_memberships, 3, BOB) == 404
    assert [role["name"] for role in fred.get("/roles")] == [role["name"] for role in connect().get("/roles")]
    assert status_of(fred.get_teams, 99) == 404


def test_accounts_customers_and_attributes(connect: Connect) -> None:
    fred = connect("fred")
    before = {account["key"] for account in fred.get_accounts()}
    made = fred.create_account(key="NEW", leadAccountId=FRED, name="New")
    assert made["status"] == "OPEN"
    assert {account["key"] for account in fred.get_accounts()} == before | {"NEW"}
    changed = fred.update_account(key="NEW", leadAccountId=FRED, name="Newer", status="OPEN")
    assert (changed["id"], changed["name"]) == (made["id"], "Newer")
    customer = fred.create_customer("BAY", "Bay")
    assert customer in fred.get_customers()
    assert fred.update_customer("BAY", "Bay Ltd")["name"] == "Bay Ltd"
    assert fred.get_account_categories()
    assert fred.get_account_category_types()
    # The fixture's own attributes, if any; the client only lists them.
    for attribute in fred.get_work_attributes():
        assert attribute["key"]


@pytest.mark.parametrize(
    "token", ["nobody-knows-this", "", "demo-token-that-expired-not-a-secret", "demo-jira-token-of-fred-not-a-secret"]
)
def test_401(connect: Connect, token: str) -> None:
    client = connect(token=token)
    assert status_of(client.get_worklogs, "2013-11-01", "2013-11-30") == 401
    assert status_of(log, client) == 401
    assert status_of(client.get_user_schedule, "2013-11-01", "2013-11-30") == 401, "also where there is nothing"


def test_403(connect: Connect) -> None:
    nothing = connect(token="demo-token-without-scopes-not-a-secret")
    assert status_of(nothing.get_worklogs, "2013-11-01", "2013-11-30") == 403
    assert status_of(nothing.search_worklogs, "2013-11-01", "2013-11-30") == 403
    viewer = connect("viewer")
    viewer.get_worklogs("2013-11-01", "2013-11-30")
    viewer.search_worklogs("2013-11-01", "2013-11-30")
    for call in (lambda: log(viewer), lambda: viewer.delete_worklog(1), viewer.get_teams, viewer.get_accounts):
        assert status_of(call) == 403


def test_404_and_400(connect: Connect) -> None:
    bob = connect()
    for more in ({"worklogId": 999}, {"accountId": "nobody"}, {"teamId": 99}, {"issueId": 999}, {"accountKey": "NONE"}):
        assert status_of(bob.get_worklogs, "2013-11-01", "2013-11-30", **more) == 404
    # What v3 had and v4 has not.
    for gone in ({"jiraWorklogId": 10001}, {"jiraFilterId": 10001}):
        assert status_of(bob.get_worklogs, "2013-11-01", "2013-11-30", **gone) == 404
    for issue in (999, HIDDEN):
        assert status_of(bob.create_worklog, BOB, issue, "2013-11-14", 3600) == 400
    assert status_of(bob.create_worklog, "bob@example.org", ISSUE, "2013-11-14", 3600) == 400
    assert status_of(bob.create_worklog, BOB, ISSUE, "2013-11-14", 0) == 400


def test_429_and_a_second_later(connect: Connect, http: requests.Session, site: str) -> None:
    assert http.put(f"{site}/_mock/settings", json={"cloud.rateLimit": "on"}).status_code == 200
    bob = connect()
    for _ in range(5):
        bob.get_teams()
    assert status_of(bob.get_teams) == 429
    connect("erica").get_teams()
    assert http.put(f"{site}/_mock/clock", json={"advance": 1}).status_code == 200
    bob.get_teams()


def test_a_token_made_and_revoked_while_a_client_holds_it(connect: Connect, http: requests.Session, site: str) -> None:
    made = http.post(f"{site}/_mock/tokens", json={"person": "bob", "name": "Client", "scopes": ["worklogs:manage"]}).json()
    client = connect(token=made["token"])
    assert log(client)["tempoWorklogId"] in [one["tempoWorklogId"] for one in client.get_worklogs("2013-11-01", "2013-11-30")]
    assert status_of(client.get_teams) == 403
    assert http.delete(f"{site}/_mock/tokens/{made['id']}?person=bob").status_code == 204
    assert status_of(client.get_worklogs, "2013-11-01", "2013-11-30") == 401


def test_a_post_of_one_client_makes_all_others_act_as_it(connect: Connect, site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of the library: docs/clients.md has the way around it."""
    monkeypatch.setattr(Tempo, "default_headers", dict(Tempo.default_headers))
    bob, erica = connect("bob"), connect("erica")
    for client in (bob, erica):
        del client.default_headers
    made = bob.create_worklog(BOB, ISSUE, "2003-02-14", 3600)
    assert erica.update_worklog(made["tempoWorklogId"], BOB, "2003-02-13", 60)["startDate"] == "2003-02-13"
    audit = requests.get(f"{site}/_mock/audit?limit=1000", timeout=60).json()
    assert {event["who"] for event in audit if event["noun"] == "worklogs"} == {"bob"}
