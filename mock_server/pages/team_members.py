"""The people of a team: who is added, from when to when, in which role and with how much of their time."""

import re
from collections.abc import Mapping
from datetime import date

from flask import Response

from mock_server.domain import members, memberships
from mock_server.domain.memberships import Period
from mock_server.errors import Invalid, NotFound
from mock_server.pages.page import Page
from mock_server.pages.people_search import search_people
from mock_server.pages.team_access import PATH, address, managed
from mock_server.pages.visit import Visit
from mock_server.row_ids import row_id
from mock_server.storage import memberships as membership_rows
from mock_server.storage import people, roles
from mock_server.storage.memberships import Membership
from mock_server.storage.people import Person
from mock_server.storage.teams import Team

_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NO_DAY = "Choose a day of the calendar, as in 2013-11-15, or leave it empty."
_NO_PERCENT = "Type a whole number of percent, from 0 to 100."
_OVERLAP = "These days overlap another period of the same person in this team. Choose others, or change that period."


def show_new_member(visit: Visit, team_id: int) -> Response:
    """Whom to add: a search, and the form for the person who was chosen"""
    team = managed(visit, team_id)
    account_id = visit.request.args.get("person", "")
    if account_id:
        return _form(visit, team, _person(visit, account_id), None, _blank(visit))
    search = visit.request.args.get("search", "").strip()
    return visit.show("team_member_search.html", team=team, search=search, found=search_people(visit, search))


def add_member(visit: Visit, team_id: int) -> Response:
    """Add a period of a person in the team"""
    team = managed(visit, team_id)
    person = _person(visit, visit.form.get("person", ""))
    try:
        members.add_period(visit.store, team, person, _period(visit.form))
    except Invalid as error:
        return _form(visit, team, person, None, visit.form, error)
    visit.signed_in.tell(f"{person.display_name} is added to {team.name}.")
    return visit.go(address(visit, team.id))


def show_membership(visit: Visit, team_id: int, membership_id: int) -> Response:
    """The form for a period"""
    team = managed(visit, team_id)
    membership, person = _period_of(visit, team, membership_id)
    form = {
        "role": str(membership.role.id),
        "availability": str(membership.availability),
        "from": membership.start.isoformat() if membership.start else "",
        "to": membership.end.isoformat() if membership.end else "",
    }
    return _form(visit, team, person, membership, form)


def change_membership(visit: Visit, team_id: int, membership_id: int) -> Response:
    """Change role, availability and days of a period"""
    team = managed(visit, team_id)
    membership, person = _period_of(visit, team, membership_id)
    try:
        memberships.change(visit.store, membership, _period(visit.form))
    except Invalid as error:
        return _form(visit, team, person, membership, visit.form, error)
    visit.signed_in.tell(f"The membership of {person.display_name} is saved.")
    return visit.go(address(visit, team.id))


def show_membership_removal(visit: Visit, team_id: int, membership_id: int) -> Response:
    """Whether it is meant: who has no other period leaves the team"""
    team = managed(visit, team_id)
    membership, person = _period_of(visit, team, membership_id)
    is_last = len(membership_rows.of_member(visit.store, membership.member_id)) == 1
    return visit.show("team_member_remove.html", team=team, membership=membership, member=person, is_last=is_last)


def remove_membership(visit: Visit, team_id: int, membership_id: int) -> Response:
    """Remove a period; the person leaves the team with the last one"""
    team = managed(visit, team_id)
    membership, person = _period_of(visit, team, membership_id)
    members.remove_membership(visit.store, membership)
    visit.signed_in.tell(f"The membership of {person.display_name} in {team.name} is removed.")
    return visit.go(address(visit, team.id))


def _person(visit: Visit, account_id: str) -> Person:
    """Somebody who was chosen. Raises ``NotFound`` when nobody has the accountId any more."""
    person = people.by_account_id(visit.store, account_id)
    if person is None:
        raise NotFound("There is nobody with this accountId. Go back and search for the person.")
    return person


def _period_of(visit: Visit, team: Team, membership_id: int) -> tuple[Membership, Person]:
    """A period in this team and whose it is. Raises ``NotFound``, also for one of another team."""
    placed = membership_rows.placed(visit.store, membership_id)
    if placed is None or placed.membership.team_id != team.id:
        raise NotFound(f"The team {team.name} has no membership with the id {membership_id}.")
    return placed.membership, _person(visit, placed.account_id)


def _period(form: Mapping[str, str]) -> Period:
    """What the form says. Raises ``Invalid`` with everything in it that cannot be read."""
    errors: dict[str, str] = {}
    days: dict[str, date | None] = {}
    for name, field in (("from", "dateFrom"), ("to", "dateTo")):
        text = form.get(name, "").strip()
        try:
            days[name] = _day(text)
        except ValueError:
            errors[field] = _NO_DAY
    percent, role = form.get("availability", "").strip(), form.get("role", "")
    availability, role_id = row_id(percent), row_id(role)
    if availability is None or availability > 100:
        errors["availability"] = _NO_PERCENT
    if role_id is None:
        errors["role"] = "Choose a role of the list."
    if errors or availability is None or role_id is None:
        raise Invalid(fields=errors)
    return Period(days["from"], days["to"], availability, role_id)


def _day(text: str) -> date | None:
    """A day, None for an empty text. Raises ``ValueError``."""
    if not text:
        return None
    if not _DAY.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def _blank(visit: Visit) -> Mapping[str, str]:
    default = roles.default(visit.store)
    return {"role": str(default.id) if default else "", "availability": "100", "from": "", "to": ""}


def _form(
    visit: Visit,
    team: Team,
    person: Person,
    membership: Membership | None,
    form: Mapping[str, str],
    error: Invalid | None = None,
) -> Response:
    errors = dict(error.fields) if error else {}
    if error and "overlaps" in errors.get("dateFrom", ""):
        errors["dateFrom"] = _OVERLAP
    return visit.show(
        "team_member_form.html",
        400 if error else 200,
        team=team,
        member=person,
        membership=membership,
        form=form,
        errors=errors,
        roles=roles.every(visit.store),
    )


PAGES = (
    Page("GET", f"{PATH}/<id:team_id>/members/new", show_new_member),
    Page("POST", f"{PATH}/<id:team_id>/members/new", add_member, writes=True),
    Page("GET", f"{PATH}/<id:team_id>/memberships/<id:membership_id>", show_membership),
    Page("POST", f"{PATH}/<id:team_id>/memberships/<id:membership_id>", change_membership, writes=True),
    Page("GET", f"{PATH}/<id:team_id>/memberships/<id:membership_id>/remove", show_membership_removal),
    Page("POST", f"{PATH}/<id:team_id>/memberships/<id:membership_id>/remove", remove_membership, writes=True),
)
