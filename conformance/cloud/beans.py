"""The beans of Tempo Cloud's REST API v4, as far as clients need them."""

from __future__ import annotations

from conformance.shapes import FILLED, FLAG, ID, MAPPING, NUMBER, TEXT, TEXT_OR_NULL, Bean, ListOf, Plain, literal, matching

DATE = matching("a date such as 2013-11-14", r"\d{4}-\d\d-\d\d")
STAMP = matching("a UTC time such as 2013-11-14T10:20:30Z", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")
TIME = matching("a time such as 08:00:00", r"\d\d:\d\d:\d\d")
URL = matching("an absolute URL", r"https?://\S+")
FRACTION = Plain(
    "a number from 0 to 1", lambda value: isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
)
PERCENT = Plain(
    "a whole number from 0 to 100", lambda value: isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 100
)

SELF = Bean("a link", {"self": URL})
USER = Bean("a user", {"accountId": FILLED}, {"self": URL}, absent=("displayName", "emailAddress", "name"))
REFERENCE = Bean("a reference by id and name", {"id": ID, "name": FILLED, "self": URL})

_COUNTED = {"count": NUMBER}
PAGED_METADATA = Bean("metadata of a page", {**_COUNTED, "limit": NUMBER, "offset": NUMBER}, {"next": URL, "previous": URL})
PLAIN_METADATA = Bean("metadata of a list", _COUNTED)
ERRORS = Bean("an error answer", {"errors": ListOf(Bean("an error", {"message": FILLED}))})

WORK_ATTRIBUTE_VALUE = Bean("the value of a work attribute", {"key": FILLED}, {"value": TEXT})
WORKLOG = Bean(
    "a worklog",
    {
        "attributes": Bean("attributes of a worklog", {"self": URL}, {"values": ListOf(WORK_ATTRIBUTE_VALUE)}),
        "author": USER,
        "createdAt": STAMP,
        "updatedAt": STAMP,
        "issue": Bean("an issue", {"self": URL}, {"id": ID}, absent=("key",)),
        "self": URL,
        "startDate": DATE,
        "tempoWorklogId": ID,
        "timeSpentSeconds": ID,
    },
    {"billableSeconds": NUMBER, "description": TEXT, "startTime": TIME, "startDateTimeUtc": STAMP},
    absent=("jiraWorklogId",),
)
WORK_ATTRIBUTE = Bean(
    "a work attribute",
    {
        "key": FILLED,
        "name": FILLED,
        "required": FLAG,
        "self": URL,
        "type": literal("ACCOUNT", "CHECKBOX", "DYNAMIC_DROPDOWN", "INPUT_FIELD", "INPUT_NUMERIC", "STATIC_LIST"),
    },
    {"values": ListOf(TEXT), "names": MAPPING},
)
ROLE = Bean("a role", {"id": ID, "name": FILLED, "default": FLAG, "self": URL})
TEAM = Bean(
    "a team",
    {
        "id": ID,
        "name": FILLED,
        "administrative": FLAG,
        "public": FLAG,
        "links": SELF,
        "members": SELF,
        "permissions": SELF,
        "self": URL,
    },
    {"lead": USER, "summary": TEXT, "program": REFERENCE},
)
MEMBERSHIP = Bean(
    "a team membership",
    {"id": ID, "commitmentPercent": PERCENT, "role": REFERENCE, "self": URL},
    {
        "from": DATE,
        "to": DATE,
        "inclusiveTo": DATE,
        "member": USER,
        "team": Bean("a team", {"self": URL}, {"id": ID, "name": TEXT}),
    },
)
ACTIVE_MEMBERSHIP = Bean(
    "the membership of today",
    {"id": ID, "commitmentPercent": PERCENT, "role": REFERENCE, "self": URL},
    {"from": DATE, "to": DATE, "inclusiveTo": DATE, "member": SELF, "team": SELF},
)
TEAM_MEMBER = Bean(
    "a member of a team today",
    {"member": USER, "memberships": Bean("memberships", {"self": URL}, {"active": ACTIVE_MEMBERSHIP}), "team": SELF},
)
MEMBER_SUMMARY = Bean(
    "a member of a team with all memberships",
    {
        "accountId": FILLED,
        "memberships": ListOf(
            Bean("a membership", {"id": ID, "commitment": FRACTION, "role": REFERENCE}, {"startDate": DATE, "endDate": DATE})
        ),
    },
)
PERMISSION_ROLE = Bean(
    "a permission role",
    {
        "id": ID,
        "name": FILLED,
        "self": URL,
        "accessType": literal("TEAM", "GLOBAL"),
        "editable": FLAG,
        "permissions": ListOf(Bean("a permission", {"key": FILLED})),
        "permittedUsers": ListOf(USER),
        "accessEntities": ListOf(Bean("a team", {"id": ID, "self": URL})),
    },
)
CATEGORY_TYPE = Bean("a type of account categories", {"name": literal("BILLABLE", "CAPITALIZED", "INTERNAL", "OPERATIONAL")})
CATEGORY = Bean("an account category", {"id": ID, "key": FILLED, "name": FILLED, "self": URL}, {"type": CATEGORY_TYPE})
CUSTOMER = Bean("a customer", {"id": ID, "key": FILLED, "name": FILLED, "self": URL})
ACCOUNT = Bean(
    "an account",
    {
        "id": ID,
        "key": FILLED,
        "name": FILLED,
        "self": URL,
        "global": FLAG,
        "lead": USER,
        "links": SELF,
        "status": literal("OPEN", "CLOSED", "ARCHIVED"),
    },
    {
        "category": CATEGORY,
        "customer": CUSTOMER,
        "monthlyBudget": NUMBER,
        "contact": Bean("a contact", {"type": literal("USER", "EXTERNAL")}, {"accountId": FILLED, "displayName": TEXT}),
    },
)
ACCOUNT_LINK = Bean(
    "an account link",
    {
        "id": ID,
        "self": URL,
        "default": FLAG,
        "account": SELF,
        "scope": Bean("a project", {"id": ID, "self": URL, "type": literal("PROJECT")}),
    },
)
GLOBAL_CONFIGURATION = Bean(
    "the global configuration",
    {
        "allowLoggingOnClosedAccount": FLAG,
        "approvalPeriod": literal("WEEK", "MONTH"),
        "approvalWeekStart": NUMBER,
        "numberOfDaysAllowedIntoFuture": NUMBER,
        "planApprovalEnabled": FLAG,
        "remainingEstimateOptional": FLAG,
        "startAndEndTimesEnabled": FLAG,
        "startAndEndTimesForPlanningEnabled": FLAG,
        "weekStart": NUMBER,
        "worklogDescriptionOptional": FLAG,
    },
    {"maxHoursPerDayPerUser": NUMBER},
)
USER_REFERENCE = Bean("a reference to a user", {}, {"accountId": FILLED, "self": URL}, absent=("displayName", "emailAddress"))
TEAM_REFERENCE = Bean("a reference to a team by id", {"id": ID, "self": URL})
TEAM_LINK = Bean(
    "a team link",
    {
        "id": ID,
        "self": URL,
        "scope": Bean("a project or board", {"id": ID, "self": URL, "type": literal("PROJECT", "BOARD")}),
        "team": TEAM,
    },
)
PROGRAM = Bean(
    "a program",
    {"id": ID, "name": FILLED, "self": URL, "teams": Bean("teams", {"self": URL}, {"values": ListOf(REFERENCE)})},
    {"manager": USER},
)
GENERIC_RESOURCE = Bean(
    "a generic resource",
    {
        "id": ID,
        "name": FILLED,
        "self": URL,
        "createdAt": FILLED,
        "createdBy": USER_REFERENCE,
        "updatedAt": FILLED,
        "updatedBy": USER_REFERENCE,
    },
)
TEAM_RESOURCE = Bean(
    "a generic resource in a team",
    {
        "self": URL,
        "assignedToTeamAt": FILLED,
        "assignedToTeamBy": USER_REFERENCE,
        "member": REFERENCE,
        "team": TEAM_REFERENCE,
    },
)
GENERIC_RESOURCES = Bean(
    "the generic resources of a team",
    {"count": NUMBER, "members": ListOf(REFERENCE), "self": URL, "team": TEAM_REFERENCE},
)
AUDIT_EVENT = Bean(
    "an event of the audit log",
    {
        "timestamp": FILLED,
        "action": literal("Created", "Deleted", "Updated", "Synced"),
        "author": FILLED,
        "entityType": FILLED,
        "entityId": FILLED,
        "parentId": TEXT,
        "changes": ListOf(Bean("a changed field", {"field": FILLED, "previous": TEXT_OR_NULL, "new": TEXT_OR_NULL})),
    },
    {"worker": FILLED},
)
TOKEN_METADATA = Bean("metadata of a page by token", {"limit": NUMBER}, {"nextPageToken": FILLED, "nextPageUrl": URL})
CURSOR_METADATA = Bean(
    "metadata of a page by key", {"count": NUMBER, "limit": NUMBER}, {"lastEvaluatedKey": FILLED, "next": URL}
)
_DIGITS = matching("an id as a text of digits", r"\d+")
DELETED_WORKLOG = Bean("a deleted worklog", {"tempoWorklogId": _DIGITS, "deletedAt": STAMP}, {"jiraWorklogId": _DIGITS})
DELETED_PLAN = Bean("a deleted plan", {"id": _DIGITS, "deletedAt": STAMP})
