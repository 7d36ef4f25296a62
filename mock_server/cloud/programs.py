"""Programs, ``/4/programs``: bundles of teams (vendor's OpenAPI of v4; one recorded refusal)."""

from typing import Any

from marshmallow import fields

from mock_server.access import ApiScope, without_program
from mock_server.cloud.addresses import UserSchema, user_bean
from mock_server.cloud.memberships import TeamReferenceV4Schema
from mock_server.cloud.numbers import Int32
from mock_server.cloud.paging import Listed
from mock_server.cloud.permissions import need_team_administrator
from mock_server.cloud.roles import OPENAPI
from mock_server.cloud.teams import visible_teams
from mock_server.domain import programs
from mock_server.endpoint import Call, endpoint
from mock_server.errors import Invalid
from mock_server.schemas import Name, WireSchema
from mock_server.storage import people as person_rows
from mock_server.storage import programs as program_rows
from mock_server.storage.programs import Program
from mock_server.storage.teams import Team


class ProgramTeamsSchema(WireSchema):
    """The teams of a program, and where they are listed."""

    link = fields.String(data_key="self")
    values = fields.List(fields.Nested(TeamReferenceV4Schema))


class ProgramV4Schema(WireSchema):
    """A program; ``manager`` is there when it has one."""

    link = fields.String(data_key="self")
    id = fields.Integer()
    name = fields.String()
    manager = fields.Nested(UserSchema)
    teams = fields.Nested(ProgramTeamsSchema)


class ProgramV4InputSchema(WireSchema):
    """A program in a body. What is left out is none."""

    name = fields.String(required=True, validate=Name())
    manager = fields.String(data_key="managerAccountId", load_default=None, allow_none=True)
    team_ids = fields.List(Int32(least=1), data_key="teamIds", load_default=list, allow_none=True)


def load_program_v4(call: Call, program_id: int) -> Program:
    """The program in the path. Raises ``NotFound``."""
    return programs.get(call.store, program_id)


@endpoint("GET", "/programs", scope=ApiScope.PROGRAMS_VIEW, returns=ProgramV4Schema, many=True, grade="A", source=OPENAPI)
def list_programs_v4(call: Call) -> Listed:
    """Every program"""
    teams = visible_teams(call)
    return Listed([program_bean(call, program, teams) for program in program_rows.every(call.store)])


@endpoint("POST", "/programs", scope=ApiScope.PROGRAMS_MANAGE, body=ProgramV4InputSchema, returns=ProgramV4Schema, grade="A",
          source=OPENAPI)  # fmt: skip
def create_program_v4(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    """Add a program"""
    need_team_administrator(call)
    made = programs.create_with_teams(call.store, values["name"], values["manager"], values["team_ids"] or [])
    return program_bean(call, made, visible_teams(call))


@endpoint("GET", "/programs/<id:program_id>", scope=ApiScope.PROGRAMS_VIEW, loads=load_program_v4, returns=ProgramV4Schema,
          grade="A", source=OPENAPI)  # fmt: skip
def get_program_v4(call: Call, program: Program) -> dict[str, Any]:
    """One program"""
    return program_bean(call, program, visible_teams(call))


@endpoint("PUT", "/programs/<id:program_id>", scope=ApiScope.PROGRAMS_MANAGE, loads=load_program_v4, body=ProgramV4InputSchema,
          returns=ProgramV4Schema, grade="A", source=OPENAPI)  # fmt: skip
def update_program_v4(call: Call, program: Program, values: dict[str, Any]) -> dict[str, Any]:
    """Make a program this one; without manager and teams it has none"""
    need_team_administrator(call)
    changed = programs.replace(call.store, program, values["name"], values["manager"], values["team_ids"] or [])
    return program_bean(call, changed, visible_teams(call))


@endpoint("DELETE", "/programs/<id:program_id>", scope=ApiScope.PROGRAMS_MANAGE, loads=load_program_v4, status=204, grade="A",
          source=OPENAPI)  # fmt: skip
def delete_program_v4(call: Call, program: Program) -> None:
    """Remove a program; its teams stay"""
    need_team_administrator(call)
    if call.settings["cloud.usedProgram"] == "400" and _teams_of(program, visible_teams(call)):
        raise Invalid(f"The program {program.name} has teams and cannot be removed.")
    program_rows.remove(call.store, program.id)


@endpoint("GET", "/programs/<id:program_id>/teams", scope=ApiScope.PROGRAMS_VIEW, loads=load_program_v4,
          returns=TeamReferenceV4Schema, many=True, also_400=True, grade="A", source=OPENAPI)  # fmt: skip
def list_teams_of_program(call: Call, program: Program) -> Listed:
    """The teams of a program, for those who may see it"""
    if call.settings["cloud.programTeams"] == "managers":
        lacking = without_program(call.caller, program.manager_id)
        if lacking:
            call.note(lacking)
            raise Invalid("You do not have permission to view program")
    return Listed([_reference(call, team) for team in _teams_of(program, visible_teams(call))])


def program_bean(call: Call, program: Program, teams: list[Team]) -> dict[str, Any]:
    """Values of ``ProgramV4Schema``; ``teams`` are those that the caller may see."""
    own = f"{call.base}/programs/{program.id}"
    shown = [_reference(call, team) for team in _teams_of(program, teams)]
    bean: dict[str, Any] = {"link": own, "id": program.id, "name": program.name}
    bean["teams"] = {"link": f"{own}/teams", "values": shown}
    manager = person_rows.get(call.store, program.manager_id) if program.manager_id is not None else None
    if manager:
        bean["manager"] = user_bean(call, manager.account_id)
    return bean


def _teams_of(program: Program, teams: list[Team]) -> list[Team]:
    return [team for team in teams if team.program_id == program.id]


def _reference(call: Call, team: Team) -> dict[str, Any]:
    return {"link": f"{call.base}/teams/{team.id}", "id": team.id, "name": team.name}
