"""``tempo-mock token --db FILE`` takes the file as it is: another format is refused, and only what was asked for changes."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from mock_server.cli import main
from mock_server.storage import opening
from mock_server.storage.tables import SCHEMA_VERSION

EVERY = (("create",), ("list",), ("regenerate", "5"), ("delete", "5"))
Token = Callable[..., tuple[int, str, str]]


@pytest.fixture
def token(capsys: pytest.CaptureFixture[str]) -> Token:
    """``tempo-mock token`` with these arguments: exit code, output, errors."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["token", *arguments, "--person", "bob"])
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def kept(make_world: Any, tmp_path: Path) -> Path:
    """A database file that no server runs on, alone in its folder."""
    folder = tmp_path / "a folder"
    folder.mkdir()
    path = folder / "w.db"
    make_world(database=path).close()
    return path


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def seen(path: Path) -> tuple[bytes, int, list[str]]:
    """All of a file that could change: its bytes, its time, and what lies beside it."""
    return path.read_bytes(), path.stat().st_mtime_ns, sorted(file.name for file in path.parent.iterdir())


@pytest.mark.parametrize("arguments", EVERY, ids=lambda words: words[0])
@pytest.mark.parametrize("version", [0, SCHEMA_VERSION - 1, SCHEMA_VERSION + 1])
def test_another_format_is_refused_and_left(token: Token, kept: Path, arguments: tuple[str, ...], version: int) -> None:
    change(kept, f"PRAGMA user_version = {version}")
    before = seen(kept)
    code, out, err = token(*arguments, "--db", str(kept))
    assert (code, out, err.count("\n")) == (4, "", 1), err
    for word in (str(kept), f"format {version}", str(SCHEMA_VERSION)):
        assert word in err
    assert ("tempo-mock serve" in err) == (version < SCHEMA_VERSION)
    assert ("upgrade" in err) == (version > SCHEMA_VERSION)
    assert seen(kept) == before


def test_a_list_leaves_the_file_and_its_folder_as_they_are(token: Token, kept: Path) -> None:
    before = seen(kept)
    code, out, _ = token("list", "--db", str(kept))
    assert (code, out.startswith("ID ")) == (0, True)
    assert seen(kept) == before


def test_a_list_beside_a_log_knows_what_is_in_it(token: Token, kept: Path) -> None:
    """As beside a running server, and after one that was killed."""
    with closing(sqlite3.connect(kept)) as running:
        running.execute("UPDATE api_tokens SET name = 'In the log' WHERE id = 5")
        running.commit()
        before = seen(kept)
        assert "kept" not in before[2]
        assert "w.db-wal" in before[2]
        code, out, _ = token("list", "--db", str(kept))
        assert (code, "In the log" in out) == (0, True)
        assert seen(kept) == before


def test_triggers_of_another_program_stay(token: Token, kept: Path) -> None:
    change(kept, "CREATE TRIGGER audit_of_old AFTER DELETE ON roles BEGIN SELECT 1; END")
    triggers = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    with closing(sqlite3.connect(kept)) as connection:
        before = connection.execute(triggers).fetchall()
    assert token("create", "--db", str(kept))[0] == 0
    with closing(sqlite3.connect(kept)) as connection:
        assert connection.execute(triggers).fetchall() == before


def test_a_file_that_somebody_holds_is_told(token: Token, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = sqlite3.connect
    with closing(real(kept)) as holder:
        monkeypatch.setattr(opening.sqlite3, "connect", lambda *given, **more: real(*given, timeout=0, **more))
        holder.execute("BEGIN IMMEDIATE")
        for arguments in (("create",), ("regenerate", "5"), ("delete", "5")):
            code, out, err = token(*arguments, "--db", str(kept))
            assert (code, out, err.count("\n")) == (4, "", 1), err
            assert "locked" in err
        assert token("list", "--db", str(kept))[0] == 0


def test_a_torn_file_is_told(token: Token, kept: Path) -> None:
    kept.write_bytes(kept.read_bytes()[:100] + b"\xff" * 5000)
    before = seen(kept)
    for arguments in EVERY:
        code, out, err = token(*arguments, "--db", str(kept))
        assert (code, out, err.count("\n")) == (4, "", 1), err
        assert str(kept) in err
    assert seen(kept)[0] == before[0]


def test_the_way_out_can_be_pasted(token: Token, kept: Path) -> None:
    kept.write_bytes(b"")
    assert f"--db '{kept}'" in token("list", "--db", str(kept))[2]
