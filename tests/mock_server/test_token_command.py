"""``tempo-mock token``: at a running server, at a site of one, and in a database file."""

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from mock_server.domain import api_tokens
from mock_server.storage.opening import on_disk

from .commands import Command, Said

TEXT = "[A-Za-z0-9_-]{30,40}"
OPENER = build_opener(ProxyHandler({}))


Token = Callable[..., Said]


@pytest.fixture
def token(command: Command) -> Token:
    """``tempo-mock token`` with these arguments."""
    return lambda *arguments: command("token", *arguments)


@pytest.fixture(scope="module")
def url(module_server: Callable[..., Any]) -> str:
    found: str = module_server("--quiet").url
    return found


@pytest.fixture(scope="module")
def kept(module_server: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file that no server runs on."""
    path = tmp_path_factory.mktemp("kept") / "world.db"
    assert module_server("--quiet", "--db", str(path)).stop() == 0
    return path


@pytest.fixture(params=["server", "site", "file"])
def way(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Options that lead to a world."""
    if request.param == "file":
        return "--db", str(request.getfixturevalue("kept"))
    root = request.getfixturevalue("url")
    if request.param == "server":
        return "--url", root
    with OPENER.open(Request(f"{root}/_mock/sites", b"", method="POST")) as answer:
        return "--url", json.load(answer)["url"] + "/"


def status(root: str, text: str, path: str = "worklogs") -> int:
    """How ``/4`` answers to a token."""
    try:
        with OPENER.open(Request(f"{root}/4/{path}", headers={"Authorization": f"Bearer {text}"})) as answer:
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code


def rows(said: Said) -> dict[str, str]:
    """The lines of the table after its head, by id."""
    head, *lines = said.out.splitlines()
    assert head.split() == ["ID", "NAME", "STATUS", "EXPIRES", "ACCESS"]
    return {line.split()[0]: line for line in lines}


def test_a_life_of_a_token(token: Token, way: tuple[str, str]) -> None:
    made = token("create", *way, "--person", "bob", "--name", "Mine", "--days", "7", "--scope", "worklogs:view")
    assert (made.code, bool(re.fullmatch(f"{TEXT}\n", made.out))) == (0, True), made
    assert made.err.startswith("tempo-mock: ")
    number = re.findall(r"token (\d+) of bob", made.err)[0]
    assert "worklogs:view" in made.err
    assert made.out.strip() not in made.err
    listed = token("list", *way, "--person", "bob")
    assert (listed.code, listed.err) == (0, "")
    assert re.fullmatch(rf"{number} +Mine +active +\d{{4}}-\S+Z +worklogs:view", rows(listed)[number])
    again = token("regenerate", *way, "--person", "bob", number)
    assert again.code == 0
    assert re.fullmatch(f"{TEXT}\n", again.out)
    assert again.out != made.out
    gone = token("delete", *way, number, "--person", "bob")
    assert (gone.code, gone.out) == (0, "")
    assert number not in rows(token("list", *way, "--person", "bob"))
    assert token("delete", *way, number, "--person", "bob").code == 2


def test_without_scopes_it_is_full_access_for_thirty_days(token: Token, way: tuple[str, str]) -> None:
    made = token("create", *way, "--person", "bob", "--json").json
    assert (made["access"], made["person"], made["name"]) == ("full", "bob", "Command line")
    assert "plans:manage" in made["scopes"]
    text = made.pop("token")
    assert made in token("list", *way, "--person", "bob", "--json").json
    assert text not in token("list", *way, "--person", "bob", "--json").out
    assert "Full access" in rows(token("list", *way, "--person", "bob"))[str(made["id"])]
    renewed = token("regenerate", *way, "--person", "bob", "--json", str(made["id"])).json
    assert {**renewed, "expiresAt": made["expiresAt"]} == {**made, "token": renewed["token"]}


def test_both_ways_tell_the_same(token: Token, url: str, kept: Path) -> None:
    options = ("--person", "erica", "--days", "9", "--scope", "plans:view", "--scope", "teams:view", "--json")
    one, other = token("create", "--url", url, *options).json, token("create", "--db", str(kept), *options).json
    for told in (one, other):
        for own in ("id", "token", "createdAt", "expiresAt"):
            assert told.pop(own)
    assert one == other
    assert one["scopes"] == ["plans:view", "teams:view"]


def test_the_token_works_at_the_server(token: Token, url: str) -> None:
    at = ("--url", url, "--person", "bob")
    made = token("create", *at, "--json", "--scope", "worklogs:view").json
    assert (status(url, made["token"]), status(url, made["token"], "teams")) == (200, 403)
    renewed = token("regenerate", *at, str(made["id"])).out.strip()
    assert (status(url, made["token"]), status(url, renewed)) == (401, 200)
    assert token("delete", *at, str(made["id"])).code == 0
    assert status(url, renewed) == 401


def test_a_site_is_a_world_of_its_own(token: Token, url: str) -> None:
    with OPENER.open(Request(f"{url}/_mock/sites", b"", method="POST")) as answer:
        site = json.load(answer)["url"]
    text = token("create", "--url", site, "--person", "bob").out.strip()
    assert (status(site, text), status(url, text)) == (200, 401)


def test_a_file_that_a_server_runs_on(token: Token, server: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "world.db"
    running = server("--quiet", "--db", str(path)).url
    made = token("create", "--db", str(path), "--person", "bob", "--json").json
    assert status(running, made["token"]) == 200
    assert made["id"] in [bean["id"] for bean in token("list", "--url", running, "--person", "bob", "--json").json]
    assert token("delete", "--db", str(path), "--person", "bob", str(made["id"])).code == 0
    assert status(running, made["token"]) == 401


def test_a_server_that_writes_meanwhile_is_waited_for(
    token: Token, make_world: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is held before it is read: what was read could not be written any more after somebody's write."""
    path = tmp_path / "world.db"
    make_world(database=path).close()
    tried: list[str] = []

    def owner_named(store: Any, person: str) -> Any:
        with closing(sqlite3.connect(path, timeout=0)) as other:
            try:
                other.execute("UPDATE world SET value = value")
                other.commit()
            except sqlite3.OperationalError as error:
                tried.append(str(error))
        return real(store, person)

    real = api_tokens.owner_named
    monkeypatch.setattr(api_tokens, "owner_named", owner_named)
    assert token("create", "--db", str(path), "--person", "bob").code == 0
    assert tried == ["database is locked"]


def test_what_the_command_writes_into_a_file_is_in_its_audit_trail(token: Token, make_world: Any, tmp_path: Path) -> None:
    path = tmp_path / "world.db"
    make_world(database=path).close()
    made = token("create", "--db", str(path), "--clock", "2013-11-15T09:00Z", "--person", "bob", "--json").json
    assert made["createdAt"].startswith("2013-11-15T09:00:0")
    world = make_world(database=path)
    assert world.cloud("GET", None, "worklogs", headers={"Authorization": f"Bearer {made['token']}"}).status == 200
    event = world.audit()[-1]
    assert (event["face"], event["call"], event["noun"]) == ("command", "create_token", "api_tokens")


def test_expiry_goes_by_the_clock_that_is_given(token: Token, make_world: Any, tmp_path: Path) -> None:
    path = tmp_path / "world.db"
    make_world(database=path, clock="2013-11-15").close()
    at = ("--db", str(path), "--person", "bob")
    number = str(token("list", *at, "--json").json[0]["id"])
    assert [bean["status"] for bean in token("list", *at, "--clock", "2013-11-16", "--json").json] == ["active"]
    assert [bean["status"] for bean in token("list", *at, "--json").json] == ["expired"]
    late = token("regenerate", *at, number)
    assert (late.code, late.out, "expired" in late.err, "new one" in late.err) == (2, "", True, True)
    assert token("regenerate", *at, number, "--clock", "2013-11-16").code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("create", "--person", "bop"), ("bop", "Did you mean bob?")),
        (("list", "--person", "zzzzzz"), ("There is no person named zzzzzz.",)),
        (("list", "--person", ""), ("Name the person",)),
        (("create", "--person", "bob", "--scope", "worklogs:read"), ("worklogs:read", "worklogs:view", "plans:manage")),
        (("create", "--person", "bob", "--days", "0"), ("1 to 5000 days",)),
        (("create", "--person", "bob", "--days", "5001"), ("1 to 5000 days",)),
        (("create", "--person", "bob", "--days", "9" * 40), ("1 to 5000 days",)),
        (("create", "--person", "bob", "--name", "  "), ("needs a name",)),
        (("regenerate", "--person", "bob", "2"), ("no token with the id 2", "theirs are 5")),
        (("delete", "--person", "bob", "2"), ("no token with the id 2", "theirs are 5")),
        (("delete", "--person", "olaf", "2147483647"), ("they have none",)),
        (("regenerate", "--person", "fred", "7"), ("Last year's", "expired")),
    ],
)
def test_what_the_world_refuses(token: Token, way: tuple[str, str], arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    def everything() -> list[Any]:
        return [token("list", *way, "--person", name, "--json").json for name in ("bob", "david", "fred")]

    before = everything()
    said = token(arguments[0], *way, *arguments[1:])
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1), said
    assert said.err.startswith("tempo-mock: ")
    for word in words:
        assert word in said.err
    assert everything() == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("list",), "--person"),
        ((), "COMMAND"),
        (("create", "--person", "bob", "--days", "many"), "--days"),
        (("delete", "--person", "bob"), "ID"),
        (("delete", "--person", "bob", "0"), "ID"),
        (("delete", "--person", "bob", "2147483648"), "ID"),
        (("delete", "--person", "bob", "٣"), "ID"),
        (("create", "--person", "bob", "--name", "\udcff"), "UTF-8"),
        (("list", "--person", "bob", "--url", "http://localhost", "--db", "x.db"), "--db"),
        (("list", "--person", "bob", "--clock", "2013-11-15"), "--db"),
        (("list", "--person", "bob", "--db", "x.db", "--clock", "yesterday"), "2013-11-15T09:00Z"),
        *((("list", "--person", "bob", "--url", url), "such as http://localhost:8090") for url in (
            "", "localhost:8090", "ftp://localhost", "http://", "http://localhost:x", "http://localhost:99999",
            "http://localhost?a=b", "http://local host", "http://u:p@localhost", "http://[::1",
        )),
    ],
)  # fmt: skip
def test_wrong_options_are_usage_errors(token: Token, arguments: tuple[str, ...], words: str) -> None:
    said = token(*arguments)
    assert (said.code, said.out) == (2, ""), said
    assert words in said.err


def nothing_there(said: Said, *words: str) -> None:
    assert (said.code, said.out, said.err.count("\n")) == (6, "", 1), said
    for word in words:
        assert word in said.err, said


def test_nobody_answers(token: Token) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as taken:
        port = taken.server_port
    nothing_there(token("list", "--person", "bob", "--url", f"http://127.0.0.1:{port}"), "tempo-mock serve", "--db", str(port))


def test_a_server_without_control_routes_says_so(token: Token, server: Callable[..., Any]) -> None:
    root = server("--quiet", "--no-control").url
    for arguments in (("create",), ("list",), ("regenerate", "1"), ("delete", "1")):
        nothing_there(token(*arguments, "--person", "bob", "--url", root), "--no-control", "--db")


def test_an_address_beside_the_root(token: Token, url: str) -> None:
    nothing_there(token("list", "--person", "bob", "--url", f"{url}/jira"), f"{url}/jira", "http://localhost:8090")
    missing = token("list", "--person", "bob", "--url", f"{url}/sites/nowhere")
    assert (missing.code, "no site named nowhere" in missing.err) == (2, True)


@pytest.mark.parametrize(
    ("code", "body"),
    [(200, b"<html>"), (200, b""), (200, b"[1]"), (200, b'[{"id": 1}]'), (200, b'{"token": 1}'), (200, b"\xff"),
     (404, b"<html>"), (404, b'{"errorMessages": []}'), (500, b"[" * 100_000), (401, b'{"error": {"code": 1}}')],
)  # fmt: skip
def test_strangers_are_not_believed(token: Token, stranger: Callable[[int, bytes], str], code: int, body: bytes) -> None:
    root = stranger(code, body)
    for arguments in (("create",), ("list",), ("regenerate", "1")):
        nothing_there(token(*arguments, "--person", "bob", "--url", root), root, "not the root")
    if body:
        nothing_there(token("delete", "1", "--person", "bob", "--url", root), root, "not the root")


def test_a_server_that_answers_its_own_machine_only(token: Token, stranger: Callable[[int, bytes], str]) -> None:
    root = stranger(403, b'{"error": "Control routes answer this machine only; start with --open-control to change that."}')
    nothing_there(token("list", "--person", "bob", "--url", root), "--open-control")


def test_a_proxy_of_the_environment_is_not_asked(token: Token, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert token("list", "--person", "bob", "--url", url).code == 0


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE diary (line TEXT)")


def unseeded(path: Path) -> None:
    on_disk(path).close()


@pytest.mark.parametrize(
    "make",
    [
        lambda path: None,
        Path.touch,
        Path.mkdir,
        lambda path: path.write_text("dear diary\n" * 100, encoding="utf-8"),
        foreign,
        unseeded,
    ],
    ids=["missing", "empty", "folder", "text", "foreign", "unseeded"],
)
def test_files_that_hold_no_world(token: Token, tmp_path: Path, make: Callable[[Path], object]) -> None:
    path = tmp_path / "kept.db"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    for arguments in (("create",), ("list",), ("regenerate", "1"), ("delete", "1")):
        said = token(*arguments, "--person", "bob", "--db", str(path))
        assert (said.code, said.out, said.err.count("\n")) == (4, "", 1), said
        assert str(path) in said.err
    if make is not unseeded:
        assert (path.read_bytes() if path.is_file() else None) == before
    assert [file.name for file in tmp_path.iterdir()] == (["kept.db"] if path.exists() else [])


def test_a_name_too_long_for_a_file(token: Token, tmp_path: Path) -> None:
    assert token("list", "--person", "bob", "--db", str(tmp_path / ("x" * 5000))).code == 4


def test_names_do_not_move_the_cursor(token: Token, way: tuple[str, str]) -> None:
    made = token("create", *way, "--person", "bob", "--name", "a\x1b[2Jb\nc", "--json").json
    line = rows(token("list", *way, "--person", "bob"))[str(made["id"])]
    assert r"a\x1b[2Jb\x0ac" in line


def test_help_says_how(token: Token) -> None:
    for arguments in ((), ("create",), ("list",), ("regenerate",), ("delete",)):
        said = token(*arguments, "--help")
        assert said.code == 0
        assert "exit codes" in said.out
        assert max(map(len, said.out.splitlines())) <= 120
