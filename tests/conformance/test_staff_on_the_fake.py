"""Runs of the checks of connecting people against a real fake server: what they leave, and when they are skipped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import requests

from conformance.calls import redact_body

SOME = ("--requirement", "staff.failure.reason", "--requirement", "staff.map.maps")
HEADERS = {"Authorization": "Bearer demo-token-of-fred-not-a-secret"}


@pytest.mark.slow
def test_fake_meets_every_requirement_and_keeps_no_site(fake: str, judge: Any) -> None:
    verdict = judge(fake, "--face", "staff")
    assert verdict.code == 0, verdict.output
    assert set(verdict.outcomes.values()) == {"passed"}, verdict.output
    assert [
        site["name"] for site in requests.get(f"{fake}/_mock/sites", timeout=10).json() if "conformance" in site["name"]
    ] == []


def test_server_below_a_path_is_judged_there(fake: str, judge: Any) -> None:
    site = requests.post(f"{fake}/_mock/sites", json={}, timeout=10).json()["name"]
    verdict = judge(f"{fake}/sites/{site}", "--face", "staff", *SOME)
    assert (verdict.code, set(verdict.outcomes.values())) == (0, {"passed"}), verdict.output


def test_checks_leave_the_world_of_the_server_as_it_was(fake: str, judge: Any) -> None:
    def world() -> Any:
        paths = ("apps", "staff?active=all", "providers/github", "staff/jobs")
        return [requests.get(f"{fake}/_mock/{path}", headers=HEADERS, timeout=10).json() for path in paths]

    before = world()
    verdict = judge(fake, *SOME)
    assert (verdict.code, set(verdict.outcomes.values())) == (0, {"passed"}), verdict.output
    assert world() == before


@pytest.mark.parametrize(
    ("change", "options", "reason"),
    [
        (('staff = ""\n', ""), (), "the target has no face staff"),
        (("[personas.member]", "[personas.absences]"), (), "the target has no persona member"),
        (("", ""), ("--read-only",), "the check has to write and the run is --read-only"),
    ],
    ids=["no face", "no persona", "read only"],
)
def test_where_nothing_can_be_checked_the_reason_is_told(
    fake: str, judge: Any, tmp_path: Path, change: tuple[str, str], options: tuple[str, ...], reason: str
) -> None:
    target = tmp_path / "target.toml"
    token = 'token = "demo-token-of-{}-not-a-secret"\naccount_id = "{}"\n'
    text = '[faces]\ncloud = ""\nstaff = ""\n'
    text += "[personas.admin]\n" + token.format("fred", "5b10a2844c20165700ede21f")
    text += "[personas.member]\n" + token.format("bob", "5b10a2844c20165700ede223")
    target.write_text(text.replace(*change) if change[0] else text)
    verdict = judge(fake, *SOME, *options, target=target)
    assert verdict.code == 5, verdict.output
    assert set(verdict.outcomes.values()) == {"skipped"}
    assert reason in verdict.output


def test_face_at_a_wrong_path_is_said_in_one_sentence(fake: str, judge: Any, tmp_path: Path) -> None:
    target = tmp_path / "target.toml"
    target.write_text('[faces]\nstaff = "/nowhere"\n')
    verdict = judge(fake, target=target)
    assert verdict.code == 2
    assert f"nothing of _mock/staff is below {fake}/nowhere" in verdict.output


@pytest.mark.parametrize(("key", "is_hidden"), [("github-" + "x" * 43, True), ("demo-key-of-github-not-a-secret", False)])
def test_keys_of_apps_are_hidden_and_short_ones_are_not(key: str, is_hidden: bool) -> None:
    assert (key not in redact_body(f'{{"key": "{key}"}}')) is is_hidden
