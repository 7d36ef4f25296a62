"""Team roles (role bean of the vendor's OpenAPI; paths of published clients)."""

from typing import Any

from marshmallow import fields

from mock_server.access import Scope
from mock_server.domain import roles
from mock_server.endpoint import Call, endpoint
from mock_server.errors import NotAllowed
from mock_server.schemas import WireSchema
from mock_server.storage import roles as role_rows
from mock_server.storage.roles import Role


class RoleSchema(WireSchema):
    """A team role; ``default`` marks the one a membership gets when it names none."""

    id = fields.Integer()
    name = fields.String()
    default = fields.Boolean()


class RoleInputSchema(WireSchema):
    """A team role in a body."""

    name = fields.String(load_default=None)


@endpoint("GET", "/2/role", scope=Scope.LOGGED_IN, returns=RoleSchema, many=True, grade="C", source="published clients")
def list_roles(call: Call) -> list[dict[str, Any]]:
    """Every team role"""
    return [role_bean(role, True) for role in role_rows.every(call.store)]


@endpoint("POST", "/2/role", scope=Scope.TEAM_ADMINISTRATOR, body=RoleInputSchema, returns=RoleSchema, grade="C",
          source="published clients")  # fmt: skip
def create_role(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    """Add a team role"""
    return role_bean(roles.create(call.store, values["name"]), True)


def load_role(call: Call, role_id: int) -> Role:
    """The role in the path. Raises ``NotFound``, and ``NotAllowed`` where roles.writes is off."""
    if not call.settings.is_on("roles.writes"):
        raise NotAllowed("Roles cannot be read or changed one by one here.")
    return roles.get(call.store, role_id)


@endpoint("GET", "/2/role/<id:role_id>", scope=Scope.LOGGED_IN, loads=load_role, returns=RoleSchema, grade="I",
          source="by analogy")  # fmt: skip
def get_role(_call: Call, role: Role) -> dict[str, Any]:
    """One team role"""
    return role_bean(role, True)


@endpoint("PUT", "/2/role/<id:role_id>", scope=Scope.TEAM_ADMINISTRATOR, loads=load_role, body=RoleInputSchema,
          returns=RoleSchema, grade="I", source="by analogy")  # fmt: skip
def rename_role(call: Call, role: Role, values: dict[str, Any]) -> dict[str, Any]:
    """Give a team role another name"""
    return role_bean(roles.rename(call.store, role, values["name"]), True)


@endpoint("DELETE", "/2/role/<id:role_id>", scope=Scope.TEAM_ADMINISTRATOR, loads=load_role, status=204, grade="I",
          source="by analogy")  # fmt: skip
def remove_role(call: Call, role: Role) -> None:
    """Remove a team role that no membership has and that is not the default"""
    roles.remove(call.store, role)


def role_bean(role: Role, with_default: bool) -> dict[str, Any]:
    """Values of ``RoleSchema``; older versions do not say which one is the default."""
    bean: dict[str, Any] = {"id": role.id, "name": role.name}
    if with_default:
        bean["default"] = bool(role.is_default)
    return bean
