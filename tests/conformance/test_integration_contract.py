"""How the suite reads rules, what it takes for the same time, and what it says of commands and fakes that do not start."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from conformance.calls import Unmet
from conformance.integration import fake
from conformance.integration.contract import Commands, Integration, Rule, covered, need_kept, need_rules, need_unchanged
from conformance.run import Absent

WORLD: Any = SimpleNamespace(
    url="http://127.0.0.1:1", tempo_url="http://127.0.0.1:1", tempo_token="tempo-secret",
    jira_user="a@example.org", jira_token="jira-secret",
    secrets=("tempo-secret", "jira-secret"), selected=("HR-1", "HR-2"),
)  # fmt: skip
GOOD = {"accountId": "a", "issueKey": "HR-1", "zone": "UTC", "begin": "2026-03-09T09:00", "end": "2026-03-09T13:00"}


def rule(begin: str, end: str, *, issue: str = "HR-1", row: str = "") -> Rule:
    return Rule("a", issue, "UTC", datetime.fromisoformat(begin), datetime.fromisoformat(end), row)


def times(rules: list[Rule]) -> list[tuple[str, str]]:
    return [(f"{spell.begin:%d %H:%M}", f"{spell.end:%d %H:%M}") for spell in covered(rules)]


def integration(folder: Path, words: str, preview: str = "") -> Integration:
    command = f"{sys.executable} -c {json.dumps(words)}"
    return Integration(Commands(command, preview, command, 20.0), WORLD, folder)


@pytest.mark.parametrize(
    ("rules", "spells"),
    [
        ([("2026-03-09T09:00", "2026-03-09T11:00"), ("2026-03-09T11:00", "2026-03-09T12:00")], [("09 09:00", "09 12:00")]),
        ([("2026-03-09T09:00", "2026-03-09T11:00"), ("2026-03-09T10:00", "2026-03-09T10:30")], [("09 09:00", "09 11:00")]),
        ([("2026-03-09T00:00", "2026-03-09T23:59"), ("2026-03-10T00:00", "2026-03-10T23:59")], [("09 00:00", "11 00:00")]),
        ([("2026-03-09T00:00", "2026-03-10T23:59")], [("09 00:00", "11 00:00")]),
        ([("2026-03-09T22:00", "2026-03-09T23:59"), ("2026-03-10T00:00", "2026-03-10T02:00")], [("09 22:00", "10 02:00")]),
        (
            [("2026-03-09T09:00", "2026-03-09T10:00"), ("2026-03-09T10:01", "2026-03-09T11:00")],
            [("09 09:00", "09 10:00"), ("09 10:01", "09 11:00")],
        ),
    ],
)
def test_rules_that_touch_are_one_spell(rules: list[tuple[str, str]], spells: list[tuple[str, str]]) -> None:
    assert times([rule(*pair) for pair in rules]) == spells
    assert times([rule(*pair) for pair in reversed(rules)]) == spells


def test_rules_of_two_issues_never_are_one_spell() -> None:
    pair = [rule("2026-03-09T09:00", "2026-03-09T10:00"), rule("2026-03-09T10:00", "2026-03-09T11:00", issue="HR-2")]
    assert len(covered(pair)) == 2


def test_what_is_covered_must_be_covered_still() -> None:
    before = [rule("2026-03-09T09:00", "2026-03-09T13:00")]
    need_kept(before, [rule("2026-03-09T08:00", "2026-03-09T13:00")])
    for after in (
        [],
        [rule("2026-03-09T09:00", "2026-03-09T12:00")],
        [rule("2026-03-09T09:00", "2026-03-09T13:00", issue="HR-2")],
    ):
        with pytest.raises(Unmet, match="gone or made less: a HR-1 2026-03-09T09:00"):
            need_kept(before, after)


def test_a_rule_told_twice_is_a_change() -> None:
    once = [rule("2026-03-09T09:00", "2026-03-09T13:00", row="{}")]
    need_unchanged(once, list(once))
    with pytest.raises(Unmet, match="the same rules"):
        need_unchanged(once, once * 2)


def test_missing_rules_are_told_with_both_sides() -> None:
    with pytest.raises(Unmet) as raised:
        need_rules([], covered([rule("2026-03-09T09:00", "2026-03-09T13:00")]))
    assert raised.value.expected == "rules over a HR-1 2026-03-09T09:00 to 2026-03-09T13:00 UTC"
    assert raised.value.got == "rules over nothing"


def test_rules_are_read_with_members_of_ones_own(tmp_path: Path) -> None:
    told = repr(json.dumps({"rules": [{**GOOD, "id": 7}], "version": 1}))
    (found,) = integration(tmp_path, f"print({told})").rules()
    assert found[:3] == ("a", "HR-1", "UTC")
    assert (found.begin, found.end) == (datetime(2026, 3, 9, 9), datetime(2026, 3, 9, 13))


@pytest.mark.parametrize(
    "told",
    ["", "[]", "nothing", '{"rules": {}}'.replace("{}", "7"), json.dumps({"rules": ["x"]})]
    + [json.dumps({"rules": [{name: value for name, value in GOOD.items() if name != gone}]}) for gone in GOOD]
    + [
        json.dumps({"rules": [{**GOOD, **wrong}]})
        for wrong in (
            {"begin": "2026-03-09T09:00+01:00"},
            {"end": "2026-03-09T09:00"},
            {"zone": ""},
            {"accountId": 7},
            {"end": 7},
        )
    ],
)
def test_rules_in_another_form_are_not_met(tmp_path: Path, told: str) -> None:
    with pytest.raises(Unmet, match="on stdout"):
        integration(tmp_path, f"print({told!r})").rules()


def test_variables_are_those_of_the_contract(tmp_path: Path) -> None:
    words = "import json, os; print(json.dumps({n: v for n, v in os.environ.items() if n.startswith(('TEMPO_', 'JIRA_'))}))"
    made = integration(tmp_path, words)
    found, slow = json.loads(made.run().out), json.loads(made.run(hasty=False).out)
    assert json.loads(Path(found.pop("TEMPO_ABSENCES_SETUP")).read_text()) == {
        "issues": ["HR-1", "HR-2"], "template": {"message": "I am away."},
    }  # fmt: skip
    assert found == {
        "TEMPO_URL": WORLD.url, "TEMPO_TOKEN": "tempo-secret", "JIRA_URL": WORLD.url, "JIRA_USER": "a@example.org",
        "JIRA_TOKEN": "jira-secret", "TEMPO_ABSENCES_STATE": str(tmp_path / "state"), "TEMPO_ABSENCES_HASTE": "1",
    }  # fmt: skip
    assert slow["TEMPO_ABSENCES_HASTE"] == "0"
    assert list((tmp_path / "state").iterdir()) == []


def test_failing_command_is_told_without_secrets(tmp_path: Path) -> None:
    with pytest.raises(Unmet) as raised:
        integration(tmp_path, "import sys; sys.exit('jira-secret is wrong')").applied()
    assert "exit code 1 of" in raised.value.got
    assert "stderr: *** is wrong" in raised.value.got


def test_preview_that_is_not_there_is_a_lack_and_no_failure(tmp_path: Path) -> None:
    with pytest.raises(Absent, match="no --preview command"):
        integration(tmp_path, "pass").preview()


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("/no/such/program", "No such file"),
        (f"{sys.executable} -c pass", "ended without"),
        (f"{sys.executable} -c 'import time; time.sleep(60)'", "ended without"),
    ],
)
def test_fake_that_does_not_start_is_told(command: str, told: str) -> None:
    with pytest.raises(Unmet, match=told), fake.started(command, 1.0):
        pass
