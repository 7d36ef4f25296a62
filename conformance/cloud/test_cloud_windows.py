"""Which days and changes a list of worklogs covers, in which order, and how days and times are written."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from conformance import expect
from conformance.client import Caller
from conformance.cloud import beans
from conformance.cloud.bench import WORKLOG, Bench, Timesheet, account_of
from conformance.cloud.pages import LARGEST, ids
from conformance.run import Run

DAY = datetime.timedelta(1)
FAR_AHEAD = "2099-01-01"


def _window(first: datetime.date, last: datetime.date) -> list[tuple[str, Any]]:
    return [("from", first.isoformat()), ("to", last.isoformat()), ("limit", LARGEST)]


def _found(caller: Caller, path: str, query: list[tuple[str, Any]]) -> list[Any]:
    return ids(caller.get(path, query), WORKLOG.key)


def _lists(sheet: Timesheet, who: Caller) -> list[str]:
    return ["4/worklogs", f"4/worklogs/user/{account_of(who)}", f"4/worklogs/issue/{sheet.issue.id}"]


@pytest.mark.requirement("cloud_windows.days.inclusive")
@pytest.mark.parametrize("place", [0, 1, 2])
def test_window_holds_its_first_and_last_day(timesheet: Timesheet, admin: Caller, place: int) -> None:
    days = timesheet.days(4)
    made = [timesheet.log(admin, day)[WORKLOG.key] for day in days]
    answer = admin.get(_lists(timesheet, admin)[place], _window(days[1], days[2]))
    expect.equal(answer, "the worklogs of the two days in the middle", ids(answer, WORKLOG.key), made[1:3])


@pytest.mark.requirement("cloud_windows.search.inclusive")
def test_window_of_a_search_holds_its_first_and_last_day(timesheet: Timesheet, admin: Caller) -> None:
    days = timesheet.days(4)
    made = [timesheet.log(admin, day)[WORKLOG.key] for day in days]
    answer = admin.post("4/worklogs/search", {"from": days[1].isoformat(), "to": days[2].isoformat()})
    expect.equal(answer, "the worklogs of the two days in the middle", ids(answer, WORKLOG.key), made[1:3])


@pytest.mark.requirement("cloud_windows.days.open")
def test_window_may_be_open_at_either_end(timesheet: Timesheet, admin: Caller) -> None:
    days = timesheet.days(3)
    made = [timesheet.log(admin, day)[WORKLOG.key] for day in days]
    for name, day, wanted in (("from", days[1], made[1:]), ("to", days[1], made[:2])):
        query = [("issueId", timesheet.issue.id), (name, day.isoformat()), ("limit", LARGEST)]
        answer = admin.get("4/worklogs", query)
        found = [number for number in ids(answer, WORKLOG.key) if number in made]
        expect.same_set(answer, f"the worklogs with {name} alone", found, wanted)


@pytest.mark.requirement("cloud_windows.split.sum")
@pytest.mark.parametrize("place", [0, 1, 2])
def test_parts_of_a_window_are_together_the_whole(timesheet: Timesheet, admin: Caller, run: Run, place: int) -> None:
    path = _lists(timesheet, admin)[place]
    days = timesheet.days(8)
    for day in days:
        timesheet.log(admin, day)
    whole = _found(admin, path, _window(days[0], days[-1]))
    for cut in sorted(run.random("cuts").sample(range(1, len(days)), 3)):
        parts = _found(admin, path, _window(days[0], days[cut - 1])) + _found(admin, path, _window(days[cut], days[-1]))
        answer = admin.get(path, _window(days[0], days[-1]))
        expect.equal(answer, f"both parts of a window cut at day {cut + 1} (seed {run.seed})", parts, whole)


@pytest.mark.requirement("cloud_windows.updated-from.later")
@pytest.mark.parametrize("place", [0, 1, 2])
def test_updated_from_leaves_out_what_changed_earlier(timesheet: Timesheet, admin: Caller, place: int) -> None:
    day = timesheet.days(1)[0]
    timesheet.log(admin, day)
    answer = admin.get(_lists(timesheet, admin)[place], [*_window(day, day), ("updatedFrom", FAR_AHEAD)])
    expect.equal(answer, f"what changed since {FAR_AHEAD}", ids(answer, WORKLOG.key), [])


@pytest.mark.requirement("cloud_windows.updated-from.search")
def test_updated_from_of_a_search_leaves_out_what_changed_earlier(timesheet: Timesheet, admin: Caller) -> None:
    day = timesheet.days(1)[0]
    made = timesheet.log(admin, day)[WORKLOG.key]
    body = {"from": day.isoformat(), "to": day.isoformat()}
    late = admin.post("4/worklogs/search", {**body, "updatedFrom": FAR_AHEAD})
    expect.equal(late, f"what changed since {FAR_AHEAD}", ids(late, WORKLOG.key), [])
    early = admin.post("4/worklogs/search", {**body, "updatedFrom": "1990-01-01"})
    expect.equal(early, "what changed since 1990", ids(early, WORKLOG.key), [made])


@pytest.mark.requirement("cloud_windows.updated-from.inclusive")
@pytest.mark.parametrize("form", ["day", "second"])
def test_updated_from_holds_the_moment_itself(timesheet: Timesheet, admin: Caller, form: str) -> None:
    day = timesheet.days(1)[0]
    made = timesheet.log(admin, day)
    stamp = str(made["updatedAt"])
    asked = stamp[:10] if form == "day" else f"{stamp[:19]}Z"
    answer = admin.get("4/worklogs", [*_window(day, day), ("updatedFrom", asked)])
    expect.equal(answer, f"what changed since {asked}", ids(answer, WORKLOG.key), [made[WORKLOG.key]])


@pytest.mark.requirement("cloud_windows.order.default")
def test_worklogs_are_listed_by_day_then_id(timesheet: Timesheet, admin: Caller) -> None:
    days = timesheet.days(3)
    rows = [timesheet.log(admin, day) for day in (days[2], days[0], days[1], days[0])]
    wanted = [row[WORKLOG.key] for row in sorted(rows, key=lambda row: (row["startDate"], row[WORKLOG.key]))]
    answer = admin.get("4/worklogs", _window(days[0], days[2]))
    expect.equal(answer, "the worklogs", ids(answer, WORKLOG.key), wanted)


@pytest.mark.requirement("cloud_windows.order.descending")
@pytest.mark.parametrize("field", ["ID", "START_DATE_TIME"])
def test_asked_order_is_descending(timesheet: Timesheet, admin: Caller, field: str) -> None:
    days = timesheet.days(3)
    rows = [timesheet.log(admin, day) for day in (days[1], days[2], days[0])]
    key = WORKLOG.key if field == "ID" else "startDate"
    wanted = [row[WORKLOG.key] for row in sorted(rows, key=lambda row: row[key], reverse=True)]
    answer = admin.get("4/worklogs", [*_window(days[0], days[2]), ("orderBy", field)])
    expect.equal(answer, f"the worklogs by {field}", ids(answer, WORKLOG.key), wanted)


@pytest.mark.requirement("cloud_windows.order.search")
@pytest.mark.parametrize("order", ["ASC", "DESC"])
def test_search_obeys_the_asked_direction(timesheet: Timesheet, admin: Caller, order: str) -> None:
    days = timesheet.days(3)
    made = [timesheet.log(admin, day)[WORKLOG.key] for day in (days[1], days[2], days[0])]
    body = {"from": days[0].isoformat(), "to": days[2].isoformat(), "orderBy": [{"field": "ID", "order": order}]}
    answer = admin.post("4/worklogs/search", body)
    expect.equal(answer, f"the worklogs by ID {order}", ids(answer, WORKLOG.key), sorted(made, reverse=order == "DESC"))


@pytest.mark.requirement("cloud_windows.format.refused")
@pytest.mark.parametrize("name", ["from", "to", "updatedFrom"])
@pytest.mark.parametrize("text", ["2022-05-011", "14.11.2013", "yesterday", "2013-13-01"])
def test_day_in_another_format_is_refused(admin: Caller, name: str, text: str) -> None:
    expect.status(admin.get("4/worklogs", [(name, text)]), 400)


@pytest.mark.requirement("cloud_windows.format.body-refused")
@pytest.mark.parametrize("text", ["2022-05-011", "14/Nov/13", "2013-11-14T10:00:00Z", ""])
def test_start_date_in_another_format_is_refused(timesheet: Timesheet, bench: Bench, admin: Caller, text: str) -> None:
    body = {**timesheet.body(admin, timesheet.days(1)[0]), "startDate": text}
    expect.status(bench.make(WORKLOG, body), 400)


@pytest.mark.requirement("cloud_windows.start-time.seconds-needed")
@pytest.mark.parametrize("text", ["09:30", "9", "24:00:00", "08:60:00", "08:00:00.000"])
def test_start_time_without_seconds_is_refused(timesheet: Timesheet, bench: Bench, admin: Caller, text: str) -> None:
    body = timesheet.body(admin, timesheet.days(1)[0], startTime=text)
    expect.status(bench.make(WORKLOG, body), 400)


@pytest.mark.requirement("cloud_windows.stamps.utc")
def test_stamps_are_seconds_of_utc(timesheet: Timesheet, admin: Caller) -> None:
    made = timesheet.log(admin, timesheet.days(1)[0])
    answer = admin.get(WORKLOG.place(made[WORKLOG.key]))
    row = expect.json_object(answer)
    for name in ("createdAt", "updatedAt", "startDateTimeUtc"):
        if name in row or name != "startDateTimeUtc":
            expect.shape(answer, row.get(name), beans.STAMP, name)
