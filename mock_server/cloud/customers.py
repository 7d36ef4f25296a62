"""Customers, ``/4/customers``: read by id, changed and removed by key."""

from typing import Any

from marshmallow import fields

from mock_server.access import ApiScope
from mock_server.cloud.addresses import REACHABLE
from mock_server.cloud.numbers import Int32
from mock_server.cloud.paging import Page, PagedQuery, window
from mock_server.cloud.permissions import need_account_administrator
from mock_server.domain import customers
from mock_server.endpoint import Call, endpoint
from mock_server.errors import NotFound
from mock_server.schemas import NotBlank, WireSchema
from mock_server.storage import customers as customer_rows
from mock_server.storage.customers import Customer

OPENAPI = "vendor's OpenAPI of v4"
LARGEST_ID = 2**31 - 1


class CustomerSchema(WireSchema):
    """A customer."""

    link = fields.String(data_key="self")
    id = fields.Integer()
    key = fields.String()
    name = fields.String()


class CustomerInputSchema(WireSchema):
    """A customer in a body."""

    key = fields.String(required=True, validate=[NotBlank(min=1), REACHABLE])
    name = fields.String(required=True, validate=NotBlank(min=1))


class CustomerSearchSchema(WireSchema):
    """Which customers are wanted: those with one of the ids and one of the keys; no list asks for all."""

    ids = fields.List(Int32(), allow_none=True, load_default=list)
    keys = fields.List(fields.String(), allow_none=True, load_default=list)


def id_in_path(text: str, noun: str) -> int:
    """The id in a slot of a path where other methods have a key. Raises ``NotFound`` for what is no id of a ``noun``."""
    is_id = text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST_ID)) and int(text) <= LARGEST_ID
    if not is_id:
        raise NotFound(f"{noun} '{text}' not found")
    return int(text)


def load_customer(call: Call, id_or_key: str) -> Customer:
    """The customer whose id is in the path. Raises ``NotFound``."""
    return customers.get(call.store, id_in_path(id_or_key, "Customer"))


def load_customer_by_key(call: Call, id_or_key: str) -> Customer:
    """The customer whose key is in the path. Raises ``NotFound``."""
    return customers.by_key(call.store, id_or_key)


@endpoint("GET", "/customers", scope=ApiScope.ACCOUNTS_VIEW, query=PagedQuery, returns=CustomerSchema, many=True,
          grade="A", source=OPENAPI)  # fmt: skip
def list_customers(call: Call, query: dict[str, Any]) -> Page:
    """A page of the customers"""
    return _page(call, query, {"ids": [], "keys": []})


@endpoint("POST", "/customers", scope=ApiScope.ACCOUNTS_MANAGE, body=CustomerInputSchema, returns=CustomerSchema,
          grade="A", source=OPENAPI)  # fmt: skip
def create_customer(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    """Add a customer"""
    need_account_administrator(call)
    return customer_bean(call, customers.create(call.store, values["key"], values["name"]))


@endpoint("POST", "/customers/search", scope=ApiScope.ACCOUNTS_VIEW, query=PagedQuery, body=CustomerSearchSchema,
          returns=CustomerSchema, many=True, is_search=True, grade="A", source=OPENAPI)  # fmt: skip
def search_customers(call: Call, query: dict[str, Any], wanted: dict[str, Any]) -> Page:
    """A page of the customers with some ids and keys"""
    return _page(call, query, wanted)


@endpoint("GET", "/customers/<id_or_key>", scope=ApiScope.ACCOUNTS_VIEW, loads=load_customer, returns=CustomerSchema,
          grade="A", source=OPENAPI)  # fmt: skip
def get_customer(call: Call, customer: Customer) -> dict[str, Any]:
    """One customer, by id"""
    return customer_bean(call, customer)


@endpoint("PUT", "/customers/<id_or_key>", scope=ApiScope.ACCOUNTS_MANAGE, loads=load_customer_by_key, body=CustomerInputSchema,
          returns=CustomerSchema, grade="A", source=OPENAPI)  # fmt: skip
def update_customer(call: Call, customer: Customer, values: dict[str, Any]) -> dict[str, Any]:
    """Give a customer another key and name"""
    need_account_administrator(call)
    return customer_bean(call, customers.change(call.store, customer, values["key"], values["name"]))


@endpoint("DELETE", "/customers/<id_or_key>", scope=ApiScope.ACCOUNTS_MANAGE, loads=load_customer_by_key, status=204,
          grade="A", source=OPENAPI)  # fmt: skip
def delete_customer(call: Call, customer: Customer) -> None:
    """Remove a customer that no account has"""
    need_account_administrator(call)
    customers.remove(call.store, customer)


def customer_bean(call: Call, customer: Customer) -> dict[str, Any]:
    """Values of ``CustomerSchema``."""
    return {"link": f"{call.base}/customers/{customer.id}", **customer._asdict()}


def _page(call: Call, query: dict[str, Any], wanted: dict[str, Any]) -> Page:
    offset, limit = window(query)
    found = customer_rows.page(call.store, wanted["ids"] or [], wanted["keys"] or [], offset, limit + 1)
    return Page([customer_bean(call, customer) for customer in found[:limit]], offset, limit, len(found) > limit)
