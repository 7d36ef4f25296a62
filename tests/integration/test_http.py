"""One conversation over a real socket: how fast, how patient, what it says when it ends, and what it never says."""

from __future__ import annotations

import socket
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

from integration.clients.http import MOST_WAITS, Unreadable, Wire

from .scripted import START, Answer, Clock, Scripted, scripted

TOKEN = "a-token-that-nobody-must-see"
OK = Answer(body={"ok": True})


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def wire(server: Scripted, clock: Clock, told: list[str]) -> Wire:
    return Wire(server.url, f"Bearer {TOKEN}", clock=clock, tell=told.append)


def failure(wire: Wire, method: str = "GET", **more: Any) -> Unreadable:
    """The error of a request, without the token anywhere in it."""
    with pytest.raises(Unreadable) as caught:
        wire.ask(method, "/4/teams", **more)
    error = caught.value
    assert TOKEN not in f"{error} {error!r} {error.args} {vars(error)}"
    assert error.__suppress_context__ or error.__context__ is None, "what it was made of would be shown with it"
    return error


def test_a_request_is_what_was_asked_for(wire: Wire, server: Scripted) -> None:
    server.script = [OK]
    assert wire.ask("POST", "/4/teams", [("a", "1"), ("a", "ö&")], {"name": "ö"}) == {"ok": True}
    asked = server.asked[0]
    assert (asked.method, asked.path) == ("POST", "/4/teams?a=1&a=%C3%B6%26")
    assert asked.body == b'{"name": "\\u00f6"}'
    assert asked.headers["Authorization"] == f"Bearer {TOKEN}"
    assert asked.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(("status", "body"), [(204, b""), (200, b"")])
def test_an_answer_without_body_is_none(wire: Wire, server: Scripted, status: int, body: bytes) -> None:
    server.script = [Answer(status, body)]
    assert wire.get("/4/teams") is None


def test_five_requests_a_second_and_no_more(wire: Wire, clock: Clock) -> None:
    for _ in range(11):
        wire.get("/4/teams")
    assert clock.slept == [0.2] * 10
    assert clock.now - START == pytest.approx(2.0)
    assert (wire.called.requests, round(wire.called.waited, 6)) == (11, 2.0)


def test_nobody_waits_when_there_was_time_enough(wire: Wire, clock: Clock) -> None:
    for _ in range(5):
        wire.get("/4/teams")
        clock.now += 0.3
    assert clock.slept == []


def test_another_rate(server: Scripted, clock: Clock) -> None:
    wire = Wire(server.url, "", clock=clock, per_second=0.5)
    wire.get("/a")
    wire.get("/b")
    assert clock.slept == [2.0]
    assert "Authorization" not in server.asked[0].headers


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        (None, 1.0),
        ("7", 7.0),
        ("2.5", 2.5),
        ("0", 1.0),
        ("-3", 1.0),
        ("nan", 1.0),
        ("soon", 1.0),
        ("", 1.0),
        (formatdate(START + 30, usegmt=True), 30.0),
        (formatdate(START - 30, usegmt=True), 1.0),
        ("Mon, 02 Mar 99999999999999999999 09:00:00 GMT", 1.0),
        ("Mon, 02 Mar 0000 09:00:00 GMT", 1.0),
    ],
)
def test_retry_after_is_waited_for(
    wire: Wire, server: Scripted, clock: Clock, told: list[str], said: str | None, seconds: float
) -> None:
    server.script = [Answer(429, {}, {} if said is None else {"Retry-After": said}), OK]
    assert wire.get("/4/teams") == {"ok": True}
    assert clock.slept == [seconds]
    assert len(server.asked) == 2
    assert told == [f"waiting {seconds:g} s: the server asks to wait"]


def test_429_is_not_waited_out_for_ever(wire: Wire, server: Scripted, clock: Clock) -> None:
    server.script = [Answer(429, {}, {"Retry-After": "2"})]
    error = failure(wire)
    assert (error.kind, error.status) == ("too-many", 429)
    assert "requests_per_second" in str(error)
    assert clock.slept == [2.0] * MOST_WAITS
    assert len(server.asked) == MOST_WAITS + 1


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_429_is_repeated_whatever_was_asked(wire: Wire, server: Scripted, method: str) -> None:
    server.script = [Answer(429, {}), OK]
    assert wire.ask(method, "/4/teams") == {"ok": True}


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(500, {}), "server-error"),
        (Answer(503, b"<html>upstream</html>", kind="text/html"), "server-error"),
        (Answer(cut="before"), "unreachable"),
        (Answer(body={"ok": True, "more": "x" * 50}, cut="middle"), "unreachable"),
        (Answer(body=b'{"ok": tr'), "broken"),
        (Answer(body=b'{"ok": true,}'), "broken"),
        (Answer(body=b"\xff\xfe\x00"), "broken"),
        (Answer(body=b"[" * 100_000), "broken"),
        (Answer(body=b"no gzip", headers={"Content-Encoding": "gzip"}), "unreachable"),
    ],
)
class TestWhatPasses:
    def test_is_asked_for_three_times_more(self, wire: Wire, server: Scripted, clock: Clock, answer: Answer, kind: str) -> None:
        server.script = [answer]
        assert failure(wire).kind == kind
        assert clock.slept == [5.0, 10.0, 15.0]
        assert len(server.asked) == 4

    def test_is_forgotten_when_it_has_passed(
        self, wire: Wire, server: Scripted, clock: Clock, answer: Answer, kind: str
    ) -> None:
        server.script = [answer, answer, OK]
        assert wire.get("/4/teams") == {"ok": True}
        assert clock.slept == [5.0, 10.0]

    def test_no_post_is_repeated_unless_it_only_reads(
        self, wire: Wire, server: Scripted, clock: Clock, answer: Answer, kind: str
    ) -> None:
        server.script = [answer]
        assert failure(wire, "POST", body={}).kind == kind
        assert (len(server.asked), clock.slept) == (1, [])
        server.script = [answer, OK]
        assert wire.search("/4/teams", {}) == {"ok": True}


def test_429_and_5xx_have_their_own_patience(wire: Wire, server: Scripted, clock: Clock) -> None:
    server.script = [Answer(500, {}), Answer(429, {}), Answer(502, {}), Answer(429, {}), Answer(503, {}), OK]
    assert wire.get("/4/teams") == {"ok": True}
    assert clock.slept == [5.0, 1.0, 10.0, 1.0, 15.0]


TEMPO = {"errors": [{"message": "Issue not found"}, {"message": "User is invalid"}]}
JIRA = {"errorMessages": ["No issue"], "errors": {"summary": "is required"}}


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, "refused"), (401, "unauthorized"), (403, "forbidden"), (404, "not-found"), (410, "gone"), (405, "refused"),
     (418, "refused")],
)  # fmt: skip
@pytest.mark.parametrize(
    ("body", "words"),
    [
        (TEMPO, ": Issue not found; User is invalid"),
        (JIRA, ": is required; No issue"),
        ({"errors": "what"}, ""),
        ({"errors": [{"message": None}, 3]}, ""),
        ([], ""),
        (b"<html>no</html>", ""),
        (b"", ""),
        ({"errors": [{"message": "red \x1b[31m\nline"}]}, ": red  [31m line"),
        ({"errors": [{"message": f"Bearer {TOKEN} is no token"}]}, ": Bearer *** is no token"),
    ],
)
def test_a_refusal_is_told_at_once(
    wire: Wire, server: Scripted, clock: Clock, status: int, kind: str, body: Any, words: str
) -> None:
    server.script = [Answer(status, body)]
    error = failure(wire)
    assert (error.kind, error.status) == (kind, status)
    assert error.sentence.startswith(server.url[7:])
    assert error.sentence.endswith(f" answered {status} to GET /4/teams{words}")
    assert (len(server.asked), clock.slept) == (1, [])


def test_an_endless_message_is_cut(wire: Wire, server: Scripted) -> None:
    server.script = [Answer(400, {"errors": [{"message": "x" * 5000}]})]
    assert len(str(failure(wire))) < 400


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(body=b"<html>log in</html>", kind="text/html; charset=utf-8"), "text/html, not JSON"),
        (Answer(302, b"", {"Location": "https://other.example/x?token=1"}), "on to other.example: is the address right?"),
        (Answer(301, b"", {"Location": "http://user:secret@[::broken/"}), "sends the request on to what is none"),
        (Answer(307, b"", {}), "on to another page"),
    ],
)
def test_something_else_answers(wire: Wire, server: Scripted, answer: Answer, words: str) -> None:
    server.script = [answer]
    error = failure(wire)
    assert error.kind == "not-tempo"
    assert words in str(error)
    assert len(server.asked) == 1


def test_a_redirect_is_not_followed_and_the_token_goes_nowhere(wire: Wire, server: Scripted) -> None:
    with scripted() as other:
        server.script = [Answer(302, b"", {"Location": f"{other.url}/4/teams"})]
        failure(wire)
        assert other.asked == []


def test_json_without_a_type_is_json(wire: Wire, server: Scripted) -> None:
    server.script = [Answer(body={"ok": True}, kind=None)]
    assert wire.get("/4/teams") == {"ok": True}


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("http://127.0.0.1:{closed}", "unreachable"),
        ("http://no-such-host.invalid", "unreachable"),
        ("http://", "not-tempo"),
        ("ftp://tempo.example", "not-tempo"),
        ("tempo.example", "not-tempo"),
        ("http://[broken", "not-tempo"),
        ("http://a..b", "not-tempo"),
        (f"http://{'a' * 70}.example", "not-tempo"),
        ("http://127.0.0.1:99999", "not-tempo"),
        ("http://fred:hidden-word@127.0.0.1:{closed}", "unreachable"),
        ("ftp://fred:hidden-word@127.0.0.1", "not-tempo"),
    ],
)
def test_an_address_where_nobody_is(clock: Clock, url: str, kind: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        closed = probe.getsockname()[1]
    error = failure(Wire(url.format(closed=closed), f"Bearer {TOKEN}", clock=clock))
    assert error.kind == kind
    assert "hidden-word" not in str(error)


def test_silence_ends(clock: Clock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        error = failure(Wire(url, f"Bearer {TOKEN}", clock=clock, timeout=(1.0, 0.05)))
    assert error.kind == "unreachable"
    assert "did not answer in time" in str(error)
    assert clock.slept == [5.0, 10.0, 15.0]


def test_nothing_of_the_machine_goes_along(
    server: Scripted, clock: Clock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("default login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    Wire(server.url, f"Bearer {TOKEN}", clock=clock).get("/4/teams")
    Wire(server.url, "", clock=clock).get("/4/teams")
    assert [asked.headers.get("Authorization") for asked in server.asked] == [f"Bearer {TOKEN}", None]


def test_a_name_in_the_address_does_not_displace_the_token(server: Scripted, clock: Clock) -> None:
    Wire(server.url.replace("://", "://fred:secret@"), f"Bearer {TOKEN}", clock=clock).get("/4/teams")
    assert server.asked[0].headers["Authorization"] == f"Bearer {TOKEN}"


def test_the_token_stands_in_no_text(wire: Wire, server: Scripted, told: list[str]) -> None:
    server.script = [Answer(500, {"errors": [{"message": TOKEN}]}), Answer(401, {"errorMessages": [f"{TOKEN}!"]})]
    failure(wire)
    assert TOKEN not in f"{wire!r} {told}"
