"""Projects of Jira Cloud (vendor's OpenAPI of v3)."""

from typing import Any

from marshmallow import fields

from mock_server.access import Scope
from mock_server.domain import projects
from mock_server.domain.jql_fields import STANDARD_TYPES
from mock_server.endpoint import Call, endpoint
from mock_server.errors import Invalid
from mock_server.jira_cloud.issue_types import issue_type_bean
from mock_server.jira_cloud.paging import named, number, page_bean, server_root
from mock_server.jira_cloud.users import OPENAPI, CloudUserSchema, short_user_bean
from mock_server.picture_links import avatar_urls
from mock_server.schemas import WireSchema
from mock_server.storage import people as person_rows
from mock_server.storage.projects import Project

MOST_A_PAGE = 100
_ORDERS = frozenset({"key", "name", "category", "owner", "issueCount", "lastIssueUpdatedTime"})


class CloudProjectSchema(WireSchema):
    """A project; ``id`` is text. The list leaves out what only the single read shows."""

    expand = fields.String()
    link = fields.String(data_key="self")
    id = fields.String()
    key = fields.String()
    description = fields.String()
    lead = fields.Nested(CloudUserSchema)
    components = fields.List(fields.Dict())
    issue_types = fields.List(fields.Dict(), data_key="issueTypes")
    assignee_type = fields.String(data_key="assigneeType")
    versions = fields.List(fields.Dict())
    name = fields.String()
    roles = fields.Dict()
    avatars = fields.Dict(data_key="avatarUrls")
    project_type = fields.String(data_key="projectTypeKey")
    simplified = fields.Boolean()
    style = fields.String()
    is_private = fields.Boolean(data_key="isPrivate")
    properties = fields.Dict()


class CloudProjectPageSchema(WireSchema):
    """A page of projects."""

    link = fields.String(data_key="self")
    next_page = fields.String(data_key="nextPage")
    max_results = fields.Integer(data_key="maxResults")
    start_at = fields.Integer(data_key="startAt")
    total = fields.Integer()
    is_last = fields.Boolean(data_key="isLast")
    values = fields.List(fields.Nested(CloudProjectSchema))


@endpoint("GET", "/project/search", scope=Scope.ANYBODY, returns=CloudProjectPageSchema, grade="A", source=OPENAPI,
          parameters=("startAt", "maxResults", "orderBy", "id", "keys", "query", "typeKey"))  # fmt: skip
def search_cloud_projects(call: Call) -> dict[str, Any]:
    """A page of the projects that the caller may browse"""
    start, most = number(call, "startAt", 0), min(number(call, "maxResults", 50), MOST_A_PAGE)
    order = call.first("orderBy") or "key"
    name = order.lstrip("+- ")
    if name not in _ORDERS:
        raise Invalid(f"The value '{order[:40]}' of 'orderBy' is not supported.")
    found = [project for project in projects.browsable(call.store, call.actor) if _is_wanted(call, project)]
    found.sort(key=lambda project: project.name.lower() if name == "name" else project.key, reverse=order.startswith("-"))
    beans = [project_bean(call, project) | {"properties": {}} for project in found[start : start + most]]
    return page_bean(call, "/project/search", beans, start, most, len(found))


@endpoint("GET", "/project", scope=Scope.ANYBODY, returns=CloudProjectSchema, many=True, grade="A", source=OPENAPI)
def list_cloud_projects(call: Call) -> list[dict[str, Any]]:
    """The projects that the caller may browse"""
    return [project_bean(call, project) for project in projects.browsable(call.store, call.actor)]


@endpoint("GET", "/project/<id_or_key>", scope=Scope.ANYBODY, returns=CloudProjectSchema, grade="A", source=OPENAPI)
def get_cloud_project(call: Call, id_or_key: str) -> dict[str, Any]:
    """One project by id or key"""
    project = projects.get(call.store, call.actor, id_or_key)
    bean = project_bean(call, project)
    lead = person_rows.get(call.store, project.lead_id) if project.lead_id else None
    if lead:
        bean["lead"] = short_user_bean(call, lead)
    return bean | {
        "description": "",
        "components": [],
        "issue_types": [issue_type_bean(call, name) for name in STANDARD_TYPES],
        "assignee_type": "UNASSIGNED",
        "versions": [],
        "roles": {},
        "properties": {},
    }


def project_bean(call: Call, project: Project) -> dict[str, Any]:
    """Values of ``CloudProjectSchema`` as a list has them."""
    return {
        "expand": "description,lead,issueTypes,url,projectKeys,permissions,insight",
        "link": f"{call.base}/project/{project.id}",
        "id": str(project.id),
        "key": project.key,
        "name": project.name,
        "avatars": avatar_urls(f"{server_root(call)}/jira/secure/projectavatar", f"pid={project.id}"),
        "project_type": project.project_type,
        "simplified": False,
        "style": "classic",
        "is_private": False,
    }


def _is_wanted(call: Call, project: Project) -> bool:
    ids, keys, kinds = named(call, "id"), named(call, "keys"), named(call, "typeKey")
    text = (call.first("query") or "").lower()
    return (
        (not ids or str(project.id) in ids)
        and (not keys or project.key in keys)
        and (not kinds or project.project_type in kinds)
        and (text in project.key.lower() or text in project.name.lower())
    )
