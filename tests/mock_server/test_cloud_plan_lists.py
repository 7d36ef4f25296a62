"""Lists of plans: windows, filters, pages, reach, and approval."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mock_server.domain.plan_days import Pattern, Rule, Span

BASE = "http://localhost/4"
HOUR = 3600
FRED, ERICA, LAURA = "5b10a2844c20165700ede21f", "5b10a2844c20165700ede220", "5b10a2844c20165700ede222"
BOB, DAVID, GRETA = "5b10a2844c20165700ede223", "5b10a2844c20165700ede224", "5b10a2844c20165700ede225"
APPROVAL = {"globalConfiguration.planApprovalEnabled": "on"}
YEAR = "from=2013-01-01&to=2013-12-31"


@pytest.fixture
def make_world(make_world: Any, idle_scenario: str) -> Any:
    """Worlds without plans but those a test makes."""
    return lambda settings=None, **options: make_world(settings, scenario=idle_scenario, **options)


def plan(start: str, end: str | None = None, who: str = BOB, **more: Any) -> dict[str, Any]:
    return {
        "assigneeId": who, "assigneeType": "USER", "planItemId": "10240", "planItemType": "ISSUE", "startDate": start,
        "endDate": end or start, "plannedSecondsPerDay": 8 * HOUR, **more,
    }  # fmt: skip


def make(world: Any, who: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = world.cloud("POST", who, "plans", body)
    assert answer.status == 200, answer.text
    made: dict[str, Any] = answer.json
    return made


def messages(answer: Any) -> list[str]:
    return [error["message"] for error in answer.json["errors"]]


def ids(answer: Any) -> list[int]:
    assert answer.status == 200, answer.text
    return [found["id"] for found in answer.json["results"]]


def role(world: Any, who: str, *keys: str, teams: tuple[int, ...] = ()) -> None:
    body = {"name": f"{who} {keys}", "accessType": "TEAM" if teams else "GLOBAL", "permissionKeys": list(keys),
            "permittedAccountIds": [who], "accessEntityIds": list(teams)}  # fmt: skip
    assert world.cloud("POST", "fred", "permission-roles", body).status == 200


@pytest.fixture
def planned(world: Any) -> Any:
    """Bob's: 1 and 2 (weekly). Erica's: 3 in CLOUD. A resource's: 4 for the project CLOUD. David's in team 3: 5. Greta's: 6."""
    make(world, "bob", plan("2013-11-21", "2013-11-26"))
    make(world, "bob", plan("2013-11-18", rule="WEEKLY", recurrenceEndDate="2013-12-09"))
    make(world, "erica", plan("2013-11-21", who=ERICA, planItemId="10200"))
    resource = world.cloud("POST", "fred", "generic-resources", {"name": "A developer"}).json["id"]
    world.cloud("POST", "fred", "teams/3/generic-resources", {"genericResourceId": resource})
    make(
        world,
        "erica",
        plan("2013-11-21", who=str(resource), assigneeType="GENERIC", planItemType="PROJECT", planItemId="10010"),
    )
    make(world, "erica", plan("2013-12-02", "2013-12-20", who=DAVID))
    make(world, "greta", plan("2013-11-21", who=GRETA))
    return world


@pytest.mark.parametrize(
    ("who", "query", "expected"),
    [
        ("bob", YEAR, [1, 2]),
        ("erica", YEAR, [1, 2, 3, 4, 5]),
        ("greta", YEAR, [6]),
        ("fred", YEAR, []),
        ("bob", "from=2013-11-22&to=2013-11-24", [1]),
        ("bob", "from=2013-11-27&to=2013-12-01", []),
        ("bob", "from=2013-11-26&to=2013-12-02", [1, 2]),
        ("bob", "from=2013-12-09&to=2013-12-09", [2]),
        ("bob", "from=2013-12-16&to=2013-12-16", []),
        ("erica", f"{YEAR}&accountIds={BOB}&accountIds={ERICA}", [1, 2, 3]),
        ("erica", f"{YEAR}&accountIds=nobody", []),
        ("erica", f"{YEAR}&accountIds={GRETA}", []),
        ("erica", f"{YEAR}&assigneeTypes=GENERIC", [4]),
        ("erica", f"{YEAR}&assigneeTypes=GENERIC&assigneeTypes=USER", [1, 2, 3, 4, 5]),
        ("erica", f"{YEAR}&planItemTypes=PROJECT", [4]),
        ("erica", f"{YEAR}&issueIds=10200", [3]),
        ("erica", f"{YEAR}&projectIds=10010", [3, 4]),
        ("erica", f"{YEAR}&planItemIds=10010&planItemIds=10240", [1, 2, 4, 5]),
        ("erica", f"{YEAR}&planIds=5&planIds=1&planIds=6", [1, 5]),
        ("erica", f"{YEAR}&accountIds={ERICA}&issueIds=10240", []),
        ("erica", f"{YEAR}&updatedFrom=2013-11-16", []),
        ("erica", f"{YEAR}&updatedFrom=2013-11-15&limit=2&offset=3", [4, 5]),
    ],
)
def test_lists_and_searches_find_the_same(planned: Any, who: str, query: str, expected: list[int]) -> None:
    assert ids(planned.cloud("GET", who, f"plans?{query}")) == expected
    body: dict[str, Any] = {}
    for name, _, value in (pair.partition("=") for pair in query.split("&")):
        if name in ("from", "to", "updatedFrom"):
            body[name] = value
        elif name in ("limit", "offset"):
            body[name] = int(value)
        else:
            body.setdefault(name, []).append(int(value) if name.endswith("Ids") and name != "accountIds" else value)
    answer = planned.cloud("POST", who, "plans/search", body)
    assert ids(answer) == expected
    assert set(answer.json) == {"metadata", "results"}
    assert set(answer.json["metadata"]) == {"count", "offset", "limit"}


def test_reach_by_dates_of_memberships(planned: Any) -> None:
    # Laura's role over team 3 shows Bob until 29 November and David from 1 December.
    make(planned, "bob", plan("2013-11-30"))
    token = planned.post(None, "/_mock/tokens", {"person": "laura", "name": "t"}).json["token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert ids(planned.cloud("GET", None, f"plans?{YEAR}", headers=headers)) == [1, 2, 4, 5]
    assert planned.cloud("GET", None, "plans/7", headers=headers).status == 404


def test_the_breakdown_is_there_when_it_is_asked_for(planned: Any) -> None:
    window = "from=2013-11-22&to=2013-11-25"
    (found,) = planned.cloud("GET", "bob", f"plans?{window}&planIds=1").json["results"]
    assert "plannedTime" not in found
    assert (found["totalPlannedSeconds"], found["totalPlannedSecondsInScope"]) == (4 * 28800, 2 * 28800)
    (daily,) = planned.cloud("GET", "bob", f"plans?{window}&planIds=1&plannedTimeBreakdown=DAILY").json["results"]
    assert daily["plannedTime"]["days"] == {
        "count": 2,
        "values": [{"date": day, "plannedSeconds": 28800} for day in ("2013-11-22", "2013-11-25")],
    }
    assert "periods" not in daily["plannedTime"]
    both = "plannedTimeBreakdown=DAILY&plannedTimeBreakdown=PERIOD"
    (whole,) = planned.cloud("GET", "bob", f"plans?{window}&planIds=1&{both}").json["results"]
    assert [period["from"] for period in whole["plannedTime"]["periods"]["values"]] == ["2013-11-22", "2013-11-25"]


def test_pages_are_walked_by_next(planned: Any) -> None:
    found: list[int] = []
    path = f"plans?{YEAR}&limit=2&projectIds=10010&projectIds=10012"
    while path:
        answer = planned.cloud("GET", "erica", path)
        found += ids(answer)
        assert answer.json["metadata"]["count"] == len(answer.json["results"])
        path = answer.json["metadata"].get("next", "").removeprefix(f"{BASE}/")
    assert found == [1, 2, 3, 4, 5]


def test_lists_of_one_assignee_have_no_pages(planned: Any) -> None:
    answer = planned.cloud("GET", "erica", f"plans/user/{BOB}")
    assert ids(answer) == [1, 2]
    assert answer.json["metadata"] == {"count": 2}
    assert ids(planned.cloud("GET", "erica", f"plans/user/{BOB}?from=2013-11-27")) == [2]
    assert ids(planned.cloud("GET", "erica", f"plans/user/{BOB}?to=2013-11-18")) == [2]
    assert ids(planned.cloud("GET", "erica", f"plans/user/{GRETA}")) == []
    assert planned.cloud("GET", "erica", "plans/user/nobody").status == 404
    resource = planned.cloud("GET", "erica", "plans/4").json["assignee"]["id"]
    assert ids(planned.cloud("GET", "erica", f"plans/generic-resource/{resource}?plannedTimeBreakdown=DAILY")) == [4]
    assert ids(planned.cloud("GET", "greta", f"plans/generic-resource/{resource}")) == []
    assert planned.cloud("GET", "erica", "plans/generic-resource/99").status == 404


@pytest.mark.parametrize(
    "query",
    ["", "from=2013-01-01", "to=2013-01-01", "from=2013-01-02&to=2013-01-01", f"{YEAR}&limit=0", f"{YEAR}&limit=5001",
     f"{YEAR}&offset=-1", f"{YEAR}&assigneeTypes=TEAM", f"{YEAR}&planItemTypes=EPIC", f"{YEAR}&plannedTimeBreakdown=WEEKLY",
     f"{YEAR}&planIds=x", f"{YEAR}&updatedFrom=yesterday"],
)  # fmt: skip
def test_what_is_wrong_with_a_query_is_told(world: Any, query: str) -> None:
    answer = world.cloud("GET", "bob", f"plans?{query}")
    assert answer.status == 400, answer.text
    assert all(messages(answer))


STARTS = st.dates(date(2013, 1, 1), date(2014, 6, 30))


@settings(
    derandomize=True, deadline=None, database=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    start=STARTS, length=st.integers(0, 10), rule=st.sampled_from(list(Rule)), until=st.integers(0, 120),
    window=STARTS, width=st.integers(0, 40), taken=st.integers(0, 10),
)  # fmt: skip
def test_a_window_returns_a_plan_exactly_when_an_occurrence_overlaps_it(
    world: Any, start: date, length: int, rule: Rule, until: int, window: date, width: int, taken: int
) -> None:
    end, last = start + timedelta(days=length), start + timedelta(days=until)
    body = plan(start.isoformat(), end.isoformat(), rule=rule.value, recurrenceEndDate=last.isoformat())
    made = make(world, "bob", body)["id"]
    out = start + timedelta(days=taken)
    removed = world.cloud("DELETE", "bob", f"plans/{made}/partial/{out}").status == 200
    pattern = Pattern(Span(start, end), 1, None, rule, last, False, frozenset([out] if removed else []))
    days = [day for occurrence in pattern.occurrences() for day in occurrence.days() if day not in pattern.removed]
    asked = Span(window, window + timedelta(days=width))
    query = urlencode({"from": asked.start, "to": asked.end, "planIds": made})
    expected = [made] if any(asked.start <= day <= asked.end for day in days) else []
    assert ids(world.cloud("GET", "bob", f"plans?{query}")) == expected


def test_approval_is_left_out_while_it_is_off(world: Any) -> None:
    made = make(world, "bob", plan("2013-11-21", planApproval={"reviewerId": ERICA}))
    assert "planApproval" not in made
    answer = world.cloud("PUT", "erica", f"plan-approvals/{made['id']}", {"status": "APPROVED"})
    assert (answer.status, messages(answer)) == (400, ["Plan approval is not enabled"])


@pytest.fixture
def asked(make_world: Any) -> Any:
    """Bob asked Erica, who leads his team, to approve plan 1."""
    world = make_world(APPROVAL)
    made = make(world, "bob", plan("2013-11-21", planApproval={"reviewerId": ERICA}))
    assert made["planApproval"] == {"requester": user(BOB), "reviewer": user(ERICA), "status": "REQUESTED"}
    return world


def user(account_id: str) -> dict[str, str]:
    return {"self": f"http://localhost/rest/api/2/user?accountId={account_id}", "accountId": account_id}


def test_a_reviewer_approves_and_a_moved_plan_is_asked_for_anew(asked: Any) -> None:
    waiting = asked.cloud("POST", "erica", "plan-approvals/plans-for-review", {})
    assert ids(waiting) == [1]
    assert set(waiting.json) == {"self", "results"}
    asked.set_clock("2013-11-16")
    answer = asked.cloud("PUT", "erica", "plan-approvals/1", {"status": "APPROVED"})
    assert answer.json == {"requester": user(BOB), "reviewer": user(ERICA), "actor": user(ERICA), "status": "APPROVED"}
    assert ids(asked.cloud("GET", "bob", "plans?from=2013-11-01&to=2013-12-01&updatedFrom=2013-11-16")) == [1]
    assert ids(asked.cloud("POST", "erica", "plan-approvals/plans-for-review", {})) == []
    assert ids(asked.cloud("POST", "erica", "plan-approvals/plans-for-review", {"statuses": ["APPROVED"]})) == [1]
    text = asked.cloud("PUT", "bob", "plans/1", plan("2013-11-21", description="Away")).json
    assert text["planApproval"]["status"] == "APPROVED"
    moved = asked.cloud("PUT", "bob", "plans/1", plan("2013-11-22")).json
    assert moved["planApproval"] == {"requester": user(BOB), "reviewer": user(ERICA), "status": "REQUESTED"}


@pytest.mark.parametrize(
    ("who", "status"), [("bob", 403), ("greta", 404), ("fred", 404), ("erica", 200)]
)  # fmt: skip
def test_nobody_approves_their_own_and_strangers_neither(asked: Any, who: str, status: int) -> None:
    assert asked.cloud("PUT", who, "plan-approvals/1", {"status": "REJECTED"}).status == status


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"reviewerId": BOB}, "Nobody reviews their own plans"),
        ({"reviewerId": GRETA}, "The reviewer does not have the permission Approve Plans for this user"),
        ({"reviewerId": "nobody"}, "Reviewer is invalid"),
        ({"status": "REQUESTED"}, "'planApproval.reviewerId' is required to request an approval."),
        ({"reviewerId": ERICA, "status": "APPROVED"}, "You may not approve or reject plans of this user"),
    ],
)
def test_what_is_wrong_with_an_approval_is_told(asked: Any, body: dict[str, str], message: str) -> None:
    answer = asked.cloud("POST", "bob", "plans", plan("2013-11-22", planApproval=body))
    assert (answer.status, messages(answer)) == (400, [message])


def test_past_plans_wait_when_they_are_asked_for(asked: Any) -> None:
    asked.set_clock("2013-11-22")
    assert ids(asked.cloud("POST", "erica", "plan-approvals/plans-for-review", {})) == []
    assert ids(asked.cloud("POST", "erica", "plan-approvals/plans-for-review", {"includePastPlans": True})) == [1]


def test_possible_reviewers_are_those_who_may_approve(asked: Any) -> None:
    def reviewers(query: str) -> list[str]:
        found: list[str] = asked.cloud("GET", "bob", f"plan-permissions/plan-reviewers?{query}").json
        return found

    assert reviewers(f"accountId={BOB}") == [ERICA]
    assert reviewers(f"accountId={BOB}&from=2013-12-01&to=2013-12-02") == []
    assert reviewers(f"accountId={DAVID}&from=2013-12-01&to=2013-12-02") == [ERICA]
    role(asked, GRETA, "permissions.plan.approve")
    assert reviewers(f"accountId={BOB}") == [ERICA, GRETA]
    assert reviewers(f"accountId={GRETA}") == []
    assert asked.cloud("GET", "bob", "plan-permissions/plan-reviewers?accountId=nobody").status == 404
    assert asked.cloud("GET", "bob", "plan-permissions/plan-reviewers").status == 400
