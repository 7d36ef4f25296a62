"""Categories of accounts and their types, ``/4/account-categories`` and ``/4/account-category-types``."""

from typing import Any
from urllib.parse import quote

from marshmallow import fields, validate

from mock_server.access import ApiScope
from mock_server.cloud.addresses import REACHABLE
from mock_server.cloud.numbers import Int32
from mock_server.cloud.paging import Listed
from mock_server.cloud.permissions import need_account_administrator
from mock_server.domain import account_categories
from mock_server.domain.account_categories import TYPES
from mock_server.endpoint import Call, endpoint
from mock_server.schemas import NotBlank, WireSchema
from mock_server.storage import account_categories as category_rows
from mock_server.storage.account_categories import AccountCategory

OPENAPI = "vendor's OpenAPI of v4"


class CategoryTypeSchema(WireSchema):
    """A type of category."""

    name = fields.String()


class CategorySchema(WireSchema):
    """A category; one without a type has no ``type``."""

    link = fields.String(data_key="self")
    id = fields.Integer()
    key = fields.String()
    name = fields.String()
    type = fields.Nested(CategoryTypeSchema)


class CategoryInputSchema(WireSchema):
    """A category in a body."""

    key = fields.String(required=True, validate=[NotBlank(min=1), REACHABLE])
    name = fields.String(required=True, validate=NotBlank(min=1))
    type_name = fields.String(data_key="typeName", allow_none=True, load_default=None, validate=validate.OneOf(TYPES))


class CategoryQuery(WireSchema):
    """The one category that is wanted; None is all."""

    id = Int32(load_default=None)


def load_category(call: Call, key: str) -> AccountCategory:
    """The category whose key is in the path. Raises ``NotFound``."""
    return account_categories.by_key(call.store, key)


@endpoint("GET", "/account-categories", scope=ApiScope.ACCOUNTS_VIEW, query=CategoryQuery, returns=CategorySchema, many=True,
          grade="A", source=OPENAPI)  # fmt: skip
def list_account_categories(call: Call, query: dict[str, Any]) -> Listed:
    """Every category, or the one with an id; none for an unknown id"""
    if query["id"] is None:
        found = category_rows.every(call.store)
    else:
        one = category_rows.get(call.store, query["id"])
        found = [one] if one else []
    return Listed([category_bean(call, category) for category in found])


@endpoint("POST", "/account-categories", scope=ApiScope.ACCOUNTS_MANAGE, body=CategoryInputSchema, returns=CategorySchema,
          grade="A", source=OPENAPI)  # fmt: skip
def create_account_category(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    """Add a category"""
    need_account_administrator(call)
    made = account_categories.create(call.store, values["key"], values["name"], values["type_name"])
    return category_bean(call, made)


@endpoint("GET", "/account-categories/<key>", scope=ApiScope.ACCOUNTS_VIEW, loads=load_category, returns=CategorySchema,
          grade="A", source=OPENAPI)  # fmt: skip
def get_account_category(call: Call, category: AccountCategory) -> dict[str, Any]:
    """One category, by key"""
    return category_bean(call, category)


@endpoint("PUT", "/account-categories/<key>", scope=ApiScope.ACCOUNTS_MANAGE, loads=load_category, body=CategoryInputSchema,
          returns=CategorySchema, grade="A", source=OPENAPI)  # fmt: skip
def update_account_category(call: Call, category: AccountCategory, values: dict[str, Any]) -> dict[str, Any]:
    """Replace a category's key, name and type"""
    need_account_administrator(call)
    changed = account_categories.change(call.store, category, values["key"], values["name"], values["type_name"])
    return category_bean(call, changed)


@endpoint("DELETE", "/account-categories/<key>", scope=ApiScope.ACCOUNTS_MANAGE, loads=load_category, status=204,
          grade="A", source=OPENAPI)  # fmt: skip
def delete_account_category(call: Call, category: AccountCategory) -> None:
    """Remove a category that no account has"""
    need_account_administrator(call)
    account_categories.remove(call.store, category)


@endpoint("GET", "/account-category-types", scope=ApiScope.ACCOUNTS_VIEW, returns=CategoryTypeSchema, many=True,
          grade="A", source=OPENAPI)  # fmt: skip
def list_account_category_types(call: Call) -> Listed:
    """Every type a category may have"""
    return Listed([{"name": name} for name in TYPES])


def category_bean(call: Call, category: AccountCategory) -> dict[str, Any]:
    """Values of ``CategorySchema``."""
    bean: dict[str, Any] = {
        "link": f"{call.base}/account-categories/{quote(category.key, safe='')}",
        "id": category.id,
        "key": category.key,
        "name": category.name,
    }
    if category.type is not None:
        bean["type"] = {"name": category.type}
    return bean
