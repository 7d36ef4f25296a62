"""From plans to rules, case by case (setup guide and help pages of the absence product; the demands on a sync of absences)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from integration.absences import FROM_WORKLOG, NO_START_TIME, NO_ZONE, AbsenceOptions, Site, of_person
from integration.records import Derived, Issue, Person, Plan, Rule, Template, Window

VACATION, SICK, OTHER = "10240", "10241", "10300"
MONDAY = date(2026, 3, 2)
"""Of a week without a change of summer time anywhere."""
ONE = timedelta(days=1)
BOB = Person("bob", "Bob", "Europe/Berlin", True)
SELECTION = {VACATION: Issue(VACATION, "HR-1", "Paid time off"), SICK: Issue(SICK, "HR-2", "Sick leave")}
TEMPLATES = {
    ("", VACATION): Template("II-1: Vacation", ("erica",), "fred", "Away until [return date], ask [coverer].", 4),
    ("bob", SICK): Template("II-2: Sick Leave", ("john",), None, "", 0, "CLOUD"),
}
HOUR = 3600


def working(hours: float = 8, days: int = 60, first: date = MONDAY - 7 * ONE, weekend: float = 0) -> dict[date, int]:
    """Required seconds of weeks from Monday to Friday."""
    every = [first + number * ONE for number in range(days)]
    return {day: int((hours if day.weekday() < 5 else weekend) * HOUR) for day in every}


def plan(number: int = 1, begin: str | None = "09:00", hours: float = 8, days: int | list[date] = 1, **more: Any) -> Plan:
    """Of bob, on vacation, from Monday on."""
    dates = [MONDAY + n * ONE for n in range(days)] if isinstance(days, int) else days
    values: dict[str, Any] = {"assignee_id": "bob", "assignee_type": "USER", "item_id": VACATION, "item_type": "ISSUE", **more}
    start = None if begin is None else time.fromisoformat(begin)
    return Plan(number, start_time=start, days=tuple((day, int(hours * HOUR)) for day in dates), **values)


def derived(
    *plans: Plan, person: Person = BOB, required: dict[date, int] | None = None, window: Window | None = None, **options: Any
) -> Derived:
    window = window or Window(MONDAY, MONDAY + 27 * ONE)
    site = Site(SELECTION, TEMPLATES, {"erica": "Erica", "john": "John"}, window, AbsenceOptions(**options))
    return of_person(site, person, plans, working() if required is None else required)


def spans(found: Derived) -> list[str]:
    """Each rule as day of the month and hours."""
    return [f"{rule.begin:%d %H:%M}-{rule.end:%H:%M}" for rule in found.rules]


WHOLE = "00:00-23:59"


@pytest.mark.parametrize(
    ("plans", "wanted"),
    [
        pytest.param([plan(hours=4)], ["02 09:00-13:00"], id="part-of-a-day"),
        pytest.param([plan(hours=8)], [f"02 {WHOLE}"], id="exactly-the-required-hours"),
        pytest.param([plan(hours=7 + 59 / 60)], ["02 09:00-16:59"], id="a-minute-less"),
        pytest.param([plan(hours=9)], [f"02 {WHOLE}"], id="more-than-required"),
        pytest.param([plan(hours=8, days=3)], [f"02 {WHOLE}", f"03 {WHOLE}", f"04 {WHOLE}"], id="three-days-are-three-rules"),
        pytest.param([plan(hours=3, days=4)], [f"0{n} 09:00-12:00" for n in (2, 3, 4, 5)], id="four-mornings"),
        pytest.param([plan(days=[MONDAY + 4 * ONE, MONDAY + 7 * ONE])], [f"06 {WHOLE}", f"09 {WHOLE}"], id="friday-and-monday"),
        pytest.param(
            [plan(days=[MONDAY + n * ONE for n in (4, 5, 6, 7)])],
            [f"{n:02} {WHOLE}" for n in (6, 7, 8, 9)],
            id="with-non-working-days",
        ),
        pytest.param([plan(hours=4, days=[MONDAY + 5 * ONE])], ["07 09:00-13:00"], id="part-of-a-day-off"),
        pytest.param([plan(hours=8, days=[MONDAY + 5 * ONE])], [f"07 {WHOLE}"], id="eight-hours-of-a-day-off"),
        pytest.param([plan(1, "09:00", 2), plan(2, "10:00", 3)], ["02 09:00-13:00"], id="overlap"),
        pytest.param([plan(1, "09:00", 2), plan(2, "11:00", 1)], ["02 09:00-12:00"], id="back-to-back"),
        pytest.param([plan(1, "09:00", 4), plan(2, "10:00", 1)], ["02 09:00-13:00"], id="one-within-the-other"),
        pytest.param(
            [plan(1, "09:00", 2), plan(2, "11:01", 1)], ["02 09:00-11:00", "02 11:01-12:01"], id="a-gap-of-one-minute"
        ),
        pytest.param([plan(1, "08:00", 4), plan(2, "12:00", 4)], [f"02 {WHOLE}"], id="both-halves-are-the-whole-day"),
        pytest.param([plan(1, "08:00", 4), plan(2, "13:00", 4)], [f"02 {WHOLE}"], id="halves-with-a-break"),
        pytest.param([plan(1, "09:00", 5), plan(2, "10:00", 5)], ["02 09:00-15:00"], id="an-overlap-counts-once"),
        pytest.param([plan(1, "22:00", 4)], ["02 22:00-23:59", "03 00:00-02:00"], id="past-midnight"),
        pytest.param([plan(1, "22:00", 2)], ["02 22:00-23:59"], id="until-midnight"),
        pytest.param([plan(1, "22:00", 8)], [f"02 {WHOLE}", "03 00:00-06:00"], id="a-whole-night"),
        pytest.param(
            [plan(1, "22:00", 4), plan(2, "01:00", 3, [MONDAY + ONE])],
            ["02 22:00-23:59", "03 00:00-04:00"],
            id="past-midnight-into-the-next",
        ),
        pytest.param(
            [plan(1, "09:00", 3), plan(2, "12:00", 3, item_id=SICK)],
            ["02 09:00-12:00", "02 12:00-15:00"],
            id="two-issues-stay-two-rules",
        ),
        pytest.param([plan(hours=0)], [], id="nothing-planned-that-day"),
    ],
)
def test_rules_of_a_day(plans: list[Plan], wanted: list[str]) -> None:
    assert spans(derived(*plans)) == wanted
    assert spans(derived(*reversed(plans))) == wanted


@pytest.mark.parametrize(
    ("own_hours", "full_day", "planned", "is_whole"),
    [
        (7.2, "required", 7.2, True),
        (7.2, "required", 7.1, False),
        (7.2, "8h", 7.2, False),
        (7.2, "8h", 8, True),
        (6, "required", 6, True),
        (10, "required", 8, False),
        (10, "8h", 8, True),
        (4, "required", 4, True),
        (0, "required", 4, False),
        (0, "required", 8, True),
        (0, "8h", 8, True),
    ],
)
def test_the_whole_day_is_the_own_one_or_flat_eight_hours(
    own_hours: float, full_day: str, planned: float, is_whole: bool
) -> None:
    found = derived(plan(hours=planned), required=working(own_hours), full_day=full_day)
    assert (spans(found) == [f"02 {WHOLE}"]) is is_whole


def test_a_half_day_holiday_halves_what_is_a_whole_day() -> None:
    required = {**working(), MONDAY: 4 * HOUR}
    assert spans(derived(plan(hours=4), required=required)) == [f"02 {WHOLE}"]


@pytest.mark.parametrize(
    ("out", "person", "options", "reason"),
    [
        (plan(assignee_type="GENERIC"), BOB, {}, "generic resource"),
        (plan(item_type="PROJECT"), BOB, {}, "project"),
        (plan(item_id=OTHER), BOB, {}, "not among those that make rules"),
        (plan(status="REJECTED"), BOB, {}, "rejected"),
        (plan(status="REQUESTED"), BOB, {"requested": False}, "waits for approval"),
        (plan(from_worklog=True), BOB, {}, "from_worklogs is off"),
        (plan(), BOB._replace(active=False), {}, "inactive"),
        (plan(item_id=SICK, assignee_id="greta"), Person("greta", "Greta", "UTC", True), {}, "no template for HR-2"),
        (plan(days=[MONDAY - ONE]), BOB, {}, "in the window"),
        (plan(days=0), BOB, {}, "in the window"),
    ],
)
def test_what_makes_no_rule_is_told_with_the_reason(out: Plan, person: Person, options: dict[str, Any], reason: str) -> None:
    found = derived(out, person=person, **options)
    assert found.rules == ()
    assert [(left.plan_id, reason in left.reason) for left in found.left_out] == [(1, True)], found.left_out


@pytest.mark.parametrize("status", [None, "REQUESTED", "APPROVED"])
def test_what_was_not_rejected_makes_a_rule(status: str | None) -> None:
    assert spans(derived(plan(status=status))) == [f"02 {WHOLE}"]


def test_logged_work_counts_where_no_plan_is() -> None:
    logged = plan(2, "13:00", 2, days=2, from_worklog=True)
    found = derived(plan(1, "09:00", 2), logged, from_worklogs=True)
    assert spans(found) == ["02 09:00-11:00", "03 13:00-15:00"]
    assert found.left_out == ()
    same_day = derived(plan(1, "09:00", 2), plan(2, "13:00", 2, from_worklog=True), from_worklogs=True)
    assert spans(same_day) == ["02 09:00-11:00"]
    assert "counts once" in same_day.left_out[0].reason


def test_logged_work_that_a_plan_covers_is_told_also_where_it_goes_on_after_the_window() -> None:
    after = derived(plan(1), plan(2, from_worklog=True, days=[MONDAY, MONDAY + 28 * ONE]), from_worklogs=True)
    assert spans(after) == [f"02 {WHOLE}"]
    assert [(left.plan_id, left.days) for left in after.left_out] == [(2, 1)]


def test_a_rule_has_what_the_template_says() -> None:
    (vacation,) = derived(plan()).rules
    assert vacation == Rule(
        account_id="bob",
        issue_id=VACATION,
        begin=datetime(2026, 3, 2),
        end=datetime(2026, 3, 2, 23, 59),
        zone="Europe/Berlin",
        template="II-1: Vacation",
        coverers=("erica",),
        approver="fred",
        message="Away until 2026-03-03, ask Erica.",
        mention_days=4,
        returns=date(2026, 3, 3),
        plan_ids=(1,),
    )
    (sick,) = derived(plan(item_id=SICK)).rules
    assert (sick.template, sick.coverers, sick.mention_days, sick.scope) == ("II-2: Sick Leave", ("john",), 0, "CLOUD")


def test_merged_plans_are_all_named() -> None:
    (rule,) = derived(plan(7, "09:00", 2), plan(3, "11:00", 1)).rules
    assert rule.plan_ids == (3, 7)


@pytest.mark.parametrize(
    ("days", "returns"),
    [
        ([MONDAY], MONDAY + ONE),
        ([MONDAY, MONDAY + ONE], MONDAY + 2 * ONE),
        ([MONDAY + 4 * ONE], MONDAY + 7 * ONE),
        ([MONDAY + 4 * ONE, MONDAY + 7 * ONE], MONDAY + 8 * ONE),
    ],
)
def test_the_return_date_is_the_first_working_day_after(days: list[date], returns: date) -> None:
    assert derived(plan(days=days)).rules[0].returns == returns


def test_a_holiday_is_no_day_of_return_and_another_absence_neither() -> None:
    required = {**working(), MONDAY + ONE: 0}
    assert derived(plan(), required=required).rules[0].returns == MONDAY + 2 * ONE
    other = plan(2, days=[MONDAY + 2 * ONE], item_id=SICK)
    assert derived(plan(), other, required=required).rules[0].returns == MONDAY + 3 * ONE


def test_who_is_away_for_hours_returns_on_the_day() -> None:
    assert derived(plan(hours=2)).rules[0].returns == MONDAY


def test_whoever_is_away_at_the_end_of_the_window_returns_after_it() -> None:
    window = Window(MONDAY, MONDAY + 2 * ONE)
    later = plan(2, days=[MONDAY + 7 * ONE])
    found = derived(plan(days=5), later, window=window)
    assert spans(found) == [f"0{day} {WHOLE}" for day in (2, 3, 4)]
    assert {rule.returns for rule in found.rules} == {MONDAY + 8 * ONE}
    assert found.left_out == ()
    rejected = derived(plan(days=5), replace(later, status="REJECTED"), window=window)
    assert {rule.returns for rule in rejected.rules} == {MONDAY + 7 * ONE}
    assert rejected.left_out == ()


def test_what_comes_of_logged_work_says_so() -> None:
    logged = plan(2, "11:00", 2, days=2, from_worklog=True)
    (planned, of_logged) = derived(plan(1, "09:00", 2), logged, from_worklogs=True).rules
    assert (planned.flags, of_logged.flags) == ((), (FROM_WORKLOG,))
    # Beside a plan of the day before that lasts past midnight it is both.
    night, after = plan(1, "22:00", 4), plan(2, "02:00", 1, days=[MONDAY + ONE], from_worklog=True)
    assert [rule.flags for rule in derived(night, after, from_worklogs=True).rules] == [(), ()]
    whole = plan(2, days=[MONDAY + ONE], from_worklog=True)
    assert [rule.flags for rule in derived(plan(), whole, from_worklogs=True).rules] == [(), (FROM_WORKLOG,)]
    (joined,) = derived(plan(), whole, from_worklogs=True, long_leave="one").rules
    assert joined.flags == ()


def test_a_return_beyond_the_known_days_is_not_told() -> None:
    (rule,) = derived(plan(), required={MONDAY: 8 * HOUR}).rules
    assert rule.returns is None
    assert rule.message == "Away until , ask Erica."


def test_long_leave_as_one_rule() -> None:
    days = [MONDAY + n * ONE for n in (0, 1, 2, 3, 4, 7, 8)]
    found = derived(plan(days=days), long_leave="one")
    assert [(rule.begin, rule.end) for rule in found.rules] == [(datetime(2026, 3, 2), datetime(2026, 3, 10, 23, 59))]
    parted = derived(plan(days=[MONDAY, MONDAY + 2 * ONE]), long_leave="one")
    assert spans(parted) == [f"02 {WHOLE}", f"04 {WHOLE}"]
    hours = derived(plan(hours=2, days=2), long_leave="one")
    assert spans(hours) == ["02 09:00-11:00", "03 09:00-11:00"]
    two_issues = derived(plan(1), plan(2, days=[MONDAY + ONE], item_id=SICK), long_leave="one")
    assert len(two_issues.rules) == 2


def test_without_start_times_part_of_a_day_is_flagged_and_sums_count() -> None:
    (half,) = derived(plan(begin=None, hours=4), start_times=False).rules
    assert half.flags == (NO_START_TIME,)
    (whole,) = derived(plan(1, None, 4), plan(2, None, 4), start_times=False).rules
    assert (whole.begin.time(), whole.end.time(), whole.flags) == (time(), time(23, 59), ())


def test_the_zone_is_the_persons_or_a_flagged_default() -> None:
    (own,) = derived(plan(), person=BOB._replace(zone="Pacific/Auckland"), zone="Europe/Berlin").rules
    assert (own.zone, own.flags) == ("Pacific/Auckland", ())
    (default,) = derived(plan(), person=BOB._replace(zone=None), zone="Europe/Berlin").rules
    assert (default.zone, default.flags) == ("Europe/Berlin", (NO_ZONE,))


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_days_on_which_clocks_change_are_whole_days(day: date) -> None:
    required = {day + n * ONE: 8 * HOUR for n in range(3)}
    (rule,) = derived(plan(days=[day]), required=required, window=Window(day, day)).rules
    assert (rule.begin, rule.end) == (datetime.combine(day, time()), datetime.combine(day, time(23, 59)))


def test_days_outside_the_window_make_no_rule() -> None:
    window = Window(MONDAY + ONE, MONDAY + 2 * ONE)
    assert spans(derived(plan(days=5), window=window)) == [f"03 {WHOLE}", f"04 {WHOLE}"]
    assert spans(derived(plan(begin="22:00", hours=4, days=5), window=window)) == [
        "03 22:00-23:59",
        "04 00:00-02:00",
        "04 22:00-23:59",
    ]


@pytest.mark.parametrize(
    ("plans", "words"),
    [
        ([plan(hours=4)], ["2026-03-02 13:00"]),
        ([plan(1, "08:00", 1), plan(2, "15:00", 1.5)], ["2026-03-02 09:00", "2026-03-02 16:30"]),
        ([plan(hours=8)], ["2026-03-03"]),
        ([plan(1, "20:00", 4)], ["2026-03-02"]),
        ([plan(1, "09:00", 2), plan(2, item_id=SICK)], ["2026-03-03"]),
    ],
    ids=["part of a day", "two parts", "a whole day", "until midnight", "the whole day for something else"],
)
def test_whoever_is_away_for_hours_tells_the_time_of_the_return(plans: list[Plan], words: list[str]) -> None:
    told = [rule.message for rule in derived(*plans).rules if rule.issue_id == VACATION]
    assert told == [f"Away until {when}, ask Erica." for when in words]
