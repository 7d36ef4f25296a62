"""The beans of Jira Cloud's REST API v3 that clients of Tempo need."""

from __future__ import annotations

from conformance.shapes import AVATARS, FILLED, FLAG, MAPPING, NUMBER, TEXT, Bean, ListOf, literal, matching

DIGITS = matching("an id as a text of digits", r"\d+")

USER = Bean(
    "a Jira user",
    {
        "self": FILLED,
        "accountId": FILLED,
        "accountType": literal("atlassian", "app", "customer", "unknown"),
        "avatarUrls": AVATARS,
        "displayName": TEXT,
        "active": FLAG,
    },
    {"locale": TEXT},
)
_SIZED = Bean("a sized list", {"size": NUMBER, "items": ListOf(MAPPING)})
MYSELF = Bean("the user who asks", {**USER.needed, "timeZone": FILLED, "groups": _SIZED, "applicationRoles": _SIZED})
PROJECT = Bean("a project", {"id": FILLED, "key": FILLED, "name": TEXT, "self": FILLED}, {"projectTypeKey": FILLED})
PROJECT_DETAIL = Bean(
    "a project in full",
    PROJECT.needed,
    {
        **PROJECT.optional,
        "description": TEXT,
        "lead": Bean("a user", {"accountId": FILLED}),
        "components": ListOf(MAPPING),
        "issueTypes": ListOf(Bean("an issue type", {"id": FILLED, "name": FILLED})),
        "assigneeType": literal("PROJECT_LEAD", "UNASSIGNED"),
        "versions": ListOf(MAPPING),
        "roles": MAPPING,
    },
)
USER_PAGE = Bean(
    "a page of users",
    {"maxResults": NUMBER, "startAt": NUMBER, "total": NUMBER, "isLast": FLAG, "values": ListOf(USER)},
    {"self": FILLED, "nextPage": FILLED},
)
PROJECT_PAGE = Bean(
    "a page of projects",
    {"maxResults": NUMBER, "startAt": NUMBER, "total": NUMBER, "isLast": FLAG, "values": ListOf(PROJECT)},
    {"self": FILLED, "nextPage": FILLED},
)
ISSUE = Bean("an issue", {"id": DIGITS, "key": FILLED, "self": FILLED, "fields": MAPPING})
FOUND = Bean(
    "found issues", {"issues": ListOf(Bean("an issue", {"id": DIGITS})), "isLast": FLAG}, {}, absent=("total", "startAt")
)
COMMENT = Bean("a comment", {"id": DIGITS, "self": FILLED, "author": MAPPING, "created": FILLED, "body": MAPPING})
COMMENTS = Bean(
    "a page of comments",
    {
        "startAt": NUMBER,
        "maxResults": NUMBER,
        "total": NUMBER,
        "comments": ListOf(COMMENT),
    },
)
PERMISSION = Bean(
    "a permission", {"id": FILLED, "key": FILLED, "name": TEXT, "type": literal("GLOBAL", "PROJECT"), "havePermission": FLAG}
)
CHECKED = Bean(
    "checked permissions",
    {
        "globalPermissions": ListOf(FILLED),
        "projectPermissions": ListOf(
            Bean("where one is held", {"permission": FILLED, "projects": ListOf(NUMBER), "issues": ListOf(NUMBER)})
        ),
    },
)
SERVER_INFO = Bean(
    "server information",
    {
        "baseUrl": FILLED,
        "version": FILLED,
        "versionNumbers": ListOf(NUMBER),
        "deploymentType": literal("Cloud"),
        "buildNumber": NUMBER,
        "serverTitle": TEXT,
    },
)
STAMP = matching("a time such as 2013-11-14T09:00:00.000+0100", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}")
WORKLOG = Bean(
    "a worklog",
    {
        "self": FILLED,
        "id": DIGITS,
        "issueId": DIGITS,
        "author": Bean("a user", {"accountId": FILLED}),
        "updateAuthor": Bean("a user", {"accountId": FILLED}),
        "created": STAMP,
        "updated": STAMP,
        "started": STAMP,
        "timeSpent": FILLED,
        "timeSpentSeconds": NUMBER,
    },
    {"comment": MAPPING},
)
WORKLOGS = Bean("a page of worklogs", {"startAt": NUMBER, "maxResults": NUMBER, "total": NUMBER, "worklogs": ListOf(WORKLOG)})
WORKLOG_CHANGES = Bean(
    "changes of worklogs",
    {
        "values": ListOf(Bean("a change", {"worklogId": NUMBER, "updatedTime": NUMBER})),
        "since": NUMBER,
        "until": NUMBER,
        "self": FILLED,
        "lastPage": FLAG,
    },
    {"nextPage": FILLED},
)
