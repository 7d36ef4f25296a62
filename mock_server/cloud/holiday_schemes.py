"""Holiday schemes and who is in them, ``/4/holiday-schemes`` (vendor's OpenAPI of v4)."""

from typing import Any

from marshmallow import fields

from mock_server.access import ApiScope
from mock_server.cloud.addresses import UserSchema
from mock_server.cloud.paging import Bare, Listed, Page, PagedQuery
from mock_server.cloud.permissions import need_administrator
from mock_server.cloud.workload_schemes import (
    SchemeMemberSchema,
    SchemeMemberSearchSchema,
    SchemeMembersInputSchema,
    member_page,
    members_of,
)
from mock_server.cloud.worklogs import OPENAPI
from mock_server.domain import holiday_schemes, scheme_members
from mock_server.endpoint import Call, endpoint
from mock_server.schemas import Name, WireSchema
from mock_server.storage import holiday_schemes as scheme_rows
from mock_server.storage import scheme_members as member_rows
from mock_server.storage.holiday_schemes import HolidayScheme
from mock_server.storage.scheme_members import Kind


class HolidaySchemeSchema(WireSchema):
    """A holiday scheme."""

    link = fields.String(data_key="self")
    id = fields.Integer()
    name = fields.String()
    description = fields.String()
    default = fields.Boolean(data_key="defaultScheme")
    member_count = fields.Integer(data_key="memberCount")


class HolidaySchemeInputSchema(WireSchema):
    """A holiday scheme in a body."""

    name = fields.String(required=True, validate=Name())
    description = fields.String(load_default="", allow_none=True)


def load_holiday_scheme(call: Call, scheme_id: int) -> HolidayScheme:
    """The scheme in the path. Raises ``NotFound``."""
    return holiday_schemes.get(call.store, scheme_id)


def load_holiday_scheme_of(call: Call, account_id: str) -> HolidayScheme:
    """The scheme of the person in the path. Raises ``NotFound``."""
    return holiday_schemes.of_person(call.store, account_id)


@endpoint("GET", "/holiday-schemes", scope=ApiScope.SCHEMES_VIEW, returns=HolidaySchemeSchema, many=True, grade="A",
          source=OPENAPI)  # fmt: skip
def list_holiday_schemes(call: Call) -> Listed:
    """Every holiday scheme"""
    counts = member_rows.counts(call.store, Kind.HOLIDAY)
    return Listed([_bean(call, scheme, counts) for scheme in scheme_rows.every(call.store)])


@endpoint("POST", "/holiday-schemes", scope=ApiScope.SCHEMES_MANAGE, body=HolidaySchemeInputSchema,
          returns=HolidaySchemeSchema, grade="A", source=OPENAPI)  # fmt: skip
def create_holiday_scheme(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    """Add a holiday scheme"""
    need_administrator(call)
    return _shown(call, holiday_schemes.create(call.store, values["name"], values["description"] or ""))


@endpoint("POST", "/holiday-schemes/members/search", scope=ApiScope.SCHEMES_VIEW, body=SchemeMemberSearchSchema,
          returns=SchemeMemberSchema, many=True, is_search=True, grade="A", source=OPENAPI)  # fmt: skip
def search_holiday_scheme_members(call: Call, wanted: dict[str, Any]) -> Bare:
    """A page of the people in some holiday schemes"""
    return members_of(call, Kind.HOLIDAY, wanted)


@endpoint("GET", "/holiday-schemes/users/<account_id>", scope=ApiScope.SCHEMES_VIEW, loads=load_holiday_scheme_of,
          returns=HolidaySchemeSchema, grade="A", source=OPENAPI)  # fmt: skip
def get_holiday_scheme_of_user(call: Call, scheme: HolidayScheme) -> dict[str, Any]:
    """The holiday scheme that somebody is in"""
    return _shown(call, scheme)


@endpoint("GET", "/holiday-schemes/<id:scheme_id>", scope=ApiScope.SCHEMES_VIEW, loads=load_holiday_scheme,
          returns=HolidaySchemeSchema, grade="A", source=OPENAPI)  # fmt: skip
def get_holiday_scheme(call: Call, scheme: HolidayScheme) -> dict[str, Any]:
    """One holiday scheme"""
    return _shown(call, scheme)


@endpoint("PUT", "/holiday-schemes/<id:scheme_id>", scope=ApiScope.SCHEMES_MANAGE, loads=load_holiday_scheme,
          body=HolidaySchemeInputSchema, returns=HolidaySchemeSchema, grade="A", source=OPENAPI)  # fmt: skip
def update_holiday_scheme(call: Call, scheme: HolidayScheme, values: dict[str, Any]) -> dict[str, Any]:
    """Give a holiday scheme another name and description"""
    need_administrator(call)
    return _shown(call, holiday_schemes.change(call.store, scheme, values["name"], values["description"] or ""))


@endpoint("DELETE", "/holiday-schemes/<id:scheme_id>", scope=ApiScope.SCHEMES_MANAGE, loads=load_holiday_scheme, status=204,
          grade="A", source=OPENAPI)  # fmt: skip
def delete_holiday_scheme(call: Call, scheme: HolidayScheme) -> None:
    """Remove a holiday scheme that nobody is in"""
    need_administrator(call)
    holiday_schemes.remove(call.store, scheme)


@endpoint("PUT", "/holiday-schemes/<id:scheme_id>/default", scope=ApiScope.SCHEMES_MANAGE, loads=load_holiday_scheme,
          returns=HolidaySchemeSchema, grade="A", source=OPENAPI)  # fmt: skip
def make_default_holiday_scheme(call: Call, scheme: HolidayScheme) -> dict[str, Any]:
    """Make a holiday scheme the one of people to come"""
    need_administrator(call)
    return _shown(call, holiday_schemes.make_default(call.store, scheme))


@endpoint("GET", "/holiday-schemes/<id:scheme_id>/members", scope=ApiScope.SCHEMES_VIEW, loads=load_holiday_scheme,
          query=PagedQuery, returns=UserSchema, many=True, grade="A", source=OPENAPI)  # fmt: skip
def list_holiday_scheme_members(call: Call, scheme: HolidayScheme, query: dict[str, Any]) -> Page:
    """A page of the people in a holiday scheme"""
    return member_page(call, Kind.HOLIDAY, scheme.id, query)


@endpoint("POST", "/holiday-schemes/<id:scheme_id>/members", scope=ApiScope.SCHEMES_MANAGE, loads=load_holiday_scheme,
          body=SchemeMembersInputSchema, status=204, also_404=True, grade="A", source=OPENAPI)  # fmt: skip
def set_holiday_scheme_members(call: Call, scheme: HolidayScheme, values: dict[str, Any]) -> None:
    """Move people into a holiday scheme"""
    need_administrator(call)
    scheme_members.assign(call.store, Kind.HOLIDAY, scheme.id, values["account_ids"])


def _shown(call: Call, scheme: HolidayScheme) -> dict[str, Any]:
    return _bean(call, scheme, member_rows.counts(call.store, Kind.HOLIDAY))


def _bean(call: Call, scheme: HolidayScheme, counts: dict[int, int]) -> dict[str, Any]:
    return {
        "link": f"{call.base}/holiday-schemes/{scheme.id}",
        "id": scheme.id,
        "name": scheme.name,
        **({"description": scheme.description} if scheme.description else {}),
        "default": bool(scheme.is_default),
        "member_count": counts.get(scheme.id, 0),
    }
