"""Manage Staff: finding people and what they may be connected with, for Tempo Administrators (help pages on staff).

The clicks are published, the layout in part: number, search, filters and the dialog of memberships are those of the guides.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from flask import Response

from mock_server.domain import apps, connect_jobs, connections, staff
from mock_server.domain.connections import Standing
from mock_server.domain.providers.discovery import every as every_provider
from mock_server.domain.staff import Colleague
from mock_server.errors import Invalid, NotFound
from mock_server.pages.page import Page, for_tempo_administrators
from mock_server.pages.paging import paging
from mock_server.pages.visit import Visit
from mock_server.storage import groups, holiday_schemes, people, roles, teams, workload_schemes
from mock_server.storage import staff as staff_rows

PATH = "/staff"
FILTERS = (
    "search",
    "status",
    "team",
    "role",
    "group",
    "workloadScheme",
    "holidayScheme",
    "location",
    "integration",
    "provider",
)
"""What people are found by, as the parameters of the address are called."""

_SORTS = (
    ("name", "Name"),
    ("email", "E-mail"),
    ("location", "Location"),
    ("workload-scheme", "Workload scheme"),
    ("holiday-scheme", "Holiday scheme"),
    ("status", "Status"),
)
_INTEGRATIONS = (("failed", "Failed App Integration"), ("connected", "Connected"), ("none", "Not connected"))
_STATUSES = (("active", "Active"), ("inactive", "Inactive"), ("all", "All"))
_ORDERS = tuple(
    (f"{sign}{key}", f"{label}, {way}") for key, label in _SORTS for sign, way in (("", "ascending"), ("-", "descending"))
)
_ANY = ("", "Any")


class Choice(NamedTuple):
    """A filter that is chosen from a list. ``options`` are pairs of value and text; ``value`` is the chosen one."""

    name: str
    label: str
    value: str
    options: Sequence[tuple[str, str]]


class Column(NamedTuple):
    """The head of a column: the sorting that its link asks for, and what it is sorted by now, as ``aria-sort`` says it."""

    label: str
    link: str
    now: str | None


class Row(NamedTuple):
    """Somebody as the list shows them. ``memberships`` says in which teams they are, in words."""

    colleague: Colleague
    memberships: str
    standing: Standing


def show_staff(visit: Visit) -> Response:
    """The people that the filters find"""
    return staff_page(visit)


def show_memberships(visit: Visit, person_id: int) -> Response:
    """The teams of somebody, with joining, leaving and status"""
    person = people.get(visit.store, person_id)
    if person is None:
        raise NotFound("There is nobody with this id.")
    rows = staff.memberships(visit.store, person, visit.today)
    is_current = any(row.status is staff.Term.CURRENT for row in rows)
    said = "" if is_current else _no_team(bool(rows))
    return visit.show("memberships.html", whose=person, rows=rows, said=said, back=list_address(kept(visit)))


def staff_page(visit: Visit, problems: Sequence[str] = (), where: str = "", status: int = 400) -> Response:
    """The list, with what is wrong with the action or the upload (``where``) that somebody tried."""
    arguments = visit.request.args
    errors: Mapping[str, str] = {}
    found: list[Colleague] = []
    place = paging(arguments, 0)
    sort = arguments.get("sort") or "name"
    try:
        condition = staff.condition_of(arguments)
        place = paging(arguments, staff.count(visit.store, condition, visit.today))
        found = staff.search(visit.store, condition, visit.today, sort, place.offset, place.per_page)
    except Invalid as error:
        errors = error.fields
    installed = apps.installed(visit.store)
    chosen = set(visit.request.form.getlist("people"))
    return visit.show(
        "staff.html",
        status if problems else 400 if errors else 200,
        rows=_rows(visit, found),
        paging=place,
        choices=_choices(visit),
        errors=errors,
        kept=kept(visit),
        providers=every_provider(),
        columns=_columns(visit, sort),
        apps=installed,
        has_map=any(app.has_map for app in installed),
        problems=problems,
        where=where,
        chosen=chosen,
        all_chosen=visit.form.get("all") == "1",
        jobs=connect_jobs.unfinished(visit.store),
    )


def kept(visit: Visit, *without: str) -> dict[str, str]:
    """The parts of the address that say which people are shown and in which order, but for some."""
    arguments = visit.request.args
    return {name: arguments[name] for name in (*FILTERS, "sort", "page") if arguments.get(name) and name not in without}


def list_address(parts: Mapping[str, str]) -> str:
    """Where the list stands with these parts of ``kept``."""
    return f"{PATH}?{urlencode(parts)}" if parts else PATH


def _rows(visit: Visit, found: Sequence[Colleague]) -> list[Row]:
    standings = connections.of_people(visit.store, [colleague.person.id for colleague in found])
    return [
        Row(colleague, ", ".join(colleague.teams) or _no_team(colleague.was_in_teams), standings[colleague.person.id])
        for colleague in found
    ]


def _no_team(was_in_teams: bool) -> str:
    """The words of the guide on memberships."""
    return "Not currently a team member" if was_in_teams else "Not a team member"


def _columns(visit: Visit, sort: str) -> dict[str, Column]:
    key, parts = sort.removeprefix("-"), kept(visit, "sort", "page")
    now = "ascending" if sort == key else "descending"
    return {
        name: Column(
            label,
            visit.address(list_address(parts | {"sort": f"-{name}" if name == sort else name})),
            now if name == key else None,
        )
        for name, label in _SORTS
    }


def _choices(visit: Visit) -> list[Choice]:
    store = visit.store
    lists: tuple[tuple[str, str, Iterable[tuple[str, str]]], ...] = (
        ("status", "Jira users", _STATUSES),
        ("team", "Team", ((str(team.id), team.name) for team in teams.named_like(store, ""))),
        ("role", "Role", ((str(role.id), role.name) for role in roles.every(store))),
        ("group", "Jira group", ((str(group.id), group.name) for group in groups.every(store))),
        ("workloadScheme", "Workload scheme", ((str(one.id), one.name) for one in workload_schemes.every(store))),
        ("holidayScheme", "Holiday scheme", ((str(one.id), one.name) for one in holiday_schemes.every(store))),
        ("location", "Location", ((zone, zone) for zone in staff_rows.locations(store))),
        ("integration", "App integration status", _INTEGRATIONS),
        ("provider", "App", ((key, provider.title) for key, provider in every_provider().items())),
        ("sort", "Sort by", _ORDERS),
    )
    without_any = ("status", "sort")
    return [
        Choice(name, label, visit.request.args.get(name, ""), [*(() if name in without_any else (_ANY,)), *options])
        for name, label, options in lists
    ]


PAGES = (
    Page("GET", PATH, show_staff, right=for_tempo_administrators),
    Page("GET", f"{PATH}/<id:person_id>/memberships", show_memberships, right=for_tempo_administrators),
)
