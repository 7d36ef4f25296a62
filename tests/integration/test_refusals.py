"""What a wire says of a refusal: who, what was asked, what to do, no secret; and the way out of a company's network."""

from __future__ import annotations

import base64
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

from integration.clients.http import LONGEST_WAIT, Unreadable, Wire

from .scripted import START, Answer, Clock, Scripted, scripted

TOKEN = "T" * 64
BASIC = f"Basic {base64.b64encode(b'fred@example.org:raw-jira-token').decode()}"


def failure(wire: Wire, method: str = "GET", path: str = "/4/plans", **more: Any) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        wire.ask(method, path, **more)
    return caught.value


@pytest.mark.parametrize(
    ("name", "status", "method", "words", "way_out"),
    [
        ("Tempo", 401, "GET", "refused the token: it answered 401 to GET /4/plans: why", "`tempo-sync connect`"),
        ("Tempo", 403, "GET", "does not allow this: it answered 403 to GET /4/plans: why", "`tempo-sync connect`"),
        ("Tempo", 404, "GET", "answered 404 to GET /4/plans: why", ""),
        ("Tempo", 502, "GET", "answered 502 to GET /4/plans", ""),
        ("Jira", 401, "GET", "refused the token: it answered 401 to GET /4/plans: why", "jira_user"),
        ("Jira", 403, "PUT", "does not allow this: it answered 403 to PUT /4/plans: why", "permission"),
    ],
)
def test_who_refused_what_and_what_to_do(
    server: Scripted, name: str, status: int, method: str, words: str, way_out: str
) -> None:
    server.script = [Answer(status, {"errors": [{"message": "why"}]})]
    wire = Wire(server.url, f"Bearer {TOKEN}", clock=Clock(), name=name)
    error = failure(wire, method, query=[("a", "b")])
    assert error.status == status
    assert error.sentence == f"{name} at {server.url[7:]} {words}"
    assert way_out in error.way_out
    assert bool(way_out) == bool(error.way_out)
    assert str(error) == (f"{error.sentence}; {error.way_out}" if way_out else error.sentence)


def test_without_a_name_it_is_the_host(server: Scripted) -> None:
    server.script = [Answer(401, {})]
    error = failure(Wire(server.url, f"Bearer {TOKEN}", clock=Clock()))
    assert str(error) == f"{server.url[7:]} refused the token: it answered 401 to GET /4/plans"


@pytest.mark.parametrize("before", range(230, 300, 7))
def test_a_token_that_is_said_again_is_hidden_before_the_text_is_cut(server: Scripted, before: int) -> None:
    server.script = [Answer(401, {"errors": [{"message": "x" * before + TOKEN}]})]
    assert "TTT" not in str(failure(Wire(server.url, f"Bearer {TOKEN}", clock=Clock())))


@pytest.mark.parametrize("said", ["raw-jira-token", "fred@example.org:raw-jira-token", BASIC.partition(" ")[2], BASIC])
def test_of_a_log_in_neither_the_pair_nor_the_token_is_told(server: Scripted, said: str) -> None:
    server.script = [Answer(401, {"errorMessages": [f"{said} is unknown"]})]
    error = failure(Wire(server.url, BASIC, clock=Clock()))
    assert "*** is unknown" in str(error)
    assert "raw-jira" not in str(error)


def test_a_kind_of_content_tells_no_token(server: Scripted) -> None:
    server.script = [Answer(200, b"x", kind=f"text/{TOKEN}")]
    assert TOKEN not in str(failure(Wire(server.url, f"Bearer {TOKEN}", clock=Clock())))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("600", "600 s"),
        ("121", "121 s"),
        (formatdate(START + 9999, usegmt=True), "9999 s"),
        ("9" * 400, "longer than a day"),
        ("inf", "longer than a day"),
    ],
)
def test_whoever_asks_to_wait_for_long_is_asked_no_more(server: Scripted, clock: Clock, said: str, told: str) -> None:
    server.script = [Answer(429, {}, {"Retry-After": said})]
    error = failure(Wire(server.url, "", clock=clock, name="Tempo"))
    assert (error.kind, error.status) == ("too-many", 429)
    assert told in str(error)
    assert "run again" in str(error)
    assert (len(server.asked), clock.slept) == (1, [])


def test_two_minutes_are_waited(server: Scripted, clock: Clock) -> None:
    server.script = [Answer(429, {}, {"Retry-After": "120"}), Answer(body={})]
    Wire(server.url, "", clock=clock).get("/4/plans")
    assert clock.slept == [LONGEST_WAIT]


def test_the_way_out_of_a_company_is_taken(clock: Clock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("default login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with scripted() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        Wire("http://tempo.example", f"Bearer {TOKEN}", clock=clock).get("/4/plans")
        Wire("http://tempo.example", "", clock=clock).get("/4/plans")
        assert [asked.path for asked in proxy.asked] == ["http://tempo.example/4/plans"] * 2
        assert [asked.headers.get("Authorization") for asked in proxy.asked] == [f"Bearer {TOKEN}", None]


def test_a_proxy_that_is_not_there(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    error = failure(Wire("http://tempo.example", f"Bearer {TOKEN}", clock=clock))
    assert error.kind == "unreachable"
    assert "proxy" in str(error)


def test_certificates_that_are_not_there(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/certificates.pem")
    error = failure(Wire("https://tempo.example", f"Bearer {TOKEN}", clock=clock, retry_seconds=()))
    assert error.kind == "unreachable"
    assert "REQUESTS_CA_BUNDLE" in str(error)


def test_https_where_nobody_speaks_it(server: Scripted, clock: Clock) -> None:
    error = failure(Wire(server.url.replace("http://", "https://"), f"Bearer {TOKEN}", clock=clock))
    assert error.kind == "not-tempo"
    assert "http://" in str(error)
    assert clock.slept == []
