"""Deleting an issue of Jira Cloud: who may, and what becomes of its worklogs, its plans and its place among internal issues."""

from typing import Any

import pytest

BOB = "5b10a2844c20165700ede223"
ISSUE, KEY = 10202, "CLOUD-3"
HIDDEN = {"errorMessages": ["Issue does not exist or you do not have permission to see it."], "errors": {}}
PLAN = {
    "assigneeId": BOB,
    "assigneeType": "USER",
    "planItemId": str(ISSUE),
    "planItemType": "ISSUE",
    "startDate": "2013-11-21",
    "endDate": "2013-11-22",
    "plannedSecondsPerDay": 3600,
}


def allow(world: Any, project: str, permission: str = "DELETE_ISSUES", group: str = "cloud-dev-user") -> None:
    """Give a group of bob's a project permission, or another group."""
    store = world.site.store
    with store.transaction():
        store.insert_row(
            "project_permissions",
            project_id=store.value("SELECT id FROM projects WHERE key = ?", (project,)),
            permission=permission,
            group_id=store.value("SELECT id FROM groups WHERE name = ?", (group,)),
        )


def plan(world: Any, **more: Any) -> int:
    made = world.cloud("POST", "bob", "plans", {**PLAN, **more})
    assert made.status == 200, made.text
    return int(made.json["id"])


@pytest.mark.parametrize("base", ["/rest/api/2", "/rest/api/3", "/jira/rest/api/3"])
@pytest.mark.parametrize("reference", [KEY, "cloud-3", str(ISSUE)])
def test_an_issue_goes_and_its_worklogs_with_it(jira_cloud: Any, base: str, reference: str) -> None:
    allow(jira_cloud.world, "CLOUD")
    for issue, day in ((ISSUE, "2013-11-11"), (ISSUE, "2013-11-12"), (10200, "2013-11-12")):
        jira_cloud.log("bob", issue, day)
    before = [entry["issue"]["id"] for entry in jira_cloud.world.cloud("GET", "bob", "worklogs").json["results"]]
    assert before == [ISSUE, ISSUE, 10200]
    answer = jira_cloud.call("DELETE", "bob", f"{base}/issue/{reference}?deleteSubtasks=true")
    assert (answer.status, answer.body) == (204, b"")
    assert "Content-Type" not in answer.headers
    again = jira_cloud.call("DELETE", "bob", f"{base}/issue/{reference}")
    assert (again.status, again.json) == (404, HIDDEN)
    assert jira_cloud.get("bob", f"issue/{KEY}").status == 404
    assert [entry["issue"]["id"] for entry in jira_cloud.world.cloud("GET", "bob", "worklogs").json["results"]] == [10200]
    assert jira_cloud.world.cloud("GET", "bob", f"worklogs/issue/{ISSUE}").status == 404
    found = jira_cloud.get("bob", "search/jql?jql=project = CLOUD&fields=key").json["issues"]
    assert KEY not in [issue["key"] for issue in found]


def test_the_audit_trail_says_who_and_what_went(jira_cloud: Any) -> None:
    allow(jira_cloud.world, "CLOUD")
    jira_cloud.log("bob", ISSUE, "2013-11-11")
    known = len(jira_cloud.world.audit())
    assert jira_cloud.call("DELETE", "bob", f"issue/{KEY}").status == 204
    events = jira_cloud.world.audit()[known:]
    assert {event["noun"] for event in events} == {"issues", "worklogs"}
    assert {(event["face"], event["call"]) for event in events} == {("jira_cloud", "delete_cloud_issue")}
    store = jira_cloud.world.site.store
    with store.reading():
        assert {event["who"] for event in events} == {store.value("SELECT key FROM people WHERE name = 'bob'")}


@pytest.mark.parametrize("permission", [None, "ADMINISTER_PROJECTS", "EDIT_ISSUES", "DELETE_ALL_WORKLOGS"])
def test_only_delete_issues_deletes(jira_cloud: Any, permission: str | None) -> None:
    if permission:
        allow(jira_cloud.world, "CLOUD", permission)
    before = jira_cloud.world.audit()
    answer = jira_cloud.call("DELETE", "bob", f"issue/{KEY}")
    assert answer.status == 403
    assert answer.json == {"errorMessages": ["You do not have permission to delete issues in this project."], "errors": {}}
    assert jira_cloud.get("bob", f"issue/{KEY}").status == 200
    assert jira_cloud.world.audit() == before


@pytest.mark.parametrize("reference", ["CLOUD-999", "NOPE-1", "99999", "SAFE-1", "%20"])
def test_what_is_not_there_or_out_of_sight_is_404(jira_cloud: Any, reference: str) -> None:
    allow(jira_cloud.world, "CLOUD")
    allow(jira_cloud.world, "SAFE")
    answer = jira_cloud.call("DELETE", "bob", f"issue/{reference}")
    assert (answer.status, answer.json) == (404, HIDDEN)
    assert jira_cloud.world.site.store.value("SELECT count(*) FROM issues WHERE key = 'SAFE-1'") == 1


def test_nobody_and_a_wrong_token_are_401(jira_cloud: Any) -> None:
    assert jira_cloud.call("DELETE", None, f"issue/{KEY}").status == 401
    mistaken = {"Authorization": "Basic Ym9iQGV4YW1wbGUub3JnOm5vcGU="}
    assert jira_cloud.call("DELETE", None, f"issue/{KEY}", headers=mistaken).status == 401
    assert jira_cloud.get("bob", f"issue/{KEY}").status == 200


def test_plans_for_it_stay(jira_cloud: Any) -> None:
    world = jira_cloud.world
    allow(world, "CLOUD")
    one, other = plan(world), plan(world, startDate="2013-12-02", endDate="2013-12-03")
    before = world.cloud("GET", "bob", f"plans/{one}").json
    assert jira_cloud.call("DELETE", "bob", f"issue/{KEY}").status == 204
    assert world.cloud("GET", "bob", f"plans/{one}").json == before
    listed = world.cloud("GET", "bob", f"plans/user/{BOB}?from=2013-11-01&to=2013-12-31").json["results"]
    assert [found["planItem"]["id"] for found in listed if found["id"] in (one, other)] == [str(ISSUE)] * 2
    # It cannot be planned on any more, but what was planned can be taken away.
    for path, method in (("plans", "POST"), (f"plans/{one}", "PUT")):
        answer = world.cloud(method, "bob", path, PLAN)
        assert (answer.status, answer.json) == (400, {"errors": [{"message": "Issue not found"}]})
    assert world.cloud("DELETE", "bob", f"plans/{one}").status == 204


def test_plans_for_it_go_where_the_setting_says_so(make_world: Any, jira_cloud: Any) -> None:
    world = make_world({"plans.deletedWithIssue": "on"})
    jira_cloud.world = world
    allow(world, "CLOUD")
    gone, kept = plan(world, rule="WEEKLY", recurrenceEndDate="2014-02-28"), plan(world, planItemId="10200")
    assert jira_cloud.call("DELETE", "bob", f"issue/{KEY}").status == 204
    assert world.cloud("GET", "bob", f"plans/{gone}").status == 404
    assert world.cloud("GET", "bob", f"plans/{kept}").status == 200
    assert world.site.store.value("SELECT count(*) FROM plan_stretches WHERE plan_id = ?", (gone,)) == 0


def test_an_internal_issue_that_goes_is_none_any_more(jira_cloud: Any) -> None:
    world = jira_cloud.world
    allow(world, "HR")
    assert world.put(None, "/_mock/internal-issues/HR-2", {"teams": [3]}).status == 200
    assert jira_cloud.call("DELETE", "bob", "issue/HR-2").status == 204
    assert [issue["key"] for issue in world.get(None, "/_mock/internal-issues").json] == ["HR-1", "HR-3", "HR-4"]
    assert world.site.store.value("SELECT count(*) FROM internal_issue_teams") == 0


def test_it_goes_from_its_own_site_only(make_world: Any, jira_cloud: Any) -> None:
    world = jira_cloud.world
    allow(world, "CLOUD")
    site = world.post(None, "/_mock/sites", {"name": "other"})
    assert site.status == 201
    assert jira_cloud.call("DELETE", "bob", f"/sites/other/rest/api/3/issue/{KEY}").status == 403
    assert jira_cloud.call("DELETE", "bob", f"issue/{KEY}").status == 204
    assert jira_cloud.get("bob", f"/sites/other/rest/api/3/issue/{KEY}").status == 200


def test_the_openapi_document_has_its_answers(world: Any) -> None:
    paths = world.get(None, "/_mock/openapi.json").json["paths"]
    operation = paths["/rest/api/3/issue/{id_or_key}"]["delete"]
    assert {"204", "401", "403", "404"} <= set(operation["responses"])
