"""``tempo-mock internal-issues``: at a running server, at a site of one, and in a database file."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from .commands import Command, Said

OPENER = build_opener(ProxyHandler({}))


Issues = Callable[..., Said]


@pytest.fixture
def issues(command: Command) -> Issues:
    """``tempo-mock internal-issues`` with these arguments."""
    return lambda *arguments: command("internal-issues", *arguments)


@pytest.fixture(scope="module")
def url(module_server: Callable[..., Any]) -> str:
    found: str = module_server("--quiet").url
    return found


@pytest.fixture(params=["server", "site", "file"])
def way(request: pytest.FixtureRequest, url: str, tmp_path: Path) -> tuple[str, str]:
    """Options that lead to a world of the test's own, of the scenario guide; the server's is used once more at most."""
    if request.param == "file":
        path = tmp_path / "world.db"
        request.getfixturevalue("make_world")(database=path).close()
        return "--db", str(path)
    if request.param == "server":
        with OPENER.open(Request(f"{url}/_mock/reset", b"{}", {"Content-Type": "application/json"}, method="POST")):
            return "--url", url
    with OPENER.open(Request(f"{url}/_mock/sites", b"", method="POST")) as answer:
        return "--url", json.load(answer)["url"] + "/"


def rows(said: Said) -> dict[str, list[str]]:
    """Key -> what else stands in its line of the table."""
    assert (said.code, said.err) == (0, "")
    head, *lines = said.out.splitlines()
    assert head.split() == ["ID", "KEY", "TEAMS", "SUMMARY"]
    return {line.split()[1]: [line.split()[0], *line.split()[2:]] for line in lines}


def teams(said: Said) -> dict[str, list[int]]:
    return {bean["key"]: bean["teams"] for bean in said.json}


def test_an_issue_is_opened_to_teams_and_to_all_and_made_ordinary(issues: Issues, way: tuple[str, str]) -> None:
    before = teams(issues("list", *way, "--json"))
    assert set(before) == {"HR-1", "HR-2", "HR-3", "HR-4"}
    said = issues("set", *way, "HR-2", "--team", "3", "--team", "1")
    assert (said.code, said.out, said.err) == (0, "", "tempo-mock: HR-2 is internal and open to the teams 1 3\n")
    assert rows(issues("list", *way))["HR-2"] == ["10241", "1", "3", "Sick", "leave"]
    # What was chosen before is forgotten, and a key is found in any case.
    assert issues("set", *way, "hr-2", "--team", "1", "--json").json == {
        "id": 10241, "key": "HR-2", "summary": "Sick leave", "teams": [1],
    }  # fmt: skip
    assert issues("set", *way, "HR-2").err == "tempo-mock: HR-2 is internal and open to all teams\n"
    assert rows(issues("list", *way))["HR-2"] == ["10241", "all", "Sick", "leave"]
    assert issues("set", *way, "CLOUD-1", "--team", "3").code == 0
    assert teams(issues("list", *way, "--json")) == {**before, "HR-2": [], "CLOUD-1": [3]}
    gone = issues("remove", *way, "10241")
    assert (gone.code, gone.out, gone.err) == (0, "", "tempo-mock: 10241 is an ordinary issue\n")
    assert "HR-2" not in teams(issues("list", *way, "--json"))


def test_without_any_the_list_says_what_to_do(issues: Issues, way: tuple[str, str]) -> None:
    for key in teams(issues("list", *way, "--json")):
        assert issues("remove", *way, key).code == 0
    said = issues("list", *way)
    assert (said.code, said.out, "internal-issues set" in said.err) == (0, "", True)
    assert issues("list", *way, "--json").json == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("set", "HR-99"), "There is no issue HR-99."),
        (("set", "99"), "There is no issue 99."),
        (("set", "HR-1", "--team", "1", "--team", "99"), "There is no team with the id 99."),
        (("remove", "HR-99"), "There is no issue HR-99."),
        (("remove", "CLOUD-1"), "The issue CLOUD-1 is not internal."),
    ],
)
def test_what_the_world_refuses(issues: Issues, way: tuple[str, str], arguments: tuple[str, ...], words: str) -> None:
    before = issues("list", *way, "--json").json
    said = issues(*arguments, *way)
    assert (said.code, said.out, said.err) == (2, "", f"tempo-mock: {words}\n")
    assert issues("list", *way, "--json").json == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "COMMAND"),
        (("set",), "ISSUE"),
        (("remove",), "ISSUE"),
        (("set", "HR-1", "--team", "0"), "--team"),
        (("set", "HR-1", "--team", "three"), "--team"),
        (("set", "HR-1", "--team", "2147483648"), "--team"),
        *((("remove", name), "ISSUE") for name in ("", "HR", "HR-", "HR-1/x", "HR-1 ", "-1", "HR-٣", "\udcff-1", "9" * 19)),
        (("list", "--url", "http://localhost", "--db", "x.db"), "--db"),
        (("list", "--clock", "2013-11-15"), "--db"),
        (("list", "--db", "x.db", "--clock", "yesterday"), "2013-11-15T09:00Z"),
        (("list", "--url", "localhost:8090"), "such as http://localhost:8090"),
    ],
)
def test_wrong_options_are_usage_errors(issues: Issues, arguments: tuple[str, ...], words: str) -> None:
    said = issues(*arguments)
    assert (said.code, said.out) == (2, ""), said
    assert words in said.err


def test_what_is_changed_in_a_file_is_in_its_audit_trail(issues: Issues, make_world: Any, tmp_path: Path) -> None:
    path = tmp_path / "world.db"
    make_world(database=path).close()
    assert issues("set", "--db", str(path), "--clock", "2013-11-15T09:00Z", "CLOUD-1", "--team", "3").code == 0
    assert issues("remove", "--db", str(path), "CLOUD-1").code == 0
    events = make_world(database=path).audit()
    assert {(event["who"], event["face"]) for event in events} == {("command", "command")}
    assert [event["call"] for event in events[::2]] == ["put_internal_issue", "delete_internal_issue"]
    assert events[0]["at"].startswith("2013-11-15T09:00:0")


def test_a_server_on_the_same_file_knows_it_at_once(issues: Issues, server: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "world.db"
    root = server("--quiet", "--db", str(path), "--clock", "2013-11-15").url
    assert issues("set", "--db", str(path), "HR-2", "--team", "1").code == 0
    token = {"Authorization": "Bearer demo-token-of-bob-not-a-secret"}
    with OPENER.open(Request(f"{root}/x-tempo-mock/internal-issues", headers=token)) as answer:
        found = {issue["key"]: [team["id"] for team in issue["teams"]] for issue in json.load(answer)["results"]}
    assert found["HR-2"] == [1]


@pytest.mark.parametrize(
    ("code", "body"),
    [(200, b"<html>"), (200, b""), (200, b"[1]"), (200, b'[{"id": 1, "key": "A-1", "summary": "", "teams": 1}]'),
     (200, b'{"id": 1}'), (404, b"<html>"), (500, b"{}")],
)  # fmt: skip
def test_strangers_are_not_believed(issues: Issues, stranger: Callable[[int, bytes], str], code: int, body: bytes) -> None:
    root = stranger(code, body)
    commands = [("list",), ("set", "HR-1"), *([("remove", "HR-1")] if body else [])]
    for arguments in commands:
        said = issues(*arguments, "--url", root)
        assert (said.code, said.out, said.err.count("\n"), "not the root" in said.err) == (6, "", 1, True), said


def test_a_server_without_control_routes_and_nobody_at_all(issues: Issues, server: Callable[..., Any]) -> None:
    running = server("--quiet", "--no-control")
    for arguments in (("list",), ("set", "HR-1"), ("remove", "HR-1")):
        said = issues(*arguments, "--url", running.url)
        assert (said.code, said.out, "--no-control" in said.err) == (6, "", True)
    running.stop()
    said = issues("list", "--url", running.url)
    assert (said.code, "tempo-mock serve" in said.err) == (6, True)


def test_a_file_without_a_world(issues: Issues, tmp_path: Path) -> None:
    for arguments in (("list",), ("set", "HR-1"), ("remove", "HR-1")):
        said = issues(*arguments, "--db", str(tmp_path / "none.db"))
        assert (said.code, said.out, "holds no world" in said.err) == (4, "", True)
    assert list(tmp_path.iterdir()) == []


def test_help_says_how(issues: Issues) -> None:
    for arguments in ((), ("list",), ("set",), ("remove",)):
        said = issues(*arguments, "--help")
        assert said.code == 0
        assert "exit codes" in said.out
        assert max(map(len, said.out.splitlines())) <= 120
