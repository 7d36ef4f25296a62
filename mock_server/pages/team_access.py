"""What the pages of one team have in common: who sees it, who may change it, and whom one may choose for it."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from mock_server.access import GlobalPermission
from mock_server.domain import permission_roles, teams
from mock_server.errors import NotFound, Refused
from mock_server.moments import day_in
from mock_server.pages.visit import Visit
from mock_server.settings import TIME_ZONE
from mock_server.storage import people
from mock_server.storage.people import Person
from mock_server.storage.teams import Team

PATH = "/teams"
MOST_PEOPLE = 20
"""People that a search shows; a longer text finds the others."""


class Found(NamedTuple):
    """Active people whom a search found. ``has_more`` tells that there are others."""

    people: Sequence[Person]
    has_more: bool


def seen(visit: Visit, team_id: int) -> Team:
    """A team that whoever is signed in may see. Raises ``NotFound`` for any other."""
    team = teams.get(visit.store, team_id)
    if not teams.seen([team], teams.sight(visit.store, visit.actor)):
        raise NotFound(f"There is no team with the id {team_id}.")
    return team


def may_change(visit: Visit, team: Team) -> bool:
    """Whether whoever is signed in manages a team."""
    return permission_roles.without_manage_team(visit.store, visit.actor, team) is None


def managed(visit: Visit, team_id: int) -> Team:
    """A team to change. Raises ``NotFound`` when it is not seen, and ``Refused`` for who does not manage it."""
    team = seen(visit, team_id)
    if lacking := permission_roles.without_manage_team(visit.store, visit.actor, team):
        raise Refused(lacking)
    return team


def administers_teams(visit: Visit) -> bool:
    """Whether whoever is signed in is a Tempo Team Administrator."""
    return GlobalPermission.TEMPO_TEAM_ADMINISTRATOR in visit.actor.permissions


def address(visit: Visit, team_id: int, rest: str = "") -> str:
    """The page of a team or one below it; the list for somebody who has just lost sight of the team."""
    team = teams.get(visit.store, team_id)
    if not teams.seen([team], teams.sight(visit.store, visit.actor)):
        return PATH
    return f"{PATH}/{team_id}{rest if may_change(visit, team) else ''}"


def today(visit: Visit) -> date:
    """The day that tells who is in a team at present, as the APIs have it."""
    return day_in(visit.now, visit.site.settings[TIME_ZONE])


def search_people(visit: Visit, text: str) -> Found:
    """Active people with a name that begins so; nobody for an empty text."""
    if not text:
        return Found((), False)
    found = people.search(visit.store, text, (1,), 0, MOST_PEOPLE + 1)
    return Found(found[:MOST_PEOPLE], len(found) > MOST_PEOPLE)
