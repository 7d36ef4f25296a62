"""Plans one by one: which days they take, how much of them, what is refused, and what becomes of a single day."""

from __future__ import annotations

from typing import Any

import pytest

from conformance import expect
from conformance.calls import Answer
from conformance.client import Caller
from conformance.cloud import planner_beans
from conformance.cloud.bench import PLAN, UNKNOWN, Bench, account_of
from conformance.cloud.pages import ids, results
from conformance.cloud.planner import HOUR, ONE, Planner, days_of, generic_resource, planned_days, window

Row = dict[str, Any]
WEEK = 7 * ONE


def _days(admin: Caller, plan: Row, *query: tuple[str, Any]) -> tuple[Answer, dict[str, int]]:
    answer = admin.get(PLAN.place(plan["id"]), list(query))
    return answer, planned_days(expect.json_object(answer))


@pytest.mark.requirement("cloud_plans.read.breakdown")
def test_single_plan_breaks_its_time_down_by_day(planner: Planner, admin: Caller) -> None:
    monday = planner.monday()
    made = planner.plan(admin, monday, monday + 2 * ONE)
    answer, days = _days(admin, made)
    expect.shape(answer, expect.json_object(answer), planner_beans.PLAN)
    expect.equal(answer, "the days", days, dict.fromkeys(days_of(monday, monday + 2 * ONE), HOUR))


@pytest.mark.requirement("cloud_plans.read.window")
def test_single_plan_is_told_for_the_asked_window(planner: Planner, admin: Caller) -> None:
    monday = planner.monday()
    made = planner.plan(admin, monday, monday + 4 * ONE)
    answer, days = _days(admin, made, *window(monday + ONE, monday + 2 * ONE))
    expect.equal(answer, "the days", list(days), days_of(monday + ONE, monday + 2 * ONE))
    row = expect.json_object(answer)
    expect.equal(answer, "totalPlannedSecondsInScope", row.get("totalPlannedSecondsInScope"), 2 * HOUR)
    expect.equal(answer, "totalPlannedSeconds", row.get("totalPlannedSeconds"), 5 * HOUR)


@pytest.mark.requirement("cloud_plans.days.written-plainly")
def test_days_of_plans_are_written_without_time(planner: Planner, admin: Caller) -> None:
    monday = planner.monday()
    answer, _ = _days(admin, planner.plan(admin, monday))
    row = expect.json_object(answer)
    told = [row.get("startDate"), row.get("endDate")]
    expect.equal(answer, "startDate and endDate", told, [monday.isoformat()] * 2)


@pytest.mark.requirement("cloud_plans.non-working-days.skipped")
def test_free_days_are_skipped_unless_included(planner: Planner, admin: Caller) -> None:
    monday = planner.monday()
    last = monday + 13 * ONE
    schedule = results(admin.get("4/user-schedule", window(monday, last)))
    free = {str(day.get("date")) for day in schedule if day.get("type") == "NON_WORKING_DAY"}
    work = [str(day.get("date")) for day in schedule if day.get("type") == "WORKING_DAY"]
    answer, days = _days(admin, planner.plan(admin, monday, last, includeNonWorkingDays=False))
    expect.equal(answer, "planned days that are free", sorted(free & set(days)), [])
    expect.equal(answer, "working days without plan", [day for day in work if day not in days], [])


@pytest.mark.requirement("cloud_plans.non-working-days.included")
def test_free_days_are_planned_when_included(planner: Planner, admin: Caller) -> None:
    monday = planner.monday()
    answer, days = _days(admin, planner.plan(admin, monday, monday + 6 * ONE, includeNonWorkingDays=True))
    expect.equal(answer, "the days", list(days), days_of(monday, monday + 6 * ONE))


@pytest.mark.requirement("cloud_plans.recurrence.weeks")
@pytest.mark.parametrize(("rule", "weeks"), [("NEVER", [0]), ("WEEKLY", [0, 1, 2, 3, 4]), ("BI_WEEKLY", [0, 2, 4])])
def test_recurring_plan_comes_round_after_its_weeks(planner: Planner, admin: Caller, rule: str, weeks: list[int]) -> None:
    monday = planner.monday()
    more = {} if rule == "NEVER" else {"recurrenceEndDate": (monday + 4 * WEEK + 2 * ONE).isoformat()}
    made = planner.plan(admin, monday, monday + ONE, rule=rule, **more)
    answer, days = _days(admin, made, *window(monday, monday + 7 * WEEK))
    wanted = [day for number in weeks for day in days_of(monday + number * WEEK, monday + number * WEEK + ONE)]
    expect.equal(answer, f"the days of a plan {rule}", list(days), wanted)


@pytest.mark.requirement("cloud_plans.effort.total-spread")
def test_total_effort_is_spread_over_the_days(planner: Planner, admin: Caller) -> None:
    monday = planner.monday()
    effort = {"effortPersistenceType": "TOTAL_SECONDS", "plannedSeconds": 9 * HOUR, "plannedSecondsPerDay": None}
    body = {name: value for name, value in planner.body(admin, monday, monday + 2 * ONE, **effort).items() if value is not None}
    answer = planner.make(admin, body)
    expect.success(answer)
    read, days = _days(admin, expect.json_object(answer))
    expect.equal(read, "the days", days, dict.fromkeys(days_of(monday, monday + 2 * ONE), 3 * HOUR))


@pytest.mark.requirement("cloud_plans.create.refused")
@pytest.mark.parametrize(
    "change",
    [
        {"assigneeType": "TEAM"},
        {"assigneeId": ""},
        {"assigneeId": "conformance-nobody"},
        {"planItemType": "EPIC"},
        {"planItemId": str(UNKNOWN)},
        {"startDate": "14.11.2040"},
        {"endDate": "2040-11-31"},
        {"plannedSecondsPerDay": 0},
        {"effortPersistenceType": "DAYS"},
        {"startTime": "24:00"},
        {"startTime": "09:00:00"},
        {"rule": "DAILY"},
    ],
    ids=lambda change: " ".join(f"{name} {value}" for name, value in change.items()),
)
def test_impossible_plan_is_refused(planner: Planner, admin: Caller, change: Row) -> None:
    expect.status(planner.make(admin, {**planner.body(admin, planner.monday()), **change}), 400)


@pytest.mark.requirement("cloud_plans.update.days-read-back")
def test_moved_plan_takes_its_new_days_alone(planner: Planner, admin: Caller) -> None:
    monday = planner.monday()
    made = planner.plan(admin, monday, monday + 2 * ONE)
    moved = planner.body(admin, monday + 7 * ONE, monday + 8 * ONE, plannedSecondsPerDay=2 * HOUR)
    expect.success(admin.put(PLAN.place(made["id"]), moved))
    answer, days = _days(admin, made)
    expect.equal(answer, "the days", days, dict.fromkeys(days_of(monday + 7 * ONE, monday + 8 * ONE), 2 * HOUR))


@pytest.mark.requirement("cloud_plans.day.deleted-200")
def test_deletion_of_a_day_answers_200_without_body(planner: Planner, admin: Caller) -> None:
    monday = planner.monday()
    made = planner.plan(admin, monday, monday + 2 * ONE)
    answer = admin.delete(f"{PLAN.place(made['id'])}/partial/{monday + ONE}")
    expect.status(answer, 200)
    expect.no_body(answer)


@pytest.mark.requirement("cloud_plans.day.deleted-gone")
def test_deleted_day_is_gone_and_the_others_stay(planner: Planner, admin: Caller) -> None:
    monday = planner.monday()
    made = planner.plan(admin, monday, monday + 2 * ONE)
    expect.success(admin.delete(f"{PLAN.place(made['id'])}/partial/{monday + ONE}"))
    query = window(monday, monday + 2 * ONE, ("plannedTimeBreakdown", "DAILY"))
    answer = admin.get(f"4/plans/user/{account_of(admin)}", query)
    days = sorted(day for plan in results(answer) for day in planned_days(plan))
    expect.equal(answer, "the days that are planned", days, [monday.isoformat(), (monday + 2 * ONE).isoformat()])


@pytest.mark.requirement("cloud_plans.day.changed")
def test_changed_day_has_the_new_time_and_the_others_the_old(planner: Planner, admin: Caller) -> None:
    monday = planner.monday()
    made = planner.plan(admin, monday, monday + 2 * ONE)
    body = planner.body(admin, monday + ONE, plannedSecondsPerDay=3 * HOUR)
    changed = planner.adopt(admin.put(f"{PLAN.place(made['id'])}/partial/{monday + ONE}", body), admin)
    expect.status(changed, 200)
    expect.shape(changed, expect.json_object(changed), planner_beans.PLAN)
    query = window(monday, monday + 2 * ONE, ("plannedTimeBreakdown", "DAILY"))
    answer = admin.get(f"4/plans/user/{account_of(admin)}", query)
    found = results(answer)
    for row in found:
        planner.adopt_row(row, admin)
    total = {day: sum(planned_days(plan).get(day, 0) for plan in found) for day in days_of(monday, monday + 2 * ONE)}
    wanted = dict(zip(days_of(monday, monday + 2 * ONE), (HOUR, 3 * HOUR, HOUR), strict=True))
    expect.equal(answer, "the time planned a day", total, wanted)


@pytest.mark.requirement("cloud_plans.day.unknown-404")
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_day_of_an_unknown_plan_is_not_found(planner: Planner, admin: Caller, method: str) -> None:
    monday = planner.monday()
    place = f"{PLAN.place(UNKNOWN)}/partial/{monday}"
    answer = admin.put(place, planner.body(admin, monday)) if method == "PUT" else admin.delete(place)
    expect.status(answer, 404)


@pytest.mark.requirement("cloud_plans.resource.listed")
def test_plan_for_a_generic_resource_is_listed_with_it(planner: Planner, bench: Bench, admin: Caller, lead: Caller) -> None:
    resource = generic_resource(bench, admin, lead)
    monday = planner.monday()
    made = planner.plan(lead, monday, assigneeType="GENERIC", assigneeId=str(resource["id"]))
    answer = lead.get(f"4/plans/generic-resource/{resource['id']}", window(monday, monday))
    expect.shape(answer, results(answer), planner_beans.PLANS, "results")
    expect.equal(answer, "the plans", ids(answer), [made["id"]])
    told = [(row["assignee"]["id"], row["assignee"]["type"]) for row in results(answer)]
    expect.equal(answer, "the assignee", told, [(str(resource["id"]), "GENERIC")])


@pytest.mark.requirement("cloud_plans.others.not-planned-for")
def test_nobody_plans_for_others_without_permission(planner: Planner, admin: Caller, outsider: Caller) -> None:
    monday = planner.monday()
    answer = planner.make(outsider, planner.body(admin, monday))
    expect.that(answer, 400 <= answer.status < 500, "a 4xx status", f"status {answer.status}")
    found = admin.get(f"4/plans/user/{account_of(admin)}", window(monday, monday))
    expect.equal(found, "the plans of that day", ids(found), [])


@pytest.mark.requirement("cloud_plans.others.lead-plans")
def test_lead_of_a_team_plans_for_its_members(planner: Planner, bench: Bench, lead: Caller, member: Caller) -> None:
    team = bench.team(leadAccountId=account_of(lead))
    bench.join(team, member)
    monday = planner.monday()
    answer = planner.make(lead, planner.body(member, monday))
    expect.status(answer, 200)
    found = member.get(f"4/plans/user/{account_of(member)}", window(monday, monday))
    expect.equal(found, "the plans of that day", ids(found), [expect.json_object(answer).get("id")])
