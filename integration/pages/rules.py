"""The rules held, as a list and as the grid of a month."""

from __future__ import annotations

import calendar
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from integration import token_end
from integration.listing import Listed, looked_at, with_names
from integration.pages.held_rules import HeldRules
from integration.pages.page import Page
from integration.pages.paging import paging
from integration.pages.told import ToldRule, told_rule
from integration.settings import Mistaken
from integration.status import Status, status

if TYPE_CHECKING:
    from flask import Response

    from integration.pages.visit import Visit
    from integration.records import HeldRule

ROWS = 100
"""Rules on one page of the list."""

MOST_OF_A_DAY = 5
"""Rules that a day of the calendar names; the others are a link away."""

SORTS = ("counting", "begin", "person", "issue")
"""counting: in the order in which they count, as ``tempo-sync rules`` lists them."""

_FIRST_YEAR, _LAST_YEAR = 1970, 9998


class Row(NamedTuple):
    """A rule of the list. covered_by: whoever covers while it counts, where that is not the first coverer."""

    number: int
    state: str
    rule: ToldRule
    is_edited: bool
    covered_by: str
    problem: str


class Day(NamedTuple):
    """A day of the calendar. rules: number, status and words of those it names; more: how many others it has."""

    day: date
    is_within: bool
    is_today: bool
    rules: tuple[tuple[int, str, ToldRule], ...]
    more: int


def _list(visit: Visit) -> Response:
    person, sort = visit.asked("person"), visit.asked("sort") or SORTS[0]
    with_past = visit.asked("all") == "yes"
    day = _day(visit.asked("day"))
    held = _held(visit)
    found = _sorted(held.in_order(visit.now, with_past=with_past or day is not None), sort, held)
    found = [
        one
        for one in found
        if person in ("", one.rule.account_id) and (day is None or one.rule.begin.date() <= day <= one.rule.end.date())
    ]
    page = paging(visit.asked("page"), len(found), ROWS)
    query = {"person": person, "sort": sort, "all": "yes" if with_past else "", "day": day.isoformat() if day else ""}
    shown = looked_at(found[max(0, page.first - 1) : page.last], visit.now, by_person=held.by_person)
    return visit.show(
        "rules.html",
        rows=[_row(entry, held) for entry in shown],
        count=len(found),
        page=page,
        path_of=lambda **more: f"/rules?{urlencode(query | more)}",
        person=person,
        people=held.people,
        sort=sort,
        sorts=SORTS,
        with_past=with_past,
        day=day,
        warning=_warning(visit),
    )


def _calendar(visit: Visit) -> Response:
    person = visit.asked("person")
    first = _month(visit.asked("month"), visit.now.date())
    held = _held(visit)
    by_day: dict[date, list[HeldRule]] = {}
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    begin, end = weeks[0][0], weeks[-1][-1]
    since, until = datetime.combine(begin, time.min), datetime.combine(end, time.max)
    for found in held.rules:
        if found.rule.begin <= until and found.rule.end >= since and person in ("", found.rule.account_id):
            day = max(found.rule.begin.date(), begin)
            while day <= min(found.rule.end.date(), end):
                by_day.setdefault(day, []).append(found)
                day += timedelta(days=1)
    grid = [[_cell(day, first, visit, by_day.get(day, []), held) for day in week] for week in weeks]
    return visit.show(
        "calendar.html",
        weeks=grid,
        names=list(calendar.day_name),
        month=f"{calendar.month_name[first.month]} {first.year}",
        value=f"{first:%Y-%m}",
        before=_link(first - timedelta(days=1), person),
        after=_link((first + timedelta(days=31)).replace(day=1), person),
        today=_link(visit.now.date(), person),
        person=person,
        people=held.people,
        is_empty=not any(cell.rules for week in grid for cell in week if cell.is_within),
        warning=_warning(visit),
    )


def _held(visit: Visit) -> HeldRules:
    def look() -> HeldRules:
        with visit.store() as store:
            return HeldRules(store)

    return visit.desk.rules.found(visit.settings, visit.now.date(), "rules", look)


def _warning(visit: Visit) -> str | None:
    with visit.store() as store:
        return token_end.ending(store.connection(), visit.now.date(), visit.settings.remind_days)


def _sorted(found: list[HeldRule], sort: str, held: HeldRules) -> list[HeldRule]:
    if sort == "begin":
        return sorted(found, key=lambda one: one.rule.begin)
    if sort == "person":
        ranks = {account_id: number for number, (account_id, _) in enumerate(held.people)}
        return sorted(found, key=lambda one: ranks[one.rule.account_id])
    if sort == "issue":
        keys = {issue_id: _of_issue(issue_id, held) for issue_id in {one.rule.issue_id for one in found}}
        return sorted(found, key=lambda one: (keys[one.rule.issue_id], one.rule.begin))
    if sort != SORTS[0]:
        raise Mistaken(f"Rules are sorted by {', '.join(SORTS)}, not by {sort!r:.40}.")
    return found


def _of_issue(issue_id: str, held: HeldRules) -> tuple[str, int, str]:
    """In the order of keys, in which HR-9 is before HR-10; what has no key goes last."""
    issue = held.issues.get(issue_id)
    project, _, number = (issue.key if issue else "").rpartition("-")
    return project or "~", int(number) if number.isdecimal() else 0, issue_id


def _row(entry: Listed, held: HeldRules) -> Row:
    rule = entry.held.rule
    is_other = entry.covered_by is not None and entry.covered_by != rule.coverers[0]
    stands_in = held.names.get(str(entry.covered_by), str(entry.covered_by)) if is_other else ""
    moment = "now" if entry.status is Status.ACTIVE else "then"
    return Row(
        entry.held.id,
        entry.status.value,
        told_rule(rule, held.issues, held.names),
        entry.held.is_hand_edited,
        f"{moment} {stands_in}" if stands_in else "",
        with_names(entry.problem, held.names),
    )


def _cell(day: date, first: date, visit: Visit, rules: list[HeldRule], held: HeldRules) -> Day:
    ordered = sorted(rules, key=lambda found: (found.rule.begin, found.id))
    shown = tuple(
        (found.id, status(found.rule, visit.now).value, told_rule(found.rule, held.issues, held.names))
        for found in ordered[:MOST_OF_A_DAY]
    )
    return Day(day, day.month == first.month, day == visit.now.date(), shown, max(0, len(rules) - MOST_OF_A_DAY))


def _month(told: str, today: date) -> date:
    if not told:
        return today.replace(day=1)
    try:
        found = date.fromisoformat(f"{told}-01")
    except ValueError:
        raise Mistaken(f"A month is such as 2027-01, not {told!r:.40}.") from None
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise Mistaken(f"The calendar goes from {_FIRST_YEAR} to {_LAST_YEAR}.")
    return found


def _day(told: str) -> date | None:
    try:
        return date.fromisoformat(told) if told else None
    except ValueError:
        raise Mistaken(f"A day is such as 2027-01-31, not {told!r:.40}.") from None


def _link(day: date, person: str) -> str:
    return "/calendar?" + urlencode({"month": f"{day:%Y-%m}", "person": person})


PAGES = (Page("GET", "/rules", _list, "Rules"), Page("GET", "/calendar", _calendar, "Calendar"))
