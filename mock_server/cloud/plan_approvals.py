"""Approval of plans, ``/4/plan-approvals`` and ``/4/plan-permissions`` (vendor's OpenAPI of v4; help pages)."""

from typing import Any

from marshmallow import fields, validate

from mock_server.access import ApiScope
from mock_server.cloud.flags import Flag
from mock_server.cloud.paging import Uncounted
from mock_server.cloud.plan_beans import approval_bean, beans
from mock_server.cloud.plans import PlanApprovalInputSchema, PlanApprovalSchema, PlanSchema, ScopeQuery, note_hidden, scope
from mock_server.cloud.worklogs import OPENAPI
from mock_server.domain import people, plan_approvals, plan_rights
from mock_server.domain.plan_approvals import REQUESTED, STATUSES
from mock_server.endpoint import Call, endpoint
from mock_server.errors import NotFound
from mock_server.schemas import WireSchema
from mock_server.storage import people as person_rows
from mock_server.storage import plan_pages
from mock_server.storage.plan_pages import PlanFilters
from mock_server.storage.plans import Plan

NO_LIMIT = -1


class PlansForReviewSchema(WireSchema):
    """Which plans are wanted: with one of the states (those that wait when none is told), past ones too or not."""

    statuses = fields.List(fields.String(validate=validate.OneOf(STATUSES)), load_default=None, allow_none=True)
    with_past = Flag(data_key="includePastPlans", load_default=False, allow_none=True)


class ReviewersQuery(ScopeQuery):
    """Whose plans are to be approved, and on which days."""

    account_id = fields.String(data_key="accountId", required=True, validate=validate.Length(min=1))


def load_plan_to_decide(call: Call, plan_id: int) -> Plan:
    """The plan in the path, seen by its reviewer too. Raises ``NotFound``, also for a hidden one."""
    try:
        return plan_approvals.to_decide(call.store, call.caller, plan_id)
    except NotFound:
        note_hidden(call, plan_id)
        raise


@endpoint("POST", "/plan-approvals/plans-for-review", scope=ApiScope.PLANS_VIEW, body=PlansForReviewSchema,
          returns=PlanSchema, many=True, is_search=True, grade="A", source=OPENAPI)  # fmt: skip
def search_plans_for_review(call: Call, wanted: dict[str, Any]) -> Uncounted:
    """The plans that the caller is asked to approve"""
    filters = PlanFilters(
        start=None if wanted["with_past"] else call.today.isoformat(),
        statuses=tuple(wanted["statuses"] or (REQUESTED,)),
        reviewer_id=call.caller.person_id,
    )
    if not call.settings.is_on(plan_approvals.ENABLED):
        return Uncounted([])
    found = plan_pages.page(call.store, plan_rights.to_review(call.store, call.caller), filters, 0, NO_LIMIT)
    return Uncounted(beans(call, found, None, ()))


@endpoint("PUT", "/plan-approvals/<id:plan_id>", scope=ApiScope.PLANS_MANAGE, loads=load_plan_to_decide,
          body=PlanApprovalInputSchema, returns=PlanApprovalSchema, grade="A", source=OPENAPI)  # fmt: skip
def update_plan_approval(call: Call, plan: Plan, values: dict[str, Any]) -> dict[str, Any]:
    """Approve or reject a plan, or ask somebody to"""
    changed = plan_approvals.decide(
        call.store, call.caller, call.settings, call.now, plan, values["approval_status"], values["reviewer"]
    )
    known = [number for number in (changed.requester_id, changed.reviewer_id, changed.decider_id) if number is not None]
    return approval_bean(call, changed, person_rows.account_ids(call.store, known))


@endpoint("GET", "/plan-permissions/plan-reviewers", scope=ApiScope.PLANS_VIEW, query=ReviewersQuery, also_404=True,
          grade="A", source=OPENAPI)  # fmt: skip
def list_plan_reviewers(call: Call, query: dict[str, Any]) -> list[str]:
    """The accountIds of everybody who may approve somebody's plans"""
    person = people.by_account_id(call.store, query["account_id"])
    window = scope(query)
    days = (window.start.isoformat(), window.end.isoformat()) if window else plan_rights.ALWAYS
    return [reviewer.account_id for reviewer in plan_rights.reviewers(call.store, person.id, *days)]
