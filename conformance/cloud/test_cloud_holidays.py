"""Holidays of a holiday scheme: shapes, years, changes and refusals. Their scheme is the run's own and has no members."""

from __future__ import annotations

from typing import Any

import pytest

from conformance import expect
from conformance.calls import Answer
from conformance.client import Caller
from conformance.cloud import planner_beans
from conformance.cloud.bench import HOLIDAY_SCHEME, UNKNOWN, Bench
from conformance.cloud.pages import ids, metadata, results
from conformance.cloud.planner import HOUR
from conformance.shapes import ListOf

Row = dict[str, Any]
FIXED = {"type": "FIXED", "name": "Conformance Day", "date": "2031-05-06", "durationSeconds": 8 * HOUR, "description": "all"}
FLOATING = {"type": "FLOATING", "name": "Bridge", "date": "2031-05-07", "durationSeconds": 4 * HOUR}


@pytest.fixture
def place(bench: Bench) -> str:
    """The path of the holidays of a new scheme."""
    made = bench.made(HOLIDAY_SCHEME, {"name": bench.name()})
    return f"{HOLIDAY_SCHEME.place(made['id'])}/holidays"


def _made(admin: Caller, place: str, body: Row) -> Row:
    answer = admin.post(place, body)
    row = expect.json_object(answer)
    expect.that(answer, row.get("id"), "a new holiday with its id", f"members {', '.join(row)}")
    return row


def _listed(admin: Caller, place: str, year: int) -> Answer:
    return admin.get(place, [("year", year)])


@pytest.mark.requirement("cloud_holiday_schemes.holiday.create")
@pytest.mark.parametrize("body", [FIXED, FLOATING], ids=["fixed", "floating"])
def test_new_holiday_is_answered_as_it_was_sent(admin: Caller, place: str, body: Row) -> None:
    answer = expect.status(admin.post(place, body), 200)
    row = expect.json_object(answer)
    expect.shape(answer, row, planner_beans.HOLIDAY)
    expect.equal(answer, "what was sent", {name: row.get(name) for name in body}, body)


@pytest.mark.requirement("cloud_holiday_schemes.holiday.read")
def test_single_holiday_is_read_as_created(admin: Caller, place: str) -> None:
    made = _made(admin, place, FIXED)
    answer = admin.get(f"{place}/{made['id']}")
    expect.equal(answer, "the holiday", expect.json_object(answer), made)


@pytest.mark.requirement("cloud_holiday_schemes.holiday.list")
def test_holidays_of_a_year_are_one_plain_list(admin: Caller, place: str) -> None:
    made = [_made(admin, place, body)["id"] for body in (FIXED, FLOATING)]
    answer = _listed(admin, place, 2031)
    expect.shape(answer, results(answer), ListOf(planner_beans.HOLIDAY), "results")
    expect.same_set(answer, "the holidays", ids(answer), made)
    expect.equal(answer, "metadata.count", metadata(answer).get("count"), 2)


@pytest.mark.requirement("cloud_holiday_schemes.holiday.years")
@pytest.mark.parametrize("year", [2031, 2032, 2040])
def test_fixed_holiday_comes_every_year_and_floating_once(admin: Caller, place: str, year: int) -> None:
    fixed, floating = (_made(admin, place, body)["id"] for body in (FIXED, FLOATING))
    answer = _listed(admin, place, year)
    expect.same_set(answer, f"the holidays of {year}", ids(answer), [fixed, floating] if year == 2031 else [fixed])


@pytest.mark.requirement("cloud_holiday_schemes.holiday.floating")
def test_floating_list_holds_floating_holidays_alone(admin: Caller, place: str) -> None:
    _made(admin, place, FIXED)
    made = [_made(admin, place, {**FLOATING, "date": date})["id"] for date in ("2031-05-07", "2032-05-08")]
    answer = admin.get(f"{place}/floating")
    expect.same_set(answer, "the floating holidays", ids(answer), made)


@pytest.mark.requirement("cloud_holiday_schemes.holiday.update")
def test_update_of_a_holiday_replaces_it(admin: Caller, place: str) -> None:
    made = _made(admin, place, {**FLOATING, "description": "once"})
    changed = {"type": "FLOATING", "name": "Moved", "date": "2033-02-03", "durationSeconds": HOUR}
    answer = expect.status(admin.put(f"{place}/{made['id']}", changed), 200)
    expect.shape(answer, expect.json_object(answer), planner_beans.HOLIDAY)
    read = admin.get(f"{place}/{made['id']}")
    row = expect.json_object(read)
    expect.equal(read, "what was put", {name: row.get(name) for name in ("id", *changed)}, {"id": made["id"], **changed})
    expect.that(read, row.get("description") != "once", "a holiday without the old description", "it is kept")


@pytest.mark.requirement("cloud_holiday_schemes.holiday.delete")
def test_deletion_of_a_holiday_answers_204_and_removes_it(admin: Caller, place: str) -> None:
    made = _made(admin, place, FIXED)
    answer = expect.status(admin.delete(f"{place}/{made['id']}"), 204)
    expect.no_body(answer)
    expect.status(admin.get(f"{place}/{made['id']}"), 404)
    found = _listed(admin, place, 2031)
    expect.equal(found, "the holidays", ids(found), [])


@pytest.mark.requirement("cloud_holiday_schemes.holiday.unknown-404")
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_unknown_holiday_is_not_found(admin: Caller, place: str, method: str) -> None:
    path = f"{place}/{UNKNOWN}"
    expect.status(admin.put(path, FIXED) if method == "PUT" else admin.delete(path), 404)


@pytest.mark.requirement("cloud_holiday_schemes.holiday.refused")
@pytest.mark.parametrize(
    "change",
    [{"type": "YEARLY"}, {"name": ""}, {"date": "2031-02-30"}, {"date": "06/May/31"}, {"durationSeconds": 0}],
    ids=lambda change: " ".join(f"{name} {value}" for name, value in change.items()),
)
def test_impossible_holiday_is_refused(admin: Caller, place: str, change: Row) -> None:
    expect.status(admin.post(place, {**FIXED, **change}), 400)
    found = _listed(admin, place, 2031)
    expect.equal(found, "the holidays", ids(found), [])
