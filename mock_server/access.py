"""Who may do what: pure rules over plain values. No HTTP, no SQL, no clock.

A rule answers None when the actor may, and otherwise one sentence saying what is missing. The sentence goes into the
error body and onto the console.
"""

from collections.abc import Container
from dataclasses import dataclass
from enum import StrEnum


class GlobalPermission(StrEnum):
    """Global permissions of the Jira host, held by groups. The values are what a scenario writes."""

    ADMINISTER = "administer"
    BROWSE_USERS = "browse-users"
    TEMPO_ACCOUNT_ADMINISTRATOR = "tempo-account-administrator"
    TEMPO_ADMINISTRATOR = "tempo-administrator"
    TEMPO_PLANNER_ACCESS = "tempo-planner-access"
    TEMPO_RATE_ADMINISTRATOR = "tempo-rate-administrator"
    TEMPO_TEAM_ADMINISTRATOR = "tempo-team-administrator"
    TEMPO_TIMESHEETS_ACCESS = "tempo-timesheets-access"


class Scope(StrEnum):
    """What a Data Center endpoint asks of its caller; every endpoint names one."""

    ANYBODY = "nobody need log in"
    LOGGED_IN = "logged in"
    JIRA_ADMINISTRATOR = "Jira Administrators"
    TEAM_ADMINISTRATOR = "Tempo Team Administrators"
    BROWSE_TEAM = "Browse Team"
    MANAGE_TEAM = "Tempo Team Administrators, the lead or Manage Team"


BROWSE_TEAM = "tempo.teams.browse.team"
"""Key of the team permission that opens a team's information."""


MANAGE_TEAM = "permissions.team.manage"

TEAM_PERMISSION_KEYS = (
    "permissions.plan.view",
    "permissions.plan.manage",
    "permissions.plan.approve",
    "permissions.worklog.view",
    "permissions.worklog.manage",
    "permissions.worklog.approve",
    MANAGE_TEAM,
)
"""What a permission role can give over a team. Two of them were seen in storage, the others follow their make."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever calls: a person with the global permissions of their groups."""

    person_id: int
    name: str
    key: str
    permissions: frozenset[str]

    @property
    def is_team_administrator(self) -> bool:
        """Holds Tempo Team Administrators."""
        return GlobalPermission.TEMPO_TEAM_ADMINISTRATOR in self.permissions


@dataclass(frozen=True, slots=True)
class TeamReach:
    """The teams an actor may browse: all of them, or those he leads and those in ``team_ids``."""

    everything: bool
    person_id: int
    team_ids: Container[int] = frozenset()

    def includes(self, team_id: int, lead_id: int | None) -> bool:
        """Whether a team with this id and lead is within reach."""
        return self.everything or lead_id == self.person_id or team_id in self.team_ids


def without_global(actor: Actor, permission: GlobalPermission, title: str) -> str | None:
    """None when the actor holds the global permission; ``title`` is its name in the sentence."""
    return None if permission in actor.permissions else f"{actor.name} does not have the permission {title}."


def without_browse(actor: Actor, reach: TeamReach, team_id: int, lead_id: int | None) -> str | None:
    """None when the team is within the actor's reach."""
    if reach.includes(team_id, lead_id):
        return None
    return f"{actor.name} does not have the permission Browse Team on team {team_id}."


def without_manage(actor: Actor, lead_id: int | None, lead_may: bool, granted: bool) -> str | None:
    """None when the actor administers teams, leads this one where leads may change it, or was granted to manage it."""
    if actor.is_team_administrator or granted or (lead_may and lead_id == actor.person_id):
        return None
    return f"{actor.name} neither has the permission Tempo Team Administrators nor manages the team."
