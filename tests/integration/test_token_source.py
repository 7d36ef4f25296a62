"""Where a token is kept, written into a configuration of which nothing else changes."""

from __future__ import annotations

import stat
import sys
import tomllib
from pathlib import Path

import pytest

from integration import token_source
from integration.first_configuration import text
from integration.settings import Mistaken

FIRST = text("https://api.tempo.io", "https://example.atlassian.net", "fred@example.org")


@pytest.mark.parametrize(
    "before",
    [
        FIRST,
        '[token]\ntempo = "env" # here\njira = "env"\n',
        '[token]\njira = "env"\n[site]\njira_user = "tempo = 1"\n',
        "[site] # first\n",
        "",
        '[ token ]\n  tempo="text:abc"',
        '[[template]]\nissue = "HR-1"\nmessage = """\ntempo = "no"\n"""\n\n[token]\ntempo = "env"\n',
    ],
)
def test_one_value_is_another(tmp_path: Path, before: str) -> None:
    path = tmp_path / "tempo-sync.toml"
    path.write_text(before, encoding="utf-8")
    after = token_source.with_source(path, "tempo", 'file:it\'s "mine"')
    old, new = tomllib.loads(before), tomllib.loads(after)
    assert new["token"].pop("tempo") == 'file:it\'s "mine"'
    old.get("token", {}).pop("tempo", None)
    assert {**old, "token": old.get("token", {})} == new
    assert [line for line in before.splitlines() if line.startswith("#")] == [
        line for line in after.splitlines() if line.startswith("#")
    ]


@pytest.mark.parametrize(
    "before",
    [
        'token = { tempo = "env" }\n',
        'token.tempo = "env"\n',
        '[token]\ntempo = """\nenv"""\n',
        '[[template]]\nmessage = """\n[token]\ntempo = 1\n"""\n',
    ],
)
def test_what_is_written_otherwise_is_left_alone(tmp_path: Path, before: str) -> None:
    path = tmp_path / "tempo-sync.toml"
    path.write_text(before, encoding="utf-8")
    with pytest.raises(Mistaken, match="yourself first"):
        token_source.with_source(path, "tempo", "keyring")
    assert path.read_text() == before


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
def test_who_may_read_the_configuration_stays(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "tempo-sync.toml"
    path.write_text(FIRST, encoding="utf-8")
    path.chmod(mode)
    token_source.write(path, "[site]\n")
    assert (stat.S_IMODE(path.stat().st_mode), path.read_text()) == (mode, "[site]\n")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Mistaken, match="cannot be read"):
        token_source.with_source(tmp_path / "none", "tempo", "keyring")
    with pytest.raises(Mistaken, match="cannot be written"):
        token_source.write(tmp_path / "none", "x")
