"""Every byte of a broken answer, seen by a raw socket: who resets, who closes, what was promised and what came."""

import json
import re
import select
import socket
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from mock_server.faults.exchange import MOST_WAITING
from mock_server.faults.rules import arm
from mock_server.serve import THREADS
from mock_server.serve import Server as InProcess

from .conftest import LIMIT, World

TEAMS = "/4/teams"
FRED = "Authorization: Bearer demo-token-of-fred-not-a-secret"
SILENCE = 0.3
"""Seconds after which a connection on which nothing comes counts as silent."""

Start = Callable[..., Any]


class Seen(NamedTuple):
    """What came before the end: ``reset`` (RST), ``closed`` (FIN), or ``open`` when nothing more comes."""

    end: str
    head: str
    body: bytes

    @property
    def status(self) -> int:
        return int(self.head.split()[1])

    @property
    def promised(self) -> int:
        """The length that the head tells."""
        found = re.search(r"^content-length: (\d+)\r?$", self.head, re.MULTILINE | re.IGNORECASE)
        assert found, self.head
        return int(found[1])


class Site:
    """A world of a real server, and raw connections to it."""

    def __init__(self, port: int, prefix: str = "") -> None:
        self.port = port
        self.prefix = prefix

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), LIMIT)

    def send(self, connection: socket.socket, method: str, path: str, body: bytes = b"", *headers: str) -> None:
        lines = (f"{method} {self.prefix}{path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}", *headers, "", "")
        connection.sendall("\r\n".join(lines).encode() + body)

    def ask(self, path: str = TEAMS, method: str = "GET", body: bytes = b"", *headers: str) -> Seen:
        with self.connect() as connection:
            self.send(connection, method, path, body, FRED, *headers)
            return read(connection)

    def control(self, method: str, path: str, body: Any = None) -> Any:
        text = b"" if body is None else json.dumps(body).encode()
        seen = self.ask(f"/_mock/{path}", method, text, "Content-Type: application/json", "Connection: close")
        assert seen.status < 300, seen
        return json.loads(seen.body) if seen.body else None

    def arm(self, **rule: Any) -> int:
        number: int = self.control("POST", "faults", {"path": "/4/", **rule})["id"]
        return number

    def until_fired(self, number: int, times: int = 1) -> None:
        while self.control("GET", f"faults/{number}")["fired"] < times:
            pass

    def disarm(self, number: int) -> None:
        self.control("DELETE", f"faults/{number}")


def read(connection: socket.socket) -> Seen:
    """All that comes until the end, or until a whole answer is there and nothing follows."""
    got, end = b"", ""
    while not end:
        head, _, body = got.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)\r?$", head, re.MULTILINE | re.IGNORECASE)
        connection.settimeout(SILENCE if length and len(body) >= int(length[1]) else LIMIT)
        try:
            part = connection.recv(65536)
            got += part
            end = "" if part else "closed"
        except ConnectionResetError:
            end = "reset"
        except TimeoutError:
            end = "open"
    head, _, body = got.partition(b"\r\n\r\n")
    return Seen(end, head.decode("latin-1"), body)


@pytest.fixture(scope="module")
def port(module_server: Start) -> int:
    """A server shared by this module."""
    return urlsplit(module_server("--quiet").url).port or 0


@pytest.fixture
def site(port: int) -> Site:
    """A world of the test's own."""
    return Site(port, f"/sites/{Site(port).control('POST', 'sites')['name']}")


@pytest.fixture
def whole(site: Site) -> bytes:
    """The body that is there without a fault."""
    seen = site.ask()
    assert (seen.end, seen.status, seen.promised) == ("open", 200, len(seen.body))
    return seen.body


@pytest.mark.parametrize(("rule", "end"), [({}, "reset"), ({"reset": True}, "reset"), ({"reset": False}, "closed")], ids=str)
def test_cut_before_sends_nothing_at_all(site: Site, rule: dict[str, Any], end: str) -> None:
    site.arm(cut="before", **rule)
    assert site.ask() == Seen(end, "", b"")


@pytest.mark.parametrize(("rule", "end"), [({}, "closed"), ({"reset": False}, "closed"), ({"reset": True}, "reset")], ids=str)
def test_cut_in_the_middle_promises_more_than_comes(site: Site, whole: bytes, rule: dict[str, Any], end: str) -> None:
    site.arm(cut="middle", **rule)
    seen = site.ask()
    assert seen.end == end
    assert seen.promised == len(whole)
    assert seen.body == whole[: len(whole) // 2]
    assert "connection:" not in seen.head.lower()


@pytest.mark.parametrize(("rule", "end"), [({}, "closed"), ({"reset": True}, "reset")], ids=str)
def test_cut_after_closes_though_the_connection_was_to_be_kept(
    site: Site, whole: bytes, rule: dict[str, Any], end: str
) -> None:
    site.arm(cut="after", **rule)
    seen = site.ask()
    assert (seen.end, seen.promised, seen.body) == (end, len(whole), whole)
    assert "connection:" not in seen.head.lower()


def test_a_cut_answer_of_ones_own(site: Site) -> None:
    site.arm(cut="middle", status=500, body="0123456789")
    seen = site.ask()
    assert (seen.end, seen.status, seen.promised, seen.body) == ("closed", 500, 10, b"01234")


@pytest.mark.parametrize("cut", ["middle", "after"])
def test_a_head_is_cut_after_its_headers(site: Site, whole: bytes, cut: str) -> None:
    site.arm(cut=cut)
    seen = site.ask(method="HEAD")
    assert (seen.end, seen.status, seen.promised, seen.body) == ("closed", 200, len(whole), b"")


def test_an_uncut_connection_is_kept_after_a_broken_answer(site: Site, whole: bytes) -> None:
    site.arm(status=500, count=1)
    with site.connect() as connection:
        site.send(connection, "GET", TEAMS, b"", FRED)
        assert read(connection).status == 500
        site.send(connection, "GET", TEAMS, b"", FRED)
        assert read(connection).body == whole


def test_truncated_tells_the_length_that_comes(site: Site, whole: bytes) -> None:
    site.arm(truncate=True)
    seen = site.ask()
    assert (seen.end, seen.promised, seen.body) == ("open", len(seen.body), whole[: len(whole) // 2])


def test_a_429_has_one_retry_after(site: Site) -> None:
    site.arm(status=429, retryAfter=7)
    seen = site.ask()
    assert seen.status == 429
    assert re.findall(r"(?im)^retry-after: (.*?)\r?$", seen.head) == ["7"]
    assert json.loads(seen.body) == {"errors": [{"message": "Too Many Requests"}]}


def test_a_204_has_no_body(site: Site) -> None:
    site.arm(status=204)
    assert site.ask(TEAMS, "GET", b"", "Connection: close").body == b""


def is_silent(connection: socket.socket) -> bool:
    """Whether nothing comes and nobody closes."""
    return not select.select([connection], [], [], SILENCE)[0]


@pytest.mark.parametrize("rule", [{"timeout": True}, {"timeout": 3600}, {"delay": 3600}], ids=str)
def test_nothing_comes_until_the_fault_is_disarmed(site: Site, whole: bytes, rule: dict[str, Any]) -> None:
    number = site.arm(**rule)
    with site.connect() as connection:
        site.send(connection, "GET", TEAMS, b"", FRED)
        site.until_fired(number)
        assert is_silent(connection)
        site.disarm(number)
        assert read(connection).body == whole


def test_after_its_seconds_a_request_is_answered(site: Site, whole: bytes) -> None:
    site.arm(timeout=0.01, count=1)
    site.arm(timeout=0.01, status=504)
    assert site.ask().body == whole
    assert site.ask().status == 504


def test_a_body_drips_while_the_fault_is_armed(site: Site, whole: bytes) -> None:
    number = site.arm(drip=1)
    with site.connect() as connection:
        site.send(connection, "GET", TEAMS, b"", FRED)
        got = b""
        while not got.partition(b"\r\n\r\n")[2]:
            got += connection.recv(65536)
        begun = got.partition(b"\r\n\r\n")[2]
        assert len(begun) < len(whole)
        site.disarm(number)
        rest = read_rest(connection, len(whole) - len(begun))
    assert begun + rest == whole


def read_rest(connection: socket.socket, length: int) -> bytes:
    got = b""
    while len(got) < length:
        part = connection.recv(65536)
        assert part, got
        got += part
    return got


def test_drip_and_cut_together(site: Site, whole: bytes) -> None:
    site.arm(drip=1_000_000, cut="middle")
    seen = site.ask()
    assert (seen.end, seen.promised, seen.body) == ("closed", len(whole), whole[: len(whole) // 2])


@pytest.mark.parametrize("rule", [{"cut": "before"}, {"status": 500}, {"cut": "before", "reset": False}], ids=str)
@pytest.mark.parametrize("applied", [False, True])
def test_a_write_is_applied_or_not_whatever_the_client_sees(site: Site, rule: dict[str, Any], applied: bool) -> None:
    site.arm(method="POST", applied=applied, **rule)
    site.ask(TEAMS, "POST", b'{"name": "Unseen"}', "Content-Type: application/json")
    assert (b'"Unseen"' in site.ask().body) is applied


@pytest.fixture
def told(server: Start) -> Any:
    """A server that tells on stderr how each request ended."""
    return server()


def test_a_write_is_not_carried_out_when_its_client_gives_up_before_a_timeout_ends(told: Any) -> None:
    site = Site(urlsplit(told.url).port or 0)
    number = site.arm(method="POST", timeout=True)
    with site.connect() as connection:
        site.send(connection, "POST", TEAMS, b'{"name": "Given up"}', FRED)
        site.until_fired(number)
    while "POST /4/teams -> no answer" not in told.log.read_text(encoding="utf-8"):
        pass
    site.disarm(number)
    assert b"Given up" not in site.ask().body


def test_a_write_that_is_only_delayed_is_carried_out_for_a_client_that_has_gone(site: Site) -> None:
    number = site.arm(method="POST", delay=3600)
    with site.connect() as connection:
        site.send(connection, "POST", TEAMS, b'{"name": "Carried out late"}', FRED)
        site.until_fired(number)
    assert b"Carried out late" not in site.ask().body
    site.disarm(number)
    while b"Carried out late" not in site.ask().body:
        pass


def test_waiting_requests_leave_threads_for_others_and_their_number_is_bounded(module_server: Start) -> None:
    # A server of its own: the bound is of the whole server.
    site = Site(urlsplit(module_server("--quiet").url).port or 0)
    assert MOST_WAITING < THREADS
    number = site.arm(timeout=True, path="/4/teams")
    with ExitStack() as stack:
        for _ in range(MOST_WAITING):
            site.send(stack.enter_context(site.connect()), "GET", TEAMS, b"", FRED)
        site.until_fired(number, MOST_WAITING)
        # They have fired; that they have begun to wait too is seen by the first one that is not let wait any more.
        while (seen := silent_or_seen(site)) is None:
            pass
        assert seen == Seen("closed", "", b"")
        assert site.ask("/4/accounts").status == 200
    # All of them have gone, so there is room again.
    while silent_or_seen(site) is not None:
        pass


def silent_or_seen(site: Site) -> Seen | None:
    """What came of one more request; None when it is kept waiting. It is given up then."""
    with site.connect() as connection:
        site.send(connection, "GET", TEAMS, b"", FRED)
        return None if is_silent(connection) else read(connection)


@pytest.mark.parametrize("rule", [{"timeout": 3600}, {"delay": 3600}, {"drip": 1}], ids=str)
def test_a_waiting_request_does_not_hold_up_the_end_of_the_server(server: Start, rule: dict[str, Any]) -> None:
    started = server("--quiet")
    site = Site(urlsplit(started.url).port or 0)
    number = site.arm(**rule)
    with site.connect() as connection:
        site.send(connection, "GET", TEAMS, b"", FRED)
        site.until_fired(number)
        assert started.stop() == 0
        # waitress would say that threads still run.
        assert started.log.read_text(encoding="utf-8") == ""


def test_nothing_of_it_is_on_the_console_but_the_line(server: Start) -> None:
    started = server()
    site = Site(urlsplit(started.url).port or 0)
    for rule in ({"cut": "before"}, {"cut": "middle"}, {"cut": "after"}, {"status": 204}, {"truncate": True}):
        number = site.arm(**rule)
        site.ask(TEAMS, "GET", b"", "Connection: close")
        site.disarm(number)
    lines = [line for line in started.log.read_text(encoding="utf-8").splitlines() if TEAMS in line]
    assert len(lines) == 5, lines
    assert all(f"fault {number}: " in line for number, line in enumerate(lines, 1)), lines
    assert lines[0].startswith("fred GET /4/teams -> no answer: fault 1")
    assert "Traceback" not in started.log.read_text(encoding="utf-8")


def test_a_site_of_a_server_in_this_process_is_cut_too(make_world: Callable[..., World]) -> None:
    world = make_world()
    with ExitStack() as stack:
        running = InProcess(world.application, "127.0.0.1", 0)
        running.start()
        stack.callback(running.stop)
        fault = arm(world.site, {"cut": "before"})
        assert Site(running.port).ask().end == "reset"
        assert fault.fired == 1
