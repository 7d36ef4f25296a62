"""Teams: who may browse them, and what makes one."""

from collections.abc import Mapping
from typing import Any

from mock_server.access import BROWSE_TEAM, Actor, TeamReach, TeamSight
from mock_server.domain import people
from mock_server.errors import Invalid, NotFound
from mock_server.settings import Settings
from mock_server.storage import generic_resources, groups, links, members, permission_roles, programs, teams
from mock_server.storage.store import Store
from mock_server.storage.teams import Team

NAME_LENGTH = 255
_BLANK = Team(0, "", None, None, "", 0, None, None, None, 0, None)


def get(store: Store, team_id: int) -> Team:
    """By id. Raises ``NotFound``."""
    team = teams.get(store, team_id)
    if team is None:
        raise NotFound(f"There is no team with the id {team_id}.")
    return team


def reach(store: Store, actor: Actor, settings: Settings) -> TeamReach:
    """The teams an actor may browse (Teams REST API guide; who counts as holder is an assumption)."""
    if actor.is_team_administrator:
        return TeamReach(True, actor.person_id)
    group_ids = [group.id for group in groups.of_person(store, actor.person_id)]
    team_ids = teams.ids_with_permission(store, BROWSE_TEAM, actor.person_id, group_ids)
    if settings.is_on("teams.membersBrowse"):
        team_ids |= teams.ids_with_member(store, actor.person_id, group_ids)
    return TeamReach(False, actor.person_id, team_ids)


def within(found: list[Team], reach: TeamReach) -> list[Team]:
    """The teams among these that may be browsed, in the same order."""
    return found if reach.everything else [team for team in found if reach.includes(team.id, team.lead_id)]


def sight(store: Store, actor: Actor) -> TeamSight:
    """The teams an actor sees in Tempo Cloud; groups in a team and Browse Team do not exist there."""
    everything, team_ids = permission_roles.held(store, actor.person_id, as_of=actor.roles_as_of)
    team_ids |= teams.ids_with_member(store, actor.person_id, ())
    return TeamSight(everything or actor.is_team_administrator, actor.person_id, team_ids)


def seen(found: list[Team], sight: TeamSight) -> list[Team]:
    """The teams among these that may be seen in Tempo Cloud, in the same order."""
    return [team for team in found if sight.includes(team.id, team.lead_id, bool(team.is_public))]


def create(store: Store, values: Mapping[str, Any]) -> Team:
    """A new team from ``name`` and, where given, ``summary``, ``lead`` (name or key) or ``lead_account_id``,
    ``program_id``, ``mission``, ``is_public``, ``administrative``. It gets its two built-in permission roles.

    Raises ``Invalid`` for a missing, blank or overlong name and for an unknown lead or program.
    """
    if values.get("name") is None:
        raise Invalid(fields={"name": "A team needs a name."})
    team_id = teams.add(store, _with(store, _BLANK, values))
    permission_roles.add_built_in(store, team_id)
    return get(store, team_id)


def change(store: Store, team: Team, values: Mapping[str, Any]) -> Team:
    """Change what ``values`` holds and leave the rest. Raises ``Invalid`` as ``create`` does."""
    teams.change(store, _with(store, team, values))
    return get(store, team.id)


def remove(store: Store, team: Team) -> None:
    """Take the team away with its members, memberships, permissions and the roles that are over no other team."""
    permission_roles.remove_with_team(store, team.id)
    teams.remove(store, team.id)


def is_used(store: Store, team: Team) -> bool:
    """Whether a team has members, generic resources or links."""
    has_members = members.people_of(store, team.id) or members.groups_of(store, team.id)
    return bool(has_members or generic_resources.of_team(store, team.id) or links.of_team(store, team.id))


def _with(store: Store, team: Team, values: Mapping[str, Any]) -> Team:
    if "name" in values:
        name = values["name"] or ""
        if not name.strip():
            raise Invalid(fields={"name": "A team needs a name."})
        if len(name) > NAME_LENGTH:
            raise Invalid(fields={"name": f"A team name has at most {NAME_LENGTH} characters."})
        team = team._replace(name=name)
    if "summary" in values:
        team = team._replace(summary=values["summary"])
    if "lead" in values:
        lead = people.named(store, values["lead"], "lead") if values["lead"] else None
        team = team._replace(lead_id=lead.id if lead else None)
    if "lead_account_id" in values:
        lead = people.with_account(store, values["lead_account_id"]) if values["lead_account_id"] else None
        team = team._replace(lead_id=lead.id if lead else None)
    if "program_id" in values:
        team = team._replace(program_id=_program_id(store, values["program_id"]))
    return team._replace(
        mission=values.get("mission", team.mission) or "",
        is_public=int(bool(values.get("is_public", team.is_public))),
        administrative=int(bool(values.get("administrative", team.administrative))),
    )


def _program_id(store: Store, program_id: int | None) -> int | None:
    if program_id is not None and programs.get(store, program_id) is None:
        raise Invalid(fields={"teamProgram": f"There is no program with the id {program_id}."})
    return program_id
