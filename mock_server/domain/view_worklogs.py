"""Who loses View Worklogs, and gets it back: the permission roles made by hand that give it."""

from collections.abc import Sequence
from typing import NamedTuple

from mock_server.access import WORKLOG_VIEW
from mock_server.domain.permission_roles import GLOBAL, OVER_TEAMS
from mock_server.storage import people, permission_roles, teams
from mock_server.storage.people import Person
from mock_server.storage.permission_roles import PermissionRole
from mock_server.storage.store import Store


class Reach(NamedTuple):
    """A role as it was, with its teams."""

    role: PermissionRole
    team_ids: tuple[int, ...]


def take(store: Store, person: Person | None) -> list[PermissionRole]:
    """Take View Worklogs from the roles, or somebody out of them; answers the roles. Built-in ones stay.

    Whoever leads a team still sees the work of its members, and who holds a role through a group still holds it.
    """
    taken = []
    for role in _giving(store):
        if person is None:
            permission_roles.take_key(store, role.id, WORKLOG_VIEW)
        elif any(holder.id == person.id for holder in permission_roles.people_holding(store, role.id)):
            permission_roles.remove_holder(store, role.id, person.id)
        else:
            continue
        taken.append(role)
    return taken


def give_back(store: Store, roles: Sequence[PermissionRole], person: Person | None) -> None:
    """Undo ``take``; roles that are gone stay gone, and nothing is given to somebody who is."""
    present = people.get(store, person.id) if person else None
    # In a world that was restored meanwhile the id may be another person's.
    if person and (present is None or present.account_id != person.account_id):
        return
    for role in roles:
        if not _is_there(store, role):
            continue
        if person is None:
            permission_roles.give_key(store, role.id, WORKLOG_VIEW)
        else:
            permission_roles.add_holder(store, role.id, person.id)


def narrow(store: Store) -> list[Reach]:
    """Leave each role that gives View Worklogs over one team, its first; answers what those were over that changed."""
    former = []
    first = [team.id for team in sorted(teams.named_like(store, ""), key=lambda team: team.id)][:1]
    for role in _giving(store):
        over = tuple(permission_roles.team_ids_of(store, role.id))
        if role.access_type == GLOBAL or len(over) > 1:
            former.append(Reach(role, over))
            permission_roles.set_teams(store, role.id, OVER_TEAMS, over[:1] or first)
    return former


def widen(store: Store, former: Sequence[Reach]) -> None:
    """Undo ``narrow``; roles and teams that are gone stay gone."""
    for reach in former:
        if _is_there(store, reach.role):
            there = [team_id for team_id in reach.team_ids if teams.get(store, team_id) is not None]
            permission_roles.set_teams(store, reach.role.id, reach.role.access_type, there)


def _giving(store: Store) -> list[PermissionRole]:
    roles = [role for role in permission_roles.every(store) if not role.built_in]
    return [role for role in roles if WORKLOG_VIEW in permission_roles.keys_of(store, role.id)]


def _is_there(store: Store, role: PermissionRole) -> bool:
    # In a world that was taken in meanwhile the id may be another role's.
    present = permission_roles.get(store, role.id)
    return present is not None and present.name == role.name and not present.built_in
