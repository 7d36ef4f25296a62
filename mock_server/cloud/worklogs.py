"""Worklogs one by one and their writes, ``/4/worklogs`` (vendor's OpenAPI of v4; recorded answers; help pages)."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from mock_server.access import ApiScope
from mock_server.cloud.addresses import IssueSchema, UserSchema, jira_root, user_at
from mock_server.cloud.days import Day, whole_seconds
from mock_server.cloud.flags import Flag
from mock_server.cloud.numbers import WholeNumber
from mock_server.domain import worklogs
from mock_server.domain.worklogs import Writing
from mock_server.endpoint import Call, endpoint
from mock_server.errors import NotFound
from mock_server.schemas import WireSchema
from mock_server.storage import worklogs as worklog_rows
from mock_server.storage.work_reach import WorkReach
from mock_server.storage.worklogs import Worklog

OPENAPI = "vendor's OpenAPI of v4"
# The last group keeps out a line end, before which $ matches too.
_TIME = r"^([0-1]?[0-9]|2[0-3])(:[0-5][0-9])(:[0-5][0-9])$(?!\n)"


class WorkAttributeValueSchema(WireSchema):
    """The value of a work attribute on a worklog; text, whatever the type of the attribute."""

    key = fields.String()
    value = fields.String()


class WorkAttributeValuesSchema(WireSchema):
    """The values of a worklog and where they are read."""

    link = fields.String(data_key="self")
    values = fields.List(fields.Nested(WorkAttributeValueSchema))


class WorklogSchema(WireSchema):
    """A worklog. Times are seconds, ``startTime`` is the author's, stamps are UTC without fractions."""

    link = fields.String(data_key="self")
    id = fields.Integer(data_key="tempoWorklogId")
    issue = fields.Nested(IssueSchema)
    time_spent = fields.Integer(data_key="timeSpentSeconds")
    billable = fields.Integer(data_key="billableSeconds")
    start_date = fields.String(data_key="startDate")
    start_time = fields.String(data_key="startTime")
    start_date_time_utc = fields.String(data_key="startDateTimeUtc")
    description = fields.String()
    created_at = fields.String(data_key="createdAt")
    updated_at = fields.String(data_key="updatedAt")
    author = fields.Nested(UserSchema)
    attributes = fields.Nested(WorkAttributeValuesSchema)


class AttributeInputSchema(WireSchema):
    """The value of a work attribute in a body."""

    key = fields.String(required=True, validate=validate.Length(min=1))
    value = fields.String(allow_none=True)


class BulkWorklogInputSchema(WireSchema):
    """A worklog in a body that names no issue."""

    author = fields.String(required=True, data_key="authorAccountId", validate=validate.Length(min=1))
    start_date = Day(required=True, data_key="startDate")
    start_time = fields.String(data_key="startTime", allow_none=True, validate=validate.Regexp(_TIME))
    time_spent = WholeNumber(least=1, required=True, data_key="timeSpentSeconds")
    billable = WholeNumber(least=0, data_key="billableSeconds", allow_none=True)
    description = fields.String(allow_none=True)
    attributes = fields.List(fields.Nested(AttributeInputSchema), allow_none=True)


class WorklogUpdateSchema(BulkWorklogInputSchema):
    """A worklog in a body that replaces one; it stays on its issue."""

    remaining = WholeNumber(least=0, data_key="remainingEstimateSeconds", allow_none=True)


class WorklogInputSchema(WorklogUpdateSchema):
    """A worklog in a body. A missing ``issueId`` is told in the words that clients know, beside all else that is wrong."""

    issue_id = WholeNumber(least=1, data_key="issueId", load_default=None, allow_none=True)
    bypass = Flag(data_key="bypassPeriodClosuresAndApprovals", load_default=False, allow_none=True)

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def need_issue(self, data: object, original: object, **_: object) -> None:
        """Raises ``ValidationError``; its field is named as the text does, so that the text stands alone."""
        if isinstance(original, Mapping) and original.get("issueId") is None:
            raise ValidationError("Issue id cannot be null", "Issue id")


class DeleteWorklogQuery(WireSchema):
    """Whether the worklog goes although its period is closed."""

    bypass = Flag(data_key="bypassPeriodClosuresAndApprovals", load_default=False)


def load_worklog(call: Call, worklog_id: int) -> Worklog:
    """The worklog in the path. Raises ``NotFound``, also for a hidden one."""
    within = reached(call)
    try:
        return worklogs.get(call.store, within, worklog_id)
    except NotFound:
        hidden = worklogs.why_hidden(call.store, call.caller, within, worklog_id)
        if hidden:
            call.note(hidden)
        raise


def reached(call: Call) -> WorkReach:
    """Whose worklogs the caller may see."""
    caller, settings = call.caller, call.settings
    if caller.roles_as_of:
        # What counts changes with the time alone.
        return worklogs.reach(call.store, caller, settings)
    name = ("worklogs", caller.person_id, settings["worklogs.viewAll"])
    return call.remember(name, lambda: worklogs.reach(call.store, caller, settings))


def writing(call: Call) -> Writing:
    """What a write of this call goes by."""
    return Writing(call.store, call.caller, call.settings, call.now, call.today)


@endpoint("POST", "/worklogs", scope=ApiScope.WORKLOGS_MANAGE, body=WorklogInputSchema, returns=WorklogSchema, grade="A",
          source=OPENAPI)  # fmt: skip
def create_worklog(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    """Log work"""
    worklog = worklogs.create(writing(call), values["issue_id"], values)
    _note_unseen(call, worklog)
    return bean(call, worklog)


@endpoint("POST", "/worklogs/issue/<id:issue_id>/bulk", scope=ApiScope.WORKLOGS_MANAGE, body=BulkWorklogInputSchema,
          body_many=(1, 50), returns=WorklogSchema, many=True, grade="A", source=OPENAPI)  # fmt: skip
def create_worklogs(call: Call, issue_id: int, values: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Log work on one issue up to fifty times; all of it or none"""
    made = worklogs.create_many(writing(call), issue_id, values)
    for worklog in made:
        _note_unseen(call, worklog)
    return beans(call, made)


@endpoint("GET", "/worklogs/<id:worklog_id>", scope=ApiScope.WORKLOGS_VIEW, loads=load_worklog, returns=WorklogSchema,
          grade="A", source=OPENAPI)  # fmt: skip
def get_worklog(call: Call, worklog: Worklog) -> dict[str, Any]:
    """One worklog"""
    return bean(call, worklog)


@endpoint("PUT", "/worklogs/<id:worklog_id>", scope=ApiScope.WORKLOGS_MANAGE, loads=load_worklog, body=WorklogUpdateSchema,
          returns=WorklogSchema, grade="A", source=OPENAPI)  # fmt: skip
def update_worklog(call: Call, worklog: Worklog, values: dict[str, Any]) -> dict[str, Any]:
    """Replace a worklog; what is left out goes back to its default"""
    changed = worklogs.change(writing(call), worklog, values)
    _note_unseen(call, changed)
    return bean(call, changed)


@endpoint("DELETE", "/worklogs/<id:worklog_id>", scope=ApiScope.WORKLOGS_MANAGE, loads=load_worklog, status=204,
          query=DeleteWorklogQuery, grade="A", source=OPENAPI)  # fmt: skip
def delete_worklog(call: Call, worklog: Worklog, query: dict[str, Any]) -> None:
    """Delete a worklog"""
    worklogs.remove(writing(call), worklog, bypass=query["bypass"])


def _note_unseen(call: Call, worklog: Worklog) -> None:
    if worklog.author_id == call.caller.person_id:
        return
    hidden = worklogs.why_hidden(call.store, call.caller, reached(call), worklog.id)
    if hidden:
        call.note(f"worklog {worklog.id} is there, and its maker will not see it: {hidden}")


def bean(call: Call, worklog: Worklog) -> dict[str, Any]:
    """Values of ``WorklogSchema``."""
    return beans(call, [worklog])[0]


def beans(call: Call, found: list[Worklog]) -> list[dict[str, Any]]:
    """Values of ``WorklogSchema`` for several, with one look at their attributes."""
    attributes = worklog_rows.attributes_of(call.store, [worklog.id for worklog in found])
    base, jira = call.base, jira_root(call)
    always = call.settings["worklogs.emptyDescription"] == "blank"
    return [
        {
            "link": f"{base}/worklogs/{worklog.id}",
            "id": worklog.id,
            "issue": {"link": f"{jira}/issue/{worklog.issue_id}", "id": worklog.issue_id},
            "time_spent": worklog.time_spent,
            "billable": worklog.billable,
            "start_date": worklog.start_date,
            "start_time": worklog.start_time,
            "start_date_time_utc": utc(worklog),
            **({"description": worklog.description} if worklog.description or always else {}),
            "created_at": whole_seconds(worklog.created_at),
            "updated_at": whole_seconds(worklog.updated_at),
            "author": user_at(jira, worklog.account_id),
            "attributes": attribute_values(base, worklog.id, attributes.get(worklog.id, ())),
        }
        for worklog in found
    ]


def attribute_values(base: str, worklog_id: int, values: Iterable[tuple[str, str | None]]) -> dict[str, Any]:
    """Values of ``WorkAttributeValuesSchema``; ``base`` is what links begin with."""
    return {"link": f"{base}/worklogs/{worklog_id}/work-attribute-values", "values": [value_bean(*v) for v in values]}


def value_bean(key: str, value: str | None) -> dict[str, Any]:
    """Values of ``WorkAttributeValueSchema``; no value is left out."""
    return {"key": key} if value is None else {"key": key, "value": value}


def utc(worklog: Worklog) -> str:
    """When the work began, in UTC, by the author's time zone."""
    if worklog.time_zone == "UTC":
        return f"{worklog.start_date}T{worklog.start_time}Z"
    from zoneinfo import ZoneInfo

    local = datetime.fromisoformat(f"{worklog.start_date}T{worklog.start_time}")
    try:
        moment = local - (ZoneInfo(worklog.time_zone).utcoffset(local) or timedelta(0))
    except OverflowError:
        # The first and the last day there is, in a zone where it is the day before or after in UTC.
        moment = local
    return f"{moment.isoformat()}Z"
