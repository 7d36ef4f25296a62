"""Links of accounts to projects, ``/4/account-links``."""

from typing import Any

from marshmallow import fields, validate

from mock_server.access import ApiScope
from mock_server.cloud.addresses import SelfSchema, jira_root
from mock_server.cloud.flags import Flag
from mock_server.cloud.numbers import Int32
from mock_server.cloud.paging import Listed
from mock_server.cloud.permissions import need_account_administrator
from mock_server.domain import account_links
from mock_server.endpoint import Call, endpoint
from mock_server.schemas import WireSchema
from mock_server.storage import account_links as link_rows
from mock_server.storage.account_links import AccountLink
from mock_server.storage.projects import Project

OPENAPI = "vendor's OpenAPI of v4"
SCOPE_TYPE = "PROJECT"


class AccountLinkScopeSchema(WireSchema):
    """What an account is linked to."""

    link = fields.String(data_key="self")
    id = fields.Integer()
    type = fields.String()


class AccountLinkSchema(WireSchema):
    """A link; ``default`` is true for the project's default account."""

    link = fields.String(data_key="self")
    id = fields.Integer()
    default = fields.Boolean()
    scope = fields.Nested(AccountLinkScopeSchema)
    account = fields.Nested(SelfSchema)


class AccountLinkInputSchema(WireSchema):
    """A link in a body."""

    account_key = fields.String(required=True, data_key="accountKey", validate=validate.Length(min=1))
    scope_id = Int32(least=1, required=True, data_key="scopeId")
    scope_type = fields.String(required=True, data_key="scopeType", validate=validate.OneOf([SCOPE_TYPE]))
    default = Flag(allow_none=True, load_default=False)


class AccountLinkQuery(WireSchema):
    """Whether the links of global accounts are wanted, too."""

    with_global = Flag(data_key="includeGlobalAccounts", load_default=False)


def load_link(call: Call, link_id: int) -> AccountLink:
    """The link in the path. Raises ``NotFound``."""
    return account_links.get(call.store, call.caller, link_id)


def load_project(call: Call, project_id: int) -> Project:
    """The project in the path. Raises ``NotFound``."""
    return account_links.project_seen(call.store, call.caller, project_id)


@endpoint("POST", "/account-links", scope=ApiScope.ACCOUNTS_MANAGE, body=AccountLinkInputSchema, returns=AccountLinkSchema,
          also_404=True, grade="A", source=OPENAPI)  # fmt: skip
def create_account_link(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    """Link an account to a project"""
    need_account_administrator(call)
    made = account_links.create(call.store, values["account_key"], values["scope_id"], bool(values["default"]))
    return account_link_bean(call, made)


@endpoint("GET", "/account-links/project/<id:project_id>", scope=ApiScope.ACCOUNTS_VIEW, loads=load_project,
          query=AccountLinkQuery, returns=AccountLinkSchema, many=True, grade="A", source=OPENAPI)  # fmt: skip
def list_project_account_links(call: Call, project: Project, query: dict[str, Any]) -> Listed:
    """Every link to a project; those of global accounts when asked for"""
    found = link_rows.of_project(call.store, project.id, query["with_global"])
    return Listed([account_link_bean(call, link) for link in found])


@endpoint("GET", "/account-links/<id:link_id>", scope=ApiScope.ACCOUNTS_VIEW, loads=load_link, returns=AccountLinkSchema,
          grade="A", source=OPENAPI)  # fmt: skip
def get_account_link(call: Call, link: AccountLink) -> dict[str, Any]:
    """One link"""
    return account_link_bean(call, link)


@endpoint("DELETE", "/account-links/<id:link_id>", scope=ApiScope.ACCOUNTS_MANAGE, loads=load_link, status=204,
          grade="A", source=OPENAPI)  # fmt: skip
def delete_account_link(call: Call, link: AccountLink) -> None:
    """Remove a link"""
    need_account_administrator(call)
    account_links.remove(call.store, link)


@endpoint("PATCH", "/account-links/<id:link_id>/make-default", scope=ApiScope.ACCOUNTS_MANAGE, loads=load_link, status=204,
          grade="A", source=OPENAPI)  # fmt: skip
def make_account_link_default(call: Call, link: AccountLink) -> None:
    """Make the account the one default of the project"""
    need_account_administrator(call)
    account_links.make_default(call.store, link)


def account_link_bean(call: Call, link: AccountLink) -> dict[str, Any]:
    """Values of ``AccountLinkSchema``."""
    return {
        "link": f"{call.base}/account-links/{link.id}",
        "id": link.id,
        "default": bool(link.is_default),
        "scope": {"link": f"{jira_root(call)}/project/{link.project_id}", "id": link.project_id, "type": SCOPE_TYPE},
        "account": {"link": f"{call.base}/accounts/{link.account_id}"},
    }
