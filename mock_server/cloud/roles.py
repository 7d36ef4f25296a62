"""Team roles, ``/4/roles``."""

from typing import Any

from marshmallow import fields, validate

from mock_server.access import ApiScope
from mock_server.cloud.paging import Listed
from mock_server.cloud.permissions import need_team_administrator
from mock_server.domain import roles
from mock_server.endpoint import Call, endpoint
from mock_server.errors import NotFound
from mock_server.schemas import WireSchema
from mock_server.storage import roles as role_rows
from mock_server.storage.roles import Role

OPENAPI = "vendor's OpenAPI of v4"


class RoleV4Schema(WireSchema):
    """A team role."""

    link = fields.String(data_key="self")
    id = fields.Integer()
    name = fields.String()
    default = fields.Boolean()


class RoleReferenceV4Schema(WireSchema):
    """A team role inside something else."""

    link = fields.String(data_key="self")
    id = fields.Integer()
    name = fields.String()


class RoleV4InputSchema(WireSchema):
    """A team role in a body."""

    name = fields.String(required=True, validate=validate.Length(min=1))


def load_role(call: Call, role_id: int) -> Role:
    """The role in the path. Raises ``NotFound``."""
    return roles.get(call.store, role_id)


@endpoint("GET", "/roles", scope=ApiScope.TEAMS_VIEW, returns=RoleV4Schema, many=True, grade="A", source=OPENAPI)
def list_roles_v4(call: Call) -> Listed:
    """Every team role"""
    return Listed([_bean(call, role) for role in role_rows.every(call.store)])


@endpoint(
    "POST", "/roles", scope=ApiScope.TEAMS_MANAGE, body=RoleV4InputSchema, returns=RoleV4Schema, grade="A", source=OPENAPI
)
def create_role_v4(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    """Add a team role"""
    need_team_administrator(call)
    return _bean(call, roles.create(call.store, values["name"]))


@endpoint("GET", "/roles/default", scope=ApiScope.TEAMS_VIEW, returns=RoleV4Schema, also_404=True, grade="A", source=OPENAPI)
def get_default_role(call: Call) -> dict[str, Any]:
    """The role that a membership gets when it names none"""
    role = role_rows.default(call.store)
    if role is None:
        raise NotFound("There is no default role")
    return _bean(call, role)


@endpoint(
    "GET", "/roles/<id:role_id>", scope=ApiScope.TEAMS_VIEW, loads=load_role, returns=RoleV4Schema, grade="A", source=OPENAPI
)
def get_role_v4(call: Call, role: Role) -> dict[str, Any]:
    """One team role"""
    return _bean(call, role)


@endpoint("PUT", "/roles/<id:role_id>", scope=ApiScope.TEAMS_MANAGE, loads=load_role, body=RoleV4InputSchema,
          returns=RoleV4Schema, grade="A", source=OPENAPI)  # fmt: skip
def update_role_v4(call: Call, role: Role, values: dict[str, Any]) -> dict[str, Any]:
    """Give a team role another name"""
    need_team_administrator(call)
    return _bean(call, roles.rename(call.store, role, values["name"]))


@endpoint("DELETE", "/roles/<id:role_id>", scope=ApiScope.TEAMS_MANAGE, loads=load_role, status=204, grade="A", source=OPENAPI)
def delete_role_v4(call: Call, role: Role) -> None:
    """Remove a team role that no membership has"""
    need_team_administrator(call)
    roles.remove(call.store, role)


def role_reference(call: Call, role: Role) -> dict[str, Any]:
    """Values of ``RoleReferenceV4Schema``."""
    return {"link": f"{call.base}/roles/{role.id}", "id": role.id, "name": role.name}


def _bean(call: Call, role: Role) -> dict[str, Any]:
    return {**role_reference(call, role), "default": bool(role.is_default)}
