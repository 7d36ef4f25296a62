"""What the pages of one team have in common: who sees it and who may change it."""

from mock_server.access import GlobalPermission
from mock_server.domain import permission_roles, teams
from mock_server.errors import NotFound, Refused
from mock_server.pages.visit import Visit
from mock_server.storage.teams import Team

PATH = "/teams"


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
