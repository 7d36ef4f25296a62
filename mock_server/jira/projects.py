"""Jira projects, Data Center form (Jira REST reference)."""

from typing import Any

from marshmallow import fields

from mock_server.access import Scope
from mock_server.domain import projects
from mock_server.endpoint import Call, endpoint
from mock_server.jira.users import UserSchema, user_bean
from mock_server.picture_links import avatar_urls
from mock_server.schemas import WireSchema
from mock_server.storage import people as person_rows
from mock_server.storage.projects import Project

REFERENCE = "Jira REST reference"


class ProjectSchema(WireSchema):
    """A project; ``id`` is text. The list leaves out what only the single read shows."""

    expand = fields.String()
    link = fields.String(data_key="self")
    id = fields.String()
    key = fields.String()
    name = fields.String()
    avatars = fields.Dict(data_key="avatarUrls")
    project_type = fields.String(data_key="projectTypeKey")
    description = fields.String()
    lead = fields.Nested(UserSchema)
    components = fields.List(fields.Dict())
    issue_types = fields.List(fields.Dict(), data_key="issueTypes")
    assignee_type = fields.String(data_key="assigneeType")
    versions = fields.List(fields.Dict())
    roles = fields.Dict()


@endpoint("GET", "/project", scope=Scope.ANYBODY, returns=ProjectSchema, many=True, grade="O", source=REFERENCE)
def list_projects(call: Call) -> list[dict[str, Any]]:
    """The projects that the caller may browse"""
    return [_bean(call, project) for project in projects.browsable(call.store, call.actor)]


@endpoint("GET", "/project/<id_or_key>", scope=Scope.ANYBODY, returns=ProjectSchema, grade="O", source=REFERENCE)
def get_project(call: Call, id_or_key: str) -> dict[str, Any]:
    """One project by id or key"""
    project = projects.get(call.store, call.actor, id_or_key)
    bean = _bean(call, project)
    lead = person_rows.get(call.store, project.lead_id) if project.lead_id else None
    if lead:
        bean["lead"] = user_bean(call, lead)
    return bean | {
        "description": "",
        "components": [],
        "issue_types": [],
        "assignee_type": "UNASSIGNED",
        "versions": [],
        "roles": {},
    }


def _bean(call: Call, project: Project) -> dict[str, Any]:
    return {
        "expand": "description,lead,url,projectKeys",
        "link": f"{call.base}/rest/api/2/project/{project.id}",
        "id": str(project.id),
        "key": project.key,
        "name": project.name,
        "avatars": avatar_urls(f"{call.base}/secure/projectavatar", f"pid={project.id}"),
        "project_type": project.project_type,
    }
