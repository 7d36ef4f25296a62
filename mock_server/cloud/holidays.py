"""The holidays of a holiday scheme, ``/4/holiday-schemes/{schemeId}/holidays`` (vendor's OpenAPI of v4; help pages)."""

from typing import Any, NamedTuple

from marshmallow import fields, validate

from mock_server.access import ApiScope
from mock_server.cloud.days import DayText
from mock_server.cloud.holiday_schemes import load_holiday_scheme
from mock_server.cloud.numbers import WholeNumber
from mock_server.cloud.paging import Listed
from mock_server.cloud.permissions import need_administrator
from mock_server.cloud.worklogs import OPENAPI
from mock_server.domain import holiday_schemes
from mock_server.domain.holiday_schemes import FIXED, FLOATING
from mock_server.endpoint import Call, endpoint
from mock_server.schemas import Name, WireSchema
from mock_server.storage.holiday_schemes import Holiday, HolidayScheme

WHOLE_DAY = 86400
"""Seconds; no holiday takes more."""


class HolidaySchema(WireSchema):
    """A holiday. FIXED ones come every year, FLOATING ones once."""

    link = fields.String(data_key="self")
    id = fields.Integer()
    scheme_id = fields.Integer(data_key="schemeId")
    type = fields.String()
    name = fields.String()
    description = fields.String()
    duration = fields.Integer(data_key="durationSeconds")
    date = fields.String()


class HolidayInputSchema(WireSchema):
    """A holiday in a body."""

    type = fields.String(required=True, validate=validate.OneOf((FIXED, FLOATING)))
    name = fields.String(required=True, validate=Name())
    description = fields.String(load_default="", allow_none=True)
    duration = WholeNumber(least=1, most=WHOLE_DAY, required=True, data_key="durationSeconds")
    date = DayText(required=True)


class HolidaysQuery(WireSchema):
    """The year of which holidays are wanted; the present one when it is not told."""

    year = WholeNumber(least=1, most=9999, load_default=None)


class InScheme(NamedTuple):
    """A holiday with the scheme it is in."""

    scheme: HolidayScheme
    holiday: Holiday


def load_holiday(call: Call, scheme_id: int, holiday_id: int) -> InScheme:
    """The holiday in the path. Raises ``NotFound``."""
    scheme = holiday_schemes.get(call.store, scheme_id)
    return InScheme(scheme, holiday_schemes.holiday(call.store, scheme, holiday_id))


@endpoint("GET", "/holiday-schemes/<id:scheme_id>/holidays", scope=ApiScope.SCHEMES_VIEW, loads=load_holiday_scheme,
          query=HolidaysQuery, returns=HolidaySchema, many=True, grade="A", source=OPENAPI)  # fmt: skip
def list_holidays(call: Call, scheme: HolidayScheme, query: dict[str, Any]) -> Listed:
    """The holidays of a scheme in a year"""
    year = query["year"] or call.today.year
    return Listed([holiday_bean(call, holiday) for holiday in holiday_schemes.in_year(call.store, scheme, year)])


@endpoint("POST", "/holiday-schemes/<id:scheme_id>/holidays", scope=ApiScope.SCHEMES_MANAGE, loads=load_holiday_scheme,
          body=HolidayInputSchema, returns=HolidaySchema, grade="A", source=OPENAPI)  # fmt: skip
def create_holiday(call: Call, scheme: HolidayScheme, values: dict[str, Any]) -> dict[str, Any]:
    """Add a holiday to a scheme"""
    need_administrator(call)
    return holiday_bean(call, holiday_schemes.add(call.store, scheme, _holiday(values)))


@endpoint("GET", "/holiday-schemes/<id:scheme_id>/holidays/floating", scope=ApiScope.SCHEMES_VIEW, loads=load_holiday_scheme,
          returns=HolidaySchema, many=True, grade="A", source=OPENAPI)  # fmt: skip
def list_floating_holidays(call: Call, scheme: HolidayScheme) -> Listed:
    """The holidays of a scheme that belong to one year, of every year"""
    return Listed([holiday_bean(call, holiday) for holiday in holiday_schemes.floating(call.store, scheme)])


@endpoint("GET", "/holiday-schemes/<id:scheme_id>/holidays/<id:holiday_id>", scope=ApiScope.SCHEMES_VIEW, loads=load_holiday,
          returns=HolidaySchema, grade="A", source=OPENAPI)  # fmt: skip
def get_holiday(call: Call, found: InScheme) -> dict[str, Any]:
    """One holiday"""
    return holiday_bean(call, found.holiday)


@endpoint("PUT", "/holiday-schemes/<id:scheme_id>/holidays/<id:holiday_id>", scope=ApiScope.SCHEMES_MANAGE,
          loads=load_holiday, body=HolidayInputSchema, returns=HolidaySchema, grade="A", source=OPENAPI)  # fmt: skip
def update_holiday(call: Call, found: InScheme, values: dict[str, Any]) -> dict[str, Any]:
    """Replace a holiday"""
    need_administrator(call)
    return holiday_bean(call, holiday_schemes.change_holiday(call.store, found.holiday, _holiday(values)))


@endpoint("DELETE", "/holiday-schemes/<id:scheme_id>/holidays/<id:holiday_id>", scope=ApiScope.SCHEMES_MANAGE,
          loads=load_holiday, status=204, grade="A", source=OPENAPI)  # fmt: skip
def delete_holiday(call: Call, found: InScheme) -> None:
    """Remove a holiday"""
    need_administrator(call)
    holiday_schemes.remove_holiday(call.store, found.holiday)


def holiday_bean(call: Call, holiday: Holiday) -> dict[str, Any]:
    """Values of ``HolidaySchema``; a description of nothing is left out."""
    values = {"link": f"{call.base}/holiday-schemes/{holiday.scheme_id}/holidays/{holiday.id}", **holiday._asdict()}
    if not holiday.description:
        del values["description"]
    return values


def _holiday(values: dict[str, Any]) -> Holiday:
    return Holiday(0, 0, values["type"], values["date"], values["name"], values["description"] or "", values["duration"])
