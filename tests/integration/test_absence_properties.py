"""What holds for any plans: applying gives what is wanted, twice is once, and less read never means less held."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from integration.absences import DAY, AbsenceOptions, Site, of_person
from integration.diff import changes
from integration.records import Changes, Complete, HeldRule, Issue, Partial, Person, Plan, Reason, Rule, Template, Window
from integration.status import Status, status

FIRST = date(2026, 3, 23)
"""A week before the clocks of Europe change."""
ONE = timedelta(days=1)
WINDOW = Window(FIRST, FIRST + 13 * ONE)
INSIDE = {FIRST + n * ONE for n in range(14)}
ISSUES = {number: Issue(number, f"HR-{number}", "Away") for number in ("1", "2")}
TEMPLATES = {("", number): Template(f"T{number}", ("erica",), message="Back [return date]") for number in ISSUES}
PEOPLE = [Person("bob", "Bob", zone, True) for zone in ("Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles", None)]
REQUIRED = {FIRST + n * ONE: 8 * 3600 if (FIRST + n * ONE).weekday() < 5 else 0 for n in range(40)}
MOMENTS = st.datetimes(datetime(2026, 3, 20), datetime(2026, 4, 8), timezones=st.just(UTC))

OPTIONS = st.builds(
    AbsenceOptions,
    full_day=st.sampled_from(["required", "8h"]),
    long_leave=st.sampled_from(["daily", "one"]),
    start_times=st.booleans(),
    from_worklogs=st.booleans(),
)


@st.composite
def some_plans(draw: Any) -> list[Plan]:
    found = []
    for number in range(draw(st.integers(0, 6))):
        days = draw(st.sets(st.integers(-2, 15), min_size=1, max_size=6))
        seconds = draw(st.sampled_from([900, 4 * 3600, 8 * 3600 - 60, 8 * 3600, 20 * 3600]))
        begin = draw(st.sampled_from([None, time(0), time(9), time(13), time(22), time(23, 59)]))
        found.append(
            Plan(
                number + 1, "bob", draw(st.sampled_from(["USER", "USER", "GENERIC"])), draw(st.sampled_from(["1", "2", "3"])),
                "ISSUE", begin, tuple((FIRST + day * ONE, seconds) for day in sorted(days)),
                draw(st.sampled_from([None, "APPROVED", "REJECTED", "REQUESTED"])), draw(st.booleans()),
            )
        )  # fmt: skip
    return found


def wanted(plans: list[Plan], person: Person, options: AbsenceOptions) -> tuple[Rule, ...]:
    return of_person(Site(ISSUES, TEMPLATES, {}, WINDOW, options), person, plans, REQUIRED).rules


def applied(held: list[HeldRule], found: Changes) -> list[HeldRule]:
    """As a sink does it."""
    gone = {rule.id for rule in found.delete}
    after = {update.before.id: update.after for update in found.update}
    kept = [
        HeldRule(rule.id, after.get(rule.id, rule.rule), after.get(rule.id, rule.written))
        for rule in held
        if rule.id not in gone
    ]
    number = max((rule.id for rule in held), default=0)
    return kept + [HeldRule(number + 1 + n, rule, rule) for n, rule in enumerate(found.create)]


def upcoming(rules: Any, now: datetime) -> set[Rule]:
    """Without their parts: a rule keeps the number it has."""
    return {replace(rule, part=0) for rule in rules if status(rule, now) is not Status.EXPIRED}


people = st.sampled_from(PEOPLE)


@given(some_plans(), people, OPTIONS, st.randoms())
def test_the_order_of_plans_does_not_matter(plans: list[Plan], person: Person, options: AbsenceOptions, random: Any) -> None:
    shuffled = list(plans)
    random.shuffle(shuffled)
    assert wanted(plans, person, options) == wanted(shuffled, person, options)


@given(some_plans(), people, OPTIONS)
def test_every_plan_makes_a_rule_or_has_a_reason(plans: list[Plan], person: Person, options: AbsenceOptions) -> None:
    found = of_person(Site(ISSUES, TEMPLATES, {}, WINDOW, options), person, plans, REQUIRED)
    named = {number for rule in found.rules for number in rule.plan_ids}
    told = {left.plan_id for left in found.left_out}
    days = {plan.id: {day for day, _ in plan.days} for plan in plans}
    beyond = {number for number, own in days.items() if max(own) > WINDOW.last and not own & INSIDE}
    assert named | told == {plan.id for plan in plans} - beyond
    assert not named & told
    assert all(left.reason for left in found.left_out)


@given(some_plans(), people, OPTIONS, st.integers(0, 13))
def test_a_rule_is_the_same_wherever_the_window_ends(
    plans: list[Plan], person: Person, options: AbsenceOptions, days: int
) -> None:
    """Or every day of leave would be written anew each time the window moves on."""
    options = replace(options, long_leave="daily")
    longer = wanted(plans, person, options)
    shorter = of_person(Site(ISSUES, TEMPLATES, {}, Window(FIRST, FIRST + days * ONE), options), person, plans, REQUIRED)
    assert set(shorter.rules) == {rule for rule in longer if rule.begin.date() <= FIRST + days * ONE}


@given(some_plans(), people, OPTIONS)
def test_rules_of_an_issue_neither_touch_nor_share_a_key(plans: list[Plan], person: Person, options: AbsenceOptions) -> None:
    rules = wanted(plans, person, options)
    assert len({rule.key for rule in rules}) == len(rules)
    for issue_id in ISSUES:
        own = sorted((rule for rule in rules if rule.issue_id == issue_id), key=lambda rule: rule.begin)
        assert all(rule.begin < rule.end for rule in own if rule.end.time() != time(23, 59))
        assert all(before.end < after.begin for before, after in pairwise(own))


def covers(rule: Rule, moment: datetime) -> bool:
    """The minute 23:59 at which a rule ends belongs to it."""
    last = rule.end + timedelta(minutes=1) if rule.end.time() == time(23, 59) else rule.end
    return rule.begin <= moment < last


@given(some_plans(), people, st.sampled_from(["required", "8h"]))
def test_rules_cover_what_is_planned_minute_by_minute(plans: list[Plan], person: Person, full_day: str) -> None:
    rules = wanted(plans, person, AbsenceOptions(full_day=full_day))
    for plan in plans:
        is_counted = plan.assignee_type == "USER" and plan.item_id in ISSUES and plan.status != "REJECTED"
        if not is_counted or plan.from_worklog:
            continue
        start = plan.start_time or time()
        for day, seconds in plan.days:
            if not WINDOW.first <= day <= WINDOW.last:
                continue
            begin = datetime.combine(day, start)
            for at in range(0, min(seconds, DAY), 900):
                moment = begin + timedelta(seconds=at)
                if moment.date() > WINDOW.last:
                    break
                covering = [rule for rule in rules if rule.issue_id == plan.item_id and covers(rule, moment)]
                assert len(covering) == 1, (moment, rules)


@given(some_plans(), some_plans(), people, OPTIONS, MOMENTS)
def test_applying_gives_what_is_wanted_and_twice_is_once(
    before: list[Plan], after: list[Plan], person: Person, options: AbsenceOptions, now: datetime
) -> None:
    old, new = wanted(before, person, options), wanted(after, person, options)
    held = [HeldRule(number, rule, rule) for number, rule in enumerate(old)]
    found = changes(Complete(new), held, WINDOW, now)
    then = applied(held, found)
    assert upcoming((rule.rule for rule in then), now) == upcoming(new, now)
    assert changes(Complete(new), then, WINDOW, now) == Changes()


@given(some_plans(), some_plans(), people, OPTIONS, MOMENTS)
def test_over_is_over(before: list[Plan], after: list[Plan], person: Person, options: AbsenceOptions, now: datetime) -> None:
    old, new = wanted(before, person, options), wanted(after, person, options)
    held = [HeldRule(number, rule, rule) for number, rule in enumerate(old)]
    then = applied(held, changes(Complete(new), held, WINDOW, now))
    ended = {rule for rule in old if status(rule, now) is Status.EXPIRED}
    coming = [rule for rule in new if status(rule, now) is not Status.EXPIRED]

    def goes_on(rule: Rule) -> bool:
        return any(rule.issue_id == more.issue_id and more.begin < rule.end and rule.begin < more.end for more in coming)

    assert {rule for rule in ended if not goes_on(rule)} <= {rule.rule for rule in then}
    assert len({rule.rule.key for rule in then}) == len(then)


@given(some_plans(), people, OPTIONS, MOMENTS, st.randoms())
def test_a_part_of_the_plans_never_deletes_nor_shortens(
    plans: list[Plan], person: Person, options: AbsenceOptions, now: datetime, random: Any
) -> None:
    whole = wanted(plans, person, options)
    held = [HeldRule(number, rule, rule) for number, rule in enumerate(whole)]
    part = random.sample(plans, random.randint(0, len(plans)))
    found = changes(Partial(wanted(part, person, options), Reason("cut", "the answer was short")), held, WINDOW, now)
    assert found.delete == ()
    then = {rule.id: rule.rule for rule in applied(held, found)}
    for rule in held:
        assert then[rule.id].begin <= rule.rule.begin
        assert then[rule.id].end >= rule.rule.end
        assert set(then[rule.id].plan_ids) >= set(rule.rule.plan_ids)
