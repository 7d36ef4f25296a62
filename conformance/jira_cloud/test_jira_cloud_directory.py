"""Finding people and projects in Jira Cloud: the searches beside the list of all users and the page of projects."""

from __future__ import annotations

from typing import Any

import pytest

from conformance import expect
from conformance.calls import Answer
from conformance.client import Caller
from conformance.jira_cloud import beans
from conformance.run import Absent
from conformance.shapes import ListOf

USER = "rest/api/3/user"
SEARCH = f"{USER}/search"
BULK = f"{USER}/bulk"
PROJECT = "rest/api/3/project"
PAGES = f"{PROJECT}/search"
NOBODY = "conformance-nobody"
Row = dict[str, Any]


@pytest.fixture
def accounts(admin: Caller, myself: Row) -> list[str]:
    """Two account ids or three, the administrator's first."""
    rows = expect.objects(admin.get("rest/api/3/users/search", {"maxResults": 50}))
    others = [str(row["accountId"]) for row in rows if row.get("active") and row.get("accountId") != myself["accountId"]]
    if not others:
        raise Absent("the site has one user alone among the first 50")
    return [str(myself["accountId"]), *others[:2]]


def _bulk(caller: Caller, accounts: list[str], **page: int) -> Answer:
    return caller.get(BULK, [*(("accountId", account) for account in accounts), *page.items()])


def _told(row: Row) -> list[Any]:
    return [row.get(name) for name in ("accountId", "displayName", "active")]


@pytest.mark.requirement("jira_cloud_users.list.older-path")
def test_older_list_of_users_is_the_same(admin: Caller) -> None:
    page = {"startAt": 0, "maxResults": 6}
    wanted = [row.get("accountId") for row in expect.objects(admin.get("rest/api/3/users/search", page))]
    answer = admin.get("rest/api/3/users", page)
    expect.shape(answer, expect.json_list(answer), ListOf(beans.USER))
    expect.equal(answer, "the account ids", [row.get("accountId") for row in expect.objects(answer)], wanted)


@pytest.mark.requirement("jira_cloud_users.search.by-name")
def test_person_is_found_by_the_beginning_of_the_name(admin: Caller, myself: Row) -> None:
    answer = admin.get(SEARCH, {"query": myself["displayName"][:3], "maxResults": 1000})
    expect.shape(answer, expect.json_list(answer), ListOf(beans.USER))
    found = [row["accountId"] for row in expect.objects(answer)]
    expect.that(answer, myself["accountId"] in found, f"the account {myself['accountId']}", f"{len(found)} others")


@pytest.mark.requirement("jira_cloud_users.search.active-alone")
def test_search_of_users_finds_active_ones_alone(admin: Caller, myself: Row) -> None:
    answer = admin.get(SEARCH, {"query": myself["displayName"][:1], "maxResults": 1000})
    idle = [row.get("accountId") for row in expect.objects(answer) if row.get("active") is not True]
    expect.equal(answer, "the found users who are not active", idle, [])


@pytest.mark.requirement("jira_cloud_users.search.by-account")
def test_search_by_account_finds_one_person(admin: Caller, myself: Row) -> None:
    answer = admin.get(SEARCH, {"accountId": myself["accountId"]})
    expect.equal(answer, "account ids", [row.get("accountId") for row in expect.objects(answer)], [myself["accountId"]])


@pytest.mark.requirement("jira_cloud_users.search.bounded")
def test_search_of_users_obeys_its_bound(admin: Caller, myself: Row) -> None:
    answer = admin.get(SEARCH, {"query": myself["displayName"][:1], "maxResults": 1})
    found = expect.objects(answer)
    expect.that(answer, len(found) <= 1, "one user at most", f"{len(found)} users")


@pytest.mark.requirement("jira_cloud_users.search.nothing-asked-400")
def test_search_of_users_for_nothing_is_refused(admin: Caller) -> None:
    expect.error_body(expect.status(admin.get(SEARCH), 400))


@pytest.mark.requirement("jira_cloud_users.search.anonymous-empty")
def test_search_of_users_by_nobody_is_empty(anonymous: Caller, myself: Row) -> None:
    answer = expect.status(anonymous.get(SEARCH, {"query": myself["displayName"]}), 200)
    expect.equal(answer, "the users", expect.json_list(answer), [])


@pytest.mark.requirement("jira_cloud_users.bulk.page")
def test_users_in_bulk_are_a_page(admin: Caller, accounts: list[str]) -> None:
    answer = _bulk(admin, accounts)
    page = expect.json_object(answer)
    expect.shape(answer, page, beans.USER_PAGE)
    told = [page[name] for name in ("startAt", "maxResults", "total", "isLast")]
    expect.equal(answer, "startAt, maxResults, total, isLast", told, [0, 10, len(accounts), True])


@pytest.mark.requirement("jira_cloud_users.bulk.known-alone")
def test_users_in_bulk_are_those_asked_for(admin: Caller, accounts: list[str]) -> None:
    answer = _bulk(admin, [accounts[0], NOBODY, *accounts[1:]])
    found = [_told(row) for row in expect.json_object(answer)["values"]]
    wanted = [_told(expect.json_object(admin.get(USER, {"accountId": account}))) for account in accounts]
    expect.equal(answer, "who was found", sorted(found, key=str), sorted(wanted, key=str))


@pytest.mark.requirement("jira_cloud_users.bulk.pages")
def test_pages_of_users_in_bulk_are_the_whole(admin: Caller, accounts: list[str]) -> None:
    found: list[Any] = []
    for start in range(len(accounts)):
        answer = _bulk(admin, accounts, startAt=start, maxResults=1)
        page = expect.json_object(answer)
        found += [row.get("accountId") for row in page["values"]]
        expect.equal(answer, "isLast", page.get("isLast"), start + 1 == len(accounts))
    answer = _bulk(admin, accounts)
    expect.same_set(answer, "pages of one together", found, accounts)


@pytest.mark.requirement("jira_cloud_users.bulk.nobody-asked-400")
def test_users_in_bulk_without_an_account_are_refused(admin: Caller) -> None:
    expect.error_body(expect.status(admin.get(BULK), 400))


@pytest.mark.requirement("jira_cloud_users.bulk.anonymous-401")
def test_users_in_bulk_are_refused_to_nobody(anonymous: Caller, myself: Row) -> None:
    expect.status(_bulk(anonymous, [str(myself["accountId"])]), 401)


@pytest.mark.requirement("jira_cloud_projects.list.bare-array")
def test_list_of_projects_is_a_bare_array(admin: Caller) -> None:
    answer = admin.get(PROJECT)
    expect.shape(answer, expect.json_list(answer), ListOf(beans.PROJECT))


@pytest.mark.requirement("jira_cloud_projects.list.same")
@pytest.mark.parametrize("who", ["admin", "outsider"])
def test_list_of_projects_is_that_of_the_search(request: pytest.FixtureRequest, who: str) -> None:
    caller: Caller = request.getfixturevalue(who)
    page = expect.json_object(caller.get(PAGES, {"maxResults": 100}))
    searched = {row["id"] for row in page["values"]}
    answer = caller.get(PROJECT)
    listed = [row.get("id") for row in expect.objects(answer)]
    lacking = sorted(searched - set(listed))
    expect.equal(answer, "projects of the search that the list lacks", lacking, [])
    if page["isLast"]:
        expect.same_set(answer, "the projects", listed, list(searched))


@pytest.mark.requirement("jira_cloud_projects.read.shape")
def test_single_project_has_published_shape(admin: Caller, project: Row) -> None:
    answer = admin.get(f"{PROJECT}/{project['key']}")
    expect.shape(answer, expect.json_object(answer), beans.PROJECT_DETAIL)


@pytest.mark.requirement("jira_cloud_projects.read.by-id-and-key")
@pytest.mark.parametrize("form", ["id", "key"])
def test_project_is_read_by_id_and_key(admin: Caller, project: Row, form: str) -> None:
    answer = admin.get(f"{PROJECT}/{project[form]}")
    row = expect.json_object(answer)
    names = ("id", "key", "name")
    expect.equal(answer, ", ".join(names), [row.get(name) for name in names], [project[name] for name in names])


@pytest.mark.requirement("jira_cloud_projects.read.unknown-404")
@pytest.mark.parametrize("named", ["CONFORMANCENONE", "2147483000"])
def test_unknown_project_is_not_found(admin: Caller, named: str) -> None:
    expect.error_body(expect.status(admin.get(f"{PROJECT}/{named}"), 404))


@pytest.mark.requirement("jira_cloud_projects.read.unlisted-404")
def test_project_hidden_from_a_person_is_not_found(admin: Caller, outsider: Caller) -> None:
    page = expect.json_object(outsider.get(PAGES, {"maxResults": 100}))
    if not page["isLast"]:
        raise Absent("the persona outsider browses more than 100 projects")
    seen = {row["id"] for row in page["values"]}
    hidden = [row["id"] for row in expect.json_object(admin.get(PAGES, {"maxResults": 100}))["values"] if row["id"] not in seen]
    if not hidden:
        raise Absent("the persona outsider browses every project that the persona admin does")
    expect.status(outsider.get(f"{PROJECT}/{hidden[0]}"), 404)
