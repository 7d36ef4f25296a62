"""Permission roles of a team, which Data Center calls permission groups (bean of the vendor's OpenAPI, path of a help page)."""

from typing import Any

from marshmallow import fields

from mock_server.access import TEAM_PERMISSION_KEYS, Scope
from mock_server.datacenter.people import avatar
from mock_server.datacenter.teams import load_team
from mock_server.domain import permission_roles
from mock_server.endpoint import Call, endpoint
from mock_server.schemas import WireSchema
from mock_server.storage.teams import Team


class PermissionGroupUserSchema(WireSchema):
    """A person in a permission group, in the newer form."""

    key = fields.String()
    display_name = fields.String(data_key="displayName")
    avatar = fields.Dict()
    active = fields.Boolean()


class GroupNameSchema(WireSchema):
    """A Jira group in a permission group."""

    name = fields.String()


class PermissionGroupSchema(WireSchema):
    """A permission group; ``permissions`` maps every key to whether the group gives it."""

    id = fields.Integer()
    name = fields.String()
    permissions = fields.Dict()
    users = fields.List(fields.Nested(PermissionGroupUserSchema))
    groups = fields.List(fields.Nested(GroupNameSchema))


@endpoint("GET", "/2/permissionGroups/team/<id:team_id>", scope=Scope.MANAGE_TEAM, loads=load_team,
          returns=PermissionGroupSchema, many=True, grade="D",
          source="bean of the vendor's OpenAPI, path of a help page")  # fmt: skip
def list_permission_groups(call: Call, team: Team) -> list[dict[str, Any]]:
    """The permission groups of a team: Team Lead, Member and others"""
    return [
        {
            "id": held.role.id,
            "name": held.role.name,
            "permissions": {key: key in held.keys for key in TEAM_PERMISSION_KEYS},
            "users": [
                {
                    "key": person.key,
                    "display_name": person.display_name,
                    "avatar": avatar(call.context, person.avatar_id),
                    "active": bool(person.active),
                }
                for person in held.people
            ],
            "groups": [{"name": name} for name in held.group_names],
        }
        for held in permission_roles.of_team(call.store, team)
    ]
