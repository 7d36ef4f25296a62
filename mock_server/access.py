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


class ApiScope(StrEnum):
    """What a token of Tempo Cloud may be limited to; every endpoint below ``/4`` names one. Manage implies view."""

    ACCOUNTS_MANAGE = "accounts:manage"
    ACCOUNTS_VIEW = "accounts:view"
    ACTIVITIES_PRODUCE = "activities:produce"
    ACTIVITIES_VIEW = "activities:view"
    ANY = "any valid token"
    APPROVALS_MANAGE = "approvals:manage"
    APPROVALS_VIEW = "approvals:view"
    AUDIT_VIEW = "audit:view"
    PERIODS_VIEW = "periods:view"
    PROGRAMS_MANAGE = "plans:manage or teams:manage"
    PROGRAMS_VIEW = "plans:view or teams:view"
    PLANS_MANAGE = "plans:manage"
    PLANS_VIEW = "plans:view"
    PROJECTS_MANAGE = "projects:manage"
    PROJECTS_VIEW = "projects:view"
    RATES_MANAGE = "rates:manage"
    RATES_VIEW = "rates:view"
    SCHEMES_MANAGE = "schemes:manage"
    SCHEMES_VIEW = "schemes:view"
    TEAMS_MANAGE = "teams:manage"
    TEAMS_VIEW = "teams:view"
    WORKLOGS_MANAGE = "worklogs:manage"
    WORKLOGS_VIEW = "worklogs:view"


_UNGRANTABLE = frozenset({ApiScope.ANY, ApiScope.PROGRAMS_MANAGE, ApiScope.PROGRAMS_VIEW})
GRANTABLE_SCOPES = frozenset(scope.value for scope in ApiScope if scope not in _UNGRANTABLE)
"""The scopes a token can have; Full access takes all that there are when the token is made."""


class Scope(StrEnum):
    """What an endpoint of Data Center, or of this fake, asks of its caller; each names one."""

    ANYBODY = "nobody need log in"
    LOGGED_IN = "logged in"
    JIRA_ADMINISTRATOR = "Jira Administrators"
    TEAM_ADMINISTRATOR = "Tempo Team Administrators"
    TEMPO_ADMINISTRATOR = "Tempo Administrators"
    BROWSE_TEAM = "Browse Team"
    MANAGE_TEAM = "Tempo Team Administrators, the lead or Manage Team"


BROWSE_TEAM = "tempo.teams.browse.team"
"""Key of the team permission that opens a team's information."""


MANAGE_TEAM = "permissions.team.manage"
PLAN_APPROVE = "permissions.plan.approve"
PLAN_MANAGE = "permissions.plan.manage"
PLAN_VIEW = "permissions.plan.view"
WORKLOG_APPROVE = "permissions.worklog.approve"
WORKLOG_MANAGE = "permissions.worklog.manage"
WORKLOG_VIEW = "permissions.worklog.view"

TEAM_PERMISSION_KEYS = (
    PLAN_VIEW,
    PLAN_MANAGE,
    PLAN_APPROVE,
    WORKLOG_VIEW,
    WORKLOG_MANAGE,
    WORKLOG_APPROVE,
    MANAGE_TEAM,
)
"""What a permission role can give over a team. Two of them were seen in storage, the others follow their make."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever calls: a person with the global permissions of their groups.

    ``scopes`` are those of the Tempo token they called with; a log-in of the Jira host has none and needs none.
    ``roles_as_of`` is the moment (ISO 8601, UTC) whose permission roles count, where changes take their time; None is now.
    """

    person_id: int
    name: str
    key: str
    permissions: frozenset[str]
    account_id: str = ""
    scopes: frozenset[str] = frozenset()
    roles_as_of: str | None = None

    @property
    def is_jira_administrator(self) -> bool:
        """Holds Jira Administrators."""
        return GlobalPermission.ADMINISTER in self.permissions

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


@dataclass(frozen=True, slots=True)
class TeamSight:
    """The teams an actor sees in Tempo Cloud: public ones, those he leads, and those in ``team_ids``; or all of them.

    ``team_ids`` are the teams he is a member of or holds a permission role over.
    """

    everything: bool
    person_id: int
    team_ids: frozenset[int] = frozenset()

    def includes(self, team_id: int, lead_id: int | None, is_public: bool) -> bool:
        """Whether a team with this id and lead may be seen (help page on who a team is visible to)."""
        return self.everything or is_public or lead_id == self.person_id or team_id in self.team_ids


def without_global(actor: Actor, permission: GlobalPermission, title: str) -> str | None:
    """None when the actor holds the global permission; ``title`` is its name in the sentence."""
    return None if permission in actor.permissions else f"{actor.name} does not have the permission {title}."


def without_administration(actor: Actor) -> str | None:
    """None when the actor holds every kind of administration that OAuth 2.0 applications ask of whoever makes them."""
    needed = {
        GlobalPermission.ADMINISTER: "Jira Administrators",
        GlobalPermission.TEMPO_ADMINISTRATOR: "Tempo Administrators",
        GlobalPermission.TEMPO_TEAM_ADMINISTRATOR: "Tempo Team Administrators",
        GlobalPermission.TEMPO_ACCOUNT_ADMINISTRATOR: "Tempo Account Administrators",
    }
    lacking = [title for permission, title in needed.items() if permission not in actor.permissions]
    return f"{actor.name} does not have the permissions {', '.join(lacking)}." if lacking else None


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


def without_program(actor: Actor, manager_id: int | None) -> str | None:
    """None when the actor administers teams or manages the program."""
    if actor.is_team_administrator or manager_id == actor.person_id:
        return None
    return f"{actor.name} neither has the permission Tempo Team Administrators nor manages the program."


def without_scope(scopes: frozenset[str], needed: ApiScope, *, search: bool, view_may_search: bool) -> str | None:
    """None when a token with these scopes may use an endpoint that asks for ``needed``.

    ``search`` tells that the endpoint reads by POST; whether a view scope is enough for that is an assumption.
    """
    if needed is ApiScope.ANY or (needed in scopes and not search):
        return None
    asked = needed.replace(":view", ":manage") if search and not view_may_search else needed.value
    enough = asked.split(" or ")
    enough += [scope.replace(":view", ":manage") for scope in enough]
    return f"the token lacks the scope {asked}" if scopes.isdisjoint(enough) else None
