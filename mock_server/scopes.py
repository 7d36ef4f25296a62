"""Whether a caller holds what an endpoint of the Jira host, or of this fake, asks for."""

from typing import Any

from mock_server.access import MANAGE_TEAM, GlobalPermission, Scope, without_browse, without_global, without_manage
from mock_server.domain import permission_roles, teams
from mock_server.endpoint import Call
from mock_server.errors import NotFound, Refused


def check_scope(scope: Scope, call: Call, entity: Any) -> None:
    """Raises ``Refused`` saying what is missing, or ``NotFound`` where a hidden team shall look like none.

    ``entity`` is what the endpoint loaded: a team, or something in one that has it as ``team``.
    """
    if scope in (Scope.ANYBODY, Scope.LOGGED_IN):
        return
    actor = call.caller
    lacking: str | None
    hidden = False
    if scope is Scope.TEAM_ADMINISTRATOR:
        title = "Tempo Team Manager" if call.settings["teams.version"] == "2.0.6" else "Tempo Team Administrators"
        lacking = without_global(actor, GlobalPermission.TEMPO_TEAM_ADMINISTRATOR, title)
    elif scope is Scope.JIRA_ADMINISTRATOR:
        lacking = without_global(actor, GlobalPermission.ADMINISTER, "Jira Administrators")
    elif scope is Scope.TEMPO_ADMINISTRATOR:
        lacking = without_global(actor, GlobalPermission.TEMPO_ADMINISTRATOR, "Tempo Administrators")
    else:
        team = entity if hasattr(entity, "lead_id") else entity.team
        if scope is Scope.BROWSE_TEAM:
            reach = teams.reach(call.store, actor, call.settings)
            lacking = without_browse(actor, reach, team.id, team.lead_id)
            hidden = call.settings["teams.unbrowsable"] == "404"
        else:
            lacking = without_manage(
                actor,
                team.lead_id,
                call.settings.is_on("teams.leadManages"),
                permission_roles.grants(call.store, team.id, MANAGE_TEAM, actor.person_id),
            )
    if lacking:
        if hidden:
            raise NotFound(f"There is no team with the id {team.id}.")
        raise Refused(lacking)
