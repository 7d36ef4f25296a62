"""The Jira resources Tempo clients call: people, groups, server information, permissions, projects."""

from __future__ import annotations

from typing import Any

import pytest

from conformance import beans, expect
from conformance.client import Caller
from conformance.datacenter.bench import Group
from conformance.datacenter.items import part
from conformance.run import Run
from conformance.shapes import JIRA_STAMP, ListOf

API = "rest/api/2"
NOBODY = "conformance-nobody"


@pytest.mark.requirement("people.myself.shape")
@pytest.mark.parametrize("name", ["admin", "lead", "member", "outsider"])
def test_myself_is_the_caller(run: Run, name: str) -> None:
    caller = run.persona_caller("datacenter", name)
    answer = caller.get(f"{API}/myself")
    content = expect.json_object(answer)
    expect.shape(answer, content, beans.MYSELF)
    expect.equal(answer, "name", content["name"], caller.user)


@pytest.mark.requirement("people.myself.groups-expanded")
def test_myself_lists_groups_when_expanded(admin: Caller) -> None:
    answer = admin.get(f"{API}/myself", {"expand": "groups"})
    groups = part(expect.json_object(answer), "groups")
    items = groups.get("items")
    expect.that(answer, isinstance(items, list), "groups.items as an array", f"groups.items = {items!r}")
    expect.equal(answer, "groups.size", groups.get("size"), len(items or ()))
    for item in items or ():
        expect.that(answer, isinstance(part({"item": item}, "item").get("name"), str), "each group with a name", str(item))


@pytest.mark.requirement("people.myself.latest-alias")
def test_latest_is_alias_of_version_2(admin: Caller) -> None:
    answer = admin.get("rest/api/latest/myself")
    expect.equal(answer, "name", expect.json_object(answer).get("name"), admin.user)


@pytest.mark.requirement("people.read.by-name")
def test_user_by_name_is_that_user(admin: Caller, member: Caller) -> None:
    answer = admin.get(f"{API}/user", {"username": member.user})
    content = expect.json_object(answer)
    expect.shape(answer, content, beans.JIRA_USER)
    expect.equal(answer, "name", content["name"], member.user)


@pytest.mark.requirement("people.read.by-key")
def test_user_by_key_is_that_user(admin: Caller, renamed: dict[str, Any]) -> None:
    answer = admin.get(f"{API}/user", {"key": renamed["key"]})
    expect.equal(answer, "name", expect.json_object(answer).get("name"), renamed["name"])


@pytest.mark.requirement("people.read.unknown-not-found")
@pytest.mark.parametrize("by", ["username", "key"])
def test_unknown_user_is_not_found(admin: Caller, by: str) -> None:
    answer = expect.status(admin.get(f"{API}/user", {by: NOBODY}), 404)
    expect.error_body(answer)


@pytest.mark.requirement("people.search.bare-array")
def test_user_search_is_bare_array_of_users(admin: Caller, member: Caller) -> None:
    answer = admin.get(f"{API}/user/search", {"username": member.user})
    users = expect.json_list(answer)
    expect.shape(answer, users, ListOf(beans.JIRA_USER))
    expect.that(
        answer,
        member.user in [user["name"] for user in users],
        f"{member.user} among the users",
        f"{len(users)} others",
    )


@pytest.mark.requirement("people.search.no-match-empty")
def test_user_search_without_match_is_empty(admin: Caller) -> None:
    answer = admin.get(f"{API}/user/search", {"username": NOBODY})
    expect.equal(answer, "the users", expect.json_list(answer), [])


@pytest.mark.requirement("people.search.dot-matches-all")
def test_user_search_for_dot_matches_everybody(admin: Caller) -> None:
    answer = admin.get(f"{API}/user/search", {"username": ".", "maxResults": "1000"})
    names = [user.get("name") for user in expect.objects(answer)]
    if len(names) >= 1000:
        pytest.skip("the site has more users than one page of the search can show")
    expect.that(answer, admin.user in names, f"{admin.user} among the users", f"{len(names)} others")


@pytest.mark.requirement("people.search.pages")
def test_user_search_obeys_start_and_limit(admin: Caller) -> None:
    both = expect.objects(admin.get(f"{API}/user/search", {"username": ".", "startAt": "0", "maxResults": "2"}))
    if len(both) < 2:
        pytest.skip("the site shows fewer than two users")
    answer = admin.get(f"{API}/user/search", {"username": ".", "startAt": "1", "maxResults": "1"})
    expect.equal(answer, "the names", [user.get("name") for user in expect.objects(answer)], [both[1].get("name")])


@pytest.mark.requirement("groups.members.shape")
def test_group_members_are_a_page_of_users(admin: Caller, group: Group) -> None:
    answer = admin.get(f"{API}/group/member", {"groupname": group.name})
    content = expect.json_object(answer)
    expect.shape(answer, content, beans.GROUP_PAGE)
    expect.equal(answer, "startAt", content["startAt"], 0)


@pytest.mark.requirement("groups.members.pages")
def test_group_members_obey_limit(admin: Caller, group: Group) -> None:
    answer = admin.get(f"{API}/group/member", {"groupname": group.name, "maxResults": "1"})
    content = expect.json_object(answer)
    expect.equal(answer, "the number of values", len(content.get("values") or ()), 1)
    expect.equal(answer, "isLast", content.get("isLast"), content.get("total") == 1)


@pytest.mark.requirement("groups.members.unknown-not-found")
def test_unknown_group_is_not_found(admin: Caller) -> None:
    expect.status(admin.get(f"{API}/group/member", {"groupname": NOBODY}), 404)


@pytest.mark.requirement("groups.members.administrators-only")
def test_group_members_are_forbidden_to_others(outsider: Caller, group: Group) -> None:
    expect.status(outsider.get(f"{API}/group/member", {"groupname": group.name}), 403)


@pytest.mark.requirement("serverinfo.anonymous.shape")
def test_server_info_needs_no_login(anonymous: Caller) -> None:
    answer = anonymous.get(f"{API}/serverInfo")
    expect.shape(answer, expect.json_object(answer), beans.SERVER_INFO)


@pytest.mark.requirement("serverinfo.anonymous.no-time")
def test_server_info_tells_time_only_to_those_logged_in(admin: Caller, anonymous: Caller) -> None:
    answer = admin.get(f"{API}/serverInfo")
    expect.shape(answer, expect.json_object(answer).get("serverTime"), JIRA_STAMP, "serverTime")
    answer = anonymous.get(f"{API}/serverInfo")
    expect.that(
        answer,
        "serverTime" not in expect.json_object(answer),
        "no serverTime for anonymous callers",
        "serverTime is there",
    )


@pytest.mark.requirement("mypermissions.global.shape")
def test_my_permissions_are_keyed_objects(admin: Caller) -> None:
    answer = admin.get(f"{API}/mypermissions")
    permissions = part(expect.json_object(answer), "permissions")
    expect.that(answer, permissions, "permissions by key", "none")
    for key, permission in permissions.items():
        expect.shape(answer, permission, beans.JIRA_PERMISSION, f"permissions.{key}")
        expect.equal(answer, f"permissions.{key}.key", permission["key"], key)


@pytest.mark.requirement("mypermissions.global.differ")
def test_my_permissions_differ_by_person(admin: Caller, outsider: Caller) -> None:
    for caller, held in ((admin, True), (outsider, False)):
        answer = caller.get(f"{API}/mypermissions")
        permission = part(part(expect.json_object(answer), "permissions"), "ADMINISTER")
        expect.equal(answer, "permissions.ADMINISTER.havePermission", permission.get("havePermission"), held)


@pytest.mark.requirement("projects.list.bare-array")
def test_project_list_is_bare_array(admin: Caller) -> None:
    answer = admin.get(f"{API}/project")
    expect.shape(answer, expect.json_list(answer), ListOf(beans.PROJECT))


@pytest.mark.requirement("projects.read.by-key-and-id")
def test_project_by_key_and_by_id_is_the_same(admin: Caller) -> None:
    projects = expect.objects(admin.get(f"{API}/project"))
    if not projects:
        pytest.skip("the site shows no project")
    for name in ("key", "id"):
        answer = admin.get(f"{API}/project/{projects[0].get(name)}")
        content = expect.json_object(answer)
        expect.shape(answer, content, beans.PROJECT)
        expect.equal(answer, "id", content["id"], projects[0].get("id"))
