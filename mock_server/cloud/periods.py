"""Periods of timesheet approval, ``/4/periods`` (vendor's OpenAPI of v4)."""

from typing import Any

from marshmallow import fields

from mock_server.access import ApiScope
from mock_server.cloud.user_schedule import MOST_DAYS, ScheduleQuery
from mock_server.cloud.worklogs import OPENAPI
from mock_server.domain import periods
from mock_server.domain.plan_days import Span
from mock_server.endpoint import Call, endpoint
from mock_server.errors import Invalid
from mock_server.schemas import WireSchema


class PeriodSchema(WireSchema):
    """Days from and to, both inclusive."""

    start = fields.String(data_key="from")
    end = fields.String(data_key="to")


class PeriodsSchema(WireSchema):
    """Periods in order."""

    periods = fields.List(fields.Nested(PeriodSchema))


@endpoint("GET", "/periods", scope=ApiScope.PERIODS_VIEW, query=ScheduleQuery, returns=PeriodsSchema, grade="A", source=OPENAPI)
def list_periods(call: Call, query: dict[str, Any]) -> dict[str, Any]:
    """The periods of timesheet approval that have a day in the window, as wholes"""
    window = Span(query["start"], query["end"])
    if window.end < window.start:
        raise Invalid("'to' must not be before 'from'.")
    if (window.end - window.start).days >= MOST_DAYS:
        raise Invalid(f"No more than {MOST_DAYS} days can be asked for at once.")
    found = [
        {"start": period.start.isoformat(), "end": period.end.isoformat()} for period in periods.between(window, call.settings)
    ]
    return {"periods": found}
