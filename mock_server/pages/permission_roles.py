"""Permission Roles: who sees and changes whose work and plans, over some teams or all; for Tempo Team Administrators.

Published are the matrix with a column for each role, its rows, the button above it and what the form asks. The words of the
form, the order and the columns that a page shows are this fake's own.
"""

from collections.abc import Collection
from typing import NamedTuple

from flask import Response

from mock_server.access import TEAM_PERMISSION_KEYS
from mock_server.domain import permission_roles
from mock_server.domain.permission_roles import GLOBAL
from mock_server.errors import NotFound
from mock_server.pages import permission_role_form as form
from mock_server.pages.page import Page, for_team_administrators
from mock_server.pages.paging import paging
from mock_server.pages.permission_labels import PERMISSION_LABELS, VIEW_TEAM
from mock_server.pages.visit import Visit
from mock_server.storage import permission_role_lists as lists
from mock_server.storage.permission_role_lists import NONE, Some
from mock_server.storage.permission_roles import PermissionRole

PATH = "/permission-roles"
COLUMNS = 6
"""Roles made by hand that a page shows beside each other."""

NAMED = 5
"""Users and teams of a role that the matrix names; the others are counted."""


class Column(NamedTuple):
    """A role in the matrix. ``role_id`` is None for the two that every team is born with, which cannot be changed here.

    ``users`` and ``access`` are names and how many there are; where they follow from something else, ``told`` says it.
    """

    role_id: int | None
    name: str
    keys: Collection[str]
    users: Some
    is_full: bool
    teams: Some
    users_told: str = ""
    access_told: str = ""


BUILT_IN = (
    Column(None, "Team Lead", TEAM_PERMISSION_KEYS, NONE, False, NONE, "Whoever leads the team", "The team, in every team"),
    Column(None, "Member", (), NONE, False, NONE, "Everybody in the team", "The team, in every team"),
)


def show_permission_roles(visit: Visit) -> Response:
    """The matrix of the roles made by hand, or of those found by name, team or user"""
    search, user = (visit.request.args.get(name, "").strip() for name in ("search", "user"))
    place = paging(visit.request.args, lists.count(visit.store, search, user), COLUMNS)
    columns = _columns(visit, lists.found(visit.store, search, user, place.offset, COLUMNS))
    return visit.show(
        "permission_roles.html",
        columns=columns if search or user else [*columns, *BUILT_IN],
        has_own=bool(columns),
        labels=PERMISSION_LABELS,
        view_team=VIEW_TEAM,
        search=search,
        user=user,
        kept={name: text for name, text in (("search", search), ("user", user)) if text},
        paging=place,
    )


def show_new_permission_role(visit: Visit) -> Response:
    """The form for a role; Full access is chosen beforehand"""
    return form.show(visit, None, form.Entered())


def add_permission_role(visit: Visit) -> Response:
    """Make a role, or find people for it"""
    return _answered(visit, None, "added")


def show_permission_role(visit: Visit, role_id: int) -> Response:
    """The form of a role"""
    role = _own(visit, role_id)
    return form.show(visit, role, form.of_role(visit, role))


def change_permission_role(visit: Visit, role_id: int) -> Response:
    """Make a role what the form says, or find people for it"""
    return _answered(visit, _own(visit, role_id), "saved")


def show_delete(visit: Visit, role_id: int) -> Response:
    """Whether it is meant"""
    role = _own(visit, role_id)
    users = lists.users(visit.store, [role.id], 1)[role.id]
    return visit.show("permission_role_delete.html", role=role, total=users.total)


def delete_permission_role(visit: Visit, role_id: int) -> Response:
    """Take a role away, with what it gave"""
    role = _own(visit, role_id)
    permission_roles.remove(visit.store, role)
    visit.signed_in.tell(f"The permission role {role.name} is deleted.")
    return visit.go(PATH)


def _answered(visit: Visit, role: PermissionRole | None, done: str) -> Response:
    outcome = form.answer(visit, role)
    if isinstance(outcome, Response):
        return outcome
    visit.signed_in.tell(f"The permission role {outcome.name} is {done}.")
    page = lists.count_before(visit.store, outcome) // COLUMNS + 1
    return visit.go(PATH if page == 1 else f"{PATH}?page={page}")


def _own(visit: Visit, role_id: int) -> PermissionRole:
    """A role made by hand. Raises ``NotFound``."""
    role = permission_roles.get(visit.store, role_id)
    if role.built_in:
        raise NotFound(f"The permission role {role.name} belongs to its team and is not changed here.")
    return role


def _columns(visit: Visit, roles: list[PermissionRole]) -> list[Column]:
    ids = [role.id for role in roles]
    keys, users = lists.keys(visit.store, ids), lists.users(visit.store, ids, NAMED)
    teams = lists.teams(visit.store, ids, NAMED)
    return [
        Column(
            role.id,
            role.name,
            keys.get(role.id, ()),
            users[role.id],
            role.access_type == GLOBAL,
            teams[role.id],
        )
        for role in roles
    ]


PAGES = (
    Page("GET", PATH, show_permission_roles, right=for_team_administrators),
    Page("GET", f"{PATH}/new", show_new_permission_role, right=for_team_administrators),
    Page("POST", f"{PATH}/new", add_permission_role, writes=True, right=for_team_administrators),
    Page("GET", f"{PATH}/<id:role_id>/edit", show_permission_role, right=for_team_administrators),
    Page("POST", f"{PATH}/<id:role_id>/edit", change_permission_role, writes=True, right=for_team_administrators),
    Page("GET", f"{PATH}/<id:role_id>/delete", show_delete, right=for_team_administrators),
    Page("POST", f"{PATH}/<id:role_id>/delete", delete_permission_role, writes=True, right=for_team_administrators),
)
