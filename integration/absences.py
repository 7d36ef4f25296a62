"""From somebody's plans to the out-of-office rules there should be. Pure: no clock, no network, no file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from integration.records import Derived, Issue, LeftOut, Person, Plan, Required, Rule, Template, Templates, Window

DAY = 24 * 3600
FLAT = 8 * 3600
"""Seconds from which a day counts as a whole one in the vendor's setup guide, whatever somebody's own hours are."""

ONE = timedelta(days=1)
LAST_MINUTE = time(23, 59)

PLACE_HOLDERS = ("[return date]", "[coverer]")
"""What is filled in in messages."""

NO_START_TIME = "no start time: planning with start and end times is off, so part of a day begins at 00:00"
FROM_WORKLOG = "from logged work, not from a plan"
OF_PROJECT = "it is for a project, not for an issue"
COVERED = "a plan covers the day already, and it counts once"
NO_ZONE = "time zone not known: Jira does not tell, the default is taken"


@dataclass(frozen=True)
class AbsenceOptions:
    """Choices of the configuration.

    full_day: "required" (the person's own hours that day) or "8h". long_leave: "daily" or "one" rule. requested: plans
    that wait for approval make rules. from_worklogs: logged work on the issues does. start_times: Tempo plans with start
    and end times. zone: of people whose own is not known.
    """

    full_day: str = "required"
    long_leave: str = "daily"
    requested: bool = True
    from_worklogs: bool = False
    start_times: bool = True
    zone: str = "UTC"


class Site(NamedTuple):
    """What is the same for everybody. selection: issues that make rules, by id. names: accountId -> display name."""

    selection: Mapping[str, Issue]
    templates: Templates
    names: Mapping[str, str]
    window: Window
    options: AbsenceOptions


class _Block(NamedTuple):
    """Time away on one local day, in seconds from midnight."""

    start: int
    end: int
    plan_ids: frozenset[int]
    is_logged: bool


_Day = tuple[str, date]
"""Issue id and local day."""


def of_person(site: Site, person: Person, plans: Iterable[Plan], required: Required) -> Derived:
    """The rules of one person in the window, in the order of their beginning, and the plans that make none.

    plans, required (seconds by day): beyond the window, too, as far as the first working day after an absence is looked for.
    """
    counted, left_out = _sorted_out(site, person, plans)
    planned: dict[_Day, list[_Block]] = defaultdict(list)
    for plan in counted:
        for day, seconds in plan.days:
            if seconds > 0 and day >= site.window.first:
                planned[plan.item_id, day].append(_block(plan, seconds))
    whole = {key for key, blocks in planned.items() if _is_whole(site.options, blocks, required.get(key[1], 0))}
    found = {key: _merged(blocks) for key, blocks in _by_local_day(planned).items() if key[1] <= site.window.last}
    away = {day for _, day in whole}
    rules: list[Rule] = []
    for issue_id, day in sorted(found, key=lambda key: (key[1], key[0])):
        is_whole = (issue_id, day) in whole
        back = _returns(day, is_whole or day in away, away, required)
        rules += _rules(site, person, issue_id, day, found[issue_id, day], is_whole, back)
    if site.options.long_leave == "one":
        rules = _joined(rules, required)
    return Derived(tuple(rules), tuple(left_out))


def template_of(templates: Templates, account_id: str, issue_id: str) -> Template | None:
    """Somebody's own template for an issue, else the one for everybody, else None."""
    return templates.get((account_id, issue_id)) or templates.get(("", issue_id))


def _sorted_out(site: Site, person: Person, plans: Iterable[Plan]) -> tuple[list[Plan], list[LeftOut]]:
    counted: list[Plan] = []
    left_out: list[LeftOut] = []
    ordered = sorted(plans, key=lambda plan: (plan.from_worklog, plan.id))
    covered: set[date] = set()
    for plan in ordered:
        known = tuple(entry for entry in plan.days if site.window.first <= entry[0])
        within = sum(1 for day, _ in known if day <= site.window.last)
        reason = _why_not(site, person, plan, len(known))
        if reason is None and plan.from_worklog:
            # A day that was planned and then logged is one absence.
            free = tuple(entry for entry in known if entry[0] not in covered)
            plan = replace(plan, days=free)
            if within and not any(day <= site.window.last for day, _ in free):
                left_out.append(LeftOut(plan.id, plan.assignee_id, plan.item_id, within, COVERED))
        elif reason is not None:
            # What lies after the window would only tell until when somebody is away.
            if within or not known:
                whose = plan.assignee_id if plan.assignee_type == "USER" else ""
                left_out.append(LeftOut(plan.id, whose, plan.item_id, within, reason))
            continue
        counted.append(plan)
        if not plan.from_worklog:
            covered.update(day for day, _ in plan.days)
    return counted, left_out


def _why_not(site: Site, person: Person, plan: Plan, days: int) -> str | None:
    issue = site.selection.get(plan.item_id)
    reasons = (
        (plan.assignee_type != "USER", "it is for a generic resource, not for a person"),
        (plan.item_type != "ISSUE", OF_PROJECT),
        (issue is None, "its issue is not among those that make rules"),
        (plan.from_worklog and not site.options.from_worklogs, "logged work makes no rules (from_worklogs is off)"),
        (plan.status == "REJECTED", "it was rejected"),
        (plan.status == "REQUESTED" and not site.options.requested, "it waits for approval (requested is off)"),
        (not person.active, f"{person.name} is inactive"),
        (
            template_of(site.templates, person.account_id, plan.item_id) is None,
            f"{person.name} has no template for {issue.key if issue else plan.item_id}",
        ),
        (days == 0, "none of its days is in the window"),
    )
    return next((sentence for applies, sentence in reasons if applies), None)


def _block(plan: Plan, seconds: int) -> _Block:
    """Its end may lie past midnight."""
    begin = plan.start_time or time()
    start = begin.hour * 3600 + begin.minute * 60 + begin.second
    return _Block(start, start + seconds, frozenset({plan.id}), plan.from_worklog)


def _by_local_day(planned: Mapping[_Day, Sequence[_Block]]) -> dict[_Day, list[_Block]]:
    """What lasts past midnight belongs to the day after."""
    found: dict[_Day, list[_Block]] = defaultdict(list)
    for (issue_id, day), blocks in planned.items():
        for block in blocks:
            found[issue_id, day].append(block._replace(end=min(block.end, DAY)))
            if block.end > DAY and day < date.max:
                found[issue_id, day + ONE].append(block._replace(start=0, end=block.end - DAY))
    return found


def _merged(blocks: Sequence[_Block]) -> list[_Block]:
    """The same time in blocks that do not touch."""
    merged: list[_Block] = []
    for block in sorted(blocks, key=lambda block: block[:2]):
        if merged and block.start <= merged[-1].end:
            last = merged[-1]
            is_logged = last.is_logged and block.is_logged
            merged[-1] = _Block(last.start, max(last.end, block.end), last.plan_ids | block.plan_ids, is_logged)
        else:
            merged.append(block)
    return merged


def _is_whole(options: AbsenceOptions, blocks: Sequence[_Block], required: int) -> bool:
    threshold = required if options.full_day == "required" and required > 0 else FLAT
    # Without start times everything begins at midnight and would hide behind the longest.
    counted = _merged(blocks) if options.start_times else blocks
    return sum(block.end - block.start for block in counted) >= threshold


def _rules(
    site: Site, person: Person, issue_id: str, day: date, blocks: Sequence[_Block], whole: bool, back: date | None
) -> list[Rule]:
    template = template_of(site.templates, person.account_id, issue_id)
    assert template is not None
    if whole:
        ids = frozenset().union(*(block.plan_ids for block in blocks))
        blocks = [_Block(0, DAY, ids, all(block.is_logged for block in blocks))]
    flags = () if person.zone else (NO_ZONE,)
    if not whole and not site.options.start_times:
        flags = (*flags, NO_START_TIME)
    return [
        Rule(
            account_id=person.account_id,
            issue_id=issue_id,
            begin=datetime.combine(day, _clock(block.start)),
            end=datetime.combine(day, _clock(block.end)),
            zone=person.zone or site.options.zone,
            template=template.name,
            coverers=template.coverers,
            approver=template.approver,
            message=_message(site, template, back, block.end if back == day else DAY),
            mention_days=template.mention_days,
            scope=template.scope,
            part=part,
            returns=back,
            plan_ids=tuple(sorted(block.plan_ids)),
            flags=(*flags, FROM_WORKLOG) if block.is_logged else flags,
        )
        for part, block in enumerate(blocks)
    ]


def _message(site: Site, template: Template, back: date | None, end: int) -> str:
    """With the place-holders filled in. end: of an absence within the day, in seconds from midnight; a whole day else."""
    if "[" not in template.message:
        return template.message
    coverer = site.names.get(template.coverers[0], template.coverers[0]) if template.coverers else ""
    when = "" if back is None else back.isoformat() if end >= DAY else f"{back.isoformat()} {_clock(end):%H:%M}"
    return template.message.replace("[return date]", when).replace("[coverer]", coverer)


def _clock(seconds: int) -> time:
    if seconds >= DAY:
        return LAST_MINUTE
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60)


def _is_whole_day(rule: Rule) -> bool:
    return rule.begin.time() == time() and rule.end.time() == LAST_MINUTE


def _joined(rules: Sequence[Rule], required: Required) -> list[Rule]:
    """Whole days one after the other as one rule; days on which nothing is required do not part them."""
    joined: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: (rule.issue_id, rule.begin)):
        before = joined[-1] if joined else None
        if before and before.issue_id == rule.issue_id and _is_whole_day(before) and _is_whole_day(rule):
            between = _days(before.end.date() + ONE, rule.begin.date() - ONE)
            if all(required.get(day, 0) == 0 for day in between):
                ids = tuple(sorted({*before.plan_ids, *rule.plan_ids}))
                # Whoever returns after the last day returns after all of them.
                flags = tuple(flag for flag in before.flags if flag in rule.flags)
                joined[-1] = replace(
                    before, end=rule.end, plan_ids=ids, message=rule.message, returns=rule.returns, flags=flags
                )
                continue
        joined.append(rule)
    return sorted(joined, key=lambda rule: (rule.begin, rule.issue_id))


def _returns(day: date, is_away: bool, away: set[date], required: Required) -> date | None:
    """The first working day on which the person is there again; None beyond the days that are known."""
    if not is_away:
        return day
    while day < date.max:
        day += ONE
        seconds = required.get(day)
        if seconds is None:
            return None
        if seconds > 0 and day not in away:
            return day
    return None


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
