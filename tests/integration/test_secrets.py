"""Where tokens come from, and what is refused."""

from __future__ import annotations

import stat
import sys
import types
from collections.abc import Iterator
from pathlib import Path

import pytest

from integration.secrets import fingerprint, secret, store_in_keyring, write_file
from integration.settings import Mistaken

from .conftest import Command, token_of

posix = pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")


class KeyringError(Exception):
    """As that of the real one."""


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[tuple[str, str], str]]:
    """A keyring in memory in place of that of the machine."""
    kept: dict[tuple[str, str], str] = {}
    module, errors = types.ModuleType("keyring"), types.ModuleType("keyring.errors")

    def set_password(service: str, name: str, token: str) -> None:
        if token == "locked":
            raise KeyringError("locked")
        kept[service, name] = token

    module.get_password = lambda service, name: kept.get((service, name))  # type: ignore[attr-defined]
    module.set_password = set_password  # type: ignore[attr-defined]
    errors.KeyringError = KeyringError  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", module)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    return kept


@pytest.mark.parametrize("told", ["", "env"])
def test_from_the_environment(tmp_path: Path, told: str) -> None:
    assert secret("tempo", told, tmp_path, {"TEMPO_TOKEN": " abc\n"}) == "abc"
    assert secret("jira", told, tmp_path, {"JIRA_TOKEN": "def"}) == "def"
    with pytest.raises(Mistaken, match="JIRA_TOKEN"):
        secret("jira", told, tmp_path, {"TEMPO_TOKEN": "abc"})


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o622, 0o610, 0o644])
def test_a_file_that_others_can_open_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "token"
    path.write_text("abc\n")
    path.chmod(mode)
    with pytest.raises(Mistaken, match="chmod 600") as raised:
        secret("tempo", "file:token", tmp_path, {})
    assert "abc" not in str(raised.value)


@posix
@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_from_a_file_of_ones_own(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "token"
    path.write_text("abc\nnot this\n")
    path.chmod(mode)
    assert secret("tempo", "file:token", tmp_path, {}) == "abc"
    assert secret("tempo", f"file:{path}", tmp_path / "elsewhere", {}) == "abc"


@pytest.mark.parametrize("told", ["file:nowhere", "file:", "file:.", "nonsense", "text:", "text:a b", "text:a\x00b", "text:ä"])
def test_what_is_no_token(tmp_path: Path, told: str) -> None:
    with pytest.raises(Mistaken):
        secret("tempo", told, tmp_path, {"TEMPO_TOKEN": "abc"})


def test_from_the_keyring(tmp_path: Path, keyring: dict[tuple[str, str], str]) -> None:
    with pytest.raises(Mistaken, match="connect --keep keyring"):
        secret("tempo", "keyring", tmp_path, {})
    store_in_keyring("tempo", "abc")
    assert keyring == {("tempo-sync", "tempo"): "abc"}
    assert secret("tempo", "keyring", tmp_path, {}) == "abc"
    with pytest.raises(Mistaken, match="locked"):
        store_in_keyring("tempo", "locked")


def test_without_a_keyring_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(Mistaken, match=r"\[keyring\]"):
        secret("tempo", "keyring", tmp_path, {})


def test_connect_puts_it_into_the_keyring(connected: Command, keyring: dict[tuple[str, str], str]) -> None:
    connected.use("nobody")
    wrong = connected("connect", "--keep", "keyring", "--days", "9", typed="demo-token-of-nobody-at-all")
    assert wrong.code == 4
    assert not keyring, "kept before it was verified"
    assert connected("connect", "--keep", "keyring", "--days", "9", typed=token_of("absences")).code == 0
    assert 'tempo = "keyring"' in (connected.folder / "tempo-sync.toml").read_text()
    assert connected("issues").code == 0
    assert connected("connect", "--rotate", "--days", "9", typed=token_of("fred")).code == 0
    assert keyring["tempo-sync", "tempo"] == token_of("fred")


@posix
def test_a_file_is_written_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("old")
    path.chmod(0o644)
    write_file(path, "new")
    assert path.read_text() == "new\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["token"]


def test_a_fingerprint_tells_tokens_apart_and_nothing_more() -> None:
    assert fingerprint("abc") != fingerprint("abd")
    assert len(fingerprint("abc")) == 12
