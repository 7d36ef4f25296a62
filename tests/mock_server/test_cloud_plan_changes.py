"""What becomes of a plan, its approval and its rights when something about it changes."""

from typing import Any

import pytest

HOUR = 3600
FRED, ERICA, LAURA = "5b10a2844c20165700ede21f", "5b10a2844c20165700ede220", "5b10a2844c20165700ede222"
BOB, DAVID, GRETA = "5b10a2844c20165700ede223", "5b10a2844c20165700ede224", "5b10a2844c20165700ede225"
APPROVAL = {"globalConfiguration.planApprovalEnabled": "on"}
TIMES = "globalConfiguration.startAndEndTimesForPlanningEnabled"
PLAN = {
    "assigneeId": BOB,
    "assigneeType": "USER",
    "planItemId": "10240",
    "planItemType": "ISSUE",
    "startDate": "2013-11-21",
    "endDate": "2013-11-26",
    "plannedSecondsPerDay": 8 * HOUR,
}
"""Thursday to Tuesday. Bob is in Erica's team until 29 November, David from December on."""
REVIEWER = {"planApproval": {"reviewerId": ERICA}}


@pytest.fixture
def make_world(make_world: Any, idle_scenario: str) -> Any:
    """Worlds without plans but those a test makes."""
    return lambda settings=None, **options: make_world(settings, scenario=idle_scenario, **options)


def messages(answer: Any) -> list[str]:
    return [error["message"] for error in answer.json["errors"]]


def make(world: Any, who: str = "bob", **more: Any) -> dict[str, Any]:
    answer = world.cloud("POST", who, "plans", {**PLAN, **more})
    assert answer.status == 200, answer.text
    made: dict[str, Any] = answer.json
    return made


def put(world: Any, who: str, **more: Any) -> dict[str, Any]:
    answer = world.cloud("PUT", who, "plans/1", {**PLAN, **more})
    assert answer.status == 200, answer.text
    changed: dict[str, Any] = answer.json
    return changed


def role(world: Any, who: str, *keys: str) -> int:
    body = {"name": f"{who} {keys}", "accessType": "GLOBAL", "permissionKeys": [f"permissions.plan.{key}" for key in keys],
            "permittedAccountIds": [who]}  # fmt: skip
    answer = world.cloud("POST", "fred", "permission-roles", body)
    assert answer.status == 200, answer.text
    return int(answer.json["id"])


def decide(world: Any, who: str, **body: Any) -> Any:
    return world.cloud("PUT", who, "plan-approvals/1", body)


@pytest.fixture
def approved(make_world: Any) -> Any:
    """Erica approved plan 1 of Bob's."""
    world = make_world(APPROVAL)
    make(world, **REVIEWER)
    assert decide(world, "erica", status="APPROVED").status == 200
    return world


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({}, "APPROVED"),
        ({"description": "Away"}, "APPROVED"),
        ({"plannedSecondsPerDay": HOUR}, "APPROVED"),
        ({"planItemId": "10200"}, "APPROVED"),
        ({"startDate": "2013-11-20"}, "REQUESTED"),
        ({"endDate": "2013-11-25"}, "APPROVED"),
        ({"endDate": "2013-11-25", "planApproval": None}, "APPROVED"),
        ({"startDate": "2013-11-25"}, "APPROVED"),
        ({"endDate": "2013-11-27"}, "REQUESTED"),
        ({"startDate": "2013-11-20", "endDate": "2013-11-21"}, "REQUESTED"),
        ({"rule": "WEEKLY", "recurrenceEndDate": "2013-12-05"}, "REQUESTED"),
        ({"includeNonWorkingDays": True}, "REQUESTED"),
        ({"endDate": "2013-11-27", "planApproval": {"status": "APPROVED", "reviewerId": ERICA}}, "REQUESTED"),
        ({"planApproval": {"status": "REQUESTED"}}, None),
        ({"planApproval": {"status": "REQUESTED", "reviewerId": ERICA}}, "REQUESTED"),
    ],
    ids=str,
)
def test_a_decision_holds_for_the_days_it_was_made_on(approved: Any, more: dict[str, Any], status: str | None) -> None:
    answer = approved.cloud("PUT", "bob", "plans/1", {**PLAN, **more})
    if status is None:
        assert messages(answer) == ["'planApproval.reviewerId' is required to request an approval."]
        return
    approval = answer.json["planApproval"]
    assert approval["status"] == status
    assert approval["reviewer"]["accountId"] == ERICA
    assert ("actor" in approval) is (status == "APPROVED")


def test_fewer_repetitions_and_fewer_days_of_the_week_were_decided_on_before(make_world: Any) -> None:
    world = make_world(APPROVAL)
    weekly = {"rule": "WEEKLY", "recurrenceEndDate": "2013-12-05", "includeNonWorkingDays": True, **REVIEWER}
    make(world, **weekly)
    assert decide(world, "erica", status="APPROVED").status == 200
    for fewer in ({"recurrenceEndDate": "2013-11-28"}, {"includeNonWorkingDays": False}, {"rule": "NEVER"}):
        weekly |= fewer
        assert put(world, "bob", **weekly)["planApproval"]["status"] == "APPROVED", fewer
    assert put(world, "bob", **{**weekly, "rule": "WEEKLY"})["planApproval"]["status"] == "REQUESTED"


def test_a_shorter_plan_that_brings_a_day_back_is_decided_on_again(approved: Any) -> None:
    approved.cloud("DELETE", "bob", "plans/1/partial/2013-11-21")
    assert put(approved, "bob", endDate="2013-11-25")["planApproval"]["status"] == "REQUESTED"


def test_days_that_come_back_are_decided_on_again(approved: Any) -> None:
    approved.cloud("DELETE", "bob", "plans/1/partial/2013-11-21")
    assert approved.cloud("GET", "bob", "plans/1").json["planApproval"]["status"] == "APPROVED"
    assert put(approved, "bob")["planApproval"]["status"] == "REQUESTED"


def test_a_day_that_is_planned_otherwise_keeps_the_approval(approved: Any) -> None:
    half = {**PLAN, "plannedSecondsPerDay": 4 * HOUR}
    made = approved.cloud("PUT", "bob", "plans/1/partial/2013-11-22", half).json
    assert (made["id"], made["planApproval"]["status"], made["planApproval"]["reviewer"]["accountId"]) == (2, "APPROVED", ERICA)
    assert approved.cloud("GET", "bob", "plans/1").json["planApproval"]["status"] == "APPROVED"


def test_a_plan_of_somebody_else_loses_its_approval(approved: Any) -> None:
    role(approved, ERICA, "view", "manage")
    assert "planApproval" not in put(approved, "erica", assigneeId=DAVID)


@pytest.mark.parametrize("status", [None, "APPROVED"])
def test_or_is_asked_for_when_the_body_names_a_reviewer(approved: Any, status: str | None) -> None:
    role(approved, GRETA, "view", "manage")
    role(approved, ERICA, "approve")
    changed = put(approved, "greta", assigneeId=DAVID, planApproval={"reviewerId": ERICA, "status": status})
    approval = changed["planApproval"]
    assert (approval["status"], approval["requester"]["accountId"]) == ("REQUESTED", GRETA)
    assert "actor" not in approval


def test_who_is_asked_to_approve_may_not_change_the_plan(make_world: Any) -> None:
    world = make_world(APPROVAL)
    made = role(world, GRETA, "approve", "view")
    make(world, planApproval={"reviewerId": GRETA})
    assert world.cloud("PUT", "greta", "plans/1", PLAN).status == 403
    assert decide(world, "greta", status="REQUESTED").status == 403
    assert world.cloud("DELETE", "fred", f"permission-roles/{made}").status == 204
    # The reviewer has lost Approve Plans, and is still the one who was asked.
    assert world.cloud("GET", "greta", "plans/1").status == 404
    assert [plan["id"] for plan in world.cloud("POST", "greta", "plan-approvals/plans-for-review", {}).json["results"]] == [1]
    assert decide(world, "greta", status="APPROVED").status == 403
    lost = "The reviewer does not have the permission Approve Plans for this user"
    assert messages(decide(world, "bob", status="REQUESTED")) == [lost]
    assert decide(world, "bob", status="REQUESTED", reviewerId=ERICA).json["reviewer"]["accountId"] == ERICA


def test_plans_are_approved_by_the_lead_of_their_days(make_world: Any) -> None:
    world = make_world(APPROVAL)
    later = {"startDate": "2013-12-02", "endDate": "2013-12-04"}
    lacking = "The reviewer does not have the permission Approve Plans for this user"
    answer = world.cloud("POST", "bob", "plans", {**PLAN, **later, **REVIEWER})
    assert (answer.status, messages(answer)) == (400, [lacking])
    make(world, startDate="2013-11-29", endDate="2013-12-03", **REVIEWER)
    assert decide(world, "erica", status="REJECTED").json["status"] == "REJECTED"
    # What moves out of the membership moves out of the reach of the lead.
    moved = put(world, "bob", **later)
    assert moved["planApproval"]["status"] == "REQUESTED"
    assert decide(world, "erica", status="APPROVED").status == 403


def test_rights_reach_the_last_repetition(world: Any) -> None:
    # The last time begins on 28 November and ends after David has come to the team.
    repeated = {"assigneeId": DAVID, "rule": "WEEKLY", "recurrenceEndDate": "2013-11-28"}
    assert make(world, "erica", **repeated)["id"] == 1
    answer = world.cloud("POST", "erica", "plans", {**PLAN, **repeated, "endDate": "2013-11-23"})
    assert (answer.status, messages(answer)) == (400, ["You do not have the permission Manage Plans for this user"])
    # recurrenceEndDate may be before the end of the first time.
    assert (
        make(world, "erica", assigneeId=DAVID, endDate="2013-12-02", rule="WEEKLY", recurrenceEndDate="2013-11-22")["id"] == 2
    )


@pytest.mark.parametrize(
    ("days", "seconds", "status"), [(1, 24 * HOUR, 200), (1, 24 * HOUR + 1, 400), (6, 144 * HOUR, 200), (6, 2**63 - 1, 400)]
)
def test_no_plan_takes_more_than_the_hours_there_are(world: Any, days: int, seconds: int, status: int) -> None:
    end = f"2013-11-{20 + days}"
    body = {**PLAN, "endDate": end, "effortPersistenceType": "TOTAL_SECONDS", "plannedSeconds": seconds}
    answer = world.cloud("POST", "bob", "plans", body)
    assert answer.status == status, answer.text
    if status == 400:
        assert messages(answer) == ["'plannedSeconds' must not be more than 24 hours a day."]


def test_every_plan_starts_at_midnight_while_start_times_are_off(make_world: Any) -> None:
    world = make_world({TIMES: "on"})
    make(world, startTime="09:30")
    assert world.put(None, "/_mock/settings", {TIMES: "off"}).status == 200
    assert world.cloud("GET", "bob", "plans/1").json["startTime"] == "00:00"
    assert world.put(None, "/_mock/settings", {TIMES: "on"}).status == 200
    assert world.cloud("GET", "bob", "plans/1").json["startTime"] == "09:30"


def test_changes_are_found_by_a_day_and_a_moment_is_refused(world: Any) -> None:
    world.set_clock("2013-11-15T10:00:00Z")
    make(world)
    for since, expected in (("2013-11-15", 1), ("2013-11-16", 0), ("2013-11-15T10:00:00Z", None), ("", None)):
        body = {"from": "2013-11-01", "to": "2013-12-31", "updatedFrom": since}
        query = "&".join(f"{name}={value}" for name, value in body.items())
        for answer in (
            world.cloud("GET", "bob", f"plans?{query}"),
            world.cloud("POST", "bob", "plans/search", body),
            world.cloud("GET", "bob", f"plans/user/{BOB}?updatedFrom={since}"),
        ):
            if expected is None:
                assert (answer.status, messages(answer)) == (400, ["'updatedFrom' must be valid on the format: 'yyyy-MM-dd'."])
            else:
                assert answer.json["metadata"]["count"] == expected, since


def test_administrators_of_teams_plan_for_no_generic_resource_by_that(world: Any) -> None:
    made = world.cloud("POST", "fred", "generic-resources", {"name": "A developer"}).json["id"]
    world.cloud("POST", "fred", "teams/3/generic-resources", {"genericResourceId": made})
    wanted = {"assigneeType": "GENERIC", "assigneeId": str(made), "planItemType": "PROJECT", "planItemId": "10010"}
    answer = world.cloud("POST", "fred", "plans", {**PLAN, **wanted})
    assert (answer.status, messages(answer)) == (400, ["You do not have the permission Manage Plans for this generic resource"])
    assert make(world, "erica", **wanted)["id"] == 1
    assert world.cloud("GET", "fred", "plans/1").status == 404


def test_a_plan_goes_out_of_sight_with_its_project_and_comes_back(world: Any) -> None:
    make(world)
    which = "FROM project_permissions WHERE project_id = 10012 AND permission = 'BROWSE_PROJECTS'"
    with world.site.store.transaction():
        groups = [row[0] for row in world.site.store.all(f"SELECT group_id {which}")]
        world.site.store.run(f"DELETE {which}")
    for method, path, body in (("GET", "plans/1", None), ("PUT", "plans/1", PLAN), ("DELETE", "plans/1", None)):
        assert world.cloud(method, "bob", path, **({} if body is None else {"json": body})).status == 404
    with world.site.store.transaction():
        for group in groups:
            world.site.store.insert_row("project_permissions", project_id=10012, permission="BROWSE_PROJECTS", group_id=group)
    assert world.cloud("GET", "bob", "plans/1").status == 200


def test_a_plan_of_somebody_deactivated_can_be_removed_and_not_replaced(approved: Any) -> None:
    role(approved, GRETA, "view", "manage")
    with approved.site.store.transaction():
        approved.site.store.run("UPDATE people SET active = 0 WHERE account_id IN (?, ?)", (BOB, ERICA))
    found = approved.cloud("GET", "greta", "plans/1").json
    assert (found["assignee"]["id"], found["planApproval"]["reviewer"]["accountId"]) == (BOB, ERICA)
    answer = approved.cloud("PUT", "greta", "plans/1", PLAN)
    assert (answer.status, messages(answer)) == (400, ["User is invalid"])
    answer = approved.cloud("PUT", "greta", "plans/1", {**PLAN, "assigneeId": DAVID, **REVIEWER})
    assert (answer.status, messages(answer)) == (400, ["Reviewer is invalid"])
    assert approved.cloud("DELETE", "greta", "plans/1").status == 204
