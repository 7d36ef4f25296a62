"""Plans: what a plan must be, and what happens to it (vendor's OpenAPI of v4; help pages). Times are seconds."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from mock_server.access import Actor
from mock_server.domain import internal_issues, periods, plan_approvals, plan_rights, projects
from mock_server.domain.plan_days import Pattern, Rule, days_of, pattern_of
from mock_server.errors import Invalid, NotFound, Refused
from mock_server.moments import moment_text
from mock_server.row_ids import row_id
from mock_server.settings import Settings
from mock_server.storage import generic_resources, issues, people, plan_pages, plans
from mock_server.storage import projects as project_rows
from mock_server.storage.people import Person
from mock_server.storage.plans import Plan
from mock_server.storage.store import Store

WORK_ON_ISSUES = "WORK_ON_ISSUES"
MOST_DAYS = 3660
"""Ten years: no plan lasts, and none comes round, longer (assumption plans.longest)."""
WHOLE_DAY = 86400
NO_TIME = "00:00"
ON_TIME = "globalConfiguration.startAndEndTimesForPlanningEnabled"
"""Setting: whether plans are entered with start and end."""


class Planning(NamedTuple):
    """What a write needs beside the values: who writes, when, and by which settings."""

    store: Store
    actor: Actor
    settings: Settings
    now: datetime
    today: date


def get(store: Store, actor: Actor, plan_id: int) -> Plan:
    """One plan within reach. Raises ``NotFound``, also for one that is hidden."""
    found = plan_pages.get(store, plan_id, plan_rights.reach(store, actor))
    if found is None:
        raise NotFound(f"Plan with id '{plan_id}' not found")
    return found


def create(planning: Planning, values: Mapping[str, Any]) -> Plan:
    """A new plan. ``values`` are those of a body, under the names of ``PlanInputSchema``. Raises ``Invalid``."""
    plan = _new(planning, values)
    return _add(planning, plan, plan_approvals.asked(planning.store, planning.actor, planning.settings, plan, values))


def _new(planning: Planning, values: Mapping[str, Any]) -> Plan:
    plan = _checked(planning, values)
    _check_may_plan(planning, plan)
    _refuse_closed(planning, pattern_of(plan))
    return plan


def _add(planning: Planning, plan: Plan, approval: Mapping[str, Any]) -> Plan:
    stamp = moment_text(planning.now)
    plan = plan._replace(**approval, creator_id=planning.actor.person_id, created_at=stamp, updated_at=stamp)
    return _kept(planning.store, plans.add(planning.store, plan, _stretches(pattern_of(plan))))


def change(planning: Planning, plan: Plan, values: Mapping[str, Any]) -> Plan:
    """Replace a plan; what is left out goes back to its default, and days that were taken out are in it again.

    An approved or rejected plan that gets days it had not is asked for anew. Raises ``Invalid``, and ``Refused`` for a plan
    that the actor may see and not change.
    """
    check_may_change(planning, plan)
    changed = _checked(planning, values)
    _check_may_plan(planning, changed)
    _refuse_closed(planning, pattern_of(plan), pattern_of(changed))
    removed = plans.removed_days(planning.store, [plan.id]).get(plan.id, ())
    approval = plan_approvals.kept(planning.store, planning.actor, planning.settings, plan, changed, values, removed=removed)
    changed = changed._replace(
        id=plan.id, creator_id=plan.creator_id, created_at=plan.created_at, updated_at=moment_text(planning.now), **approval
    )
    plans.change(planning.store, changed, _stretches(pattern_of(changed)))
    return _kept(planning.store, plan.id)


def remove(planning: Planning, plan: Plan) -> None:
    """Delete a plan. Raises ``Refused`` when the actor may see it and not change it, ``Invalid`` in a closed period."""
    check_may_change(planning, plan)
    _refuse_closed(planning, pattern_of(plan))
    plans.remove(planning.store, plan.id)


def take_out(planning: Planning, plan: Plan, day: date) -> None:
    """Take one day out of a plan; with its last day the plan is gone.

    Raises ``NotFound`` for a day that is not in it, ``Refused`` and ``Invalid`` as ``remove`` does.
    """
    check_may_change(planning, plan)
    removed = plans.removed_days(planning.store, [plan.id]).get(plan.id, [])
    if not any(stretch.start <= day <= stretch.end for stretch in pattern_of(plan, removed).stretches()):
        raise NotFound(f"Plan with id '{plan.id}' has no day {day.isoformat()}")
    _refuse_closed_day(planning, day)
    left = _stretches(pattern_of(plan, [*removed, day.isoformat()]))
    if left:
        plans.take_out(planning.store, plan.id, day.isoformat(), left, moment_text(planning.now))
    else:
        plans.remove(planning.store, plan.id)


def change_day(planning: Planning, plan: Plan, day: date, values: Mapping[str, Any]) -> Plan:
    """Plan one day otherwise: it is taken out of the plan and becomes a plan of its own, which is answered.

    It keeps what was decided on the plan, unless the body asks otherwise. Raises as ``take_out`` and ``create`` do, and
    ``Invalid`` for a body of other days.
    """
    take_out(planning, plan, day)
    if not values["start"] <= day <= values["end"]:
        raise Invalid(f"The day {day.isoformat()} of the path is not between 'startDate' and 'endDate'.")
    values = {**values, "start": day, "end": day, "rule": Rule.NEVER, "until": None}
    made = _new(planning, values)
    former = plan._replace(start_date=made.start_date, end_date=made.end_date, rule=made.rule, until=None)
    approval = plan_approvals.kept(planning.store, planning.actor, planning.settings, former, made, values)
    return _add(planning, made, approval)


def check_may_change(planning: Planning, plan: Plan) -> None:
    """Raises ``Refused`` unless the actor may change the plan: his own, or with Manage Plans over the assignee."""
    if not plan_rights.may_manage(planning.store, planning.actor, plan):
        raise Refused(f"{planning.actor.name} has no Manage Plans over the assignee of plan {plan.id}")


def _checked(planning: Planning, values: Mapping[str, Any]) -> Plan:
    """The plan that values describe, without id, stamps and approval. Raises ``Invalid``."""
    start, end = values["start"], values["end"]
    if end < start:
        raise Invalid("'endDate' must not be before 'startDate'.")
    rule, until = _recurrence(values)
    if max(end, until or end) - start >= timedelta(days=MOST_DAYS):
        raise Invalid(f"A plan cannot last longer than {MOST_DAYS} days")
    per_day, total = _effort(values)
    if total is not None and total > WHOLE_DAY * ((end - start).days + 1):
        raise Invalid("'plannedSeconds' must not be more than 24 hours a day.")
    person_id, resource_id = _assignee(planning.store, values)
    issue_id, project_id = _item(planning, values)
    on_time = planning.settings.is_on(ON_TIME)
    time = (values.get("start_time") or NO_TIME) if on_time else NO_TIME
    return Plan(
        0, person_id, resource_id, issue_id, project_id, None, start.isoformat(), end.isoformat(), time.rjust(5, "0"), per_day,
        total, rule.value, until.isoformat() if until else None, int(bool(values.get("on_non_working_days"))),
        values.get("description") or "", None, None, None, None, "", "",
    )  # fmt: skip


def _recurrence(values: Mapping[str, Any]) -> tuple[Rule, date | None]:
    rule = Rule(values.get("rule") or Rule.NEVER)
    until: date | None = values.get("until")
    if rule is Rule.NEVER:
        return rule, None
    if until is None:
        raise Invalid(f"'recurrenceEndDate' is required when 'rule' is {rule.value}.")
    if until < values["start"]:
        raise Invalid("'recurrenceEndDate' must not be before 'startDate'.")
    return rule, until


def _effort(values: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """Seconds of each day, or of all; the other one is None."""
    if values.get("effort") == "TOTAL_SECONDS":
        if values.get("total") is None:
            raise Invalid("'plannedSeconds' is required when 'effortPersistenceType' is TOTAL_SECONDS.")
        return None, values["total"]
    if values.get("per_day") is None:
        raise Invalid("'plannedSecondsPerDay' is required when 'effortPersistenceType' is SECONDS_PER_DAY.")
    return values["per_day"], None


def _assignee(store: Store, values: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """The ids of the person and of the generic resource, one of them None."""
    reference: str = values["assignee_id"]
    if values["assignee_type"] == "USER":
        person = people.by_account_id(store, reference)
        if person is None or not person.active:
            raise Invalid("User is invalid")
        return person.id, None
    number = row_id(reference)
    if number is None or generic_resources.get(store, number) is None:
        raise Invalid(f"There is no generic resource with the id {reference}.")
    return None, number


def _item(planning: Planning, values: Mapping[str, Any]) -> tuple[int | None, int]:
    """The ids of the issue, or None, and of the project. One that may not be browsed is answered like one that is not there."""
    browsable = plan_rights.reach(planning.store, planning.actor).browse
    number = row_id(values["item_id"])
    if values["item_type"] == "ISSUE":
        issue = None if number is None else issues.get(planning.store, number)
        if issue is None or issue.project_id not in browsable:
            raise Invalid("Issue not found")
        return issue.id, issue.project_id
    project = None if number is None else project_rows.get(planning.store, number)
    if project is None or project.id not in browsable:
        raise Invalid("Project not found")
    return None, project.id


def _check_may_plan(planning: Planning, plan: Plan) -> None:
    """The gates of a new plan, each with its own message (tempo-cloud: what an absence integration meets)."""
    store = planning.store
    if plan.person_id is None:
        assert plan.generic_resource_id is not None
        if not plan_rights.may_manage_resource(store, planning.actor, plan.generic_resource_id):
            raise Invalid("You do not have the permission Manage Plans for this generic resource")
        return
    person = people.get(store, plan.person_id)
    assert person is not None
    if not plan_rights.may_manage_person(store, planning.actor, person.id, *days_of(plan)):
        raise Invalid("You do not have the permission Manage Plans for this user")
    _check_may_work(store, person, plan)


def _check_may_work(store: Store, person: Person, plan: Plan) -> None:
    held = project_rows.held(store, person.id).get(plan.project_id, frozenset())
    if projects.BROWSE not in held or WORK_ON_ISSUES not in held:
        raise Invalid("The user lacks the permission Work On Issues in the project of this plan")
    if plan.issue_id is not None:
        internal_issues.check_open(store, plan.issue_id, person, *days_of(plan))


def _refuse_closed(planning: Planning, *patterns: Pattern) -> None:
    for pattern in patterns:
        _refuse_closed_day(planning, pattern.span.start)


def _refuse_closed_day(planning: Planning, day: date) -> None:
    periods.check_open(day, planning.today, planning.settings)


def _stretches(pattern: Pattern) -> list[tuple[str, str]]:
    return [(stretch.start.isoformat(), stretch.end.isoformat()) for stretch in pattern.stretches()]


def _kept(store: Store, plan_id: int) -> Plan:
    found = plans.by_id(store, plan_id)
    assert found is not None
    return found
