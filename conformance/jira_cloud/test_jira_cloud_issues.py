"""Projects, issues and the search in Jira Cloud."""

from __future__ import annotations

from typing import Any

import pytest

from conformance import expect
from conformance.client import Caller
from conformance.jira_cloud import beans
from conformance.shapes import ListOf

PROJECTS = "rest/api/3/project/search"
SEARCH = "rest/api/3/search/jql"
ISSUE = "rest/api/3/issue"
Row = dict[str, Any]


@pytest.mark.requirement("jira_cloud_projects.search.shape")
def test_projects_are_a_page_of_published_shape(admin: Caller) -> None:
    answer = admin.get(PROJECTS)
    expect.shape(answer, expect.json_object(answer), beans.PROJECT_PAGE)


@pytest.mark.requirement("jira_cloud_projects.search.ids-are-texts")
def test_ids_of_projects_are_texts(admin: Caller, project: Row) -> None:
    answer = admin.get(PROJECTS)
    expect.shape(answer, [row.get("id") for row in expect.json_object(answer)["values"]], ListOf(beans.DIGITS), "ids")


@pytest.mark.requirement("jira_cloud_projects.search.pages")
def test_pages_of_projects_are_the_whole(admin: Caller, project: Row) -> None:
    answer = admin.get(PROJECTS, {"maxResults": 100})
    whole = [row["id"] for row in expect.json_object(answer)["values"]][:6]
    found: list[str] = []
    for start in range(len(whole)):
        page = admin.get(PROJECTS, {"startAt": start, "maxResults": 1})
        content = expect.json_object(page)
        found += [row["id"] for row in content["values"]]
        expect.equal(page, "isLast", content.get("isLast"), start + 1 == content.get("total"))
    expect.equal(answer, "pages of one together", found, whole)


@pytest.mark.requirement("jira_cloud_projects.search.anonymous-empty")
def test_projects_of_nobody_are_no_refusal(anonymous: Caller) -> None:
    expect.status(anonymous.get(PROJECTS), 200)


@pytest.mark.requirement("jira_cloud_projects.search.readable")
def test_listed_projects_can_be_read(outsider: Caller) -> None:
    for row in expect.json_object(outsider.get(PROJECTS))["values"][:3]:
        expect.status(outsider.get(f"rest/api/3/project/{row['key']}"), 200)


@pytest.mark.requirement("jira_cloud_issues.read.shape")
def test_issue_has_published_shape(admin: Caller, issues: list[Row]) -> None:
    answer = admin.get(f"{ISSUE}/{issues[0]['id']}")
    expect.shape(answer, expect.json_object(answer), beans.ISSUE)


@pytest.mark.requirement("jira_cloud_issues.read.by-id-and-key")
@pytest.mark.parametrize("form", ["id", "key", "small letters"])
def test_issue_is_read_by_id_and_key(admin: Caller, issues: list[Row], form: str) -> None:
    issue = issues[0]
    named = {"id": issue["id"], "key": issue["key"], "small letters": issue["key"].lower()}[form]
    answer = admin.get(f"{ISSUE}/{named}")
    row = expect.json_object(answer)
    expect.equal(answer, "id, key", [row.get("id"), row.get("key")], [issue["id"], issue["key"]])


@pytest.mark.requirement("jira_cloud_issues.read.fields-asked")
def test_issue_tells_the_fields_that_were_asked(admin: Caller, issues: list[Row]) -> None:
    answer = admin.get(f"{ISSUE}/{issues[0]['id']}", {"fields": "summary,project"})
    expect.same_set(answer, "the fields", list(expect.json_object(answer).get("fields", {})), ["project", "summary"])


@pytest.mark.requirement("jira_cloud_issues.read.unknown-404")
@pytest.mark.parametrize("named", ["CONFORMANCE-0", "2147483000"])
def test_unknown_issue_is_not_found(admin: Caller, named: str) -> None:
    expect.error_body(expect.status(admin.get(f"{ISSUE}/{named}"), 404))


@pytest.mark.requirement("jira_cloud_issues.delete.unknown-404")
@pytest.mark.parametrize("named", ["CONFORMANCE-0", "2147483000"])
def test_unknown_issue_cannot_be_deleted(admin: Caller, named: str) -> None:
    expect.error_body(expect.status(admin.delete(f"{ISSUE}/{named}"), 404))


@pytest.mark.requirement("jira_cloud_issues.read.anonymous-404")
def test_issue_is_hidden_from_nobody_as_unknown(anonymous: Caller, issues: list[Row]) -> None:
    answer = anonymous.get(f"{ISSUE}/{issues[0]['id']}")
    if answer.status == 200:
        pytest.skip("the project can be read without a login")
    expect.status(answer, 404)


def _query(project: Row) -> str:
    return f"project = {project['key']} ORDER BY key"


@pytest.mark.requirement("jira_cloud_issues.search.ids-alone")
def test_search_without_fields_tells_ids_alone(admin: Caller, project: Row, issues: list[Row]) -> None:
    answer = admin.get(SEARCH, {"jql": _query(project)})
    expect.equal(answer, "the first issue", expect.json_object(answer)["issues"][0], {"id": issues[0]["id"]})


@pytest.mark.requirement("jira_cloud_issues.search.no-total")
def test_search_tells_no_total(admin: Caller, project: Row) -> None:
    answer = admin.get(SEARCH, {"jql": _query(project)})
    expect.shape(answer, expect.json_object(answer), beans.FOUND)


@pytest.mark.requirement("jira_cloud_issues.search.unbounded-400")
@pytest.mark.parametrize("query", ["", "ORDER BY key"])
def test_unbounded_search_is_refused(admin: Caller, query: str) -> None:
    expect.status(admin.get(SEARCH, {"jql": query}), 400)


@pytest.mark.requirement("jira_cloud_issues.search.limits")
@pytest.mark.parametrize("size", [0, 5001])
def test_search_of_no_or_too_many_results_is_refused(admin: Caller, project: Row, size: int) -> None:
    expect.status(admin.get(SEARCH, {"jql": _query(project), "maxResults": size}), 400)


@pytest.mark.requirement("jira_cloud_issues.search.post-same")
def test_search_by_post_finds_the_same(admin: Caller, project: Row) -> None:
    asked = {"jql": _query(project), "maxResults": 5}
    answer = admin.post(SEARCH, {**asked, "fields": ["summary"]})
    wanted = expect.json_object(admin.get(SEARCH, {**asked, "fields": "summary"}))["issues"]
    expect.equal(answer, "issues", expect.json_object(answer).get("issues"), wanted)


@pytest.mark.requirement("jira_cloud_issues.search.pages")
def test_tokens_lead_through_all_issues(admin: Caller, project: Row, issues: list[Row]) -> None:
    whole = [issue["id"] for issue in issues][:8]
    asked = {"jql": _query(project), "maxResults": 2}
    answer = admin.get(SEARCH, asked)
    found = [row["id"] for row in expect.json_object(answer)["issues"]]
    while len(found) < len(whole) and (token := expect.json_object(answer).get("nextPageToken")):
        answer = admin.get(SEARCH, {**asked, "nextPageToken": token})
        found += [row["id"] for row in expect.json_object(answer)["issues"]]
    expect.equal(answer, "pages of two together", found[: len(whole)], whole)
    last = expect.json_object(admin.get(SEARCH, {"jql": f"key = {issues[0]['key']}"}))
    expect.equal(answer, "nextPageToken of a last page", last.get("nextPageToken"), None)


@pytest.mark.requirement("jira_cloud_issues.search.by-id")
def test_search_for_one_issue_finds_it_alone(admin: Caller, issues: list[Row]) -> None:
    answer = admin.get(SEARCH, {"jql": f"key = {issues[-1]['key']}"})
    expect.equal(answer, "issues", expect.json_object(answer).get("issues"), [{"id": issues[-1]["id"]}])


@pytest.mark.requirement("jira_cloud_issues.search.damaged-400")
@pytest.mark.parametrize("query", ["project = ", "project == (", "conformanceField = 1"])
def test_damaged_query_is_refused(admin: Caller, query: str) -> None:
    expect.error_body(expect.status(admin.get(SEARCH, {"jql": query}), 400))


@pytest.mark.requirement("jira_cloud_issues.search.status-category")
def test_search_by_category_splits_a_project(admin: Caller, project: Row, issues: list[Row]) -> None:
    asked = {"fields": "status", "maxResults": 100}
    found: list[str] = []
    for operator in ("=", "!="):
        answer = admin.get(SEARCH, {"jql": f"project = {project['key']} AND statusCategory {operator} Done", **asked})
        rows = expect.json_object(answer)["issues"]
        keys = {row["fields"]["status"]["statusCategory"]["key"] for row in rows}
        wrong = keys - {"done"} if operator == "=" else keys & {"done"}
        expect.equal(answer, f"categories with {operator} that were not asked for", sorted(wrong), [])
        found += [row["id"] for row in rows]
    if len(issues) < 100:
        expect.same_set(answer, "issues of both together", found, [issue["id"] for issue in issues])


@pytest.mark.requirement("jira_cloud_issues.comments.page")
def test_comments_are_a_page(admin: Caller, issues: list[Row]) -> None:
    answer = admin.get(f"{ISSUE}/{issues[0]['id']}/comment", {"maxResults": 1})
    expect.shape(answer, expect.json_object(answer), beans.COMMENTS)


@pytest.mark.requirement("jira_cloud_issues.comments.unknown-404")
def test_unknown_comments_are_not_found(admin: Caller, issues: list[Row]) -> None:
    for path in ("CONFORMANCE-0/comment", f"{issues[0]['id']}/comment/2147483000"):
        expect.error_body(expect.status(admin.get(f"{ISSUE}/{path}"), 404))


@pytest.mark.requirement("jira_cloud_issues.comments.text-400")
def test_comment_of_plain_text_is_refused(admin: Caller, issues: list[Row]) -> None:
    answer = admin.post(f"{ISSUE}/{issues[0]['id']}/comment", {"body": "of conformance"})
    expect.error_body(expect.status(answer, 400))


@pytest.mark.requirement("jira_cloud_issues.assignee.unknown-404")
@pytest.mark.parametrize("named", ["CONFORMANCE-0", "2147483000"])
def test_unknown_issue_cannot_be_assigned(admin: Caller, named: str) -> None:
    expect.error_body(expect.status(admin.put(f"{ISSUE}/{named}/assignee", {"accountId": None}), 404))


@pytest.mark.requirement("jira_cloud_issues.old-search.gone")
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_retired_search_is_gone(admin: Caller, project: Row, method: str) -> None:
    asked = {"jql": _query(project)}
    expect.status(admin.get("rest/api/3/search", asked) if method == "GET" else admin.post("rest/api/3/search", asked), 410)
