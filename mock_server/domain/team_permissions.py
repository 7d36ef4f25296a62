"""Who holds a team permission of the older kind on a team."""

from collections.abc import Sequence
from typing import NamedTuple

from mock_server.domain import people
from mock_server.errors import Invalid, NotFound
from mock_server.storage import groups, team_permissions
from mock_server.storage.people import Person
from mock_server.storage.store import Store
from mock_server.storage.team_permissions import TeamPermission
from mock_server.storage.teams import Team


class Granted(NamedTuple):
    """A permission on one team with its holders, in the order they were given."""

    permission: TeamPermission
    team_id: int
    people: list[Person]
    group_names: list[str]


def get(store: Store, team: Team, key: str) -> Granted:
    """Raises ``NotFound`` for an unknown key; modules bring keys, so they are data and not code."""
    permission = team_permissions.get(store, key)
    if permission is None:
        raise NotFound(f"There is no team permission {key}.")
    return Granted(
        permission,
        team.id,
        team_permissions.people_holding(store, team.id, key),
        [group.name for group in team_permissions.groups_holding(store, team.id, key)],
    )


def of_team(store: Store, team: Team) -> list[Granted]:
    """Every permission there is, with its holders on a team, the lightest first."""
    return [get(store, team, permission.key) for permission in team_permissions.every(store)]


def replace(store: Store, granted: Granted, team: Team, users: Sequence[str], group_names: Sequence[str]) -> Granted:
    """Make exactly these the holders. Raises ``Invalid`` naming everybody who is unknown; repeated names count once."""
    holders = [people.find(store, name) for name in users]
    found_groups = [groups.by_name(store, name) for name in group_names]
    unknown = [f"The user {name} does not exist." for name, person in zip(users, holders, strict=True) if person is None]
    unknown += [
        f"The group {name} does not exist." for name, group in zip(group_names, found_groups, strict=True) if group is None
    ]
    if unknown:
        raise Invalid(" ".join(unknown))
    person_ids = dict.fromkeys(person.id for person in holders if person)
    group_ids = dict.fromkeys(group.id for group in found_groups if group)
    team_permissions.replace(store, team.id, granted.permission.key, person_ids, group_ids)
    return get(store, team, granted.permission.key)
