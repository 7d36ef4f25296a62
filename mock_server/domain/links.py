"""Links of teams to projects and boards."""

from enum import StrEnum

from mock_server.errors import Invalid, NotFound
from mock_server.storage import boards, links, projects, teams
from mock_server.storage.links import Link
from mock_server.storage.store import Store


class ScopeType(StrEnum):
    """What a team is linked to."""

    PROJECT = "project"
    BOARD = "board"


def get(store: Store, link_id: int) -> Link:
    """By id. Raises ``NotFound``."""
    link = links.get(store, link_id)
    if link is None:
        raise NotFound(f"There is no link with the id {link_id}.")
    return link


def create(store: Store, team_id: int, scope_type: ScopeType, scope: int) -> Link:
    """A new link. Raises ``Invalid`` for an unknown team, project or board and for a link that exists already."""
    if teams.get(store, team_id) is None:
        raise Invalid(fields={"teamId": f"There is no team with the id {team_id}."})
    exists = projects.get(store, scope) if scope_type is ScopeType.PROJECT else boards.get(store, scope)
    if exists is None:
        raise Invalid(fields={"scope": f"There is no {scope_type} with the id {scope}."})
    if any(link.scope_type == scope_type and link.scope == scope for link in links.of_team(store, team_id)):
        raise Invalid(fields={"scope": f"Team {team_id} is linked to {scope_type} {scope} already."})
    return get(store, links.add(store, team_id, scope_type, scope))
