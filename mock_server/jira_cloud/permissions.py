"""Permissions of the caller and of others, as Jira Cloud tells them (vendor's OpenAPI of v3)."""

from typing import Any

from marshmallow import fields, validate

from mock_server.access import Actor, GlobalPermission, Scope
from mock_server.domain import issues, jira_api_tokens, projects
from mock_server.endpoint import Call, endpoint
from mock_server.errors import Invalid, NotFound, Refused
from mock_server.jira_cloud.paging import named
from mock_server.jira_cloud.users import OPENAPI
from mock_server.permission_keys import KNOWN, Known
from mock_server.schemas import WireSchema
from mock_server.storage import issues as issue_rows
from mock_server.storage import people as person_rows

MOST_IDS = 1000
_APP = "io.tempo.jira__"
_TEMPO = (
    Known(f"{_APP}view-all-worklogs", "View All Worklogs", None),
    Known(f"{_APP}log-work-for-others", "Log Work for Others", None),
    Known(f"{_APP}set-billable-hours", "Set Billable Hours", None),
    Known(f"{_APP}view-issue-hours", "View Issue Hours", None),
    Known(f"{_APP}tempo-timesheets-access", "Tempo Timesheets Access", GlobalPermission.TEMPO_TIMESHEETS_ACCESS),
    Known(f"{_APP}tempo-planner-access", "Tempo Planner Access", GlobalPermission.TEMPO_PLANNER_ACCESS),
    Known(f"{_APP}tempo-administrator", "Tempo Administrator", GlobalPermission.TEMPO_ADMINISTRATOR),
    Known(f"{_APP}tempo-team-administrator", "Tempo Team Administrator", GlobalPermission.TEMPO_TEAM_ADMINISTRATOR),
    Known(f"{_APP}tempo-account-administrator", "Tempo Account Administrator", GlobalPermission.TEMPO_ACCOUNT_ADMINISTRATOR),
    Known(f"{_APP}tempo-rate-administrator", "Tempo Rate Administrator", GlobalPermission.TEMPO_RATE_ADMINISTRATOR),
)
CLOUD_KEYS = (*KNOWN, *_TEMPO)


class CloudPermissionsSchema(WireSchema):
    """Permission key -> whether the caller holds it."""

    permissions = fields.Dict()


class ProjectCheckSchema(WireSchema):
    """Project permissions to be looked at in some projects and issues."""

    permissions = fields.List(fields.String(), required=True, validate=validate.Length(min=1))
    projects = fields.List(fields.Integer(strict=True), load_default=None, allow_none=True)
    issues = fields.List(fields.Integer(strict=True), load_default=None, allow_none=True)


class CheckSchema(WireSchema):
    """Whose permissions, and which."""

    account_id = fields.String(data_key="accountId", load_default=None, allow_none=True)
    global_permissions = fields.List(fields.String(), data_key="globalPermissions", load_default=None, allow_none=True)
    project_permissions = fields.List(
        fields.Nested(ProjectCheckSchema), data_key="projectPermissions", load_default=None, allow_none=True
    )


class HeldInProjectsSchema(WireSchema):
    """Where a project permission is held."""

    permission = fields.String()
    projects = fields.List(fields.Integer())
    issues = fields.List(fields.Integer())


class CheckedSchema(WireSchema):
    """The permissions held, of those asked for."""

    project_permissions = fields.List(fields.Nested(HeldInProjectsSchema), data_key="projectPermissions")
    global_permissions = fields.List(fields.String(), data_key="globalPermissions")


@endpoint("GET", "/mypermissions", scope=Scope.ANYBODY, returns=CloudPermissionsSchema, grade="A", source=OPENAPI,
          also_404=True, parameters=("permissions", "projectKey", "projectId", "issueKey", "issueId"))  # fmt: skip
def get_my_cloud_permissions(call: Call) -> dict[str, Any]:
    """Which of the named permissions the caller holds: anywhere, in a project or on an issue"""
    keys = named(call, "permissions")
    if not keys:
        raise Invalid("The 'permissions' query parameter is required.")
    _refuse_unknown(keys, CLOUD_KEYS)
    held = projects.held(call.store, call.actor)
    project_id = _asked_project(call)
    in_projects = frozenset[str]().union(*held.values()) if project_id is None else held.get(project_id, frozenset())
    return {
        "permissions": {
            known.key: {
                "id": str(index),
                "key": known.key,
                "name": known.title,
                "type": "GLOBAL" if known.held_as else "PROJECT",
                "description": known.title,
                "havePermission": _holds(call.actor, known) if known.held_as else known.key in in_projects,
            }
            for index, known in enumerate(CLOUD_KEYS)
            if known.key in keys
        }
    }


@endpoint("POST", "/permissions/check", scope=Scope.ANYBODY, body=CheckSchema, returns=CheckedSchema, grade="A", source=OPENAPI,
          is_search=True, also_403=True)  # fmt: skip
def check_cloud_permissions(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    """Where the caller holds permissions, or for a Jira administrator somebody else"""
    asked_global = list(dict.fromkeys(values["global_permissions"] or ()))
    asked = values["project_permissions"] or ()
    _refuse_unknown(asked_global, [known for known in CLOUD_KEYS if known.held_as])
    _refuse_unknown([key for check in asked for key in check["permissions"]], [k for k in CLOUD_KEYS if not k.held_as])
    for name in ("projects", "issues"):
        if sum(len(check[name] or ()) for check in asked) > MOST_IDS:
            raise Invalid(f"At most {MOST_IDS} {name} can be checked at once.")
    actor = _whose(call, values["account_id"])
    held = projects.held(call.store, actor)
    by_key = {known.key: known for known in CLOUD_KEYS}
    found = []
    for check in asked:
        issue_ids = sorted({number for number in check["issues"] or () if abs(number) < 2**63})
        rows = [issue for number in issue_ids if (issue := issue_rows.get(call.store, number))]
        for key in dict.fromkeys(check["permissions"]):
            where = {project_id for project_id, permissions in held.items() if key in permissions}
            found.append(
                {
                    "permission": key,
                    "projects": sorted(where & set(check["projects"] or ())),
                    "issues": [issue.id for issue in rows if issue.project_id in where],
                }
            )
    return {
        "project_permissions": found,
        "global_permissions": [key for key in asked_global if _holds(actor, by_key[key])],
    }


def _whose(call: Call, account_id: str | None) -> Actor | None:
    if account_id is None or (call.actor and call.actor.account_id == account_id):
        return call.actor
    if not (call.actor and call.actor.is_jira_administrator):
        raise Refused("Only Jira administrators can perform this operation.")
    person = person_rows.by_account_id(call.store, account_id)
    if person is None:
        raise Invalid(fields={"accountId": "The user does not exist."})
    return jira_api_tokens.actor(call.store, person)


def _asked_project(call: Call) -> int | None:
    issue = call.first("issueId") or call.first("issueKey")
    if issue:
        return issues.get(call.store, call.actor, issue).project_id
    project = call.first("projectId") or call.first("projectKey")
    if not project:
        return None
    found = projects.get(call.store, call.actor, project)
    if call.first("projectId") and str(found.id) != project:
        raise NotFound(f"No project could be found with id '{project}'.")
    return found.id


def _holds(actor: Actor | None, known: Known) -> bool:
    return actor is not None and known.held_as in actor.permissions


def _refuse_unknown(keys: list[str], known: Any) -> None:
    unknown = sorted(set(keys) - {one.key for one in known})
    if unknown:
        raise Invalid(fields=dict.fromkeys(unknown, "Unrecognized permission"))
