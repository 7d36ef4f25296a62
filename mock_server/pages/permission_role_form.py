"""The form of Permission Roles, for a new role and for one there is, whose users are found by search or by group.

It knows its users by three fields: ``held`` are all, ``shown`` those that have a box, ``people`` the boxes that are ticked.
So a thousand users need no thousand boxes, and whoever looks for somebody loses nothing that was entered before.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from flask import Response

from mock_server.domain import permission_roles
from mock_server.domain.permission_roles import GLOBAL, OVER_TEAMS, Wanted
from mock_server.errors import Invalid
from mock_server.pages.people_search import search_people
from mock_server.pages.permission_labels import PERMISSION_LABELS, VIEW_TEAM
from mock_server.pages.visit import Visit
from mock_server.row_ids import row_id
from mock_server.storage import groups, people, teams
from mock_server.storage.permission_roles import PermissionRole

MOST_SHOWN = 50
"""Users of the role that have a box without being searched for."""

_EVERYBODY = 2**31
_NOBODY = 0
_GONE = "Something that was picked does not exist any more and is left out now. Look at the form and save it again."


class Entered(NamedTuple):
    """What stands in the form. ``search`` is the text for the users; ``is_search`` whether its people are shown."""

    name: str = ""
    access_type: str = GLOBAL
    keys: tuple[str, ...] = ()
    team_ids: tuple[int, ...] = ()
    person_ids: tuple[int, ...] = ()
    search: str = ""
    is_search: bool = False


def of_role(visit: Visit, role: PermissionRole) -> Entered:
    """The form as it stands for a role."""
    holders = permission_roles.holders_of(visit.store, role)
    return Entered(
        role.name,
        role.access_type,
        tuple(permission_roles.keys_of(visit.store, role)),
        tuple(permission_roles.team_ids_of(visit.store, role)),
        tuple(person.id for person in holders),
    )


def show(
    visit: Visit, role: PermissionRole | None, entered: Entered, errors: Mapping[str, str] | None = None, said: str = ""
) -> Response:
    """The form. ``said`` is what was just done in it, for the eye and for a screen reader."""
    store = visit.store
    found = search_people(visit, entered.search if entered.is_search else "")
    found_ids = {person.id for person in found.people}
    held_ids = set(people.account_ids(store, entered.person_ids))
    others = people.first_of(store, held_ids - found_ids, MOST_SHOWN)
    return visit.show(
        "permission_role_form.html",
        400 if errors else 200,
        role=role,
        entered=entered,
        errors=errors or {},
        said=said,
        labels=PERMISSION_LABELS,
        view_team=VIEW_TEAM,
        teams=teams.named_like(store, ""),
        groups=groups.every(store),
        found=found.people,
        has_more=found.has_more,
        others=others,
        held_ids=held_ids,
        shown_ids=[person.id for person in (*found.people, *others)],
        elsewhere=len(held_ids - found_ids),
    )


def answer(visit: Visit, role: PermissionRole | None) -> Response | PermissionRole:
    """What to do with the form that was sent: show it with more people, show what is wrong, or the role as it is saved."""
    entered, action = _entered(visit), visit.form.get("action", "")
    if action == "group":
        return _with_group(visit, role, entered)
    # Whoever presses Enter after typing into the search wants people, and elsewhere to save.
    if action == "search" or (action == "enter" and entered.search and not entered.is_search):
        return show(visit, role, entered._replace(is_search=bool(entered.search)))
    accounts = people.account_ids(visit.store, entered.person_ids)
    wanted = Wanted(
        entered.name,
        entered.access_type,
        entered.keys,
        [accounts.get(person_id, "") for person_id in entered.person_ids],
        entered.team_ids,
    )
    try:
        if role is None:
            return permission_roles.create(visit.store, wanted)
        return permission_roles.replace(visit.store, role, wanted)
    except Invalid as error:
        # The first message is about the name whenever that is blank or too long.
        is_name = not 1 <= len(entered.name) <= permission_roles.LONGEST_NAME
        errors = {"name": error.messages[0]} if is_name else {}
        if not is_name or error.further:
            errors["form"] = _GONE
        return show(visit, role, entered, errors)


def _with_group(visit: Visit, role: PermissionRole | None, entered: Entered) -> Response:
    group = groups.by_name(visit.store, visit.form.get("group", ""))
    if group is None:
        return show(visit, role, entered, {"group": "Choose a group."})
    members = [person.id for person in groups.members(visit.store, group.id, False, 0, _EVERYBODY)]
    together = _distinct((*entered.person_ids, *members))
    added = len(together) - len(entered.person_ids)
    said = f"Added {added} of the {len(members)} people in {group.name}." if added else f"Nobody of {group.name} was missing."
    return show(visit, role, entered._replace(person_ids=together), said=said)


def _entered(visit: Visit) -> Entered:
    form = visit.request.form
    search = form.get("search", "").strip()
    shown = set(_ids(form.get("shown", "").split()))
    kept = [person_id for person_id in _ids(form.get("held", "").split()) if person_id not in shown]
    return Entered(
        form.get("name", "").strip(),
        OVER_TEAMS if form.get("access") == OVER_TEAMS else GLOBAL,
        tuple(form.getlist("keys")),
        _ids(form.getlist("teams")),
        _distinct((*kept, *_ids(form.getlist("people")))),
        search,
        search != "" and search == form.get("searched", ""),
    )


def _ids(texts: Iterable[str]) -> tuple[int, ...]:
    """What is no id is that of nobody."""
    return _distinct(row_id(text) or _NOBODY for text in texts)


def _distinct(ids: Iterable[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(ids))
