"""Members of a team (Teams REST API guide; vendor's OpenAPI, module teams; recorded answers of 2017)."""

from typing import Any

from marshmallow import fields, pre_load, validate

from mock_server.access import Scope
from mock_server.datacenter.dates import Id
from mock_server.datacenter.memberships import (
    BARE_VERSIONS,
    InTeam,
    MembershipInputSchema,
    MembershipSchema,
    load_member,
    membership_bean,
    period,
)
from mock_server.datacenter.people import avatar
from mock_server.datacenter.teams import GUIDE, OPENAPI, load_team
from mock_server.domain import members, memberships, teams
from mock_server.domain.members import MemberItem, MemberType
from mock_server.endpoint import Call, endpoint
from mock_server.errors import Invalid
from mock_server.schemas import WireSchema
from mock_server.storage import teams as team_rows
from mock_server.storage.teams import Team

MOST_TEAMS = 1000
"""Teams whose members are answered in one call."""


class MemberSchema(WireSchema):
    """Who the member is. ``displayname`` is all lower case on the wire."""

    member_id = fields.Integer(data_key="teamMemberId")
    name = fields.String()
    type = fields.String()
    avatar = fields.Dict()
    active_in_jira = fields.Boolean(data_key="activeInJira")
    key = fields.String()
    display_name = fields.String(data_key="displayname")
    message = fields.String(allow_none=True)


class MemberItemSchema(WireSchema):
    """One line of a member list, in the names of every version."""

    id = fields.Integer()
    member = fields.Nested(MemberSchema)
    member_bean = fields.Nested(MemberSchema, data_key="memberBean")
    membership = fields.Nested(MembershipSchema)
    membership_bean = fields.Nested(MembershipSchema, data_key="membershipBean")
    group_for_user = fields.List(fields.String(), data_key="groupForUser")
    groups_for_user = fields.List(fields.String(), data_key="groupsForUser")
    show_deactivate = fields.Boolean(data_key="showDeactivate")


class DeactivatedSchema(MemberItemSchema, MembershipSchema):
    """The closed membership, or the whole line, by the setting ``members.deactivateAnswer``."""


class MemberReferenceSchema(WireSchema):
    """Who is meant: a login name or a user key, in either field."""

    name = fields.String(allow_none=True)
    key = fields.String(allow_none=True)
    type = fields.String(allow_none=True, metadata={"enum": ["USER", "GROUP", None]})


class MemberInputSchema(WireSchema):
    """A member in a body; the names of older versions are read as well."""

    member = fields.Nested(MemberReferenceSchema, load_default=None, allow_none=True)
    membership = fields.Nested(MembershipInputSchema, load_default=None, allow_none=True)

    @pre_load
    def read_older_names(self, data: Any, **_: Any) -> Any:
        """``memberBean`` and ``membershipBean`` stand for the newer names where those are missing."""
        if not isinstance(data, dict):
            return data
        renamed = dict(data)
        for older, newer in (("memberBean", "member"), ("membershipBean", "membership")):
            if older in renamed and newer not in renamed:
                renamed[newer] = renamed[older]
        return renamed


class FindMembersSchema(WireSchema):
    """The body that asks for the members of several teams."""

    ids = fields.List(Id(), required=True, validate=validate.Length(max=MOST_TEAMS))
    only_active = fields.Boolean(data_key="onlyActive", load_default=False, allow_none=True)


@endpoint("GET", "/2/team/<id:team_id>/member", scope=Scope.BROWSE_TEAM, loads=load_team, returns=MemberItemSchema, many=True,
          parameters=("type", "onlyActive"), grade="A", source=f"{GUIDE}; {OPENAPI}")  # fmt: skip
def list_members(call: Call, team: Team) -> list[dict[str, Any]]:
    """The people of a team, with those who come with its groups; or its groups"""
    of_type = _member_type(call.first("type"), "type")
    return _beans(call, team, of_type, (call.first("onlyActive") or "").lower() == "true")


@endpoint("POST", "/2/team/<id:team_id>/member", scope=Scope.TEAM_ADMINISTRATOR, loads=load_team, body=MemberInputSchema,
          returns=MemberItemSchema, grade="A", source=f"{GUIDE}; {OPENAPI}")  # fmt: skip
def add_member(call: Call, team: Team, values: dict[str, Any]) -> dict[str, Any]:
    """Add a person with a first period, or a group"""
    member = values["member"] or {}
    of_type = _member_type(member.get("type"), "member.type")
    reference = member.get("name") or member.get("key")
    if not reference:
        raise Invalid(fields={"member": "Name the member by name or key."})
    if of_type is MemberType.GROUP:
        return item_bean(call, members.add_group(call.store, team, reference, call.today))
    first = period(call, values["membership"])
    return item_bean(call, members.add_person(call.store, team, reference, first, call.today))


@endpoint("GET", "/2/team/<id:team_id>/member/<id:member_id>", scope=Scope.BROWSE_TEAM, loads=load_member,
          returns=MemberItemSchema, grade="T", source="published clients")  # fmt: skip
def get_member(call: Call, found: InTeam) -> dict[str, Any]:
    """One member"""
    return item_bean(call, found.item)


@endpoint("PUT", "/2/team/<id:team_id>/member/<id:member_id>", scope=Scope.TEAM_ADMINISTRATOR, loads=load_member,
          body=MemberInputSchema, returns=MemberItemSchema, grade="A", source=OPENAPI)  # fmt: skip
def update_member(call: Call, found: InTeam, values: dict[str, Any]) -> dict[str, Any]:
    """Change the shown period of a member"""
    present = members.with_membership(found.item)
    memberships.change(call.store, present, period(call, values["membership"], present))
    return item_bean(call, members.get(call.store, found.team, found.item.id, call.today))


@endpoint("PUT", "/2/team/<id:team_id>/member/<id:member_id>/deactivate", scope=Scope.TEAM_ADMINISTRATOR, loads=load_member,
          returns=DeactivatedSchema, grade="A", source=f"{GUIDE}; {OPENAPI}")  # fmt: skip
def deactivate_member(call: Call, found: InTeam) -> dict[str, Any]:
    """Close the present period of a member today"""
    closed = members.deactivate(call.store, found.item, call.today)
    if call.settings["members.deactivateAnswer"] == "item":
        return item_bean(call, found.item._replace(membership=closed))
    return membership_bean(call, closed)


@endpoint("DELETE", "/2/team/<id:team_id>/member/<id:member_id>", scope=Scope.TEAM_ADMINISTRATOR, loads=load_member, status=204,
          grade="A", source=f"{GUIDE}; {OPENAPI}")  # fmt: skip
def remove_member(call: Call, found: InTeam) -> None:
    """Take a member out of a team"""
    members.remove(call.store, found.item)


@endpoint("POST", "/2/team/members", scope=Scope.LOGGED_IN, body=FindMembersSchema, returns=MemberItemSchema, many=True,
          grade="A", source=OPENAPI)  # fmt: skip
def find_members(call: Call, values: dict[str, Any]) -> list[dict[str, Any]]:
    """The people of several teams in one list; teams that do not exist or may not be browsed are left out"""
    reach = teams.reach(call.store, call.caller, call.settings)
    found: list[dict[str, Any]] = []
    left_out = 0
    for team_id in dict.fromkeys(values["ids"]):
        team = team_rows.get(call.store, team_id)
        if team and reach.includes(team.id, team.lead_id):
            found += _beans(call, team, MemberType.USER, bool(values["only_active"]))
        else:
            left_out += 1
    if left_out:
        call.note(f"{left_out} teams left out: unknown or no Browse Team")
    return found


def item_bean(call: Call, item: MemberItem) -> dict[str, Any]:
    """Values of ``MemberItemSchema`` in the version the world speaks."""
    version = call.settings["teams.version"]
    bare = version in BARE_VERSIONS
    member: dict[str, Any] = {"member_id": item.id, "name": item.name, "type": item.type.value}
    if item.person:
        member["avatar"] = avatar(call.context, item.person.avatar_id)
        member["active_in_jira"] = bool(item.person.active)
        if not bare:
            member["key"] = item.person.key
        member["display_name"] = item.person.display_name
    else:
        member |= {"avatar": {}, "active_in_jira": True, "display_name": item.name}
    if version == "2017":
        member["message"] = None
    bean: dict[str, Any] = {"id": item.id}
    membership = membership_bean(call, item.membership) if item.membership else None
    if version != "2.0.6":
        bean["member"] = member
        if membership:
            bean["membership"] = membership
    if version in ("2.0.6", "2017"):
        bean["member_bean"] = member
        if membership:
            bean["membership_bean"] = membership
    if item.group_names and not bare:
        bean["group_for_user"] = bean["groups_for_user"] = list(item.group_names)
    bean["show_deactivate"] = item.membership is not None and item.membership.end is None
    return bean


def _beans(call: Call, team: Team, of_type: MemberType, only_active: bool) -> list[dict[str, Any]]:
    past_on_last_day = call.settings.is_on("members.pastOnLastDay")
    today = call.today
    items = members.listed(call.store, team.id, of_type, today)
    if only_active:
        items = [i for i in items if not (i.membership and memberships.is_past(i.membership, today, past_on_last_day))]
    return [item_bean(call, item) for item in items]


def _member_type(text: str | None, field: str) -> MemberType:
    wanted = (text or "USER").upper()
    if wanted not in (MemberType.USER, MemberType.GROUP):
        raise Invalid(fields={field: f"The type is user or group, not {text}."})
    return MemberType(wanted)
