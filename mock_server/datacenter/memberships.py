"""Memberships: reading and writing the periods of a member (live answers; published clients)."""

from datetime import date
from typing import Any, NamedTuple

from marshmallow import fields

from mock_server.access import Scope
from mock_server.datacenter.dates import DayText, Id, Percent, ansi, parse, parse_ansi, written
from mock_server.datacenter.people import PersonSchema, person_bean
from mock_server.datacenter.roles import RoleSchema, role_bean
from mock_server.datacenter.teams import load_team
from mock_server.domain import members, memberships, people, teams
from mock_server.domain.members import MemberItem
from mock_server.domain.memberships import Period
from mock_server.endpoint import Call, endpoint
from mock_server.errors import Invalid
from mock_server.schemas import WireSchema
from mock_server.storage import members as member_rows
from mock_server.storage import memberships as membership_rows
from mock_server.storage.memberships import Membership
from mock_server.storage.people import Person
from mock_server.storage.teams import Team

CLIENTS = "published clients"
BARE_VERSIONS = frozenset({"2.0.6", "2.0.7"})
"""Versions without the later fields: key, ANSI dates, role.default."""


class TeamNameSchema(WireSchema):
    """The team of a membership, where a list spans teams."""

    id = fields.Integer()
    name = fields.String()


class MembershipSchema(WireSchema):
    """A period; ``availability`` is percent as text, ``status`` is active or past, open ends are empty."""

    id = fields.Integer()
    team = fields.Nested(TeamNameSchema)
    role = fields.Nested(RoleSchema)
    date_from = fields.String(data_key="dateFrom")
    date_to = fields.String(data_key="dateTo")
    date_from_ansi = fields.String(data_key="dateFromANSI")
    date_to_ansi = fields.String(data_key="dateToANSI")
    availability = fields.String()
    member_id = fields.Integer(data_key="teamMemberId")
    team_id = fields.Integer(data_key="teamId")
    status = fields.String()


class RoleReferenceSchema(WireSchema):
    """A role in a body; without an id it counts as missing."""

    id = Id(allow_none=True)


class MembershipInputSchema(WireSchema):
    """A period in a body; everything may be missing, and ids of team and member come from the path."""

    role = fields.Nested(RoleReferenceSchema, allow_none=True)
    date_from = DayText(data_key="dateFrom", allow_none=True)
    date_to = DayText(data_key="dateTo", allow_none=True)
    availability = Percent(allow_none=True)


class TeamMemberSchema(PersonSchema):
    """A person with their periods in one team."""

    memberships = fields.List(fields.Nested(MembershipSchema))
    conflicting_memberships = fields.List(fields.Nested(MembershipSchema), data_key="conflictingMemberships")
    holiday_scheme_id = fields.Integer(data_key="holidaySchemeId")
    workload_scheme_id = fields.Integer(data_key="workloadSchemeId")


class TeamMembersSchema(WireSchema):
    """The people of a team with their periods."""

    day_schedules = fields.Dict(data_key="daySchedules")
    team_members = fields.List(fields.Nested(TeamMemberSchema), data_key="teamMembers")


class InTeam(NamedTuple):
    """A member of a team, and one of its periods where the path names one."""

    team: Team
    item: MemberItem
    membership: Membership | None = None


def load_member(call: Call, team_id: int, member_id: int) -> InTeam:
    """The team and member in the path. Raises ``NotFound``."""
    team = load_team(call, team_id)
    return InTeam(team, members.get(call.store, team, member_id, call.today))


def load_membership(call: Call, team_id: int, member_id: int, membership_id: int) -> InTeam:
    """The team, member and period in the path. Raises ``NotFound``."""
    found = load_member(call, team_id, member_id)
    return found._replace(membership=memberships.get(call.store, found.item.id, membership_id))


def load_person(call: Call, user_name: str) -> Person:
    """The person in the path, by login name or key. Raises ``NotFound``."""
    return people.in_path(call.store, user_name)


@endpoint("POST", "/2/team/<id:team_id>/member/<id:member_id>/membership", scope=Scope.TEAM_ADMINISTRATOR, loads=load_member,
          body=MembershipInputSchema, returns=MembershipSchema, grade="C", source=CLIENTS)  # fmt: skip
def create_membership(call: Call, found: InTeam, values: dict[str, Any]) -> dict[str, Any]:
    """Add a period that overlaps no other of the member"""
    members.with_membership(found.item)
    return membership_bean(call, memberships.add(call.store, found.item.id, period(call, values)))


@endpoint("PUT", "/2/team/<id:team_id>/member/<id:member_id>/membership/<id:membership_id>", scope=Scope.TEAM_ADMINISTRATOR,
          loads=load_membership, body=MembershipInputSchema, returns=MembershipSchema, grade="C", source=CLIENTS)  # fmt: skip
def update_membership(call: Call, found: InTeam, values: dict[str, Any]) -> dict[str, Any]:
    """Change what is sent of a period and leave the rest"""
    assert found.membership is not None
    return membership_bean(call, memberships.change(call.store, found.membership, period(call, values, found.membership)))


@endpoint("DELETE", "/2/team/<id:team_id>/member/<id:member_id>/membership/<id:membership_id>", scope=Scope.TEAM_ADMINISTRATOR,
          loads=load_membership, status=204, grade="C", source=CLIENTS)  # fmt: skip
def delete_membership(call: Call, found: InTeam) -> None:
    """Remove a period; with the last one the member leaves the team"""
    assert found.membership is not None
    members.remove_membership(call.store, found.membership)


@endpoint("GET", "/2/user/<user_name>/memberships", scope=Scope.LOGGED_IN, loads=load_person, returns=MembershipSchema,
          many=True, grade="C", source=CLIENTS)  # fmt: skip
def list_memberships_of_user(call: Call, person: Person) -> list[dict[str, Any]]:
    """The periods of a person in teams that the caller may browse"""
    return [membership_bean(call, membership) for _, membership in _periods_of(call, person)]


@endpoint("GET", "/2/teammember/<user_name>/memberships", scope=Scope.LOGGED_IN, loads=load_person, returns=MembershipSchema,
          many=True, parameters=("from", "to"), grade="O", source="live answers")  # fmt: skip
def list_memberships_of_team_member(call: Call, person: Person) -> list[dict[str, Any]]:
    """The periods of a person that touch a window, each with its team"""
    start, end = window(call)
    return [
        {**membership_bean(call, membership), "team": {"id": team.id, "name": team.name}}
        for team, membership in _periods_of(call, person)
        if _touches(membership, start, end)
    ]


@endpoint("GET", "/2/teammember/team/<id:team_id>/members", scope=Scope.BROWSE_TEAM, loads=load_team, returns=TeamMembersSchema,
          parameters=("from", "to"), grade="O", source="live answers")  # fmt: skip
def list_team_members_with_memberships(call: Call, team: Team) -> dict[str, Any]:
    """The people of a team with those of their periods that touch a window"""
    start, end = window(call)
    touching: dict[int, list[dict[str, Any]]] = {}
    for membership in membership_rows.of_team(call.store, team.id):
        if _touches(membership, start, end):
            touching.setdefault(membership.member_id, []).append(membership_bean(call, membership))
    shown = [
        {
            **person_bean(member.person, call.context),
            "memberships": touching[member.id],
            "conflicting_memberships": [],
            "holiday_scheme_id": 1,
            "workload_scheme_id": 1,
        }
        for member in member_rows.people_of(call.store, team.id)
        if member.person and member.id in touching
    ]
    return {"day_schedules": {}, "team_members": shown}


def membership_bean(call: Call, membership: Membership) -> dict[str, Any]:
    """Values of ``MembershipSchema`` in the version the world speaks."""
    bare = call.settings["teams.version"] in BARE_VERSIONS
    form = call.settings["jira.datePicker"]
    past = memberships.is_past(membership, call.today, call.settings.is_on("members.pastOnLastDay"))
    bean: dict[str, Any] = {
        "id": membership.id,
        "role": role_bean(membership.role, not bare),
        "date_from": written(membership.start, form),
        "date_to": written(membership.end, form),
        "availability": str(membership.availability),
        "member_id": membership.member_id,
        "team_id": membership.team_id,
        "status": "past" if past else "active",
    }
    if not bare:
        bean["date_from_ansi"] = ansi(membership.start)
        bean["date_to_ansi"] = ansi(membership.end)
    return bean


def period(call: Call, values: dict[str, Any] | None, present: Membership | None = None) -> Period:
    """The period a body describes; what it leaves out is as in ``present``, or open, 100 % and the default role."""
    values = values or {}
    role_id = (values.get("role") or {}).get("id")
    if role_id is None and present is not None:
        role_id = present.role.id
    availability = values.get("availability")
    if availability is None:
        availability = present.availability if present else 100
    return Period(
        _day(call, values, "date_from", present.start if present else None),
        _day(call, values, "date_to", present.end if present else None),
        availability,
        role_id,
    )


def _day(call: Call, values: dict[str, Any], name: str, otherwise: date | None) -> date | None:
    if name not in values:
        return otherwise
    try:
        return parse(values[name] or "", call.today)
    except ValueError as error:
        # The 29th of February of a two-digit year exists or not by the century that today decides.
        wire_name = "dateFrom" if name == "date_from" else "dateTo"
        raise Invalid(fields={wire_name: f"{values[name]} is not a date: {error}."}) from None


def window(call: Call) -> tuple[date, date]:
    """The days of the parameters ``from`` and ``to``, inclusive and without end where missing. Raises ``Invalid``."""
    days: list[date] = []
    for name, otherwise in (("from", date.min), ("to", date.max)):
        text = call.first(name)
        try:
            days.append(parse_ansi(text) if text else otherwise)
        except ValueError:
            raise Invalid(fields={name: f"{text} is not a date of the form yyyy-MM-dd."}) from None
    if days[1] < days[0]:
        raise Invalid(fields={"to": "to is before from."})
    return days[0], days[1]


def _touches(membership: Membership, start: date, end: date) -> bool:
    return (membership.start or date.min) <= end and (membership.end or date.max) >= start


def _periods_of(call: Call, person: Person) -> list[tuple[Team, Membership]]:
    reach = teams.reach(call.store, call.caller, call.settings)
    found: list[tuple[Team, Membership]] = []
    hidden = 0
    for member in member_rows.of_person(call.store, person.id):
        team = teams.get(call.store, member.team_id)
        if person.id == call.caller.person_id or reach.includes(team.id, team.lead_id):
            found += [(team, membership) for membership in membership_rows.of_member(call.store, member.id)]
        else:
            hidden += 1
    if hidden:
        call.note(f"{hidden} teams left out: {call.caller.name} has no Browse Team on them")
    return found
