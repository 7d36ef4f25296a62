"""Generic resources, ``/4/generic-resources``: stand-ins in plans for people who are not known yet."""

from typing import Any

from marshmallow import fields

from mock_server.access import ApiScope
from mock_server.cloud.addresses import user_bean
from mock_server.cloud.days import whole_seconds
from mock_server.cloud.numbers import Int32
from mock_server.cloud.paging import DEFAULT_LIMIT, BodyPage, window
from mock_server.cloud.permissions import need_team_administrator
from mock_server.cloud.roles import OPENAPI
from mock_server.domain import generic_resources
from mock_server.endpoint import Call, endpoint
from mock_server.schemas import Name, WireSchema
from mock_server.storage import generic_resources as resource_rows
from mock_server.storage.generic_resources import GenericResource


class UserReferenceSchema(WireSchema):
    """A person, or nobody: then it is empty."""

    link = fields.String(data_key="self")
    account_id = fields.String(data_key="accountId")


class GenericResourceSchema(WireSchema):
    """A generic resource. Moments are UTC without fractions."""

    link = fields.String(data_key="self")
    id = fields.Integer()
    name = fields.String()
    created_at = fields.String(data_key="createdAt")
    created_by = fields.Nested(UserReferenceSchema, data_key="createdBy")
    updated_at = fields.String(data_key="updatedAt")
    updated_by = fields.Nested(UserReferenceSchema, data_key="updatedBy")


class GenericResourceInputSchema(WireSchema):
    """A generic resource in a body."""

    name = fields.String(required=True, validate=Name())


class GenericResourcePageQuery(WireSchema):
    """The page that ``metadata.next`` leads to; it goes before the one that the body asks for."""

    offset = Int32(least=0, load_default=None)
    limit = Int32(least=1, load_default=None)


class GenericResourceSearchSchema(WireSchema):
    """Which are wanted: those with one of the ids (no list asks for all) and the text in the name, and which page."""

    ids = fields.List(Int32(), allow_none=True, load_default=list)
    query = fields.String(allow_none=True, load_default="")
    offset = Int32(least=0, allow_none=True, load_default=None)
    limit = Int32(least=1, allow_none=True, load_default=None)


def load_resource(call: Call, resource_id: int) -> GenericResource:
    """The generic resource in the path. Raises ``NotFound``."""
    return generic_resources.get(call.store, resource_id)


@endpoint("POST", "/generic-resources", scope=ApiScope.PLANS_MANAGE, body=GenericResourceInputSchema,
          returns=GenericResourceSchema, grade="A", source=OPENAPI)  # fmt: skip
def create_generic_resource(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    """Add a generic resource"""
    need_team_administrator(call)
    return resource_bean(call, generic_resources.create(call.store, values["name"], call.caller, call.now))


@endpoint("POST", "/generic-resources/search", scope=ApiScope.PLANS_VIEW, query=GenericResourcePageQuery,
          body=GenericResourceSearchSchema, returns=GenericResourceSchema, many=True, is_search=True, grade="A",
          source=OPENAPI)  # fmt: skip
def search_generic_resources(call: Call, query: dict[str, Any], wanted: dict[str, Any]) -> BodyPage:
    """A page of the generic resources with some ids and a text in the name"""
    asked = {name: wanted[name] if query[name] is None else query[name] for name in ("offset", "limit")}
    offset, limit = window({"offset": asked["offset"] or 0, "limit": asked["limit"] or DEFAULT_LIMIT})
    found = resource_rows.page(call.store, wanted["ids"] or [], wanted["query"] or "", offset, limit + 1)
    return BodyPage([resource_bean(call, resource) for resource in found[:limit]], offset, limit, len(found) > limit)


@endpoint("GET", "/generic-resources/<id:resource_id>", scope=ApiScope.PLANS_VIEW, loads=load_resource,
          returns=GenericResourceSchema, grade="A", source=OPENAPI)  # fmt: skip
def get_generic_resource(call: Call, resource: GenericResource) -> dict[str, Any]:
    """One generic resource"""
    return resource_bean(call, resource)


@endpoint("PUT", "/generic-resources/<id:resource_id>", scope=ApiScope.PLANS_MANAGE, loads=load_resource,
          body=GenericResourceInputSchema, returns=GenericResourceSchema, grade="A", source=OPENAPI)  # fmt: skip
def update_generic_resource(call: Call, resource: GenericResource, values: dict[str, Any]) -> dict[str, Any]:
    """Give a generic resource another name"""
    need_team_administrator(call)
    return resource_bean(call, generic_resources.rename(call.store, resource, values["name"], call.caller, call.now))


@endpoint("DELETE", "/generic-resources/<id:resource_id>", scope=ApiScope.PLANS_MANAGE, loads=load_resource, status=204,
          grade="A", source=OPENAPI)  # fmt: skip
def delete_generic_resource(call: Call, resource: GenericResource) -> None:
    """Remove a generic resource with its plans, also from its teams"""
    need_team_administrator(call)
    resource_rows.remove(call.store, resource.id)


def resource_bean(call: Call, resource: GenericResource) -> dict[str, Any]:
    """Values of ``GenericResourceSchema``."""
    return {
        "link": resource_address(call, resource.id),
        "id": resource.id,
        "name": resource.name,
        "created_at": whole_seconds(resource.created_at),
        "created_by": user_reference(call, resource.created_by),
        "updated_at": whole_seconds(resource.updated_at),
        "updated_by": user_reference(call, resource.updated_by),
    }


def resource_address(call: Call, resource_id: int) -> str:
    """Where a generic resource is."""
    return f"{call.base}/generic-resources/{resource_id}"


def user_reference(call: Call, account_id: str | None) -> dict[str, Any]:
    """Values of ``UserReferenceSchema``."""
    return {} if account_id is None else user_bean(call, account_id)
