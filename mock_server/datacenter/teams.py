"""Teams in three versions of the resource (Teams REST API guide; vendor's OpenAPI, module teams; live clients)."""

from typing import Any

from marshmallow import fields, post_load

from mock_server.access import Scope
from mock_server.datacenter.people import PersonSchema, avatar, person_bean
from mock_server.datacenter.programs import ProgramReferenceSchema, ProgramSchema, program_bean
from mock_server.domain import teams
from mock_server.endpoint import Call, endpoint
from mock_server.schemas import WireSchema
from mock_server.storage import people as person_rows
from mock_server.storage import programs as program_rows
from mock_server.storage import teams as team_rows
from mock_server.storage.teams import Team

GUIDE = "Teams REST API guide"
OPENAPI = "vendor's OpenAPI, module teams"
CLIENTS = "published clients"


class TeamV1Schema(WireSchema):
    """A team in version 1; ``lead`` is a login name."""

    id = fields.Integer()
    name = fields.String()
    summary = fields.String()
    lead = fields.String()


class TeamSchema(WireSchema):
    """A team in version 2; ``lead`` is a user key, ``leadUser`` and ``teamProgram`` come with expand only."""

    id = fields.Integer()
    name = fields.String()
    summary = fields.String()
    lead = fields.String()
    mission = fields.String()
    is_public = fields.Boolean(data_key="isPublic")
    lead_user = fields.Nested(PersonSchema, data_key="leadUser")
    team_program = fields.Nested(ProgramSchema, data_key="teamProgram")
    program = fields.String()


class LeadSchema(WireSchema):
    """The lead in version 3."""

    name = fields.String()
    key = fields.String()
    display_name = fields.String(data_key="displayName")
    avatar = fields.Dict()
    active = fields.Boolean()


class TeamV3Schema(WireSchema):
    """A team in version 3; ``lead`` is an object."""

    id = fields.Integer()
    name = fields.String()
    summary = fields.String()
    lead = fields.Nested(LeadSchema)
    is_public = fields.Boolean(data_key="isPublic")


class TeamInputSchema(WireSchema):
    """A team in a body. ``lead`` is a login name or a user key in every version."""

    name = fields.String()
    summary = fields.String(allow_none=True)
    lead = fields.String(allow_none=True)
    mission = fields.String(allow_none=True)
    is_public = fields.Boolean(data_key="isPublic", allow_none=True)
    team_program = fields.Nested(ProgramReferenceSchema, data_key="teamProgram", allow_none=True)

    @post_load
    def name_program(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The program as the domain takes it: by id, and None for none."""
        if "team_program" in values:
            program = values.pop("team_program")
            values["program_id"] = program["id"] if program else None
        return values


class TeamSearchSchema(WireSchema):
    """The body of a version 3 search."""

    text = fields.String(data_key="teamSearchString", load_default="")


def load_team(call: Call, team_id: int) -> Team:
    """The team in the path. Raises ``NotFound``."""
    return teams.get(call.store, team_id)


@endpoint("GET", "/1/team", scope=Scope.LOGGED_IN, returns=TeamV1Schema, many=True, grade="D", source=GUIDE)
def list_teams_v1(call: Call) -> list[dict[str, Any]]:
    """The teams that the caller may browse"""
    return [_v1(team) for team in _browsable(call)]


@endpoint(
    "GET", "/1/team/<id:team_id>", scope=Scope.BROWSE_TEAM, loads=load_team, returns=TeamV1Schema, grade="D", source=GUIDE
)
def get_team_v1(call: Call, team: Team) -> dict[str, Any]:
    """One team"""
    return _v1(team)


@endpoint(
    "POST", "/1/team", scope=Scope.TEAM_ADMINISTRATOR, body=TeamInputSchema, returns=TeamV1Schema, grade="D", source=GUIDE
)
def create_team_v1(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    """Add a team"""
    return _v1(_created(call, values))


@endpoint(
    "GET", "/2/team", scope=Scope.LOGGED_IN, returns=TeamSchema, many=True, parameters=("expand",), grade="A", source=OPENAPI
)
def list_teams(call: Call) -> list[dict[str, Any]]:
    """The teams that the caller may browse"""
    return [_v2(call, team) for team in _browsable(call)]


@endpoint(
    "POST", "/2/team", scope=Scope.TEAM_ADMINISTRATOR, body=TeamInputSchema, returns=TeamSchema, grade="A", source=OPENAPI
)
def create_team(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    """Add a team"""
    return _v2(call, _created(call, values))


@endpoint("GET", "/2/team/<id:team_id>", scope=Scope.BROWSE_TEAM, loads=load_team, returns=TeamSchema, parameters=("expand",),
          grade="A", source=OPENAPI)  # fmt: skip
def get_team(call: Call, team: Team) -> dict[str, Any]:
    """One team"""
    return _v2(call, team)


@endpoint("PUT", "/2/team/<id:team_id>", scope=Scope.MANAGE_TEAM, loads=load_team, body=TeamInputSchema, returns=TeamSchema,
          grade="T", source=CLIENTS)  # fmt: skip
def update_team(call: Call, team: Team, values: dict[str, Any]) -> dict[str, Any]:
    """Change the fields that are sent and leave the others"""
    return _v2(call, teams.change(call.store, team, _writable(call, values)))


@endpoint(
    "DELETE", "/2/team/<id:team_id>", scope=Scope.TEAM_ADMINISTRATOR, loads=load_team, status=204, grade="C", source=CLIENTS
)
def delete_team(call: Call, team: Team) -> None:
    """Remove a team with its members"""
    teams.remove(call.store, team)


@endpoint("POST", "/3/search", scope=Scope.LOGGED_IN, body=TeamSearchSchema, returns=TeamV3Schema, many=True, grade="O",
          source="live answers")  # fmt: skip
def search_teams(call: Call, values: dict[str, Any]) -> list[dict[str, Any]]:
    """The browsable teams with a text in the name, in any case"""
    return [_v3(call, team) for team in _browsable(call, values["text"])]


def _created(call: Call, values: dict[str, Any]) -> Team:
    given = {"is_public": call.settings.is_on("teams.public"), **_writable(call, values)}
    return teams.create(call.store, given)


def _writable(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    if call.settings["teams.readOnlyFields"] == "stored":
        return values
    return {name: value for name, value in values.items() if name not in ("mission", "is_public")}


def _browsable(call: Call, text: str = "") -> list[Team]:
    found = team_rows.named_like(call.store, text)
    reach = teams.reach(call.store, call.caller, call.settings)
    visible = teams.within(found, reach)
    if len(visible) < len(found):
        call.note(f"{len(visible)} of {len(found)} teams: {call.caller.name} has Browse Team on no others")
    return visible


def _v1(team: Team) -> dict[str, Any]:
    bean: dict[str, Any] = {"id": team.id, "name": team.name}
    if team.summary is not None:
        bean["summary"] = team.summary
    if team.lead_name is not None:
        bean["lead"] = team.lead_name
    return bean


def _v2(call: Call, team: Team) -> dict[str, Any]:
    bean = _v1(team)
    if team.lead_key is not None:
        bean["lead"] = team.lead_key
    bean["mission"] = team.mission
    bean["is_public"] = bool(team.is_public)
    wanted = {name for value in call.query.get("expand", ()) for name in value.split(",")}
    if "leaduser" in wanted and team.lead_id is not None:
        lead = person_rows.get(call.store, team.lead_id)
        if lead:
            bean["lead_user"] = person_bean(lead, call.context)
    if team.program_id is not None:
        program = program_rows.get(call.store, team.program_id)
        if program and "teamprogram" in wanted:
            bean["team_program"] = program_bean(call, program)
        if program and call.settings.is_on("teams.programName"):
            bean["program"] = program.name
    return bean


def _v3(call: Call, team: Team) -> dict[str, Any]:
    bean = _v1(team)
    bean.pop("lead", None)
    lead = person_rows.get(call.store, team.lead_id) if team.lead_id is not None else None
    if lead:
        bean["lead"] = {
            "name": lead.name,
            "key": lead.key,
            "display_name": lead.display_name,
            "avatar": avatar(call.context, lead.avatar_id),
            "active": bool(lead.active),
        }
    bean["is_public"] = bool(team.is_public)
    return bean
