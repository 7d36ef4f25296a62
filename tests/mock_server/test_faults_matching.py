"""Which requests a rule of a fault takes: by verb, path and query, and by whose credentials they carry."""

from base64 import b64encode
from typing import Any

import pytest

TEAM = "/jira/rest/tempo-teams/2/team/3"
CLOUD, JIRA = "/4/teams", "/rest/api/3/myself"
TEAPOT = {"status": 418}
VIEWER = {"Authorization": "Bearer demo-token-of-viewer-not-a-secret"}


def armed(world: Any, **rule: Any) -> dict[str, Any]:
    """The bean of a fault that was armed over HTTP."""
    answer = world.post(None, "/_mock/faults", rule)
    assert answer.status == 201, answer.text
    bean: dict[str, Any] = answer.json
    return bean


def bean(world: Any, fault: dict[str, Any]) -> Any:
    return world.get(None, f"/_mock/faults/{fault['id']}").json


@pytest.mark.parametrize(
    ("rule", "method", "path", "is_taken"),
    [
        ({}, "GET", TEAM, True),
        ({}, "POST", TEAM, True),
        ({"method": "get"}, "GET", TEAM, True),
        ({"method": "POST"}, "GET", TEAM, False),
        ({"method": ["PUT", "GET"]}, "GET", TEAM, True),
        ({"path": "/jira/rest/tempo-teams/2/team"}, "GET", TEAM, True),
        ({"path": "/jira/rest/tempo-teams/2/team/33"}, "GET", TEAM, False),
        ({"path": "/jira/rest/tempo-teams/2/te"}, "GET", TEAM, False),
        ({"path": "/jira/rest/tempo-teams/2/"}, "GET", TEAM, True),
        ({"path": TEAM}, "GET", TEAM, True),
        ({"path": "/"}, "GET", TEAM, True),
        ({"path": "/4/"}, "GET", TEAM, False),
        ({"path": "/jira/rest/*/team/*"}, "GET", TEAM, True),
        ({"path": "*/3"}, "GET", TEAM, True),
        ({"path": "/jira/*/4"}, "GET", TEAM, False),
        ({"path": "*teams*teams*"}, "GET", TEAM, False),
        ({"path": "*"}, "GET", TEAM, True),
        ({"path": "/jira/rest/*"}, "GET", "/4/jira/rest/x", False),
        ({"path": "/4/é*"}, "GET", "/4/é/1", True),
        ({"query": {"a": "b"}}, "GET", f"{TEAM}?a=b", True),
        ({"query": {"a": "b"}}, "GET", f"{TEAM}?a=c&a=b", True),
        ({"query": {"a": "b"}}, "GET", f"{TEAM}?a=bc", False),
        ({"query": {"a": "b*"}}, "GET", f"{TEAM}?a=bc", True),
        ({"query": {"a": "*"}}, "GET", f"{TEAM}?a=", True),
        ({"query": {"a": "*"}}, "GET", TEAM, False),
        ({"query": {"a": "1", "b": "2"}}, "GET", f"{TEAM}?a=1", False),
    ],
    ids=str,
)
def test_a_rule_takes_these_requests(world: Any, rule: dict[str, Any], method: str, path: str, is_taken: bool) -> None:
    fault = armed(world, **TEAPOT, **rule)
    assert (world.call(method, "fred", path).status == 418) is is_taken
    assert bean(world, fault)["seen"] == int(is_taken)


def basic_of(name: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"{name}:{secret}".encode()).decode()}


FREDS = [
    (TEAM, basic_of("fred", "fred")),
    (TEAM, {"Authorization": "Bearer demo-pat-of-fred-not-a-secret"}),
    (CLOUD, {"Authorization": "Bearer demo-token-of-fred-not-a-secret"}),
    (CLOUD, {"Authorization": "Bearer demo-token-of-absences-not-a-secret"}),
    (JIRA, basic_of("fred@example.org", "demo-jira-token-of-fred-not-a-secret")),
    ("/ex/jira/any/rest/api/3/myself", {"Authorization": "Bearer demo-jira-token-of-fred-not-a-secret"}),
]


@pytest.mark.parametrize("persona", ["admin", "absences", "fred"])
@pytest.mark.parametrize(("path", "headers"), FREDS)
def test_a_request_of_a_person_is_recognised_on_every_face(
    world: Any, persona: str, path: str, headers: dict[str, str]
) -> None:
    armed(world, persona=persona, **TEAPOT)
    assert world.get(None, path, headers=headers).status == 418


@pytest.mark.parametrize(
    "headers",
    [
        {},
        VIEWER,
        basic_of("erica", "erica"),
        basic_of("fred@example.org", "wrong"),
        {"Authorization": "Basic !"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer nothing-of-the-sort"},
        {"Cookie": "JSESSIONID=NOSUCH"},
    ],
    ids=str,
)
def test_others_and_nobody_are_not_taken_for_somebody(world: Any, headers: dict[str, str]) -> None:
    fault = armed(world, persona="fred", **TEAPOT)
    for path in (TEAM, CLOUD, JIRA):
        assert world.get(None, path, headers=headers).status != 418
    assert bean(world, fault)["seen"] == 0


def test_a_session_is_recognised_by_its_cookie(world: Any) -> None:
    session = world.post(None, "/jira/rest/auth/1/session", {"username": "fred", "password": "fred"}).json["session"]["value"]
    armed(world, persona="fred", **TEAPOT)
    assert world.get(None, TEAM, headers={"Cookie": f"a=b; JSESSIONID={session}"}).status == 418
    assert world.get("erica", TEAM, headers={"Cookie": f"JSESSIONID={session}"}).status == 200
