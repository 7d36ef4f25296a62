"""Planning Time without a browser: three switches for Tempo Administrators, which the APIs follow at once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.mock_server.test_jira_cloud_delete_issue import allow

from .page_visitor import Document, Visitor

PAGE = "/planning-time"
APPROVAL = "planApprovalEnabled"
TIMES = "startAndEndTimesForPlanningEnabled"
DELETED = "deletePlansWithIssues"
SETTINGS = {
    APPROVAL: "globalConfiguration.planApprovalEnabled",
    TIMES: "globalConfiguration.startAndEndTimesForPlanningEnabled",
    DELETED: "plans.deletedWithIssue",
}
BOB, ERICA = "5b10a2844c20165700ede223", "5b10a2844c20165700ede220"
ENTRY = {"assigneeId": BOB, "assigneeType": "USER", "planItemId": "10202", "planItemType": "ISSUE",
         "startDate": "2013-12-02", "endDate": "2013-12-06", "plannedSecondsPerDay": 3600}  # fmt: skip


@pytest.fixture
def world(world: Any) -> Any:
    """Everything off; the scenario guide has approval and times on."""
    world.put(None, "/_mock/settings", dict.fromkeys(SETTINGS.values()))
    return world


def on(world: Any) -> set[str]:
    return {field for field, name in SETTINGS.items() if world.site.settings.is_on(name)}


@pytest.fixture
def visitor(world: Any) -> Visitor:
    """Fred, who is a Tempo Administrator."""
    found = Visitor(world)
    found.sign_in("fred")
    return found


def ticked(visitor: Visitor) -> set[str]:
    page = Document(visitor.get(PAGE).text)
    return {attributes["name"] or "" for tag, attributes in page.elements if tag == "input" and "checked" in attributes}


def save(visitor: Visitor, *fields: str) -> str:
    """Tick these alone and save; answers what the page says then."""
    visitor.get(PAGE)
    answer = visitor.post(PAGE, dict.fromkeys(fields, "on"))
    assert (answer.status_code, answer.location) == (303, f"/settings{PAGE}")
    return Document(visitor.get(PAGE).text).text


def test_plans_outlive_their_issue_unless_somebody_wants_otherwise(visitor: Visitor) -> None:
    assert ticked(visitor) == set()
    assert "Configuration Internal Issues Planning Time" in Document(visitor.get(PAGE).text).text


@pytest.mark.parametrize("who", ["bob", "erica", "rita", "technical-user"])
def test_others_are_refused_page_and_action_and_see_no_link(world: Any, who: str) -> None:
    visitor = Visitor(world)
    visitor.sign_in(who)
    assert "Planning Time" not in visitor.get("/api-integration").text
    for answer in (visitor.get(PAGE), visitor.post(PAGE, {APPROVAL: "on"})):
        assert (answer.status_code, "for Tempo Administrators" in answer.text) == (403, True)
    assert on(world) == set()


def test_a_form_without_its_key_changes_nothing(world: Any, visitor: Visitor) -> None:
    assert visitor.post(PAGE, {"csrf_token": "0" * 64, APPROVAL: "on"}).status_code == 403
    assert on(world) == set()
    assert world.audit() == []


@pytest.mark.parametrize("field", SETTINGS)
def test_each_switch_is_its_setting_and_nothing_else(world: Any, visitor: Visitor, field: str) -> None:
    before = world.site.settings.as_dict()
    assert "are saved" in save(visitor, field)
    assert world.site.settings.as_dict() == {**before, SETTINGS[field]: "on"}
    assert ticked(visitor) == {field}
    assert world.get(None, "/_mock/settings").json[SETTINGS[field]]["value"] == "on"
    save(visitor)
    assert world.site.settings.as_dict() == before


@pytest.mark.parametrize("field", SETTINGS)
def test_what_the_control_routes_set_is_on_the_page(world: Any, visitor: Visitor, field: str) -> None:
    world.put(None, "/_mock/settings", {SETTINGS[field]: True})
    assert ticked(visitor) == {field}


def test_other_settings_stay_and_unknown_fields_are_nothing(world: Any, visitor: Visitor) -> None:
    world.put(None, "/_mock/settings", {"audit.order": "newest", "teams.version": "2.0.6"})
    before = world.site.settings.as_dict()
    save(visitor, DELETED, "audit.order", "<script>")
    assert world.site.settings.as_dict() == {**before, "plans.deletedWithIssue": "on"}


def test_the_apis_follow_at_once(world: Any, visitor: Visitor) -> None:
    role = {"name": "Reviewers", "accessType": "GLOBAL", "permittedAccountIds": [ERICA],
            "permissionKeys": ["permissions.plan.view", "permissions.plan.approve"]}  # fmt: skip
    assert world.cloud("POST", "fred", "permission-roles", role).status == 200
    wish = {**ENTRY, "startTime": "09:30", "planApproval": {"reviewerId": ERICA}}

    def planned() -> Any:
        answer = world.cloud("POST", "bob", "plans", wish)
        assert answer.status == 200, answer.text
        return answer.json

    before = planned()
    assert (before["startTime"], "planApproval" in before) == ("00:00", False)
    save(visitor, APPROVAL, TIMES)
    found = world.cloud("GET", "bob", "globalconfiguration").json
    assert (found[APPROVAL], found[TIMES]) == (True, True)
    after = planned()
    assert (after["startTime"], after["planApproval"]["status"]) == ("09:30", "REQUESTED")
    save(visitor)
    shown = world.cloud("GET", "bob", f"plans/{after['id']}").json
    assert (shown["startTime"], "planApproval" in shown) == ("00:00", False)


@pytest.mark.parametrize(("fields", "status"), [((), 200), ((DELETED,), 404)])
def test_plans_go_with_their_issue_when_it_is_ticked(
    world: Any, jira_cloud: Any, visitor: Visitor, fields: tuple[str, ...], status: int
) -> None:
    plan = world.cloud("POST", "bob", "plans", ENTRY).json["id"]
    save(visitor, *fields)
    allow(world, "CLOUD")
    answer = jira_cloud.call("DELETE", "bob", "/rest/api/3/issue/10202")
    assert answer.status == 204, answer.text
    assert world.cloud("GET", "bob", f"plans/{plan}").status == status


def test_a_change_is_in_the_audit_feed_and_no_change_is_not(world: Any, visitor: Visitor) -> None:
    assert "Nothing was changed." in save(visitor)
    save(visitor, APPROVAL)
    save(visitor, APPROVAL, DELETED)
    body = {"from": "2013-11-01T00:00:00Z", "entityType": ["globalconfiguration"]}
    told = world.cloud("POST", "fred", "papertrail/search", body).json["results"]
    fred = world.site.store.value("SELECT account_id FROM people WHERE name = 'fred'")
    assert [(event["action"], event["author"], event["changes"]) for event in told] == [
        ("Updated", fred, [{"field": APPROVAL, "previous": "false", "new": "true"}]),
        ("Updated", fred, [{"field": DELETED, "previous": "false", "new": "true"}]),
    ]
    assert [(event["noun"], event["call"], event["face"]) for event in world.audit()] == [
        ("settings", "change_planning_time", "pages")
    ] * 2


def test_a_world_in_a_file_begins_with_them(make_world: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "world.db"
    world = make_world(database=path)
    visitor = Visitor(world)
    visitor.sign_in("fred")
    save(visitor, TIMES, DELETED)
    world.close()
    again = make_world(database=path)
    assert on(again) == {TIMES, DELETED}
    visitor = Visitor(again)
    visitor.sign_in("fred")
    assert ticked(visitor) == {TIMES, DELETED}


def test_each_site_has_its_own(world: Any, visitor: Visitor) -> None:
    world.post(None, "/_mock/sites", {"name": "other"})
    other = Visitor(world, "/sites/other")
    other.sign_in("fred")
    other.get(PAGE)
    assert other.post(PAGE, {DELETED: "on"}).status_code == 303
    assert (ticked(other), ticked(visitor)) == ({DELETED}, set())


def test_a_reset_brings_the_first_settings_back(world: Any, visitor: Visitor) -> None:
    save(visitor, DELETED)
    assert world.post(None, "/_mock/reset").status == 200
    visitor.sign_in("fred")
    assert ticked(visitor) == {APPROVAL, TIMES}
