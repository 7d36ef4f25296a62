"""The arithmetic of plans, held over the API: what a window tells adds up, whatever the plan, the schemes and the window."""

from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

BOB = "5b10a2844c20165700ede223"
WEEK = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
BOTH = "plannedTimeBreakdown=DAILY&plannedTimeBreakdown=PERIOD"
DAY = timedelta(days=1)
STEADY = settings(
    derandomize=True, deadline=None, database=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


class Drawn(NamedTuple):
    """A plan to make and the days to take out of it, counted from its start."""

    body: dict[str, Any]
    taken: list[int]

    @property
    def start(self) -> date:
        return date.fromisoformat(self.body["startDate"])

    @property
    def end(self) -> date:
        return date.fromisoformat(self.body["endDate"])


@pytest.fixture
def make_world(make_world: Any, idle_scenario: str) -> Any:
    """Worlds without plans but those a test makes."""
    return lambda settings=None, **options: make_world(settings, scenario=idle_scenario, **options)


@st.composite
def drawn_plans(draw: st.DrawFn, rules: tuple[str, ...] = ("NEVER", "WEEKLY", "BI_WEEKLY", "MONTHLY")) -> Drawn:
    start = draw(st.dates(date(2013, 11, 1), date(2014, 3, 31)))
    length = draw(st.integers(0, 12))
    rule = draw(st.sampled_from(rules))
    body = {
        "assigneeId": BOB,
        "assigneeType": "USER",
        "planItemId": "10240",
        "planItemType": "ISSUE",
        "startDate": start.isoformat(),
        "endDate": (start + timedelta(days=length)).isoformat(),
        "rule": rule,
        "includeNonWorkingDays": draw(st.booleans()),
    }
    if rule != "NEVER":
        body["recurrenceEndDate"] = (start + timedelta(days=draw(st.integers(0, 100)))).isoformat()
    if draw(st.booleans()):
        body |= {"effortPersistenceType": "TOTAL_SECONDS", "plannedSeconds": draw(st.integers(1, 86400 * (length + 1)))}
    else:
        body["plannedSecondsPerDay"] = draw(st.integers(1, 86400))
    return Drawn(body, draw(st.lists(st.integers(0, length), max_size=3)))


@pytest.fixture
def scheduled(world: Any) -> Any:
    """Bob works four days a week, one of them half; there are half, whole, doubled and floating holidays."""
    seconds = (28800, 28800, 0, 14400, 28800, 0, 0)
    days = [{"day": day, "requiredSeconds": required} for day, required in zip(WEEK, seconds, strict=True)]
    scheme = world.cloud("POST", "fred", "workload-schemes", {"name": "Part time", "days": days}).json["id"]
    assert world.cloud("POST", "fred", f"workload-schemes/{scheme}/members", {"accountIds": [BOB]}).status == 204
    for kind, day, duration in (
        ("FIXED", "2012-12-26", 14400), ("FIXED", "2012-12-26", 14400), ("FIXED", "2012-02-29", 28800),
        ("FLOATING", "2014-01-06", 28800), ("FLOATING", "2013-12-31", 14400), ("FIXED", "2010-01-02", 14400),
    ):  # fmt: skip
        holiday = {"type": kind, "name": "Off", "date": day, "durationSeconds": duration}
        assert world.cloud("POST", "fred", "holiday-schemes/1/holidays", holiday).status == 200
    return world


def make(world: Any, plan: Drawn) -> dict[str, Any] | None:
    """The plan as it is at the end; None when its last day was taken out."""
    answer = world.cloud("POST", "bob", "plans", plan.body)
    assert answer.status == 200, answer.text
    number = answer.json["id"]
    for day in sorted(set(plan.taken)):
        assert world.cloud("DELETE", "bob", f"plans/{number}/partial/{plan.start + day * DAY}").status == 200
    found = world.cloud("GET", "bob", f"plans/{number}")
    assert found.status in (200, 404)
    return found.json if found.status == 200 else None


def daily(plan: dict[str, Any]) -> list[tuple[str, int]]:
    days = plan["plannedTime"]["days"]
    assert days["count"] == len(days["values"])
    return [(value["date"], value["plannedSeconds"]) for value in days["values"]]


def check_adds_up(plan: dict[str, Any]) -> None:
    days, periods = daily(plan), plan["plannedTime"]["periods"]
    assert sum(seconds for _, seconds in days) == plan["totalPlannedSecondsInScope"]
    assert [day for day, _ in days] == sorted({day for day, _ in days})
    assert periods["count"] == len(periods["values"])
    assert sum(period["plannedSeconds"] for period in periods["values"]) == plan["totalPlannedSecondsInScope"]
    for period in periods["values"]:
        inside = [(day, seconds) for day, seconds in days if period["from"] <= day <= period["to"]]
        width = (date.fromisoformat(period["to"]) - date.fromisoformat(period["from"])).days + 1
        assert (len(inside), sum(seconds for _, seconds in inside)) == (width, period["plannedSeconds"])


@STEADY
@given(plan=drawn_plans(), cuts=st.lists(st.integers(-5, 140), min_size=1, max_size=3, unique=True))
def test_windows_that_follow_each_other_add_up_to_the_whole(scheduled: Any, plan: Drawn, cuts: list[int]) -> None:
    made = make(scheduled, plan)
    if made is None:
        return
    check_adds_up(made)
    assert made["totalPlannedSecondsInScope"] == made["totalPlannedSeconds"]
    # The windows are open at the two ends.
    edges = [plan.start + cut * DAY for cut in sorted(cuts)]
    ends: list[date | None] = [*(edge - DAY for edge in edges), None]
    parts = []
    for start, end in zip([None, *edges], ends, strict=True):
        window = "&".join(f"{name}={day}" for name, day in (("from", start), ("to", end)) if day)
        part = scheduled.cloud("GET", "bob", f"plans/{made['id']}?{window}").json
        check_adds_up(part)
        assert part["totalPlannedSeconds"] == made["totalPlannedSeconds"]
        parts.append(part)
    assert [day for part in parts for day in daily(part)] == daily(made)
    assert sum(part["totalPlannedSecondsInScope"] for part in parts) == made["totalPlannedSeconds"]


@STEADY
@given(plan=drawn_plans(), start=st.integers(-10, 60), width=st.integers(0, 40))
def test_every_list_tells_the_same_of_a_window(scheduled: Any, plan: Drawn, start: int, width: int) -> None:
    made = make(scheduled, plan)
    number = made["id"] if made else 0
    first, last = plan.start + start * DAY, plan.start + (start + width) * DAY
    window = f"from={first}&to={last}"
    listed = scheduled.cloud("GET", "bob", f"plans?{window}&planIds={number}&{BOTH}").json["results"]
    body = {"from": str(first), "to": str(last), "planIds": [number], "plannedTimeBreakdown": ["DAILY", "PERIOD"]}
    assert scheduled.cloud("POST", "bob", "plans/search", body).json["results"] == listed
    of_bob = scheduled.cloud("GET", "bob", f"plans/user/{BOB}?{window}&{BOTH}").json["results"]
    assert [one for one in of_bob if one["id"] == number] == listed
    alone = scheduled.cloud("GET", "bob", f"plans/{number}?{window}")
    if listed:
        assert listed == [alone.json]
        check_adds_up(alone.json)
    elif made:
        assert daily(alone.json) == []


@STEADY
@given(plan=drawn_plans(rules=("NEVER",)))
def test_a_plan_takes_the_days_that_its_assignee_works(scheduled: Any, plan: Drawn) -> None:
    made = make(scheduled, plan)
    if made is None:
        return
    days = scheduled.cloud("GET", "bob", f"user-schedule?from={plan.start}&to={plan.end}").json["results"]
    worked = [day["date"] for day in days if day["requiredSeconds"] > 0 or plan.body["includeNonWorkingDays"]]
    taken = {str(plan.start + day * DAY) for day in plan.taken}
    found = dict(daily(made))
    if made["effortPersistenceType"] == "SECONDS_PER_DAY":
        assert found == {day: plan.body["plannedSecondsPerDay"] for day in worked if day not in taken}
        return
    shares = [found[day] for day in worked if day in found]
    assert set(found) <= set(worked) - taken
    assert not shares or max(shares) - min(shares) <= 1
    if not taken:
        assert sum(shares) == (plan.body["plannedSeconds"] if worked else 0)
        assert shares == sorted(shares, reverse=True)
        # With less seconds than days the last days have nothing to do.
        assert len(shares) == min(len(worked), plan.body["plannedSeconds"])
