"""The beans of the Teams module and of the Jira resources beside it."""

from __future__ import annotations

from conformance.shapes import (
    AVATARS,
    DATE_OR_OPEN,
    EMPTY_OBJECT,
    FILLED,
    FLAG,
    ID,
    ISO_DATE_OR_OPEN,
    JIRA_STAMP,
    MAPPING,
    NUMBER,
    PERCENT_TEXT,
    TEXT,
    TEXT_OR_NULL,
    Bean,
    ListOf,
    MapOf,
    Plain,
    literal,
    matching,
)

# Words of the Cloud API: a client that meets one here takes the server for Cloud.
CLOUD_WORDS = ("accountId", "authorAccountId", "leadAccountId", "commitmentPercent", "results", "metadata", "self")

PERSON = Bean(
    "a person (key and one of the two display names)",
    {"key": FILLED},
    {"name": FILLED, "displayname": TEXT, "displayName": TEXT, "jiraUser": FLAG, "active": FLAG, "avatar": MAPPING},
    any_of=(("displayname", "displayName"),),
)
PROGRAM = Bean("a program", {"id": ID, "name": FILLED}, {"manager": PERSON})
_TEAM = {"summary": TEXT, "lead": FILLED, "mission": TEXT}
TEAM_V1 = Bean("a team as version 1 prints it", {"id": ID, "name": TEXT}, _TEAM)
TEAM_V2 = Bean(
    "a team as version 2 prints it",
    {"id": ID, "name": TEXT},
    {**_TEAM, "isPublic": FLAG, "leadUser": PERSON, "teamProgram": PROGRAM},
)
TEAM_V3 = Bean(
    "a team as the version 3 search prints it",
    {"id": ID, "name": TEXT},
    {
        "summary": TEXT,
        "isPublic": FLAG,
        "lead": Bean("a person", {"name": FILLED, "key": FILLED, "displayName": TEXT}, {"avatar": MAPPING, "active": FLAG}),
    },
)

ROLE = Bean("a team role", {"id": ID, "name": FILLED}, {"default": FLAG})
LINK = Bean(
    "a link of a team",
    {"id": ID, "scopeType": literal("project", "board"), "scope": ID, "teamId": ID},
    {"teamName": TEXT},
)
PERMISSION_GROUP = Bean(
    "a permission group of a team",
    {
        "id": ID,
        "name": FILLED,
        "permissions": MapOf(FLAG),
        "users": ListOf(PERSON),
        "groups": ListOf(Bean("a Jira group", {"name": FILLED})),
    },
)
STATUS = literal("active", "past")
MEMBERSHIP = Bean(
    "a membership",
    {
        "id": ID,
        "role": ROLE,
        "dateFrom": TEXT_OR_NULL,
        "dateTo": TEXT_OR_NULL,
        "availability": PERCENT_TEXT,
        "teamMemberId": ID,
        "teamId": ID,
        "status": STATUS,
    },
    {"dateFromANSI": TEXT, "dateToANSI": TEXT},
)
MEMBERSHIP_DATES = Bean(
    "membership dates",
    {"dateFrom": DATE_OR_OPEN, "dateTo": DATE_OR_OPEN},
    {"dateFromANSI": ISO_DATE_OR_OPEN, "dateToANSI": ISO_DATE_OR_OPEN},
)
_MEMBER = {"teamMemberId": ID, "name": FILLED, "activeInJira": FLAG, "displayname": TEXT}
USER_ITEM = Bean(
    "a directly added user",
    {
        "id": ID,
        "member": Bean(
            "a member",
            {**_MEMBER, "type": literal("USER"), "avatar": AVATARS},
            {"key": FILLED, "message": TEXT_OR_NULL},
        ),
        "membership": MEMBERSHIP,
    },
    {"showDeactivate": FLAG, "groupForUser": ListOf(TEXT), "groupsForUser": ListOf(TEXT)},
)
GROUP_ITEM = Bean(
    "a group",
    {
        "id": ID,
        "member": Bean("a member", {**_MEMBER, "type": literal("GROUP"), "avatar": EMPTY_OBJECT}, {"message": TEXT_OR_NULL}),
    },
    {"showDeactivate": FLAG},
    absent=("membership", "membershipBean"),
)
LISTED_ITEM = Bean(
    "an item of the member list",
    {
        "id": ID,
        "member": Bean(
            "a member",
            {"name": FILLED, "type": literal("USER", "GROUP", "GROUP_USER"), "activeInJira": FLAG, "displayname": TEXT},
            {"teamMemberId": ID, "avatar": MAPPING, "key": FILLED, "message": TEXT_OR_NULL},
        ),
    },
    {"membership": MEMBERSHIP, "showDeactivate": FLAG, "groupForUser": ListOf(TEXT), "groupsForUser": ListOf(TEXT)},
)
TEAM_REFERENCE = Bean("a team by id and name", {"id": ID, "name": TEXT})
MEMBERSHIPS_WINDOW = Bean(
    "the members of a team in a window of time",
    {
        "teamMembers": ListOf(
            Bean(
                "a person with memberships",
                {"name": FILLED, "key": FILLED, "displayname": TEXT, "memberships": ListOf(MEMBERSHIP)},
                {
                    "jiraUser": FLAG,
                    "avatar": MAPPING,
                    "conflictingMemberships": Plain("an array", lambda value: isinstance(value, list)),
                },
            )
        )
    },
    {"daySchedules": MAPPING},
)
PERMISSION = Bean(
    "a team permission",
    {
        "id": FILLED,
        "teamId": ID,
        "name": FILLED,
        "description": TEXT,
        "weight": NUMBER,
        "groups": ListOf(FILLED),
        "users": ListOf(
            Bean(
                "a holder",
                {
                    "name": FILLED,
                    "avatar": Bean("avatar addresses", {"16x16": FILLED, "48x48": FILLED}),
                    "jiraUser": FLAG,
                    "displayname": TEXT,
                },
            )
        ),
    },
)

JIRA_USER = Bean(
    "a Jira user",
    {"self": FILLED, "key": FILLED, "name": FILLED, "displayName": TEXT, "active": FLAG, "avatarUrls": AVATARS},
    {"emailAddress": TEXT, "timeZone": FILLED, "locale": TEXT},
)
_SIZED = Bean("a sized list", {"size": NUMBER, "items": ListOf(MAPPING)})
MYSELF = Bean(
    "the user who asks",
    {**JIRA_USER.needed, "emailAddress": TEXT, "timeZone": FILLED, "groups": _SIZED, "applicationRoles": _SIZED},
    {"locale": TEXT, "expand": TEXT},
)
GROUP_PAGE = Bean(
    "a page of group members",
    {"maxResults": NUMBER, "startAt": NUMBER, "total": NUMBER, "isLast": FLAG, "values": ListOf(JIRA_USER)},
    {"self": FILLED},
)
SERVER_INFO = Bean(
    "server information",
    {
        "baseUrl": FILLED,
        "version": FILLED,
        "versionNumbers": ListOf(NUMBER),
        "deploymentType": literal("Server"),
        "buildNumber": NUMBER,
        "serverTitle": TEXT,
    },
    {"buildDate": FILLED, "scmInfo": TEXT},
)
JIRA_PERMISSION = Bean(
    "a permission of the user who asks",
    {"id": FILLED, "key": FILLED, "name": TEXT, "type": literal("GLOBAL", "PROJECT"), "havePermission": FLAG},
    {"description": TEXT},
)
PROJECT = Bean("a project", {"id": FILLED, "key": FILLED, "name": TEXT})
BOARD = Bean("a board", {"id": ID, "self": FILLED, "name": TEXT, "type": FILLED})
BOARD_PAGE = Bean(
    "a page of boards",
    {"maxResults": NUMBER, "startAt": NUMBER, "isLast": FLAG, "values": ListOf(BOARD)},
    {"total": NUMBER},
)
LOGIN = Bean("a login", {"session": Bean("a session", {"name": FILLED, "value": FILLED}), "loginInfo": MAPPING})
SESSION = Bean("whose session it is", {"name": FILLED}, {"self": FILLED, "loginInfo": MAPPING})
ANONYMOUS_REFUSED = Bean(
    "Jira's refusal of anonymous calls",
    {"message": FILLED, "status-code": Plain("the number 401", lambda value: value == 401)},
)
_DIGITS = matching("an id as a text of digits", r"\d+")
_WORKER = Bean("a Jira user", {"name": FILLED, "key": FILLED, "displayName": TEXT}, absent=("accountId",))
WORKLOG = Bean(
    "a worklog",
    {
        "self": FILLED,
        "id": _DIGITS,
        "issueId": _DIGITS,
        "author": _WORKER,
        "updateAuthor": _WORKER,
        "comment": TEXT,
        "created": JIRA_STAMP,
        "updated": JIRA_STAMP,
        "started": JIRA_STAMP,
        "timeSpent": FILLED,
        "timeSpentSeconds": NUMBER,
    },
)
WORKLOGS = Bean(
    "the worklogs of an issue", {"startAt": NUMBER, "maxResults": NUMBER, "total": NUMBER, "worklogs": ListOf(WORKLOG)}
)
WORKLOG_CHANGES = Bean(
    "changes of worklogs",
    {
        "values": ListOf(Bean("a change", {"worklogId": NUMBER, "updatedTime": NUMBER})),
        "since": NUMBER,
        "until": NUMBER,
        "self": FILLED,
        "lastPage": FLAG,
    },
)
