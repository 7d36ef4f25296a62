"""Team members: people and groups in a team, and the people who come with the groups."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from mock_server.domain import memberships, people
from mock_server.domain.memberships import Period
from mock_server.errors import Invalid, NotFound
from mock_server.storage import members
from mock_server.storage import memberships as membership_rows
from mock_server.storage.memberships import Membership
from mock_server.storage.people import Person
from mock_server.storage.store import Store
from mock_server.storage.teams import Team

GROUP_USER_IDS = 1_000_000
"""Ids of people who come with a group start here, so that they spend no member id (assumption groupUsers.ids)."""


class MemberType(StrEnum):
    """What a member is. A client may send only the first two."""

    USER = "USER"
    GROUP = "GROUP"
    GROUP_USER = "GROUP_USER"


class MemberItem(NamedTuple):
    """One line of a member list. ``person`` is None for a group; ``membership`` is None for groups and group users."""

    id: int
    team_id: int
    type: MemberType
    name: str
    person: Person | None
    membership: Membership | None = None
    group_names: tuple[str, ...] = ()


def listed(store: Store, team_id: int, of_type: MemberType, today: date) -> list[MemberItem]:
    """Groups for GROUP; for USER the people added and then those who come with groups. Ordered by id."""
    if of_type is MemberType.GROUP:
        return [_group_item(member) for member in members.groups_of(store, team_id)]
    periods: dict[int, list[Membership]] = {}
    for membership in membership_rows.of_team(store, team_id):
        periods.setdefault(membership.member_id, []).append(membership)
    direct = [
        _person_item(member, memberships.shown(periods.get(member.id, ()), today))
        for member in members.people_of(store, team_id)
    ]
    return direct + [_group_user_item(user) for user in members.group_users_of(store, team_id)]


def get(store: Store, team: Team, member_id: int, today: date) -> MemberItem:
    """One line by member id. Raises ``NotFound``, also for a member of another team."""
    if member_id > GROUP_USER_IDS:
        for user in members.group_users_of(store, team.id):
            if user.link_id + GROUP_USER_IDS == member_id:
                return _group_user_item(user)
    member = members.get(store, member_id)
    if member is None or member.team_id != team.id:
        raise NotFound(f"Team {team.id} has no member with the id {member_id}.")
    if member.group:
        return _group_item(member)
    return _person_item(member, memberships.shown(membership_rows.of_member(store, member.id), today))


def add_person(store: Store, team: Team, reference: str, period: Period, today: date) -> MemberItem:
    """A person with their first period. Raises ``Invalid`` for an unknown person, a duplicate or a wrong period."""
    person = people.named(store, reference, "member")
    if members.is_member(store, team.id, person.id, None):
        raise Invalid(fields={"member": f"{person.name} is a member of team {team.id} already."})
    memberships.check(store, None, period)
    member_id = members.add(store, team.id, person.id, None)
    memberships.add(store, member_id, period)
    return get(store, team, member_id, today)


def add_period(store: Store, team: Team, person: Person, period: Period) -> Membership:
    """A further period of a person in a team; who is no member becomes one. Raises ``Invalid`` for a wrong period."""
    member_id = members.id_of(store, team.id, person.id)
    memberships.check(store, member_id, period)
    if member_id is None:
        member_id = members.add(store, team.id, person.id, None)
    return memberships.add(store, member_id, period)


def add_group(store: Store, team: Team, name: str, today: date) -> MemberItem:
    """A group. Raises ``Invalid`` for an unknown group or a duplicate."""
    group = people.group_named(store, name, "member")
    if members.is_member(store, team.id, None, group.id):
        raise Invalid(fields={"member": f"{group.name} is a member of team {team.id} already."})
    return get(store, team, members.add(store, team.id, None, group.id), today)


def remove(store: Store, item: MemberItem) -> None:
    """Take a person or a group out of the team. Raises ``Invalid`` for somebody who comes with a group."""
    _direct(item)
    members.remove(store, item.id)


def deactivate(store: Store, item: MemberItem, today: date) -> Membership:
    """Close the member's present period today and answer it; a second call keeps the earlier end. Raises ``Invalid``."""
    return memberships.close(store, with_membership(item), today)


def with_membership(item: MemberItem) -> Membership:
    """The shown period of a person. Raises ``Invalid`` for groups and those who come with them."""
    _direct(item)
    if item.membership is None:
        raise Invalid(f"{item.name} is a group and has no membership.")
    return item.membership


def remove_membership(store: Store, membership: Membership) -> None:
    """Take a period away; the member leaves the team with the last one (assumption memberships.lastRemoved)."""
    membership_rows.remove(store, membership.id)
    if not membership_rows.of_member(store, membership.member_id):
        members.remove(store, membership.member_id)


def _direct(item: MemberItem) -> None:
    if item.type is MemberType.GROUP_USER:
        raise Invalid(f"{item.name} is in the team through the group {item.group_names[0]}; change the group instead.")


def _person_item(member: members.Member, membership: Membership | None) -> MemberItem:
    assert member.person is not None
    return MemberItem(member.id, member.team_id, MemberType.USER, member.person.name, member.person, membership)


def _group_item(member: members.Member) -> MemberItem:
    assert member.group is not None
    return MemberItem(member.id, member.team_id, MemberType.GROUP, member.group.name, None)


def _group_user_item(user: members.GroupUser) -> MemberItem:
    member_id = GROUP_USER_IDS + user.link_id
    return MemberItem(member_id, user.team_id, MemberType.GROUP_USER, user.person.name, user.person, None, user.group_names)
