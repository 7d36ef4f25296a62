"""What teams are linked to, ``/4/team-links`` and the links of a team (vendor's OpenAPI of v4)."""

from typing import Any, NamedTuple

from marshmallow import fields, validate

from mock_server.access import ApiScope
from mock_server.cloud.addresses import jira_root
from mock_server.cloud.numbers import Int32
from mock_server.cloud.paging import Listed, Page, PagedQuery, page_of
from mock_server.cloud.permissions import need_manage_team
from mock_server.cloud.roles import OPENAPI
from mock_server.cloud.teams import TeamV4Schema, load_visible_team, team_bean, visible_team, visible_teams
from mock_server.cloud.wording import in_cloud_names
from mock_server.domain import links
from mock_server.domain.links import ScopeType
from mock_server.endpoint import Call, endpoint
from mock_server.errors import Invalid, NotFound
from mock_server.schemas import WireSchema
from mock_server.storage import links as link_rows
from mock_server.storage.links import Link
from mock_server.storage.teams import Team


class LinkScopeSchema(WireSchema):
    """The project or board of a link."""

    link = fields.String(data_key="self")
    id = fields.Integer()
    type = fields.String()


class TeamLinkV4Schema(WireSchema):
    """A link of a team to a project or board."""

    link = fields.String(data_key="self")
    id = fields.Integer()
    scope = fields.Nested(LinkScopeSchema)
    team = fields.Nested(TeamV4Schema)


class TeamLinkV4InputSchema(WireSchema):
    """A link in a body; boards cannot be linked here."""

    team_id = Int32(least=1, required=True, data_key="teamId")
    scope_id = Int32(least=1, required=True, data_key="scopeId")
    scope_type = fields.String(required=True, data_key="scopeType", validate=validate.OneOf(["PROJECT"]))


class LinkOfTeam(NamedTuple):
    """A link with its team."""

    link: Link
    team: Team


def load_team_link(call: Call, link_id: int) -> LinkOfTeam:
    """The link in the path. Raises ``NotFound`` also for one whose team or project the caller may not see."""
    link = links.get(call.store, link_id)
    team = visible_team(call, link.team_id)
    if team is None or not _seen(call, [link]):
        raise NotFound(f"There is no link with the id {link_id}.")
    return LinkOfTeam(link, team)


@endpoint("GET", "/teams/<id:team_id>/links", scope=ApiScope.TEAMS_VIEW, loads=load_visible_team, query=PagedQuery,
          returns=TeamLinkV4Schema, many=True, grade="A", source=OPENAPI)  # fmt: skip
def list_links_of_team_v4(call: Call, team: Team, query: dict[str, Any]) -> Page:
    """What a team is linked to"""
    found = _seen(call, link_rows.of_team(call.store, team.id))
    return page_of([team_link_bean(call, link, team) for link in found], query)


@endpoint("POST", "/team-links", scope=ApiScope.TEAMS_MANAGE, body=TeamLinkV4InputSchema, returns=TeamLinkV4Schema,
          grade="A", source=OPENAPI)  # fmt: skip
def create_team_link(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    """Link a team to a project"""
    try:
        team = load_visible_team(call, values["team_id"])
    except NotFound as error:
        raise Invalid(fields={"teamId": error.message}) from error
    need_manage_team(call, team)
    with in_cloud_names():
        if not _seen(call, [Link(0, team.id, team.name, ScopeType.PROJECT, values["scope_id"])]):
            raise links.no_such(ScopeType.PROJECT, values["scope_id"])
        link = links.create(call.store, team.id, ScopeType.PROJECT, values["scope_id"])
    return team_link_bean(call, link, team)


@endpoint("GET", "/team-links/project/<id:project_id>", scope=ApiScope.TEAMS_VIEW, returns=TeamLinkV4Schema, many=True,
          grade="A", source=OPENAPI)  # fmt: skip
def list_team_links_of_project(call: Call, project_id: int) -> Listed:
    """The teams linked to a project, of those that the caller may see"""
    found = _seen(call, link_rows.of_scope(call.store, ScopeType.PROJECT, project_id))
    visible = {team.id: team for team in visible_teams(call)} if found else {}
    return Listed([team_link_bean(call, link, visible[link.team_id]) for link in found if link.team_id in visible])


@endpoint("GET", "/team-links/<id:link_id>", scope=ApiScope.TEAMS_VIEW, loads=load_team_link, returns=TeamLinkV4Schema,
          grade="A", source=OPENAPI)  # fmt: skip
def get_team_link(call: Call, found: LinkOfTeam) -> dict[str, Any]:
    """One link"""
    return team_link_bean(call, *found)


@endpoint("DELETE", "/team-links/<id:link_id>", scope=ApiScope.TEAMS_MANAGE, loads=load_team_link, status=204, grade="A",
          source=OPENAPI)  # fmt: skip
def delete_team_link(call: Call, found: LinkOfTeam) -> None:
    """Remove a link"""
    need_manage_team(call, found.team)
    link_rows.remove(call.store, found.link.id)


def team_link_bean(call: Call, link: Link, team: Team) -> dict[str, Any]:
    """Values of ``TeamLinkV4Schema``."""
    jira = jira_root(call)
    address = f"{jira}/project/{link.scope}"
    if link.scope_type == ScopeType.BOARD:
        address = f"{jira.removesuffix('/api/2')}/agile/1.0/board/{link.scope}"
    return {
        "link": f"{call.base}/team-links/{link.id}",
        "id": link.id,
        "scope": {"link": address, "id": link.scope, "type": link.scope_type.upper()},
        "team": team_bean(call, team),
    }


def _seen(call: Call, found: list[Link]) -> list[Link]:
    if call.settings["cloud.teamLinksToHiddenProjects"] == "shown":
        return found
    seen = links.browsable(call.store, call.caller, found)
    if len(seen) < len(found):
        call.note(f"{len(seen)} of {len(found)} links: {call.caller.name} may not browse the projects of the others")
    return seen
