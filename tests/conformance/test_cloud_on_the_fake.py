"""Runs of the checks of Tempo Cloud against a real fake server: below a prefix, read only, with little in the target."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

ACCOUNT = "5b10a2844c20165700ede21f"
ALL_TOKENS = "demo-token-of-fred-not-a-secret"
HEADERS = {"Authorization": f"Bearer {ALL_TOKENS}"}
NAMED = (
    "workload-schemes",
    "holiday-schemes",
    "teams",
    "roles",
    "programs",
    "permission-roles",
    "accounts",
    "customers",
    "account-categories",
    "work-attributes",
)
TOKEN_ALONE = f"""
[faces]
cloud = ""
[cloud]
issue = 10207
[personas.admin]
token = "{ALL_TOKENS}"
account_id = "{ACCOUNT}"
"""


def named_by_a_run(url: str, run: str) -> list[str]:
    """What is listed under the name of a run, of every noun."""
    found: list[str] = []
    for noun in NAMED:
        listed = requests.get(f"{url}/4/{noun}", params={"limit": "5000"}, headers=HEADERS, timeout=10).json()
        found += [f"{noun} {item['name']}" for item in listed["results"] if item["name"].startswith(run)]
    resources = requests.post(f"{url}/4/generic-resources/search", json={"limit": 5000}, headers=HEADERS, timeout=10).json()
    names = [item["name"] for item in resources["results"]]
    return found + [f"generic-resources {name}" for name in names if name.startswith(run)]


def run_prefix(output: str) -> str:
    """The prefix a run told in its header."""
    return output.partition('called "')[2].partition(" ")[0]


@pytest.mark.slow
def test_suite_passes_below_a_site_prefix(fake: str, judge: Any) -> None:
    site = requests.post(f"{fake}/_mock/sites", json={}, timeout=10).json()
    url = f"{fake}/sites/{site['name']}"
    faces = ("--face", "cloud", "--face", "jira_cloud")
    verdict = judge(url, *faces, "-k", "paging or writes or people or jira_cloud_issues")
    assert verdict.code == 0, verdict.output
    assert set(verdict.outcomes.values()) == {"passed"}
    assert run_prefix(verdict.output).startswith("conformance-")
    assert named_by_a_run(url, run_prefix(verdict.output)) == []


def test_target_with_a_token_alone_is_enough(fake: str, judge: Any, tmp_path: Path) -> None:
    target = tmp_path / "target.toml"
    target.write_text(TOKEN_ALONE)
    verdict = judge(fake, "--seed", "again", "-k", "windows or myself or team_lists", target=target)
    assert verdict.code == 0, verdict.output
    assert verdict.outcomes["test_window_holds_its_first_and_last_day[0]"] == "passed"
    assert "seed again: everything it makes is called" in verdict.output
    assert "the target has no face datacenter" in verdict.output
    assert "the target has no face jira_cloud" in verdict.output


def test_face_that_is_not_asked_for_is_left_out(fake: str, judge: Any) -> None:
    verdict = judge(fake, "--face", "jira_cloud", "--read-only")
    assert verdict.code == 0, verdict.output
    assert {properties["requirement"].partition("_")[0] for properties in verdict.properties.values()} == {"jira"}


def test_without_an_issue_to_log_work_on_the_reason_is_told(fake: str, judge: Any, tmp_path: Path) -> None:
    target = tmp_path / "target.toml"
    target.write_text(TOKEN_ALONE.replace("issue = 10207", ""))
    verdict = judge(fake, "--face", "cloud", "--requirement", "cloud_windows.order.default", target=target)
    assert verdict.code == 5, verdict.output
    assert "no issue to log work on: the target names none ([cloud] issue)" in verdict.output


def test_site_that_requires_a_work_attribute_gets_no_worklogs(fake: str, judge: Any) -> None:
    site = requests.post(f"{fake}/_mock/sites", json={}, timeout=10).json()
    url = f"{fake}/sites/{site['name']}"
    body = {"key": "_Task_", "name": "Task", "type": "INPUT_FIELD", "required": True}
    assert requests.post(f"{url}/4/work-attributes", json=body, headers=HEADERS, timeout=10).status_code == 200
    verdict = judge(url, "--face", "cloud", "--requirement", "cloud_writes.create.answers-200")
    assert verdict.code == 0, verdict.output
    assert [name for name, outcome in verdict.outcomes.items() if outcome == "skipped"] == [
        "test_create_answers_200_and_not_201[worklog]"
    ]
    assert "the site requires the work attributes _Task_" in verdict.output


def test_refused_token_is_said_in_one_sentence(fake: str, judge: Any, tmp_path: Path) -> None:
    target = tmp_path / "target.toml"
    target.write_text(TOKEN_ALONE.replace(ALL_TOKENS, "no-such-token-of-tempo-cloud"))
    verdict = judge(fake, target=target)
    assert verdict.code == 2
    assert "admin cannot log in at" in verdict.output
    assert "no-such-token" not in verdict.output


def test_face_at_a_wrong_path_is_said_in_one_sentence(fake: str, judge: Any, tmp_path: Path) -> None:
    target = tmp_path / "target.toml"
    target.write_text(TOKEN_ALONE.replace('cloud = ""', 'cloud = "/jira"'))
    verdict = judge(fake, target=target)
    assert verdict.code == 2
    assert f"no Tempo Cloud is below {fake}/jira" in verdict.output


def test_what_no_answer_admitted_is_swept_up(fake: str, lying: Any, judge: Any) -> None:
    def hides_keys(ask: Any, forward: Any) -> Any:
        reply = forward(ask)
        made = ask.method == "POST" and re.fullmatch(r"/4/(customers|worklogs)", ask.path) and reply.status == 200
        return reply.saying({}) if made and b"conformance" in ask.body else reply

    verdict = judge(lying(fake, hides_keys), "--requirement", "cloud_customers.list.shape")
    assert set(verdict.outcomes.values()) == {"failed"} or set(verdict.outcomes.values()) == {"error"}, verdict.output
    assert [name for name in named_by_a_run(fake, "conformance-") if name.startswith("customers")] == []
    assert "left behind" not in verdict.output


@pytest.mark.slow
@pytest.mark.parametrize(
    ("hidden", "requirement"),
    [
        ("generic-resources", "cloud_generic_resources.search.ids"),
        ("programs", "cloud_programs.list.holds-new"),
        ("team-links", "cloud_team_links.read.as-created"),
    ],
)
def test_used_things_are_swept_up_where_nothing_used_is_removed(
    fake: str, lying: Any, judge: Any, hidden: str, requirement: str
) -> None:
    """The site keeps teams with links or generic resources, and programs with teams, and one kind is never told."""
    used = {"cloud.usedTeam": "400", "cloud.usedProgram": "400"}
    site = requests.post(f"{fake}/_mock/sites", json={"settings": used}, timeout=10).json()["name"]

    def hides_ids(ask: Any, forward: Any) -> Any:
        reply = forward(ask)
        return reply.saying({}) if ask.method == "POST" and ask.path.endswith(f"/4/{hidden}") and reply.status == 200 else reply

    verdict = judge(f"{lying(fake, hides_ids)}/sites/{site}", "--requirement", requirement)
    assert "passed" not in verdict.outcomes.values(), verdict.output
    assert named_by_a_run(f"{fake}/sites/{site}", "conformance-") == []
    assert "left behind" not in verdict.output
    for asked in (requirement, "cloud_programs.teams.*", "cloud_generic_resources.team.*"):
        verdict = judge(f"{fake}/sites/{site}", "--requirement", asked)
        assert set(verdict.outcomes.values()) == {"passed"}, verdict.output
        assert verdict.code == 0, verdict.output
    assert named_by_a_run(f"{fake}/sites/{site}", "conformance-") == []


def test_what_cannot_be_removed_is_told(fake: str, lying: Any, judge: Any) -> None:
    def keeps_customers(ask: Any, forward: Any) -> Any:
        if ask.method == "DELETE" and ask.path.startswith("/4/customers/"):
            return replace(forward(replace(ask, method="GET", path="/4/roles")), status=204, body=b"")
        return forward(ask)

    verdict = judge(lying(fake, keeps_customers), "--requirement", "cloud_customers.list.shape")
    assert set(verdict.outcomes.values()) == {"passed"}
    assert verdict.code == 1
    assert "left behind on the server" in verdict.output
    assert re.search(r"customer conformance-\w+-\d+: still listed after its deletion", verdict.output)
    listed = requests.get(f"{fake}/4/customers", headers=HEADERS, timeout=10).json()["results"]
    for item in listed:
        if item["key"].startswith("conformance-"):
            assert requests.delete(f"{fake}/4/customers/{item['key']}", headers=HEADERS, timeout=10).status_code == 204


def test_tokens_are_not_in_the_output_of_a_failing_run(fake: str, lying: Any, judge: Any) -> None:
    verdict = judge(lying(fake, lambda ask, forward: replace(forward(ask), status=418)), "--face", "cloud", "-k", "scopes")
    assert verdict.code == 1, verdict.output
    assert "not-a-secret" not in verdict.output
    assert "$VIEWER_TOKEN" in verdict.output
