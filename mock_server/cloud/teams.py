"""Teams, ``/4/teams`` (vendor's OpenAPI of v4; help page on who a team is visible to)."""

from typing import Any

from marshmallow import fields, validate

from mock_server.access import ApiScope
from mock_server.cloud.addresses import SelfSchema, UserSchema, user_bean
from mock_server.cloud.flags import Flag
from mock_server.cloud.numbers import Int32
from mock_server.cloud.paging import Page, PagedQuery, window
from mock_server.cloud.permissions import need_manage_team, need_team_administrator
from mock_server.cloud.roles import OPENAPI, RoleReferenceV4Schema, role_reference
from mock_server.cloud.wording import in_cloud_names
from mock_server.domain import teams
from mock_server.endpoint import Call, endpoint
from mock_server.errors import Invalid, NotFound
from mock_server.schemas import WireSchema
from mock_server.storage import memberships as membership_rows
from mock_server.storage import programs as program_rows
from mock_server.storage import teams as team_rows
from mock_server.storage.teams import Team


class ProgramReferenceV4Schema(WireSchema):
    """A program inside something else."""

    link = fields.String(data_key="self")
    id = fields.Integer()
    name = fields.String()


class MembershipSummarySchema(WireSchema):
    """A period inside a team; ``commitment`` is 0 to 1, both days are inclusive."""

    id = fields.Integer()
    commitment = fields.Float()
    start_date = fields.String(data_key="startDate")
    end_date = fields.String(data_key="endDate")
    role = fields.Nested(RoleReferenceV4Schema)


class MemberSummarySchema(WireSchema):
    """A person in a team with all their periods."""

    link = fields.String(data_key="self")
    account_id = fields.String(data_key="accountId")
    memberships = fields.List(fields.Nested(MembershipSummarySchema))


class TeamMembersV4Schema(WireSchema):
    """Where the members are; the members themselves when they were asked for."""

    link = fields.String(data_key="self")
    team_members = fields.List(fields.Nested(MemberSummarySchema), data_key="teamMembers")


class TeamV4Schema(WireSchema):
    """A team; lead, program and summary are there when they are set."""

    link = fields.String(data_key="self")
    id = fields.Integer()
    name = fields.String()
    summary = fields.String()
    lead = fields.Nested(UserSchema)
    program = fields.Nested(ProgramReferenceV4Schema)
    links = fields.Nested(SelfSchema)
    members = fields.Nested(TeamMembersV4Schema)
    permissions = fields.Nested(SelfSchema)
    is_public = fields.Boolean(data_key="public")
    administrative = fields.Boolean()


class TeamV4InputSchema(WireSchema):
    """A team in a body. What is left out is none, or the default: public, not administrative."""

    name = fields.String(required=True, validate=validate.Length(min=1))
    summary = fields.String(load_default=None, allow_none=True)
    lead_account_id = fields.String(
        data_key="leadAccountId", load_default=None, allow_none=True, validate=validate.Regexp(r"[a-zA-Z0-9\-:_.]*\Z")
    )
    program_id = Int32(least=1, data_key="programId", load_default=None, allow_none=True)
    is_public = Flag(data_key="public", load_default=True)
    administrative = Flag(load_default=False)


class TeamsQuery(PagedQuery):
    """Filters of the list: part of a name, ids of teams, accountIds of whom a team has as a member."""

    name = fields.String(load_default="")
    team_ids = fields.List(Int32(), data_key="teamIds", load_default=list)
    account_ids = fields.List(fields.String(), data_key="teamMembers", load_default=list)
    include_memberships = Flag(data_key="includeMemberships", load_default=False)


def load_visible_team(call: Call, team_id: int) -> Team:
    """The team in the path. Raises ``NotFound`` also for one that the caller may not see."""
    team = visible_team(call, team_id)
    if team is None:
        raise NotFound(f"There is no team with the id {team_id}.")
    return team


def visible_team(call: Call, team_id: int) -> Team | None:
    """The team with an id, or None where the caller may not see it; says so on the console. Raises ``NotFound``."""
    team = teams.get(call.store, team_id)
    if teams.seen([team], teams.sight(call.store, call.caller)):
        return team
    call.note(f"team {team_id} is visible to its members only, and {call.caller.name} is none")
    return None


def visible_teams(call: Call, text: str = "") -> list[Team]:
    """The teams that the caller may see, with a text in the name; says on the console how many were left out."""
    found = team_rows.named_like(call.store, text)
    visible = teams.seen(found, teams.sight(call.store, call.caller))
    if len(visible) < len(found):
        call.note(f"{len(visible)} of {len(found)} teams: the others are not public and {call.caller.name} is not in them")
    return visible


@endpoint("GET", "/teams", scope=ApiScope.TEAMS_VIEW, query=TeamsQuery, returns=TeamV4Schema, many=True, grade="A",
          source=OPENAPI)  # fmt: skip
def list_teams_v4(call: Call, query: dict[str, Any]) -> Page:
    """The teams that the caller may see"""
    found = visible_teams(call, query["name"])
    if query["team_ids"]:
        found = [team for team in found if team.id in query["team_ids"]]
    if query["account_ids"]:
        having = team_rows.ids_with_accounts(call.store, query["account_ids"])
        found = [team for team in found if team.id in having]
    offset, limit = window(query)
    shown = [team_bean(call, team) for team in found[offset : offset + limit]]
    if query["include_memberships"]:
        for team in shown:
            team["members"]["team_members"] = _members_of(call, team["id"])
    return Page(shown, offset, limit, offset + limit < len(found))


@endpoint("POST", "/teams", scope=ApiScope.TEAMS_MANAGE, body=TeamV4InputSchema, returns=TeamV4Schema, grade="A",
          source=OPENAPI)  # fmt: skip
def create_team_v4(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    """Add a team"""
    need_team_administrator(call)
    with in_cloud_names():
        team = teams.create(call.store, values)
    return team_bean(call, team)


@endpoint("GET", "/teams/<id:team_id>", scope=ApiScope.TEAMS_VIEW, loads=load_visible_team, returns=TeamV4Schema, grade="A",
          source=OPENAPI)  # fmt: skip
def get_team_v4(call: Call, team: Team) -> dict[str, Any]:
    """One team"""
    return team_bean(call, team)


@endpoint("PUT", "/teams/<id:team_id>", scope=ApiScope.TEAMS_MANAGE, loads=load_visible_team, body=TeamV4InputSchema,
          returns=TeamV4Schema, grade="A", source=OPENAPI)  # fmt: skip
def update_team_v4(call: Call, team: Team, values: dict[str, Any]) -> dict[str, Any]:
    """Make a team this one; what is left out is none or the default again"""
    need_manage_team(call, team)
    with in_cloud_names():
        changed = teams.change(call.store, team, values)
    return team_bean(call, changed)


@endpoint("DELETE", "/teams/<id:team_id>", scope=ApiScope.TEAMS_MANAGE, loads=load_visible_team, status=204, grade="A",
          source=OPENAPI)  # fmt: skip
def delete_team_v4(call: Call, team: Team) -> None:
    """Remove a team with its members"""
    need_team_administrator(call)
    if call.settings["cloud.usedTeam"] == "400" and teams.is_used(call.store, team):
        raise Invalid(f"The team {team.name} is in use and cannot be removed.")
    teams.remove(call.store, team)


def team_bean(call: Call, team: Team) -> dict[str, Any]:
    """Values of ``TeamV4Schema``."""
    base = call.base
    own = f"{base}/teams/{team.id}"
    bean: dict[str, Any] = {
        "link": own,
        "id": team.id,
        "name": team.name,
        "links": {"link": f"{own}/links"},
        "members": {"link": f"{own}/members"},
        "permissions": {"link": f"{base}/permission-roles?teamId={team.id}"},
        "is_public": bool(team.is_public),
        "administrative": bool(team.administrative),
    }
    if team.summary is not None:
        bean["summary"] = team.summary
    if team.lead_account_id is not None:
        bean["lead"] = user_bean(call, team.lead_account_id)
    program = program_rows.get(call.store, team.program_id) if team.program_id is not None else None
    if program:
        bean["program"] = {"link": f"{base}/programs/{program.id}", "id": program.id, "name": program.name}
    return bean


def _members_of(call: Call, team_id: int) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for period, account_id, _ in membership_rows.search(call.store, [team_id], [], []):
        member = found.setdefault(account_id, {**user_bean(call, account_id), "memberships": []})
        summary = {"id": period.id, "commitment": period.availability / 100, "role": role_reference(call, period.role)}
        if period.start:
            summary["start_date"] = period.start.isoformat()
        if period.end:
            summary["end_date"] = period.end.isoformat()
        member["memberships"].append(summary)
    return list(found.values())
