"""Workload schemes and who is in them, ``/4/workload-schemes`` (vendor's OpenAPI of v4)."""

from typing import Any

from marshmallow import fields, validate

from mock_server.access import ApiScope
from mock_server.cloud.addresses import UserSchema, user_bean
from mock_server.cloud.numbers import WholeNumber
from mock_server.cloud.paging import Bare, BareWindow, Page, PagedQuery, page_of, window
from mock_server.cloud.permissions import need_administrator
from mock_server.cloud.worklogs import OPENAPI
from mock_server.domain import scheme_members, workload_schemes
from mock_server.endpoint import Call, endpoint
from mock_server.errors import Invalid
from mock_server.schemas import Name, WireSchema
from mock_server.storage import scheme_members as member_rows
from mock_server.storage import workload_schemes as scheme_rows
from mock_server.storage.scheme_members import Kind
from mock_server.storage.workload_schemes import WorkloadScheme

WEEK = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
MOST_SCHEMES = 32766


class WorkloadSchemeDaySchema(WireSchema):
    """How long to work on a day of the week, in seconds."""

    day = fields.String()
    required = fields.Integer(data_key="requiredSeconds")


class WorkloadSchemeSchema(WireSchema):
    """A workload scheme."""

    link = fields.String(data_key="self")
    id = fields.Integer()
    name = fields.String()
    description = fields.String()
    default = fields.Boolean(data_key="defaultScheme")
    member_count = fields.Integer(data_key="memberCount")
    days = fields.List(fields.Nested(WorkloadSchemeDaySchema))


class WorkloadSchemeDayInputSchema(WireSchema):
    """A day of the week in a body."""

    day = fields.String(required=True, validate=validate.OneOf(WEEK))
    required = WholeNumber(least=0, most=86400, required=True, data_key="requiredSeconds")


class WorkloadSchemeInputSchema(WireSchema):
    """A workload scheme in a body. Without ``days`` a week of five days of eight hours."""

    name = fields.String(required=True, validate=Name())
    description = fields.String(load_default="", allow_none=True)
    days = fields.List(fields.Nested(WorkloadSchemeDayInputSchema), load_default=None, allow_none=True)


class SchemeMemberSchema(WireSchema):
    """Somebody in a scheme."""

    member = fields.Nested(UserSchema)
    scheme_id = fields.Integer(data_key="schemeId")


class SchemeMemberSearchSchema(BareWindow):
    """The members of which schemes are wanted."""

    scheme_ids = fields.List(
        WholeNumber(least=0), data_key="schemeIds", required=True, validate=validate.Length(min=1, max=MOST_SCHEMES)
    )


class SchemeMembersInputSchema(WireSchema):
    """Who is to be in a scheme."""

    account_ids = fields.List(fields.String(), data_key="accountIds", required=True, validate=validate.Length(min=1))


def load_workload_scheme(call: Call, scheme_id: int) -> WorkloadScheme:
    """The scheme in the path. Raises ``NotFound``."""
    return workload_schemes.get(call.store, scheme_id)


def load_workload_scheme_of(call: Call, account_id: str) -> WorkloadScheme:
    """The scheme of the person in the path. Raises ``NotFound``."""
    return workload_schemes.of_person(call.store, account_id)


@endpoint("GET", "/workload-schemes", scope=ApiScope.SCHEMES_VIEW, query=PagedQuery, returns=WorkloadSchemeSchema, many=True,
          grade="A", source=OPENAPI)  # fmt: skip
def list_workload_schemes(call: Call, query: dict[str, Any]) -> Page:
    """A page of the workload schemes"""
    counts = member_rows.counts(call.store, Kind.WORKLOAD)
    return page_of([_bean(call, scheme, counts) for scheme in scheme_rows.every(call.store)], query)


@endpoint("POST", "/workload-schemes", scope=ApiScope.SCHEMES_MANAGE, body=WorkloadSchemeInputSchema,
          returns=WorkloadSchemeSchema, grade="A", source=OPENAPI)  # fmt: skip
def create_workload_scheme(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    """Add a workload scheme"""
    need_administrator(call)
    week = [28800] * 5 + [0, 0] if values["days"] is None else _week(values["days"])
    return _shown(call, workload_schemes.create(call.store, values["name"], values["description"] or "", week))


@endpoint("POST", "/workload-schemes/members/search", scope=ApiScope.SCHEMES_VIEW, body=SchemeMemberSearchSchema,
          returns=SchemeMemberSchema, many=True, is_search=True, grade="A", source=OPENAPI)  # fmt: skip
def search_workload_scheme_members(call: Call, wanted: dict[str, Any]) -> Bare:
    """A page of the people in some workload schemes"""
    return members_of(call, Kind.WORKLOAD, wanted)


@endpoint("GET", "/workload-schemes/users/<account_id>", scope=ApiScope.SCHEMES_VIEW, loads=load_workload_scheme_of,
          returns=WorkloadSchemeSchema, grade="A", source=OPENAPI)  # fmt: skip
def get_workload_scheme_of_user(call: Call, scheme: WorkloadScheme) -> dict[str, Any]:
    """The workload scheme that somebody is in"""
    return _shown(call, scheme)


@endpoint("GET", "/workload-schemes/<id:scheme_id>", scope=ApiScope.SCHEMES_VIEW, loads=load_workload_scheme,
          returns=WorkloadSchemeSchema, grade="A", source=OPENAPI)  # fmt: skip
def get_workload_scheme(call: Call, scheme: WorkloadScheme) -> dict[str, Any]:
    """One workload scheme"""
    return _shown(call, scheme)


@endpoint("PUT", "/workload-schemes/<id:scheme_id>", scope=ApiScope.SCHEMES_MANAGE, loads=load_workload_scheme,
          body=WorkloadSchemeInputSchema, returns=WorkloadSchemeSchema, grade="A", source=OPENAPI)  # fmt: skip
def update_workload_scheme(call: Call, scheme: WorkloadScheme, values: dict[str, Any]) -> dict[str, Any]:
    """Replace a workload scheme; without days its week stays"""
    need_administrator(call)
    week = scheme.week if values["days"] is None else _week(values["days"])
    return _shown(call, workload_schemes.change(call.store, scheme, values["name"], values["description"] or "", week))


@endpoint("DELETE", "/workload-schemes/<id:scheme_id>", scope=ApiScope.SCHEMES_MANAGE, loads=load_workload_scheme, status=204,
          grade="A", source=OPENAPI)  # fmt: skip
def delete_workload_scheme(call: Call, scheme: WorkloadScheme) -> None:
    """Remove a workload scheme that nobody is in"""
    need_administrator(call)
    workload_schemes.remove(call.store, scheme)


@endpoint("PUT", "/workload-schemes/<id:scheme_id>/default", scope=ApiScope.SCHEMES_MANAGE, loads=load_workload_scheme,
          returns=WorkloadSchemeSchema, grade="A", source=OPENAPI)  # fmt: skip
def make_default_workload_scheme(call: Call, scheme: WorkloadScheme) -> dict[str, Any]:
    """Make a workload scheme the one of people to come"""
    need_administrator(call)
    return _shown(call, workload_schemes.make_default(call.store, scheme))


@endpoint("GET", "/workload-schemes/<id:scheme_id>/members", scope=ApiScope.SCHEMES_VIEW, loads=load_workload_scheme,
          query=PagedQuery, returns=UserSchema, many=True, grade="A", source=OPENAPI)  # fmt: skip
def list_workload_scheme_members(call: Call, scheme: WorkloadScheme, query: dict[str, Any]) -> Page:
    """A page of the people in a workload scheme"""
    return member_page(call, Kind.WORKLOAD, scheme.id, query)


@endpoint("POST", "/workload-schemes/<id:scheme_id>/members", scope=ApiScope.SCHEMES_MANAGE, loads=load_workload_scheme,
          body=SchemeMembersInputSchema, status=204, also_404=True, grade="A", source=OPENAPI)  # fmt: skip
def set_workload_scheme_members(call: Call, scheme: WorkloadScheme, values: dict[str, Any]) -> None:
    """Move people into a workload scheme"""
    need_administrator(call)
    scheme_members.assign(call.store, Kind.WORKLOAD, scheme.id, values["account_ids"])


def member_page(call: Call, kind: Kind, scheme_id: int, query: dict[str, Any]) -> Page:
    """A page of the people in one scheme."""
    offset, limit = window(query)
    found = member_rows.page(call.store, kind, [scheme_id], offset, limit + 1)
    return Page([user_bean(call, member.account_id) for member in found[:limit]], offset, limit, len(found) > limit)


def members_of(call: Call, kind: Kind, wanted: dict[str, Any]) -> Bare:
    """A page of the people in some schemes, as a loaded ``SchemeMemberSearchSchema`` asks."""
    offset, limit = wanted["offset"], wanted["limit"]
    found = member_rows.page(call.store, kind, wanted["scheme_ids"], offset, limit)
    return Bare(
        [{"member": user_bean(call, member.account_id), "scheme_id": member.scheme_id} for member in found], offset, limit
    )


def _week(days: list[dict[str, Any]]) -> list[int]:
    """Seconds from Monday to Sunday. Raises ``Invalid`` unless every day of the week is there once."""
    found = {entry["day"]: entry["required"] for entry in days}
    if len(days) != len(WEEK) or len(found) != len(WEEK):
        raise Invalid(fields={"days": "must hold every day of the week once."})
    return [found[day] for day in WEEK]


def _shown(call: Call, scheme: WorkloadScheme) -> dict[str, Any]:
    return _bean(call, scheme, member_rows.counts(call.store, Kind.WORKLOAD))


def _bean(call: Call, scheme: WorkloadScheme, counts: dict[int, int]) -> dict[str, Any]:
    return {
        "link": f"{call.base}/workload-schemes/{scheme.id}",
        "id": scheme.id,
        "name": scheme.name,
        "description": scheme.description,
        "default": bool(scheme.is_default),
        "member_count": counts.get(scheme.id, 0),
        "days": [{"day": day, "required": seconds} for day, seconds in zip(WEEK, scheme.week, strict=True)],
    }
