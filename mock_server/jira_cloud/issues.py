"""Issues of Jira Cloud, as far as the world knows them (vendor's OpenAPI of v3)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from marshmallow import fields

from mock_server.access import Scope
from mock_server.domain import issues
from mock_server.domain.durations import pretty
from mock_server.endpoint import Call, endpoint
from mock_server.jira_cloud.comment_beans import comments_of
from mock_server.jira_cloud.issue_types import issue_type_bean, status_bean
from mock_server.jira_cloud.paging import named
from mock_server.jira_cloud.projects import CloudProjectSchema, project_bean
from mock_server.jira_cloud.users import OPENAPI, CloudUserSchema, short_user_bean
from mock_server.jira_cloud.worklog_beans import worklogs_inside
from mock_server.moments import moment_text
from mock_server.schemas import WireSchema
from mock_server.stamps import stamp
from mock_server.storage import jira_worklogs as worklog_rows
from mock_server.storage import people as person_rows
from mock_server.storage import projects as project_rows
from mock_server.storage.issues import Issue

EXPAND = "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations"
ALL, NAVIGABLE = "*all", "*navigable"
NOT_NAVIGABLE = frozenset({"worklog", "comment"})


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
    spent = worklog_rows.logged(call.store, issue.id).seconds
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
    return worklog_rows.logged(call.store, issue.id).seconds or None


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
        "worklog": worklogs_inside,
        "comment": comments_of,
    }
)
"""Field of an issue -> what makes its value, in wire names."""
