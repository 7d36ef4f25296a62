"""Worklogs of an issue of Jira Data Center (Jira REST reference; recorded answers). Their author is whoever did the work."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from marshmallow import INCLUDE, fields, post_load

from mock_server.access import Scope
from mock_server.domain import issues, jira_worklogs, rich_texts
from mock_server.domain.durations import pretty
from mock_server.domain.jira_worklog_input import read
from mock_server.domain.jira_worklogs import Entered, Estimate, Writing
from mock_server.domain.work_times import moment_of
from mock_server.endpoint import Call, endpoint
from mock_server.errors import Invalid
from mock_server.jira.users import REFERENCE, UserSchema, user_bean
from mock_server.moments import parse_any_moment
from mock_server.schemas import WireSchema
from mock_server.stamps import stamp
from mock_server.storage import groups as group_rows
from mock_server.storage import jira_worklogs as worklog_rows
from mock_server.storage import people as person_rows
from mock_server.storage.issues import Issue
from mock_server.storage.jira_worklogs import JiraWorklog, Reader

_ADJUSTING = ("adjustEstimate", "newEstimate")
_NO_LIMIT = -1
_BEAN = "com.atlassian.jira.rest.v2.issue.WorklogJsonBean"


class WorklogSchema(WireSchema):
    """A worklog; its comment is plain, and empty where there is none."""

    link = fields.String(data_key="self")
    author = fields.Nested(UserSchema)
    update_author = fields.Nested(UserSchema, data_key="updateAuthor")
    comment = fields.String()
    created = fields.String()
    updated = fields.String()
    visibility = fields.Dict()
    started = fields.String()
    time_spent = fields.String(data_key="timeSpent")
    seconds = fields.Integer(data_key="timeSpentSeconds")
    id = fields.String()
    issue_id = fields.String(data_key="issueId")


class WorklogsSchema(WireSchema):
    """All worklogs of an issue: there are no pages."""

    start_at = fields.Integer(data_key="startAt")
    max_results = fields.Integer(data_key="maxResults")
    total = fields.Integer()
    worklogs = fields.List(fields.Nested(WorklogSchema))


class WorklogInputSchema(WireSchema):
    """A worklog in a body. What nobody can write is taken and has no effect, as in Jira; what there is not is refused."""

    class Meta:
        unknown = INCLUDE

    comment = fields.Raw(allow_none=True, metadata={"type": "string"})
    started = fields.Raw(allow_none=True, metadata={"type": "string"})
    time_spent = fields.Raw(data_key="timeSpent", allow_none=True, metadata={"type": "string"})
    seconds = fields.Raw(data_key="timeSpentSeconds", allow_none=True, metadata={"type": "integer"})
    visibility = fields.Raw(allow_none=True, metadata={"type": "object"})

    @post_load(pass_original=True)
    def keep_names(self, _: dict[str, Any], original: Mapping[str, Any], **__: Any) -> dict[str, Any]:
        """The members by their names on the wire, so that no other name passes for one of them."""
        return dict(original)


_READ_ONLY = frozenset({"self", "author", "updateAuthor", "created", "updated", "id", "issueId"})
_KNOWN = _READ_ONLY | {field.data_key or name for name, field in WorklogInputSchema._declared_fields.items()}


class OfIssue(NamedTuple):
    """A worklog with its issue."""

    issue: Issue
    worklog: JiraWorklog


def load_issue(call: Call, id_or_key: str) -> Issue:
    """The issue in the path. Raises ``NotFound`` for one that is not there, ``Refused`` for a hidden one."""
    return issues.get_or_refuse(call.store, call.actor, id_or_key)


def load_worklog(call: Call, id_or_key: str, worklog_id: str) -> OfIssue:
    """The worklog in the path. Raises as ``load_issue`` does."""
    issue = load_issue(call, id_or_key)
    return OfIssue(issue, jira_worklogs.get(call.store, issue, worklog_id, reader(call)))


@endpoint("GET", "/issue/<id_or_key>/worklog", scope=Scope.ANYBODY, loads=load_issue, returns=WorklogsSchema, grade="O",
          source=REFERENCE, also_403=True)  # fmt: skip
def list_worklogs(call: Call, issue: Issue) -> dict[str, Any]:
    """The worklogs of an issue, the oldest first"""
    found = worklog_rows.page(call.store, issue.id, reader(call), 0, _NO_LIMIT)
    return {"start_at": 0, "max_results": len(found), "total": len(found), "worklogs": worklog_beans(call, found)}


@endpoint("GET", "/issue/<id_or_key>/worklog/<worklog_id>", scope=Scope.ANYBODY, loads=load_worklog, returns=WorklogSchema,
          grade="O", source=REFERENCE, also_403=True)  # fmt: skip
def get_worklog(call: Call, found: OfIssue) -> dict[str, Any]:
    """One worklog of an issue"""
    return _bean(call, found.worklog)


@endpoint("POST", "/issue/<id_or_key>/worklog", scope=Scope.LOGGED_IN, loads=load_issue, body=WorklogInputSchema,
          returns=WorklogSchema, status=201, grade="O", source=REFERENCE, parameters=(*_ADJUSTING, "reduceBy"))  # fmt: skip
def add_worklog(call: Call, issue: Issue, values: dict[str, Any]) -> dict[str, Any]:
    """Log work on an issue, in the caller's name"""
    acting = _writing(call)
    jira_worklogs.check_may_log(acting, issue)
    return _bean(call, jira_worklogs.create(acting, issue, _entered(call, values, is_new=True), _estimate(call, "reduceBy")))


@endpoint("PUT", "/issue/<id_or_key>/worklog/<worklog_id>", scope=Scope.LOGGED_IN, loads=load_worklog,
          body=WorklogInputSchema, returns=WorklogSchema, grade="O", source=REFERENCE, parameters=_ADJUSTING)  # fmt: skip
def update_worklog(call: Call, found: OfIssue, values: dict[str, Any]) -> dict[str, Any]:
    """Change a worklog of an issue; what is left out stays"""
    acting = _writing(call)
    jira_worklogs.check_may_write(acting, found.issue, found.worklog, "edit")
    entered = _entered(call, values, is_new=False)
    return _bean(call, jira_worklogs.change(acting, found.issue, found.worklog, entered, _estimate(call, "")))


@endpoint("DELETE", "/issue/<id_or_key>/worklog/<worklog_id>", scope=Scope.LOGGED_IN, loads=load_worklog, status=204,
          grade="O", source=REFERENCE, parameters=(*_ADJUSTING, "increaseBy"))  # fmt: skip
def delete_worklog(call: Call, found: OfIssue) -> None:
    """Delete a worklog of an issue"""
    jira_worklogs.remove(_writing(call), found.issue, found.worklog, _estimate(call, "increaseBy"))


def reader(call: Call) -> Reader:
    """What the caller sees of worklogs: each for itself, as Tempo has them."""
    return jira_worklogs.reader_of(call.store, call.actor, singly=True)


def worklog_beans(call: Call, found: Iterable[JiraWorklog]) -> list[dict[str, Any]]:
    """Values of ``WorklogSchema``, with one look at each person."""
    people: dict[int | None, dict[str, Any]] = {}

    def person(person_id: int | None) -> dict[str, Any] | None:
        if person_id not in people:
            row = person_rows.get(call.store, person_id) if person_id else None
            if row is None:
                return None
            people[person_id] = user_bean(call, row)
        return people[person_id]

    beans = []
    for worklog in found:
        bean: dict[str, Any] = {
            "link": f"{call.base}/rest/api/2/issue/{worklog.issue_id}/worklog/{worklog.id}",
            "author": person(worklog.author_id),
            "update_author": person(worklog.updater_id) or person(worklog.author_id),
            "comment": _comment(worklog),
            "created": stamp(call, parse_any_moment(worklog.created_at)),
            "updated": stamp(call, parse_any_moment(worklog.updated_at)),
            "started": stamp(call, moment_of(worklog.started, worklog.time_zone)),
            "time_spent": pretty(worklog.time_spent),
            "seconds": worklog.time_spent,
            "id": str(worklog.id),
            "issue_id": str(worklog.issue_id),
        }
        if worklog.group_id is not None:
            group = next(group for group in group_rows.every(call.store) if group.id == worklog.group_id)
            bean["visibility"] = {"type": "group", "value": group.name}
        beans.append(bean)
    return beans


def _bean(call: Call, worklog: JiraWorklog) -> dict[str, Any]:
    return worklog_beans(call, [worklog])[0]


def _comment(worklog: JiraWorklog) -> str:
    if worklog.is_text or not worklog.comment:
        return worklog.comment or ""
    return rich_texts.text_of(json.loads(worklog.comment))


def _writing(call: Call) -> Writing:
    return Writing(call.store, call.caller, call.settings, call.now, has_app=False)


def _estimate(call: Call, by: str) -> Estimate:
    way = call.first("adjustEstimate") or jira_worklogs.AUTO
    return Estimate(way, call.first("newEstimate"), call.first(by) if by else None)


def _entered(call: Call, values: Mapping[str, Any], *, is_new: bool) -> Entered:
    for name in values:
        if name not in _KNOWN:
            raise Invalid(f'Unrecognized field "{name[:60]}" (Class {_BEAN}), not marked as ignorable')
    comment = values.get("comment")
    if comment is not None and not isinstance(comment, str):
        raise Invalid(fields={"comment": "The comment of a worklog is a text."})
    document = None
    if comment is not None:
        text = comment.replace("\r\n", "\n")
        document = rich_texts.of_text(text) if text else {"type": "doc", "version": 1, "content": []}
    return read(call.store, reader(call), values, document, is_new=is_new)
