"""What only real sockets show: slow clients, large bodies, old and broken HTTP, many connections."""

import base64
import json
import re
import socket
from collections.abc import Callable
from contextlib import ExitStack, closing
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlsplit

import pytest

LIMIT = 30
SLOW = 20
MIB = 1024 * 1024
LOGIN = "Authorization: Basic " + base64.b64encode(b"fred:fred").decode()
TEAM = "/jira/rest/tempo-teams/2/team"

Start = Callable[..., Any]


@pytest.fixture(scope="module")
def port(module_server: Start) -> int:
    """A server shared by this module."""
    return urlsplit(module_server("--quiet").url).port or 0


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), LIMIT)


def answer(connection: socket.socket) -> tuple[int, dict[str, str], bytes]:
    """One response read from a socket."""
    with closing(HTTPResponse(connection)) as response:
        response.begin()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()


def exchange(port: int, *lines: str, body: bytes = b"") -> tuple[int, dict[str, str], bytes]:
    """Send a request as these lines and a body; the response."""
    with connected(port) as connection:
        connection.sendall("".join(f"{line}\r\n" for line in (*lines, "")).encode() + body)
        return answer(connection)


def team_names(port: int) -> list[str]:
    status, _, body = exchange(port, f"GET {TEAM} HTTP/1.1", "Host: localhost", LOGIN, "Connection: close")
    assert status == 200
    return [team["name"] for team in json.loads(body)]


def test_clients_that_send_byte_by_byte_block_nobody(port: int) -> None:
    body = b'{"name": "Slow team"}'
    head = f"POST {TEAM} HTTP/1.1\r\nHost: localhost\r\n{LOGIN}\r\nContent-Type: application/json\r\n"
    request = f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body
    with ExitStack() as stack:
        slow = [stack.enter_context(connected(port)) for _ in range(SLOW)]
        for connection in slow:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for position in range(len(request) - 1):
            for connection in slow:
                connection.sendall(request[position : position + 1])
            if position % 20 == 0:
                assert "Slow team" not in team_names(port)
        for connection in slow:
            connection.sendall(request[-1:])
        assert [answer(connection)[0] for connection in slow] == [200] * SLOW
    assert team_names(port).count("Slow team") == SLOW


def test_clients_that_never_finish_block_nobody(port: int) -> None:
    head = (
        f"POST {TEAM} HTTP/1.1\r\nHost: localhost\r\n{LOGIN}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
    )
    with ExitStack() as stack:
        # More than there are threads to answer.
        for number in range(100):
            connection = stack.enter_context(connected(port))
            connection.sendall(head.encode()[: 20 if number % 2 else None])
        assert team_names(port)


def test_clients_that_do_not_read_block_nobody(port: int) -> None:
    request = f"GET {TEAM} HTTP/1.1\r\nHost: localhost\r\n{LOGIN}\r\n\r\n".encode()
    with ExitStack() as stack:
        for _ in range(SLOW):
            stack.enter_context(connected(port)).sendall(request * 50)
        assert team_names(port)


def test_a_client_that_leaves_in_the_middle_disturbs_nobody(port: int) -> None:
    for cut in (5, 60, 150):
        with connected(port) as connection:
            connection.sendall(
                f"POST {TEAM} HTTP/1.1\r\nHost: localhost\r\n{LOGIN}\r\nContent-Length: 99\r\n\r\n{{".encode()[:cut]
            )
    assert team_names(port)


@pytest.mark.parametrize(
    ("method", "path"), [("POST", TEAM), ("PUT", f"{TEAM}/3"), ("POST", "/jira/rest/auth/1/session"), ("PUT", "/_mock/clock")]
)
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_the_limit_is_413_and_changes_nothing(port: int, method: str, path: str, chunked: bool) -> None:
    before = team_names(port)
    text = json.dumps({"name": "x" * (2 * MIB)}).encode()
    lines = (f"{method} {path} HTTP/1.1", "Host: localhost", LOGIN, "Content-Type: application/json", "Connection: close")
    if chunked:
        parts = [text[n : n + 65536] for n in range(0, len(text), 65536)]
        body = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
        status, headers, answered = exchange(port, *lines, "Transfer-Encoding: chunked", body=body)
    else:
        status, headers, answered = exchange(port, *lines, f"Content-Length: {len(text)}", body=text)
    assert status == 413
    assert headers["content-type"].startswith("application/json")
    said = json.loads(answered)
    assert set(said) == ({"error"} if path.startswith("/_mock") else {"errorMessages", "errors"})
    assert team_names(port) == before


def test_a_body_just_below_the_limit_is_read(port: int) -> None:
    text = json.dumps({"name": "Large summary", "summary": "x" * (MIB - 100)}).encode()
    assert MIB - 100 < len(text) < MIB
    lines = (f"POST {TEAM} HTTP/1.1", "Host: localhost", LOGIN, "Content-Type: application/json", "Connection: close")
    assert exchange(port, *lines, f"Content-Length: {len(text)}", body=text)[0] == 200


def test_headers_without_end_are_refused(port: int) -> None:
    with connected(port) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nX-Long: " + b"x" * MIB)
        try:
            status = answer(connection)[0]
        except ConnectionError:
            # The server has closed with some of ours unread, and said so by a reset.
            status = 431
    assert status == 431
    assert team_names(port)


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_request_without_host_is_answered_with_links_that_work(port: int, version: str) -> None:
    status, headers, body = exchange(port, f"GET /jira/rest/api/2/myself HTTP/{version}", LOGIN, "Connection: close")
    assert status == 200
    assert headers["connection"] == "close"
    bean = json.loads(body)
    for link in (bean["self"], *bean["avatarUrls"].values()):
        assert link.startswith(f"http://127.0.0.1:{port}/jira/"), link


def test_links_name_the_host_that_was_asked(port: int) -> None:
    _, _, body = exchange(port, "GET /jira/rest/api/2/myself HTTP/1.1", "Host: jira.test:8080", LOGIN, "Connection: close")
    assert json.loads(body)["self"].startswith("http://jira.test:8080/jira/")


@pytest.mark.parametrize(
    "line",
    [
        "GARBAGE",
        "GET",
        "\x16\x03\x01\x02",
        "GET / HTTP/1.1\r\nContent-Length: -1",
        "GET / HTTP/1.1\r\nno colon",
    ],
)
def test_what_is_no_http_is_400_and_disturbs_nobody(port: int, line: str) -> None:
    with connected(port) as connection:
        connection.sendall(f"{line}\r\n\r\n".encode("latin-1"))
        assert re.match(rb"HTTP/1\.[01] (400|505) ", connection.makefile("rb").readline())
    assert team_names(port)


def test_whoever_speaks_tls_is_answered_in_the_clear_at_once(port: int) -> None:
    with connected(port) as connection:
        # The beginning of a handshake, in which no end of a head ever comes.
        connection.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200))
        status, headers, _ = answer(connection)
    assert (status, headers["connection"]) == (400, "close")
    assert team_names(port)


def test_a_connection_is_kept_for_many_requests(port: int) -> None:
    with closing(HTTPConnection("127.0.0.1", port, timeout=LIMIT)) as connection:
        connection.connect()
        opened = connection.sock
        for _ in range(50):
            connection.request("GET", f"{TEAM}/3", headers={"Authorization": LOGIN.partition(": ")[2]})
            assert json.load(connection.getresponse())["id"] == 3
            assert connection.sock is opened


def test_two_hundred_idle_connections_leave_room(port: int) -> None:
    with ExitStack() as stack:
        for _ in range(200):
            stack.enter_context(connected(port))
        assert team_names(port)
