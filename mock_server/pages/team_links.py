"""What a team works on: its links to projects and boards."""

from flask import Response

from mock_server.domain import links, projects
from mock_server.domain.links import ScopeType
from mock_server.errors import Invalid, NotFound
from mock_server.pages.page import Page
from mock_server.pages.team_access import PATH, address, managed
from mock_server.pages.visit import Visit
from mock_server.storage import boards
from mock_server.storage import links as link_rows
from mock_server.storage import projects as project_rows
from mock_server.storage.links import Link
from mock_server.storage.teams import Team

_CHOOSE = "Choose a project or a board of the list."


def show_new_link(visit: Visit, team_id: int) -> Response:
    """The form to link a project or board"""
    return _form(visit, managed(visit, team_id), "")


def add_link(visit: Visit, team_id: int) -> Response:
    """Link a team to a project or board that whoever is signed in may browse"""
    team, chosen = managed(visit, team_id), visit.form.get("scope", "")
    if chosen not in {value for _, choices in _choices(visit) for value, _ in choices}:
        return _form(visit, team, chosen, _CHOOSE)
    kind, _, scope = chosen.partition("-")
    try:
        links.create(visit.store, team.id, ScopeType(kind), int(scope))
    except Invalid:
        return _form(visit, team, chosen, f"The team is linked to this {kind} already. Choose another one.")
    visit.signed_in.tell(f"The {kind} is linked to {team.name}.")
    return visit.go(address(visit, team.id))


def show_link_removal(visit: Visit, team_id: int, link_id: int) -> Response:
    """Whether it is meant"""
    team = managed(visit, team_id)
    link = _link(visit, team, link_id)
    return visit.show("team_link_remove.html", team=team, link=link, name=_name(visit, link))


def remove_link(visit: Visit, team_id: int, link_id: int) -> Response:
    """Remove a link"""
    team = managed(visit, team_id)
    link_rows.remove(visit.store, _link(visit, team, link_id).id)
    visit.signed_in.tell(f"The link is removed from {team.name}.")
    return visit.go(address(visit, team.id))


def _link(visit: Visit, team: Team, link_id: int) -> Link:
    """A link of this team that whoever is signed in may see. Raises ``NotFound``."""
    link = link_rows.get(visit.store, link_id)
    is_hidden = visit.site.settings["cloud.teamLinksToHiddenProjects"] == "hidden"
    seen = link and (links.browsable(visit.store, visit.actor, [link]) or not is_hidden)
    if link is None or link.team_id != team.id or not seen:
        raise NotFound(f"The team {team.name} has no link with the id {link_id}.")
    return link


def _name(visit: Visit, link: Link) -> str:
    if link.scope_type == ScopeType.PROJECT:
        project = project_rows.get(visit.store, link.scope)
        return f"{project.key} {project.name}" if project else str(link.scope)
    board = boards.get(visit.store, link.scope)
    return board.name if board else str(link.scope)


def _choices(visit: Visit) -> list[tuple[str, list[tuple[str, str]]]]:
    """The projects and boards to choose from, each with the value of its option and its name."""
    seen = projects.browsable(visit.store, visit.actor)
    ids = {project.id for project in seen}
    on_boards = [board for board in boards.every(visit.store) if board.project_id in ids]
    return [
        ("Projects", [(f"project-{project.id}", f"{project.key} {project.name}") for project in seen]),
        ("Boards", [(f"board-{board.id}", board.name) for board in on_boards]),
    ]


def _form(visit: Visit, team: Team, chosen: str, error: str = "") -> Response:
    return visit.show(
        "team_link_form.html", 400 if error else 200, team=team, chosen=chosen, error=error, choices=_choices(visit)
    )


PAGES = (
    Page("GET", f"{PATH}/<id:team_id>/links/new", show_new_link),
    Page("POST", f"{PATH}/<id:team_id>/links/new", add_link, writes=True),
    Page("GET", f"{PATH}/<id:team_id>/links/<id:link_id>/remove", show_link_removal),
    Page("POST", f"{PATH}/<id:team_id>/links/<id:link_id>/remove", remove_link, writes=True),
)
