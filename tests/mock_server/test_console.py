"""The line that the server writes for each request: who, what, status and why, and never a secret."""

import base64
import io
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from werkzeug.test import Client

from mock_server.app import create_application
from mock_server.config import Options
from mock_server.console import Console, plain
from mock_server.redaction import without_secrets

LIMIT = 30
Start = Callable[..., Any]


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


class Watched:
    """A server in this process with its console at hand."""

    def __init__(self) -> None:
        self.stream = io.StringIO()
        application, _ = create_application(Options(quiet=True))
        application._wsgi = Console(application._wsgi, self.stream)
        self.application = application
        self.client = Client(application, use_cookies=False)

    def line(self, method: str, path: str, who: str | None = None, **more: Any) -> str:
        """What the console says of one request."""
        headers = {"Authorization": basic(who, who)} if who else {}
        headers |= more.pop("headers", {})
        began = len(self.stream.getvalue())
        with self.client.open(path, method=method, headers=headers, **more):
            pass
        said = self.stream.getvalue()[began:]
        assert said.count("\n") == 1, said
        assert said.endswith("\n")
        return said


@pytest.fixture
def watched() -> Any:
    made = Watched()
    yield made
    made.application.close()


TEAM = "/jira/rest/tempo-teams/2/team"


@pytest.mark.parametrize(
    ("method", "path", "who", "status", "why"),
    [
        ("GET", f"{TEAM}/3", "fred", "200", ()),
        ("GET", f"{TEAM}?expand=leaduser", "erica", "200", ()),
        ("GET", f"{TEAM}/3", None, "401", ("authenticated",)),
        ("GET", f"{TEAM}/3", "greta", "403", ("greta", "Browse Team", "3")),
        ("GET", f"{TEAM}/99", "fred", "404", ("99",)),
        ("POST", TEAM, "greta", "403", ("greta", "Tempo Team Administrators")),
        ("GET", "/jira/rest/tempo-teams/2/nothing", "fred", "404", ("Not Found",)),
        ("PATCH", f"{TEAM}/3", "fred", "405", ("Not Allowed",)),
        ("DELETE", f"{TEAM}/3", "fred", "204", ()),
    ],
)
def test_a_line_says_who_what_status_and_why(
    watched: Watched, method: str, path: str, who: str | None, status: str, why: tuple[str, ...]
) -> None:
    line = watched.line(method, path, who)
    assert line.startswith(f"{who or 'anonymous'} {method} {path} -> {status} ")
    for word in why:
        assert word in line.partition("->")[2]


def test_a_bad_body_is_told_by_field(watched: Watched) -> None:
    assert "name" in watched.line("POST", TEAM, "fred", json={"summary": "nameless"}).partition("->")[2]
    assert "not JSON" in watched.line("POST", TEAM, "fred", data=b"{", content_type="application/json")


@pytest.mark.parametrize(
    ("login", "why"),
    [(("fred", "wr0ng"), "wrong password"), (("nobody-here", "x"), "nobody has that name"), (("olaf", "olaf"), "deactivated")],
)
def test_the_console_tells_why_a_login_failed_and_the_answer_does_not(
    watched: Watched, login: tuple[str, str], why: str
) -> None:
    form = {"username": login[0], "password": login[1]}
    for line in (
        watched.line("GET", TEAM, headers={"Authorization": basic(*login)}),
        watched.line("POST", "/jira/rest/auth/1/session", json=form),
    ):
        assert line.startswith("anonymous ")
        assert "-> 401" in line
        assert why in line
        assert "wr0ng" not in line
    with watched.client.post("/jira/rest/auth/1/session", json=form) as answer:
        assert why not in answer.get_data(as_text=True)


CONTROLS = [chr(n) for n in (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x202E, 0xFEFF)]


@pytest.mark.parametrize(
    "path", ["/a\nfred GET /b -> 200 OK", "/a\r\x1b[2J\x1b[31m", "/a\x00\x7f\x9b31m", "/jira/\u2028\u202e"]
)
def test_control_characters_in_a_path_are_neutralised(watched: Watched, path: str) -> None:
    line = watched.line("GET", "/", environ_overrides={"PATH_INFO": path.encode().decode("latin-1")})
    assert not any(control in line[:-1] for control in CONTROLS)


@pytest.mark.parametrize("character", CONTROLS)
def test_plain_leaves_no_control_character(character: str) -> None:
    assert plain(f"a{character}b") not in (f"a{character}b", "ab")
    assert plain(f"a{character}b").isprintable()


def test_plain_leaves_ordinary_text() -> None:
    assert plain("Grüße an 北京, a/b?c=d") == "Grüße an 北京, a/b?c=d"


SECRET = "s3cr3t-of-mine"
SENT: dict[str, dict[str, Any]] = {
    "basic": {"headers": {"Authorization": basic("fred", SECRET)}},
    "basic-garbled": {"headers": {"Authorization": f"Basic {SECRET}"}},
    "bearer": {"headers": {"Authorization": f"Bearer {SECRET}"}},
    "no-scheme": {"headers": {"Authorization": SECRET}},
    "other-scheme": {"headers": {"Authorization": f"Token {SECRET}"}},
    "cookie": {"headers": {"Cookie": f"JSESSIONID={SECRET}; atlassian.xsrf.token={SECRET}"}},
    "proxy": {"headers": {"Proxy-Authorization": f"Basic {SECRET}"}},
    "login": {"path": "/jira/rest/auth/1/session", "method": "POST", "json": {"username": "fred", "password": SECRET}},
    "login-unknown-field": {
        "path": "/jira/rest/auth/1/session",
        "method": "POST",
        "json": {"username": "fred", "pass": SECRET},
    },
    "login-wrong-type": {"path": "/jira/rest/auth/1/session", "method": "POST", "json": {"username": 1, "password": [SECRET]}},
    "os-password": {"query_string": f"os_username=fred&os_password={SECRET}"},
    "quoted-name": {"query_string": f"os%5Fpassw%6frd={SECRET}&x=1"},
    "access-token": {"query_string": f"a=b&access_token={SECRET}"},
    "jwt": {"query_string": f"jwt={SECRET}"},
}


@pytest.mark.parametrize("kind", SENT)
@pytest.mark.parametrize("path", [TEAM, "/jira/rest/api/2/myself", "/jira/nowhere", "/_mock/clock", "/"])
def test_secrets_never_reach_the_console(watched: Watched, kind: str, path: str) -> None:
    sent = dict(SENT[kind])
    line = watched.line(sent.pop("method", "GET"), sent.pop("path", path), **sent)
    assert SECRET not in line
    assert SECRET[:8] not in line
    assert base64.b64encode(SECRET.encode()).decode()[:8] not in line


def test_a_new_session_is_not_told(watched: Watched) -> None:
    with watched.client.post("/jira/rest/auth/1/session", json={"username": "fred", "password": "fred"}) as answer:
        session = answer.get_json()["session"]["value"]
    assert len(session) > 20
    watched.line("GET", TEAM, headers={"Cookie": f"JSESSIONID={session}"})
    assert watched.stream.getvalue().splitlines()[-1].startswith("fred ")
    assert session not in watched.stream.getvalue()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ""),
        ("expand=leaduser&x", "expand=leaduser&x"),
        ("password=a=b&c=d", "password=***&c=d"),
        ("ACCESS_TOKEN=x", "ACCESS_TOKEN=***"),
    ],
)
def test_query_without_secrets(query: str, shown: str) -> None:
    assert without_secrets(query) == shown


class Gone(io.StringIO):
    """A stream whose reader went away."""

    def write(self, text: str) -> int:
        raise BrokenPipeError(32, "Broken pipe")


def test_a_console_nobody_reads_does_not_change_the_answer(watched: Watched) -> None:
    watched.application._wsgi = Console(watched.application._wsgi, Gone())
    with watched.client.get(f"{TEAM}/3", headers={"Authorization": basic("fred", "fred")}) as answer:
        assert answer.status_code == 200


def test_lines_are_written_to_stderr_of_the_process_before_the_answer(server: Start) -> None:
    started = server()
    port = urlsplit(started.url).port
    request = (
        f"GET {TEAM}/3%0d%0aspoofed HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: {basic('fred', 'fred')}"
    )
    with socket.create_connection(("127.0.0.1", port), LIMIT) as connection:
        connection.sendall(f"{request}\r\n\r\n".encode())
        assert connection.makefile("rb").readline().split()[1] == b"404"
    lines = started.log.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1, lines
    assert re.match(rf"fred GET {TEAM}/3\\x0d\\x0aspoofed -> 404 NOT FOUND: .+ \(\d+\.\d ms\)$", lines[0])


def test_a_defect_is_told_on_the_console_and_not_on_the_wire() -> None:
    script = (
        "from mock_server.app import create_application\n"
        "from mock_server.config import Options\n"
        "from werkzeug.test import Client\n"
        "application, _ = create_application(Options())\n"
        "application.sites.default.clock.now = lambda: None\n"
        "answer = Client(application).get('/jira/rest/api/2/serverInfo')\n"
        "print(answer.status_code, answer.get_data(as_text=True))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=LIMIT, check=True)
    assert done.stdout.startswith("500 ")
    assert "Traceback" not in done.stdout
    assert "NoneType" not in done.stdout
    assert "Traceback" in done.stderr
    assert "anonymous GET /jira/rest/api/2/serverInfo -> 500" in done.stderr
