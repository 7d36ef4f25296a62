"""Servers of Jira Cloud that lie in one point, and the requirements whose checks must catch them."""

from __future__ import annotations

from typing import Any

from lying import Lie, deaf, status, whole
from untruths import drop, j, only_for, put

MYSELF, USER, USERS = "rest/api/3/myself", "rest/api/3/user", "rest/api/3/users/search"
PROJECTS, ISSUE, SEARCH = "rest/api/3/project/search", "rest/api/3/issue/.*", "rest/api/3/search/jql"
BULK, FOUND, PROJECT = "rest/api/3/user/bulk", "rest/api/3/user/search", "rest/api/3/project"
MINE, CHECK = "rest/api/3/mypermissions", "rest/api/3/permissions/check"


def _other(content: Any) -> None:
    content["accountId"] = ""


def _numbers(content: Any) -> None:
    for project in content["values"]:
        project["id"] = int(project["id"])


def _flipped(content: Any) -> None:
    for entry in content["permissions"].values():
        entry["havePermission"] = not entry["havePermission"]


def _one_more(content: Any) -> None:
    content["permissions"]["EXTRA"] = {"key": "EXTRA"}


def _no_projects(content: Any) -> None:
    for entry in content["projectPermissions"]:
        entry["projects"] = []


def _idle(content: Any) -> None:
    for user in content:
        user["active"] = False


def _other_names(content: Any) -> None:
    for user in content["values"]:
        user["displayName"] = "Somebody"


def _all_told(content: Any) -> None:
    content["issues"] = [{**row, "key": "X-1"} for row in content["issues"]]


def _all_done(content: Any) -> None:
    for row in content["issues"]:
        if "status" in row.get("fields", {}):
            row["fields"]["status"]["statusCategory"]["key"] = "done"


def _backwards(content: Any) -> None:
    content["issues"] = content["issues"][::-1]


GOOD = status((400, 404), 200)
JIRA_LIES: dict[str, tuple[Lie, tuple[str, ...]]] = {
    "nobodys-token": (whole(_other, MYSELF), j("authentication", "token.accepted")),
    "names-of-old": (whole(put("name", "fred"), MYSELF), j("users", "myself.shape")),
    "no-email": (whole(drop("emailAddress"), MYSELF), j("users", "myself.email")),
    "another-display-name": (whole(put("displayName", "Somebody"), USER), j("users", "user.by-account")),
    "refusals-are-good": (
        GOOD,
        (
            *j("users", "user.unknown-404", "search.nothing-asked-400", "bulk.nobody-asked-400"),
            *j("projects", "read.unknown-404", "read.unlisted-404"),
            *j("issues", "read.unknown-404", "search.unbounded-400", "search.limits", "search.damaged-400"),
            *j("issues", "comments.unknown-404", "comments.text-400", "assignee.unknown-404"),
            *j("permissions", "mine.keys-needed", "mine.unknown-400", "check.unknown-400"),
        ),
    ),
    "deletes-what-is-not-there": (status(404, 204, f"{ISSUE}.*", "DELETE", ""), j("issues", "delete.unknown-404")),
    "hidden-issues-are-403": (status(404, 403, ISSUE), j("issues", "read.unknown-404", "read.anonymous-404")),
    "assigns-what-is-not-there": (status(404, 204, f"{ISSUE}/assignee", "PUT", ""), j("issues", "assignee.unknown-404")),
    "comments-without-total": (whole(drop("total"), f"{ISSUE}/comment"), j("issues", "comments.page")),
    "nothing-is-done": (whole(_all_done, SEARCH), j("issues", "search.status-category")),
    "wrapped-users": (whole(lambda content: {"values": content}, USERS), j("users", "list.bare-array")),
    "users-from-the-start": (deaf("startAt"), (*j("users", "list.pages", "bulk.pages"), *j("projects", "search.pages"))),
    "no-users": (whole(lambda _: [], USERS), j("users", "list.holds-personas")),
    "older-list-is-shorter": (whole(lambda found: found[1:], "rest/api/3/users"), j("users", "list.older-path")),
    "nobody-is-found": (whole(lambda _: [], FOUND), j("users", "search.by-name", "search.by-account")),
    "idle-users-found": (whole(_idle, FOUND), j("users", "search.active-alone")),
    "everybody-twice": (whole(lambda found: found + found, FOUND), j("users", "search.by-account", "search.bounded")),
    "bulk-without-total": (whole(drop("total"), BULK), j("users", "bulk.page")),
    "bulk-of-50": (whole(put("maxResults", 50), BULK), j("users", "bulk.page")),
    "bulk-never-ends": (whole(put("isLast", False), BULK), j("users", "bulk.page", "bulk.pages")),
    "bulk-tells-other-names": (whole(_other_names, BULK), j("users", "bulk.known-alone")),
    "bulk-for-nobody": (status(401, 200, BULK), j("users", "bulk.anonymous-401")),
    "wrapped-projects": (whole(lambda found: {"values": found}, PROJECT), j("projects", "list.bare-array", "list.same")),
    "a-project-less": (whole(lambda found: found[1:], PROJECT), j("projects", "list.same")),
    "one-version": (whole(put("versions", {}), f"{PROJECT}/(?!search).*"), j("projects", "read.shape")),
    "another-key": (whole(put("key", "OTHER"), f"{PROJECT}/(?!search).*"), j("projects", "read.by-id-and-key")),
    "hidden-projects-are-403": (
        status(404, 403, f"{PROJECT}/.*"),
        j("projects", "read.unknown-404", "read.unlisted-404"),
    ),
    "says-it-is-a-server": (whole(put("deploymentType", "Server"), "rest/api/3/serverInfo"), j("serverinfo", "read.shape")),
    "nobody-sees-anything": (
        only_for("anonymous", status(200, 401)),
        (*j("serverinfo", "read.anonymous"), *j("projects", "search.anonymous-empty"), *j("users", "search.anonymous-empty")),
    ),
    "errors-left-out": (status(404, 404, text='{"errorMessages": ["no"]}'), j("serverinfo", "errors.shape")),
    "no-total": (whole(drop("total"), PROJECTS), j("projects", "search.shape")),
    "project-ids-are-numbers": (whole(_numbers, PROJECTS), j("projects", "search.ids-are-texts")),
    "listed-projects-are-unknown": (status(200, 404, "rest/api/3/project/(?!search).*"), j("projects", "search.readable")),
    "issue-ids-are-numbers": (whole(put("id", 1), ISSUE), j("issues", "read.shape", "read.by-id-and-key")),
    "fields-ignored": (deaf("fields"), j("issues", "read.fields-asked")),
    "keys-are-told": (whole(_all_told, SEARCH), j("issues", "search.ids-alone", "search.by-id")),
    "a-total": (whole(put("total", 5), SEARCH), j("issues", "search.no-total")),
    "post-finds-backwards": (whole(_backwards, SEARCH, "POST"), j("issues", "search.post-same")),
    "page-tokens-ignored": (deaf("nextPageToken"), j("issues", "search.pages")),
    "one-permission-more": (whole(_one_more, MINE), j("permissions", "mine.shape")),
    "permissions-flipped": (whole(_flipped, MINE), j("permissions", "mine.administrator", "check.agrees")),
    "no-global-permissions": (whole(drop("globalPermissions"), CHECK), j("permissions", "check.shape")),
    "no-projects-held": (whole(_no_projects, CHECK), j("permissions", "check.agrees", "check.unknown-ids")),
    "asks-for-anybody": (status(403, 200, CHECK), j("permissions", "check.others-403")),
}
