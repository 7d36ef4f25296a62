"""Memberships, ``/4/team-memberships`` and the members of a team (vendor's OpenAPI of v4).

``to`` is the day after the last one and ``inclusiveTo`` that one itself, as ``to`` in a body with ``useInclusiveEndDate``.
"""

from datetime import date, timedelta
from typing import Any, NamedTuple

from marshmallow import fields, validate

from mock_server.access import ApiScope
from mock_server.cloud.addresses import SelfSchema, UserSchema, user_bean
from mock_server.cloud.days import Day
from mock_server.cloud.flags import Flag
from mock_server.cloud.numbers import Int32, WholeNumber
from mock_server.cloud.paging import DEFAULT_LIMIT, MOST_A_PAGE, Listed, Page, PagedQuery, window
from mock_server.cloud.permissions import need_manage_team
from mock_server.cloud.roles import OPENAPI, RoleReferenceV4Schema, role_reference
from mock_server.cloud.teams import load_visible_team, visible_team, visible_teams
from mock_server.cloud.wording import in_cloud_names
from mock_server.domain import members, memberships, people, teams
from mock_server.domain.memberships import Period
from mock_server.endpoint import Call, endpoint
from mock_server.errors import Invalid, NotFound
from mock_server.schemas import WireSchema
from mock_server.storage import memberships as membership_rows
from mock_server.storage import teams as team_rows
from mock_server.storage.memberships import Membership, Placed
from mock_server.storage.teams import Team

DAY = timedelta(days=1)


class PeriodV4Schema(WireSchema):
    """A period; what is open is left out."""

    link = fields.String(data_key="self")
    id = fields.Integer()
    commitment_percent = fields.Integer(data_key="commitmentPercent")
    start = fields.String(data_key="from")
    to = fields.String()
    inclusive_to = fields.String(data_key="inclusiveTo")
    role = fields.Nested(RoleReferenceV4Schema)


class TeamReferenceV4Schema(WireSchema):
    """A team inside something else."""

    link = fields.String(data_key="self")
    id = fields.Integer()
    name = fields.String()


class MembershipV4Schema(PeriodV4Schema):
    """A period of a person in a team."""

    team = fields.Nested(TeamReferenceV4Schema)
    member = fields.Nested(UserSchema)


class ActivePeriodSchema(PeriodV4Schema):
    """The present period of a member."""

    team = fields.Nested(SelfSchema)
    member = fields.Nested(SelfSchema)


class ActivePeriodsSchema(WireSchema):
    """Where the periods are, and the present one."""

    link = fields.String(data_key="self")
    active = fields.Nested(ActivePeriodSchema)


class TeamMemberV4Schema(WireSchema):
    """Somebody who is in a team today."""

    team = fields.Nested(SelfSchema)
    member = fields.Nested(UserSchema)
    memberships = fields.Nested(ActivePeriodsSchema)


class TeamMembersQuery(PagedQuery):
    """A page; without ``limit`` as long as the setting ``cloud.teamMembersPage`` says."""

    limit = Int32(least=1, load_default=None)


class MembershipV4InputSchema(WireSchema):
    """A period in a body. What is left out is open, 100 percent, or the default role."""

    commitment_percent = WholeNumber(least=0, most=100, data_key="commitmentPercent", load_default=None, allow_none=True)
    start = Day(data_key="from", load_default=None, allow_none=True)
    to = Day(load_default=None, allow_none=True)
    use_inclusive_end_date = Flag(data_key="useInclusiveEndDate", load_default=None, allow_none=True)
    role_id = Int32(data_key="roleId", load_default=None, allow_none=True)


class NewMembershipV4Schema(MembershipV4InputSchema):
    """A new period of a person in a team."""

    account_id = fields.String(data_key="accountId", required=True, validate=validate.Length(min=1))
    team_id = Int32(data_key="teamId", required=True)


class MembershipSearchV4Schema(WireSchema):
    """What narrows a search: all that is given must fit; an empty list narrows nothing."""

    account_ids = fields.List(fields.String(), data_key="accountIds", load_default=list, allow_none=True)
    role_ids = fields.List(Int32(), data_key="roleIds", load_default=list, allow_none=True)
    team_ids = fields.List(Int32(), data_key="teamIds", load_default=list, allow_none=True)


class InTeamV4(NamedTuple):
    """A period with the team it is in."""

    team: Team
    placed: Placed


def load_membership(call: Call, membership_id: int) -> InTeamV4:
    """The period in the path. Raises ``NotFound`` also when the caller may not see its team."""
    placed = membership_rows.placed(call.store, membership_id)
    team = visible_team(call, placed.membership.team_id) if placed else None
    if placed is None or team is None:
        raise NotFound(f"There is no membership with the id {membership_id}.")
    return InTeamV4(team, placed)


@endpoint("POST", "/team-memberships", scope=ApiScope.TEAMS_MANAGE, body=NewMembershipV4Schema, returns=MembershipV4Schema,
          grade="A", source=OPENAPI)  # fmt: skip
def create_membership_v4(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    """Add a period of a person in a team; a person who is no member becomes one"""
    team = team_rows.get(call.store, values["team_id"])
    if team is None or not teams.seen([team], teams.sight(call.store, call.caller)):
        raise Invalid("Team with specified id does not exist.")
    need_manage_team(call, team)
    person = people.with_account(call.store, values["account_id"])
    with in_cloud_names():
        added = members.add_period(call.store, team, person, _period(values))
    return membership_bean(call, added.id)


@endpoint("POST", "/team-memberships/search", scope=ApiScope.TEAMS_VIEW, query=PagedQuery, body=MembershipSearchV4Schema,
          returns=MembershipV4Schema, many=True, is_search=True, grade="A", source=OPENAPI)  # fmt: skip
def search_memberships(call: Call, query: dict[str, Any], values: dict[str, Any]) -> Page:
    """The periods in teams that the caller may see, past ones too"""
    wanted = set(values["team_ids"] or [])
    team_ids = [team.id for team in visible_teams(call) if not wanted or team.id in wanted]
    offset, limit = window(query)
    accounts, roles = values["account_ids"] or [], values["role_ids"] or []
    found = membership_rows.search(call.store, team_ids, accounts, roles, offset, limit + 1)
    return Page([_bean(call, placed) for placed in found[:limit]], offset, limit, len(found) > limit)


@endpoint("GET", "/team-memberships/team/<id:team_id>", scope=ApiScope.TEAMS_VIEW, loads=load_visible_team,
          returns=MembershipV4Schema, many=True, grade="A", source=OPENAPI)  # fmt: skip
def list_memberships_of_team_v4(call: Call, team: Team) -> Listed:
    """Every period in a team, past ones too"""
    return Listed([_bean(call, placed) for placed in membership_rows.search(call.store, [team.id], [], [])])


@endpoint("GET", "/team-memberships/<id:membership_id>", scope=ApiScope.TEAMS_VIEW, loads=load_membership,
          returns=MembershipV4Schema, grade="A", source=OPENAPI)  # fmt: skip
def get_membership_v4(call: Call, found: InTeamV4) -> dict[str, Any]:
    """One period"""
    return _bean(call, found.placed)


@endpoint("PUT", "/team-memberships/<id:membership_id>", scope=ApiScope.TEAMS_MANAGE, loads=load_membership,
          body=MembershipV4InputSchema, returns=MembershipV4Schema, grade="A", source=OPENAPI)  # fmt: skip
def update_membership_v4(call: Call, found: InTeamV4, values: dict[str, Any]) -> dict[str, Any]:
    """Make a period this one; what is left out is open, 100 percent and the default role again"""
    need_manage_team(call, found.team)
    with in_cloud_names():
        changed = memberships.change(call.store, found.placed.membership, _period(values))
    return membership_bean(call, changed.id)


@endpoint("DELETE", "/team-memberships/<id:membership_id>", scope=ApiScope.TEAMS_MANAGE, loads=load_membership, status=204,
          grade="A", source=OPENAPI)  # fmt: skip
def delete_membership_v4(call: Call, found: InTeamV4) -> None:
    """Remove a period; the person leaves the team with the last one"""
    need_manage_team(call, found.team)
    members.remove_membership(call.store, found.placed.membership)


@endpoint("GET", "/teams/<id:team_id>/members", scope=ApiScope.TEAMS_VIEW, loads=load_visible_team, query=TeamMembersQuery,
          returns=TeamMemberV4Schema, many=True, grade="A", source=OPENAPI)  # fmt: skip
def list_members_of_team_v4(call: Call, team: Team, query: dict[str, Any]) -> Page:
    """Who is in a team today"""
    if query["limit"] is None:
        query["limit"] = DEFAULT_LIMIT if call.settings["cloud.teamMembersPage"] == "50" else MOST_A_PAGE
    found = membership_rows.present(call.store, team.id, call.today)
    offset, limit = window(query)
    shown = [_member_bean(call, placed) for placed in found[offset : offset + limit]]
    return Page(shown, offset, limit, offset + limit < len(found))


def membership_bean(call: Call, membership_id: int) -> dict[str, Any]:
    """Values of ``MembershipV4Schema``. Raises ``NotFound``."""
    return _bean(call, load_membership(call, membership_id).placed)


def _period(values: dict[str, Any]) -> Period:
    end = values["to"]
    if end is not None and not values["use_inclusive_end_date"]:
        if end == date.min:
            raise Invalid(fields={"to": "The period ends before it begins."})
        end -= DAY
    percent = values["commitment_percent"]
    return Period(values["start"], end, 100 if percent is None else percent, values["role_id"])


def _period_bean(call: Call, membership: Membership) -> dict[str, Any]:
    bean: dict[str, Any] = {
        "link": f"{call.base}/team-memberships/{membership.id}",
        "id": membership.id,
        "commitment_percent": membership.availability,
        "role": role_reference(call, membership.role),
    }
    if membership.start:
        bean["start"] = membership.start.isoformat()
    if membership.end:
        bean["inclusive_to"] = membership.end.isoformat()
        # After the last day there is, there is none to name.
        if membership.end < date.max:
            bean["to"] = (membership.end + DAY).isoformat()
    return bean


def _bean(call: Call, placed: Placed) -> dict[str, Any]:
    team_id = placed.membership.team_id
    return {
        **_period_bean(call, placed.membership),
        "team": {"link": f"{call.base}/teams/{team_id}", "id": team_id, "name": placed.team_name},
        "member": user_bean(call, placed.account_id),
    }


def _member_bean(call: Call, placed: Placed) -> dict[str, Any]:
    member = user_bean(call, placed.account_id)
    team = {"link": f"{call.base}/teams/{placed.membership.team_id}"}
    active = {**_period_bean(call, placed.membership), "team": team, "member": {"link": member["link"]}}
    periods = f"{call.base}/team-memberships/team/{placed.membership.team_id}"
    return {"team": team, "member": member, "memberships": {"link": periods, "active": active}}
