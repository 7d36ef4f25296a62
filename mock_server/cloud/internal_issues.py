"""Internal issues for absence integrations, ``/x-tempo-mock/internal-issues``: an extension of this fake, not part of Tempo.

Tempo publishes no way to list them, although integrations offer them to choose from.
"""

from typing import Any

from marshmallow import fields

from mock_server.access import ApiScope
from mock_server.cloud.addresses import jira_root
from mock_server.domain import internal_issues, people
from mock_server.endpoint import Call, endpoint
from mock_server.schemas import WireSchema
from mock_server.storage import internal_issues as issue_rows
from mock_server.storage.internal_issues import InternalIssue


class InternalIssueTeamSchema(WireSchema):
    """A team that an internal issue is open to."""

    link = fields.String(data_key="self")
    id = fields.Integer()


class InternalIssueSchema(WireSchema):
    """An internal issue. Without teams it is open to all."""

    link = fields.String(data_key="self")
    id = fields.Integer()
    key = fields.String()
    summary = fields.String()
    project_id = fields.Integer(data_key="projectId")
    teams = fields.List(fields.Nested(InternalIssueTeamSchema))


class ListMetadataSchema(WireSchema):
    """How many there are."""

    count = fields.Integer()


class InternalIssuesSchema(WireSchema):
    """All of them at once."""

    metadata = fields.Nested(ListMetadataSchema)
    results = fields.List(fields.Nested(InternalIssueSchema))


class InternalIssuesQuery(WireSchema):
    """Whose issues are wanted; everybody's when nobody is told."""

    account_id = fields.String(data_key="accountId", load_default=None)


@endpoint("GET", "/internal-issues", scope=ApiScope.PLANS_VIEW, query=InternalIssuesQuery, returns=InternalIssuesSchema,
          also_404=True, grade="I", source="what absence integrations need; no public operation lists them")  # fmt: skip
def list_internal_issues(call: Call, query: dict[str, Any]) -> dict[str, Any]:
    """Internal issues one may browse, unpaged; with accountId those of the person's teams today, Work On Issues or not"""
    every = issue_rows.every(call.store)
    found = internal_issues.visible(call.store, call.caller)
    if len(found) < len(every):
        call.note(f"{_of(len(found), every)}: {call.caller.name} may not browse the projects of the others")
    if query["account_id"] is not None:
        person = people.by_account_id(call.store, query["account_id"])
        closed = internal_issues.why_closed(call.store, found, person, call.today)
        found = internal_issues.open_to(call.store, found, person, call.today)
        if closed:
            call.note(f"{_of(len(found), every)}: {closed}")
    return {"metadata": {"count": len(found)}, "results": [_bean(call, issue) for issue in found]}


def _of(count: int, every: list[InternalIssue]) -> str:
    return f"{count} of {len(every)} internal {'issue' if len(every) == 1 else 'issues'}"


def _bean(call: Call, issue: InternalIssue) -> dict[str, Any]:
    return {
        "link": f"{jira_root(call)}/issue/{issue.id}",
        "id": issue.id,
        "key": issue.key,
        "summary": issue.summary,
        "project_id": issue.project_id,
        "teams": [{"link": f"{call.base}/teams/{team_id}", "id": team_id} for team_id in issue.team_ids],
    }
