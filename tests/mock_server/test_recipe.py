"""The recipe by which integrations are set up: a technical user in a role View Worklogs with Full access, and a token that
may view worklogs and nothing else. Both halves are needed, and a role opens no project that Jira hides.

Over sockets, as an integration would ask.
"""

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import requests

from mock_server.access import ApiScope
from mock_server.endpoint import Endpoint
from mock_server.groups import cloud_endpoints

EVERYBODY = 334
"""Worklogs in the scenario guide."""

FRED = "5b10a2844c20165700ede21f"
ERICA = "5b10a2844c20165700ede220"
LAURA = "5b10a2844c20165700ede222"
BOB = "5b10a2844c20165700ede223"
DAVID = "5b10a2844c20165700ede224"
GRETA = "5b10a2844c20165700ede225"
OLAF = "712020:1c8f62d3-88bb-4e1f-8e54-7a2a1d3b0f22"
ISSUE, HIDDEN = 10202, 10220
VALUES = {"worklog_id": "1", "key": "_Account_", "account_id": BOB, "account_key": "CLOUD-DEV", "team_id": "3",
          "issue_id": str(ISSUE), "project_id": "10010"}  # fmt: skip
NUMBERS = itertools.count(1)
NEW = {"authorAccountId": GRETA, "issueId": ISSUE, "startDate": "2013-11-14", "timeSpentSeconds": 60}


@pytest.fixture(scope="module")
def origin(module_server: Callable[..., Any]) -> str:
    url: str = module_server("--quiet").url
    return url


class Caller:
    """Somebody with a token, at a site of their own."""

    def __init__(self, http: requests.Session, site: str, token: str) -> None:
        self.http, self.site, self.token = http, site, token

    def ask(self, method: str, path: str, body: Any = None) -> requests.Response:
        """One request below ``/4``."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.http.request(method, f"{self.site}/4/{path.lstrip('/')}", json=body, headers=headers)

    def worklogs(self, query: str = "") -> list[dict[str, Any]]:
        """Everything the list gives, page by page by ``metadata.next``."""
        found: list[dict[str, Any]] = []
        path: str | None = f"worklogs?limit=50{query}"
        while path:
            answer = self.ask("GET", path)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            found += page["results"]
            path = page["metadata"].get("next", "").partition("/4/")[2] or None
        return found

    def authors(self) -> Counter[str]:
        """How many worklogs of whom are seen."""
        return Counter(worklog["author"]["accountId"] for worklog in self.worklogs())


Connect = Callable[..., Caller]


@pytest.fixture
def connect(origin: str) -> Iterator[Connect]:
    """Somebody at a site of the test's own: ``connect("viewer")`` with a demo token, ``connect(None, token="...")``."""
    with requests.Session() as http:
        http.trust_env = False
        sites: dict[str, str] = {}

        def make(who: str | None, *, token: str | None = None, clock: str | None = "2013-11-15T12:00:00Z") -> Caller:
            if "site" not in sites:
                name = f"recipe{next(NUMBERS)}"
                assert http.post(f"{origin}/_mock/sites", json={"name": name, "clock": clock}).status_code == 201
                sites["site"] = f"{origin}/sites/{name}"
            return Caller(http, sites["site"], token or f"demo-token-of-{who}-not-a-secret")

        yield make


def view_token(fred: Caller, person: str) -> str:
    """A token of somebody's that may view worklogs and nothing else, made as on the settings page."""
    body = {"person": person, "name": "Time accounts", "days": 5000, "scopes": ["worklogs:view"]}
    answer = fred.http.post(f"{fred.site}/_mock/tokens", json=body)
    assert answer.status_code == 201, answer.text
    token: str = answer.json()["token"]
    return token


def address(endpoint: Endpoint) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: VALUES.get(match[1], "1"), endpoint.path)


# The technical user.


def test_technical_user_reads_the_work_of_everybody(connect: Connect) -> None:
    viewer = connect("viewer")
    found = viewer.worklogs()
    assert len(found) == len({worklog["tempoWorklogId"] for worklog in found}) == EVERYBODY
    assert {FRED, ERICA, LAURA, BOB, DAVID, GRETA, OLAF} < set(viewer.authors())
    assert {worklog["issue"]["id"] for worklog in found} >= {ISSUE, HIDDEN, 10240}
    for query, count in (("&projectId=10010", 233), ("&projectId=10011", 83), ("&projectId=10012", 18)):
        assert len(viewer.worklogs(query)) == count, query


def test_technical_user_is_refused_everything_else(connect: Connect) -> None:
    viewer = connect("viewer")
    bodies: dict[tuple[str, str], Any] = {
        ("POST", "/worklogs/search"): {},
        ("POST", "/worklogs/jira-to-tempo"): {"jiraWorklogIds": [10001]},
        ("POST", "/worklogs/tempo-to-jira"): {"tempoWorklogIds": [1]},
        ("POST", "/worklogs/work-attribute-values/search"): {"tempoWorklogIds": [1]},
    }
    seen = Counter[str]()
    for endpoint in cloud_endpoints():
        asked = (endpoint.method, endpoint.path)
        answer = viewer.ask(endpoint.method, address(endpoint), bodies.get(asked, {}) if endpoint.method != "GET" else None)
        if endpoint.scope in (ApiScope.WORKLOGS_VIEW, ApiScope.ANY):
            assert answer.status_code in (200, 404), (asked, answer.text)
            seen["read"] += answer.status_code == 200
        else:
            assert answer.status_code == 403, (asked, answer.status_code, answer.text)
            seen["refused"] += 1
    assert seen["read"] >= 15, seen
    assert seen["refused"] >= 50, seen
    assert len(viewer.worklogs()) == EVERYBODY


def test_technical_user_writes_nothing(connect: Connect) -> None:
    viewer = connect("viewer")
    before = viewer.worklogs()
    for method, path, body in (
        ("POST", "worklogs", NEW),
        ("POST", f"worklogs/issue/{ISSUE}/bulk", [NEW]),
        ("PUT", "worklogs/1", NEW),
        ("DELETE", "worklogs/1", None),
        ("POST", "worklogs/work-attribute-values", [{"tempoWorklogId": 1, "attributeValues": [{"key": "_Ticket_"}]}]),
        ("POST", "work-attributes", {"key": "_x_", "name": "x", "type": "INPUT_FIELD"}),
        ("DELETE", "work-attributes/_Account_", None),
    ):
        assert viewer.ask(method, path, body).status_code == 403, (method, path)
    assert viewer.worklogs() == before


def test_full_access_opens_no_project_that_jira_hides(connect: Connect) -> None:
    fred = connect("fred")
    token = view_token(fred, "greta")
    body = {"name": "View", "accessType": "GLOBAL", "permissionKeys": ["permissions.worklog.view"],
            "permittedAccountIds": [GRETA]}  # fmt: skip
    assert fred.ask("POST", "permission-roles", body).status_code == 200
    found = connect(None, token=token).worklogs()
    assert len(found) == EVERYBODY - 83
    assert HIDDEN not in {worklog["issue"]["id"] for worklog in found}


# An administrator instead.


def test_administrator_sees_everybody_once_in_the_role(connect: Connect) -> None:
    fred = connect("fred")
    token = view_token(fred, "fred")
    narrow = connect(None, token=token)
    assert narrow.authors() == {FRED: 4}
    (role,) = (role for role in fred.ask("GET", "permission-roles/global").json()["results"] if role["name"] == "View Worklogs")
    body = {
        "name": role["name"],
        "accessType": role["accessType"],
        "permissionKeys": [permission["key"] for permission in role["permissions"]],
        "permittedAccountIds": [user["accountId"] for user in role["permittedUsers"]],
    }
    changed = {**body, "permittedAccountIds": [*body["permittedAccountIds"], FRED]}
    assert fred.ask("PUT", f"permission-roles/{role['id']}", changed).status_code == 200
    assert len(narrow.worklogs()) == EVERYBODY
    assert narrow.ask("PUT", f"permission-roles/{role['id']}", body).status_code == 403
    assert fred.ask("PUT", f"permission-roles/{role['id']}", body).status_code == 200
    assert narrow.authors() == {FRED: 4}
    made = fred.ask("POST", "permission-roles", {**body, "name": "Another", "permittedAccountIds": [FRED]})
    assert made.status_code == 200, made.text
    assert len(narrow.worklogs()) == EVERYBODY


def test_administrator_without_the_role_sees_own_work_and_no_hint(connect: Connect) -> None:
    for caller in (connect("fred"), connect(None, token=view_token(connect("fred"), "fred"))):
        answer = caller.ask("GET", "worklogs?limit=1000")
        assert answer.status_code == 200
        assert set(answer.json()) == {"self", "metadata", "results"}
        assert {worklog["author"]["accountId"] for worklog in answer.json()["results"]} == {FRED}
        assert caller.ask("GET", f"worklogs/user/{BOB}").json()["results"] == []


# What a fresh start shows each persona, whatever day it is.


@pytest.mark.parametrize("clock", [None, "2013-12-09T00:00:00Z", "2024-02-29T23:59:59Z", "2026-11-22T08:00:00Z"])
def test_lead_sees_the_team_of_today_and_the_others_themselves(connect: Connect, clock: str | None) -> None:
    lead = connect("erica", clock=clock)
    shown = lead.http.get(f"{lead.site}/_mock/clock").json()["now"]
    week = [lead.worklogs(f"&from={day}&to={day}") for day in days_before(shown[:10], 7)]
    assert {worklog["author"]["accountId"] for day in week for worklog in day} == {ERICA, DAVID}
    assert connect("bob").authors() == {BOB: 66}
    assert connect("greta").authors() == {GRETA: 2}
    assert connect("fred").authors() == {FRED: 4}
    assert len(connect("viewer").worklogs()) == EVERYBODY


def test_lead_sees_a_member_inside_the_membership_only(connect: Connect) -> None:
    lead = connect("erica", clock="2013-12-08T12:00:00Z")
    of_bob = [worklog for worklog in lead.worklogs() if worklog["author"]["accountId"] == BOB]
    assert max(worklog["startDate"] for worklog in of_bob) == "2013-11-29"
    of_david = [worklog for worklog in lead.worklogs() if worklog["author"]["accountId"] == DAVID]
    assert min(worklog["startDate"] for worklog in of_david) == "2013-12-02"


def days_before(today: str, count: int) -> list[str]:
    return [(date.fromisoformat(today) - timedelta(days=ago)).isoformat() for ago in range(count)]
