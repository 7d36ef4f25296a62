"""Permission roles: the built-in Team Lead and Member of every team, and those made by hand over teams or over all."""

from collections.abc import Sequence
from typing import NamedTuple

from mock_server.access import MANAGE_TEAM, TEAM_PERMISSION_KEYS, Actor, TeamReach, without_manage
from mock_server.errors import Invalid, NotFound
from mock_server.storage import members, people, permission_roles, teams
from mock_server.storage.people import Person
from mock_server.storage.permission_roles import PermissionRole
from mock_server.storage.store import Store
from mock_server.storage.teams import Team

GLOBAL, OVER_TEAMS = "GLOBAL", "TEAM"
LONGEST_NAME = 255


class Held(NamedTuple):
    """A role with its keys and its holders: people one by one, and groups by name."""

    role: PermissionRole
    keys: frozenset[str]
    people: list[Person]
    group_names: list[str]


class Wanted(NamedTuple):
    """What a client says of a role. ``access_type`` is TEAM or GLOBAL; ``team_ids`` count for TEAM only."""

    name: str
    access_type: str
    keys: Sequence[str]
    account_ids: Sequence[str]
    team_ids: Sequence[int]


def of_team(store: Store, team: Team) -> list[Held]:
    """The roles over a team, by id. Team Lead gives its holder, the lead, everything; Member gives members nothing."""
    return [_held(store, team, role) for role in permission_roles.of_team(store, team.id)]


def grants(store: Store, team_id: int, key: str, person_id: int) -> bool:
    """Whether a role that is not built in gives the person this key over the team, directly or through a group."""
    return permission_roles.is_granted(store, team_id, key, person_id)


def managed(store: Store, actor: Actor) -> TeamReach:
    """The teams that an actor manages: all of them, or those he leads and those a role gives him Manage Team over."""
    everything, team_ids = permission_roles.held(store, actor.person_id, MANAGE_TEAM, actor.roles_as_of)
    return TeamReach(everything or actor.is_team_administrator, actor.person_id, team_ids)


def without_manage_team(store: Store, actor: Actor, team: Team) -> str | None:
    """None when the actor is a Tempo Team Administrator, leads the team or holds Manage Team over it."""
    granted = managed(store, actor).includes(team.id, team.lead_id)
    return without_manage(actor, team.lead_id, lead_may=True, granted=granted)


def get(store: Store, permission_role_id: int) -> PermissionRole:
    """By id. Raises ``NotFound``."""
    role = permission_roles.get(store, permission_role_id)
    if role is None:
        raise NotFound(f"There is no permission role with the id {permission_role_id}.")
    return role


def holders_of(store: Store, role: PermissionRole) -> list[Person]:
    """Everybody who holds a role, as Tempo Cloud knows it: groups are the people in them, group members of a team none."""
    if role.built_in == "lead":
        team = _team_of(store, role)
        lead = people.get(store, team.lead_id) if team.lead_id is not None else None
        return [lead] if lead else []
    if role.built_in == "member":
        return [member.person for member in members.people_of(store, _team_of(store, role).id) if member.person]
    return permission_roles.everybody_holding(store, role.id)


def keys_of(store: Store, role: PermissionRole) -> list[str]:
    """The keys that a role gives, in the order of the table of keys."""
    if role.built_in == "member":
        return []
    held = TEAM_PERMISSION_KEYS if role.built_in == "lead" else permission_roles.keys_of(store, role.id)
    return [key for key in TEAM_PERMISSION_KEYS if key in held]


def team_ids_of(store: Store, role: PermissionRole) -> list[int]:
    """The teams that a role is over; none for one with Full access."""
    return [role.team_id] if role.team_id is not None else permission_roles.team_ids_of(store, role.id)


def create(store: Store, wanted: Wanted) -> PermissionRole:
    """A role made by hand. Raises ``Invalid`` for a blank or long name and for an unknown key, person or team."""
    return _written(store, None, wanted)


def replace(store: Store, role: PermissionRole, wanted: Wanted) -> PermissionRole:
    """Make a role this one. Raises ``Invalid`` as ``create`` does, and for a built-in role."""
    _editable(role)
    return _written(store, role.id, wanted)


def remove(store: Store, role: PermissionRole) -> None:
    """Take a role away. Raises ``Invalid`` for a built-in one."""
    _editable(role)
    permission_roles.remove(store, role.id)


def _editable(role: PermissionRole) -> None:
    if role.built_in:
        raise Invalid(f"The permission role {role.name} belongs to its team and cannot be changed.")


def _written(store: Store, role_id: int | None, wanted: Wanted) -> PermissionRole:
    wrong = [] if wanted.name.strip() else ["A permission role needs a name."]
    if len(wanted.name) > LONGEST_NAME:
        wrong.append(f"The name of a permission role has at most {LONGEST_NAME} characters.")
    unknown = sorted(set(wanted.keys) - set(TEAM_PERMISSION_KEYS))
    if unknown:
        wrong.append(f"There is no permission {', '.join(unknown)}; there are {', '.join(TEAM_PERMISSION_KEYS)}.")
    team_ids = sorted(set(wanted.team_ids)) if wanted.access_type == OVER_TEAMS else []
    if any(teams.get(store, team_id) is None for team_id in team_ids):
        wrong.append("Team with specified id does not exist.")
    holders = [people.by_account_id(store, account_id) for account_id in wanted.account_ids]
    if None in holders:
        wrong.append("User is invalid")
    if wrong:
        raise Invalid(wrong[0], further=wrong[1:])
    if role_id is None:
        role_id = permission_roles.add(store, wanted.name, wanted.access_type)
    else:
        permission_roles.change(store, role_id, wanted.name, wanted.access_type)
    person_ids = list(dict.fromkeys(person.id for person in holders if person))
    permission_roles.replace(store, role_id, list(dict.fromkeys(wanted.keys)), person_ids, team_ids)
    return get(store, role_id)


def _team_of(store: Store, role: PermissionRole) -> Team:
    team = teams.get(store, role.team_id) if role.team_id is not None else None
    if team is None:
        raise RuntimeError(f"the built-in permission role {role.id} has no team")
    return team


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
