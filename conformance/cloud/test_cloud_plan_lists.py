"""Lists of plans: windows, sums, breakdowns, filters, pages, and whose plans they hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conformance import expect
from conformance.calls import Answer
from conformance.client import Caller
from conformance.cloud import planner_beans
from conformance.cloud.bench import PLAN, UNKNOWN, Bench, account_of
from conformance.cloud.pages import LARGEST, ids, metadata, results
from conformance.cloud.planner import HOUR, ONE, Planner, days_of, generic_resource, planned_days, window
from conformance.run import Run

Row = dict[str, Any]
Query = list[tuple[str, Any]]
SINGLE = frozenset({"from", "to", "updatedFrom", "limit", "offset"})
FAR_AHEAD = "2099-01-01"


def _listed(caller: Caller, query: Query) -> Answer:
    return caller.get("4/plans", [("limit", LARGEST), *query])


def _searched(caller: Caller, query: Query) -> Answer:
    body: Row = {}
    for name, value in query:
        if name in SINGLE:
            body[name] = value
        else:
            body.setdefault(name, []).append(value)
    return caller.search("4/plans/search", (), {"limit": LARGEST, **body})


def _of_user(caller: Caller, query: Query) -> Answer:
    return caller.get(f"4/plans/user/{account_of(caller)}", query)


ASKED: dict[str, Callable[[Caller, Query], Answer]] = {"list": _listed, "search": _searched, "of user": _of_user}
every_way = pytest.mark.parametrize("way", list(ASKED))
both_ways = pytest.mark.parametrize("way", ["list", "search"])


@pytest.mark.requirement("cloud_plans.list.shape")
@every_way
def test_listed_plans_have_published_shape(planner: Planner, admin: Caller, way: str) -> None:
    monday = planner.monday()
    made = planner.plan(admin, monday)
    answer = ASKED[way](admin, window(monday, monday))
    expect.shape(answer, results(answer), planner_beans.PLANS, "results")
    expect.equal(answer, "the plans", ids(answer), [made["id"]])


@pytest.mark.requirement("cloud_plans.window.needed")
@pytest.mark.parametrize("left", ["from", "to"])
@both_ways
def test_list_of_plans_needs_both_ends_of_its_window(planner: Planner, admin: Caller, way: str, left: str) -> None:
    monday = planner.monday()
    expect.status(ASKED[way](admin, [(name, day) for name, day in window(monday, monday) if name != left]), 400)


@pytest.mark.requirement("cloud_plans.window.overlap")
@pytest.mark.parametrize(("first", "last"), [(0, 0), (2, 3), (4, 6), (-3, 0), (-1, 9)])
@every_way
def test_plan_that_reaches_into_the_window_is_listed(planner: Planner, admin: Caller, way: str, first: int, last: int) -> None:
    monday = planner.monday()
    made = planner.plan(admin, monday, monday + 4 * ONE)
    answer = ASKED[way](admin, window(monday + first * ONE, monday + last * ONE))
    expect.equal(answer, "the plans", ids(answer), [made["id"]])


@pytest.mark.requirement("cloud_plans.window.outside")
@pytest.mark.parametrize(("first", "last"), [(-2, -1), (5, 9)])
@every_way
def test_plan_outside_of_the_window_is_not_listed(planner: Planner, admin: Caller, way: str, first: int, last: int) -> None:
    monday = planner.monday()
    planner.plan(admin, monday, monday + 4 * ONE)
    answer = ASKED[way](admin, window(monday + first * ONE, monday + last * ONE))
    expect.equal(answer, "the plans", ids(answer), [])


@pytest.mark.requirement("cloud_plans.window.occurrences")
@every_way
def test_recurring_plan_is_listed_when_it_comes_round(planner: Planner, admin: Caller, way: str) -> None:
    monday = planner.monday()
    made = planner.plan(admin, monday, rule="WEEKLY", recurrenceEndDate=(monday + 21 * ONE).isoformat())
    answer = ASKED[way](admin, window(monday + 12 * ONE, monday + 15 * ONE))
    expect.equal(answer, "the plans", ids(answer), [made["id"]])


@pytest.mark.requirement("cloud_plans.window.between-occurrences")
@every_way
def test_recurring_plan_is_not_listed_between_its_days(planner: Planner, admin: Caller, way: str) -> None:
    monday = planner.monday()
    planner.plan(admin, monday, rule="WEEKLY", recurrenceEndDate=(monday + 21 * ONE).isoformat())
    answer = ASKED[way](admin, window(monday + 8 * ONE, monday + 13 * ONE))
    expect.equal(answer, "the plans", ids(answer), [])


@pytest.mark.requirement("cloud_plans.window.seconds")
@every_way
def test_seconds_in_scope_are_those_of_the_window(planner: Planner, admin: Caller, way: str) -> None:
    monday = planner.monday()
    planner.plan(admin, monday, monday + 4 * ONE)
    answer = ASKED[way](admin, window(monday + 3 * ONE, monday + 9 * ONE))
    told = [row.get("totalPlannedSecondsInScope") for row in results(answer)]
    expect.equal(answer, "totalPlannedSecondsInScope", told, [2 * HOUR])


@pytest.mark.requirement("cloud_plans.window.split-sum")
@every_way
def test_parts_of_a_window_plan_as_much_as_the_whole(planner: Planner, admin: Caller, run: Run, way: str) -> None:
    monday = planner.monday()
    planner.plan(admin, monday, monday + 9 * ONE)
    planner.plan(admin, monday + 2 * ONE, rule="WEEKLY", recurrenceEndDate=(monday + 21 * ONE).isoformat())
    last = monday + 21 * ONE
    # Within the longer plan, so that both parts hold some of it: a server that tells the whole of it twice is noticed.
    cut = run.random("cut of plans").randrange(1, 10)

    def seconds(query: Query) -> tuple[Answer, int]:
        answer = ASKED[way](admin, query)
        return answer, sum(int(row.get("totalPlannedSecondsInScope") or 0) for row in results(answer))

    _, first = seconds(window(monday, monday + (cut - 1) * ONE))
    _, second = seconds(window(monday + cut * ONE, last))
    answer, whole = seconds(window(monday, last))
    expect.equal(answer, f"seconds of both parts of a window cut at day {cut + 1} (seed {run.seed})", first + second, whole)


@pytest.mark.requirement("cloud_plans.breakdown.absent")
@every_way
def test_planned_time_is_not_broken_down_unasked(planner: Planner, admin: Caller, way: str) -> None:
    monday = planner.monday()
    planner.plan(admin, monday, monday + ONE)
    answer = ASKED[way](admin, window(monday, monday + ONE))
    broken = [name for row in results(answer) for name in ("days", "periods") if name in (row.get("plannedTime") or {})]
    expect.equal(answer, "parts of plannedTime", broken, [])


@pytest.mark.requirement("cloud_plans.breakdown.daily")
@every_way
def test_daily_breakdown_holds_the_days_of_the_window(planner: Planner, admin: Caller, way: str) -> None:
    monday = planner.monday()
    planner.plan(admin, monday, monday + 4 * ONE)
    answer = ASKED[way](admin, window(monday + ONE, monday + 2 * ONE, ("plannedTimeBreakdown", "DAILY")))
    wanted = dict.fromkeys(days_of(monday + ONE, monday + 2 * ONE), HOUR)
    expect.equal(answer, "the days", [planned_days(row) for row in results(answer)], [wanted])


@pytest.mark.requirement("cloud_plans.breakdown.daily-sum")
@every_way
def test_days_of_a_plan_sum_up_to_its_seconds_in_scope(planner: Planner, admin: Caller, way: str) -> None:
    monday = planner.monday()
    planner.plan(admin, monday, monday + 11 * ONE, includeNonWorkingDays=False, plannedSecondsPerDay=3 * HOUR)
    answer = ASKED[way](admin, window(monday + 2 * ONE, monday + 20 * ONE, ("plannedTimeBreakdown", "DAILY")))
    sums = [sum(planned_days(row).values()) for row in results(answer)]
    told = [row.get("totalPlannedSecondsInScope") for row in results(answer)]
    expect.equal(answer, "totalPlannedSecondsInScope", told, sums)
    expect.equal(answer, "how many plans", len(sums), 1)


@pytest.mark.requirement("cloud_plans.breakdown.periods")
@every_way
def test_periods_of_a_plan_sum_up_to_its_seconds_in_scope(planner: Planner, admin: Caller, way: str) -> None:
    monday = planner.monday()
    planner.plan(admin, monday, monday + 4 * ONE)
    answer = ASKED[way](admin, window(monday, monday + 9 * ONE, ("plannedTimeBreakdown", "PERIOD")))
    for row in results(answer):
        told: Row = (row.get("plannedTime") or {}).get("periods") or {}
        expect.shape(answer, told, planner_beans.PLANNED_PERIODS, "plannedTime.periods")
        expect.equal(answer, "the seconds of all periods", sum(part["plannedSeconds"] for part in told["values"]), 5 * HOUR)
    expect.equal(answer, "how many plans", len(results(answer)), 1)


@pytest.mark.requirement("cloud_plans.updated-from.later")
@every_way
def test_updated_from_leaves_out_plans_changed_earlier(planner: Planner, admin: Caller, way: str) -> None:
    monday = planner.monday()
    planner.plan(admin, monday)
    answer = ASKED[way](admin, window(monday, monday, ("updatedFrom", FAR_AHEAD)))
    expect.equal(answer, f"what changed since {FAR_AHEAD}", ids(answer), [])


@pytest.mark.requirement("cloud_plans.updated-from.day-itself")
@every_way
def test_updated_from_holds_the_day_of_the_change(planner: Planner, admin: Caller, way: str) -> None:
    monday = planner.monday()
    made = planner.plan(admin, monday)
    day = str(made.get("updatedAt"))[:10]
    answer = ASKED[way](admin, window(monday, monday, ("updatedFrom", day)))
    expect.equal(answer, f"what changed since {day}", ids(answer), [made["id"]])


@pytest.mark.requirement("cloud_plans.filters.obeyed")
@pytest.mark.parametrize("name", ["accountIds", "planIds", "assigneeTypes", "issueIds", "genericResourceIds"])
@both_ways
def test_filter_of_plans_finds_its_own_alone(
    planner: Planner, bench: Bench, admin: Caller, lead: Caller, way: str, name: str
) -> None:
    monday = planner.monday()
    made = planner.plan(lead, monday)
    resource = generic_resource(bench, admin, lead)
    other = planner.plan(lead, monday, assigneeType="GENERIC", assigneeId=str(resource["id"]))
    wanted, value = {
        "accountIds": ([made["id"]], account_of(lead)),
        "planIds": ([made["id"]], made["id"]),
        "assigneeTypes": ([made["id"]], "USER"),
        "issueIds": ([], UNKNOWN),
        "genericResourceIds": ([other["id"]], resource["id"]),
    }[name]
    answer = ASKED[way](lead, window(monday, monday, (name, value)))
    expect.equal(answer, "which of both plans", [i for i in ids(answer) if i in (made["id"], other["id"])], wanted)


@pytest.mark.requirement("cloud_plans.search.as-listed")
def test_search_of_plans_finds_what_the_list_holds(planner: Planner, admin: Caller) -> None:
    monday = planner.monday()
    for number in range(3):
        planner.plan(admin, monday + number * ONE)
    query: Query = window(monday, monday + 6 * ONE, ("plannedTimeBreakdown", "DAILY"))
    answer = _searched(admin, query)
    expect.equal(answer, "the plans", ids(answer), ids(_listed(admin, query)))


@pytest.mark.requirement("cloud_plans.search.no-links")
def test_page_of_a_search_of_plans_has_no_links(planner: Planner, admin: Caller) -> None:
    monday = planner.monday()
    for number in range(3):
        planner.plan(admin, monday + number * ONE)
    answer = _searched(admin, window(monday, monday + 2 * ONE, ("limit", 1), ("offset", 1)))
    expect.shape(answer, metadata(answer), planner_beans.BARE_METADATA, "metadata")
    expect.equal(answer, "metadata", [metadata(answer)[name] for name in ("count", "offset", "limit")], [1, 1, 1])


@pytest.mark.requirement("cloud_plans.search.pages-whole")
def test_pages_of_a_search_of_plans_are_the_whole(planner: Planner, admin: Caller, run: Run) -> None:
    monday = planner.monday()
    for number in range(5):
        planner.plan(admin, monday + number * ONE)
    query = window(monday, monday + 4 * ONE)
    limit = run.random("pages of plans").randint(1, 3)
    found: list[Any] = []
    for offset in range(0, 6, limit):
        found += ids(_searched(admin, [*query, ("limit", limit), ("offset", offset)]))
    answer = _searched(admin, query)
    expect.equal(answer, f"pages of {limit} (seed {run.seed}) together", found, ids(answer))
    expect.equal(answer, "how many plans", len(found), 5)


@pytest.mark.requirement("cloud_plans.user.unpaged")
def test_plans_of_a_person_are_one_list_without_pages(planner: Planner, admin: Caller) -> None:
    monday = planner.monday()
    made = [planner.plan(admin, monday + number * ONE)["id"] for number in range(3)]
    answer = _of_user(admin, [*window(monday, monday + 2 * ONE), ("limit", 1)])
    expect.same_set(answer, "the plans", ids(answer), made)
    told = metadata(answer)
    expect.equal(answer, "metadata.count", told.get("count"), 3)
    expect.that(answer, "next" not in told, "metadata without next", f"metadata = {told}")


@pytest.mark.requirement("cloud_plans.limit.maximum")
@both_ways
def test_largest_limit_of_plans_is_accepted(planner: Planner, admin: Caller, way: str) -> None:
    monday = planner.monday()
    answer = ASKED[way](admin, window(monday, monday, ("limit", LARGEST)))
    expect.equal(answer, "metadata.limit", metadata(answer).get("limit"), LARGEST)


@pytest.mark.requirement("cloud_plans.limit.above")
@both_ways
def test_no_page_of_plans_is_larger_than_the_largest(planner: Planner, admin: Caller, way: str) -> None:
    monday = planner.monday()
    query = window(monday, monday, ("limit", LARGEST + 1))
    answer = admin.get("4/plans", query) if way == "list" else _searched(admin, query)
    if answer.ok:
        expect.that(answer, int(metadata(answer).get("limit") or 0) <= LARGEST, "5000 at most or a refusal", "more")
    else:
        expect.status(answer, 400)


@pytest.mark.requirement("cloud_plans.others.omitted")
def test_plans_of_others_are_omitted(planner: Planner, admin: Caller, outsider: Caller) -> None:
    monday = planner.monday()
    planner.plan(admin, monday)
    for ask in (_listed, _searched):
        answer = ask(outsider, window(monday, monday))
        expect.equal(answer, "the plans of others", ids(answer), [])


@pytest.mark.requirement("cloud_plans.others.single-hidden")
def test_single_plan_of_somebody_else_is_hidden(planner: Planner, admin: Caller, outsider: Caller) -> None:
    made = planner.plan(admin, planner.monday())
    expect.status(outsider.get(PLAN.place(made["id"])), 403, 404)
