"""Approval of plans: asked for, decided, and asked for anew when an approved plan moves (help pages)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from mock_server.access import Actor
from mock_server.domain import plan_rights
from mock_server.domain.plan_days import days_of, pattern_of
from mock_server.errors import Invalid, NotFound, Refused
from mock_server.moments import moment_text
from mock_server.settings import Settings
from mock_server.storage import people, plan_pages, plans
from mock_server.storage.plans import Plan
from mock_server.storage.store import Store

ENABLED = "globalConfiguration.planApprovalEnabled"
REQUESTED = "REQUESTED"
STATUSES = ("APPROVED", "REJECTED", REQUESTED)
_NONE: Mapping[str, Any] = MappingProxyType({"status": None, "requester_id": None, "reviewer_id": None, "decider_id": None})


def asked(store: Store, actor: Actor, settings: Settings, plan: Plan, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The columns of the approval that a body asks for; nothing while approval is off. Raises ``Invalid``."""
    reviewer, status = values.get("reviewer"), values.get("approval_status")
    if not settings.is_on(ENABLED) or (reviewer is None and status is None):
        return _NONE
    if plan.person_id is None:
        raise Invalid("Plans of generic resources are not approved")
    if status in (None, REQUESTED):
        if reviewer is None:
            raise Invalid("'planApproval.reviewerId' is required to request an approval.")
        reviewer_id = _reviewer(store, reviewer, plan)
        return {**_NONE, "status": REQUESTED, "requester_id": actor.person_id, "reviewer_id": reviewer_id}
    if not _may_approve(store, actor, plan):
        raise Invalid("You may not approve or reject plans of this user")
    reviewer_id = actor.person_id if reviewer is None else _reviewer(store, reviewer, plan)
    return {"status": status, "requester_id": actor.person_id, "reviewer_id": reviewer_id, "decider_id": actor.person_id}


def kept(
    store: Store,
    actor: Actor,
    settings: Settings,
    plan: Plan,
    changed: Plan,
    values: Mapping[str, Any],
    *,
    removed: Iterable[str] = (),
) -> Mapping[str, Any]:
    """The columns of the approval of a changed plan: what the body asks for, else as it was, else asked for anew.

    A decision holds for the days that were decided on, and for the assignee. ``removed`` are the days (``yyyy-MM-dd``) that
    were taken out of the plan, and that the change brings back.
    """
    is_present = _is_present(store, plan, values)
    if changed.person_id != plan.person_id:
        # A decision that a body sends back is not one on the plan of somebody else.
        return asked(store, actor, settings, changed, {**values, "approval_status": None} if is_present else values)
    if settings.is_on(ENABLED) and not is_present:
        return asked(store, actor, settings, changed, values)
    present = {name: getattr(plan, name) for name in _NONE}
    if plan.status not in (None, REQUESTED) and _gains_days(plan, removed, changed):
        return {**present, "status": REQUESTED, "decider_id": None}
    return present


def to_decide(store: Store, actor: Actor, plan_id: int) -> Plan:
    """A plan that the actor may see, or is to review. Raises ``NotFound``."""
    found = plan_pages.get(store, plan_id, plan_rights.to_review(store, actor))
    is_reviewer = found is not None and (found.reviewer_id == actor.person_id or _may_approve(store, actor, found))
    found = found if is_reviewer else plan_pages.get(store, plan_id, plan_rights.reach(store, actor))
    if found is None:
        raise NotFound(f"Plan with id '{plan_id}' not found")
    return found


def decide(
    store: Store, actor: Actor, settings: Settings, now: datetime, plan: Plan, status: str | None, reviewer: str | None
) -> Plan:
    """Approve, reject or ask for an approval. Raises ``Invalid``, and ``Refused`` for whoever may not."""
    if not settings.is_on(ENABLED):
        raise Invalid("Plan approval is not enabled")
    if plan.person_id is None:
        raise Invalid("Plans of generic resources are not approved")
    if status is None:
        raise Invalid("'status' must be one of APPROVED, REJECTED, REQUESTED.")
    if status == REQUESTED:
        if not plan_rights.may_manage_person(store, actor, plan.person_id, *days_of(plan)):
            raise Refused(f"{actor.name} has no Manage Plans over the assignee of plan {plan.id}")
        reviewer = reviewer or _present_reviewer(store, plan)
        if reviewer is None:
            raise Invalid("'reviewerId' is required to request an approval.")
        reviewer_id: int | None = _reviewer(store, reviewer, plan)
        changed = plan._replace(status=REQUESTED, requester_id=actor.person_id, reviewer_id=reviewer_id, decider_id=None)
    else:
        if not _may_approve(store, actor, plan):
            raise Refused(f"{actor.name} has no Approve Plans over the assignee of plan {plan.id}")
        if plan.status is None:
            raise Invalid("No approval of this plan was requested")
        reviewer_id = plan.reviewer_id if reviewer is None else _reviewer(store, reviewer, plan)
        changed = plan._replace(status=status, reviewer_id=reviewer_id, decider_id=actor.person_id)
    changed = changed._replace(updated_at=moment_text(now))
    plans.set_approval(store, changed)
    return changed


def _gains_days(plan: Plan, removed: Iterable[str], changed: Plan) -> bool:
    if changed.on_non_working_days and not plan.on_non_working_days:
        return True
    return bool(_days(changed) - _days(plan, removed))


def _days(plan: Plan, removed: Iterable[str] = ()) -> set[int]:
    """The days of a plan as ordinals, worked or not."""
    found: set[int] = set()
    for stretch in pattern_of(plan, removed).stretches():
        found.update(range(stretch.start.toordinal(), stretch.end.toordinal() + 1))
    return found


def _is_present(store: Store, plan: Plan, values: Mapping[str, Any]) -> bool:
    """Whether a body asks for no approval, or sends back the one that there is."""
    reviewer, status = values.get("reviewer"), values.get("approval_status")
    return status in (None, plan.status) and reviewer in (None, _present_reviewer(store, plan))


def _present_reviewer(store: Store, plan: Plan) -> str | None:
    present = people.get(store, plan.reviewer_id) if plan.reviewer_id is not None else None
    return present.account_id if present else None


def _may_approve(store: Store, actor: Actor, plan: Plan) -> bool:
    if plan.person_id is None:
        return False
    return plan_rights.may_approve(store, actor.person_id, plan.person_id, days_of(plan), actor.roles_as_of)


def _reviewer(store: Store, account_id: str, plan: Plan) -> int:
    person = people.by_account_id(store, account_id)
    if person is None or not person.active:
        raise Invalid("Reviewer is invalid")
    if person.id == plan.person_id:
        raise Invalid("Nobody reviews their own plans")
    assert plan.person_id is not None
    if not plan_rights.may_approve(store, person.id, plan.person_id, days_of(plan)):
        raise Invalid("The reviewer does not have the permission Approve Plans for this user")
    return person.id
