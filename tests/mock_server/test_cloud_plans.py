"""Plans of Tempo Cloud one by one: what they answer, what is refused, and what happens to them."""

from typing import Any

import pytest

BASE = "http://localhost/4"
HOUR = 3600
FRED, ERICA, LAURA = "5b10a2844c20165700ede21f", "5b10a2844c20165700ede220", "5b10a2844c20165700ede222"
BOB, DAVID, GRETA = "5b10a2844c20165700ede223", "5b10a2844c20165700ede224", "5b10a2844c20165700ede225"
OLAF = "712020:1c8f62d3-88bb-4e1f-8e54-7a2a1d3b0f22"
PTO, CLOUD_1, SAFE_1 = "10240", "10200", "10220"
PLAN = {
    "assigneeId": BOB,
    "assigneeType": "USER",
    "planItemId": PTO,
    "planItemType": "ISSUE",
    "startDate": "2013-11-21",
    "endDate": "2013-11-26",
    "plannedSecondsPerDay": 8 * HOUR,
}
"""Thursday to Tuesday."""
APPROVAL = {"globalConfiguration.planApprovalEnabled": "on"}
TIMES = {"globalConfiguration.startAndEndTimesForPlanningEnabled": "on"}


def messages(answer: Any) -> list[str]:
    assert set(answer.json) == {"errors"}
    return [error["message"] for error in answer.json["errors"]]


@pytest.fixture
def make_world(make_world: Any, idle_scenario: str) -> Any:
    """Worlds without plans but those a test makes."""
    return lambda settings=None, **options: make_world(settings, scenario=idle_scenario, **options)


def make(world: Any, who: str = "bob", **more: Any) -> dict[str, Any]:
    answer = world.cloud("POST", who, "plans", {**PLAN, **more})
    assert answer.status == 200, answer.text
    made: dict[str, Any] = answer.json
    return made


def days(plan: dict[str, Any]) -> dict[str, float]:
    values = plan["plannedTime"]["days"]["values"]
    assert plan["plannedTime"]["days"]["count"] == len(values)
    return {value["date"]: value["plannedSeconds"] / HOUR for value in values}


def role(world: Any, who: str, *keys: str, teams: tuple[int, ...] = ()) -> int:
    body = {
        "name": f"{who} {keys}",
        "accessType": "TEAM" if teams else "GLOBAL",
        "permissionKeys": list(keys),
        "permittedAccountIds": [who],
        "accessEntityIds": list(teams),
    }
    answer = world.cloud("POST", "fred", "permission-roles", body)
    assert answer.status == 200, answer.text
    return int(answer.json["id"])


def test_a_plan_answers_everything_that_is_known_of_it(world: Any) -> None:
    made = make(world, description="Away")
    assert made == {
        "self": f"{BASE}/plans/1",
        "id": 1,
        "startDate": "2013-11-21",
        "endDate": "2013-11-26",
        "startTime": "00:00",
        "effortPersistenceType": "SECONDS_PER_DAY",
        "plannedSecondsPerDay": 28800,
        "totalPlannedSeconds": 4 * 28800,
        "totalPlannedSecondsInScope": 4 * 28800,
        "includeNonWorkingDays": False,
        "rule": "NEVER",
        "recurrenceEndDate": "2013-11-26",
        "description": "Away",
        "assignee": {"self": f"http://localhost/rest/api/2/user?accountId={BOB}", "id": BOB, "type": "USER"},
        "planItem": {"self": f"http://localhost/rest/api/2/issue/{PTO}", "id": PTO, "type": "ISSUE"},
        "planCreatorId": BOB,
        "syncSource": "NONE",
        "createdAt": "2013-11-15T00:00:00Z",
        "updatedAt": "2013-11-15T00:00:00Z",
        "plannedTime": {
            "metadata": {"all": f"{BASE}/plans/1"},
            "days": {
                "count": 4,
                "values": [
                    {"date": day, "plannedSeconds": 28800} for day in ("2013-11-21", "2013-11-22", "2013-11-25", "2013-11-26")
                ],
            },
            "periods": {
                "count": 2,
                "values": [
                    {"from": "2013-11-21", "to": "2013-11-22", "plannedSeconds": 57600},
                    {"from": "2013-11-25", "to": "2013-11-26", "plannedSeconds": 57600},
                ],
            },
        },
    }
    assert world.cloud("GET", "bob", "plans/1").json == made
    part = world.cloud("GET", "bob", "plans/1?from=2013-11-22&to=2013-11-25").json
    assert (part["totalPlannedSeconds"], part["totalPlannedSecondsInScope"]) == (4 * 28800, 2 * 28800)
    assert list(days(part)) == ["2013-11-22", "2013-11-25"]


def test_a_plan_follows_the_schemes_of_its_assignee(world: Any) -> None:
    make(world)
    week = [{"day": day, "requiredSeconds": 28800 if day not in ("FRIDAY", "SATURDAY", "SUNDAY") else 0}
            for day in ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")]  # fmt: skip
    world.cloud("POST", "fred", "workload-schemes", {"name": "Four days", "days": week})
    world.cloud("POST", "fred", "workload-schemes/2/members", {"accountIds": [BOB]})
    holiday = {"type": "FLOATING", "name": "Off", "date": "2013-11-25", "durationSeconds": 28800}
    world.cloud("POST", "fred", "holiday-schemes/1/holidays", holiday)
    assert list(days(world.cloud("GET", "bob", "plans/1").json)) == ["2013-11-21", "2013-11-26"]
    make(world, includeNonWorkingDays=True)
    assert len(days(world.cloud("GET", "bob", "plans/2").json)) == 6


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (
            {"effortPersistenceType": "TOTAL_SECONDS", "plannedSeconds": 10 * HOUR},
            (2.5 * HOUR, 10 * HOUR, "NEVER", "2013-11-26"),
        ),
        ({"rule": "WEEKLY", "recurrenceEndDate": "2013-12-05"}, (8 * HOUR, 12 * 8 * HOUR, "WEEKLY", "2013-12-05")),
        ({"rule": "BI_WEEKLY", "recurrenceEndDate": "2013-12-05"}, (8 * HOUR, 8 * 8 * HOUR, "BI_WEEKLY", "2013-12-05")),
        ({"rule": "NEVER", "recurrenceEndDate": "2013-12-05"}, (8 * HOUR, 4 * 8 * HOUR, "NEVER", "2013-11-26")),
    ],
)
def test_effort_and_recurrence(world: Any, more: dict[str, Any], expected: tuple[Any, ...]) -> None:
    made = make(world, **more)
    assert made["effortPersistenceType"] == more.get("effortPersistenceType", "SECONDS_PER_DAY")
    found = tuple(made[name] for name in ("plannedSecondsPerDay", "totalPlannedSeconds", "rule", "recurrenceEndDate"))
    assert found == expected


@pytest.mark.parametrize(("sent", "settings", "expected"), [
    ("9:30", TIMES, "09:30"), ("23:59", TIMES, "23:59"), (None, TIMES, "00:00"), ("09:30", {}, "00:00"),
])  # fmt: skip
def test_start_times_count_while_they_are_on(make_world: Any, sent: str | None, settings: Any, expected: str) -> None:
    assert make(make_world(settings), startTime=sent)["startTime"] == expected


@pytest.mark.parametrize(
    "more",
    [
        {"assigneeId": None}, {"assigneeId": ""}, {"assigneeId": "nobody"}, {"assigneeId": OLAF}, {"assigneeType": "TEAM"},
        {"assigneeType": "GENERIC"}, {"assigneeType": "GENERIC", "assigneeId": "99"}, {"planItemId": "HR-1"},
        {"planItemId": "99"},
        {"planItemId": 10240}, {"planItemId": "9" * 30}, {"planItemType": "EPIC"}, {"planItemType": "PROJECT"},
        {"planItemId": SAFE_1},
        {"startDate": "2013-11-31"}, {"startDate": "21/11/2013"}, {"endDate": "2013-11-20"}, {"endDate": None},
        {"endDate": "2024-11-21"}, {"plannedSecondsPerDay": 0}, {"plannedSecondsPerDay": 86401}, {"plannedSecondsPerDay": 3.5},
        {"plannedSecondsPerDay": None}, {"effortPersistenceType": "TOTAL_SECONDS"}, {"effortPersistenceType": "DAYS"},
        {"startTime": "9:3"}, {"startTime": "24:00"}, {"startTime": "09:00:00"}, {"startTime": "09:00\n"}, {"rule": "DAILY"},
        {"rule": "WEEKLY"}, {"rule": "WEEKLY", "recurrenceEndDate": "2013-11-20"},
        {"rule": "WEEKLY", "recurrenceEndDate": "9999-12-31"}, {"planApproval": {"status": "DONE"}},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_wrong_is_told_and_changes_nothing(world: Any, more: dict[str, Any]) -> None:
    answer = world.cloud("POST", "bob", "plans", {**PLAN, **more})
    assert answer.status == 400, answer.text
    assert all(messages(answer))
    make(world)
    before = world.audit()
    answer = world.cloud("PUT", "bob", "plans/1", {**PLAN, **more})
    assert answer.status == 400, answer.text
    assert world.audit() == before


def test_a_change_replaces_the_plan(world: Any) -> None:
    made = make(world, description="Away", includeNonWorkingDays=True, rule="WEEKLY", recurrenceEndDate="2013-12-05")
    world.set_clock("2013-11-16")
    changed = world.cloud("PUT", "bob", "plans/1", {**PLAN, "endDate": "2013-11-21"}).json
    assert list(days(changed)) == ["2013-11-21"]
    assert ("description" in changed, changed["includeNonWorkingDays"], changed["rule"]) == (False, False, "NEVER")
    assert (changed["createdAt"], changed["updatedAt"]) == (made["createdAt"], "2013-11-16T00:00:00Z")
    assert world.cloud("DELETE", "bob", "plans/1").status == 204
    for method in ("GET", "DELETE"):
        answer = world.cloud(method, "bob", "plans/1")
        assert (answer.status, messages(answer)) == (404, ["Plan with id '1' not found"])


def test_a_day_is_taken_out_and_the_last_one_takes_the_plan_with_it(world: Any) -> None:
    make(world, startDate="2013-11-21", endDate="2013-11-22", effortPersistenceType="TOTAL_SECONDS", plannedSeconds=9 * HOUR)
    answer = world.cloud("DELETE", "bob", "plans/1/partial/2013-11-21")
    assert (answer.status, answer.body) == (200, b"")
    left = world.cloud("GET", "bob", "plans/1").json
    assert (days(left), left["totalPlannedSeconds"]) == ({"2013-11-22": 4.5}, int(4.5 * HOUR))
    for day in ("2013-11-21", "2013-11-23", "2013-11-32", "20131122", "x"):
        assert world.cloud("DELETE", "bob", f"plans/1/partial/{day}").status == 404
    assert world.cloud("DELETE", "bob", "plans/1/partial/2013-11-22").status == 200
    assert world.cloud("GET", "bob", "plans/1").status == 404


def test_a_day_that_is_planned_otherwise_becomes_a_plan_of_its_own(world: Any) -> None:
    make(world)
    half = {**PLAN, "plannedSecondsPerDay": 4 * HOUR, "rule": "WEEKLY", "recurrenceEndDate": "2014-01-01"}
    answer = world.cloud("PUT", "bob", "plans/1/partial/2013-11-22", half)
    assert answer.status == 200, answer.text
    assert (answer.json["id"], answer.json["rule"], days(answer.json)) == (2, "NEVER", {"2013-11-22": 4})
    assert list(days(world.cloud("GET", "bob", "plans/1").json)) == ["2013-11-21", "2013-11-25", "2013-11-26"]
    wrong = world.cloud("PUT", "bob", "plans/1/partial/2013-11-25", {**half, "planItemId": "99"})
    assert wrong.status == 400
    assert len(days(world.cloud("GET", "bob", "plans/1").json)) == 3
    assert world.cloud("PUT", "bob", "plans/1/partial/2013-11-22", half).status == 404


@pytest.mark.parametrize(
    ("start", "end"), [("2013-11-25", "2013-11-26"), ("2013-11-20", "2013-11-21"), ("2013-11-23", "2013-11-21")]
)
def test_a_body_of_other_days_than_that_of_the_path_is_refused(world: Any, start: str, end: str) -> None:
    make(world)
    answer = world.cloud("PUT", "bob", "plans/1/partial/2013-11-22", {**PLAN, "startDate": start, "endDate": end})
    told = "The day 2013-11-22 of the path is not between 'startDate' and 'endDate'."
    assert (answer.status, messages(answer)) == (400, [told])
    assert len(days(world.cloud("GET", "bob", "plans/1").json)) == 4
    assert world.cloud("PUT", "bob", "plans/1/partial/2013-11-22", PLAN).json["startDate"] == "2013-11-22"


def test_a_change_puts_days_back_that_were_taken_out(world: Any) -> None:
    make(world)
    world.cloud("DELETE", "bob", "plans/1/partial/2013-11-21")
    assert len(days(world.cloud("PUT", "bob", "plans/1", PLAN).json)) == 4


@pytest.mark.parametrize(
    ("who", "status"), [("bob", 200), ("erica", 200), ("david", 400), ("greta", 400), ("fred", 400), ("laura", 200)]
)
def test_who_may_plan_for_a_member_of_a_team(world: Any, who: str, status: int) -> None:
    # Laura is in the role Planners of team 3, which Erica leads and Bob is in until 29 November.
    token = world.post(None, "/_mock/tokens", {"person": who, "name": "t"}).json["token"]
    answer = world.cloud("POST", None, "plans", PLAN, headers={"Authorization": f"Bearer {token}"})
    assert answer.status == status, answer.text
    if status == 400:
        assert messages(answer) in (["You do not have the permission Manage Plans for this user"], ["Issue not found"])


def test_dates_of_memberships_decide_who_may_plan(world: Any) -> None:
    later = {"startDate": "2013-12-02", "endDate": "2013-12-03"}
    answer = world.cloud("POST", "erica", "plans", {**PLAN, **later})
    assert (answer.status, messages(answer)) == (400, ["You do not have the permission Manage Plans for this user"])
    assert make(world, "erica", assigneeId=DAVID, **later)["planCreatorId"] == ERICA
    role(world, ERICA, "permissions.plan.manage")
    assert make(world, "erica", **later)["id"] == 2


def test_internal_issues_are_for_the_teams_they_are_assigned_to(world: Any) -> None:
    with world.site.store.transaction():
        world.site.store.run("INSERT INTO internal_issue_teams (issue_id, team_id) VALUES (10240, 1)")
    answer = world.cloud("POST", "bob", "plans", PLAN)
    assert (answer.status, messages(answer)) == (400, ["The internal issue HR-1 is not assigned to a team of this user"])
    with world.site.store.transaction():
        world.site.store.run("INSERT INTO internal_issue_teams (issue_id, team_id) VALUES (10240, 3)")
    make(world)
    assert world.cloud("POST", "bob", "plans", {**PLAN, "startDate": "2013-11-30", "endDate": "2013-11-30"}).status == 400


def test_the_assignee_needs_to_work_on_the_issue(world: Any) -> None:
    with world.site.store.transaction():
        world.site.store.run("DELETE FROM project_permissions WHERE project_id = 10012 AND permission = 'WORK_ON_ISSUES'")
    answer = world.cloud("POST", "bob", "plans", PLAN)
    expected = "The user lacks the permission Work On Issues in the project of this plan"
    assert (answer.status, messages(answer)) == (400, [expected])


def test_whoever_sees_a_plan_and_may_not_change_it_is_refused(world: Any) -> None:
    make(world)
    assert world.cloud("GET", "greta", "plans/1").status == 404
    role(world, GRETA, "permissions.plan.view")
    assert world.cloud("GET", "greta", "plans/1").status == 200
    before = world.audit()
    assert world.cloud("PUT", "greta", "plans/1", PLAN).status == 403
    assert world.cloud("DELETE", "greta", "plans/1").status == 403
    assert world.cloud("DELETE", "greta", "plans/1/partial/2013-11-21").status == 403
    assert world.audit() == before


def test_a_closed_period_keeps_its_plans(make_world: Any) -> None:
    world = make_world({"periods.closedAfterDays": "3"}, clock="2013-11-13")
    past = {"startDate": "2013-11-08", "endDate": "2013-11-12"}
    make(world, **past)
    world.set_clock("2013-11-14")
    for method, path, body in (("POST", "plans", {**PLAN, **past}), ("PUT", "plans/1", PLAN), ("DELETE", "plans/1", None),
                               ("DELETE", "plans/1/partial/2013-11-08", None)):  # fmt: skip
        answer = world.cloud(method, "bob", path, **({} if body is None else {"json": body}))
        assert (answer.status, messages(answer)) == (400, ["The period of 2013-11-08 is closed"])
    assert world.cloud("DELETE", "bob", "plans/1/partial/2013-11-12").status == 200
    assert make(world)["id"] == 2


def test_generic_resources_are_planned_by_who_manages_their_teams(world: Any) -> None:
    made = world.cloud("POST", "fred", "generic-resources", {"name": "A developer"}).json["id"]
    wanted = {"assigneeType": "GENERIC", "assigneeId": str(made), "planItemType": "PROJECT", "planItemId": "10010"}
    answer = world.cloud("POST", "erica", "plans", {**PLAN, **wanted})
    assert (answer.status, messages(answer)) == (400, ["You do not have the permission Manage Plans for this generic resource"])
    world.cloud("POST", "fred", "teams/3/generic-resources", {"genericResourceId": made})
    plan = make(world, "erica", **wanted)
    assert plan["assignee"] == {"self": f"{BASE}/generic-resources/{made}", "id": str(made), "type": "GENERIC"}
    assert plan["planItem"] == {"self": "http://localhost/rest/api/2/project/10010", "id": "10010", "type": "PROJECT"}
    assert len(days(plan)) == 4
    assert world.cloud("GET", "erica", f"plans/{plan['id']}").status == 200
    assert world.cloud("GET", "bob", f"plans/{plan['id']}").status == 404
    assert world.cloud("PUT", "erica", f"plans/{plan['id']}", {**PLAN, **wanted, "endDate": "2013-11-21"}).status == 200
