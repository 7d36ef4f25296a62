"""Internal issues: listed for integrations, chosen by the control routes, and gates of planning."""

from typing import Any

import pytest

LIST = "/x-tempo-mock/internal-issues"
FRED, BOB, DAVID = "5b10a2844c20165700ede21f", "5b10a2844c20165700ede223", "5b10a2844c20165700ede224"
GRETA = "5b10a2844c20165700ede225"
ALL = ["HR-1", "HR-2", "HR-3", "HR-4"]


@pytest.fixture
def make_world(make_world: Any, idle_scenario: str) -> Any:
    """Worlds without teams of internal issues but those a test makes."""
    return lambda settings=None, **options: make_world(settings, scenario=idle_scenario, **options)


def listed(world: Any, who: str | None, query: str = "") -> Any:
    token = f"demo-token-of-{who}-not-a-secret" if who and "token" not in who else who
    return world.get(None, LIST + query, headers={"Authorization": f"Bearer {token}"} if token else {})


def keys(answer: Any) -> list[str]:
    assert answer.status == 200, answer.text
    assert answer.json["metadata"] == {"count": len(answer.json["results"])}
    return [issue["key"] for issue in answer.json["results"]]


def put(world: Any, issue: str, *teams: int) -> Any:
    return world.put(None, f"/_mock/internal-issues/{issue}", {"teams": list(teams)})


def test_an_integration_lists_what_its_owner_may_browse(world: Any) -> None:
    assert keys(listed(world, "absences")) == ALL
    assert listed(world, "bob").json["results"][0] == {
        "self": "http://localhost/rest/api/2/issue/10240",
        "id": 10240,
        "key": "HR-1",
        "summary": "Paid time off",
        "projectId": 10012,
        "teams": [],
    }
    with world.site.store.transaction():
        world.site.store.run("DELETE FROM project_permissions WHERE project_id = 10012 AND group_id <> "
                             "(SELECT id FROM groups WHERE name = 'jira-administrators')")  # fmt: skip
    assert keys(listed(world, "bob")) == []
    assert keys(listed(world, "fred")) == ALL


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (None, 401),
        ("demo-token-that-expired-not-a-secret", 401),
        ("viewer", 403),
        ("demo-token-without-scopes-not-a-secret", 403),
    ],
)
def test_the_list_needs_a_token_that_may_view_plans(world: Any, who: str | None, status: int) -> None:
    assert listed(world, who).status == status


def test_with_a_person_only_what_is_open_to_them_today(world: Any) -> None:
    assert put(world, "HR-2", 1, 3).json == {"id": 10241, "key": "HR-2", "summary": "Sick leave", "teams": [1, 3]}
    assert put(world, "10242", 1).status == 200
    assert keys(listed(world, "fred", f"?accountId={BOB}")) == ["HR-1", "HR-2", "HR-4"]
    # In no team: nothing, not even what is open to all.
    assert keys(listed(world, "fred", f"?accountId={GRETA}")) == []
    # David joins on 1 December.
    assert keys(listed(world, "fred", f"?accountId={DAVID}")) == []
    world.set_clock("2013-12-01")
    assert keys(listed(world, "fred", f"?accountId={DAVID}")) == ["HR-1", "HR-2", "HR-4"]
    assert keys(listed(world, "fred", f"?accountId={BOB}")) == []
    assert listed(world, "fred", "?accountId=nobody").status == 404
    assert [team["id"] for team in listed(world, "fred").json["results"][1]["teams"]] == [1, 3]


def test_issues_become_internal_and_ordinary_again(world: Any) -> None:
    assert put(world, "CLOUD-1").json["teams"] == []
    assert keys(listed(world, "bob")) == ["CLOUD-1", *ALL]
    assert put(world, "cloud-1", 3, 3).json["teams"] == [3]
    assert [issue["key"] for issue in world.get(None, "/_mock/internal-issues").json] == ["CLOUD-1", *ALL]
    assert world.delete(None, "/_mock/internal-issues/CLOUD-1").status == 204
    assert keys(listed(world, "bob")) == ALL
    assert {event["who"] for event in world.audit()} == {"control"}


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PUT", "CLOUD-999", {}, 404),
        ("PUT", "HR-1", {"teams": [99]}, 400),
        ("PUT", "HR-1", {"teams": [10**30]}, 400),
        ("PUT", "HR-1", {"teams": [-(10**30)]}, 400),
        ("PUT", "HR-1", {"teams": ["3"]}, 400),
        ("PUT", "HR-1", {"teams": [True]}, 400),
        ("PUT", "HR-1", {"team": 3}, 400),
        ("PUT", "HR-1", [3], 400),
        ("DELETE", "CLOUD-1", None, 404),
        ("DELETE", "nothing", None, 404),
    ],
)
def test_what_is_wrong_is_told_and_changes_nothing(world: Any, method: str, path: str, body: Any, status: int) -> None:
    sent = {} if body is None else {"json": body}
    answer = world.call(method, None, f"/_mock/internal-issues/{path}", **sent)
    assert answer.status == status, answer.text
    assert world.audit() == []


def test_the_list_is_there_without_the_control_routes(make_world: Any) -> None:
    world = make_world(control=False)
    assert keys(listed(world, "bob")) == ALL
    assert world.get(None, "/_mock/internal-issues").status == 404


def test_work_on_an_internal_issue_is_not_billable_from_then_on(world: Any) -> None:
    put(world, "CLOUD-1")
    body = {
        "authorAccountId": BOB,
        "issueId": 10200,
        "startDate": "2013-11-15",
        "timeSpentSeconds": 3600,
        "billableSeconds": 3600,
    }
    assert world.cloud("POST", "bob", "worklogs", body).json["billableSeconds"] == 0
