"""Whose an issue of Jira Cloud is (vendor's OpenAPI of v3)."""

from typing import Any

from marshmallow import fields

from mock_server.access import Scope
from mock_server.domain import issues
from mock_server.endpoint import Call, endpoint
from mock_server.jira_cloud.issues import load_issue
from mock_server.jira_cloud.users import OPENAPI
from mock_server.moments import moment_text
from mock_server.schemas import WireSchema
from mock_server.storage.issues import Issue


class AssigneeSchema(WireSchema):
    """Who gets it: an accountId, null for nobody, ``-1`` for whom the project says."""

    account_id = fields.String(data_key="accountId", required=True, allow_none=True)


@endpoint("PUT", "/issue/<id_or_key>/assignee", scope=Scope.ANYBODY, loads=load_issue, body=AssigneeSchema, status=204,
          grade="A", source=OPENAPI, also_403=True)  # fmt: skip
def assign_cloud_issue(call: Call, issue: Issue, values: dict[str, Any]) -> None:
    """Give an issue to somebody who can be assigned issues in its project, or to nobody"""
    issues.assign(call.store, call.actor, issue, values["account_id"], moment_text(call.now))
