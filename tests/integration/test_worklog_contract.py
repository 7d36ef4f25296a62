"""The worklog sync by the contract of the conformance suite: what it says of variables and words that cannot be used."""

import json
from pathlib import Path
from typing import Any

import pytest

from integration import worklog_contract
from integration.exits import Exit

VARIABLES = (
    "TEMPO_URL", "TEMPO_TOKEN", "JIRA_URL", "JIRA_USER", "JIRA_TOKEN", "TEMPO_WORKLOGS_SETUP", "TEMPO_WORKLOGS_STATE",
)  # fmt: skip
CONTRACT: dict[str, Any] = {"person": "a", "first": "2026-03-01", "last": None, "week": [0, 8, 8, 8, 8, 8, 0]}
SETUP: dict[str, Any] = {
    "contracts": [CONTRACT],
    "period": {"from": "2026-03-01", "to": "2026-03-14"},
    "appAccount": "557058:app",
}


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Variables of a server that nobody runs; answers the path of the setup."""
    setup = tmp_path / "setup.json"
    setup.write_text(json.dumps(SETUP))
    url = "http://127.0.0.1:1"
    for name, value in zip(VARIABLES, (url, "t" * 20, url, "a@example.org", "j" * 20, str(setup), str(tmp_path)), strict=True):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TEMPO_WORKLOGS_HASTE", "1")
    return setup


@pytest.mark.parametrize("words", [[], ["walk"], ["run", "accounts"], ["rules"]])
def test_wrong_word_is_usage(environment: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert worklog_contract.main(words) == Exit.USAGE
    assert "run, accounts" in capsys.readouterr().err


@pytest.mark.parametrize("name", VARIABLES)
def test_missing_variable_is_named(
    environment: Path, monkeypatch: pytest.MonkeyPatch, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(name)
    assert worklog_contract.main(["run"]) == Exit.USAGE
    told = capsys.readouterr().err
    assert name in told
    assert told.count("\n") == 1


@pytest.mark.parametrize(
    "change",
    [
        {"contracts": None},
        {"contracts": [{}]},
        {"contracts": [7]},
        {"contracts": [{**CONTRACT, "week": [8, 8]}]},
        {"contracts": [{**CONTRACT, "week": [0, 25, 8, 8, 8, 8, 0]}]},
        {"contracts": [CONTRACT, CONTRACT]},
        {"contracts": [{**CONTRACT, "last": "2026-02-01"}]},
        {"period": {"from": "2026-03-01"}},
        {"period": {"from": "yesterday", "to": "2026-03-14"}},
        {"period": {"from": 7, "to": "2026-03-14"}},
        {"appAccount": ""},
        {"appAccount": None},
    ],
)
def test_setup_that_cannot_be_used_is_told(
    environment: Path, change: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    environment.write_text(json.dumps({**SETUP, **change}))
    for word in ("run", "accounts"):
        assert worklog_contract.main([word]) == Exit.USAGE
        told = capsys.readouterr().err
        assert str(environment) in told
        assert told.count("\n") == 1


@pytest.mark.parametrize("content", ["", "[]", "{}", "7"])
def test_setup_that_is_none_is_told(environment: Path, content: str, capsys: pytest.CaptureFixture[str]) -> None:
    environment.write_text(content)
    assert worklog_contract.main(["accounts"]) == Exit.USAGE
    assert str(environment) in capsys.readouterr().err


def test_nobody_at_either_address_is_unreadable(environment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert worklog_contract.main(["run"]) == Exit.UNREADABLE
    told = capsys.readouterr()
    assert "cannot be reached" in json.loads(told.out)["error"]
    assert "t" * 20 not in told.out + told.err
    assert worklog_contract.main(["accounts"]) == Exit.INCOMPLETE
    bean = json.loads(capsys.readouterr().out)
    assert (bean["complete"], bean["unattributed"]) == (False, 0)
    assert [reason["kind"] for reason in bean["reasons"]] == ["unreachable"]
    assert bean["accounts"] == [{"accountId": "a", "logged": None, "required": 288_000, "balance": None}]


def test_accounts_before_the_first_run_are_not_known(environment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert worklog_contract.main(["accounts"]) == Exit.INCOMPLETE
    bean = json.loads(capsys.readouterr().out)
    assert (bean["source"], bean["fallback"], bean["complete"]) == ("tempo", None, False)
    assert bean["accounts"] == [{"accountId": "a", "logged": None, "required": 288_000, "balance": None}]


def test_help_tells_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert worklog_contract.main(["--help"]) == Exit.IN_SYNC
    assert "6  done from the fallback source" in capsys.readouterr().out
