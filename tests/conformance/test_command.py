"""The command: usage errors as one sentence, exit codes, the list of requirements."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conformance import cli

TARGET = Path(__file__).parents[2] / "fixtures" / "guide" / "target.toml"


def refuse(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    assert cli.main(argv) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    return told.err


def test_nothing_at_the_url_is_said_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    told = refuse(capsys, "server", "--tempo-url", "http://127.0.0.1:1", "--target", str(TARGET))
    assert "nothing answers at http://127.0.0.1:1 (connection refused): start the server first" in told


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("localhost:8090", "is not a URL such as"),
        ("ftp://localhost", "is not a URL such as"),
        ("http://fred:fred@localhost:8090", "must not hold a user or a password"),
        ("http://localhost:8090/?a=b", "without ? and #"),
    ],
)
def test_url_that_is_none_is_said_in_one_sentence(capsys: pytest.CaptureFixture[str], url: str, told: str) -> None:
    assert told in refuse(capsys, "server", "--tempo-url", url, "--target", str(TARGET))


def test_missing_target_file_is_said_in_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    missing = tmp_path / "nothing.toml"
    told = refuse(capsys, "server", "--tempo-url", "http://127.0.0.1:1", "--target", str(missing))
    assert str(missing) in told
    assert "Traceback" not in told


def test_damaged_target_file_is_said_in_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    target = tmp_path / "target.toml"
    target.write_text("[personas.admin\n")
    assert "is not valid TOML" in refuse(capsys, "server", "--tempo-url", "http://127.0.0.1:1", "--target", str(target))


@pytest.mark.parametrize("argv", [["server"], ["server", "--tempo-url", "http://127.0.0.1:1"]])
def test_incomplete_command_is_said_in_one_sentence(capsys: pytest.CaptureFixture[str], argv: list[str]) -> None:
    assert "server needs --tempo-url URL and --target FILE" in refuse(capsys, *argv)


@pytest.mark.parametrize(
    "argv", [["nonsense"], ["requirements", "--nonsense"], ["server", "--http-timeout", "0"], ["server", "--face", "moon"]]
)
def test_wrong_argument_exits_with_usage(capsys: pytest.CaptureFixture[str], argv: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(argv)
    assert stopped.value.code == 2
    assert "usage: tempo-conformance" in capsys.readouterr().err


@pytest.mark.parametrize("argv", [["--help"], ["server", "--help"]])
def test_help_documents_the_exit_codes(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(argv)
    assert stopped.value.code == 0
    told = capsys.readouterr().out
    for code in range(6):
        assert f"\n  {code}  " in told


def test_requirements_are_listed_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["requirements"]) == 0
    told = capsys.readouterr().out
    assert "teams.create.name-required  (strict, grade A+C, 1 check)" in told
    assert "grade O " in told


def test_requirements_are_listed_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["requirements", "--json"]) == 0
    found = {entry["id"]: entry for entry in json.loads(capsys.readouterr().out)}
    entry = found["teams.create.name-required"]
    assert entry["checks"] == ["datacenter/test_teams_write.py::test_v2_create_without_name_is_refused"]
    assert entry["endpoints"] == ["POST /rest/tempo-teams/2/team"]
    assert entry["tier"] == "strict"


def test_unknown_requirement_is_refused(fake: str, judge: object) -> None:
    assert callable(judge)
    verdict = judge(fake, "--requirement", "teams.nonsense")
    assert verdict.code == 2
    assert "no requirement is called teams.nonsense" in verdict.output


def test_selection_that_matches_nothing_is_no_success(fake: str, judge: object) -> None:
    assert callable(judge)
    assert judge(fake, "-k", "no_such_check").code == 5


def test_a_persona_who_cannot_log_in_is_said_in_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, fake: str
) -> None:
    target = tmp_path / "target.toml"
    target.write_text(TARGET.read_text(encoding="utf-8").replace('password = "erica"', 'password = "wrong"'), encoding="utf-8")
    told = refuse(capsys, "server", "--tempo-url", fake, "--target", str(target))
    assert "erica cannot log in" in told
    assert "[personas.lead]" in told
    assert "wrong" not in told
