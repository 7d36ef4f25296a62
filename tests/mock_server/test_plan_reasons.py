"""Why a plan is not found and an internal issue not offered: told to whoever asks, and never on the wire otherwise."""

from typing import Any

import pytest

EXPLAIN = {"X-Tempo-Mock-Explain": "1"}
BOB, GRETA = "5b10a2844c20165700ede223", "5b10a2844c20165700ede225"
NADIA = "712020:0b7e51c2-77aa-4d0e-9d43-6f1f0c2a9e11"
DAVID, RITA = "5b10a2844c20165700ede224", "712020:2d9073e4-99cc-4f20-9f65-8b3b2e4c1033"
TODAY = "2013-12-02"
NOTHING = "nothing was hidden or refused"
PLAN = {"assigneeId": BOB, "assigneeType": "USER", "planItemId": "10240", "planItemType": "ISSUE", "startDate": TODAY,
        "endDate": TODAY, "plannedSecondsPerDay": 3600}  # fmt: skip


@pytest.fixture
def world(make_world: Any) -> Any:
    """The scenario guide on the day after David has come and Bob has gone."""
    return make_world(clock=TODAY)


def reason(answer: Any) -> str:
    """What a developer is told who asked why."""
    text: str = answer.headers["X-Tempo-Mock-Reason"]
    return text


def offered(world: Any, who: str, query: str = "", **more: Any) -> Any:
    headers = {"Authorization": f"Bearer demo-token-of-{who}-not-a-secret", **more}
    answer = world.get(None, f"/x-tempo-mock/internal-issues{query}", headers=headers)
    assert answer.status == 200, answer.text
    return answer


@pytest.mark.parametrize(
    ("account_id", "count", "why"),
    [
        (GRETA, 0, "0 of 4 internal issues: greta is in no team on 2013-12-02"),
        (BOB, 0, "0 of 4 internal issues: bob is in no team on 2013-12-02"),
        (NADIA, 3, "3 of 4 internal issues: HR-2 is of team 3, and nadia is not in it on 2013-12-02"),
        (DAVID, 4, NOTHING),
        (RITA, 3, "3 of 4 internal issues: HR-2 is of team 3, and rita is not in it on 2013-12-02"),
    ],
)
def test_why_an_internal_issue_is_not_offered(world: Any, account_id: str, count: int, why: str) -> None:
    answer = offered(world, "absences", f"?accountId={account_id}", **EXPLAIN)
    assert (answer.json["metadata"]["count"], reason(answer)) == (count, why)
    assert "X-Tempo-Mock-Reason" not in offered(world, "absences", f"?accountId={account_id}").headers


def test_several_issues_and_teams_are_told_together(world: Any) -> None:
    new = world.cloud("POST", "fred", "teams", {"name": "New"}).json["id"]
    for issue, teams in (("HR-1", [3]), ("HR-2", [3, new])):
        assert world.put(None, f"/_mock/internal-issues/{issue}", {"teams": teams}).status == 200
    told = f"2 of 4 internal issues: HR-1 is of team 3, HR-2 is of teams 3, {new}, and nadia is not in them on 2013-12-02"
    assert reason(offered(world, "absences", f"?accountId={NADIA}", **EXPLAIN)) == told


def test_internal_issues_of_hidden_projects_are_told(world: Any) -> None:
    with world.site.store.transaction():
        world.site.store.run("DELETE FROM project_permissions WHERE project_id = 10012 AND group_id <> "
                             "(SELECT id FROM groups WHERE name = 'jira-administrators')")  # fmt: skip
    answer = offered(world, "greta", **EXPLAIN)
    assert answer.json["results"] == []
    assert reason(answer) == "0 of 4 internal issues: greta may not browse the projects of the others"
    assert reason(offered(world, "fred", **EXPLAIN)) == NOTHING


@pytest.mark.parametrize(
    ("who", "plan", "why"),
    [
        ("david", 7, "david is in no role View Plans over laura on "),
        ("david", 12, "david is in no role View Plans over generic resource 1"),
        ("rita", 3, "rita is in no role View Plans over david from "),
        ("bob", 16, "is hidden: bob has no Browse Projects there"),
        ("david", 999, "Plan with id '999' not found"),
    ],
)
@pytest.mark.parametrize("way", ["GET plans/{}", "PUT plans/{}", "DELETE plans/{}", "DELETE plans/{}/partial/2013-12-02"])
def test_why_a_plan_is_not_found(world: Any, way: str, who: str, plan: int, why: str) -> None:
    method, _, path = way.format(plan).partition(" ")
    body = [PLAN] if method == "PUT" else []
    answer = world.cloud(method, who, path, *body, headers=EXPLAIN)
    assert (answer.status, answer.json) == (404, {"errors": [{"message": f"Plan with id '{plan}' not found"}]})
    assert why in reason(answer)
    assert "X-Tempo-Mock-Reason" not in world.cloud(method, who, path, *body).headers


def test_the_days_of_a_hidden_plan_are_told_with_its_repetitions(world: Any) -> None:
    found = world.cloud("GET", "erica", "plans/4").json
    told = reason(world.cloud("GET", "rita", "plans/4", headers=EXPLAIN))
    assert f"over erica from {found['startDate']} to " in told
    assert found["endDate"] not in told.partition(" to ")[2]


def test_why_a_plan_to_decide_is_not_found(world: Any) -> None:
    answer = world.cloud("PUT", "rita", "plan-approvals/3", {"status": "APPROVED"}, headers=EXPLAIN)
    assert (answer.status, "rita is in no role View Plans over david" in reason(answer)) == (404, True)


def test_manage_plans_alone_plans_for_others_and_then_does_not_see_it(world: Any) -> None:
    role = {"name": "Writers", "accessType": "GLOBAL", "permissionKeys": ["permissions.plan.manage"],
            "permittedAccountIds": [GRETA]}  # fmt: skip
    assert world.cloud("POST", "fred", "permission-roles", role).status == 200
    made = world.cloud("POST", "greta", "plans", PLAN, headers=EXPLAIN)
    assert made.status == 200, made.text
    number = made.json["id"]
    assert f"plan {number} is there, and its maker will not see it" in reason(made)
    again = world.cloud("GET", "greta", f"plans/{number}", headers=EXPLAIN)
    assert (again.status, "Manage Plans is not enough to see it" in reason(again)) == (404, True)
    own = world.cloud("POST", "greta", "plans", {**PLAN, "assigneeId": GRETA}, headers=EXPLAIN)
    assert reason(own) == NOTHING
