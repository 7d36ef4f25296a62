"""Links of teams to projects and boards (bean of the vendor's OpenAPI, scope types of the Teams REST API guide)."""

from typing import Any

from marshmallow import fields

from mock_server.access import Scope
from mock_server.datacenter.dates import Id
from mock_server.datacenter.teams import load_team
from mock_server.domain import links, teams
from mock_server.domain.links import ScopeType
from mock_server.endpoint import Call, endpoint
from mock_server.errors import Invalid, NotFound
from mock_server.schemas import WireSchema
from mock_server.storage import links as link_rows
from mock_server.storage.links import Link
from mock_server.storage.teams import Team

ANALOGY = "bean of the vendor's OpenAPI, path by analogy"


class LinkSchema(WireSchema):
    """A link; ``scopeType`` is project or board in lower case."""

    id = fields.Integer()
    scope_type = fields.String(data_key="scopeType")
    scope = fields.Integer()
    team_id = fields.Integer(data_key="teamId")
    team_name = fields.String(data_key="teamName")


class LinkInputSchema(WireSchema):
    """A link in a body; the scope type in any case."""

    team_id = Id(required=True, data_key="teamId")
    scope = Id(required=True)
    scope_type = fields.String(required=True, data_key="scopeType", metadata={"enum": [kind.value for kind in ScopeType]})


def load_link(call: Call, link_id: int) -> Link:
    """The link in the path. Raises ``NotFound``."""
    return links.get(call.store, link_id)


def load_scope(_call: Call, scope_type: str, scope: int) -> tuple[ScopeType, int]:
    """The project or board in the path. Raises ``NotFound`` for another scope type."""
    try:
        return ScopeType(scope_type.lower()), scope
    except ValueError:
        raise NotFound(f"{scope_type} is no scope type; there are project and board.") from None


@endpoint("GET", "/2/team/<id:team_id>/link", scope=Scope.BROWSE_TEAM, loads=load_team, returns=LinkSchema, many=True,
          grade="C", source="published clients")  # fmt: skip
def list_links_of_team(call: Call, team: Team) -> list[dict[str, Any]]:
    """What a team is linked to"""
    return [link._asdict() for link in link_rows.of_team(call.store, team.id)]


@endpoint("GET", "/1/link/<scope_type>/<id:scope>", scope=Scope.LOGGED_IN, loads=load_scope, returns=LinkSchema, many=True,
          grade="I", source=ANALOGY)  # fmt: skip
def list_links_of_scope(call: Call, found: tuple[ScopeType, int]) -> list[dict[str, Any]]:
    """The links to a project or board, of teams that the caller may browse"""
    reach = teams.reach(call.store, call.caller, call.settings)
    shown = []
    for link in link_rows.of_scope(call.store, *found):
        team = teams.get(call.store, link.team_id)
        if reach.includes(team.id, team.lead_id):
            shown.append(link._asdict())
        else:
            call.note(f"link {link.id} left out: {call.caller.name} has no Browse Team on team {team.id}")
    return shown


@endpoint(
    "POST", "/1/link", scope=Scope.TEAM_ADMINISTRATOR, body=LinkInputSchema, returns=LinkSchema, grade="I", source=ANALOGY
)
def create_link(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    """Link a team to a project or board"""
    try:
        scope_type = ScopeType(values["scope_type"].lower())
    except ValueError:
        raise Invalid(fields={"scopeType": f"The scope type is project or board, not {values['scope_type']}."}) from None
    return links.create(call.store, values["team_id"], scope_type, values["scope"])._asdict()


@endpoint(
    "DELETE", "/1/link/<id:link_id>", scope=Scope.TEAM_ADMINISTRATOR, loads=load_link, status=204, grade="I", source=ANALOGY
)
def delete_link(call: Call, link: Link) -> None:
    """Remove a link"""
    link_rows.remove(call.store, link.id)
