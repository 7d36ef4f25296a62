"""User schedules: the week of the workload scheme less the holidays. Periods: weeks or months without gaps."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from conformance import expect
from conformance.calls import Answer
from conformance.client import Caller
from conformance.cloud import planner_beans
from conformance.cloud.bench import HOLIDAY_SCHEME, WORKLOAD_SCHEME, account_of
from conformance.cloud.pages import metadata, results
from conformance.cloud.planner import FIVE_DAYS, HOUR, ONE, Mover, days_of, window
from conformance.run import Run
from conformance.shapes import ListOf

Row = dict[str, Any]
MONDAY = datetime.date(2040, 1, 2)


@pytest.fixture
def monday(run: Run) -> datetime.date:
    """Some Monday far ahead."""
    return MONDAY + 7 * run.random(f"monday {next(run.numbers)}").randrange(200) * ONE


def _schedule(who: Caller, first: datetime.date, last: datetime.date) -> Answer:
    return who.get("4/user-schedule", window(first, last))


def _days(answer: Answer) -> dict[str, Row]:
    return {str(row.get("date")): row for row in results(answer)}


def _holiday(day: datetime.date, seconds: int) -> Row:
    return {"type": "FLOATING", "name": "Conformance Day", "date": day.isoformat(), "durationSeconds": seconds}


def _day(answer: Answer, day: datetime.date) -> Row:
    found = _days(answer).get(day.isoformat())
    expect.that(answer, found, f"the day {day}", "no such day")
    return found or {}


@pytest.mark.requirement("cloud_user_schedule.own.shape")
def test_own_schedule_has_published_shape(admin: Caller, monday: datetime.date) -> None:
    answer = _schedule(admin, monday, monday + 13 * ONE)
    expect.shape(answer, results(answer), ListOf(planner_beans.DAY_SCHEDULE), "results")
    expect.equal(answer, "metadata.count", metadata(answer).get("count"), 14)


@pytest.mark.requirement("cloud_user_schedule.own.each-day-once")
@pytest.mark.parametrize("length", [1, 8, 60])
def test_schedule_holds_each_day_of_the_window_once(admin: Caller, monday: datetime.date, length: int) -> None:
    last = monday + (length - 1) * ONE
    answer = _schedule(admin, monday, last)
    expect.equal(answer, "the days", [row.get("date") for row in results(answer)], days_of(monday, last))


@pytest.mark.requirement("cloud_user_schedule.window.needed")
@pytest.mark.parametrize("left", ["from", "to"])
def test_schedule_needs_both_ends_of_its_window(admin: Caller, monday: datetime.date, left: str) -> None:
    query = [(name, day) for name, day in window(monday, monday) if name != left]
    expect.status(admin.get("4/user-schedule", query), 400)


@pytest.mark.requirement("cloud_user_schedule.user.own-as-asked")
def test_schedule_by_account_is_the_own_one(admin: Caller, monday: datetime.date) -> None:
    answer = admin.get(f"4/user-schedule/{account_of(admin)}", window(monday, monday + 6 * ONE))
    expect.equal(answer, "the days", results(answer), results(_schedule(admin, monday, monday + 6 * ONE)))


@pytest.mark.requirement("cloud_user_schedule.user.others-403")
def test_schedule_of_somebody_else_needs_permission(admin: Caller, outsider: Caller, monday: datetime.date) -> None:
    expect.status(outsider.get(f"4/user-schedule/{account_of(admin)}", window(monday, monday)), 403)


@pytest.mark.requirement("cloud_user_schedule.days.as-workload")
def test_required_time_is_that_of_the_workload_scheme(admin: Caller, monday: datetime.date) -> None:
    scheme = expect.json_object(admin.get(f"{WORKLOAD_SCHEME.path}/users/{account_of(admin)}"))
    week = {row.get("day"): row.get("requiredSeconds") for row in scheme.get("days") or [] if isinstance(row, dict)}
    answer = _schedule(admin, monday, monday + 6 * ONE)
    for number, name in enumerate(planner_beans.WEEK):
        row = _day(answer, monday + number * ONE)
        if row.get("type") in ("WORKING_DAY", "NON_WORKING_DAY"):
            expect.equal(answer, f"requiredSeconds of {row['date']}, a {name}", row.get("requiredSeconds"), week.get(name))
            kind = "WORKING_DAY" if week.get(name) else "NON_WORKING_DAY"
            expect.equal(answer, f"type of {row['date']}", row["type"], kind)


@pytest.mark.requirement("cloud_user_schedule.days.moved")
def test_schedule_follows_somebody_into_another_scheme(mover: Mover, member: Caller, monday: datetime.date) -> None:
    week = [{**day, "requiredSeconds": (number + 1) * 600 if number != 2 else 0} for number, day in enumerate(FIVE_DAYS)]
    mover.move(HOLIDAY_SCHEME, mover.holidays(), member)
    mover.move(WORKLOAD_SCHEME, mover.workload(week), member)
    answer = _schedule(member, monday, monday + 6 * ONE)
    told = [row.get("requiredSeconds") for row in results(answer)]
    expect.equal(answer, "requiredSeconds from Monday to Sunday", told, [day["requiredSeconds"] for day in week])


@pytest.mark.requirement("cloud_user_schedule.holiday.told")
def test_holiday_is_told_on_its_day(mover: Mover, member: Caller, monday: datetime.date) -> None:
    scheme = mover.holidays(_holiday(monday + ONE, 6 * HOUR), _holiday(monday + 5 * ONE, 6 * HOUR))
    mover.move(WORKLOAD_SCHEME, mover.workload(), member)
    mover.move(HOLIDAY_SCHEME, scheme, member)
    answer = _schedule(member, monday, monday + 6 * ONE)
    expect.equal(
        answer,
        "the types from Monday to Sunday",
        [row.get("type") for row in results(answer)],
        ["WORKING_DAY", "HOLIDAY", *["WORKING_DAY"] * 3, "HOLIDAY_AND_NON_WORKING_DAY", "NON_WORKING_DAY"],
    )
    holiday = _day(answer, monday + ONE).get("holiday")
    expect.shape(answer, holiday, planner_beans.HOLIDAY, "holiday")
    expect.equal(answer, "holiday.schemeId", (holiday or {}).get("schemeId"), scheme["id"])


@pytest.mark.requirement("cloud_user_schedule.holiday.whole-day")
def test_whole_holiday_requires_no_work(mover: Mover, member: Caller, monday: datetime.date) -> None:
    mover.move(WORKLOAD_SCHEME, mover.workload(), member)
    mover.move(HOLIDAY_SCHEME, mover.holidays(_holiday(monday, 6 * HOUR)), member)
    answer = _schedule(member, monday, monday + ONE)
    told = [row.get("requiredSeconds") for row in results(answer)]
    expect.equal(answer, "requiredSeconds of the holiday and the day after", told, [0, 6 * HOUR])


@pytest.mark.requirement("cloud_user_schedule.holiday.half-day")
@pytest.mark.parametrize(("hours", "left"), [(2, 4), (5, 1), (8, 0)])
def test_shorter_holiday_leaves_the_rest_of_the_day(
    mover: Mover, member: Caller, monday: datetime.date, hours: int, left: int
) -> None:
    mover.move(WORKLOAD_SCHEME, mover.workload(), member)
    mover.move(HOLIDAY_SCHEME, mover.holidays(_holiday(monday, hours * HOUR)), member)
    answer = _schedule(member, monday, monday)
    expect.equal(answer, "requiredSeconds", _day(answer, monday).get("requiredSeconds"), left * HOUR)


def _periods(admin: Caller, first: datetime.date, last: datetime.date) -> tuple[Answer, list[tuple[Any, Any]]]:
    answer = admin.get("4/periods", window(first, last))
    expect.shape(answer, expect.json_object(answer), planner_beans.PERIODS)
    day = datetime.date.fromisoformat
    return answer, [(day(row["from"]), day(row["to"])) for row in expect.json_object(answer)["periods"]]


@pytest.mark.requirement("cloud_periods.list.shape")
def test_periods_have_published_shape(admin: Caller, monday: datetime.date) -> None:
    answer, found = _periods(admin, monday, monday + 60 * ONE)
    expect.that(answer, found, "at least one period", "none")


@pytest.mark.requirement("cloud_periods.list.no-gaps")
def test_periods_follow_each_other_without_gaps(admin: Caller, monday: datetime.date) -> None:
    answer, found = _periods(admin, monday, monday + 60 * ONE)
    starts = [start for start, _ in found[1:]]
    expect.equal(answer, "where the next periods begin", starts, [end + ONE for _, end in found[:-1]])
    expect.that(answer, len(found) > 1, "more than one period in two months", f"{len(found)}")


@pytest.mark.requirement("cloud_periods.list.as-configured")
def test_periods_are_those_of_the_configuration(admin: Caller, monday: datetime.date) -> None:
    site = expect.json_object(admin.get("4/globalconfiguration"))
    answer, found = _periods(admin, monday, monday + 60 * ONE)
    for start, end in found:
        if site.get("approvalPeriod") == "MONTH":
            expect.equal(answer, f"first day of the month of {start}", start.day, 1)
            expect.equal(answer, f"the day after {end}", (end + ONE).day, 1)
        else:
            expect.equal(answer, f"the weekday of {start}", start.isoweekday(), site.get("approvalWeekStart"))
            expect.equal(answer, f"the end of the week of {start}", end, start + 6 * ONE)


@pytest.mark.requirement("cloud_periods.window.needed")
@pytest.mark.parametrize("left", ["from", "to"])
def test_periods_need_both_ends_of_the_window(admin: Caller, monday: datetime.date, left: str) -> None:
    expect.status(admin.get("4/periods", [pair for pair in window(monday, monday) if pair[0] != left]), 400)
