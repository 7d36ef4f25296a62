"""What stands before every page of the sync: the machine, the key, the form; and the server as people start and stop it."""

from __future__ import annotations

import ast
import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from integration.pages import rules
from integration.pages.routes import PAGES
from integration.switches import SYNCS

from .conftest import ENVIRONMENT, LIMIT, ROOT, Answers, Command
from .page_visitor import HOST, Visitor, words

GETS = [page.path for page in PAGES if page.method == "GET"]
POSTS = [page.path.replace("<sync>", "absences") for page in PAGES if page.method == "POST"]
FOLDER = ROOT / "integration" / "pages"


@pytest.fixture
def visitor(sync: Command, canned: Callable[[Answers], str]) -> Visitor:
    """Somebody who was let in, with a configuration for a Tempo that knows no token."""
    sync.configure(canned(lambda method, path: (401, {}, b"")))
    return Visitor(sync.folder / "tempo-sync.toml")


@pytest.mark.parametrize("path", [*GETS, "/nowhere", "/assets/nothing"])
def test_nobody_gets_in_without_the_key(visitor: Visitor, path: str) -> None:
    stranger = Visitor(Path("tempo-sync.toml"), with_key=False)
    for address in (path, f"{path}?key=", f"{path}?key={visitor.frame.key}", f"{path}?key=ä"):
        answer = stranger.get(address)
        assert answer.status_code == 403, address
        assert "the key that tempo-sync serve said" in words(answer)
    assert "Set-Cookie" not in stranger.seen


@pytest.mark.parametrize("path", POSTS)
def test_strangers_change_nothing(visitor: Visitor, path: str) -> None:
    visitor.get("/connection")
    stranger = Visitor(Path("tempo-sync.toml"), with_key=False)
    assert stranger.post(path, {"csrf_token": visitor.form_key, "state": "off"}).status_code == 403
    assert "on" in words(visitor.get("/connection"))


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("form_key", ["", "wrong", None])
def test_a_form_of_another_page_changes_nothing(visitor: Visitor, path: str, form_key: str | None) -> None:
    form = {} if form_key is None else {"csrf_token": form_key}
    answer = visitor.client.post(path, base_url=HOST, data={**form, "state": "off"})
    assert answer.status_code == 403
    assert "since" not in words(visitor.get("/connection"))


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:9999", "https://localhost:8091"])
def test_a_form_of_another_origin_changes_nothing(visitor: Visitor, origin: str) -> None:
    visitor.get("/connection")
    answer = visitor.post("/connection/switch/absences", {"state": "off"}, headers={"Origin": origin})
    assert answer.status_code == 403
    assert visitor.post("/connection/switch/absences", {"state": "off"}, headers={"Origin": HOST}).status_code == 303


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("evil.example", 403), ("evil.example:8091", 403), ("localhost.evil.example", 403), ("127.0.0.1.evil.example", 403),
        ("127.0.0.2", 403), ("0.0.0.0:8091", 403), ("localhost:8091@evil.example", 403), ("localhost:80 91", 403), ("", 403),
        ("127.0.0.1:8091", 303), ("localhost", 303), ("localhost:9000", 303), ("[::1]:8091", 303),
    ],
)  # fmt: skip
def test_a_name_that_was_rebound_gets_nothing(visitor: Visitor, host: str, status: int) -> None:
    answer = visitor.client.get(f"/?key={visitor.frame.key}", environ_overrides={"HTTP_HOST": host})
    assert answer.status_code == status
    assert (status == 303) is ("Set-Cookie" in answer.headers)


def test_the_key_is_not_kept_in_the_address_and_no_script_reads_the_cookie(visitor: Visitor) -> None:
    answer = visitor.get(f"/rules?key={visitor.frame.key}")
    assert answer.headers["Location"] == "/rules"
    cookie = answer.headers["Set-Cookie"]
    assert visitor.frame.key not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


@pytest.mark.parametrize("path", [*GETS, "/nowhere", "/assets/pages.css"])
def test_every_answer_may_do_nothing_but_show(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self';")
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/nowhere", 404, "no such page"),
        ("/run?preview=yes", 409, "No internal issue is selected yet"),
        ("/rules?sort=none", 409, "sorted by"),
        ("/rules?day=x", 409, "A day is such as"),
        ("/rules?page=99999999999999999999&person=nobody", 200, "no such rules"),
        ("/rules?page=²", 200, "no such rules"),
        (f"/rules?page={'9' * 5000}", 200, "no such rules"),
        ("/calendar?month=0000-01", 409, "A month is such as"),
        ("/calendar?month=2027-13", 409, "A month is such as"),
        ("/calendar?month=9999-12", 409, "from 1970 to 9998"),
        ("/calendar?month=9998-12", 200, "December 9998"),
        ("/calendar?month=1970-01", 200, "January 1970"),
    ],
)
def test_what_is_wrong_is_said_and_never_with_a_traceback(visitor: Visitor, path: str, status: int, says: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == status
    assert says in words(answer)
    assert "Traceback" not in answer.text
    assert "Connect to Tempo" in words(answer), "no way on"


def test_forms_that_ask_for_what_is_not_there(visitor: Visitor, sync: Command) -> None:
    visitor.get("/connection")
    assert visitor.post("/connection/switch/nothing", {"state": "off"}).status_code == 409
    assert visitor.post("/connection/switch/absences", {"state": "maybe"}).status_code == 409
    assert visitor.post("/connection", {"token": "x" * 300_000}).status_code == 413
    (sync.folder / "tempo-sync.toml").write_text("[site\n")
    answer = visitor.get("/connection")
    assert answer.status_code == 409
    assert "is not TOML" in words(answer)


def test_a_mistake_of_the_program_is_told_where_it_was_started(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("something")

    monkeypatch.setattr(rules, "looked_at", broken)
    answer = visitor.get("/rules")
    assert answer.status_code == 500
    assert "something" not in answer.text
    assert "ValueError: something" in caplog.text


def test_every_form_has_the_key() -> None:
    for file in sorted((FOLDER / "templates").glob("*.html")):
        text = file.read_text(encoding="utf-8")
        assert text.count('method="post"') == text.count("parts.key(form_key)"), file.name
        assert "|safe" not in text, file.name
        assert "<script" not in text, file.name
        assert not re.search(r"\sstyle=|\son\w+=", text), file.name


def test_pages_hold_no_sql() -> None:
    held = re.compile(r"\s*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|PRAGMA)\s")
    for file in FOLDER.rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        assert not [text for text in texts if held.match(text)], file.name
        assert "sqlite3" not in file.read_text(encoding="utf-8"), file.name


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org", "127.0.0.2", ""])
def test_other_machines_are_never_served(sync: Command, host: str) -> None:
    sync.configure("http://127.0.0.1:9")
    said = sync("serve", "--host", host, "--port", "0")
    assert said.code == 5
    assert "ssh -L" in said.err
    assert not said.out


@pytest.mark.parametrize("port", ["-1", "65536", "x", "²"])
def test_ports_that_are_none(sync: Command, port: str) -> None:
    sync.configure("http://127.0.0.1:9")
    assert sync("serve", "--port", port).code == 5


def test_a_port_that_is_taken_and_a_configuration_that_is_missing(sync: Command) -> None:
    assert "tempo-sync init" in sync("serve").err
    sync.configure("http://127.0.0.1:9")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        said = sync("serve", "--port", str(taken.getsockname()[1]))
    assert said.code == 5
    assert "--port 0" in said.err


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("is_json", [False, True])
def test_it_says_its_address_and_ends_with_zero(sync: Command, number: signal.Signals, is_json: bool) -> None:
    sync.configure("http://127.0.0.1:9")
    command = [sys.executable, "-m", "integration", "serve", "--port", "0", *(["--json"] if is_json else [])]
    with subprocess.Popen(
        command, cwd=sync.folder, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        url = json.loads(line)["url"] if is_json else line.partition(": ")[2].strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?key=[\w-]{32}", url)
        port = int(url.split(":")[2].partition("/")[0])
        with socket.create_connection(("127.0.0.1", port), timeout=LIMIT) as connection:
            connection.sendall(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
            assert connection.makefile("rb").readline().split()[1] == b"403"
        process.send_signal(number)
        out, err = process.communicate(timeout=LIMIT)
        assert (process.returncode, out, err) == (0, "", "")


def test_the_switches_are_those_of_the_command() -> None:
    assert sorted(SYNCS) == ["absences", "worklogs"]
