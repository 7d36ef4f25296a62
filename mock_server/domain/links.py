"""Links of teams to projects and boards."""

from enum import StrEnum

from mock_server.access import Actor
from mock_server.domain import projects as project_rules
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
        raise no_such(scope_type, scope)
    if any(link.scope_type == scope_type and link.scope == scope for link in links.of_team(store, team_id)):
        raise Invalid(fields={"scope": f"Team {team_id} is linked to {scope_type} {scope} already."})
    return get(store, links.add(store, team_id, scope_type, scope))


def no_such(scope_type: ScopeType, scope: int) -> Invalid:
    """What is wrong with a link to a project or board that does not exist, or shall look so."""
    return Invalid(fields={"scope": f"There is no {scope_type} with the id {scope}."})


def browsable(store: Store, actor: Actor, found: list[Link]) -> list[Link]:
    """The links among these whose project, or the project of whose board, the actor may browse, in the same order.

    Tempo Team Administrators see all.
    """
    if actor.is_team_administrator or not found:
        return found
    seen = {project.id for project in project_rules.browsable(store, actor)}
    return [link for link in found if _project_id(store, link) in seen]


def _project_id(store: Store, link: Link) -> int | None:
    if link.scope_type == ScopeType.PROJECT:
        return link.scope
    board = boards.get(store, link.scope)
    return board.project_id if board else None
