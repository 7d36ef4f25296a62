"""Permissions of a team: the roles over it, of which those over it alone are changed here (help page on team roles).

Roles over several teams and those with Full access stand here to be read; Permission Roles is where they change.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from flask import Response

from mock_server.domain import permission_roles, team_permissions
from mock_server.domain.permission_roles import GLOBAL, OVER_TEAMS, Wanted
from mock_server.errors import Invalid, NotFound, Refused
from mock_server.pages.page import Page, for_team_administrators
from mock_server.pages.paging import paging
from mock_server.pages.people_search import search_people
from mock_server.pages.permission_labels import PERMISSION_LABELS, VIEW_TEAM
from mock_server.pages.team_access import PATH, address, managed, may_change, seen
from mock_server.pages.visit import Visit
from mock_server.row_ids import row_id
from mock_server.storage import people
from mock_server.storage import permission_role_lists as lists
from mock_server.storage import permission_roles as role_rows
from mock_server.storage.people import Person
from mock_server.storage.permission_role_lists import NONE, Some
from mock_server.storage.permission_roles import PermissionRole
from mock_server.storage.teams import Team

COLUMNS = 6
"""Roles made by hand that a page shows beside the two that the team was born with."""

NAMED = 5
"""Users of a role that the matrix names; the others are counted."""

BOXES = 50
"""Users of a role that the form has boxes for, beside those found; the others stay in it unless they are searched for."""


class Column(NamedTuple):
    """A role in the matrix. ``users_told`` says whose it is where that follows from the team, ``access`` over what it is.

    ``is_own`` tells that it is over this team alone and changes here.
    """

    role: PermissionRole
    keys: Collection[str]
    users: Some
    access: str
    is_own: bool
    users_told: str = ""


def may_see_permissions(visit: Visit, team: Team) -> bool:
    """Whether the roles over a team are shown: as the API shows them, so to who manages it, or to everybody."""
    return may_change(visit, team) or visit.site.settings["cloud.permissionRoles"] == "everybody"


def show_permissions(visit: Visit, team_id: int) -> Response:
    """The roles over a team with their permissions, their people and their reach"""
    team = seen(visit, team_id)
    if not may_see_permissions(visit, team):
        raise Refused("The roles over a team are shown to those who manage it.")
    found = role_rows.of_team(visit.store, team.id)
    built_in = [role for role in found if role.built_in]
    made = [role for role in found if not role.built_in]
    made += [role for role in role_rows.every(visit.store) if role.access_type == GLOBAL]
    place = paging(visit.request.args, len(made), COLUMNS)
    legacy = [granted for granted in team_permissions.of_team(visit.store, team) if granted.people or granted.group_names]
    return visit.show(
        "team_permissions.html",
        team=team,
        columns=[
            *(_built_in(visit, team, role) for role in built_in),
            *_columns(visit, team, made[place.offset : place.offset + COLUMNS]),
        ],
        paging=place,
        labels=PERMISSION_LABELS,
        view_team=VIEW_TEAM,
        legacy=legacy,
        may_change=may_change(visit, team),
        may_open_roles=for_team_administrators(visit.actor) is None,
    )


def show_new_role(visit: Visit, team_id: int) -> Response:
    """The form for a role over this team"""
    return _form(visit, managed(visit, team_id), None, "", (), ())


def add_role(visit: Visit, team_id: int) -> Response:
    """Make a role over this team"""
    return _save(visit, managed(visit, team_id), None)


def show_role(visit: Visit, team_id: int, role_id: int) -> Response:
    """The form for a role over this team alone"""
    team = managed(visit, team_id)
    role = _own(visit, team, role_id)
    holders = permission_roles.holders_of(visit.store, role)
    return _form(visit, team, role, role.name, permission_roles.keys_of(visit.store, role), holders)


def change_role(visit: Visit, team_id: int, role_id: int) -> Response:
    """Change a role over this team alone"""
    team = managed(visit, team_id)
    return _save(visit, team, _own(visit, team, role_id))


def show_role_deletion(visit: Visit, team_id: int, role_id: int) -> Response:
    """Whether it is meant: who holds the role may no more what it gives"""
    team = managed(visit, team_id)
    return visit.show("team_role_delete.html", team=team, role=_own(visit, team, role_id))


def delete_role(visit: Visit, team_id: int, role_id: int) -> Response:
    """Delete a role over this team alone"""
    team = managed(visit, team_id)
    role = _own(visit, team, role_id)
    permission_roles.remove(visit.store, role)
    visit.signed_in.tell(f"The role {role.name} is deleted.")
    return visit.go(address(visit, team.id, "/permissions"))


def _own(visit: Visit, team: Team, role_id: int) -> PermissionRole:
    """A role to change here. Raises ``NotFound`` for none of the team's, ``Refused`` for one that is only to be read here."""
    role = role_rows.get(visit.store, role_id)
    if role is None:
        raise NotFound(f"There is no permission role with the id {role_id} over the team {team.name}.")
    over = permission_roles.team_ids_of(visit.store, role)
    if role.access_type != GLOBAL and team.id not in over:
        raise NotFound(f"There is no permission role with the id {role_id} over the team {team.name}.")
    if role.built_in:
        raise Refused(f"The role {role.name} belongs to its team and cannot be changed.")
    if over != [team.id]:
        raise Refused(
            f"The role {role.name} is over more than this team. Tempo Team Administrators change it on Permission Roles."
        )
    return role


def _save(visit: Visit, team: Team, role: PermissionRole | None) -> Response:
    form = visit.request.form
    name, keys, holders = form.get("name", "").strip(), form.getlist("permissions"), [*form.getlist("people"), *_others(visit)]
    if "find" in form:
        return _form(visit, team, role, name, keys, people.with_accounts(visit.store, holders))
    wanted = Wanted(name, OVER_TEAMS, keys, holders, [team.id])
    try:
        saved = permission_roles.replace(visit.store, role, wanted) if role else permission_roles.create(visit.store, wanted)
    except Invalid as error:
        field = "people" if error.message == "User is invalid" else "name" if not name else "permissions"
        said = "Somebody you chose is not there any more; search again." if field == "people" else error.message
        return _form(visit, team, role, name, keys, people.with_accounts(visit.store, holders), {field: said})
    visit.signed_in.tell(f"The role {saved.name} is saved.")
    return visit.go(address(visit, team.id, "/permissions"))


def _others(visit: Visit) -> Collection[str]:
    """The accountIds of those who had no box in the form, as far as there still are such people."""
    ids = [found for text in visit.form.get("others", "").split() if (found := row_id(text)) is not None]
    return people.account_ids(visit.store, ids).values()


def _built_in(visit: Visit, team: Team, role: PermissionRole) -> Column:
    lead = people.get(visit.store, team.lead_id) if team.lead_id is not None else None
    told = (lead.display_name if lead else "Nobody leads the team") if role.built_in == "lead" else "Everybody in the team"
    return Column(role, permission_roles.keys_of(visit.store, role), NONE, "This team", False, told)


def _columns(visit: Visit, team: Team, roles: Sequence[PermissionRole]) -> list[Column]:
    ids = [role.id for role in roles]
    keys, users = lists.keys(visit.store, ids), lists.users(visit.store, ids, NAMED)
    teams = lists.teams(visit.store, ids, 1)
    found = []
    for role in roles:
        over = teams.get(role.id, NONE).total
        access = "Full" if role.access_type == GLOBAL else "This team" if over == 1 else f"{over} teams"
        found.append(Column(role, keys.get(role.id, ()), users.get(role.id, NONE), access, access == "This team"))
    return found


def _form(
    visit: Visit,
    team: Team,
    role: PermissionRole | None,
    name: str,
    keys: Sequence[str],
    holders: Sequence[Person],
    errors: Mapping[str, str] | None = None,
) -> Response:
    search = visit.form.get("search", "").strip()
    found = search_people(visit, search)
    chosen_ids, found_ids = {person.id for person in holders}, {person.id for person in found.people}
    # Who is found has a box among the first, so that it can be unticked.
    chosen = sorted(holders, key=lambda person: person.id not in found_ids)
    boxes = BOXES + len(found_ids)
    return visit.show(
        "team_role_form.html",
        400 if errors else 200,
        team=team,
        role=role,
        name=name,
        keys=keys,
        chosen=chosen[:boxes],
        others=" ".join(str(person.id) for person in chosen[boxes:]),
        more=max(0, len(chosen) - boxes),
        found=[person for person in found.people if person.id not in chosen_ids],
        has_more=found.has_more,
        search=search,
        labels=PERMISSION_LABELS,
        view_team=VIEW_TEAM,
        groups=[group.name for group in role_rows.groups_holding(visit.store, role.id)] if role else (),
        errors=errors or {},
    )


PAGES = (
    Page("GET", f"{PATH}/<id:team_id>/permissions", show_permissions),
    Page("GET", f"{PATH}/<id:team_id>/permissions/new", show_new_role),
    Page("POST", f"{PATH}/<id:team_id>/permissions/new", add_role, writes=True),
    Page("GET", f"{PATH}/<id:team_id>/permissions/<id:role_id>", show_role),
    Page("POST", f"{PATH}/<id:team_id>/permissions/<id:role_id>", change_role, writes=True),
    Page("GET", f"{PATH}/<id:team_id>/permissions/<id:role_id>/delete", show_role_deletion),
    Page("POST", f"{PATH}/<id:team_id>/permissions/<id:role_id>/delete", delete_role, writes=True),
)
