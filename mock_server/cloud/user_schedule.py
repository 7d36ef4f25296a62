"""How long somebody is to work day by day, ``/4/user-schedule`` (vendor's OpenAPI of v4)."""

from datetime import date
from typing import Any

from marshmallow import fields

from mock_server.access import ApiScope
from mock_server.cloud.days import Day
from mock_server.cloud.holidays import HolidaySchema, holiday_bean
from mock_server.cloud.paging import Listed
from mock_server.cloud.worklogs import OPENAPI
from mock_server.domain import people, user_schedule
from mock_server.endpoint import Call, endpoint
from mock_server.errors import Invalid
from mock_server.schemas import WireSchema
from mock_server.storage import holiday_schemes
from mock_server.storage import people as person_rows
from mock_server.storage.people import Person

MOST_DAYS = 3660
"""Ten years; a longer answer serves nobody (assumption userSchedule.longest)."""


class DayScheduleSchema(WireSchema):
    """A day: seconds to work, what kind of a day it is, and the holiday on it."""

    date = fields.String()
    required = fields.Integer(data_key="requiredSeconds")
    type = fields.String()
    holiday = fields.Nested(HolidaySchema)


class ScheduleQuery(WireSchema):
    """Days from and to, both inclusive."""

    start = Day(data_key="from", required=True)
    end = Day(data_key="to", required=True)


def load_person(call: Call, account_id: str) -> Person:
    """The person in the path. Raises ``NotFound``."""
    return people.by_account_id(call.store, account_id)


@endpoint("GET", "/user-schedule", scope=ApiScope.SCHEMES_VIEW, query=ScheduleQuery, returns=DayScheduleSchema, many=True,
          grade="A", source=OPENAPI)  # fmt: skip
def list_own_schedule(call: Call, query: dict[str, Any]) -> Listed:
    """The caller's own days"""
    person = person_rows.get(call.store, call.caller.person_id)
    assert person is not None
    return _days(call, person, query["start"], query["end"])


@endpoint("GET", "/user-schedule/<account_id>", scope=ApiScope.SCHEMES_VIEW, loads=load_person, query=ScheduleQuery,
          returns=DayScheduleSchema, many=True, grade="A", source=OPENAPI)  # fmt: skip
def list_schedule_of_user(call: Call, person: Person, query: dict[str, Any]) -> Listed:
    """Somebody's days"""
    user_schedule.check_may_see(call.store, call.caller, person)
    return _days(call, person, query["start"], query["end"])


def _days(call: Call, person: Person, start: date, end: date) -> Listed:
    if end < start:
        raise Invalid("'to' must not be before 'from'.")
    if (end - start).days >= MOST_DAYS:
        raise Invalid(f"No more than {MOST_DAYS} days can be asked for at once.")
    calendar = user_schedule.Calendars().of(call.store, [person.id])[person.id]
    found: list[dict[str, Any]] = []
    rows = {}
    if calendar.yearly or calendar.dated:
        scheme_ids = [scheme.id for scheme in holiday_schemes.every(call.store)]
        rows = {holiday.id: holiday for holiday in holiday_schemes.holidays(call.store, scheme_ids)}
    for number in range(start.toordinal(), end.toordinal() + 1):
        day = date.fromordinal(number)
        entry = {"date": day.isoformat(), "required": calendar.required(day), "type": calendar.kind(day)}
        holidays = calendar.holidays(day)
        if holidays:
            entry["holiday"] = holiday_bean(call, rows[holidays[0].id]._replace(date=day.isoformat()))
        found.append(entry)
    return Listed(found)
