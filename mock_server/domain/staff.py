"""Staff: finding the people that an administrator means, and what teams they are in (help pages on managing staff)."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from mock_server.errors import Invalid
from mock_server.storage import staff
from mock_server.storage.people import Person
from mock_server.storage.staff import SORTS, Condition, TeamRow
from mock_server.storage.store import Store

STATUSES: Mapping[str, int | None] = MappingProxyType({"active": 1, "inactive": 0, "all": None})
"""Whose Jira user is active; the first is what is shown of itself."""

INTEGRATIONS = ("failed", "connected", "none")
"""The status of the integration with an app: the last attempt failed, connected, not connected."""


class Term(StrEnum):
    """Whether somebody is in a team today, was, or will be (help page on memberships of staff)."""

    CURRENT = "Current"
    PREVIOUS = "Previous"
    UPCOMING = "Upcoming"


class Membership(NamedTuple):
    """A row of somebody's memberships. ``role`` is None for who is in the team by a ``group``."""

    team: str
    role: str | None
    joining: str | None
    leaving: str | None
    status: Term
    group: str | None


class Colleague(NamedTuple):
    """Somebody of the staff. ``teams`` are the present ones; ``was_in_teams`` tells of former and coming ones too."""

    person: Person
    workload_scheme: str
    holiday_scheme: str
    teams: Sequence[str]
    was_in_teams: bool


def condition_of(filters: Mapping[str, str]) -> Condition:
    """The people that filters mean, by the names that a page and the API give them.

    ``search``, ``team``, ``role``, ``group``, ``workloadScheme``, ``holidayScheme`` (ids), ``location``, ``status`` (active
    unless told), ``integration``, ``provider``. Empty is any. Raises ``Invalid`` on the filter that holds something else.
    """
    status = filters.get("status") or "active"
    integration = filters.get("integration", "")
    if status not in STATUSES:
        raise Invalid(fields={"status": f"Choose one of {', '.join(STATUSES)}."})
    if integration not in ("", *INTEGRATIONS):
        raise Invalid(fields={"integration": f"Choose one of {', '.join(INTEGRATIONS)}."})
    return Condition(
        filters.get("search", "").strip(),
        _id(filters, "team"),
        _id(filters, "role"),
        _id(filters, "group"),
        _id(filters, "workloadScheme"),
        _id(filters, "holidayScheme"),
        filters.get("location", ""),
        STATUSES[status],
        integration,
        filters.get("provider", ""),
    )


def count(store: Store, condition: Condition, today: date) -> int:
    """How many people are meant."""
    return staff.count(store, condition, today.isoformat())


def ids(store: Store, condition: Condition, today: date) -> list[int]:
    """The row ids of all of them, by name."""
    return staff.ids(store, condition, today.isoformat())


def search(
    store: Store, condition: Condition, today: date, sort: str = "name", offset: int = 0, limit: int = 50
) -> list[Colleague]:
    """At most ``limit`` of them. ``sort`` is a key of ``SORTS``, with a minus before it for the other way round."""
    key = sort.removeprefix("-")
    if key not in SORTS:
        raise Invalid(fields={"sort": f"Sort by one of {', '.join(SORTS)}; with - before it from the end."})
    rows = staff.page(store, condition, today.isoformat(), key, key != sort, offset, limit)
    periods: dict[int, list[TeamRow]] = {}
    for period in staff.teams(store, [row.person.id for row in rows]):
        periods.setdefault(period.person_id, []).append(period)
    return [Colleague(*row, _present(periods.get(row.person.id, ()), today), row.person.id in periods) for row in rows]


def colleague(store: Store, person: Person, today: date) -> Colleague:
    """One of the staff, active or not."""
    [row] = staff.rows(store, [person.id])
    periods = staff.teams(store, [person.id])
    return Colleague(*row, _present(periods, today), bool(periods))


def memberships(store: Store, person: Person, today: date) -> list[Membership]:
    """The teams that somebody is, was and will be in, by team and beginning."""
    found = staff.teams(store, [person.id])
    return [Membership(p.team_name, p.role_name, p.start, p.end, term(p.start, p.end, today), p.group) for p in found]


def term(start: str | None, end: str | None, today: date) -> Term:
    """The status of a period on a day; days (``yyyy-MM-dd``) are inclusive, None is open."""
    day = today.isoformat()
    if start is not None and start > day:
        return Term.UPCOMING
    return Term.PREVIOUS if end is not None and end < day else Term.CURRENT


def _present(periods: Sequence[TeamRow], today: date) -> list[str]:
    present = [p.team_name for p in periods if term(p.start, p.end, today) is Term.CURRENT]
    return list(dict.fromkeys(present))


def _id(filters: Mapping[str, str], name: str) -> int | None:
    text = filters.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise Invalid(fields={name: "This is a whole number, the id."})
    return int(text)
