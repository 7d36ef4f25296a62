"""Which generic resources are in a team, ``/4/teams/{id}/generic-resources`` (vendor's OpenAPI of v4)."""

from typing import Any, NamedTuple

from marshmallow import fields

from mock_server.access import ApiScope
from mock_server.cloud.days import whole_seconds
from mock_server.cloud.generic_resources import UserReferenceSchema, resource_address, user_reference
from mock_server.cloud.numbers import Int32
from mock_server.cloud.permissions import need_manage_team
from mock_server.cloud.roles import OPENAPI
from mock_server.cloud.teams import load_visible_team
from mock_server.domain import generic_resources
from mock_server.endpoint import Call, endpoint
from mock_server.schemas import WireSchema
from mock_server.storage import generic_resources as resource_rows
from mock_server.storage.generic_resources import Assignment
from mock_server.storage.teams import Team


class GenericResourceReferenceSchema(WireSchema):
    """A generic resource inside something else."""

    link = fields.String(data_key="self")
    id = fields.Integer()
    name = fields.String()


class NamelessTeamSchema(WireSchema):
    """A team inside something else, without its name."""

    link = fields.String(data_key="self")
    id = fields.Integer()


class TeamGenericResourcesSchema(WireSchema):
    """All generic resources of a team; not in pages."""

    link = fields.String(data_key="self")
    count = fields.Integer()
    team = fields.Nested(NamelessTeamSchema)
    members = fields.List(fields.Nested(GenericResourceReferenceSchema))


class TeamGenericResourceSchema(WireSchema):
    """A generic resource in a team: since when, and who put it there."""

    link = fields.String(data_key="self")
    team = fields.Nested(NamelessTeamSchema)
    member = fields.Nested(GenericResourceReferenceSchema)
    assigned_at = fields.String(data_key="assignedToTeamAt")
    assigned_by = fields.Nested(UserReferenceSchema, data_key="assignedToTeamBy")


class TeamGenericResourceInputSchema(WireSchema):
    """Which generic resource is put into the team."""

    resource_id = Int32(least=1, required=True, data_key="genericResourceId")


class AssignedToTeam(NamedTuple):
    """A generic resource in a team, with the team."""

    team: Team
    assignment: Assignment


def load_assignment(call: Call, team_id: int, resource_id: int) -> AssignedToTeam:
    """The resource in the team, as the path says. Raises ``NotFound`` also for a team that the caller may not see."""
    team = load_visible_team(call, team_id)
    return AssignedToTeam(team, generic_resources.assigned(call.store, team, resource_id))


@endpoint("GET", "/teams/<id:team_id>/generic-resources", scope=ApiScope.TEAMS_VIEW, loads=load_visible_team,
          returns=TeamGenericResourcesSchema, grade="A", source=OPENAPI)  # fmt: skip
def list_team_generic_resources(call: Call, team: Team) -> dict[str, Any]:
    """The generic resources of a team"""
    members = [_reference(call, assignment) for assignment in resource_rows.of_team(call.store, team.id)]
    own = f"{call.base}/teams/{team.id}/generic-resources"
    return {"link": own, "count": len(members), "team": _team(call, team.id), "members": members}


@endpoint("POST", "/teams/<id:team_id>/generic-resources", scope=ApiScope.TEAMS_MANAGE, loads=load_visible_team,
          body=TeamGenericResourceInputSchema, returns=TeamGenericResourceSchema, grade="A", source=OPENAPI)  # fmt: skip
def add_team_generic_resource(call: Call, team: Team, values: dict[str, Any]) -> dict[str, Any]:
    """Put a generic resource into a team"""
    need_manage_team(call, team)
    return _bean(call, generic_resources.assign(call.store, team, values["resource_id"], call.caller, call.now))


@endpoint("GET", "/teams/<id:team_id>/generic-resources/<id:resource_id>", scope=ApiScope.TEAMS_VIEW, loads=load_assignment,
          returns=TeamGenericResourceSchema, grade="A", source=OPENAPI)  # fmt: skip
def get_team_generic_resource(call: Call, found: AssignedToTeam) -> dict[str, Any]:
    """One generic resource of a team"""
    return _bean(call, found.assignment)


@endpoint("DELETE", "/teams/<id:team_id>/generic-resources/<id:resource_id>", scope=ApiScope.TEAMS_MANAGE,
          loads=load_assignment, status=204, grade="A", source=OPENAPI)  # fmt: skip
def remove_team_generic_resource(call: Call, found: AssignedToTeam) -> None:
    """Take a generic resource out of a team"""
    need_manage_team(call, found.team)
    resource_rows.withdraw(call.store, found.team.id, found.assignment.resource_id)


def _bean(call: Call, assignment: Assignment) -> dict[str, Any]:
    return {
        "link": f"{call.base}/teams/{assignment.team_id}/generic-resources/{assignment.resource_id}",
        "team": _team(call, assignment.team_id),
        "member": _reference(call, assignment),
        "assigned_at": whole_seconds(assignment.assigned_at),
        "assigned_by": user_reference(call, assignment.assigned_by),
    }


def _reference(call: Call, assignment: Assignment) -> dict[str, Any]:
    resource_id = assignment.resource_id
    return {"link": resource_address(call, resource_id), "id": resource_id, "name": assignment.resource_name}


def _team(call: Call, team_id: int) -> dict[str, Any]:
    return {"link": f"{call.base}/teams/{team_id}", "id": team_id}
