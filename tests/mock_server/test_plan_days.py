"""Which days a plan takes and how long: cases by hand, and rules that hold for every plan."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.domain.calendars import Calendar, Holiday
from mock_server.domain.plan_days import Pattern, PlannedDay, Rule, Span, periods, total, within

STEADY = settings(derandomize=True, deadline=None, database=None, max_examples=150)
HOUR = 3600
EIGHT = 8 * HOUR
OFFICE = Calendar((EIGHT,) * 5 + (0, 0))
FOUR_DAYS = Calendar((EIGHT,) * 4 + (0, 0, 0))
CHRISTMAS = Holiday(1, EIGHT)
CHRISTMAS_EVE = Holiday(2, 4 * HOUR)
BERLIN = Calendar(
    (EIGHT,) * 5 + (0, 0), {(12, 25): (CHRISTMAS,), (12, 24): (CHRISTMAS_EVE,), (2, 29): (Holiday(3, EIGHT),)},
    {date(2025, 4, 21): (Holiday(4, EIGHT),)},
)  # fmt: skip


def day(text: str) -> date:
    """``2025-04-18``."""
    return date.fromisoformat(text)


def span(start: str, end: str) -> Span:
    """Both days counted."""
    return Span(day(start), day(end))


def shown(pattern: Pattern, working: Calendar, window: Span | None = None) -> dict[str, float]:
    """Day as text -> hours."""
    return {day.isoformat(): seconds / HOUR for day, seconds in pattern.planned(working, window)}


@pytest.mark.parametrize(
    ("asked", "working", "expected"),
    [
        pytest.param("2025-12-24", BERLIN, (4 * HOUR, "HOLIDAY"), id="half-a-day-off-leaves-half"),
        pytest.param("2025-12-25", BERLIN, (0, "HOLIDAY"), id="a-whole-day-off-leaves-nothing"),
        pytest.param("2027-12-25", BERLIN, (0, "HOLIDAY_AND_NON_WORKING_DAY"), id="a-holiday-on-a-saturday"),
        pytest.param("2025-04-21", BERLIN, (0, "HOLIDAY"), id="a-floating-holiday"),
        pytest.param("2026-04-21", BERLIN, (EIGHT, "WORKING_DAY"), id="which-belongs-to-its-year"),
        pytest.param("2024-02-29", BERLIN, (0, "HOLIDAY"), id="a-leap-day"),
        pytest.param("2025-02-28", BERLIN, (EIGHT, "WORKING_DAY"), id="no-leap-day"),
        pytest.param("2025-04-18", FOUR_DAYS, (0, "NON_WORKING_DAY"), id="friday-of-a-four-day-week"),
        pytest.param(
            "2025-12-24",
            Calendar((HOUR,) * 7, {(12, 24): (CHRISTMAS_EVE,)}),
            (0, "HOLIDAY"),
            id="a-holiday-longer-than-the-day-takes-no-more-than-the-day",
        ),
    ],
)
def test_calendar_tells_required_seconds_and_kind_of_a_day(asked: str, working: Calendar, expected: tuple[int, str]) -> None:
    assert (working.required(day(asked)), working.kind(day(asked))) == expected


WEEKEND = span("2025-04-18", "2025-04-22")
"""Friday to Tuesday over Easter; Monday is a holiday in BERLIN."""

CASES = [
    pytest.param(
        Pattern(WEEKEND, per_day=EIGHT), OFFICE, None,
        {"2025-04-18": 8, "2025-04-21": 8, "2025-04-22": 8}, id="weekend-is-left-out",
    ),
    pytest.param(Pattern(WEEKEND, per_day=EIGHT), BERLIN, None, {"2025-04-18": 8, "2025-04-22": 8}, id="so-is-a-holiday"),
    pytest.param(Pattern(WEEKEND, per_day=EIGHT), FOUR_DAYS, None, {"2025-04-21": 8, "2025-04-22": 8}, id="four-day-week"),
    pytest.param(
        Pattern(WEEKEND, per_day=EIGHT, on_non_working_days=True), BERLIN, None,
        {"2025-04-18": 8, "2025-04-19": 8, "2025-04-20": 8, "2025-04-21": 8, "2025-04-22": 8}, id="with-non-working-days",
    ),
    pytest.param(Pattern(span("2025-12-24", "2025-12-26"), per_day=4 * HOUR), BERLIN, None,
                 {"2025-12-24": 4, "2025-12-26": 4}, id="a-half-holiday-counts"),
    pytest.param(Pattern(span("2025-04-19", "2025-04-20"), per_day=EIGHT), OFFICE, None, {}, id="nothing-but-a-weekend"),
    pytest.param(Pattern(span("2025-04-14", "2025-04-16"), total=9 * HOUR), OFFICE, None,
                 {"2025-04-14": 3, "2025-04-15": 3, "2025-04-16": 3}, id="nine-hours-over-three-days"),
    pytest.param(Pattern(WEEKEND, total=9 * HOUR), BERLIN, None, {"2025-04-18": 4.5, "2025-04-22": 4.5}, id="working-days"),
    pytest.param(Pattern(WEEKEND, total=9 * HOUR), BERLIN, span("2025-04-20", "2025-04-30"), {"2025-04-22": 4.5},
                 id="a-window-does-not-change-the-shares"),
    pytest.param(
        Pattern(span("2025-03-25", "2025-03-25"), per_day=HOUR, rule=Rule.WEEKLY, until=day("2025-04-08")), OFFICE, None,
        {"2025-03-25": 1, "2025-04-01": 1, "2025-04-08": 1}, id="weekly-over-the-change-to-summer-time",
    ),
    pytest.param(
        Pattern(span("2025-03-25", "2025-03-25"), per_day=HOUR, rule=Rule.BI_WEEKLY, until=day("2025-04-21")), OFFICE, None,
        {"2025-03-25": 1, "2025-04-08": 1}, id="every-other-week-until-the-day-before-the-next",
    ),
    pytest.param(
        Pattern(span("2025-01-31", "2025-01-31"), per_day=HOUR, rule=Rule.MONTHLY, until=day("2025-05-31"),
                on_non_working_days=True), OFFICE, None,
        {"2025-01-31": 1, "2025-02-28": 1, "2025-03-31": 1, "2025-04-30": 1, "2025-05-31": 1}, id="monthly-on-the-31st",
    ),
    pytest.param(
        Pattern(span("2023-12-29", "2023-12-29"), per_day=HOUR, rule=Rule.MONTHLY, until=day("2024-03-29"),
                on_non_working_days=True), OFFICE, None,
        {"2023-12-29": 1, "2024-01-29": 1, "2024-02-29": 1, "2024-03-29": 1}, id="monthly-into-a-leap-day",
    ),
    pytest.param(
        Pattern(span("2024-02-29", "2024-03-01"), per_day=HOUR, rule=Rule.MONTHLY, until=day("2024-03-31"),
                on_non_working_days=True), OFFICE, None,
        {"2024-02-29": 1, "2024-03-01": 1, "2024-03-29": 1, "2024-03-30": 1}, id="two-days-from-a-leap-day-on",
    ),
    pytest.param(
        Pattern(span("2025-04-14", "2025-04-22"), per_day=HOUR, rule=Rule.WEEKLY, until=day("2025-04-21")), OFFICE,
        span("2025-04-21", "2025-04-22"), {"2025-04-21": 2, "2025-04-22": 2}, id="occurrences-that-overlap-add-up",
    ),
    pytest.param(
        Pattern(span("2025-04-14", "2025-04-16"), per_day=HOUR, removed=frozenset([day("2025-04-15")])), OFFICE, None,
        {"2025-04-14": 1, "2025-04-16": 1}, id="a-day-taken-out",
    ),
    pytest.param(
        Pattern(span("2025-04-14", "2025-04-16"), total=9 * HOUR, removed=frozenset([day("2025-04-15")])), OFFICE, None,
        {"2025-04-14": 3, "2025-04-16": 3}, id="the-other-days-keep-their-share",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "working", "window", "expected"), CASES)
def test_planned_days(pattern: Pattern, working: Calendar, window: Span | None, expected: dict[str, float]) -> None:
    assert shown(pattern, working, window) == expected


def test_seconds_that_cannot_be_shared_evenly_go_to_the_first_days() -> None:
    found = Pattern(span("2025-04-14", "2025-04-16"), total=11).planned(OFFICE)
    assert [seconds for _, seconds in found] == [4, 4, 3]


def test_a_plan_with_less_seconds_than_days_leaves_the_last_days_out() -> None:
    assert len(Pattern(span("2025-04-14", "2025-04-16"), total=2).planned(OFFICE)) == 2


@pytest.mark.parametrize("rule", list(Rule))
def test_a_plan_at_the_end_of_the_calendar_ends_with_it(rule: Rule) -> None:
    pattern = Pattern(span("9999-12-20", "9999-12-31"), per_day=1, rule=rule, until=date.max, on_non_working_days=True)
    assert list(pattern.occurrences())[-1].end == date.max
    assert pattern.planned(OFFICE)[-1][0] == date.max


def test_periods_are_days_in_a_row() -> None:
    found = periods(Pattern(WEEKEND, per_day=HOUR).planned(OFFICE))
    assert [(str(period.span.start), str(period.span.end), period.seconds) for period in found] == [
        ("2025-04-18", "2025-04-18", HOUR),
        ("2025-04-21", "2025-04-22", 2 * HOUR),
    ]


def near(base: date, days: int) -> st.SearchStrategy[date]:
    """A day at most so many days later."""
    return st.integers(0, days).map(lambda number: base + timedelta(days=number))


BASE = date(2023, 12, 1)


@st.composite
def patterns(draw: st.DrawFn) -> Pattern:
    """Plans around the turn of 2023 into a leap year."""
    start = draw(near(BASE, 60))
    is_total = draw(st.booleans())
    removed = draw(st.frozensets(near(BASE, 200), max_size=6))
    rule = draw(st.sampled_from(list(Rule)))
    return Pattern(
        Span(start, draw(near(start, 12))),
        per_day=None if is_total else draw(st.integers(1, 40_000)),
        total=draw(st.integers(1, 200_000)) if is_total else None,
        rule=rule,
        until=None if rule is Rule.NEVER else draw(near(start, 120)),
        on_non_working_days=draw(st.booleans()),
        removed=removed,
    )


calendars = st.builds(
    lambda week, yearly, dated: Calendar(
        tuple(week), {key: (Holiday(1, seconds),) for key, seconds in yearly.items()},
        {key: (Holiday(2, seconds),) for key, seconds in dated.items()},
    ),
    st.lists(st.sampled_from([0, HOUR, EIGHT]), min_size=7, max_size=7),
    st.dictionaries(st.tuples(st.sampled_from([12, 1, 2]), st.integers(1, 29)), st.sampled_from([HOUR, EIGHT]), max_size=8),
    st.dictionaries(near(BASE, 200), st.sampled_from([HOUR, EIGHT]), max_size=8),
)  # fmt: skip
windows = near(BASE, 260).flatmap(lambda start: st.builds(Span, st.just(start), near(start, 90)))


def oracle(pattern: Pattern, working: Calendar) -> dict[date, int]:
    """Every day of every occurrence looked at, the long way round."""
    found: dict[date, int] = {}
    for occurrence in starts(pattern):
        days = [occurrence + timedelta(days=number) for number in range((pattern.span.end - pattern.span.start).days + 1)]
        counted = [one for one in days if pattern.on_non_working_days or working.required(one)]
        for position, one in enumerate(counted):
            seconds = pattern.per_day
            if pattern.total is not None:
                seconds = pattern.total // len(counted) + (1 if position < pattern.total % len(counted) else 0)
            if seconds and one not in pattern.removed:
                found[one] = found.get(one, 0) + seconds
    return found


def starts(pattern: Pattern) -> Iterator[date]:
    """The first days of the occurrences, by stepping from day to day."""
    first, one = pattern.span.start, pattern.span.start
    yield first
    while pattern.until is not None and one < pattern.until:
        one += timedelta(days=1)
        apart = (one - first).days
        ends_month = (one + timedelta(days=1)).month != one.month
        if (
            (pattern.rule is Rule.WEEKLY and apart % 7 == 0)
            or (pattern.rule is Rule.BI_WEEKLY and apart % 14 == 0)
            or (pattern.rule is Rule.MONTHLY and (one.day == first.day or (ends_month and one.day < first.day)))
        ):
            yield one


@STEADY
@given(patterns(), calendars)
def test_planned_days_are_those_of_every_occurrence(pattern: Pattern, working: Calendar) -> None:
    found = pattern.planned(working)
    assert dict(found) == oracle(pattern, working)
    assert found == sorted(found)


@STEADY
@given(patterns(), calendars, windows, st.lists(st.integers(0, 89), max_size=4))
def test_windows_split_anywhere_show_the_same_days(pattern: Pattern, working: Calendar, window: Span, cuts: list[int]) -> None:
    whole = pattern.planned(working, window)
    assert whole == [(day, seconds) for day, seconds in pattern.planned(working) if window.start <= day <= window.end]
    assert whole == within(pattern.planned(working), window)
    parts: list[PlannedDay] = []
    start = window.start
    for cut in sorted({window.start + timedelta(days=number) for number in cuts} | {window.end}):
        if start <= cut <= window.end:
            parts += pattern.planned(working, Span(start, cut))
            start = cut + timedelta(days=1)
    assert parts == whole
    assert total(parts) == total(whole) == sum(period.seconds for period in periods(whole))


@STEADY
@given(patterns(), windows)
def test_stretches_are_the_days_of_the_occurrences_that_were_left_in(pattern: Pattern, window: Span) -> None:
    days = {one for occurrence in pattern.occurrences() for one in occurrence.days()} - pattern.removed
    stretches = list(pattern.stretches())
    assert {one for stretch in stretches for one in stretch.days()} == days
    assert any(stretch.overlaps(window) for stretch in stretches) == any(window.start <= one <= window.end for one in days)


@STEADY
@given(patterns(), calendars)
def test_periods_hold_every_day_once_and_none_beside(pattern: Pattern, working: Calendar) -> None:
    planned = pattern.planned(working)
    found = periods(planned)
    assert [one for period in found for one in period.span.days()] == [day for day, _ in planned]
    assert all(second.span.start - first.span.end > timedelta(days=1) for first, second in pairwise(found))
