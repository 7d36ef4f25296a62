"""The client: calls that were too many are made again, reads by POST pass a read-only run, secrets stay unseen."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from conformance.calls import Answer, Call, Credentials, Journal, WriteInReadOnlyRun
from conformance.client import MOST_WAITS, Caller, Wire, jira_credentials_of, tempo_credentials_of
from conformance.run import Absent, Run
from conformance.target import Persona, parse_target

TOKEN = "a-long-token-nobody-may-read"
ANY = Credentials("viewer", "bearer", "5b10", TOKEN, "token")


@pytest.fixture
def busy() -> Iterator[Any]:
    """A server that answers 429 some times, with a Retry-After or without, and then 200."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            refusals: list[str | None] = self.server.refusals  # type: ignore[attr-defined]
            wait = refusals.pop(0) if refusals else ""
            self.send_response(200 if wait == "" else 429)
            if wait:
                self.send_header("Retry-After", wait)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing: pytest shows what matters."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    ("refusals", "waits", "status"),
    [
        ([], [], 200),
        (["7"], [7.0], 200),
        (["1", "2"], [1.0, 2.0], 200),
        ([None, None, None], [1.0, 2.0, 4.0], 200),
        (["soon"], [1.0], 200),
        (["99999"], [120.0], 200),
        (["1"] * (MOST_WAITS + 1), [1.0] * MOST_WAITS, 429),
    ],
)
def test_too_many_calls_are_waited_out(busy: Any, refusals: list[str | None], waits: list[float], status: int) -> None:
    busy.refusals = list(refusals)
    slept: list[float] = []
    journal = Journal()
    base = f"http://127.0.0.1:{busy.server_port}"
    wire = Wire(base, journal, seconds=10, read_only=False, sleep=slept.append)
    assert Caller(wire, ANY).get("4/worklogs").status == status
    wire.close()
    assert slept == waits
    assert [answer.status for answer in journal.answers] == [status]


@pytest.mark.parametrize(
    "path",
    ["4/worklogs", "4/teams", "4/worklogs/work-attribute-values", "4/worklogs/issue/1/bulk", "4/search", "rest/api/3/issue"],
)
def test_write_is_not_sent_in_a_read_only_run(path: str) -> None:
    caller = Caller(Wire("http://127.0.0.1:1", Journal(), seconds=1, read_only=True), ANY)
    with pytest.raises(WriteInReadOnlyRun, match="--read-only"):
        caller.post(path, {})


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_not_sent_in_a_read_only_run(method: str) -> None:
    caller = Caller(Wire("http://127.0.0.1:1", Journal(), seconds=1, read_only=True), ANY)
    with pytest.raises(WriteInReadOnlyRun):
        getattr(caller, method)("4/worklogs/search")


def test_curl_lines_name_the_tokens_of_the_cloud_and_do_not_hold_them() -> None:
    persona = Persona("viewer", email="v@example.org", account_id="5b10", token=TOKEN, api_token=TOKEN)
    tempo = Call("GET", "http://localhost/4/worklogs", tempo_credentials_of(persona)).curl_line()
    jira = Call("GET", "http://localhost/rest/api/3/myself", jira_credentials_of(persona)).curl_line()
    assert '-H "Authorization: Bearer $VIEWER_TOKEN"' in tempo
    assert '-u v@example.org:"$VIEWER_API_TOKEN"' in jira
    assert TOKEN not in tempo + jira + repr(tempo_credentials_of(persona))


@pytest.mark.parametrize("text", [f"<html>{TOKEN}</html>", f'{{"errors":[{{"message":"no token {TOKEN}"}}]}}'])
def test_token_that_a_server_repeats_is_not_shown(text: str) -> None:
    shown = Answer(Call("GET", "http://localhost/4/worklogs", ANY), 401, {}, text).excerpt()
    assert TOKEN not in shown
    assert "***" in shown


@pytest.mark.parametrize(
    ("face", "lack"),
    [
        ("cloud", "the target gives the persona admin no token (of Tempo Cloud)"),
        ("jira_cloud", "the target gives the persona admin no api_token (of Jira Cloud)"),
        ("datacenter", "the target gives the persona admin no password and no pat"),
    ],
)
def test_persona_without_the_login_of_a_face_is_a_reason_to_skip(face: str, lack: str) -> None:
    other = {"user": "fred", "password": "fred"} if face != "datacenter" else {"token": TOKEN}
    target = parse_target({"faces": {face: ""}, "personas": {"admin": other}}, "target.toml")
    run = Run(url="http://127.0.0.1:1", target=target, catalogue={}, read_only=False, seconds=1)
    with pytest.raises(Absent) as raised:
        run.persona_caller(face, "admin")
    assert str(raised.value) == lack


def test_same_seed_draws_the_same() -> None:
    target = parse_target({}, "target.toml")
    first, second = (Run(url="", target=target, catalogue={}, read_only=False, seconds=1, seed="a") for _ in range(2))
    assert first.random("x").random() == second.random("x").random()
    assert first.random("x").random() != first.random("y").random()
    assert Run(url="", target=target, catalogue={}, read_only=False, seconds=1).seed != ""
