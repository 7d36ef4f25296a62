"""Approval of plans, on sites that have it: who is asked, who decides, and what a move does to a decision."""

from __future__ import annotations

from typing import Any

import pytest

from conformance import expect
from conformance.calls import Answer
from conformance.client import Caller
from conformance.cloud import planner_beans
from conformance.cloud.bench import PLAN, Bench, account_of
from conformance.cloud.pages import ids, results
from conformance.cloud.planner import ONE, Planner, window

Row = dict[str, Any]
pytestmark = pytest.mark.usefixtures("approval")


@pytest.fixture
def team(bench: Bench, lead: Caller, member: Caller) -> Row:
    """A team of the persona lead with the persona member in it."""
    made = bench.team(leadAccountId=account_of(lead))
    bench.join(made, member)
    return made


@pytest.fixture
def asked(planner: Planner, team: Row, lead: Caller, member: Caller) -> Row:
    """A plan of the persona member that the persona lead is asked to approve."""
    return planner.plan(member, planner.monday(), planApproval={"reviewerId": account_of(lead)})


def _waiting(lead: Caller, *statuses: str) -> Answer:
    return lead.search("4/plan-approvals/plans-for-review", (), {"includePastPlans": True, "statuses": list(statuses)})


def _decide(who: Caller, plan: Row, decision: str) -> Answer:
    return who.put(f"4/plan-approvals/{plan['id']}", {"status": decision})


def _status(who: Caller, plan: Row) -> tuple[Answer, Any]:
    answer = who.get(PLAN.place(plan["id"]))
    approval = expect.json_object(answer).get("planApproval")
    return answer, approval.get("status") if isinstance(approval, dict) else None


@pytest.mark.requirement("cloud_plan_approvals.create.requested")
def test_plan_with_a_reviewer_waits_for_approval(planner: Planner, team: Row, lead: Caller, member: Caller) -> None:
    made = planner.plan(member, planner.monday(), planApproval={"reviewerId": account_of(lead)})
    answer = member.get(PLAN.place(made["id"]))
    told: Row = expect.json_object(answer).get("planApproval") or {}
    expect.shape(answer, told, planner_beans.PLAN_APPROVAL, "planApproval")
    expect.equal(answer, "status", told["status"], "REQUESTED")
    expect.equal(answer, "reviewer", (told.get("reviewer") or {}).get("accountId"), lead.user)


@pytest.mark.requirement("cloud_plan_approvals.create.none-without-reviewer")
def test_plan_without_a_reviewer_has_no_approval(planner: Planner, member: Caller) -> None:
    made = planner.plan(member, planner.monday())
    answer = member.get(PLAN.place(made["id"]))
    expect.that(answer, "planApproval" not in expect.json_object(answer), "a plan without planApproval", "it has one")


@pytest.mark.requirement("cloud_plan_approvals.review.listed")
def test_reviewer_finds_the_plan_among_those_to_review(asked: Row, lead: Caller) -> None:
    answer = _waiting(lead, "REQUESTED")
    expect.shape(answer, results(answer), planner_beans.PLANS, "results")
    expect.that(answer, asked["id"] in ids(answer), f"plan {asked['id']} for review", f"plans {ids(answer)}")


@pytest.mark.requirement("cloud_plan_approvals.review.statuses")
def test_plan_to_review_is_not_among_the_approved_ones(asked: Row, lead: Caller) -> None:
    answer = _waiting(lead, "APPROVED")
    expect.that(answer, asked["id"] not in ids(answer), f"no plan {asked['id']}", f"plans {ids(answer)}")


@pytest.mark.requirement("cloud_plan_approvals.decide.answers-200")
@pytest.mark.parametrize("decision", ["APPROVED", "REJECTED"])
def test_decision_of_the_reviewer_is_answered_and_read(asked: Row, lead: Caller, member: Caller, decision: str) -> None:
    answer = expect.status(_decide(lead, asked, decision), 200)
    expect.shape(answer, expect.json_object(answer), planner_beans.PLAN_APPROVAL)
    expect.equal(answer, "status", expect.json_object(answer).get("status"), decision)
    read, status = _status(member, asked)
    expect.equal(read, "planApproval.status", status, decision)


@pytest.mark.requirement("cloud_plan_approvals.decide.not-ones-own")
def test_nobody_approves_a_plan_of_their_own(asked: Row, member: Caller) -> None:
    answer = _decide(member, asked, "APPROVED")
    expect.that(answer, 400 <= answer.status < 500, "a 4xx status", f"status {answer.status}")
    read, status = _status(member, asked)
    expect.equal(read, "planApproval.status", status, "REQUESTED")


@pytest.mark.requirement("cloud_plan_approvals.create.not-by-oneself")
def test_nobody_is_the_reviewer_of_their_own_plan(planner: Planner, member: Caller) -> None:
    body = planner.body(member, planner.monday(), planApproval={"reviewerId": account_of(member)})
    answer = planner.make(member, body)
    expect.that(answer, 400 <= answer.status < 500, "a 4xx status", f"status {answer.status}")


@pytest.mark.requirement("cloud_plan_approvals.update.moved-waits-again")
@pytest.mark.parametrize("decision", ["APPROVED", "REJECTED"])
def test_moved_plan_waits_for_approval_again(planner: Planner, team: Row, lead: Caller, member: Caller, decision: str) -> None:
    monday = planner.monday()
    reviewer: Row = {"planApproval": {"reviewerId": account_of(lead)}}
    made = planner.plan(member, monday, **reviewer)
    expect.success(_decide(lead, made, decision))
    expect.success(member.put(PLAN.place(made["id"]), planner.body(member, monday + 7 * ONE, **reviewer)))
    read, status = _status(member, made)
    expect.equal(read, "planApproval.status after the move", status, "REQUESTED")


@pytest.mark.requirement("cloud_plan_approvals.reviewers.named")
def test_lead_is_among_the_reviewers_and_the_person_is_not(planner: Planner, team: Row, lead: Caller, member: Caller) -> None:
    monday = planner.monday()
    answer = member.get("4/plan-permissions/plan-reviewers", [("accountId", account_of(member)), *window(monday, monday)])
    expect.status(answer, 200)
    expect.that(answer, lead.user in answer.text, f"the accountId of the lead, {lead.user}", "it is not there")
    expect.that(answer, member.user not in answer.text, "not the person whose plans they are", f"{member.user} is there")
