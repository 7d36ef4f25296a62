"""What permission roles give somebody: everybody, or the members of some teams."""

import json
from dataclasses import dataclass

from mock_server.storage import permission_roles
from mock_server.storage.store import Store


@dataclass(frozen=True, slots=True)
class WorkReach:
    """Whose work an actor reaches, in which projects. Grants unite; what a project hides stays hidden.

    ``everyone`` comes from a role with Full access, ``team_ids`` from roles over teams and from leading one: those reach
    a member's work inside the dates of the membership. ``browse`` holds the projects that may be browsed at all,
    ``view_all`` those where Jira lets the actor see everybody's work; ``hidden`` tells how many may not be browsed.
    """

    person_id: int
    everyone: bool
    team_ids: frozenset[int]
    browse: frozenset[int]
    view_all: frozenset[int]
    hidden: int


def of_roles(store: Store, person_id: int, key: str, as_of: str | None = None) -> tuple[bool, frozenset[int]]:
    """Whether a role with Full access gives the key, and the teams on which a role gives it; a lead has all on the team.

    With ``as_of`` (ISO 8601, UTC) roles count as they were at that moment; leads count as they are.
    """
    everyone, team_ids = permission_roles.held(store, person_id, key, as_of)
    led = store.all("SELECT id FROM teams WHERE lead_id = ?", (person_id,))
    return everyone, team_ids | {row[0] for row in led}


def is_member(store: Store, person_id: int, team_ids: frozenset[int], day: str | None = None) -> bool:
    """Whether the person was added to one of the teams; with ``day`` (``yyyy-MM-dd``), for a time that day is in."""
    found: object = store.value(
        "SELECT 1 FROM members m JOIN memberships s ON s.member_id = m.id WHERE m.person_id = ?1 "
        "AND m.team_id IN (SELECT value FROM json_each(?2)) AND (?3 IS NULL OR (?3 >= coalesce(s.start_date, '') "
        "AND ?3 <= coalesce(s.end_date, '9999-12-31'))) LIMIT 1",
        (person_id, json.dumps(sorted(team_ids)), day),
    )
    return found is not None
