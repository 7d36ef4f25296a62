"""The part of Jira's own API that Tempo clients call: people, groups, the caller's permissions, projects, pictures."""

import re
from collections.abc import Callable
from typing import Any

import pytest

API = "/jira/rest/api/2"
USER_FIELDS = {"self", "key", "name", "emailAddress", "avatarUrls", "displayName", "active", "timeZone", "locale"}
SIZES = {"48x48", "24x24", "16x16", "32x32"}
EVERYBODY = ["bob", "david", "erica", "fred", "greta", "john", "laura", "nadia", "rita", "technical-user"]


def names(answer: Any) -> list[str]:
    """Login names in a list of users."""
    assert answer.status == 200, answer.text
    return [user["name"] for user in answer.json]


@pytest.mark.parametrize("base", [API, "/jira/rest/api/latest"])
def test_myself_is_whoever_calls(world: Any, base: str) -> None:
    me = world.get("nadia", f"{base}/myself").json
    assert set(me) >= USER_FIELDS | {"groups", "applicationRoles", "expand"}
    assert (me["name"], me["key"], me["displayName"], me["active"]) == ("nadia", "JIRAUSER10100", "Nadia Okafor", True)
    assert me["emailAddress"] == "nadia@example.org"
    assert me["self"] == "http://localhost/jira/rest/api/2/user?username=nadia"
    assert set(me["avatarUrls"]) == SIZES
    assert me["avatarUrls"]["48x48"] == "http://localhost/jira/secure/useravatar?avatarId=10124"
    assert (me["groups"], me["applicationRoles"]["items"]) == ({"size": 3, "items": []}, [])
    assert me["expand"] == "groups,applicationRoles"


@pytest.mark.parametrize("query", ["expand=groups,applicationRoles", "expand=applicationRoles&expand=groups"])
def test_groups_and_roles_are_listed_on_request(world: Any, query: str) -> None:
    for answer in (world.get("nadia", f"{API}/myself?{query}"), world.get("bob", f"{API}/user?username=nadia&{query}")):
        groups = answer.json["groups"]
        assert [group["name"] for group in groups["items"]] == ["employees", "hr", "jira-software-users"]
        assert groups["size"] == 3
        assert answer.json["applicationRoles"]["size"] == len(answer.json["applicationRoles"]["items"])


@pytest.mark.parametrize("query", ["username=nadia", "key=JIRAUSER10100"])
def test_user_is_found_by_name_or_key(world: Any, query: str) -> None:
    user = world.get("greta", f"{API}/user?{query}").json
    assert (user["name"], user["key"], user["displayName"]) == ("nadia", "JIRAUSER10100", "Nadia Okafor")


@pytest.mark.parametrize("query", ["username=nobody", "key=nobody", "username=JIRAUSER10100", "key=nadia", "", "username="])
def test_unknown_user_is_404(world: Any, query: str) -> None:
    answer = world.get("fred", f"{API}/user?{query}")
    assert answer.status == 404
    assert answer.fields == {}
    assert len(answer.json["errorMessages"]) == 1


def test_deactivated_user_is_found_and_shown_as_such(world: Any) -> None:
    assert world.get("fred", f"{API}/user?username=olaf").json["active"] is False


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("username=.", EVERYBODY),
        ("username=.&includeInactive=true", sorted([*EVERYBODY, "olaf"])),
        ("username=.&includeInactive=true&includeActive=false", ["olaf"]),
        ("username=.&startAt=2&maxResults=3", EVERYBODY[2:5]),
        ("username=.&startAt=99", []),
        ("username=.&maxResults=0", []),
        ("username=nad", ["nadia"]),
        ("username=NADIA", ["nadia"]),
        ("username=okaf", ["nadia"]),
        ("username=nadia@", ["nadia"]),
        ("username=john", ["bob", "john"]),  # Bob Johnson
        ("username=adia", []),
        ("username=%25", []),
        ("username=_", []),
        ("username=nobody", []),
        ("username=olaf", []),
    ],
)
def test_users_are_searched_in_a_bare_list(world: Any, query: str, expected: list[str]) -> None:
    assert names(world.get("greta", f"{API}/user/search?{query}")) == expected


def test_search_finds_fifty_by_default_and_needs_a_text(world: Any) -> None:
    assert world.get("fred", f"{API}/user/search").status == 400
    assert set(world.get("fred", f"{API}/user/search?username=bob").json[0]) >= USER_FIELDS


def test_group_members_come_in_pages(world: Any) -> None:
    address = f"{API}/group/member?groupname=jira-software-users"
    whole = world.get("fred", address).json
    assert set(whole) == {"self", "maxResults", "startAt", "total", "isLast", "values"}
    assert (whole["maxResults"], whole["startAt"], whole["total"], whole["isLast"]) == (50, 0, 10, True)
    everybody = [user["name"] for user in whole["values"]]
    assert sorted(everybody) == EVERYBODY
    assert set(whole["values"][0]) >= USER_FIELDS
    found: list[str] = []
    page = world.get("fred", f"{address}&maxResults=4").json
    while True:
        found += [user["name"] for user in page["values"]]
        assert page["isLast"] == ("nextPage" not in page)
        if page["isLast"]:
            break
        page = world.get("fred", page["nextPage"].removeprefix("http://localhost")).json
    assert found == everybody
    assert world.get("fred", f"{address}&includeInactiveUsers=true").json["total"] == 11
    assert world.get("fred", f"{address}&startAt=99").json["values"] == []


def test_group_members_are_for_jira_administrators(world: Any) -> None:
    answer = world.get("erica", f"{API}/group/member?groupname=hr")
    assert (answer.status, answer.fields) == (403, {})
    for query, status in (("groupname=nobody", 404), ("", 400)):
        answer = world.get("fred", f"{API}/group/member?{query}")
        assert answer.status == status
        assert answer.json["errorMessages"]


PERMISSION_FIELDS = {"id", "key", "name", "type", "description", "havePermission"}


@pytest.mark.parametrize(
    ("who", "query", "key", "has"),
    [
        ("fred", "", "ADMINISTER", True), ("erica", "", "ADMINISTER", False), (None, "", "ADMINISTER", False),
        ("laura", "", "USER_PICKER", True), ("bob", "", "USER_PICKER", False),
        ("bob", "", "BROWSE_PROJECTS", True), (None, "", "BROWSE_PROJECTS", False),
        ("bob", "?projectKey=CLOUD", "WORK_ON_ISSUES", True), ("bob", "?projectKey=CLOUD", "EDIT_ALL_WORKLOGS", False),
        ("fred", "?projectKey=CLOUD", "EDIT_ALL_WORKLOGS", True), ("fred", "?projectId=10010", "EDIT_ALL_WORKLOGS", True),
        ("fred", "?projectKey=SAFE", "WORK_ON_ISSUES", False), ("laura", "?projectKey=SAFE", "WORK_ON_ISSUES", True),
        ("bob", "?permissions=BROWSE_PROJECTS,ADMINISTER", "BROWSE_PROJECTS", True),
    ],
)  # fmt: skip
def test_own_permissions(world: Any, who: str | None, query: str, key: str, has: bool) -> None:
    permissions = world.get(who, f"{API}/mypermissions{query}").json["permissions"]
    assert permissions[key]["havePermission"] is has
    for name, permission in permissions.items():
        assert set(permission) == PERMISSION_FIELDS
        assert permission["key"] == name
        assert permission["type"] in ("GLOBAL", "PROJECT")
    if "permissions=" in query:
        assert set(permissions) == {"BROWSE_PROJECTS", "ADMINISTER"}


def test_own_permissions_in_a_project_out_of_sight_are_404(world: Any) -> None:
    for query in ("projectKey=SAFE", "projectKey=NONE", "projectId=99"):
        answer = world.get("bob", f"{API}/mypermissions?{query}")
        assert (answer.status, answer.fields) == (404, {})


@pytest.mark.parametrize(
    ("who", "keys"),
    [("fred", ["CLOUD", "HR", "SAFE"]), ("bob", ["CLOUD", "HR"]), ("laura", ["CLOUD", "HR", "SAFE"]), (None, [])],
)
def test_projects_are_those_one_may_browse(world: Any, who: str | None, keys: list[str]) -> None:
    found = world.get(who, f"{API}/project").json
    assert [project["key"] for project in found] == keys
    for key, number in (("CLOUD", "10010"), ("HR", "10012"), ("SAFE", "10011")):
        for reference in (key, number):
            answer = world.get(who, f"{API}/project/{reference}")
            assert answer.status == (200 if key in keys else 404)
            if key in keys:
                project = answer.json
                assert (project["id"], project["key"]) == (number, key)
                assert project["self"] == f"http://localhost/jira/rest/api/2/project/{number}"
                assert set(project["avatarUrls"]) == SIZES
                assert project["lead"]["name"] == {"CLOUD": "erica", "HR": "laura", "SAFE": "john"}[key]
            else:
                assert answer.fields == {}


def test_server_tells_what_it_is(world: Any) -> None:
    info = world.get("fred", f"{API}/serverInfo").json
    assert set(info) == {"baseUrl", "version", "versionNumbers", "deploymentType", "buildNumber", "buildDate", "serverTime",
                         "scmInfo", "serverTitle"}  # fmt: skip
    assert (info["baseUrl"], info["deploymentType"]) == ("http://localhost/jira", "Server")
    assert ".".join(map(str, info["versionNumbers"])) == info["version"]
    assert info["serverTime"] == "2013-11-15T00:00:00.000+0000"


def test_base_url_is_the_one_the_client_used(world: Any) -> None:
    info = world.get("fred", f"{API}/serverInfo", headers={"Host": "tempo.example:9000"}).json
    assert info["baseUrl"] == "http://tempo.example:9000/jira"


def test_times_are_in_the_zone_of_whoever_asks(make_world: Callable[..., Any]) -> None:
    world = make_world(clock="2013-11-15T09:30:15.250Z")
    store = world.site.store
    with store.transaction():
        store.run("UPDATE people SET time_zone = 'Asia/Shanghai' WHERE name = 'bob'")
    assert world.get("bob", f"{API}/serverInfo").json["serverTime"] == "2013-11-15T17:30:15.250+0800"
    assert world.get("fred", f"{API}/serverInfo").json["serverTime"] == "2013-11-15T09:30:15.250+0000"


def test_every_avatar_that_is_linked_is_served(world: Any) -> None:
    pages = ("2/team/1/member", "2/team?expand=leaduser", f"{API}/myself", f"{API}/project", f"{API}/user/search?username=.")
    text = "".join(world.get("fred", path).text for path in pages)
    links = set(re.findall(r'"((?:http://localhost)?/jira/secure/[^"]+)"', text))
    assert len(links) > 20
    for link in links:
        picture = world.get(None, link.removeprefix("http://localhost"))
        assert (picture.status, picture.headers["Content-Type"]) == (200, "image/svg+xml")
        assert picture.text.startswith("<svg ")
        assert "<script" not in picture.text


@pytest.mark.parametrize(("size", "pixels"), [("&size=xsmall", 16), ("&size=small", 24), ("&size=medium", 32), ("", 48)])
def test_avatar_has_the_size_and_initials(world: Any, size: str, pixels: int) -> None:
    picture = world.get(None, f"/jira/secure/useravatar?avatarId=10120{size}").text
    assert f'width="{pixels}" height="{pixels}"' in picture
    assert ">EJ</text>" in picture


@pytest.mark.parametrize("query", ["", "?avatarId=", "?avatarId=x", "?avatarId=-1", "?avatarId=99999999999999", "?size=huge"])
def test_unknown_avatar_is_a_picture_too(world: Any, query: str) -> None:
    for name in ("useravatar", "projectavatar"):
        picture = world.get(None, f"/jira/secure/{name}{query}")
        assert (picture.status, picture.headers["Content-Type"]) == (200, "image/svg+xml")
