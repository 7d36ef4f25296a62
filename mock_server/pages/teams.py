"""Teams: those somebody may see, each with its people and what it works on (help pages on teams and their visibility).

Who manages a team changes it, Tempo Team Administrators make and delete them, as in the API; the clicks are this fake's own.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import Response

from mock_server.domain import internal_issues, teams
from mock_server.domain import links as link_rules
from mock_server.errors import Invalid
from mock_server.pages import team_links, team_members, team_permissions
from mock_server.pages.page import Page, for_team_administrators, for_tempo_administrators
from mock_server.pages.paging import paging
from mock_server.pages.people_search import search_people
from mock_server.pages.team_access import (
    PATH,
    address,
    administers_teams,
    managed,
    may_change,
    seen,
)
from mock_server.pages.visit import Visit
from mock_server.row_ids import row_id
from mock_server.storage import boards, links, members, people, programs, projects, team_lists
from mock_server.storage.teams import Team, named_like

STATUSES = (("current", "Current"), ("upcoming", "Upcoming"), ("previous", "Previous"), ("group", "Through a group"))
"""What the people of a team can be filtered by; the last is Data Center's."""

NOBODY = "nobody"
_IN_USE = "This team has members, generic resources or links. Remove them first, then delete the team."


class LinkRow(NamedTuple):
    """What a team works on: ``kind`` is Project or Board."""

    id: int
    kind: str
    name: str


def show_teams(visit: Visit) -> Response:
    """The teams that whoever is signed in may see, found by name or member"""
    text = visit.request.args.get("search", "").strip()
    found = teams.seen(named_like(visit.store, ""), teams.sight(visit.store, visit.actor))
    if text:
        having = team_lists.ids_with_text(visit.store, text)
        found = [team for team in found if team.id in having]
    place = paging(visit.request.args, len(found))
    shown = found[place.offset : place.offset + place.per_page]
    facts = team_lists.facts(visit.store, [team.id for team in shown], visit.today.isoformat())
    return visit.show(
        "teams.html",
        rows=[(team, facts[team.id]) for team in shown],
        paging=place,
        search=text,
        may_add=administers_teams(visit),
    )


def show_team(visit: Visit, team_id: int) -> Response:
    """A team with its people, the internal issues they may plan on, and its links"""
    team = seen(visit, team_id)
    arguments, day = visit.request.args, visit.today.isoformat()
    text = arguments.get("search", "").strip()
    status = arguments.get("status", "")
    status = status if status in dict(STATUSES) else ""
    place = paging(arguments, team_lists.count_members(visit.store, team.id, day, status, text))
    listed = team_lists.members(visit.store, team.id, day, status, text, place.offset, place.per_page)
    issues = internal_issues.of_team(internal_issues.visible(visit.store, visit.actor), team.id)
    return visit.show(
        "team.html",
        team=team,
        facts=team_lists.facts(visit.store, [team.id], day)[team.id],
        rows=listed,
        groups=[member.group.name for member in members.groups_of(visit.store, team.id) if member.group],
        paging=place,
        search=text,
        chosen_status=status,
        statuses=STATUSES,
        words=dict(STATUSES),
        issues=issues,
        links=_links(visit, team),
        may_change=may_change(visit, team),
        may_see_permissions=team_permissions.may_see_permissions(visit, team),
        may_delete=administers_teams(visit),
        may_assign=for_tempo_administrators(visit.actor) is None,
    )


def show_new_team(visit: Visit) -> Response:
    """The form for a new team"""
    return _form(visit, None, {"name": "", "summary": "", "lead": NOBODY, "program": "", "public": "1"})


def add_team(visit: Visit) -> Response:
    """Make a team"""
    if "find" in visit.form:
        return _form(visit, None, visit.form)
    try:
        team = teams.create(visit.store, _values(visit))
    except Invalid as error:
        return _form(visit, None, visit.form, error)
    visit.signed_in.tell(f"The team {team.name} is added. Add its members.")
    return visit.go(address(visit, team.id))


def show_team_changes(visit: Visit, team_id: int) -> Response:
    """The form for name, summary, lead, program and visibility"""
    team = managed(visit, team_id)
    form = {
        "name": team.name,
        "summary": team.summary or "",
        "lead": team.lead_account_id or NOBODY,
        "program": "" if team.program_id is None else str(team.program_id),
        "public": "1" if team.is_public else "",
    }
    return _form(visit, team, form)


def change_team(visit: Visit, team_id: int) -> Response:
    """Change name, summary, lead, program and visibility"""
    team = managed(visit, team_id)
    if "find" in visit.form:
        return _form(visit, team, visit.form)
    try:
        changed = teams.change(visit.store, team, _values(visit))
    except Invalid as error:
        return _form(visit, team, visit.form, error)
    visit.signed_in.tell(f"The team {changed.name} is saved.")
    return visit.go(address(visit, team.id))


def show_team_deletion(visit: Visit, team_id: int) -> Response:
    """Whether it is meant: members, links and roles over this team alone go with it"""
    return _deletion(visit, seen(visit, team_id))


def delete_team(visit: Visit, team_id: int) -> Response:
    """Delete a team"""
    team = seen(visit, team_id)
    if visit.site.settings["cloud.usedTeam"] == "400" and teams.is_used(visit.store, team):
        return _deletion(visit, team, _IN_USE)
    teams.remove(visit.store, team)
    visit.signed_in.tell(f"The team {team.name} is deleted.")
    return visit.go(PATH)


def _deletion(visit: Visit, team: Team, error: str = "") -> Response:
    facts = team_lists.facts(visit.store, [team.id], visit.today.isoformat())[team.id]
    return visit.show("team_delete.html", 400 if error else 200, team=team, members=facts.members, error=error)


def _links(visit: Visit, team: Team) -> Sequence[LinkRow]:
    found = links.of_team(visit.store, team.id)
    if visit.site.settings["cloud.teamLinksToHiddenProjects"] == "hidden":
        found = link_rules.browsable(visit.store, visit.actor, found)
    if not found:
        return ()
    names = {("project", p.id): f"{p.key} {p.name}" for p in projects.every(visit.store)}
    names |= {("board", b.id): b.name for b in boards.every(visit.store)}
    return [LinkRow(x.id, x.scope_type.capitalize(), names.get((x.scope_type, x.scope), str(x.scope))) for x in found]


def _values(visit: Visit) -> dict[str, Any]:
    """What the form says of a team. Raises ``Invalid`` for a program or a lead that is none."""
    form = visit.form
    program, lead = form.get("program", ""), form.get("lead", NOBODY)
    program_id = row_id(program)
    if program and program_id is None:
        raise Invalid(fields={"teamProgram": "Choose a program of the list."})
    if lead != NOBODY and people.by_account_id(visit.store, lead) is None:
        raise Invalid(fields={"lead": "There is nobody with this accountId; search for the person."})
    return {
        "name": form.get("name", "").strip(),
        "summary": form.get("summary", "").strip() or None,
        "lead_account_id": None if lead == NOBODY else lead,
        "program_id": program_id,
        "is_public": form.get("public") == "1",
    }


def _form(visit: Visit, team: Team | None, form: Mapping[str, str], error: Invalid | None = None) -> Response:
    search = form.get("search", "").strip()
    found = search_people(visit, search)
    lead = people.by_account_id(visit.store, form.get("lead", NOBODY))
    return visit.show(
        "team_form.html",
        400 if error else 200,
        team=team,
        errors=error.fields if error else {},
        form=form,
        lead=lead,
        found=[person for person in found.people if person != lead],
        has_more=found.has_more,
        search=search,
        programs=programs.every(visit.store),
    )


PAGES = (
    Page("GET", PATH, show_teams),
    Page("GET", f"{PATH}/new", show_new_team, right=for_team_administrators),
    Page("POST", f"{PATH}/new", add_team, writes=True, right=for_team_administrators),
    Page("GET", f"{PATH}/<id:team_id>", show_team),
    Page("GET", f"{PATH}/<id:team_id>/edit", show_team_changes),
    Page("POST", f"{PATH}/<id:team_id>/edit", change_team, writes=True),
    Page("GET", f"{PATH}/<id:team_id>/delete", show_team_deletion, right=for_team_administrators),
    Page("POST", f"{PATH}/<id:team_id>/delete", delete_team, writes=True, right=for_team_administrators),
    *team_members.PAGES,
    *team_links.PAGES,
    *team_permissions.PAGES,
)
