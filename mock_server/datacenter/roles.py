"""Team roles (role bean of the vendor's OpenAPI; paths of published clients)."""

from typing import Any

from marshmallow import fields

from mock_server.access import Scope
from mock_server.domain import roles
from mock_server.endpoint import Call, endpoint
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


def role_bean(role: Role, with_default: bool) -> dict[str, Any]:
    """Values of ``RoleSchema``; older versions do not say which one is the default."""
    bean: dict[str, Any] = {"id": role.id, "name": role.name}
    if with_default:
        bean["default"] = bool(role.is_default)
    return bean
