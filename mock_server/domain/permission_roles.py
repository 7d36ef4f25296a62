"""Permission roles of a team: the built-in Team Lead and Member, and others that a world brings."""

from typing import NamedTuple

from mock_server.access import TEAM_PERMISSION_KEYS
from mock_server.storage import groups, members, people, permission_roles
from mock_server.storage.people import Person
from mock_server.storage.permission_roles import PermissionRole
from mock_server.storage.store import Store
from mock_server.storage.teams import Team


class Held(NamedTuple):
    """A role with its keys and its holders: people one by one, and groups by name."""

    role: PermissionRole
    keys: frozenset[str]
    people: list[Person]
    group_names: list[str]


def of_team(store: Store, team: Team) -> list[Held]:
    """The roles of a team, by id. Team Lead gives its holder, the lead, everything; Member gives members nothing."""
    return [_held(store, team, role) for role in permission_roles.of_team(store, team.id)]


def grants(store: Store, team_id: int, key: str, person_id: int) -> bool:
    """Whether a role of the team that is not built in gives this key to the person, directly or through a group."""
    group_ids = [group.id for group in groups.of_person(store, person_id)]
    return permission_roles.is_granted(store, team_id, key, person_id, group_ids)


def _held(store: Store, team: Team, role: PermissionRole) -> Held:
    if role.built_in == "lead":
        lead = people.get(store, team.lead_id) if team.lead_id is not None else None
        return Held(role, frozenset(TEAM_PERMISSION_KEYS), [lead] if lead else [], [])
    if role.built_in == "member":
        direct = [member.person for member in members.people_of(store, team.id) if member.person]
        group_names = [member.group.name for member in members.groups_of(store, team.id) if member.group]
        return Held(role, frozenset(), direct, group_names)
    group_names = [group.name for group in permission_roles.groups_holding(store, role.id)]
    return Held(role, permission_roles.keys_of(store, role.id), permission_roles.people_holding(store, role.id), group_names)
