"""Runs of the checks of plans and schemes against a real fake server: what they need, and what they leave behind."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

ROOT = Path(__file__).parents[2]
TARGET = ROOT / "fixtures" / "guide" / "target.toml"
HEADERS = {"Authorization": "Bearer demo-token-of-fred-not-a-secret"}
BOB = "5b10a2844c20165700ede223"


def test_nobody_is_moved_where_the_target_does_not_allow_it(fake: str, judge: Any, tmp_path: Path) -> None:
    target = tmp_path / "target.toml"
    target.write_text(TARGET.read_text().replace("move_members = true", ""))
    verdict = judge(fake, "--requirement", "cloud_schemes.members.*", target=target)
    assert verdict.code == 0, verdict.output
    skipped = {name.partition("[")[0] for name, outcome in verdict.outcomes.items() if outcome == "skipped"}
    assert skipped == {
        "test_nobody_moves_into_an_unknown_scheme",
        "test_moving_members_answers_204_without_body",
        "test_moved_member_leaves_the_scheme_before",
    }
    assert "[cloud] move_members = true" in verdict.output


def test_approval_is_not_checked_where_the_site_has_none(fake: str, judge: Any) -> None:
    site = requests.post(
        f"{fake}/_mock/sites", json={"settings": {"globalConfiguration.planApprovalEnabled": "off"}}, timeout=10
    ).json()
    verdict = judge(f"{fake}/sites/{site['name']}", "--face", "cloud", "--requirement", "cloud_plan_approvals.*")
    assert verdict.code == 5, verdict.output
    assert "the site does not have plans approved" in verdict.output


@pytest.mark.parametrize(
    ("path", "slug"), [("plans", "cloud_plans.list.shape"), ("workload-schemes", "cloud_schemes.create.*")]
)
def test_what_no_answer_admitted_is_swept_up(
    fake: str, lying: Any, judge: Any, planned_left: Any, path: str, slug: str
) -> None:
    def hides_ids(ask: Any, forward: Any) -> Any:
        reply = forward(ask)
        hidden = ask.method == "POST" and ask.path == f"/4/{path}" and reply.status == 200
        # The first plan finds out which days the site takes; hidden too, it would end the run before the check.
        return reply.saying({}) if hidden and not re.search(rb'"startDate": "2040-01-01"', ask.body) else reply

    verdict = judge(lying(fake, hides_ids), "--face", "cloud", "--face", "jira_cloud", "--requirement", slug)
    assert verdict.code == 1, verdict.output
    assert "left behind" not in verdict.output
    assert planned_left(fake) == []


def test_who_could_not_be_moved_back_is_told(fake: str, lying: Any, judge: Any, planned_left: Any) -> None:
    moves: list[str] = []

    def moves_once(ask: Any, forward: Any) -> Any:
        if ask.method == "POST" and re.fullmatch(r"/4/workload-schemes/\d+/members", ask.path):
            moves.append(ask.path)
            if len(moves) > 1:
                return replace(forward(replace(ask, path="/4/workload-schemes/999999/members")), status=403)
        return forward(ask)

    slug = "cloud_schemes.members.moved-204"
    verdict = judge(lying(fake, moves_once), "--requirement", slug)
    assert verdict.code == 1, verdict.output
    assert re.search(r"member outside of workload scheme \d+: is now in scheme \d+", verdict.output)
    assert requests.post(
        f"{fake}/4/workload-schemes/1/members", json={"accountIds": [BOB]}, headers=HEADERS, timeout=10
    ).status_code in (200, 204)
    for row in requests.get(f"{fake}/4/workload-schemes", headers=HEADERS, timeout=10).json()["results"]:
        if "conformance" in row["name"]:
            requests.delete(f"{fake}/4/workload-schemes/{row['id']}", headers=HEADERS, timeout=10)
    assert planned_left(fake) == []
