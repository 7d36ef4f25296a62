"""Projects, permissions and server information of Jira Cloud."""

from typing import Any

import pytest

MEMBERS = {"expand", "self", "id", "key", "name", "avatarUrls", "projectTypeKey", "simplified", "style", "isPrivate"}
ERICA = "5b10a2844c20165700ede220"
BOB = "5b10a2844c20165700ede223"


@pytest.mark.parametrize(("who", "keys"), [("fred", ["CLOUD", "HR", "SAFE"]), ("bob", ["CLOUD", "HR"]), (None, [])])
def test_projects_are_those_one_may_browse(jira_cloud: Any, who: str | None, keys: list[str]) -> None:
    page = jira_cloud.get(who, "project/search").json
    assert [project["key"] for project in page["values"]] == keys
    assert (page["total"], page["maxResults"], page["startAt"], page["isLast"]) == (len(keys), 50, 0, True)
    assert all(set(project) == MEMBERS | {"properties"} for project in page["values"])
    assert [project["key"] for project in jira_cloud.get(who, "project").json] == keys


def test_projects_come_page_by_page(jira_cloud: Any) -> None:
    found: list[str] = []
    address = "project/search?maxResults=1&orderBy=-name"
    while True:
        page = jira_cloud.get("fred", address).json
        found += [project["key"] for project in page["values"]]
        if page["isLast"]:
            break
        address = page["nextPage"].removeprefix("http://localhost")
    assert "nextPage" not in page
    assert found == ["SAFE", "CLOUD", "HR"]
    assert jira_cloud.get("fred", "project/search?maxResults=101").json["maxResults"] == 100
    assert jira_cloud.get("fred", "project/search?startAt=9").json["values"] == []
    assert jira_cloud.get("fred", "project/search?maxResults=0").json["values"] == []


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("query=safe", ["SAFE"]), ("query=training", ["HR"]), ("query=nothing", []), ("keys=HR&keys=SAFE", ["HR", "SAFE"]),
        ("keys=HR,SAFE", ["HR", "SAFE"]), ("keys=hr", []), ("id=10010&id=99", ["CLOUD"]), ("typeKey=business", ["HR"]),
        ("orderBy=name", ["HR", "CLOUD", "SAFE"]), ("orderBy=-key", ["SAFE", "HR", "CLOUD"]),
        ("colour=red", ["CLOUD", "HR", "SAFE"]),
    ],
)  # fmt: skip
def test_projects_are_searched(jira_cloud: Any, query: str, keys: list[str]) -> None:
    assert [project["key"] for project in jira_cloud.get("fred", f"project/search?{query}").json["values"]] == keys


@pytest.mark.parametrize("query", ["orderBy=colour", "startAt=x", "maxResults=-1"])
def test_wrong_project_search_is_refused(jira_cloud: Any, query: str) -> None:
    answer = jira_cloud.get("fred", f"project/search?{query}")
    assert answer.status == 400
    assert answer.fields == {}


@pytest.mark.parametrize("base", ["/rest/api/2", "/rest/api/3", "/jira/rest/api/3"])
def test_one_project_by_id_or_key(jira_cloud: Any, base: str) -> None:
    for reference in ("CLOUD", "10010"):
        project = jira_cloud.get("bob", f"{base}/project/{reference}").json
        assert (project["id"], project["key"], project["self"]) == ("10010", "CLOUD", f"http://localhost{base}/project/10010")
        assert project["lead"]["accountId"] == ERICA
        assert set(project["lead"]) == {"self", "accountId", "accountType", "avatarUrls", "displayName", "active", "timeZone"}
        assert {"description", "components", "issueTypes", "assigneeType", "versions", "roles"} <= set(project)
    for reference, how in (("SAFE", "key"), ("10011", "id"), ("NOPE", "key"), ("cloud", "key")):
        answer = jira_cloud.get("bob", f"{base}/project/{reference}")
        expected = {"errorMessages": [f"No project could be found with {how} '{reference}'."], "errors": {}}
        assert (answer.status, answer.json) == (404, expected)


def test_server_says_that_it_is_cloud(jira_cloud: Any) -> None:
    for base, root in (("/rest/api/2", ""), ("/rest/api/3", ""), ("/jira/rest/api/3", "/jira")):
        info = jira_cloud.get("bob", f"{base}/serverInfo").json
        assert (info["deploymentType"], info["baseUrl"]) == ("Cloud", f"http://localhost{root}")
        assert (info["version"], info["versionNumbers"]) == ("1001.0.0-SNAPSHOT", [1001, 0, 0])
        assert info["serverTime"] == "2013-11-15T00:00:00.000+0000"
        assert (info["defaultLocale"], info["serverTimeZone"]) == ({"locale": "en_US"}, "UTC")


@pytest.mark.parametrize(
    ("who", "query", "key", "has"),
    [
        ("fred", "", "ADMINISTER", True), ("bob", "", "ADMINISTER", False), (None, "", "ADMINISTER", False),
        ("bob", "", "BROWSE_PROJECTS", True), (None, "", "BROWSE_PROJECTS", False),
        ("bob", "&projectKey=CLOUD", "WORK_ON_ISSUES", True), ("bob", "&projectId=10010", "EDIT_ALL_WORKLOGS", False),
        ("fred", "&projectKey=CLOUD", "EDIT_ALL_WORKLOGS", True), ("fred", "&issueKey=SAFE-1", "WORK_ON_ISSUES", False),
        ("bob", "&issueId=10240", "WORK_ON_ISSUES", True), ("bob", "&issueKey=hr-1&projectKey=NOPE", "WORK_ON_ISSUES", True),
        ("bob", "&projectKey=CLOUD", "io.tempo.jira__view-all-worklogs", False),
        ("bob", "", "io.tempo.jira__tempo-timesheets-access", True), ("bob", "", "io.tempo.jira__tempo-administrator", False),
        ("fred", "", "io.tempo.jira__tempo-team-administrator", True),
    ],
)  # fmt: skip
def test_own_permissions(jira_cloud: Any, who: str | None, query: str, key: str, has: bool) -> None:
    permissions = jira_cloud.get(who, f"mypermissions?permissions={key},CREATE_ISSUES{query}").json["permissions"]
    assert set(permissions) == {key, "CREATE_ISSUES"}
    assert permissions[key]["havePermission"] is has
    assert set(permissions[key]) == {"id", "key", "name", "type", "description", "havePermission"}


def test_view_all_worklogs_is_held_where_a_group_has_it(jira_cloud: Any) -> None:
    store = jira_cloud.world.site.store
    with store.transaction():
        group = store.value("SELECT id FROM groups WHERE name = 'cloud-dev-user'")
        store.insert_row("project_permissions", project_id=10010, permission="io.tempo.jira__view-all-worklogs", group_id=group)
    key = "io.tempo.jira__view-all-worklogs"
    for project, has in (("CLOUD", True), ("HR", False)):
        answer = jira_cloud.get("bob", f"mypermissions?permissions={key}&projectKey={project}").json
        assert answer["permissions"][key]["havePermission"] is has


@pytest.mark.parametrize(
    ("query", "status", "body"),
    [
        ("", 400, {"errorMessages": ["The 'permissions' query parameter is required."], "errors": {}}),
        ("permissions=", 400, {"errorMessages": ["The 'permissions' query parameter is required."], "errors": {}}),
        ("permissions=FLY", 400, {"errorMessages": [], "errors": {"FLY": "Unrecognized permission"}}),
        ("permissions=ADMINISTER&projectKey=SAFE", 404,
         {"errorMessages": ["No project could be found with key 'SAFE'."], "errors": {}}),
        ("permissions=ADMINISTER&issueKey=SAFE-1", 404,
         {"errorMessages": ["Issue does not exist or you do not have permission to see it."], "errors": {}}),
    ],
)  # fmt: skip
def test_wrong_question_for_own_permissions(jira_cloud: Any, query: str, status: int, body: Any) -> None:
    answer = jira_cloud.get("bob", f"mypermissions?{query}")
    assert (answer.status, answer.json) == (status, body)


def test_permissions_are_checked_in_bulk(jira_cloud: Any) -> None:
    asked = {
        "globalPermissions": ["ADMINISTER", "io.tempo.jira__tempo-timesheets-access"],
        "projectPermissions": [
            {"permissions": ["BROWSE_PROJECTS", "EDIT_ALL_WORKLOGS"], "projects": [10011, 10010, 99],
             "issues": [10202, 10220, 2**70]},
            {"permissions": ["WORK_ON_ISSUES"], "projects": None},
        ],
    }  # fmt: skip
    held = {
        "projectPermissions": [
            {"permission": "BROWSE_PROJECTS", "projects": [10010], "issues": [10202]},
            {"permission": "EDIT_ALL_WORKLOGS", "projects": [], "issues": []},
            {"permission": "WORK_ON_ISSUES", "projects": [], "issues": []},
        ],
        "globalPermissions": ["io.tempo.jira__tempo-timesheets-access"],
    }
    assert jira_cloud.post("bob", "permissions/check", asked).json == held
    assert jira_cloud.post("fred", "permissions/check", {**asked, "accountId": BOB}).json == held
    assert jira_cloud.post("bob", "permissions/check", {**asked, "accountId": BOB}).json == held
    assert jira_cloud.post("bob", "permissions/check", {}).json == {"projectPermissions": [], "globalPermissions": []}


@pytest.mark.parametrize(
    ("who", "body", "status", "fields"),
    [
        ("bob", {"accountId": ERICA}, 403, {}),
        (None, {"accountId": ERICA}, 403, {}),
        ("fred", {"accountId": "nosuch"}, 400, {"accountId": "The user does not exist."}),
        ("bob", {"globalPermissions": ["PERMISSION_123"]}, 400, {"PERMISSION_123": "Unrecognized permission"}),
        ("bob", {"globalPermissions": ["BROWSE_PROJECTS"]}, 400, {"BROWSE_PROJECTS": "Unrecognized permission"}),
        ("bob", {"projectPermissions": [{"permissions": ["ADMINISTER"]}]}, 400, {"ADMINISTER": "Unrecognized permission"}),
        ("bob", {"projectPermissions": [{"permissions": []}]}, 400, {}),
        ("bob", {"projectPermissions": [{}]}, 400, {}),
        ("bob", {"projectPermissions": [{"permissions": ["BROWSE_PROJECTS"], "projects": list(range(1001))}]}, 400, {}),
        ("bob", [], 400, {}),
        ("bob", {"globalPermissions": "ADMINISTER"}, 400, {}),
    ],
)  # fmt: skip
def test_wrong_check_is_refused(jira_cloud: Any, who: str | None, body: Any, status: int, fields: Any) -> None:
    answer = jira_cloud.post(who, "permissions/check", body)
    assert (answer.status, answer.fields) == (status, fields)


def test_an_administrator_is_told_of_others_what_they_hold_and_not_what_he_does(jira_cloud: Any) -> None:
    asked = {
        "accountId": ERICA,
        "globalPermissions": ["ADMINISTER", "USER_PICKER"],
        "projectPermissions": [{"permissions": ["BROWSE_PROJECTS"], "projects": [10010, 10011]}],
    }
    store = jira_cloud.world.site.store
    with store.reading():
        held = store.all(
            "SELECT DISTINCT p.project_id FROM project_permissions p JOIN group_members m ON m.group_id = p.group_id "
            "JOIN people h ON h.id = m.person_id WHERE h.account_id = ? AND p.permission = 'BROWSE_PROJECTS' "
            "AND p.project_id IN (10010, 10011) ORDER BY 1",
            (ERICA,),
        )
    told = jira_cloud.post("fred", "permissions/check", asked).json
    assert told["projectPermissions"][0]["projects"] == [row[0] for row in held]
    assert told["globalPermissions"] == []
    assert jira_cloud.post("fred", "permissions/check", {**asked, "accountId": None}).json["globalPermissions"] == [
        "ADMINISTER",
        "USER_PICKER",
    ]
    assert jira_cloud.post("erica", "permissions/check", asked).json == told
    answer = jira_cloud.post("bob", "permissions/check", asked)
    assert (answer.status, answer.json["errorMessages"]) == (403, ["Only Jira administrators can perform this operation."])
