"""Several worklogs of an issue of Jira Cloud at once (vendor's OpenAPI of v3). Tempo hears nothing of it."""

from typing import Any

from marshmallow import fields

from mock_server.access import Scope
from mock_server.domain import issues, many_jira_worklogs
from mock_server.domain.jira_worklogs import AUTO
from mock_server.endpoint import Call, endpoint
from mock_server.jira_cloud.issues import load_issue
from mock_server.jira_cloud.users import OPENAPI
from mock_server.jira_cloud.worklogs import writing
from mock_server.schemas import WireSchema
from mock_server.storage.issues import Issue


class ManyWorklogsSchema(WireSchema):
    """Ids of worklogs, as whole numbers."""

    ids = fields.List(fields.Integer(strict=True), required=True)


class MovedWorklogsSchema(ManyWorklogsSchema):
    """Ids of worklogs and where they go."""

    to = fields.String(required=True, data_key="issueIdOrKey")


@endpoint("DELETE", "/issue/<id_or_key>/worklog", scope=Scope.LOGGED_IN, loads=load_issue, body=ManyWorklogsSchema, status=204,
          grade="A", source=OPENAPI, parameters=("adjustEstimate", "overrideEditableFlag"), also_200=True)  # fmt: skip
def delete_cloud_worklogs(call: Call, issue: Issue, values: dict[str, Any]) -> dict[str, Any] | None:
    """Delete up to 5000 worklogs of an issue; Tempo keeps its own"""
    way = call.first("adjustEstimate") or AUTO
    return _told(many_jira_worklogs.remove(writing(call), issue, values["ids"], way))


@endpoint("POST", "/issue/<id_or_key>/worklog/move", scope=Scope.LOGGED_IN, loads=load_issue, body=MovedWorklogsSchema,
          status=204, grade="A", source=OPENAPI, also_200=True,
          parameters=("adjustEstimate", "overrideEditableFlag"))  # fmt: skip
def move_cloud_worklogs(call: Call, issue: Issue, values: dict[str, Any]) -> dict[str, Any] | None:
    """Move up to 5000 worklogs to another issue; Tempo keeps its own where they were"""
    to = issues.get(call.store, call.actor, values["to"])
    return _told(many_jira_worklogs.move(writing(call), issue, values["ids"], to))


def _told(missing: list[int]) -> dict[str, Any] | None:
    if not missing:
        return None
    shown = ", ".join(map(str, missing[:20]))
    return {"errorMessages": [f"These worklogs of the issue do not exist: {shown}."], "errors": {}}
