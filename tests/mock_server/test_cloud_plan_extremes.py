"""The ends of the calendar, nulls everywhere, huge numbers and unknown names: plans, schemes, schedules and periods."""

from typing import Any

import pytest

BOB, ERICA = "5b10a2844c20165700ede223", "5b10a2844c20165700ede220"
APPROVAL = {"globalConfiguration.planApprovalEnabled": "on"}
PLAN = {
    "assigneeId": BOB,
    "assigneeType": "USER",
    "planItemId": "10240",
    "planItemType": "ISSUE",
    "startDate": "2013-11-21",
    "endDate": "2013-11-22",
    "plannedSecondsPerDay": 28800,
}
OPTIONAL = ("description", "startTime", "effortPersistenceType", "plannedSeconds", "rule", "recurrenceEndDate",
            "includeNonWorkingDays", "planApproval")  # fmt: skip
FILTERS = ("accountIds", "genericResourceIds", "planIds", "issueIds", "projectIds", "planItemIds", "assigneeTypes",
           "planItemTypes", "plannedTimeBreakdown", "offset", "limit", "updatedFrom")  # fmt: skip
ALWAYS = "from=0001-01-01&to=9999-12-31"
HUGE = 2**63


@pytest.fixture
def make_world(make_world: Any, idle_scenario: str) -> Any:
    """Worlds without plans but those a test makes."""
    return lambda settings=None, **options: make_world(settings, scenario=idle_scenario, **options)


def make(world: Any, **more: Any) -> dict[str, Any]:
    answer = world.cloud("POST", "bob", "plans", {**PLAN, **more})
    assert answer.status == 200, answer.text
    made: dict[str, Any] = answer.json
    return made


@pytest.mark.parametrize(
    ("start", "end", "more", "days"),
    [
        ("0001-01-01", "0001-01-07", {}, 5),
        ("9999-12-25", "9999-12-31", {"rule": "WEEKLY", "recurrenceEndDate": "9999-12-31"}, 5),
        ("9999-12-31", "9999-12-31", {"rule": "MONTHLY", "recurrenceEndDate": "9999-12-31"}, 1),
        ("2016-02-29", "2016-02-29", {"rule": "MONTHLY", "recurrenceEndDate": "2016-03-31"}, 2),
    ],
)
def test_plans_at_the_ends_of_the_calendar(world: Any, start: str, end: str, more: dict[str, Any], days: int) -> None:
    made = make(world, startDate=start, endDate=end, **more)
    assert made["plannedTime"]["days"]["count"] == days
    for query in (ALWAYS, f"from={start}&to={start}", f"from={end}&to={end}"):
        found = world.cloud("GET", "bob", f"plans?{query}&plannedTimeBreakdown=PERIOD")
        assert [plan["id"] for plan in found.json["results"]] == [1], query
    for query in ("from=0001-01-01", "to=9999-12-31", ALWAYS):
        assert world.cloud("GET", "bob", f"plans/1?{query}").json["totalPlannedSecondsInScope"] == made["totalPlannedSeconds"]
    assert world.cloud("DELETE", "bob", f"plans/1/partial/{end}").status == 200
    left = world.cloud("GET", "bob", f"plans?from={end}&to={end}").json
    assert left["metadata"]["count"] == 0


def test_nulls_mean_what_is_meant_by_nothing(make_world: Any) -> None:
    world = make_world(APPROVAL)
    plain = make(world)
    nulls = make(world, **dict.fromkeys(OPTIONAL))
    assert {**nulls, "id": 1, "self": plain["self"], "plannedTime": plain["plannedTime"]} == plain
    answer = world.cloud("PUT", "bob", "plans/2", {**PLAN, **dict.fromkeys(OPTIONAL)})
    assert answer.json == nulls
    assert "planApproval" not in make(world, planApproval={"reviewerId": None, "status": None})
    window = {"from": "2013-01-01", "to": "2013-12-31"}
    found = world.cloud("POST", "bob", "plans/search", {**window, **dict.fromkeys(FILTERS)}).json
    assert found == world.cloud("POST", "bob", "plans/search", window).json
    body = {"statuses": None, "includePastPlans": None}
    assert world.cloud("POST", "erica", "plan-approvals/plans-for-review", body).json["results"] == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "plans", dict.fromkeys(PLAN)),
        ("POST", "plans", None),
        ("POST", "plans", []),
        ("POST", "plans", {**PLAN, "plannedSecondsPerDay": HUGE}),
        ("POST", "plans", {**PLAN, "plannedSecondsPerDay": 1e300}),
        ("POST", "plans", {**PLAN, "effortPersistenceType": "TOTAL_SECONDS", "plannedSeconds": HUGE}),
        ("POST", "plans", {**PLAN, "assigneeType": "GENERIC", "assigneeId": str(HUGE)}),
        ("POST", "plans", {**PLAN, "planItemId": str(HUGE)}),
        ("POST", "plans", {**PLAN, "planApproval": []}),
        ("PUT", "plans/1", dict.fromkeys(PLAN)),
        ("PUT", "plans/1/partial/2013-11-21", dict.fromkeys(PLAN)),
        ("PUT", "plan-approvals/1", {"status": None, "reviewerId": None}),
        ("PUT", "plan-approvals/1", []),
        ("POST", "plans/search", {"from": None, "to": None}),
        ("POST", "plans/search", {"from": "2013-01-01", "to": "2013-12-31", "planIds": [HUGE]}),
        ("POST", "plans/search", {"from": "2013-01-01", "to": "2013-12-31", "accountIds": [None]}),
        ("POST", "plans/search", {"from": "2013-01-01", "to": "2013-12-31", "limit": HUGE}),
        ("POST", "plan-approvals/plans-for-review", {"statuses": [None]}),
        ("POST", "workload-schemes", {"name": None, "days": None}),
        ("POST", "workload-schemes", {"name": "x", "days": [None] * 7}),
        ("POST", "holiday-schemes", {"name": None}),
        ("POST", "holiday-schemes/1/holidays", dict.fromkeys(("type", "name", "date", "durationSeconds"))),
        ("POST", "holiday-schemes/1/holidays", {"type": "FIXED", "name": "x", "date": "2013-02-29", "durationSeconds": 1}),
        ("POST", "holiday-schemes/1/holidays", {"type": "FIXED", "name": "x", "date": "2013-02-28", "durationSeconds": 10**30}),
        ("POST", "holiday-schemes/1/members", {"accountIds": [None]}),
        ("POST", "holiday-schemes/members/search", {"schemeIds": [HUGE]}),
    ],
    ids=str,
)
def test_what_cannot_be_read_is_told_and_changes_nothing(make_world: Any, method: str, path: str, body: Any) -> None:
    world = make_world(APPROVAL)
    make(world)
    before = world.site.store.serialize()
    answer = world.cloud(method, "fred" if "scheme" in path else "bob", path, body)
    assert answer.status == 400, answer.text
    assert all(error["message"] for error in answer.json["errors"])
    assert world.site.store.serialize() == before


@pytest.mark.parametrize(
    "query",
    ["accountIds=nobody", "accountIds=", "genericResourceIds=99", "planIds=99", "issueIds=99", "projectIds=99",
     f"planItemIds={HUGE - 1}", f"accountIds=nobody&accountIds={ERICA}"],
)  # fmt: skip
def test_nothing_is_found_by_unknown_names(world: Any, query: str) -> None:
    make(world)
    found = world.cloud("GET", "bob", f"plans?{ALWAYS}&{query}")
    assert (found.status, found.json["results"]) == (200, [])


def test_seconds_that_are_less_than_the_days_go_to_the_first_ones(world: Any) -> None:
    made = make(world, endDate="2013-11-29", effortPersistenceType="TOTAL_SECONDS", plannedSeconds=3)
    assert made["plannedTime"]["days"] == {
        "count": 3,
        "values": [{"date": day, "plannedSeconds": 1} for day in ("2013-11-21", "2013-11-22", "2013-11-25")],
    }
    assert (made["plannedSecondsPerDay"], made["totalPlannedSeconds"]) == (1, 3)
    # On a weekend there is nobody to do it.
    weekend = make(world, startDate="2013-11-23", endDate="2013-11-24", effortPersistenceType="TOTAL_SECONDS", plannedSeconds=3)
    assert (weekend["totalPlannedSeconds"], weekend["plannedTime"]["days"]["values"]) == (0, [])
    assert "plannedSecondsPerDay" not in weekend


@pytest.mark.parametrize("noun", ["workload-schemes", "holiday-schemes"])
def test_the_default_scheme_moves_to_and_fro_and_people_stay(world: Any, noun: str) -> None:
    made = world.cloud("POST", "fred", noun, {"name": "New"}).json["id"]
    before = world.cloud("GET", "bob", f"{noun}/users/{BOB}").json["id"]
    for number in (made, made, before, made):
        assert world.cloud("PUT", "fred", f"{noun}/{number}/default").json["defaultScheme"] is True
        defaults = [one["id"] for one in world.cloud("GET", "fred", noun).json["results"] if one["defaultScheme"]]
        assert defaults == [number]
        assert world.cloud("GET", "bob", f"{noun}/users/{BOB}").json["id"] == before
    assert world.cloud("DELETE", "fred", f"{noun}/{before}").status == 400


@pytest.mark.parametrize(("path", "expected"), [
    ("user-schedule?from=0001-01-01&to=0001-01-01", ["0001-01-01"]),
    ("user-schedule?from=9999-12-31&to=9999-12-31", ["9999-12-31"]),
])  # fmt: skip
def test_schedules_at_the_ends_of_the_calendar(world: Any, path: str, expected: list[str]) -> None:
    assert [day["date"] for day in world.cloud("GET", "bob", path).json["results"]] == expected


@pytest.mark.parametrize(("period", "expected"), [
    ("WEEK", [{"from": "0001-01-01", "to": "0001-01-07"}, {"from": "9999-12-27", "to": "9999-12-31"}]),
    ("MONTH", [{"from": "0001-01-01", "to": "0001-01-31"}, {"from": "9999-12-01", "to": "9999-12-31"}]),
])  # fmt: skip
def test_periods_at_the_ends_of_the_calendar(make_world: Any, period: str, expected: list[dict[str, str]]) -> None:
    world = make_world({"globalConfiguration.approvalPeriod": period})
    found = [world.cloud("GET", "bob", f"periods?from={day}&to={day}").json["periods"] for day in ("0001-01-01", "9999-12-31")]
    assert found == [[one] for one in expected]


def test_a_holiday_of_29_february_comes_in_leap_years(world: Any) -> None:
    leap = {"type": "FIXED", "name": "Leap", "date": "2012-02-29", "durationSeconds": 28800}
    assert world.cloud("POST", "fred", "holiday-schemes/1/holidays", leap).json["date"] == "2012-02-29"
    for year, expected in ((2013, []), (2016, ["2016-02-29"])):
        found = world.cloud("GET", "bob", f"holiday-schemes/1/holidays?year={year}").json["results"]
        assert [holiday["date"] for holiday in found] == expected
    made = make(world, startDate="2016-02-29", endDate="2016-03-01")
    assert [day["date"] for day in made["plannedTime"]["days"]["values"]] == ["2016-03-01"]
