"""What the command makes of texts that are not its own: of arguments, of addresses, of servers that are somebody else's."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from mock_server.errors import Invalid
from mock_server.server_address import server_root

from .commands import Command

ROOT = Path(__file__).parents[2]
ESCAPE = "\x1b[31m"
SHOWN = r"\x1b[31m"
BEAN: Mapping[str, Any] = {
    "id": 1,
    "person": "bob",
    "name": "Mine",
    "access": "custom",
    "scopes": ["worklogs:view"],
    "createdAt": "2013-11-15T09:00:00Z",
    "expiresAt": "2013-12-15T09:00:00Z",
    "status": "active",
    "token": "text-of-a-token",
}


@pytest.mark.parametrize(
    "arguments",
    [
        ("env", f"no{ESCAPE}body"),
        ("env", "viewer", "--target", f"/no/{ESCAPE}file"),
        ("env", "viewer", "--url", f"http://localhost:1/{ESCAPE}"),
        ("check", f"/no/{ESCAPE}folder"),
        ("check", "guide", f"--{ESCAPE}"),
        ("serve", "--clock", ESCAPE),
        ("serve", "--set", f"{ESCAPE}=1"),
        ("serve", "--cors", ESCAPE),
        ("serve", "--port", "0", "--scenario", ESCAPE),
        ("token", "list", "--person", "bob", "--db", f"/no/{ESCAPE}.db"),
        ("seed", "--people", "4", "--worklogs", "0", "--db", f"/no/{ESCAPE}/w.db"),
    ],
)
def test_errors_do_not_move_the_cursor(command: Command, arguments: tuple[str, ...]) -> None:
    code, out, err = command(*arguments)
    assert code != 0
    assert "\x1b" not in out + err
    assert SHOWN in err


def test_a_folder_that_is_sound_is_told_without_escape_sequences(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / f"my{ESCAPE}world"
    folder.mkdir()
    (folder / "roles.json").write_text("[]", encoding="utf-8")
    code, out, _ = command("check", str(folder))
    assert (code, "\x1b" in out, SHOWN in out) == (0, False, True)


@pytest.mark.parametrize(
    ("status", "content"),
    [(400, {"error": f"No {ESCAPE}."}), (403, {"error": f"No {ESCAPE}."}), (200, [{**BEAN, "name": f"N{ESCAPE}"}])],
)
def test_texts_of_a_server_do_not_move_the_cursor(
    command: Command, stranger: Callable[[int, bytes], str], status: int, content: Any
) -> None:
    _, out, err = command("token", "list", "--person", "bob", "--url", stranger(status, json.dumps(content).encode()))
    assert "\x1b" not in out + err
    assert SHOWN in out + err


def test_the_bean_that_is_changed_below_is_a_good_one(command: Command, stranger: Callable[[int, bytes], str]) -> None:
    at = ("--person", "bob", "--url")
    assert command("token", "list", *at, stranger(200, json.dumps([BEAN]).encode()))[0] == 0
    assert command("token", "create", *at, stranger(200, json.dumps(BEAN).encode()))[:2] == (0, "text-of-a-token\n")


@pytest.mark.parametrize(
    ("member", "value"),
    [
        *((name, value) for name in ("person", "name", "access", "expiresAt", "status") for value in (None, 1, ["a"])),
        *(("scopes", value) for value in (None, "worklogs:view", [1], [None], {})),
        *(("id", value) for value in (None, "1", True, 1.5)),
        *(("token", value) for value in (None, 1, "", f"t{ESCAPE}", "a\nb")),
    ],
)
def test_a_bean_of_other_types_is_a_stranger_s(
    command: Command, stranger: Callable[[int, bytes], str], member: str, value: Any
) -> None:
    bean = {**BEAN, member: value}
    commands: list[tuple[tuple[str, ...], Any]] = [(("create",), bean), (("regenerate", "1"), bean)]
    if member != "token":
        commands.append((("list",), [BEAN, bean]))
    for verb, content in commands:
        code, out, err = command("token", *verb, "--person", "bob", "--url", stranger(200, json.dumps(content).encode()))
        assert (code, out, err.count("\n"), "not the root" in err) == (6, "", 1, True), err


@pytest.mark.parametrize(
    "url",
    [
        "http://:pw-of-mine@localhost:1",
        "http://me:pw-of-mine@localhost:1",
        "http://@localhost:1",
        "me:pw-of-mine@localhost:1",
        "http://me:pw-of-mine@[::1",
    ],
)
def test_an_address_with_a_password_is_refused_and_not_repeated(command: Command, url: str) -> None:
    with pytest.raises(Invalid, match="without user name and password"):
        server_root(url)
    for arguments in (("token", "list", "--person", "bob"), ("env", "viewer")):
        code, out, err = command(*arguments, "--url", url)
        assert (code, "pw-of-mine" in out + err) == (2, False), err


def test_an_at_sign_in_the_path_is_none_of_a_password() -> None:
    assert server_root("http://localhost:1/sites/a@b/") == "http://localhost:1/sites/a%40b"


def test_seed_tells_a_command_that_can_be_pasted_and_counts_as_people_do(tmp_path: Path) -> None:
    path = tmp_path / "my world's.db"
    done = subprocess.run(
        [sys.executable, "-m", "mock_server", "seed", "--people", "4", "--worklogs", "1", "--db", str(path)],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    first = done.stdout.splitlines()[0]
    assert "4 people in 1 team," in first
    assert "and 1 worklog in" in first
    line = next(line for line in done.stdout.splitlines() if "tempo-mock serve" in line)
    told = subprocess.run(["sh", "-c", f"printf '%s\\n' {line}"], capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout.splitlines()[-1] == str(path)
