"""Accounts, ``/4/accounts``: read by id, changed and removed by key.

The one slot of the path is thus two things (vendor's OpenAPI; recorded answers of 2022).
"""

from typing import Any
from urllib.parse import quote

from marshmallow import fields, validate

from mock_server.access import ApiScope
from mock_server.cloud.account_categories import CategorySchema, category_bean
from mock_server.cloud.account_links import AccountLinkSchema, account_link_bean
from mock_server.cloud.addresses import SelfSchema, UserSchema, user_bean
from mock_server.cloud.customers import CustomerSchema, customer_bean, id_in_path, load_customer
from mock_server.cloud.flags import Flag
from mock_server.cloud.numbers import INT64_MOST, Int32, WholeNumber
from mock_server.cloud.paging import Page, PagedQuery, window
from mock_server.cloud.permissions import need_account_administrator
from mock_server.domain import account_links, accounts
from mock_server.domain.accounts import LISTED, STATUSES
from mock_server.endpoint import Call, endpoint
from mock_server.schemas import NotBlank, WireSchema
from mock_server.storage import account_links as link_rows
from mock_server.storage import accounts as account_rows
from mock_server.storage.account_categories import AccountCategory
from mock_server.storage.accounts import Account, AccountFilter, AccountRow
from mock_server.storage.customers import Customer

OPENAPI = "vendor's OpenAPI of v4"
UNKNOWN_USER = "__tempo-io__unknown_user"
"""Stands for somebody who is no longer there, as seen in worklogs."""


class ContactSchema(WireSchema):
    """A contact: USER has ``self`` and ``accountId``, EXTERNAL has ``displayName``."""

    link = fields.String(data_key="self")
    type = fields.String()
    account_id = fields.String(data_key="accountId")
    display_name = fields.String(data_key="displayName")


class AccountSchema(WireSchema):
    """An account; contact, category, customer and monthlyBudget are there when they are set."""

    link = fields.String(data_key="self")
    id = fields.Integer()
    key = fields.String()
    name = fields.String()
    status = fields.String()
    is_global = fields.Boolean(data_key="global")
    monthly_budget = fields.Integer(data_key="monthlyBudget")
    lead = fields.Nested(UserSchema)
    contact = fields.Nested(ContactSchema)
    category = fields.Nested(CategorySchema)
    customer = fields.Nested(CustomerSchema)
    links = fields.Nested(SelfSchema)


class AccountInputSchema(WireSchema):
    """An account in a body; null is as good as left out."""

    key = fields.String(required=True, validate=[validate.Length(min=1), validate.Regexp(r"[A-Za-z0-9_.-]*\Z")])
    name = fields.String(required=True, validate=NotBlank(min=1))
    status = fields.String(allow_none=True, validate=validate.OneOf(STATUSES))
    lead_account_id = fields.String(required=True, data_key="leadAccountId", validate=validate.Length(min=1))
    contact_account_id = fields.String(data_key="contactAccountId", allow_none=True)
    external_contact_name = fields.String(data_key="externalContactName", allow_none=True)
    category_key = fields.String(data_key="categoryKey", allow_none=True)
    customer_key = fields.String(data_key="customerKey", allow_none=True)
    is_global = Flag(data_key="global", allow_none=True)
    monthly_budget = Int32(least=0, data_key="monthlyBudget", allow_none=True)


class AccountUpdateSchema(AccountInputSchema):
    """An account in a PUT, which says the status."""

    status = fields.String(required=True, validate=validate.OneOf(STATUSES))


class AccountSearchSchema(WireSchema):
    """Which accounts are wanted; every condition holds, and an absent or empty one asks for nothing."""

    is_global = Flag(data_key="global", allow_none=True, load_default=None)
    ids = fields.List(WholeNumber(least=-INT64_MOST - 1), allow_none=True, load_default=list)
    keys = fields.List(fields.String(), allow_none=True, load_default=list)
    statuses = fields.List(fields.String(validate=validate.OneOf(STATUSES)), allow_none=True, load_default=list)


def load_account(call: Call, id_or_key: str) -> Account:
    """The account whose id is in the path. Raises ``NotFound``."""
    return accounts.get(call.store, id_in_path(id_or_key, "Account"))


def load_account_by_key(call: Call, id_or_key: str) -> Account:
    """The account whose key is in the path. Raises ``NotFound``."""
    return accounts.by_key(call.store, id_or_key)


@endpoint("GET", "/accounts", scope=ApiScope.ACCOUNTS_VIEW, query=PagedQuery, returns=AccountSchema, many=True,
          grade="A", source=OPENAPI)  # fmt: skip
def list_accounts(call: Call, query: dict[str, Any]) -> Page:
    """A page of the accounts that are open or closed"""
    return _page(call, query, AccountFilter(statuses=LISTED))


@endpoint("POST", "/accounts", scope=ApiScope.ACCOUNTS_MANAGE, body=AccountInputSchema, returns=AccountSchema, also_404=True,
          grade="A", source=OPENAPI)  # fmt: skip
def create_account(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    """Add an account"""
    need_account_administrator(call)
    return _read(call, accounts.create(call.store, values))


@endpoint("POST", "/accounts/search", scope=ApiScope.ACCOUNTS_VIEW, query=PagedQuery, body=AccountSearchSchema,
          returns=AccountSchema, many=True, is_search=True, grade="A", source=OPENAPI)  # fmt: skip
def search_accounts(call: Call, query: dict[str, Any], wanted: dict[str, Any]) -> Page:
    """A page of the accounts with some ids, keys and statuses, global ones or others; archived ones when asked for"""
    statuses = wanted["statuses"] or LISTED
    return _page(call, query, AccountFilter(statuses, wanted["ids"] or (), wanted["keys"] or (), wanted["is_global"]))


@endpoint("GET", "/accounts/<id_or_key>", scope=ApiScope.ACCOUNTS_VIEW, loads=load_account, returns=AccountSchema,
          grade="A", source=OPENAPI)  # fmt: skip
def get_account(call: Call, account: Account) -> dict[str, Any]:
    """One account, by id"""
    return _read(call, account)


@endpoint("PUT", "/accounts/<id_or_key>", scope=ApiScope.ACCOUNTS_MANAGE, loads=load_account_by_key, body=AccountUpdateSchema,
          returns=AccountSchema, grade="A", source=OPENAPI)  # fmt: skip
def update_account(call: Call, account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Replace everything of an account"""
    need_account_administrator(call)
    return _read(call, accounts.change(call.store, account, values))


@endpoint("DELETE", "/accounts/<id_or_key>", scope=ApiScope.ACCOUNTS_MANAGE, loads=load_account_by_key, status=204,
          grade="A", source=OPENAPI)  # fmt: skip
def delete_account(call: Call, account: Account) -> None:
    """Remove an account, with its links"""
    need_account_administrator(call)
    accounts.remove(call.store, account)


@endpoint("GET", "/accounts/<id_or_key>/links", scope=ApiScope.ACCOUNTS_VIEW, loads=load_account_by_key, query=PagedQuery,
          returns=AccountLinkSchema, many=True, grade="A", source=OPENAPI)  # fmt: skip
def list_account_links(call: Call, account: Account, query: dict[str, Any]) -> Page:
    """A page of the links of an account"""
    offset, limit = window(query)
    projects = account_links.seen_projects(call.store, call.caller)
    found = link_rows.page(call.store, account.id, projects, offset, limit + 1)
    return Page([account_link_bean(call, link) for link in found[:limit]], offset, limit, len(found) > limit)


@endpoint("GET", "/customers/<id_or_key>/accounts", scope=ApiScope.ACCOUNTS_VIEW, loads=load_customer, query=PagedQuery,
          returns=AccountSchema, many=True, grade="A", source=OPENAPI)  # fmt: skip
def list_customer_accounts(call: Call, customer: Customer, query: dict[str, Any]) -> Page:
    """A page of the accounts of a customer"""
    return _page(call, query, AccountFilter(customer_id=customer.id))


def account_bean(call: Call, row: AccountRow) -> dict[str, Any]:
    """Values of ``AccountSchema``."""
    account = row.account
    bean: dict[str, Any] = {
        "link": f"{call.base}/accounts/{account.id}",
        "id": account.id,
        "key": account.key,
        "name": account.name,
        "status": account.status,
        "is_global": bool(account.is_global),
        "lead": user_bean(call, row.lead or UNKNOWN_USER),
        "links": {"link": f"{call.base}/accounts/{quote(account.key, safe='')}/links"},
    }
    if account.monthly_budget is not None:
        bean["monthly_budget"] = account.monthly_budget
    if row.contact is not None:
        bean["contact"] = {**user_bean(call, row.contact), "type": "USER"}
    elif account.external_contact is not None:
        bean["contact"] = {"type": "EXTERNAL", "display_name": account.external_contact}
    if row.category is not None:
        bean["category"] = category_bean(call, AccountCategory._make(row.category))
    if row.customer is not None:
        bean["customer"] = customer_bean(call, Customer._make(row.customer))
    return bean


def _read(call: Call, account: Account) -> dict[str, Any]:
    row = account_rows.whole(call.store, account.id)
    if row is None:
        raise RuntimeError(f"the account {account.key} went away within a request")
    return account_bean(call, row)


def _page(call: Call, query: dict[str, Any], wanted: AccountFilter) -> Page:
    offset, limit = window(query)
    found = account_rows.page(call.store, wanted, offset, limit + 1)
    return Page([account_bean(call, row) for row in found[:limit]], offset, limit, len(found) > limit)
