"""Servers of Tempo Cloud that lie about plans, schemes, schedules or periods, and the requirements that must catch them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from lying import Lie, Server, asking, deaf, each, elsewhere, hearing, metadata, path_of, saying, status, whole
from untruths import ACCEPTED, FOUND, NO_ROWS, a, drop, keeps_deleted, only_for, put, put_in, rows, takes_no_put

from conformance.calls import Answer, Call

PLANS = r"4/plans(/search|/user/[^/]+)?"
PLAN = r"4/plans/\d+"
KINDS = r"4/(workload|holiday)-schemes"
SCHEME = rf"{KINDS}/\d+"
HOLIDAYS = r"4/holiday-schemes/\d+/holidays"
SCHEDULE = r"4/user-schedule(/.*)?"
FAR_AHEAD = "2099-01-01"
MORE_THAN_MOST = '{"results": [], "metadata": {"count": 0, "offset": 0, "limit": 5001}}'


def _hearing_always(name: str, value: Any) -> Lie:
    """Hears a value in every body that has the member."""
    return asking(lambda path, query, body: (path, query, {**body, name: value} if name in (body or {}) else body))


def _asked_from(call: Call) -> str:
    sent = json.loads(call.body) if call.body else {}
    return str(dict(parse_qsl(urlsplit(call.url).query)).get("from") or sent.get("from") or "")


def _begun_alone(call: Call, server: Server) -> Answer:
    """Lists the plans alone that begin in the window."""
    answer = server.send(call)
    if not re.fullmatch(PLANS, path_of(call)) or not answer.ok or "results" not in answer.json():
        return answer
    content, first = answer.json(), _asked_from(call)
    content["results"] = [row for row in content["results"] if row["startDate"] >= first]
    return saying(answer, content)


def _whole_time(item: Any) -> None:
    item["totalPlannedSecondsInScope"] = item["totalPlannedSeconds"]


def _unasked(path: str, query: list[tuple[str, str]], body: Any) -> Any:
    if path.endswith("/search"):
        return path, query, {**body, "plannedTimeBreakdown": ["DAILY"]}
    return path, [*query, ("plannedTimeBreakdown", "DAILY")], body


def _day_stays(call: Call, server: Server) -> Answer:
    """Answers the change of a day with the plan as it is."""
    if call.method == "PUT" and "/partial/" in call.url:
        return replace(server.send(replace(call, method="GET", body=None, url=call.url.partition("/partial/")[0])), call=call)
    return server.send(call)


def _everybodys_administrator(call: Call, server: Server) -> Answer:
    """Does for anybody what the administrator may."""
    return replace(server.send(replace(call, credentials=server.admin)), call=call)


def _moves_nobody(call: Call, server: Server) -> Answer:
    """Says that members were moved and leaves them where they are."""
    if call.method == "POST" and re.fullmatch(rf"{SCHEME}/members", path_of(call)):
        return replace(server.send(replace(call, method="GET", body=None)), status=204, text="", call=call)
    return server.send(call)


def _six_days(item: Any) -> None:
    item["days"].pop()


def _gap(content: Any) -> None:
    content["periods"].pop(1)


def _one_day(item: Any) -> None:
    item["to"] = item["from"]


PLAN_LIES: dict[str, tuple[Lie, tuple[str, ...]]] = {
    "plans-without-assignee": (each(drop("assignee"), PLANS), a("plans", "list.shape")),
    "no-planned-time": (whole(drop("plannedTime"), PLAN, "GET"), a("plans", "read.breakdown")),
    "no-window-of-a-plan": (deaf("from", "to"), a("plans", "read.window")),
    "weekends-are-planned": (_hearing_always("includeNonWorkingDays", True), a("plans", "non-working-days.skipped")),
    "weekends-are-free": (_hearing_always("includeNonWorkingDays", False), a("plans", "non-working-days.included")),
    "every-second-week-is-every-week": (
        hearing("rule", lambda rule: "WEEKLY" if rule == "BI_WEEKLY" else rule),
        a("plans", "recurrence.weeks"),
    ),
    "less-effort": (_hearing_always("plannedSeconds", 3600), a("plans", "effort.total-spread")),
    "every-plan-is-made": (ACCEPTED, (*a("plans", "create.refused"), *a("plan_approvals", "create.not-by-oneself"))),
    "plans-do-not-move": (takes_no_put, a("plans", "update.days-read-back")),
    "a-day-goes-with-204": (status(200, 204, rf"{PLAN}/partial/.*", "DELETE"), a("plans", "day.deleted-200")),
    "a-day-does-not-go": (keeps_deleted, a("plans", "day.deleted-gone")),
    "a-day-does-not-change": (_day_stays, a("plans", "day.changed")),
    "days-of-no-plan": (status(404, 200, rf"{PLAN}/partial/.*"), a("plans", "day.unknown-404")),
    "resources-have-no-plans": (whole(rows(lambda _: []), "4/plans/generic-resource/.*"), a("plans", "resource.listed")),
    "plans-need-no-window": (status(400, 200, PLANS, text=NO_ROWS), a("plans", "window.needed")),
    "only-what-begins": (_begun_alone, a("plans", "window.overlap", "window.occurrences")),
    "all-that-was-before": (hearing("from", lambda _: "2039-01-01"), a("plans", "window.outside")),
    "the-whole-plan-is-in-scope": (
        each(_whole_time, PLANS),
        a("plans", "window.seconds", "window.split-sum", "breakdown.daily-sum"),
    ),
    "broken-down-unasked": (asking(_unasked), a("plans", "breakdown.absent")),
    "never-broken-down": (each(drop("plannedTime"), PLANS), a("plans", "breakdown.daily", "breakdown.periods")),
    "all-plans-are-new": (deaf("updatedFrom"), a("plans", "updated-from.later")),
    "no-plan-is-new": (hearing("updatedFrom", lambda _: FAR_AHEAD), a("plans", "updated-from.day-itself")),
    "filters-of-plans-ignored": (
        deaf("accountIds", "planIds", "assigneeTypes", "issueIds", "genericResourceIds"),
        a("plans", "filters.obeyed"),
    ),
    "searched-backwards": (whole(rows(lambda found: found[::-1]), "4/plans/search"), a("plans", "search.as-listed")),
    "searches-with-links": (metadata(put("next", "http://localhost/4/plans/search")), a("plans", "search.no-links")),
    "first-page-again": (deaf("offset"), a("plans", "search.pages-whole")),
    "one-plan-a-person": (whole(rows(lambda found: found[:1]), "4/plans/user/.*"), a("plans", "user.unpaged")),
    "1000-plans-at-most": (hearing("limit", lambda text: str(min(int(text), 1000))), a("plans", "limit.maximum")),
    "pages-without-end": (status(400, 200, PLANS, text=MORE_THAN_MOST), a("plans", "limit.above")),
    "anybody-plans": (
        only_for("outsider", _everybodys_administrator),
        a("plans", "others.omitted", "others.single-hidden", "others.not-planned-for"),
    ),
    "a-lead-plans-nothing": (only_for("lead", status(200, 403, "4/plans", "POST")), a("plans", "others.lead-plans")),
    "no-approval": (whole(drop("planApproval"), PLAN, "GET"), a("plan_approvals", "create.requested")),
    "nothing-to-review": (whole(rows(lambda _: []), "4/plan-approvals/.*"), a("plan_approvals", "review.listed")),
    "any-status-to-review": (deaf("statuses"), a("plan_approvals", "review.statuses")),
    "decided-with-204": (status(200, 204, "4/plan-approvals/.*", "PUT", ""), a("plan_approvals", "decide.answers-200")),
    "own-approval": (status((400, 403), 200, "4/plan-approvals/.*", "PUT"), a("plan_approvals", "decide.not-ones-own")),
    "decided-for-ever": (
        whole(put_in("planApproval", "status", "APPROVED"), PLAN, "GET"),
        a("plan_approvals", "update.moved-waits-again"),
    ),
    "nobody-reviews": (whole(lambda _: [], "4/plan-permissions/.*"), a("plan_approvals", "reviewers.named")),
    "no-scope-of-plans-is-401": (
        status(403, 401),
        a("planner_scopes", "view.refused", "view.no-search", "manage.refused", "periods.refused"),
    ),
}
SCHEME_LIES: dict[str, tuple[Lie, tuple[str, ...]]] = {
    "schemes-without-count": (each(drop("memberCount"), KINDS), a("schemes", "list.shape")),
    "no-default-scheme": (each(put("defaultScheme", False), KINDS), a("schemes", "default.one")),
    "default-is-204": (status(200, 204, f"{SCHEME}/default", text=""), a("schemes", "default.again")),
    "anything-is-default": (status(404, 200, f"{SCHEME}/default"), a("schemes", "default.unknown-404")),
    "new-schemes-are-full": (whole(put("memberCount", 3), SCHEME, "GET"), a("schemes", "create.not-default")),
    "schemes-that-are-none": (whole(put("id", 999999), f"{KINDS}/users/.*"), a("schemes", "user.has-one")),
    "members-without-limit": (metadata(drop("limit")), a("schemes", "members.page")),
    "members-without-scheme": (each(drop("schemeId"), f"{KINDS}/members/search"), a("schemes", "members.search")),
    "first-members-again": (deaf("offset"), a("schemes", "members.search-pages")),
    "members-of-nothing": (
        status(400, 200, f"{KINDS}/members/search", text=NO_ROWS),
        a("schemes", "members.search-needs-schemes"),
    ),
    "members-of-unknown": (status(404, 204, f"{SCHEME}/members", "POST"), a("schemes", "members.unknown-404")),
    "moved-with-200": (status(204, 200, f"{SCHEME}/members", "POST"), a("schemes", "members.moved-204")),
    "moves-nobody": (_moves_nobody, a("schemes", "members.one-scheme-each")),
    "used-schemes-go": (status((400, 409), 204, SCHEME, "DELETE"), a("schemes", "delete.not-while-used")),
    "six-days": (each(_six_days, "4/workload-schemes"), a("workload_schemes", "week.whole")),
    "any-week-any-holiday": (
        ACCEPTED,
        (*a("workload_schemes", "week.seven-days"), *a("holiday_schemes", "holiday.refused")),
    ),
    "holidays-are-201": (status(200, 201, HOLIDAYS, "POST"), a("holiday_schemes", "holiday.create")),
    "another-holiday": (whole(put("name", "another"), rf"{HOLIDAYS}/\d+", "GET"), a("holiday_schemes", "holiday.read")),
    "holidays-without-scheme": (each(drop("schemeId"), HOLIDAYS), a("holiday_schemes", "holiday.list")),
    "years-ignored": (deaf("year"), a("holiday_schemes", "holiday.years")),
    "all-holidays-float": (elsewhere("/holidays/floating$", "/holidays"), a("holiday_schemes", "holiday.floating")),
    "holidays-stay-as-they-are": (takes_no_put, a("holiday_schemes", "holiday.update")),
    "holidays-stay": (keeps_deleted, a("holiday_schemes", "holiday.delete")),
    "unknown-holidays": (FOUND, a("holiday_schemes", "holiday.unknown-404")),
    "days-without-type": (each(drop("type"), SCHEDULE), a("user_schedule", "own.shape")),
    "a-day-less": (whole(rows(lambda found: found[:-1]), SCHEDULE), a("user_schedule", "own.each-day-once")),
    "schedules-without-window": (
        status(400, 200, f"{SCHEDULE}|4/periods", text=NO_ROWS),
        (*a("user_schedule", "window.needed"), *a("periods", "window.needed")),
    ),
    "others-work-seven-seconds": (
        each(put("requiredSeconds", 7), "4/user-schedule/.*"),
        a("user_schedule", "user.own-as-asked"),
    ),
    "schedules-for-everybody": (status(403, 200, SCHEDULE, text=NO_ROWS), a("user_schedule", "user.others-403")),
    "everybody-works-seven-seconds": (
        each(put("requiredSeconds", 7), SCHEDULE),
        a("user_schedule", "days.as-workload", "days.moved", "holiday.whole-day"),
    ),
    "no-holidays": (each(put("type", "WORKING_DAY"), SCHEDULE), a("user_schedule", "holiday.told")),
    "no-periods": (whole(drop("periods"), "4/periods"), a("periods", "list.shape")),
    "a-gap": (whole(_gap, "4/periods"), a("periods", "list.no-gaps")),
    "periods-of-a-day": (each(_one_day, "4/periods", "periods"), a("periods", "list.as-configured")),
}
