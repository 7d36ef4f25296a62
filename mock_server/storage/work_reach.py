"""What permission roles give somebody: everybody, or the members of some teams."""

import json
from dataclasses import dataclass

from mock_server.storage.store import Store


@dataclass(frozen=True, slots=True)
class WorkReach:
    """Whose work an actor reaches, in which projects. Grants unite; what a project hides stays hidden.

    ``everyone`` comes from a role with Full access, ``team_ids`` from roles over teams and from leading one: those reach
    a member's work inside the dates of the membership. ``browse`` holds the projects that may be browsed at all,
    ``view_all`` those where Jira lets the actor see everybody's work.
    """

    person_id: int
    everyone: bool
    team_ids: frozenset[int]
    browse: frozenset[int]
    view_all: frozenset[int]


_HELD = (
    "FROM permission_roles r JOIN permission_role_keys k ON k.permission_role_id = r.id "
    "JOIN permission_role_holders h ON h.permission_role_id = r.id "
    "LEFT JOIN group_members g ON g.group_id = h.group_id AND g.person_id = ?1 "
)


def of_roles(store: Store, person_id: int, key: str) -> tuple[bool, frozenset[int]]:
    """Whether a role with Full access gives the key, and the teams on which a role gives it; a lead has all on the team."""
    held = "k.key = ?2 AND (h.person_id = ?1 OR g.person_id = ?1)"
    everyone = store.value(f"SELECT 1 {_HELD} WHERE r.access_type = 'GLOBAL' AND {held} LIMIT 1", (person_id, key))
    teams = store.all(
        f"SELECT t.team_id {_HELD} JOIN permission_role_teams t ON t.permission_role_id = r.id "
        f"WHERE r.access_type = 'TEAM' AND {held} UNION SELECT id FROM teams WHERE lead_id = ?1",
        (person_id, key),
    )
    return everyone is not None, frozenset(row[0] for row in teams)


def is_member(store: Store, person_id: int, team_ids: frozenset[int]) -> bool:
    """Whether the person was added to one of the teams."""
    found: object = store.value(
        "SELECT 1 FROM members WHERE person_id = ? AND team_id IN (SELECT value FROM json_each(?)) LIMIT 1",
        (person_id, json.dumps(sorted(team_ids))),
    )
    return found is not None
