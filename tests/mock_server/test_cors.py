"""Pages of named origins may call the APIs from a browser; all others, and the control routes, stay closed."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

TEAM = "/jira/rest/tempo-teams/2/team"
FRONT, SECOND = "http://localhost:3000", "https://app.example"
OTHERS = (
    "http://localhost:3001",
    "https://localhost:3000",
    "http://localhost:3000.evil.example",
    "http://evil.example",
    "HTTP://LOCALHOST:3000",
    "null",
    "",
)
NOT_NEEDED = ("Access-Control-Allow-Headers", "Access-Control-Allow-Methods", "Access-Control-Max-Age")

Make = Callable[..., Any]


@pytest.fixture
def open_world(make_world: Make) -> Any:
    """A world that lets pages of two origins in."""
    made = make_world(cors=(FRONT, SECOND))
    assert made.post(None, "/_mock/sites", {"name": "blue"}).status == 201
    return made


def preflight(origin: str, method: str = "POST") -> dict[str, str]:
    asked = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": "authorization,content-type"}
    return {"Origin": origin, **asked}


def allowances(answer: Any) -> list[str]:
    return [name for name, _ in answer.headers if name.lower().startswith("access-control-")]


def listed(answer: Any, name: str) -> set[str]:
    """The words of a header that may stand there several times, in lower case."""
    return {word.strip().lower() for value in answer.headers.getlist(name) for word in value.split(",")}


@pytest.mark.parametrize("origin", [FRONT, SECOND])
@pytest.mark.parametrize("path", [TEAM, f"{TEAM}/3", f"/sites/blue{TEAM}", "/jira/rest/api/2/myself", "/jira/nothing"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_a_preflight_of_a_named_origin_is_answered(open_world: Any, origin: str, path: str, method: str) -> None:
    answer = open_world.call("OPTIONS", None, path, headers=preflight(origin, method))
    assert answer.status in (200, 204)
    assert answer.body == b""
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert method.lower() in listed(answer, "Access-Control-Allow-Methods")
    assert {"authorization", "content-type"} <= listed(answer, "Access-Control-Allow-Headers")
    assert "origin" in listed(answer, "Vary")


@pytest.mark.parametrize(
    ("method", "path", "who", "status"),
    [
        ("GET", TEAM, "fred", 200),
        ("GET", f"/sites/blue{TEAM}", "fred", 200),
        ("POST", TEAM, "fred", 200),
        ("DELETE", f"{TEAM}/3", "fred", 204),
        ("GET", TEAM, None, 401),
        ("GET", f"{TEAM}/3", "greta", 403),
        ("GET", f"{TEAM}/99", "fred", 404),
        ("GET", f"/sites/red{TEAM}", "fred", 404),
        ("PATCH", TEAM, "fred", 405),
        ("GET", "/", None, 200),
    ],
)
def test_every_answer_can_be_read_by_a_named_origin(
    open_world: Any, method: str, path: str, who: str | None, status: int
) -> None:
    body = {"json": {"name": "From a page"}} if method == "POST" else {}
    answer = open_world.call(method, who, path, **body, headers={"Origin": FRONT, "X-Tempo-Mock-Explain": "1"})
    assert answer.status == status
    assert answer.headers.getlist("Access-Control-Allow-Origin") == [FRONT]
    assert answer.headers.getlist("Access-Control-Allow-Credentials") == ["true"]
    assert {"origin"} <= listed(answer, "Vary")
    assert {"x-ausername", "x-tempo-mock-reason"} <= listed(answer, "Access-Control-Expose-Headers")
    assert not any(name in answer.headers for name in NOT_NEEDED)


@pytest.mark.parametrize("origin", OTHERS)
def test_other_origins_get_nothing(open_world: Any, origin: str) -> None:
    for path in (TEAM, f"/sites/blue{TEAM}", "/"):
        for headers in ({"Origin": origin}, preflight(origin)):
            for method in ("GET", "OPTIONS"):
                assert allowances(open_world.call(method, "fred", path, headers=headers)) == []
    before = open_world.get("fred", TEAM).body
    answer = open_world.post("fred", TEAM, {"name": "From elsewhere"}, headers={"Origin": origin})
    assert answer.status == 403
    assert allowances(answer) == []
    assert open_world.get("fred", TEAM).body == before


def test_without_an_origin_an_answer_is_as_ever(open_world: Any, world: Any) -> None:
    plain, open_one = world.get("fred", TEAM), open_world.get("fred", TEAM)
    assert allowances(open_one) == []
    assert (open_one.status, open_one.body) == (plain.status, plain.body)
    # The counters and the session differ from answer to answer.
    plain_headers, open_headers = (
        [(name, value) for name, value in answer.headers if name != "Set-Cookie" and not name.startswith("X-A")]
        for answer in (plain, open_one)
    )
    assert open_headers == plain_headers


@pytest.mark.parametrize("headers", [{"Origin": FRONT}, preflight(FRONT), {"Origin": "http://localhost"}], ids=str)
def test_it_is_off_unless_an_origin_is_named(world: Any, headers: dict[str, str]) -> None:
    for method in ("GET", "POST", "OPTIONS"):
        assert allowances(world.call(method, "fred", TEAM, headers=headers)) == []


@pytest.mark.parametrize("path", ["sites", "health", "settings", "clock", "reset", "export", "nothing", ""])
@pytest.mark.parametrize("prefix", ["", "/sites/blue"])
def test_control_routes_are_never_opened_to_another_origin(open_world: Any, prefix: str, path: str) -> None:
    for method in ("GET", "POST", "PUT", "OPTIONS"):
        for headers in ({"Origin": FRONT}, preflight(FRONT)):
            answer = open_world.call(method, None, f"{prefix}/_mock/{path}", headers=headers)
            assert answer.status >= 400
            assert allowances(answer) == []


@pytest.mark.parametrize("path", ["/_mock/api", "/_mock/openapi.json", "/_mock/api/openapi.json"])
def test_the_page_below_the_control_routes_is_not_opened_either(open_world: Any, path: str) -> None:
    for method in ("GET", "OPTIONS"):
        assert allowances(open_world.call(method, None, path, headers=preflight(FRONT))) == []


def test_options_that_are_no_preflight_are_answered_as_ever(open_world: Any) -> None:
    answer = open_world.call("OPTIONS", "fred", TEAM, headers={"Origin": FRONT})
    assert {"get", "post"} <= listed(answer, "Allow")
    assert answer.headers["Access-Control-Allow-Origin"] == FRONT


def test_a_session_of_a_named_origin_writes_without_the_token_against_forged_requests(open_world: Any) -> None:
    login = open_world.post(
        None, "/jira/rest/auth/1/session", {"username": "fred", "password": "fred"}, headers={"Origin": FRONT}
    )
    assert login.status == 200
    cookie = login.headers["Set-Cookie"].partition(";")[0]
    for origin, status in ((FRONT, 200), (SECOND, 200), ("http://localhost", 200), ("http://evil.example", 403)):
        headers = {"Origin": origin, "Cookie": cookie}
        assert open_world.post(None, TEAM, {"name": f"By {origin}"}, headers=headers).status == status


def test_the_option_may_be_repeated_and_bears_a_slash_at_the_end(server: Callable[..., Any]) -> None:
    url = server("--quiet", "--cors", f"{FRONT}/", "--cors", SECOND).url
    for origin in (FRONT, SECOND):
        answer = requests.options(url + TEAM, headers=preflight(origin), timeout=60)
        assert answer.status_code in (200, 204)
        assert answer.headers["Access-Control-Allow-Origin"] == origin
        answer = requests.get(url + TEAM, headers={"Origin": origin}, auth=("fred", "fred"), timeout=60)
        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, origin)
    answer = requests.get(url + TEAM, headers={"Origin": "http://evil.example"}, auth=("fred", "fred"), timeout=60)
    assert "Access-Control-Allow-Origin" not in answer.headers
