"""Worklogs of an issue of Jira Cloud (vendor's OpenAPI of v3; mistakes as integrators saw them)."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from marshmallow import INCLUDE, fields

from mock_server.access import Scope
from mock_server.domain import jira_worklogs, rich_texts
from mock_server.domain.jira_worklog_input import read
from mock_server.domain.jira_worklogs import Entered, Estimate, Writing
from mock_server.domain.work_times import moment_of
from mock_server.endpoint import Call, endpoint
from mock_server.errors import Invalid, NotFound
from mock_server.jira_cloud.issues import load_issue
from mock_server.jira_cloud.paging import is_v2, named
from mock_server.jira_cloud.users import OPENAPI
from mock_server.jira_cloud.worklog_beans import CloudWorklogSchema, reader, worklog_beans
from mock_server.schemas import WireSchema
from mock_server.storage import jira_worklogs as worklog_rows
from mock_server.storage.issues import Issue
from mock_server.storage.jira_worklogs import JiraWorklog

MOST_A_PAGE = 5000
_FIRST, _LAST = datetime(1, 1, 3, tzinfo=UTC), datetime(9999, 12, 29, tzinfo=UTC)
_ADJUSTING = ("adjustEstimate", "newEstimate", "notifyUsers", "expand", "overrideEditableFlag")


class WorklogPageSchema(WireSchema):
    """A page of the worklogs of an issue."""

    start_at = fields.Integer(data_key="startAt")
    max_results = fields.Integer(data_key="maxResults")
    total = fields.Integer()
    worklogs = fields.List(fields.Nested(CloudWorklogSchema))


class WorklogBodySchema(WireSchema):
    """A worklog in a body. What nobody can write is taken and has no effect, as in Jira; what there is not is refused."""

    class Meta:
        unknown = INCLUDE

    comment = fields.Raw(allow_none=True)
    started = fields.Raw(allow_none=True, metadata={"type": "string"})
    timeSpent = fields.Raw(allow_none=True, metadata={"type": "string"})  # noqa: N815
    timeSpentSeconds = fields.Raw(allow_none=True, metadata={"type": "integer"})  # noqa: N815
    visibility = fields.Raw(allow_none=True, metadata={"type": "object"})
    properties = fields.Raw(allow_none=True, metadata={"type": "array"})


_READ_ONLY = frozenset({"self", "author", "updateAuthor", "created", "updated", "id", "issueId"})


class OfIssue(NamedTuple):
    """A worklog with its issue."""

    issue: Issue
    worklog: JiraWorklog


def load_cloud_worklog(call: Call, id_or_key: str, worklog_id: str) -> OfIssue:
    """The worklog in the path. Raises ``NotFound``."""
    issue = load_issue(call, id_or_key)
    return OfIssue(issue, jira_worklogs.get(call.store, issue, worklog_id, reader(call)))


@endpoint("GET", "/issue/<id_or_key>/worklog", scope=Scope.ANYBODY, loads=load_issue, returns=WorklogPageSchema, grade="A",
          source=OPENAPI, parameters=("startAt", "maxResults", "startedAfter", "startedBefore", "expand"))  # fmt: skip
def list_cloud_worklogs(call: Call, issue: Issue) -> dict[str, Any]:
    """A page of the worklogs of an issue, the oldest first"""
    start, most = long_number(call, "startAt", 0), min(long_number(call, "maxResults", MOST_A_PAGE), MOST_A_PAGE)
    after, before = _bound(call, "startedAfter"), _bound(call, "startedBefore")
    if start < 0 or most < 0:
        raise NotFound("startAt and maxResults are whole numbers from 0.")
    seen = reader(call)
    if after is None and before is None:
        total = worklog_rows.count(call.store, issue.id, seen)
        found = worklog_rows.page(call.store, issue.id, seen, min(start, 2**31), most)
    else:
        matching = _began(call, issue, after or _FIRST, before or _LAST, is_open=(after is None, before is None))
        total, found = len(matching), matching[start : start + most]
    beans = worklog_beans(call, found, with_properties=wants_properties(call))
    return {"start_at": start, "max_results": most, "total": total, "worklogs": beans}


@endpoint("GET", "/issue/<id_or_key>/worklog/<worklog_id>", scope=Scope.ANYBODY, loads=load_cloud_worklog,
          returns=CloudWorklogSchema, grade="A", source=OPENAPI, parameters=("expand",))  # fmt: skip
def get_cloud_worklog(call: Call, found: OfIssue) -> dict[str, Any]:
    """One worklog of an issue"""
    return _bean(call, found.worklog)


@endpoint("POST", "/issue/<id_or_key>/worklog", scope=Scope.ANYBODY, loads=load_issue, body=WorklogBodySchema,
          returns=CloudWorklogSchema, status=201, grade="A", source=OPENAPI,
          parameters=(*_ADJUSTING, "reduceBy"))  # fmt: skip
def add_cloud_worklog(call: Call, issue: Issue, values: dict[str, Any]) -> dict[str, Any]:
    """Log work on an issue, in the caller's name"""
    acting = writing(call)
    jira_worklogs.check_may_log(acting, issue)
    return _bean(call, jira_worklogs.create(acting, issue, _entered(call, values, is_new=True), _estimate(call, "reduceBy")))


@endpoint("PUT", "/issue/<id_or_key>/worklog/<worklog_id>", scope=Scope.ANYBODY, loads=load_cloud_worklog,
          body=WorklogBodySchema, returns=CloudWorklogSchema, grade="A", source=OPENAPI, parameters=_ADJUSTING)  # fmt: skip
def update_cloud_worklog(call: Call, found: OfIssue, values: dict[str, Any]) -> dict[str, Any]:
    """Change a worklog of an issue; what is left out stays"""
    acting = writing(call)
    jira_worklogs.check_may_write(acting, found.issue, found.worklog, "edit")
    entered = _entered(call, values, is_new=False)
    return _bean(call, jira_worklogs.change(acting, found.issue, found.worklog, entered, _estimate(call, "")))


@endpoint("DELETE", "/issue/<id_or_key>/worklog/<worklog_id>", scope=Scope.ANYBODY, loads=load_cloud_worklog, status=204,
          grade="A", source=OPENAPI, parameters=(*_ADJUSTING, "increaseBy"), also_400=True)  # fmt: skip
def delete_cloud_worklog(call: Call, found: OfIssue) -> None:
    """Delete a worklog of an issue"""
    jira_worklogs.remove(writing(call), found.issue, found.worklog, _estimate(call, "increaseBy"))


def writing(call: Call) -> Writing:
    """What a write of this call goes by."""
    return Writing(call.store, call.caller, call.settings, call.now, has_app=True)


def wants_properties(call: Call) -> bool:
    """Whether the properties of worklogs are to be told."""
    return "properties" in named(call, "expand")


def long_number(call: Call, name: str, otherwise: int) -> int:
    """A whole number of the query. Raises ``NotFound`` for what is none, as Jira does."""
    text = call.first(name)
    if text is None or text == "":
        return otherwise
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 18):
        raise NotFound(f"The value '{text[:40]}' of '{name}' is not a whole number.")
    return int(text)


def _bound(call: Call, name: str) -> datetime | None:
    if not call.first(name):
        return None
    milliseconds = long_number(call, name, 0)
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    except OverflowError:
        moment = _FIRST if milliseconds < 0 else _LAST
    return min(max(moment, _FIRST), _LAST)


def _began(call: Call, issue: Issue, after: datetime, before: datetime, *, is_open: tuple[bool, bool]) -> list[JiraWorklog]:
    """The worklogs of an issue that began between two moments, each of which may be left open."""
    # By its author's calendar, a worklog began a day before or after the moment's day in UTC at the most.
    days = (_FIRST.min if is_open[0] else after - timedelta(days=1)), (_LAST.max if is_open[1] else before + timedelta(days=1))
    found = worklog_rows.page(
        call.store, issue.id, reader(call), 0, -1, (days[0].date().isoformat(), days[1].date().isoformat())
    )
    moments = ((worklog, moment_of(worklog.started, worklog.time_zone)) for worklog in found)
    return [worklog for worklog, at in moments if (is_open[0] or at > after) and (is_open[1] or at < before)]


def _bean(call: Call, worklog: JiraWorklog) -> dict[str, Any]:
    return worklog_beans(call, [worklog], with_properties=wants_properties(call))[0]


def _estimate(call: Call, by: str) -> Estimate:
    way = call.first("adjustEstimate") or jira_worklogs.AUTO
    return Estimate(way, call.first("newEstimate"), call.first(by) if by else None)


def _entered(call: Call, values: Mapping[str, Any], *, is_new: bool) -> Entered:
    for name in values:
        if name not in WorklogBodySchema._declared_fields and name not in _READ_ONLY:
            raise Invalid(f'Unrecognized field "{name[:60]}"')
    return read(call.store, reader(call), values, _document(call, values.get("comment")), is_new=is_new)


def _document(call: Call, comment: object) -> Mapping[str, Any] | None:
    """The comment as a document; an empty one is no document, so that it is found wrong."""
    nothing: dict[str, Any] = {"type": "doc", "version": 1, "content": []}
    if comment is None:
        return None
    if is_v2(call):
        # Jira drops a document sent to version 2 without a word.
        text = comment.replace("\r\n", "\n") if isinstance(comment, str) else ""
        return rich_texts.of_text(text) if text else nothing
    if isinstance(comment, str) and call.settings["jiraCloud.worklogStringComment"] == "wrap":
        return rich_texts.of_text(comment) if comment else nothing
    return comment if isinstance(comment, Mapping) else {}
