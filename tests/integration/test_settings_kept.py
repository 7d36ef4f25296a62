"""Settings asked for at every visit: understood once, and never older than the file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from integration.settings import Mistaken
from integration.settings_kept import SettingsKept

TEXT = '[site]\ntempo_url = "https://tempo.test"\njira_url = "https://jira.test"\n[absences]\ndays_ahead = {}\n'


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "tempo-sync.toml"
    path.write_text(TEXT.format(30))
    return path


def test_they_are_understood_once(config: Path) -> None:
    kept = SettingsKept(config)
    assert kept.now() is kept.now()


def test_a_change_counts_also_where_the_file_looks_the_same(config: Path) -> None:
    kept, before = SettingsKept(config), config.stat()
    assert kept.now().days_ahead == 30
    with config.open("r+") as file:
        file.write(TEXT.format(31))
    os.utime(config, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert kept.now().days_ahead == 31


def test_a_mistake_is_told_until_it_is_put_right(config: Path) -> None:
    kept = SettingsKept(config)
    kept.now()
    config.write_text("[site")
    for _ in range(2):
        with pytest.raises(Mistaken, match="not TOML"):
            kept.now()
    config.unlink()
    with pytest.raises(Mistaken, match="There is no"):
        kept.now()
    config.write_text(TEXT.format(32))
    assert kept.now().days_ahead == 32


@pytest.mark.skipif(os.name == "nt", reason="modes of files are of other systems")
def test_a_token_that_others_can_read_is_refused_also_when_only_the_mode_changed(config: Path) -> None:
    config.write_text(TEXT.format(30) + '[token]\ntempo = "text:not-a-secret"\n')
    config.chmod(0o600)
    kept = SettingsKept(config)
    kept.now()
    config.chmod(0o644)
    with pytest.raises(Mistaken, match="chmod 600"):
        kept.now()
