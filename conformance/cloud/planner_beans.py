"""The beans of plans, schemes, schedules and periods of Tempo Cloud's REST API v4."""

from __future__ import annotations

from conformance.cloud.beans import DATE, STAMP, URL, USER
from conformance.shapes import FILLED, FLAG, ID, NUMBER, TEXT, Bean, ListOf, literal, matching

BARE_METADATA = Bean(
    "metadata of a page without links", {"count": NUMBER, "limit": NUMBER, "offset": NUMBER}, absent=("next", "previous")
)
CLOCK = matching("a time such as 08:00", r"\d\d:\d\d")
DAY = matching("a day, such as 2013-11-14 or the beginning of a time", r"\d{4}-\d\d-\d\d(?:T.*)?")
WEEK = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")

PLAN_APPROVAL = Bean(
    "the approval of a plan",
    {"status": literal("APPROVED", "REJECTED", "REQUESTED")},
    {"actor": USER, "requester": USER, "reviewer": USER},
)
PLANNED_DAYS = Bean(
    "the days of a plan",
    {"count": NUMBER, "values": ListOf(Bean("a day of a plan", {"date": DAY, "plannedSeconds": NUMBER}))},
)
PLANNED_PERIODS = Bean(
    "the periods of a plan",
    {"count": NUMBER, "values": ListOf(Bean("a period of a plan", {"from": DAY, "to": DAY, "plannedSeconds": NUMBER}))},
)
PLAN = Bean(
    "a plan",
    {
        "id": ID,
        "self": URL,
        "assignee": Bean("an assignee", {"id": FILLED, "type": literal("USER", "GENERIC"), "self": URL}),
        "planItem": Bean("what is planned", {"id": FILLED, "type": literal("ISSUE", "PROJECT"), "self": URL}),
        "startDate": DAY,
        "endDate": DAY,
        "plannedSecondsPerDay": NUMBER,
    },
    {
        "createdAt": STAMP,
        "updatedAt": STAMP,
        "description": TEXT,
        "effortPersistenceType": TEXT,
        "includeNonWorkingDays": FLAG,
        "planApproval": PLAN_APPROVAL,
        "planCreatorId": TEXT,
        "plannedTime": Bean(
            "planned time",
            {},
            {"days": PLANNED_DAYS, "periods": PLANNED_PERIODS, "metadata": Bean("metadata of planned time", {}, {"all": URL})},
        ),
        "recurrenceEndDate": TEXT,
        "rule": literal("NEVER", "WEEKLY", "BI_WEEKLY", "MONTHLY"),
        "startTime": TEXT,
        "syncSource": TEXT,
        "totalPlannedSeconds": NUMBER,
        "totalPlannedSecondsInScope": NUMBER,
    },
)
PLANS = ListOf(PLAN)
WORKLOAD_SCHEME = Bean(
    "a workload scheme",
    {
        "id": ID,
        "name": FILLED,
        "self": URL,
        "description": TEXT,
        "defaultScheme": FLAG,
        "memberCount": NUMBER,
        "days": ListOf(Bean("a day of the week", {"day": literal(*WEEK), "requiredSeconds": NUMBER})),
    },
)
HOLIDAY_SCHEME = Bean(
    "a holiday scheme",
    {"id": ID, "name": FILLED, "self": URL, "defaultScheme": FLAG, "memberCount": NUMBER},
    {"description": TEXT},
)
HOLIDAY = Bean(
    "a holiday",
    {
        "id": ID,
        "schemeId": ID,
        "name": FILLED,
        "self": URL,
        "date": DATE,
        "durationSeconds": ID,
        "type": literal("FIXED", "FLOATING"),
    },
    {"description": TEXT},
)
SCHEME_MEMBER = Bean("a member of a scheme", {"member": USER, "schemeId": ID})
DAY_SCHEDULE = Bean(
    "a day of a schedule",
    {
        "date": DATE,
        "requiredSeconds": NUMBER,
        "type": literal("WORKING_DAY", "NON_WORKING_DAY", "HOLIDAY", "HOLIDAY_AND_NON_WORKING_DAY"),
    },
    {"holiday": HOLIDAY},
)
PERIODS = Bean("periods", {"periods": ListOf(Bean("a period", {"from": DATE, "to": DATE}))})
