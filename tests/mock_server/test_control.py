"""Who may use the control routes, how they word errors, and the reason that a client may ask for."""

import json
import re
from collections.abc import Callable, Mapping
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from mock_server.config import Options
from mock_server.faces import control_face

TEAM = "/jira/rest/tempo-teams/2/team"
EXPLAIN = {"X-Tempo-Mock-Explain": "1"}
REASON = "X-Tempo-Mock-Reason"

Make = Callable[..., Any]


def routes(world: Any) -> list[tuple[str, str]]:
    """Method and path of every control route; the page to read and try the API, and its document, are not switches."""
    rules = list(control_face(world.application.worlds, Options()).url_map.iter_rules())
    others = {rule.rule for rule in rules if not rule.endpoint.startswith("control.")}
    assert others == {"/_mock/api", "/_mock/api/openapi.json", "/_mock/api/<asset>", "/_mock/openapi.json"}
    found = [
        (method, re.sub("<id:[a-z_]+>", "1", rule.rule.replace("<name>", "blue")))
        for rule in rules
        for method in sorted((rule.methods or set()) - {"HEAD"})
        if rule.endpoint.startswith("control.")
    ]
    assert len({path for _, path in found}) >= 12
    return found


def refused(answer: Any, status: int = 403) -> str:
    """The error of a refusal, after a look at its form."""
    assert answer.status == status, answer.text
    assert answer.headers["Content-Type"] == "application/json"
    assert set(answer.json) == {"error"}
    assert answer.json["error"]
    text: str = answer.json["error"]
    return text


def state(world: Any) -> tuple[Any, ...]:
    names = [bean["name"] for bean in world.get(None, "/_mock/sites").json]
    clock, settings = world.get(None, "/_mock/clock").json, world.get(None, "/_mock/settings").json
    return names, clock, settings, world.get(None, "/_mock/snapshots").json, world.get(None, "/_mock/export").body


PAGES = [
    {"Origin": "http://evil.example"},
    {"Origin": "http://localhost:3000"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "https://localhost"},
    {"Origin": "null"},
    {"Origin": "http://[broken"},
    {"Origin": ""},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "anything"},
    {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
]
HOSTS = [
    *("evil.example", "evil.example:8090", "localhost.evil.example", "127.0.0.1.nip.io:8090", "0.0.0.0", "192.168.1.5:8090"),
    *("[fe80::1]:8090", "notlocalhost", "1.2.3.4:127"),
]
ADDRESSES = [
    "192.168.1.5",
    "172.17.0.1",
    "8.8.8.8",
    "0.0.0.0",
    "fe80::1",
    "2001:db8::1",
    "::ffff:192.168.1.5",
    "not an address",
]


@pytest.mark.parametrize("is_open", [False, True])
@pytest.mark.parametrize("headers", PAGES, ids=str)
def test_a_page_of_another_origin_is_refused_everywhere_and_always(
    make_world: Make, headers: dict[str, str], is_open: bool
) -> None:
    world = make_world(open_control=is_open)
    world.post(None, "/_mock/sites", {"name": "blue"})
    before = state(world)
    for prefix in ("", "/sites/blue"):
        for method, path in routes(world):
            assert "origin" in refused(world.call(method, None, prefix + path, headers=headers)), path
    assert state(world) == before


STRANGERS: list[tuple[Mapping[str, str], Mapping[str, str]]] = [
    *(({"Host": host}, {"REMOTE_ADDR": "127.0.0.1"}) for host in HOSTS),
    *(({}, {"REMOTE_ADDR": address}) for address in ADDRESSES),
    ({"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1", "Forwarded": "for=127.0.0.1"}, {"REMOTE_ADDR": "8.8.8.8"}),
    ({"Host": "evil.example", "X-Forwarded-Host": "localhost"}, {"REMOTE_ADDR": "127.0.0.1"}),
]


@pytest.mark.parametrize(("headers", "environ"), STRANGERS, ids=str)
def test_other_machines_and_other_names_are_refused_unless_opened(
    make_world: Make, headers: dict[str, str], environ: dict[str, str]
) -> None:
    world = make_world()
    world.post(None, "/_mock/sites", {"name": "blue"})
    before = state(world)
    for prefix in ("", "/sites/blue"):
        for method, path in routes(world):
            assert "--open-control" in refused(world.call(method, None, prefix + path, headers=headers, environ=environ)), path
    assert state(world) == before
    assert world.get("fred", TEAM, headers=headers, environ=environ).status == 200
    opened = make_world(open_control=True)
    for path in ("/_mock/health", "/_mock/sites", "/_mock/export"):
        assert opened.get(None, path, headers=headers, environ=environ).status == 200
    assert opened.post(None, "/_mock/reset", headers=headers, environ=environ).status == 200


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1"])
@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8090", "127.0.0.1:8090", "[::1]:8090", "127.0.0.2", "blue.localhost:8090"]
)
def test_this_machine_is_let_in_by_all_its_names(world: Any, host: str, address: str) -> None:
    for headers in ({}, {"Sec-Fetch-Site": "none"}, {"Sec-Fetch-Site": "same-origin", "Origin": f"http://{host}"}):
        answer = world.put(
            None, "/_mock/clock", {"frozen": True}, headers={"Host": host, **headers}, environ={"REMOTE_ADDR": address}
        )
        assert answer.status == 200, answer.text


def test_without_control_there_is_nothing(make_world: Make) -> None:
    world, without = make_world(), make_world(control=False)
    for method, path in (*routes(world), ("GET", "/_mock"), ("GET", "/_mock/api"), ("GET", "/_mock/openapi.json")):
        for prefix in ("", "/sites/blue"):
            answer = without.call(method, "fred", prefix + path)
            assert answer.status == 404
            assert "error" not in answer.text or prefix
    assert without.get("fred", TEAM).status == 200
    assert len(without.application.sites.every()) == 1
    assert "_mock" not in without.get(None, "/").text


@pytest.mark.parametrize("prefix", ["", "/sites/blue"])
def test_health_tells_which_world_answers(world: Any, prefix: str) -> None:
    world.post(None, "/_mock/sites", {"name": "blue"})
    answer = world.get(None, f"{prefix}/_mock/health")
    assert (answer.status, answer.json) == (200, {"status": "ok", "site": prefix.removeprefix("/sites/") or "default"})
    assert world.call("HEAD", None, f"{prefix}/_mock/health").status == 200
    assert world.site.is_written is False


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/_mock", 404),
        ("GET", "/_mock/", 404),
        ("GET", "/_mock/nothing", 404),
        ("GET", "/_mock/sites/nobody", 404),
        ("GET", "/_mock/health/more", 404),
        ("POST", "/_mock/health", 405),
        ("GET", "/_mock/reset", 405),
        ("PATCH", "/_mock/settings", 405),
        ("GET", "/_mock/audit?after=x", 400),
        ("GET", "/_mock/audit?limit=-1", 400),
        ("GET", "/_mock/audit?limit=99999999999999999999", 400),
        ("PUT", "/_mock/clock", 400),
        ("POST", "/_mock/import", 400),
    ],
)
def test_every_error_is_a_sentence_in_json(world: Any, method: str, path: str, status: int) -> None:
    refused(world.call(method, None, path), status)
    world.post(None, "/_mock/sites", {"name": "blue"})
    refused(world.call(method, None, f"/sites/blue{path}"), status)


@pytest.mark.parametrize("path", ["/_mock/sites", "/_mock/reset", "/_mock/snapshots", "/_mock/restore"])
def test_a_body_that_is_too_large_is_413(world: Any, path: str) -> None:
    refused(world.post(None, path, body=b'{"name": "' + b"x" * 1024 * 1024 + b'"}'), 413)


ASKED = [
    ("GET", TEAM, "fred", "nothing was hidden or refused"),
    ("GET", TEAM, "bob", "1 of 2 teams.*bob"),
    ("GET", f"{TEAM}/3", "greta", "greta does not have the permission Browse Team on team 3"),
    ("GET", f"{TEAM}/99", "fred", "no team with the id 99"),
    ("GET", TEAM, None, "authenticated"),
    ("GET", TEAM, "olaf", "olaf failed: deactivated"),
    ("POST", TEAM, "greta", "Tempo Team Administrators"),
    ("DELETE", f"{TEAM}/3", "fred", "nothing was hidden or refused"),
    ("PATCH", TEAM, "fred", "Method Not Allowed"),
    ("GET", "/jira/rest/tempo-teams/2/nothing", "fred", "Not Found"),
    ("GET", "/nothing", None, "404"),
    ("GET", f"/sites/red{TEAM}", "fred", "404"),
    ("GET", "/_mock/sites/red", None, "no site named red"),
    ("GET", "/_mock/health", None, "nothing was hidden or refused"),
]


@pytest.mark.parametrize(("method", "path", "who", "reason"), ASKED)
def test_the_reason_is_told_to_whoever_asks_and_to_nobody_else(
    make_world: Make, method: str, path: str, who: str | None, reason: str
) -> None:
    world, other = make_world(), make_world()
    silent = [other.call("HEAD" if method == "DELETE" else method, who, path, headers=headers) for headers in NOT_ASKED]
    assert all(REASON not in answer.headers for answer in silent)
    answer = world.call(method, who, path, headers=EXPLAIN)
    assert re.search(reason, answer.headers[REASON]), answer.headers[REASON]
    if method == "GET":
        assert (answer.status, answer.body) == (silent[0].status, silent[0].body)


NOT_ASKED: list[dict[str, str]] = [
    {},
    {"X-Tempo-Mock-Explain": "0"},
    {"X-Tempo-Mock-Explain": ""},
    {"X-Tempo-Mock-Explain": "true"},
]
STRANGE = [
    "a\r\nX-Evil: 1",
    "a\nb",
    "a\0b",
    "\x1b[31m",
    "\x7f\x9b",
    "a\u2028b\u202e",
    "grüße",
    "北京 😀",
    "x" * 5000,
    "é" * 3000,
    "\\",
]


def assert_plain(reason: str) -> None:
    assert reason.isascii()
    assert reason.isprintable()
    assert 0 < len(reason) <= 2000


@pytest.mark.parametrize("text", STRANGE, ids=ascii)
def test_a_reason_never_breaks_the_answer(world: Any, text: str) -> None:
    form = {"username": text, "password": "x"}
    for method, path, body in (
        ("POST", "/jira/rest/auth/1/session", form),
        ("GET", f"/jira/rest/api/2/user?username={quote(text)}", None),
        ("GET", f"/jira/rest/tempo-teams/2/user/{quote(text)}/memberships", None),
        ("PUT", "/_mock/settings", {text: "on"}),
    ):
        answer = world.call(method, "fred", path, body, headers=EXPLAIN)
        assert 400 <= answer.status < 500
        assert_plain(answer.headers[REASON])
        assert "X-Evil" not in answer.headers


def test_a_reason_never_breaks_the_answer_of_the_real_server(server: Callable[..., Any]) -> None:
    address = urlsplit(server("--quiet").url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=60)
    for text in STRANGE:
        connection.request("PUT", "/_mock/settings", json.dumps({text: "on"}), EXPLAIN)
        answer = connection.getresponse()
        assert answer.status == 400
        assert_plain(answer.headers[REASON])
        assert set(json.load(answer)) == {"error"}
        assert "X-Evil" not in answer.headers
    connection.close()
