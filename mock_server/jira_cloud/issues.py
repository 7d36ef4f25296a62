"""Issues of Jira Cloud, as far as the world knows them (vendor's OpenAPI of v3)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from marshmallow import fields

from mock_server.access import Scope
from mock_server.domain import issues, rich_texts
from mock_server.endpoint import Call, endpoint
from mock_server.jira_cloud.comment_beans import comments_of
from mock_server.jira_cloud.issue_types import issue_type_bean, status_bean
from mock_server.jira_cloud.paging import is_v2, named
from mock_server.jira_cloud.projects import CloudProjectSchema, project_bean
from mock_server.jira_cloud.users import OPENAPI, CloudUserSchema, short_user_bean, tempo_app_bean
from mock_server.schemas import WireSchema
from mock_server.stamps import stamp, zone
from mock_server.storage import issues as issue_rows
from mock_server.storage import people as person_rows
from mock_server.storage import projects as project_rows
from mock_server.storage.issues import Issue, JiraWorklog

EXPAND = "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations"
MOST_WORKLOGS = 20
"""Worklogs that stand inside an issue, whatever is asked; the oldest ones."""

ALL, NAVIGABLE = "*all", "*navigable"
NOT_NAVIGABLE = frozenset({"worklog", "comment"})
_HOUR = 3600
_AMOUNTS = (("w", 40 * _HOUR), ("d", 8 * _HOUR), ("h", _HOUR), ("m", 60))


class CloudIssueSchema(WireSchema):
    """An issue; ``fields`` holds what was asked for, and is absent when that is nothing."""

    expand = fields.String()
    id = fields.String()
    link = fields.String(data_key="self")
    key = fields.String()
    fields_ = fields.Dict(data_key="fields")


def load_issue(call: Call, id_or_key: str) -> Issue:
    """The issue in the path. Raises ``NotFound``."""
    return issues.get(call.store, call.actor, id_or_key)


@endpoint("GET", "/issue/<id_or_key>", scope=Scope.ANYBODY, loads=load_issue, returns=CloudIssueSchema, grade="A",
          source=OPENAPI, parameters=("fields", "expand"))  # fmt: skip
def get_cloud_issue(call: Call, issue: Issue) -> dict[str, Any]:
    """One issue by id or key"""
    return issue_bean(call, issue, selected(named(call, "fields") or [ALL]))


@endpoint("DELETE", "/issue/<id_or_key>", scope=Scope.LOGGED_IN, loads=load_issue, status=204, grade="A", source=OPENAPI,
          parameters=("deleteSubtasks",), also_403=True)  # fmt: skip
def delete_cloud_issue(call: Call, issue: Issue) -> None:
    """An issue with everything that was logged on it; plans for it stay unless a setting says otherwise"""
    issues.remove(call.store, call.actor, call.settings, issue, moment_text(call.now))


def selected(names: Sequence[str]) -> list[str]:
    """The fields that such a list asks for, in the order they are written in."""
    dropped = {name[1:] for name in names if name.startswith("-")}
    asked = {name for name in names if not name.startswith("-")}
    if not asked:
        asked = {ALL}
    return [
        name
        for name in FIELDS
        if name not in dropped and (name in asked or ALL in asked or (NAVIGABLE in asked and name not in NOT_NAVIGABLE))
    ]


def issue_bean(call: Call, issue: Issue, wanted: Sequence[str]) -> dict[str, Any]:
    """Values of ``CloudIssueSchema`` with these fields."""
    bean: dict[str, Any] = {
        "expand": EXPAND,
        "id": str(issue.id),
        "link": f"{call.base}/issue/{issue.id}",
        "key": issue.key,
    }
    if wanted:
        bean["fields_"] = {name: FIELDS[name](call, issue) for name in wanted}
    return bean


def pretty(seconds: int) -> str:
    """``1d 4h`` for an amount of time, by days of eight and weeks of forty hours."""
    parts = []
    for unit, size in _AMOUNTS:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts) or "0m"


def rich_text(call: Call, text: str) -> Any:
    """A text as the asked version has it: a document in version 3, plain in version 2."""
    if is_v2(call):
        return text
    return rich_texts.of_text(text)


def _wire(schema: type[WireSchema], bean: Mapping[str, Any]) -> dict[str, Any]:
    names = {attribute: field.data_key or attribute for attribute, field in schema().dump_fields.items()}
    return {names[attribute]: value for attribute, value in bean.items()}


def _person(call: Call, person_id: int | None) -> dict[str, Any] | None:
    person = person_rows.get(call.store, person_id) if person_id else None
    return _wire(CloudUserSchema, short_user_bean(call, person)) if person else None


def _project(call: Call, issue: Issue) -> dict[str, Any] | None:
    project = project_rows.get(call.store, issue.project_id)
    if project is None:
        return None
    bean = project_bean(call, project)
    return _wire(CloudProjectSchema, {name: bean[name] for name in bean if name not in ("expand", "style", "is_private")})


def _time_tracking(call: Call, issue: Issue) -> dict[str, Any]:
    spent = issue_rows.logged(call.store, issue.id).seconds
    found: dict[str, Any] = {}
    if issue.remaining_estimate is not None:
        found |= {
            "remainingEstimate": pretty(issue.remaining_estimate),
            "remainingEstimateSeconds": issue.remaining_estimate,
        }
    if spent:
        found |= {"timeSpent": pretty(spent), "timeSpentSeconds": spent}
    return found


def _spent(call: Call, issue: Issue) -> int | None:
    return issue_rows.logged(call.store, issue.id).seconds or None


def _worklogs(call: Call, issue: Issue) -> dict[str, Any]:
    total = issue_rows.logged(call.store, issue.id).number
    found = issue_rows.worklogs(call.store, issue.id, MOST_WORKLOGS)
    return {
        "startAt": 0,
        "maxResults": MOST_WORKLOGS,
        "total": total,
        "worklogs": [_worklog(call, issue, worklog) for worklog in found],
    }


def _worklog(call: Call, issue: Issue, worklog: JiraWorklog) -> dict[str, Any]:
    if call.settings["jiraCloud.worklogAuthor"] == "person":
        author = _person(call, worklog.author_id)
    else:
        author = _wire(CloudUserSchema, tempo_app_bean(call))
    began = datetime.fromisoformat(f"{worklog.start_date}T{worklog.start_time}").replace(tzinfo=zone(worklog.time_zone))
    return {
        "self": f"{call.base}/issue/{issue.id}/worklog/{worklog.id}",
        "author": author,
        "updateAuthor": author,
        "comment": rich_text(call, worklog.description or f"Working on issue {issue.key}"),
        "created": stamp(call, datetime.fromisoformat(worklog.created_at)),
        "updated": stamp(call, datetime.fromisoformat(worklog.updated_at)),
        "started": stamp(call, began),
        "timeSpent": pretty(worklog.time_spent),
        "timeSpentSeconds": worklog.time_spent,
        "id": str(worklog.id),
        "issueId": str(issue.id),
    }


FIELDS: Mapping[str, Callable[[Call, Issue], Any]] = MappingProxyType(
    {
        "summary": lambda call, issue: issue.summary,
        "project": _project,
        "issuetype": lambda call, issue: issue_type_bean(call, issue.issue_type),
        "status": lambda call, issue: status_bean(call, issue.status),
        "assignee": lambda call, issue: _person(call, issue.assignee_id),
        "reporter": lambda call, issue: _person(call, issue.reporter_id),
        "priority": lambda call, issue: None,
        "resolution": lambda call, issue: None,
        "labels": lambda call, issue: [],
        "components": lambda call, issue: [],
        "fixVersions": lambda call, issue: [],
        "created": lambda call, issue: stamp(call, datetime.fromisoformat(issue.created_at)),
        "updated": lambda call, issue: stamp(call, datetime.fromisoformat(issue.updated_at)),
        "description": lambda call, issue: None,
        "timetracking": _time_tracking,
        "timespent": _spent,
        "aggregatetimespent": _spent,
        "timeestimate": lambda call, issue: issue.remaining_estimate,
        "aggregatetimeestimate": lambda call, issue: issue.remaining_estimate,
        "timeoriginalestimate": lambda call, issue: None,
        "workratio": lambda call, issue: -1,
        "worklog": _worklogs,
        "comment": comments_of,
    }
)
"""Field of an issue -> what makes its value, in wire names."""
