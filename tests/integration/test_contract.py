"""The sync by the contract of the conformance suite: what it says of variables and words that cannot be used."""

import json
from pathlib import Path

import pytest

from integration import contract
from integration.exits import Exit

VARIABLES = (
    "TEMPO_URL", "TEMPO_TOKEN", "JIRA_URL", "JIRA_USER", "JIRA_TOKEN", "TEMPO_ABSENCES_SETUP", "TEMPO_ABSENCES_STATE",
)  # fmt: skip


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Variables of a server that nobody runs; answers the path of the setup."""
    setup = tmp_path / "setup.json"
    setup.write_text(json.dumps({"issues": ["HR-1"], "template": {"message": "I am away."}}))
    url = "http://127.0.0.1:1"
    for name, value in zip(VARIABLES, (url, "t" * 20, url, "a@example.org", "j" * 20, str(setup), str(tmp_path)), strict=True):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TEMPO_ABSENCES_HASTE", "1")
    return setup


@pytest.mark.parametrize("words", [[], ["walk"], ["run", "preview"]])
def test_wrong_word_is_usage_and_not_pending(environment: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert contract.main(words) == Exit.USAGE
    assert "run, preview, rules" in capsys.readouterr().err


@pytest.mark.parametrize("name", VARIABLES)
def test_missing_variable_is_named(
    environment: Path, monkeypatch: pytest.MonkeyPatch, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(name)
    assert contract.main(["run"]) == Exit.USAGE
    told = capsys.readouterr().err
    assert name in told
    assert told.count("\n") == 1


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"issues": ["HR-1"]}', '{"issues": "HR-1", "template": {"message": "x"}}',
     '{"issues": [1], "template": {"message": "x"}}', '{"issues": [], "template": {"message": "x"}}',
     '{"issues": ["HR-1"], "template": {"message": ""}}'],
)  # fmt: skip
def test_setup_that_cannot_be_used_is_told(environment: Path, content: str, capsys: pytest.CaptureFixture[str]) -> None:
    environment.write_text(content)
    assert contract.main(["run"]) == Exit.USAGE
    assert str(environment) in capsys.readouterr().err


def test_nobody_at_the_address_is_unreadable(environment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert contract.main(["run"]) == Exit.UNREADABLE
    told = capsys.readouterr()
    assert "cannot be reached" in told.err
    assert "t" * 20 not in told.out + told.err


def test_rules_before_the_first_run_are_none(environment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert contract.main(["rules"]) == Exit.IN_SYNC
    assert json.loads(capsys.readouterr().out) == {"rules": []}


def test_help_tells_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert contract.main(["--help"]) == Exit.IN_SYNC
    assert "7  done, but incomplete" in capsys.readouterr().out
