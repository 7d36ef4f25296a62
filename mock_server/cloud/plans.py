"""Plans one by one and their writes, ``/4/plans`` (vendor's OpenAPI of v4; help pages)."""

from datetime import date
from typing import Any

from marshmallow import fields, post_load, validate

from mock_server.access import ApiScope
from mock_server.cloud.addresses import UserSchema
from mock_server.cloud.days import Day
from mock_server.cloud.flags import Flag
from mock_server.cloud.numbers import WholeNumber
from mock_server.cloud.plan_beans import beans
from mock_server.cloud.worklogs import OPENAPI
from mock_server.domain import plan_rights, plans
from mock_server.domain.plan_approvals import STATUSES
from mock_server.domain.plan_days import Rule, Span
from mock_server.domain.plans import WHOLE_DAY, Planning
from mock_server.endpoint import Call, endpoint
from mock_server.errors import Invalid, NotFound
from mock_server.schemas import WireSchema
from mock_server.storage.plans import Plan

# The last group keeps out a line end, before which $ matches too.
_TIME = r"^([0-1]?[0-9]|2[0-3])(:[0-5][0-9])$(?!\n)"
EFFORTS = ("SECONDS_PER_DAY", "TOTAL_SECONDS")


class PlanDaySchema(WireSchema):
    """A day and the seconds planned on it."""

    day = fields.String(data_key="date")
    seconds = fields.Integer(data_key="plannedSeconds")


class PlanPeriodSchema(WireSchema):
    """Days in a row and the seconds planned on them together."""

    start = fields.String(data_key="from")
    end = fields.String(data_key="to")
    seconds = fields.Integer(data_key="plannedSeconds")


class PlanDaysSchema(WireSchema):
    """The days of a breakdown."""

    count = fields.Integer()
    values = fields.List(fields.Nested(PlanDaySchema))


class PlanPeriodsSchema(WireSchema):
    """The periods of a breakdown."""

    count = fields.Integer()
    values = fields.List(fields.Nested(PlanPeriodSchema))


class PlanMetadataSchema(WireSchema):
    """Where all days of a plan are."""

    all = fields.String()


class PlannedTimeSchema(WireSchema):
    """When a plan takes how long, in the asked window."""

    metadata = fields.Nested(PlanMetadataSchema)
    days = fields.Nested(PlanDaysSchema)
    periods = fields.Nested(PlanPeriodsSchema)


class PlanPartySchema(WireSchema):
    """Who or what a plan is for: the id as text, its kind and its address."""

    link = fields.String(data_key="self")
    id = fields.String()
    type = fields.String()


class PlanApprovalSchema(WireSchema):
    """Who asked whom to approve, and what became of it. ``actor`` is there once somebody decided."""

    requester = fields.Nested(UserSchema)
    reviewer = fields.Nested(UserSchema)
    actor = fields.Nested(UserSchema)
    status = fields.String()


class PlanSchema(WireSchema):
    """A plan. Days are ``yyyy-MM-dd``, ``startTime`` is ``HH:mm`` of the assignee's, stamps are UTC without fractions."""

    link = fields.String(data_key="self")
    id = fields.Integer()
    start_date = fields.String(data_key="startDate")
    end_date = fields.String(data_key="endDate")
    start_time = fields.String(data_key="startTime")
    effort = fields.String(data_key="effortPersistenceType")
    per_day = fields.Integer(data_key="plannedSecondsPerDay")
    total = fields.Integer(data_key="totalPlannedSeconds")
    in_scope = fields.Integer(data_key="totalPlannedSecondsInScope")
    on_non_working_days = fields.Boolean(data_key="includeNonWorkingDays")
    rule = fields.String()
    until = fields.String(data_key="recurrenceEndDate")
    description = fields.String()
    assignee = fields.Nested(PlanPartySchema)
    item = fields.Nested(PlanPartySchema, data_key="planItem")
    approval = fields.Nested(PlanApprovalSchema, data_key="planApproval")
    creator = fields.String(data_key="planCreatorId")
    sync_source = fields.String(data_key="syncSource")
    created_at = fields.String(data_key="createdAt")
    updated_at = fields.String(data_key="updatedAt")
    planned = fields.Nested(PlannedTimeSchema, data_key="plannedTime")


class PlanApprovalInputSchema(WireSchema):
    """Who is to approve, or what became of it, in a body."""

    reviewer = fields.String(data_key="reviewerId", load_default=None, allow_none=True)
    approval_status = fields.String(data_key="status", load_default=None, allow_none=True, validate=validate.OneOf(STATUSES))


class PlanInputSchema(WireSchema):
    """A plan in a body."""

    assignee_id = fields.String(required=True, data_key="assigneeId", validate=validate.Length(min=1))
    assignee_type = fields.String(required=True, data_key="assigneeType", validate=validate.OneOf(("USER", "GENERIC")))
    item_id = fields.String(required=True, data_key="planItemId", validate=validate.Length(min=1))
    item_type = fields.String(required=True, data_key="planItemType", validate=validate.OneOf(("ISSUE", "PROJECT")))
    start = Day(required=True, data_key="startDate")
    end = Day(required=True, data_key="endDate")
    start_time = fields.String(data_key="startTime", allow_none=True, validate=validate.Regexp(_TIME))
    effort = fields.String(data_key="effortPersistenceType", allow_none=True, validate=validate.OneOf(EFFORTS))
    per_day = WholeNumber(least=1, most=WHOLE_DAY, data_key="plannedSecondsPerDay", allow_none=True)
    total = WholeNumber(least=1, data_key="plannedSeconds", allow_none=True)
    rule = fields.String(allow_none=True, validate=validate.OneOf([rule.value for rule in Rule]))
    until = Day(data_key="recurrenceEndDate", allow_none=True)
    on_non_working_days = Flag(data_key="includeNonWorkingDays", allow_none=True)
    description = fields.String(allow_none=True)
    approval = fields.Nested(PlanApprovalInputSchema, data_key="planApproval", allow_none=True)

    @post_load
    def flatten(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The approval beside the rest, as the domain reads it."""
        return {**data, **(data.pop("approval", None) or {})}


class ScopeQuery(WireSchema):
    """The days that the planned time is asked for; all of the plan's when they are not told."""

    start = Day(data_key="from")
    end = Day(data_key="to")


def load_plan(call: Call, plan_id: int) -> Plan:
    """The plan in the path. Raises ``NotFound``, also for a hidden one."""
    try:
        return plans.get(call.store, call.caller, plan_id)
    except NotFound:
        note_hidden(call, plan_id)
        raise


def note_hidden(call: Call, plan_id: int, beside: str = "") -> None:
    """Say on the console why a plan is out of the caller's reach, where there is such a plan; ``beside`` stands before it."""
    hidden = plan_rights.why_hidden(call.store, call.caller, plan_id)
    if hidden:
        call.note(f"{beside}{hidden}")


def load_plan_day(call: Call, plan_id: int, day: str) -> tuple[Plan, date]:
    """The plan and the day in the path. Raises ``NotFound``, also for what is no day."""
    plan = load_plan(call, plan_id)
    try:
        if len(day) == len("yyyy-MM-dd") and day.isascii():
            return plan, date.fromisoformat(day)
    except ValueError:
        pass
    raise NotFound(f"Plan with id '{plan_id}' has no day {day}")


def planning(call: Call) -> Planning:
    """What a write needs beside the values."""
    return Planning(call.store, call.caller, call.settings, call.now, call.today)


def scope(query: dict[str, Any]) -> Span | None:
    """The window of a loaded query, open at an end that was not told. Raises ``Invalid`` when it ends before it starts."""
    start, end = query.get("start"), query.get("end")
    if start is None and end is None:
        return None
    window = Span(start or date.min, end or date.max)
    if window.end < window.start:
        raise Invalid("'to' must not be before 'from'.")
    return window


@endpoint("POST", "/plans", scope=ApiScope.PLANS_MANAGE, body=PlanInputSchema, returns=PlanSchema, grade="A", source=OPENAPI)
def create_plan(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    """Plan time for a person or a generic resource"""
    made = plans.create(planning(call), values)
    note_hidden(call, made.id, f"plan {made.id} is there, and its maker will not see it: ")
    return _shown(call, made)


@endpoint("GET", "/plans/<id:plan_id>", scope=ApiScope.PLANS_VIEW, loads=load_plan, query=ScopeQuery, returns=PlanSchema,
          grade="A", source=OPENAPI)  # fmt: skip
def get_plan(call: Call, plan: Plan, query: dict[str, Any]) -> dict[str, Any]:
    """One plan with its days"""
    return _shown(call, plan, scope(query))


@endpoint("PUT", "/plans/<id:plan_id>", scope=ApiScope.PLANS_MANAGE, loads=load_plan, body=PlanInputSchema,
          returns=PlanSchema, grade="A", source=OPENAPI)  # fmt: skip
def update_plan(call: Call, plan: Plan, values: dict[str, Any]) -> dict[str, Any]:
    """Replace a plan"""
    return _shown(call, plans.change(planning(call), plan, values))


@endpoint("DELETE", "/plans/<id:plan_id>", scope=ApiScope.PLANS_MANAGE, loads=load_plan, status=204, grade="A",
          source=OPENAPI)  # fmt: skip
def delete_plan(call: Call, plan: Plan) -> None:
    """Remove a plan"""
    plans.remove(planning(call), plan)


@endpoint("PUT", "/plans/<id:plan_id>/partial/<day>", scope=ApiScope.PLANS_MANAGE, loads=load_plan_day, body=PlanInputSchema,
          returns=PlanSchema, grade="A", source=OPENAPI)  # fmt: skip
def update_plan_day(call: Call, found: tuple[Plan, date], values: dict[str, Any]) -> dict[str, Any]:
    """Plan one day of a plan otherwise; it becomes a plan of its own"""
    return _shown(call, plans.change_day(planning(call), *found, values))


@endpoint("DELETE", "/plans/<id:plan_id>/partial/<day>", scope=ApiScope.PLANS_MANAGE, loads=load_plan_day, status=200,
          grade="A", source=OPENAPI)  # fmt: skip
def delete_plan_day(call: Call, found: tuple[Plan, date]) -> None:
    """Take one day out of a plan; the answer is empty"""
    plans.take_out(planning(call), *found)


def _shown(call: Call, plan: Plan, window: Span | None = None) -> dict[str, Any]:
    return beans(call, [plan], window, ("DAILY", "PERIOD"))[0]
