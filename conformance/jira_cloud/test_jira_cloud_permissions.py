"""Who may do what in Jira Cloud: mypermissions and permissions/check."""

from __future__ import annotations

from typing import Any

import pytest

from conformance import expect
from conformance.client import Caller
from conformance.jira_cloud import beans
from conformance.shapes import MapOf

MINE = "rest/api/3/mypermissions"
CHECK = "rest/api/3/permissions/check"
UNKNOWN = 2147483000
Row = dict[str, Any]


@pytest.mark.requirement("jira_cloud_permissions.mine.shape")
def test_asked_permissions_are_told(admin: Caller) -> None:
    asked = ["BROWSE_PROJECTS", "ADMINISTER"]
    answer = admin.get(MINE, {"permissions": ",".join(asked)})
    found = expect.json_object(answer).get("permissions")
    expect.shape(answer, found, MapOf(beans.PERMISSION), "permissions")
    expect.same_set(answer, "the keys", list(found or {}), asked)


@pytest.mark.requirement("jira_cloud_permissions.mine.keys-needed")
def test_permissions_must_be_named(admin: Caller) -> None:
    expect.status(admin.get(MINE), 400)


@pytest.mark.requirement("jira_cloud_permissions.mine.administrator")
@pytest.mark.parametrize(("name", "held"), [("admin", True), ("outsider", False)])
def test_administrators_alone_administer_jira(request: pytest.FixtureRequest, name: str, held: bool) -> None:
    answer = request.getfixturevalue(name).get(MINE, {"permissions": "ADMINISTER"})
    found = expect.json_object(answer)["permissions"]["ADMINISTER"]
    expect.equal(answer, f"ADMINISTER of the persona {name}", found.get("havePermission"), held)


@pytest.mark.requirement("jira_cloud_permissions.mine.unknown-400")
def test_unknown_permission_is_refused(admin: Caller) -> None:
    expect.status(admin.get(MINE, {"permissions": "CONFORMANCE_NONE"}), 400)


def _asked(project: Row, **more: Any) -> Row:
    return {
        "globalPermissions": ["ADMINISTER"],
        "projectPermissions": [{"permissions": ["BROWSE_PROJECTS"], "projects": [int(project["id"])], "issues": []}],
        **more,
    }


@pytest.mark.requirement("jira_cloud_permissions.check.shape")
def test_checked_permissions_have_published_shape(admin: Caller, project: Row) -> None:
    answer = admin.post(CHECK, _asked(project))
    expect.shape(answer, expect.json_object(answer), beans.CHECKED)


@pytest.mark.requirement("jira_cloud_permissions.check.agrees")
@pytest.mark.parametrize("name", ["admin", "outsider"])
def test_both_ways_of_asking_agree(request: pytest.FixtureRequest, project: Row, name: str) -> None:
    who: Caller = request.getfixturevalue(name)
    mine = who.get(MINE, {"permissions": "BROWSE_PROJECTS", "projectId": project["id"]})
    held = mine.ok and expect.json_object(mine)["permissions"]["BROWSE_PROJECTS"]["havePermission"]
    answer = who.post(CHECK, _asked(project))
    projects = [number for entry in expect.json_object(answer)["projectPermissions"] for number in entry["projects"]]
    expect.equal(answer, "whether the project is browsed", int(project["id"]) in projects, held)


@pytest.mark.requirement("jira_cloud_permissions.check.unknown-ids")
def test_unknown_projects_and_issues_are_ignored(admin: Caller, project: Row) -> None:
    check = {"permissions": ["BROWSE_PROJECTS"], "projects": [int(project["id"]), UNKNOWN], "issues": [UNKNOWN]}
    answer = admin.post(CHECK, {"projectPermissions": [check]})
    entries = expect.json_object(answer)["projectPermissions"]
    told = [(entry["projects"], entry["issues"]) for entry in entries]
    expect.equal(answer, "projects, issues", told, [([int(project["id"])], [])])


@pytest.mark.requirement("jira_cloud_permissions.check.others-403")
def test_permissions_of_others_are_for_administrators(outsider: Caller, project: Row, myself: Row) -> None:
    expect.status(outsider.post(CHECK, _asked(project, accountId=myself["accountId"])), 403)


@pytest.mark.requirement("jira_cloud_permissions.check.unknown-400")
def test_check_of_an_unknown_permission_is_refused(admin: Caller) -> None:
    check = {"permissions": ["CONFORMANCE_NONE"], "projects": [], "issues": []}
    expect.error_body(expect.status(admin.post(CHECK, {"projectPermissions": [check]}), 400))
