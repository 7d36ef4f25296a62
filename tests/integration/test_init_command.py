"""The configuration that is written says what the defaults are."""

from __future__ import annotations

import re
import stat
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from integration.first_configuration import text
from integration.settings import read_settings

from .conftest import Command


def settings_of(folder: Path, content: str):
    path = folder / "tempo-sync.toml"
    path.write_text(content, encoding="utf-8")
    return read_settings(path)


def test_what_is_written_are_the_defaults(sync: Command) -> None:
    assert sync("init").code == 0
    written = read_settings(sync.folder / "tempo-sync.toml")
    least = settings_of(sync.folder, '[site]\njira_url = "https://your-site.atlassian.net"\n')
    # A word for the default and no word at all are the same source of a token.
    assert replace(written, secrets={}) == replace(least, secrets={})
    assert set(written.secrets.values()) == {"env"}


def test_every_key_that_is_known_stands_in_it(sync: Command, tmp_path: Path) -> None:
    sync("init")
    content = (sync.folder / "tempo-sync.toml").read_text(encoding="utf-8")
    for table in ("site", "token", "absences", "guard", "state", "sinks", "worklogs", "alerts"):
        error = _unknown_key(tmp_path, f"[{table}]\nnonsense = 1\n", table)
        assert error, table
        part = content.partition(f"[{table}]\n")[2].partition("\n[")[0]
        assert set(re.findall(r"^(\w+) = ", part, re.MULTILINE)) == set(error), table
    for table, needed in (("template", 'issue = "HR-1"\nmessage = "m"\n'), ("contract", "")):
        example = content.partition(f"# [[{table}]]\n")[2].partition("\n\n")[0]
        known = _unknown_key(tmp_path, f"[[{table}]]\n{needed}nonsense = 1\n", table)
        assert set(re.findall(r"^# (\w+) = ", example, re.MULTILINE)) == set(known), table


def _unknown_key(folder: Path, more: str, table: str) -> list[str]:
    """The keys that the sentence about an unknown one names."""
    from integration.settings import Mistaken

    site = 'jira_url = "https://a.example"\n'
    content = more.replace("[site]\n", f"[site]\n{site}") if table == "site" else f"[site]\n{site}{more}"
    with pytest.raises(Mistaken, match="knows no nonsense") as raised:
        settings_of(folder, content)
    return str(raised.value).partition("it knows ")[2].rstrip(".").split(", ")


def test_the_example_of_a_template_can_be_used(sync: Command) -> None:
    content = text("https://api.tempo.io", "https://a.example", "")
    head, _, example = content.partition("# [[template]]\n")
    lines = [line.removeprefix("# ") for line in example.splitlines()]
    settings = settings_of(sync.folder, "\n".join([head, "[[template]]", *lines]))
    template = settings.templates["", "HR-1"]
    assert template.mention_days == 4
    assert "[return date]" in template.message
    assert "[coverer]" in template.message


def test_the_example_of_a_contract_can_be_used(sync: Command) -> None:
    content = text("https://api.tempo.io", "https://a.example", "")
    head, _, rest = content.partition("# [[contract]]\n")
    lines = [line.removeprefix("# ") for line in rest.partition("\n\n")[0].splitlines()]
    (one,) = settings_of(sync.folder, "\n".join([head, "[[contract]]", *lines])).worklogs.contracts
    assert (one.first, one.last) == (date(2026, 1, 1), date(2026, 12, 31))
    assert one.week == (0, 28800, 28800, 28800, 28800, 28800, 0)


def test_what_is_told_is_written(sync: Command) -> None:
    user = 'Jörg "J" \\ <a@b.example>'
    code = sync("init", "--tempo-url", "http://localhost:8090", "--jira-url", "http://localhost:8090", "--jira-user", user).code
    assert code == 0
    settings = read_settings(sync.folder / "tempo-sync.toml")
    assert (settings.tempo_url, settings.jira_url, settings.jira_user) == (
        "http://localhost:8090",
        "http://localhost:8090",
        user,
    )


def test_nothing_is_overwritten_unless_told(sync: Command) -> None:
    path = sync.folder / "tempo-sync.toml"
    path.write_text("mine", encoding="utf-8")
    refused = sync("init")
    assert refused.code == 5
    assert "--force" in refused.err
    assert path.read_text(encoding="utf-8") == "mine"
    forced = sync("init", "--force", "--json")
    assert forced.code == 0
    assert forced.json == {"written": "tempo-sync.toml"}
    assert read_settings(path).days_ahead == 90
    assert [file.name for file in sync.folder.iterdir()] == ["tempo-sync.toml"]


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_nobody_else_can_read_it(sync: Command) -> None:
    sync("init")
    assert stat.S_IMODE((sync.folder / "tempo-sync.toml").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "wrong", [["--tempo-url", "api.tempo.io"], ["--jira-url", "https://a\n"], ["--jira-user", "a\nb"], ["--nope"]]
)
def test_a_mistyped_option_is_5_and_writes_nothing(sync: Command, wrong: list[str]) -> None:
    assert sync("init", *wrong).code == 5
    assert not list(sync.folder.iterdir())


def test_a_folder_that_is_not_there(sync: Command) -> None:
    said = sync("init", "--config", "nowhere/tempo-sync.toml")
    assert said.code == 5
    assert "cannot be written" in said.err
