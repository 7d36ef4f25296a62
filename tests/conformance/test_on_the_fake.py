"""Whole runs of the suite against a real fake server."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

ROOT = Path(__file__).parents[2]
TARGET = ROOT / "fixtures" / "guide" / "target.toml"
READS_BY_POST = re.compile(
    r"/jira/rest/tempo-teams/(3/search|2/team/members)|/4/.*search|/4/worklogs/(jira-to-tempo|tempo-to-jira)"
    r"|/4/plan-approvals/plans-for-review"
    r"|/rest/api/3/(search|search/jql|permissions/check|worklog/list)"
)


def left_behind(url: str, run: str = "conformance-") -> list[str]:
    answer = requests.get(f"{url}/jira/rest/tempo-teams/2/team", auth=("fred", "fred"), timeout=10)
    return [team["name"] for team in answer.json() if team["name"].startswith(run)]


def run_prefix(output: str) -> str:
    """The prefix a run told in its header."""
    return output.partition('called "')[2].partition(" ")[0]


@pytest.mark.slow
def test_fake_passes_every_check_and_is_left_clean(fake: str, judge: Any, planned_left: Any) -> None:
    verdict = judge(fake)
    assert verdict.code == 0, verdict.output
    assert {name: outcome for name, outcome in verdict.outcomes.items() if outcome != "passed"} == {}
    assert left_behind(fake, run_prefix(verdict.output)) == []
    assert planned_left(fake) == []


def test_run_works_in_a_folder_with_a_hostile_pytest_setup(fake: str, judge: Any, tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\nunknown = 1\n")
    (tmp_path / "conftest.py").write_text("raise SystemExit('this must not be read')\n")
    verdict = judge(fake, "--requirement", "roles.*")
    assert verdict.code == 0, verdict.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["conftest.py", "pytest.ini", "report.xml"]


@pytest.mark.slow
def test_read_only_run_sends_no_write(fake: str, lying: Any, judge: Any) -> None:
    writes: list[str] = []

    def watch(ask: Any, forward: Any) -> Any:
        if ask.method != "GET" and not READS_BY_POST.fullmatch(ask.path.partition("?")[0]):
            writes.append(f"{ask.method} {ask.path}")
        return forward(ask)

    verdict = judge(lying(fake, watch), "--read-only")
    assert verdict.code == 0, verdict.output
    assert writes == []
    assert "skipped" in verdict.outcomes.values()
    assert "the run is --read-only" in verdict.output


def test_what_a_server_cannot_remove_is_not_made_on_it(fake: str, lying: Any, judge: Any) -> None:
    made: list[str] = []

    def serves_no_guesses(ask: Any, forward: Any) -> Any:
        """Has no call to remove a role, a program or a link, and none to make a link."""
        if ask.method == "DELETE" and re.fullmatch(r"/jira/rest/tempo-teams/(2/role|2/program|1/link)/\d+", ask.path):
            return forward(replace(ask, method="GET", path="/jira/rest/tempo-teams/2/no-such-resource"))
        if ask.method == "POST" and ask.path == "/jira/rest/tempo-teams/1/link":
            return forward(replace(ask, method="GET", path="/jira/rest/tempo-teams/2/no-such-resource"))
        if ask.method == "POST" and ask.path.endswith(("/2/role", "/2/program")):
            made.append(ask.path)
        return forward(ask)

    verdict = judge(lying(fake, serves_no_guesses), "--face", "datacenter", "-k", "roles or programs or links")
    assert verdict.code == 0, verdict.output
    assert made == []
    assert verdict.outcomes["test_create_answers_the_role_with_id"] == "skipped"
    assert verdict.outcomes["test_new_link_is_listed_once[project]"] == "skipped"
    assert verdict.outcomes["test_expanded_list_holds_the_program_of_a_team[one]"] == "passed"
    assert "a team role that was made could not be removed" in verdict.output
    assert "the server has no POST rest/tempo-teams/1/link" in verdict.output


def listed(url: str, noun: str) -> list[str]:
    """The names of the roles or programs that are there."""
    answer = requests.get(f"{url}/jira/rest/tempo-teams/2/{noun}", auth=("fred", "fred"), timeout=10)
    return [item["name"] for item in answer.json()]


def test_run_leaves_neither_roles_nor_programs(fake: str, judge: Any) -> None:
    before = listed(fake, "role"), listed(fake, "program")
    verdict = judge(fake, "--face", "datacenter", "-k", "roles or programs")
    assert verdict.code == 0, verdict.output
    assert (listed(fake, "role"), listed(fake, "program")) == before


def test_role_that_no_answer_admitted_is_swept_up(fake: str, lying: Any, judge: Any) -> None:
    def hides_ids(ask: Any, forward: Any) -> Any:
        reply = forward(ask)
        return reply.saying({}) if ask.method == "POST" and ask.path.endswith("/2/role") else reply

    verdict = judge(lying(fake, hides_ids), "--requirement", "roles.create.listed")
    assert set(verdict.outcomes.values()) == {"failed"}
    assert [name for name in listed(fake, "role") if name.startswith("conformance-")] == []
    assert "left behind" not in verdict.output


def test_strict_only_leaves_out_checks_of_tier_shape(fake: str, judge: Any) -> None:
    verdict = judge(fake, "--strict-only", "--read-only", "--face", "datacenter", "-k", "roles")
    assert {properties["tier"] for properties in verdict.properties.values()} == {"strict"}
    assert verdict.outcomes


@pytest.mark.slow
def test_two_runs_at_once_do_not_disturb_each_other(fake: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "conformance", "server", "--tempo-url", fake, "--target", str(TARGET), "-q"]
    command += ["--face", "datacenter"]

    def run(_: int) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False)

    with ThreadPoolExecutor(2) as pool:
        for done in pool.map(run, range(2)):
            assert done.returncode == 0, done.stdout


def test_interrupted_run_removes_what_it_made(fake: str, lying: Any, tmp_path: Path) -> None:
    made: list[str] = []
    running: list[subprocess.Popen[str]] = []

    def interrupt_after_third_team(ask: Any, forward: Any) -> Any:
        reply = forward(ask)
        if ask.method == "POST" and ask.path == "/jira/rest/tempo-teams/2/team" and reply.status == 200:
            made.append(reply.json["name"])
            if len(made) == 3:
                running[0].send_signal(signal.SIGINT)
        return reply

    url = lying(fake, interrupt_after_third_team)
    command = [
        sys.executable,
        "-m",
        "conformance",
        "server",
        "--tempo-url",
        url,
        "--target",
        str(TARGET),
        "-k",
        "teams_read",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as process:
        running.append(process)
        output, _ = process.communicate(timeout=120)
    assert process.returncode == 3, output
    assert len(made) == 3, output
    assert left_behind(fake, made[0].partition(" ")[0]) == []
    assert "left behind" not in output


def test_target_without_face_checks_nothing(fake: str, judge: Any, tmp_path: Path) -> None:
    target = tmp_path / "target.toml"
    target.write_text('[personas.admin]\nuser = "fred"\npassword = "fred"\n')
    verdict = judge(fake, target=target)
    assert verdict.code == 5, verdict.output
    assert set(verdict.outcomes.values()) == {"skipped"}
    assert "the target has no face datacenter" in verdict.output


def test_wrong_face_path_is_said_before_anything_is_judged(fake: str, judge: Any, tmp_path: Path) -> None:
    target = tmp_path / "target.toml"
    target.write_text('[faces]\ndatacenter = "/nowhere"\n[personas.admin]\nuser = "fred"\npassword = "fred"\n')
    verdict = judge(fake, target=target)
    assert verdict.code == 2
    assert f"neither Jira nor Tempo is below {fake}/nowhere" in verdict.output
    assert verdict.outcomes == {}


def test_missing_persona_skips_its_checks_with_the_reason(fake: str, judge: Any, tmp_path: Path) -> None:
    target = tmp_path / "target.toml"
    target.write_text('[faces]\ndatacenter = "/jira"\n[personas.admin]\nuser = "fred"\npat = "demo-pat-of-fred-not-a-secret"\n')
    verdict = judge(fake, "--face", "datacenter", "-k", "permissions or myself", target=target)
    assert verdict.code == 0, verdict.output
    assert verdict.outcomes["test_approve_permission_has_printed_name_and_weight"] == "passed"
    assert verdict.outcomes["test_permission_is_not_shown_to_browsers"] == "skipped"
    assert "the target has no persona outsider (in no team, no permission)" in verdict.output
