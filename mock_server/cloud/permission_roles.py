"""Permission roles, ``/4/permission-roles`` (vendor's OpenAPI of v4; help pages on permission roles)."""

from typing import Any

from marshmallow import fields, validate

from mock_server.access import ApiScope
from mock_server.cloud.addresses import UserSchema, user_bean
from mock_server.cloud.numbers import Int32
from mock_server.cloud.paging import Page, PagedQuery, window
from mock_server.cloud.permissions import need_manage_team, need_team_administrator
from mock_server.cloud.roles import OPENAPI
from mock_server.domain import permission_roles
from mock_server.domain.permission_roles import GLOBAL, OVER_TEAMS, Wanted
from mock_server.endpoint import Call, endpoint
from mock_server.errors import Invalid, NotFound
from mock_server.schemas import WireSchema
from mock_server.storage import permission_roles as rows
from mock_server.storage import teams as team_rows
from mock_server.storage.permission_roles import PermissionRole


class AccessEntitySchema(WireSchema):
    """A team that a role is over."""

    link = fields.String(data_key="self")
    id = fields.Integer()


class PermissionKeySchema(WireSchema):
    """A permission."""

    key = fields.String()


class PermissionRoleV4Schema(WireSchema):
    """A permission role; ``editable`` is false for the two that every team is born with."""

    link = fields.String(data_key="self")
    id = fields.Integer()
    name = fields.String()
    access_type = fields.String(data_key="accessType")
    editable = fields.Boolean()
    permissions = fields.List(fields.Nested(PermissionKeySchema))
    permitted_users = fields.List(fields.Nested(UserSchema), data_key="permittedUsers")
    access_entities = fields.List(fields.Nested(AccessEntitySchema), data_key="accessEntities")


class PermissionRoleV4InputSchema(WireSchema):
    """A permission role in a body; a missing list is an empty one."""

    name = fields.String(required=True, validate=validate.Length(min=1))
    access_type = fields.String(required=True, data_key="accessType", validate=validate.OneOf([OVER_TEAMS, GLOBAL]))
    keys = fields.List(fields.String(), data_key="permissionKeys", load_default=list, allow_none=True)
    account_ids = fields.List(fields.String(), data_key="permittedAccountIds", load_default=list, allow_none=True)
    team_ids = fields.List(Int32(), data_key="accessEntityIds", load_default=list, allow_none=True)


class PermissionRolesQuery(PagedQuery):
    """The roles of one team, by its id as text."""

    team_id = fields.String(data_key="teamId", load_default=None)


def load_permission_role(call: Call, permission_role_id: int) -> PermissionRole:
    """The role in the path. Raises ``NotFound`` also for one that the caller may not see."""
    role = permission_roles.get(call.store, permission_role_id)
    if not _seen(call, [role]):
        raise NotFound(f"There is no permission role with the id {permission_role_id}.")
    return role


@endpoint("GET", "/permission-roles", scope=ApiScope.TEAMS_VIEW, query=PermissionRolesQuery, returns=PermissionRoleV4Schema,
          many=True, grade="A", source=OPENAPI)  # fmt: skip
def list_permission_roles(call: Call, query: dict[str, Any]) -> Page:
    """The permission roles that the caller may see: all of them, or those of one team"""
    text = query["team_id"]
    if text is None:
        return _page(call, rows.every(call.store), query)
    if not (text.isascii() and text.isdecimal()):
        raise Invalid(fields={"teamId": f"{text} is not the id of a team."})
    return _page(call, rows.of_team(call.store, min(int(text[:20]), 2**31)), query)


@endpoint("POST", "/permission-roles", scope=ApiScope.TEAMS_MANAGE, body=PermissionRoleV4InputSchema,
          returns=PermissionRoleV4Schema, grade="A", source=OPENAPI)  # fmt: skip
def create_permission_role(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    """Add a permission role over some teams, or over everybody"""
    wanted = _wanted(values)
    _need_rights(call, wanted.access_type, wanted.team_ids)
    return _bean(call, permission_roles.create(call.store, wanted))


@endpoint("GET", "/permission-roles/global", scope=ApiScope.TEAMS_VIEW, query=PagedQuery, returns=PermissionRoleV4Schema,
          many=True, grade="A", source=OPENAPI)  # fmt: skip
def list_global_permission_roles(call: Call, query: dict[str, Any]) -> Page:
    """The permission roles with Full access"""
    return _page(call, [role for role in rows.every(call.store) if role.access_type == GLOBAL], query)


@endpoint("GET", "/permission-roles/<id:permission_role_id>", scope=ApiScope.TEAMS_VIEW, loads=load_permission_role,
          returns=PermissionRoleV4Schema, grade="A", source=OPENAPI)  # fmt: skip
def get_permission_role(call: Call, role: PermissionRole) -> dict[str, Any]:
    """One permission role"""
    return _bean(call, role)


@endpoint("PUT", "/permission-roles/<id:permission_role_id>", scope=ApiScope.TEAMS_MANAGE, loads=load_permission_role,
          body=PermissionRoleV4InputSchema, returns=PermissionRoleV4Schema, grade="A", source=OPENAPI)  # fmt: skip
def update_permission_role(call: Call, role: PermissionRole, values: dict[str, Any]) -> dict[str, Any]:
    """Make a permission role this one; those that every team is born with cannot be changed"""
    wanted = _wanted(values)
    _need_rights(call, role.access_type, permission_roles.team_ids_of(call.store, role))
    if not role.built_in:
        _need_rights(call, wanted.access_type, wanted.team_ids)
    return _bean(call, permission_roles.replace(call.store, role, wanted))


@endpoint("DELETE", "/permission-roles/<id:permission_role_id>", scope=ApiScope.TEAMS_MANAGE, loads=load_permission_role,
          status=204, grade="A", source=OPENAPI)  # fmt: skip
def delete_permission_role(call: Call, role: PermissionRole) -> None:
    """Remove a permission role; those that every team is born with cannot be removed"""
    _need_rights(call, role.access_type, permission_roles.team_ids_of(call.store, role))
    permission_roles.remove(call.store, role)


def _wanted(values: dict[str, Any]) -> Wanted:
    return Wanted(
        values["name"], values["access_type"], values["keys"] or [], values["account_ids"] or [], values["team_ids"] or []
    )


def _need_rights(call: Call, access_type: str, team_ids: Any) -> None:
    """Who manages the one team of a role may write it; roles over several or over everybody are for administrators."""
    ids = set(team_ids)
    team = team_rows.get(call.store, ids.pop()) if access_type == OVER_TEAMS and len(ids) == 1 else None
    if team is None:
        need_team_administrator(call)
    else:
        need_manage_team(call, team)


def _seen(call: Call, found: list[PermissionRole]) -> list[PermissionRole]:
    reach = permission_roles.managed(call.store, call.caller)
    if reach.everything or call.settings["cloud.permissionRoles"] == "everybody":
        return found
    leads = {team.id: team.lead_id for team in team_rows.named_like(call.store, "")}
    over = rows.teams_of(call.store)
    seen = [
        role
        for role in found
        if any(
            reach.includes(team_id, leads.get(team_id))
            for team_id in ([role.team_id] if role.team_id is not None else over.get(role.id, []))
        )
    ]
    if len(seen) < len(found):
        call.note(f"{len(seen)} of {len(found)} permission roles: {call.caller.name} does not manage the teams of the others")
    return seen


def _page(call: Call, found: list[PermissionRole], query: dict[str, Any]) -> Page:
    seen = _seen(call, found)
    offset, limit = window(query)
    return Page([_bean(call, role) for role in seen[offset : offset + limit]], offset, limit, offset + limit < len(seen))


def _bean(call: Call, role: PermissionRole) -> dict[str, Any]:
    base = call.base
    return {
        "link": f"{base}/permission-roles/{role.id}",
        "id": role.id,
        "name": role.name,
        "access_type": role.access_type,
        "editable": role.built_in is None,
        "permissions": [{"key": key} for key in permission_roles.keys_of(call.store, role)],
        "permitted_users": [user_bean(call, person.account_id) for person in permission_roles.holders_of(call.store, role)],
        "access_entities": [
            {"link": f"{base}/teams/{team_id}", "id": team_id} for team_id in permission_roles.team_ids_of(call.store, role)
        ],
    }
