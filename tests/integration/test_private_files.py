"""Files that say who is ill, or hold a token, are their owner's alone, whatever was there before, whatever the umask is."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from integration.secrets import write_file
from integration.store import Store

from .conftest import Command, Site

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")


@pytest.fixture(autouse=True)
def open_by_default() -> Iterator[None]:
    before = os.umask(0o000)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_was_left_beside_it_is_not_written_into(tmp_path: Path) -> None:
    beside = tmp_path / "token.new"
    beside.touch(0o666)
    watching = beside.open()
    write_file(tmp_path / "token", "secret-of-tempo")
    assert mode(tmp_path / "token") == 0o600
    assert watching.read() == ""
    watching.close()


def test_a_link_beside_it_is_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("of somebody else")
    (tmp_path / "token.new").symlink_to(other)
    write_file(tmp_path / "token", "secret-of-tempo")
    assert other.read_text() == "of somebody else"
    assert not (tmp_path / "token").is_symlink()


def test_the_same_of_a_configuration(sync: Command, site: Site) -> None:
    other = sync.folder / "other"
    other.write_text("of somebody else")
    (sync.folder / "tempo-sync.toml.new").symlink_to(other)
    sync.configure(site.url)
    assert sync("init", "--force").code == 0
    assert other.read_text() == "of somebody else"
    assert mode(sync.folder / "tempo-sync.toml") == 0o600
    (sync.folder / "tempo-sync.toml.new").touch(0o666)
    assert sync("init", "--force").code == 0
    assert mode(sync.folder / "tempo-sync.toml") == 0o600
    assert sorted(path.name for path in sync.folder.iterdir()) == ["other", "tempo-sync.toml"]


def test_the_database_and_what_stands_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "tempo-sync.db"
    with closing(Store(path)) as store, store.transaction():
        store.set_fact("a", "b")
        assert {mode(found) for found in tmp_path.iterdir()} == {0o600}
        assert len(list(tmp_path.iterdir())) > 1


def test_a_database_that_others_were_let_see_stays_so(tmp_path: Path) -> None:
    path = tmp_path / "tempo-sync.db"
    with closing(Store(path)):
        path.chmod(0o640)
    with closing(Store(path)):
        assert mode(path) == 0o640


def test_the_file_of_rules(connected: Command) -> None:
    path = connected.folder / "rules.json"
    with (connected.folder / "tempo-sync.toml").open("a") as file:
        file.write('[sinks]\njson = "rules.json"\ncalendar = "feeds"\n')
    assert connected("issues", "--select", "HR-1").code == 0
    assert connected("absences", "--apply").code == 0
    assert mode(path) == 0o600
    assert mode(connected.folder / "feeds" / "token.ics") == 0o666, "calendars are there to be published"
    path.write_text("{}")
    path.chmod(0o644)
    assert connected("absences", "--apply").code == 0
    assert mode(path) == 0o644


@pytest.mark.parametrize("which", ["tempo", "jira"])
def test_a_token_in_a_configuration_that_others_can_read(sync: Command, site: Site, which: str) -> None:
    sync.configure(site.url, f'[token]\n{which} = "text:hidden-word"\n')
    path = sync.folder / "tempo-sync.toml"
    path.chmod(0o644)
    said = sync("rules")
    assert said.code == 5
    assert "chmod 600" in said.err
    assert "hidden-word" not in said.err
    path.chmod(0o600)
    assert sync("rules").code == 0


@pytest.mark.parametrize(
    "wrong",
    [
        '[token]\ntempo = ["hidden-word"]\n', '[token]\njira = {of = "hidden-word"}\n', '[[token]]\ntempo = "hidden-word"\n',
        '[token]\nremind_days = "hidden-word"\n', '[token]\ntempo = "hidden-word"\n',
    ],
)  # fmt: skip
def test_no_value_of_the_tokens_is_told(sync: Command, site: Site, wrong: str) -> None:
    sync.configure(site.url, wrong)
    (sync.folder / "tempo-sync.toml").chmod(0o600)
    said = sync("issues")
    assert said.code == 5
    assert "hidden-word" not in said.err
    assert "[token]" in said.err


def test_a_token_in_place_of_its_table(sync: Command) -> None:
    (sync.folder / "tempo-sync.toml").write_text('token = "hidden-word"\n')
    said = sync("issues")
    assert (said.code, "hidden-word" in said.err) == (5, False)


@pytest.mark.parametrize(("told", "words"), [("file:.", "is no file"), ("file:nowhere", "No such file")])
def test_what_is_no_file_of_a_token(sync: Command, site: Site, told: str, words: str) -> None:
    sync.configure(site.url, f'[token]\ntempo = "{told}"\n')
    said = sync("issues")
    assert said.code == 5
    assert words in said.err
    assert "chmod" not in said.err
    assert "Errno" not in said.err
