"""The command, as a process: how it starts, what it says, how it stops, and what it refuses to start with."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[2]
LIMIT = 30
"""Seconds after which a process or an answer is given up."""

Start = Callable[..., Any]
COMMAND = (sys.executable, "-m", "mock_server")
OURS = 0x544D4F4B
UNREADABLE = '{"error": "There is no such'


def run(
    *arguments: str, command: tuple[str, ...] = COMMAND, cwd: Path = ROOT, **more: Any
) -> "subprocess.CompletedProcess[str]":
    """The command to its end; for what refuses to start, or only tells."""
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100"}
    return subprocess.run(
        [*command, *arguments], capture_output=True, text=True, encoding="utf-8", env=variables, cwd=cwd, timeout=LIMIT, **more
    )


def refused(code: int, *arguments: str, **more: Any) -> str:
    """The one sentence with which the command refuses to start."""
    done = run("serve", "--port", "0", *arguments, **more)
    assert done.returncode == code, done
    assert done.stdout == ""
    assert done.stderr.startswith("tempo-mock: ")
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.rstrip().endswith((".", "?"))
    assert "Traceback" not in done.stderr
    return done.stderr


def ask(url: str, path: str = "/jira/rest/api/2/serverInfo", headers: Mapping[str, str] | None = None) -> tuple[int, str]:
    """GET over a socket of its own; status and body."""
    parts = urlsplit(url)
    with closing(HTTPConnection(parts.hostname or "", parts.port, timeout=LIMIT)) as connection:
        connection.request("GET", path, headers=dict(headers or {}))
        response = connection.getresponse()
        return response.status, response.read().decode()


def is_free(port: int) -> bool:
    """Whether somebody else may listen on the port again."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen()
        except OSError:
            return False
    return True


def test_ready_line_is_numeric_and_the_first_request_is_answered(server: Start) -> None:
    started = server()
    assert re.fullmatch(r"tempo-mock ready on http://127\.0\.0\.1:[1-9]\d*", started.greeting[-1])
    assert ask(started.url)[0] == 200


def test_greeting_says_where_who_and_what_to_try(server: Start) -> None:
    started = server()
    text = "\n".join(started.greeting[:-1])
    port = urlsplit(started.url).port
    assert f"http://localhost:{port}/jira" in text
    assert f"Open http://localhost:{port}/ in a browser" in text
    for name in ("fred", "erica", "bob", "olaf"):
        assert re.search(rf"^  {name} +{name} ", text, re.MULTILINE), text
    curls = re.findall(r"^ +curl -u (\w+):(\w+) (\S+)$", text, re.MULTILINE)
    assert len(curls) == 3, text
    for name, password, url in curls:
        done = subprocess.run(
            [sys.executable, "-c", FETCH, url, name, password], capture_output=True, text=True, timeout=LIMIT, check=False
        )
        assert done.stdout.strip() == "200", done


def test_greeting_and_start_page_have_lines_for_both_clouds_that_work(server: Start) -> None:
    started = server()
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(started.url, timeout=LIMIT) as page:
        start_page = page.read().decode()
    for text in ("\n".join(started.greeting), start_page):
        [(token, tempo)] = re.findall(r'curl -H "Authorization: Bearer (\S+)" (\S+/4/worklogs)$', text, re.MULTILINE)
        assert token == "demo-token-of-viewer-not-a-secret"
        request = urllib.request.Request(tempo, headers={"Authorization": f"Bearer {token}"})
        assert urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=LIMIT).status == 200
        [(email, api_token, jira)] = re.findall(r"curl -u (\S+@\S+?):(\S+) (\S+/rest/api/3/myself)$", text, re.MULTILINE)
        done = subprocess.run(
            [sys.executable, "-c", FETCH, jira, email, api_token], capture_output=True, text=True, timeout=LIMIT, check=False
        )
        assert done.stdout.strip() == "200", done


FETCH = """
import base64, sys, urllib.request
url, name, password = sys.argv[1:]
login = base64.b64encode(f"{name}:{password}".encode()).decode()
request = urllib.request.Request(url, headers={"Authorization": f"Basic {login}"})
print(urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60).status)
"""


def test_quiet_prints_the_ready_line_and_nothing_else(server: Start) -> None:
    started = server("--quiet")
    assert ask(started.url)[0] == 200
    assert started.stop() == 0
    assert [*started.greeting, *started.process.stdout.read().splitlines()] == [f"tempo-mock ready on {started.url}"]
    assert started.log.read_text(encoding="utf-8") == ""


def test_localhost_is_served_in_both_families(server: Start) -> None:
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError as error:
        pytest.skip(f"no ::1 here: {error}")
    port = urlsplit(server("--quiet").url).port
    assert ask(f"http://127.0.0.1:{port}")[0] == 200
    assert ask(f"http://[::1]:{port}")[0] == 200


def test_a_host_in_brackets_is_what_ipv6_is_served_as(server: Start) -> None:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError as error:
        pytest.skip(f"no ::1 here: {error}")
    started = server("--quiet", "--host", "::1")
    assert re.fullmatch(r"http://\[::1\]:\d+", started.url)
    assert ask(started.url)[0] == 200


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_signals_end_it_cleanly(server: Start, name: str) -> None:
    started = server()
    port = urlsplit(started.url).port
    # One connection is kept alive and one is in the middle of its request.
    with (
        closing(HTTPConnection("127.0.0.1", port, timeout=LIMIT)) as idle,
        socket.create_connection(("127.0.0.1", port)) as slow,
    ):
        idle.request("GET", "/jira/rest/api/2/serverInfo")
        assert idle.getresponse().read()
        slow.sendall(b"GET /jira/rest/api/2/serverInfo HTTP/1.1\r\nHost: lo")
        started.process.send_signal(signal.Signals[name])
        assert started.process.wait(LIMIT) == 0
    assert is_free(port)
    log = started.log.read_text(encoding="utf-8")
    assert "Traceback" not in log
    assert log.splitlines()[-1] == "tempo-mock: stopped"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_it_may_be_stopped_right_after_the_ready_line(server: Start) -> None:
    for _ in range(3):
        started = server("--quiet")
        started.process.send_signal(signal.SIGINT)
        assert started.process.wait(LIMIT) == 0
        assert started.log.read_text(encoding="utf-8") == ""


def test_taken_port_is_refused_and_its_owner_undisturbed(server: Start) -> None:
    first = server("--quiet")
    port = str(urlsplit(first.url).port)
    assert port in refused(5, "--port", port)
    assert ask(first.url)[0] == 200


@pytest.mark.parametrize(
    ("code", "arguments", "said"),
    [
        (3, ("--scenario", "gide"), ("gide", "guide", "empty")),
        (3, ("--scenario", "/no/such/folder"), ("/no/such/folder",)),
        (2, ("--clock", "yesterday"), ("--clock", "yesterday")),
        (2, ("--clock", "2013-13-45"), ("--clock", "2013-13-45")),
        (2, ("--clock", ""), ("--clock",)),
        (2, ("--clock", "0001-01-01T00:00+14:00"), ("--clock",)),
        (2, ("--set", "teams.versoin=2.0.6"), ("teams.versoin", "teams.version")),
        (2, ("--set", "teams.version=3"), ("teams.version", "2.0.6", "current")),
        (2, ("--set", "teams.version"), ("NAME=VALUE",)),
        (2, ("--set", "teams.order=id"), ("teams.order",)),
        (2, ("--set", "jira.timeZone=Mars/Base"), ("Mars/Base",)),
        (5, ("--host", "203.0.113.7"), ("203.0.113.7", "--host")),
        (5, ("--host", "no.such.host.invalid"), ("no.such.host.invalid", "--host")),
    ],
)
def test_wrong_options_are_refused_in_one_sentence(code: int, arguments: tuple[str, ...], said: tuple[str, ...]) -> None:
    sentence = refused(code, *arguments)
    for word in said:
        assert word in sentence


@pytest.mark.parametrize(
    "arguments",
    [("serve", "--port", "65536"), ("serve", "--port", "-1"), ("serve", "--port", "x"), ("serve", "--prot", "0"), ()],
)
def test_options_that_are_none_are_a_usage_error(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert "usage: tempo-mock" in done.stderr
    assert "Traceback" not in done.stderr


def sqlite_file(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


DATABASES: Mapping[str, Callable[[Path], object]] = {
    "text": lambda path: path.write_text("dear diary\n" * 100, encoding="utf-8"),
    "short-text": lambda path: path.write_text("x", encoding="utf-8"),
    "foreign": lambda path: sqlite_file(path, "CREATE TABLE diary (line TEXT)", "INSERT INTO diary VALUES ('dear')"),
    "foreign-wal": lambda path: sqlite_file(path, "PRAGMA journal_mode = WAL", "CREATE TABLE diary (line TEXT)"),
    "newer": lambda path: sqlite_file(
        path, f"PRAGMA application_id = {OURS}", "PRAGMA user_version = 999", "CREATE TABLE t (a)"
    ),
    "torn": lambda path: path.write_bytes(b"SQLite format 3\0" + bytes(84) + b"\xff" * 5000),
}


@pytest.mark.parametrize("kind", DATABASES)
def test_a_file_that_is_not_our_database_is_left_as_it_is(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "kept.db"
    DATABASES[kind](path)
    before = path.read_bytes()
    assert str(path) in refused(4, "--db", str(path))
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["kept.db"]


def test_a_newer_database_says_so(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    DATABASES["newer"](path)
    sentence = refused(4, "--db", str(path))
    assert "999" in sentence
    assert "upgrade" in sentence


def test_database_in_a_place_that_cannot_hold_one(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"kept")
    for path in (tmp_path, tmp_path / "missing" / "world.db", file / "world.db", tmp_path / ("x" * 1000)):
        assert str(path) in refused(4, "--db", str(path))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert file.read_bytes() == b"kept"


def test_read_only_database_is_refused(tmp_path: Path, server: Start) -> None:
    path = tmp_path / "world.db"
    assert server("--quiet", "--db", str(path)).stop() == 0
    before = path.read_bytes()
    path.chmod(0o444)
    tmp_path.chmod(0o555)
    try:
        if os.access(path, os.W_OK):
            pytest.skip("nothing is read-only for this user")
        assert str(path) in refused(4, "--db", str(path))
        assert str(tmp_path / "new.db") in refused(4, "--db", str(tmp_path / "new.db"))
        assert path.read_bytes() == before
    finally:
        tmp_path.chmod(0o755)


def test_an_existing_database_wins_over_the_scenario(tmp_path: Path, server: Start) -> None:
    path = tmp_path / "world.db"
    fresh = server("--db", str(path))
    assert str(path) in "\n".join(fresh.greeting)
    assert fresh.stop() == 0
    again = server("--db", str(path), scenario="empty")
    said = [line for line in again.greeting if "--scenario" in line]
    assert len(said) == 1, again.greeting
    assert str(path) in said[0]
    assert "guide" in said[0]
    assert ask(again.url, "/jira/rest/tempo-teams/2/team/3", {"Authorization": "Basic ZnJlZDpmcmVk"})[0] == 200


def test_an_empty_file_is_a_new_database(tmp_path: Path, server: Start) -> None:
    path = tmp_path / "world.db"
    path.touch()
    started = server("--quiet", "--db", str(path))
    assert ask(started.url, "/jira/rest/tempo-teams/2/team/3", {"Authorization": "Basic ZnJlZDpmcmVk"})[0] == 200


def test_without_control_routes_there_is_nothing_below_mock(server: Start) -> None:
    bare = server("--quiet", "--no-control").url
    for path in ("/_mock", "/_mock/health", "/_mock/clock", "/_mock/audit", "/_mock/anything"):
        assert ask(bare, path)[0] == 404, path
    assert "_mock" not in ask(bare, "/")[1]
    assert ask(server("--quiet").url, "/_mock/health")[0] == 200


@pytest.mark.parametrize("arguments", [(), ("serve",), ("check",)])
def test_help_names_the_exit_codes(arguments: tuple[str, ...]) -> None:
    done = run(*arguments, "--help")
    assert done.returncode == 0
    assert "exit codes" in done.stdout
    codes = set(re.findall(r"^  (\d)  ", done.stdout, re.MULTILINE))
    assert codes >= ({"0", "2", "3"} if arguments == ("check",) else {"0", "2", "3", "4", "5"})


def test_module_and_command_are_the_same(tmp_path: Path) -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    module, _, function = scripts["tempo-mock"].partition(":")
    as_script = (sys.executable, "-c", f"import sys; from {module} import {function}; sys.exit({function}())")
    for arguments in (
        ("--version",),
        ("--help",),
        ("serve", "--help"),
        ("check", "guide"),
        ("check", "gide"),
        ("serve", "--port", "x"),
    ):
        one, other = run(*arguments, cwd=tmp_path), run(*arguments, command=as_script, cwd=tmp_path)
        assert (one.returncode, one.stdout, one.stderr) == (other.returncode, other.stdout, other.stderr)


def test_version_is_the_distribution_s() -> None:
    from mock_server import __version__

    assert run("--version").stdout == f"tempo-mock {__version__}\n"


@pytest.mark.parametrize("name", ["guide", "empty"])
def test_check_says_what_it_found(name: str) -> None:
    for argument in (name, str(ROOT / "fixtures" / name)):
        done = run("check", argument)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.count("\n") == 1
        assert "sound" in done.stdout


def test_check_names_the_file_and_the_entry(tmp_path: Path) -> None:
    (tmp_path / "roles.json").write_text('[{"id": 1, "name": "Member"}, {"id": "2", "name": "Lead"}]', encoding="utf-8")
    for arguments in (("check", str(tmp_path)), ("serve", "--port", "0", "--scenario", str(tmp_path))):
        done = run(*arguments)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1), done
        for word in ("roles.json", "entry 2", "id"):
            assert word in done.stderr
    assert run("check", "gide").returncode == 3
    assert run("check").returncode == 2
