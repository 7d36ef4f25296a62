"""Team permissions of the older kind (Teams REST API guide)."""

from typing import Any, NamedTuple

from marshmallow import fields

from mock_server.access import Scope
from mock_server.datacenter.people import avatar
from mock_server.datacenter.teams import GUIDE, load_team
from mock_server.domain import team_permissions
from mock_server.domain.team_permissions import Granted
from mock_server.endpoint import Call, endpoint
from mock_server.schemas import WireSchema
from mock_server.storage.people import Person
from mock_server.storage.teams import Team


class TeamPermissionHolderSchema(WireSchema):
    """A person who holds the permission; avatars in the smallest and the largest size only."""

    name = fields.String()
    avatar = fields.Dict()
    jira_user = fields.Boolean(data_key="jiraUser")
    display_name = fields.String(data_key="displayname")


class TeamPermissionSchema(WireSchema):
    """A permission on one team with its holders."""

    id = fields.String()
    team_id = fields.Integer(data_key="teamId")
    name = fields.String()
    description = fields.String()
    weight = fields.Integer()
    groups = fields.List(fields.String())
    users = fields.List(fields.Nested(TeamPermissionHolderSchema))


class TeamPermissionInputSchema(WireSchema):
    """All who shall hold the permission; a missing list is an empty one. The path decides team and key."""

    groups = fields.List(fields.String(), load_default=list, allow_none=True)
    users = fields.List(fields.String(), load_default=list, allow_none=True)


class OnTeam(NamedTuple):
    """A permission and the team it is granted on."""

    team: Team
    granted: Granted


def load_permission(call: Call, team_id: int, key: str) -> OnTeam:
    """The team and permission in the path. Raises ``NotFound``."""
    team = load_team(call, team_id)
    return OnTeam(team, team_permissions.get(call.store, team, key))


@endpoint("GET", "/2/permission/team/<id:team_id>/<key>", scope=Scope.TEAM_ADMINISTRATOR, loads=load_permission,
          returns=TeamPermissionSchema, grade="D", source=GUIDE)  # fmt: skip
def get_team_permission(call: Call, found: OnTeam) -> dict[str, Any]:
    """Who holds a permission on a team"""
    return _bean(call, found.granted)


@endpoint("PUT", "/2/permission/team/<id:team_id>/<key>", scope=Scope.TEAM_ADMINISTRATOR, loads=load_permission,
          body=TeamPermissionInputSchema, returns=TeamPermissionSchema, grade="D", source=GUIDE)  # fmt: skip
def replace_team_permission(call: Call, found: OnTeam, values: dict[str, Any]) -> dict[str, Any]:
    """Make exactly these people and groups the holders of a permission on a team"""
    users, groups = values["users"] or [], values["groups"] or []
    return _bean(call, team_permissions.replace(call.store, found.granted, found.team, users, groups))


def _bean(call: Call, granted: Granted) -> dict[str, Any]:
    return {
        "id": granted.permission.key,
        "team_id": granted.team_id,
        "name": granted.permission.name,
        "description": granted.permission.description,
        "weight": granted.permission.weight,
        "groups": granted.group_names,
        # The guide prints the users in the reverse of the order in which they were sent.
        "users": [_holder(call, person) for person in reversed(granted.people)],
    }


def _holder(call: Call, person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "avatar": avatar(call.context, person.avatar_id, small_and_large_only=True),
        "jira_user": True,
        "display_name": person.display_name,
    }
