"""Links begin with where the request was sent to: by its Host, by the listening address, or by what a trusted proxy says."""

import base64
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPResponse
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from .conftest import World, basic

Make = Callable[..., Any]
TOKEN = "Authorization: Bearer demo-token-of-fred-not-a-secret"
FRED = base64.b64encode(b"fred:fred").decode()
CLOUD_FRED = base64.b64encode(b"fred@example.org:demo-jira-token-of-fred-not-a-secret").decode()
PUBLIC = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "tempo.example", "X-Forwarded-Port": "8443",
          "X-Forwarded-Prefix": "/mock"}  # fmt: skip
FACES = [
    ("/4/teams?limit=1&offset=1", {"Authorization": "Bearer demo-token-of-fred-not-a-secret"}),
    ("/jira/rest/api/2/myself", {"Authorization": f"Basic {FRED}"}),
    ("/rest/api/3/myself", {"Authorization": f"Basic {CLOUD_FRED}"}),
    ("/rest/api/2/project/search?maxResults=1", {"Authorization": f"Basic {CLOUD_FRED}"}),
    ("/jira/rest/api/2/serverInfo", {}),
    ("/jira/no/such/path", {"Authorization": f"Basic {FRED}"}),
    ("/", {}),
]
"""A path of every face whose answer holds addresses, and who asks."""


def addresses(answer: Any) -> set[str]:
    """Scheme and host of every address in an answer."""
    words = answer.text.replace('"', " ").split()
    return {"{0.scheme}://{0.netloc}".format(urlsplit(word)) for word in words if "://" in word}


def paths(answer: Any) -> list[str]:
    words = answer.text.replace('"', " ").split()
    return [urlsplit(word).path for word in words if "://" in word]


# Behind a proxy.


@pytest.mark.parametrize(("path", "headers"), FACES, ids=[path for path, _ in FACES])
def test_a_trusted_proxy_says_where_links_begin(make_world: Make, path: str, headers: dict[str, str]) -> None:
    world = make_world(trust_forwarded=True)
    answer = world.call("GET", None, path, headers={**headers, **PUBLIC})
    assert answer.status in (200, 404)
    assert addresses(answer) == {"https://tempo.example:8443"}
    assert all(found.startswith("/mock/") for found in paths(answer)), paths(answer)


@pytest.mark.parametrize(("path", "headers"), FACES, ids=[path for path, _ in FACES])
def test_without_the_option_nobody_is_believed(world: Any, path: str, headers: dict[str, str]) -> None:
    answer = world.call("GET", None, path, headers={**headers, **PUBLIC})
    assert addresses(answer) == {"http://localhost"}
    assert answer.text == world.call("GET", None, path, headers=headers).text


@pytest.mark.parametrize("site_prefix", ["", "/sites/one"])
@pytest.mark.parametrize(("sent", "prefix"), [("/mock", "/mock"), ("/a/b/", "/a/b"), ("/x, /mock", "/mock"), (None, "")])
def test_prefixes_of_site_and_proxy_go_together(make_world: Make, sent: str | None, prefix: str, site_prefix: str) -> None:
    world = make_world(trust_forwarded=True)
    assert world.post(None, "/_mock/sites", {"name": "one"}).status == 201
    headers = {"Authorization": "Bearer demo-token-of-fred-not-a-secret", **({"X-Forwarded-Prefix": sent} if sent else {})}
    first = world.call("GET", None, f"{site_prefix}/4/teams?limit=1&offset=1", headers=headers).json
    whole = f"http://localhost{prefix}{site_prefix}/4/teams"
    assert first["self"] == f"{whole}?limit=1&offset=1"
    assert first["metadata"]["previous"] == f"{whole}?offset=0&limit=1"
    assert first["results"][0]["self"].startswith(f"{whole}/")
    lead = next(team["lead"]["self"] for team in [first["results"][0]] if "lead" in team)
    assert lead.startswith(f"http://localhost{prefix}{site_prefix}/rest/api/2/user?")


@pytest.mark.parametrize(
    ("headers", "origin"),
    [
        ({"X-Forwarded-Proto": "https"}, "https://localhost"),
        ({"X-Forwarded-Proto": "HTTPS"}, "https://localhost"),
        ({"X-Forwarded-Proto": "http, https"}, "https://localhost"),
        ({"X-Forwarded-Host": "a.example"}, "http://a.example"),
        ({"X-Forwarded-Host": "evil.example, a.example"}, "http://a.example"),
        ({"X-Forwarded-Host": "a.example:80"}, "http://a.example"),
        ({"X-Forwarded-Host": "a.example:443", "X-Forwarded-Proto": "https"}, "https://a.example"),
        ({"X-Forwarded-Host": "a_b:90"}, "http://a_b:90"),
        ({"X-Forwarded-Host": "[2001:db8::1]:90"}, "http://[2001:db8::1]:90"),
        ({"X-Forwarded-Port": "81"}, "http://localhost:81"),
        ({"X-Forwarded-Host": "a.example:1", "X-Forwarded-Port": "82"}, "http://a.example:82"),
    ],
    ids=str,
)
def test_each_header_by_itself(make_world: Make, headers: dict[str, str], origin: str) -> None:
    world = make_world(trust_forwarded=True)
    for path, login in FACES:
        assert addresses(world.call("GET", None, path, headers={**login, **headers})) == {origin}


JUNK = [
    "", " ", ",", "a b", "javascript", "ftp", "<script>", "a/b", "http://a.example", "a:b", "a:123456", "\xfc\xff", "%00", '"',
    "/", "//evil.example", "/..;/", "/..", "/.", "/../", "/a/../b", "/a/./b", "/a/..", "/a b", "/a?b", "mock", "0", "65536",
    "-1", "1e3", "x" * 5000, "[::1", "a@b", "a\\b",
]  # fmt: skip


@pytest.mark.parametrize("name", [*PUBLIC, "X-Forwarded-For"])
def test_junk_is_as_good_as_nothing(make_world: Make, name: str) -> None:
    world = make_world(trust_forwarded=True)
    path, login = FACES[0]
    expected = world.call("GET", None, path, headers=login).text
    names = ("javascript", "ftp", "mock", "0", "65536", "-1", "1e3", "x" * 5000)
    for junk in JUNK:
        if name == "X-Forwarded-Host" and junk in names:
            continue
        for value in (junk, f"good.example, {junk}"):
            answer = world.call("GET", None, path, headers={**login, name: value})
            assert (answer.status, answer.text) == (200, expected), value


@pytest.fixture(scope="module")
def trusting() -> Iterator[Any]:
    made = World(trust_forwarded=True)
    yield made
    made.close()


@example("X-Forwarded-Host", ".")
@example("X-Forwarded-Host", "a..b")
@example("Host", ".")
@given(
    st.sampled_from([*PUBLIC, "X-Forwarded-For", "Host"]),
    st.text(st.characters(max_codepoint=255, categories=["L", "N", "P", "S", "Z"])),
)
def test_no_header_ever_breaks_an_answer(trusting: Any, name: str, value: str) -> None:
    for path, login in FACES[:5]:
        answer = trusting.call("GET", None, path, headers={**login, name: value})
        if name == "Host" and answer.status == 400:
            # A name with an empty part, such as a mere dot, is no host at all.
            continue
        assert answer.status == 200
        for found in addresses(answer):
            assert found.startswith(("http://", "https://"))
            assert urlsplit(found).netloc


def test_the_path_of_a_session_cookie_is_below_the_prefix(make_world: Make) -> None:
    world = make_world(trust_forwarded=True)
    answer = world.get("fred", "/jira/rest/api/2/myself", headers=PUBLIC)
    assert "; Path=/mock/jira;" in answer.headers["Set-Cookie"]


def test_a_write_from_ones_own_page_behind_a_proxy(make_world: Make) -> None:
    own, headers = "https://tempo.example:8443", {**PUBLIC, "Authorization": basic("fred")}
    for trust, status in ((True, 200), (False, 403)):
        world = make_world(trust_forwarded=trust)
        answer = world.post(None, "2/team", {"name": "x"}, headers={**headers, "Origin": own})
        assert (answer.status // 100 == 2) is (status == 200), answer.text
        assert world.post(None, "2/team", {"name": "y"}, headers={**headers, "Origin": "https://evil.example"}).status == 403


# The routes of the fake's own stay shut.

STRANGERS = [
    ({"X-Forwarded-For": "8.8.8.8"}, {"REMOTE_ADDR": "127.0.0.1"}),
    ({"X-Forwarded-For": "127.0.0.1"}, {"REMOTE_ADDR": "8.8.8.8"}),
    ({"X-Forwarded-Host": "localhost", "Host": "evil.example"}, {"REMOTE_ADDR": "127.0.0.1"}),
    ({"X-Forwarded-Host": "evil.example", "Host": "localhost"}, {"REMOTE_ADDR": "127.0.0.1"}),
    ({"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Host": "localhost", "Host": "a_b.example"}, {"REMOTE_ADDR": "127.0.0.1"}),
]


@pytest.mark.parametrize(("headers", "environ"), STRANGERS, ids=str)
def test_control_is_for_this_machine_by_both_accounts(
    make_world: Make, headers: dict[str, str], environ: dict[str, str]
) -> None:
    world = make_world(trust_forwarded=True)
    answer = world.call("GET", None, "/_mock/clock", headers=headers, environ=environ)
    assert answer.status == 403
    assert "--open-control" in answer.json["error"]
    near = {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Host": "localhost"}
    assert world.call("GET", None, "/_mock/clock", headers=near, environ={"REMOTE_ADDR": "127.0.0.1"}).status == 200


UNREADABLE = ["", " ", ",", "127.0.0.1,", "unknown", "_hidden", "localhost", "127.0.0.1;", "127.0.0.1 x", "127.1", "::1%",
              "[::1", "[127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "for=127.0.0.1", "\xfc", "1" * 5000]  # fmt: skip


@pytest.mark.parametrize("value", [*UNREADABLE, "fe80::1%eth0", "[2001:db8::1]:80", "8.8.8.8:127"])
def test_whoever_a_proxy_cannot_name_is_not_this_machine(make_world: Make, value: str) -> None:
    world = make_world(trust_forwarded=True)
    near = {"Host": "localhost", "X-Forwarded-For": value}
    assert world.call("GET", None, "/_mock/clock", headers=near, environ={"REMOTE_ADDR": "127.0.0.1"}).status == 403


@pytest.mark.parametrize("value", ["127.0.0.1", "127.0.0.1:5000", "::1", "[::1]", "[::1]:80", "::1%lo", "8.8.8.8, 127.0.0.1"])
def test_this_machine_in_every_form_that_proxies_write(make_world: Make, value: str) -> None:
    world = make_world(trust_forwarded=True)
    near = {"Host": "localhost", "X-Forwarded-For": value}
    assert world.call("GET", None, "/_mock/clock", headers=near, environ={"REMOTE_ADDR": "127.0.0.1"}).status == 200


@pytest.mark.parametrize("host", ["a_b.example", "evil_page.test:8090", "x y", "", "\xfc"])
def test_a_name_that_is_hardly_one_does_not_open_control(world: Any, host: str) -> None:
    assert world.get(None, "/_mock/clock", headers={"Host": host}, environ={"REMOTE_ADDR": "127.0.0.1"}).status == 403


# Over sockets.


@pytest.fixture(scope="module")
def port(module_server: Make) -> int:
    return urlsplit(module_server("--quiet", "--trust-forwarded").url).port or 0


def exchange(port: int, *lines: str, host: str = "127.0.0.1") -> tuple[int, bytes]:
    with closing(socket.create_connection((host, port), 30)) as connection:
        connection.sendall("".join(f"{line}\r\n" for line in (*lines, "")).encode("latin-1"))
        with closing(HTTPResponse(connection)) as response:
            response.begin()
            return response.status, response.read()


@pytest.mark.parametrize("lines", [(), ("Host:",), ("Host: a b",), ("Host: <x>",), ("Host: \xfc",), ("Host: a:b",)], ids=str)
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_links_are_absolute_without_a_host(port: int, lines: tuple[str, ...], version: str) -> None:
    for path, login in FACES:
        sent = [f"{name}: {value}" for name, value in login.items()]
        status, body = exchange(port, f"GET {path} HTTP/{version}", *lines, *sent, "Connection: close")
        assert status in (200, 404)
        found = [word for word in body.decode().replace('"', " ").split() if "://" in word]
        assert found
        assert all(word.startswith(f"http://127.0.0.1:{port}/") for word in found), found


@pytest.mark.parametrize("host", ["tempo_mock:8090", "tempo-mock", "[::1]:9", "10.0.0.1:8000"])
def test_hosts_of_container_networks_are_hosts(port: int, host: str) -> None:
    status, body = exchange(port, "GET /4/teams?limit=1 HTTP/1.1", f"Host: {host}", TOKEN, "Connection: close")
    assert status == 200
    assert json.loads(body)["self"] == f"http://{host}/4/teams?limit=1"


def test_a_proxy_is_believed_over_a_socket(port: int) -> None:
    lines = [f"{name}: {value}" for name, value in PUBLIC.items()]
    status, body = exchange(port, "GET /4/teams?limit=1 HTTP/1.0", *lines, TOKEN)
    assert (status, json.loads(body)["metadata"]["next"]) == (
        200,
        "https://tempo.example:8443/mock/4/teams?offset=1&limit=1",
    )
