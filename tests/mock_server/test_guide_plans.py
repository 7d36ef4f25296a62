"""What the scenario guide shows of planning on a fresh start, whatever day it is, and whom each trouble with absences hits."""

from datetime import date, timedelta
from typing import Any

import pytest

NADIA, RITA = "712020:0b7e51c2-77aa-4d0e-9d43-6f1f0c2a9e11", "712020:2d9073e4-99cc-4f20-9f65-8b3b2e4c1033"
GRETA, DAVID = "5b10a2844c20165700ede225", "5b10a2844c20165700ede224"
DAYS = ("2013-11-15", "2026-02-28", "2028-02-29", "2031-12-31")
SICK_LEAVE, TIME_OFF = "10241", "10240"

any_day = pytest.mark.parametrize("clock", DAYS)


def plan(world: Any, who: str, number: int) -> Any:
    answer = world.cloud("GET", who, f"plans/{number}?plannedTimeBreakdown=DAILY")
    assert answer.status == 200, answer.text
    return answer.json


def refusal(world: Any, who: str, account_id: str, issue: str) -> str:
    today = world.site.clock.now().date().isoformat()
    body = {"assigneeId": account_id, "assigneeType": "USER", "planItemId": issue, "planItemType": "ISSUE",
            "startDate": today, "endDate": today, "plannedSecondsPerDay": 3600}  # fmt: skip
    answer = world.cloud("POST", who, "plans", body)
    assert answer.status == 400, answer.text
    message: str = answer.json["errors"][0]["message"]
    return message


@any_day
@pytest.mark.parametrize(
    ("who", "number", "status", "people"),
    [
        ("david", 3, "REQUESTED", {"requester", "reviewer"}),
        ("laura", 10, "APPROVED", {"requester", "reviewer", "actor"}),
        ("nadia", 11, "REJECTED", {"requester", "reviewer", "actor"}),
    ],
)
def test_approvals_show(make_world: Any, clock: str, who: str, number: int, status: str, people: set[str]) -> None:
    found = plan(make_world(clock=clock), who, number)["planApproval"]
    assert found["status"] == status
    assert set(found) == people | {"status"}


@any_day
@pytest.mark.parametrize(
    ("who", "number", "time", "first", "length", "weekday"),
    [
        ("erica", 1, "09:00", 0, 1, None),
        ("bob", 2, "08:00", 1, 1, 0),
        ("david", 3, "08:00", 7, 19, 0),
        ("laura", 8, "12:00", 1, 1, 3),
        ("fred", 9, "22:00", 3, 1, None),
        ("erica", 12, "00:00", 7, 12, 0),
        ("erica", 13, "08:00", 28, 5, 0),
    ],
)
def test_plans_stand_around_today(
    make_world: Any, clock: str, who: str, number: int, time: str, first: int, length: int, weekday: int | None
) -> None:
    found = plan(make_world(clock=clock), who, number)
    start, end = date.fromisoformat(found["startDate"]), date.fromisoformat(found["endDate"])
    assert found["startTime"] == time
    assert timedelta(first) <= start - date.fromisoformat(clock) < timedelta(first + 7)
    assert end - start == timedelta(length - 1)
    assert weekday in (None, start.weekday())


@any_day
def test_the_long_plan_leaves_the_floating_holiday_out(make_world: Any, clock: str) -> None:
    world = make_world(clock=clock)
    found = plan(world, "david", 3)
    floating = world.cloud("GET", "fred", "holiday-schemes/2/holidays/floating").json["results"]
    assert len(floating) == 1
    planned = {value["date"] for value in found["plannedTime"]["days"]["values"]}
    start = date.fromisoformat(found["startDate"])
    weekdays = {str(start + timedelta(day)) for day in range(19) if (start + timedelta(day)).weekday() < 5}
    assert floating[0]["date"] in weekdays
    assert planned == {
        day for day in weekdays if day[5:] not in ("01-01", "05-01", "10-03", "12-25", "12-26")
    } - {floating[0]["date"]}  # fmt: skip


def test_laura_plans_for_david_and_plans_of_the_inactive_stay(world: Any) -> None:
    assert plan(world, "david", 14)["planCreatorId"] == "5b10a2844c20165700ede222"
    store = world.site.store
    with store.reading():
        gone = store.all("SELECT p.id FROM plans p JOIN people e ON e.id = p.person_id WHERE NOT e.active")
    assert gone == [(15,)]


@pytest.mark.parametrize("clock", ["2013-12-02", "2026-02-28"])
def test_each_trouble_with_absences_hits_somebody(make_world: Any, clock: str) -> None:
    world = make_world(clock=clock)
    headers = {"Authorization": "Bearer demo-token-of-absences-not-a-secret"}

    def open_to(account_id: str) -> list[str]:
        answer = world.get(None, f"/x-tempo-mock/internal-issues?accountId={account_id}", headers=headers)
        return [issue["key"] for issue in answer.json["results"]]

    assert open_to(GRETA) == []
    assert open_to(NADIA) == ["HR-1", "HR-3", "HR-4"]
    assert open_to(DAVID) == ["HR-1", "HR-2", "HR-3", "HR-4"]
    assert refusal(world, "nadia", NADIA, SICK_LEAVE) == "The internal issue HR-2 is not assigned to a team of this user"
    assert "Work On Issues" in refusal(world, "rita", RITA, TIME_OFF)
    assert world.cloud("GET", "demo-token-that-expired-not-a-secret", "plans/1").status == 401


@any_day
def test_the_token_for_absences_reads_everybodys_plans(make_world: Any, clock: str) -> None:
    world = make_world(clock=clock)
    today = world.site.clock.now().date()
    window = f"plans?from={today - timedelta(days=60)}&to={today + timedelta(days=90)}&limit=5000"

    def seen(who: str) -> set[int]:
        return {found["id"] for found in world.cloud("GET", who, window).json["results"]}

    assert seen("absences") == set(range(1, 19))
    assert seen("bob") == {2}


def test_the_next_plan_is_the_hundred_and_first(world: Any) -> None:
    body = {"assigneeId": GRETA, "assigneeType": "USER", "planItemId": TIME_OFF, "planItemType": "ISSUE",
            "startDate": "2013-11-18", "endDate": "2013-11-18", "plannedSecondsPerDay": 3600}  # fmt: skip
    assert world.cloud("POST", "greta", "plans", body).json["id"] == 101


def test_null_is_the_default_of_the_fake_and_a_reset_brings_back_what_the_scenario_says(world: Any) -> None:
    name = "globalConfiguration.planApprovalEnabled"
    values = []
    for change in ({name: "off"}, {name: None}, {}):
        assert world.put(None, "/_mock/settings", change).status == 200
        values.append(world.cloud("GET", "fred", "globalconfiguration").json["planApprovalEnabled"])
    assert values == [False, False, False]
    assert world.post(None, "/_mock/reset", {"confirm": True}).status in (200, 204)
    assert world.cloud("GET", "fred", "globalconfiguration").json["planApprovalEnabled"] is True


def test_a_generic_resource_goes_with_its_plans(world: Any) -> None:
    assert world.cloud("GET", "erica", "plans/12").status == 200
    assert world.cloud("DELETE", "fred", "generic-resources/1").status == 204
    assert world.cloud("GET", "erica", "plans/12").status == 404


def test_a_window_of_days_off_finds_a_plan_without_days_and_a_day_taken_out_finds_none(world: Any) -> None:
    monday = date.fromisoformat(plan(world, "david", 3)["startDate"])
    saturday, sunday = monday + timedelta(days=5), monday + timedelta(days=6)

    def found(day: date) -> list[tuple[int, int]]:
        answer = world.cloud("GET", "david", f"plans?from={day}&to={day}&plannedTimeBreakdown=DAILY")
        return [(one["totalPlannedSecondsInScope"], one["plannedTime"]["days"]["count"]) for one in answer.json["results"]]

    assert found(saturday) == found(sunday) == [(0, 0)]
    path = f"plans/3/partial/{saturday}"
    assert [world.cloud("DELETE", "david", path).status for _ in "12"] == [200, 404]
    assert (found(saturday), found(sunday)) == ([], [(0, 0)])


def test_zeros_before_an_id_and_the_seconds_of_the_first_day(world: Any) -> None:
    assert world.cloud("GET", "erica", "plans/01").json == world.cloud("GET", "erica", "plans/1").json
    day = world.site.clock.now().date().isoformat()
    later = (world.site.clock.now().date() + timedelta(days=2)).isoformat()
    body = {"assigneeId": GRETA, "assigneeType": "USER", "planItemId": TIME_OFF, "planItemType": "ISSUE", "startDate": day,
            "endDate": later, "effortPersistenceType": "TOTAL_SECONDS", "plannedSeconds": 10_000,
            "includeNonWorkingDays": True}  # fmt: skip
    made = world.cloud("POST", "greta", "plans", body).json
    assert (made["plannedSecondsPerDay"], made["totalPlannedSeconds"]) == (3334, 10_000)


def test_while_approval_is_off_it_is_ignored_in_bodies_and_no_decision_is_made(world: Any) -> None:
    assert world.put(None, "/_mock/settings", {"globalConfiguration.planApprovalEnabled": "off"}).status == 200
    today = world.site.clock.now().date().isoformat()
    body = {"assigneeId": GRETA, "assigneeType": "USER", "planItemId": TIME_OFF, "planItemType": "ISSUE", "startDate": today,
            "endDate": today, "plannedSecondsPerDay": 60, "planApproval": {"reviewerId": "nobody"}}  # fmt: skip
    made = world.cloud("POST", "greta", "plans", body)
    assert (made.status, "planApproval" in made.json) == (200, False)
    assert world.cloud("PUT", "erica", "plan-approvals/3", {"status": "APPROVED"}).status == 400


def test_a_plan_of_one_s_own_for_somebody_else_is_refused_as_a_new_one_is(world: Any) -> None:
    own = world.cloud("GET", "greta", "plans/18").json
    body = {"assigneeId": NADIA, "assigneeType": "USER", "planItemId": TIME_OFF, "planItemType": "ISSUE",
            "startDate": own["startDate"], "endDate": own["endDate"], "plannedSecondsPerDay": 60}  # fmt: skip
    assert world.cloud("PUT", "greta", "plans/18", body).status == 400
    assert world.cloud("PUT", "fred", "plans/18", body).status == 403
