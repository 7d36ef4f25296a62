"""What a rule is at a moment, which counts first, and who covers whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.records import Rule
from integration.status import Status, begins, by_precedence, coverer, effective, ends, status

DAY = date(2026, 3, 2)


def rule(begin: str = "00:00", end: str = "23:59", zone: str = "UTC", *, day: date = DAY, **more: Any) -> Rule:
    values: dict[str, Any] = {"account_id": "bob", "issue_id": "1", "template": "T", **more}
    start, stop = (datetime.combine(day, time.fromisoformat(text)) for text in (begin, end))
    return Rule(begin=start, end=stop, zone=zone, **values)


def at_utc(*values: int) -> datetime:
    return datetime(*values, tzinfo=UTC)  # type: ignore[arg-type,misc]


def at(hour: int, minute: int = 0, day: int = 2) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("found", "now", "wanted"),
    [
        (rule(), at(0), Status.ACTIVE),
        (rule(), at(23, 59), Status.ACTIVE),
        (rule(), at(0, day=3), Status.EXPIRED),
        (rule(), at(23, 59, day=1), Status.SCHEDULED),
        (rule("09:00", "13:00"), at(8, 59), Status.SCHEDULED),
        (rule("09:00", "13:00"), at(9), Status.ACTIVE),
        (rule("09:00", "13:00"), at(13), Status.EXPIRED),
        (rule(zone="Pacific/Auckland"), at(11, 0, 2), Status.EXPIRED),
        (rule(zone="Pacific/Auckland"), at(11, 0, 1), Status.ACTIVE),
        (rule(zone="America/Los_Angeles"), at(7, 59, 2), Status.SCHEDULED),
        (rule(zone="America/Los_Angeles"), at(7, 59, 3), Status.ACTIVE),
    ],
)
def test_status_by_the_clock_of_the_person(found: Rule, now: datetime, wanted: Status) -> None:
    assert status(found, now) is wanted


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 28), 24), (date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_a_whole_day_is_as_long_as_the_day_is(day: date, hours: int) -> None:
    found = rule(zone="Europe/Berlin", day=day)
    assert (ends(found) - begins(found)).total_seconds() == hours * 3600


@pytest.mark.parametrize(
    ("zone", "day", "begin", "end", "first", "last"),
    [
        # The clock jumps from 02:00 to 03:00, at 01:00 UTC.
        ("Europe/Berlin", date(2027, 3, 28), "02:30", "03:00", at_utc(2027, 3, 28, 1), at_utc(2027, 3, 28, 1)),
        ("Europe/Berlin", date(2027, 3, 28), "01:30", "02:15", at_utc(2027, 3, 28, 0, 30), at_utc(2027, 3, 28, 1)),
        ("Europe/Berlin", date(2027, 3, 28), "02:00", "04:00", at_utc(2027, 3, 28, 1), at_utc(2027, 3, 28, 2)),
        # From 24:00 to 01:00: the day begins with the jump.
        ("America/Santiago", date(2026, 9, 6), "00:00", "23:59", at_utc(2026, 9, 6, 4), at_utc(2026, 9, 7, 3)),
        # It shows the hour from 02:00 to 03:00 twice: all of it is meant.
        ("Europe/Berlin", date(2026, 10, 25), "01:00", "02:30", at_utc(2026, 10, 24, 23), at_utc(2026, 10, 25, 1, 30)),
        ("Europe/Berlin", date(2026, 10, 25), "02:30", "04:00", at_utc(2026, 10, 25, 0, 30), at_utc(2026, 10, 25, 3)),
        # And here that from 23:00 to 24:00, the end of a whole day.
        ("America/Santiago", date(2026, 4, 4), "00:00", "23:59", at_utc(2026, 4, 4, 3), at_utc(2026, 4, 5, 4)),
        # From 01:00 back to 00:00: a whole day ends when the next one begins.
        ("America/Havana", date(2026, 10, 31), "00:00", "23:59", at_utc(2026, 10, 31, 4), at_utc(2026, 11, 1, 4)),
    ],
)
def test_hours_that_the_clock_leaves_out_or_shows_twice(
    zone: str, day: date, begin: str, end: str, first: datetime, last: datetime
) -> None:
    found = rule(begin, end, zone, day=day)
    assert (begins(found), ends(found)) == (first, last)


JUMPS = [
    ("Europe/Berlin", date(2027, 3, 28)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("America/Santiago", date(2026, 9, 6)),
    ("America/Havana", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Pacific/Apia", date(2011, 12, 30)),
]


@given(st.sampled_from(JUMPS), st.tuples(st.integers(0, 1439), st.integers(0, 1439), st.integers(0, 1439)))
def test_no_rule_ends_before_it_begins_nor_overtakes_another(jump: tuple[str, date], minutes: tuple[int, int, int]) -> None:
    zone, day = jump
    one, two, three = (datetime.combine(day, time(minute // 60, minute % 60)) for minute in sorted(minutes))
    first, second = replace(rule(zone=zone), begin=one, end=two), replace(rule(zone=zone), begin=two, end=three)
    assert begins(first) <= ends(first) <= ends(second)
    assert begins(first) <= begins(second)


@given(
    st.sampled_from(["Etc/GMT+12", "Pacific/Kiritimati", "Europe/Berlin", "Pacific/Apia", "UTC"]),
    st.integers(-80, 80),
    st.integers(-24, 80),
)
def test_the_status_is_that_of_the_moments_however_far_away(zone: str, begins_in: int, hours: int) -> None:
    now = datetime(2011, 12, 30, 12, tzinfo=UTC)
    begin = now.replace(tzinfo=None) + timedelta(hours=begins_in)
    found = replace(rule(zone=zone), begin=begin, end=begin + timedelta(hours=hours))
    expected = Status.SCHEDULED if now < begins(found) else Status.ACTIVE
    assert status(found, now) is (Status.EXPIRED if ends(found) <= now else expected)


def test_two_people_away_on_one_date_are_so_at_different_moments() -> None:
    auckland, angeles = rule(zone="Pacific/Auckland"), rule(zone="America/Los_Angeles")
    assert begins(auckland) == datetime(2026, 3, 1, 11, tzinfo=UTC)
    assert begins(angeles) == datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar_have_a_status(day: date) -> None:
    for zone in ("Pacific/Auckland", "America/Los_Angeles"):
        assert status(rule(zone=zone, day=day), at(0)) in (Status.SCHEDULED, Status.EXPIRED)


NOW = at(10)
PRECEDENCE = [
    rule("09:00", "13:00", scope="priority = High"),
    rule("08:00", "13:00", scope="CLOUD"),
    rule("09:30", "13:00", scope="CLOUD"),
    rule("08:00", "12:00"),
    rule("08:00", "13:00", source="manual"),
    rule("08:00", "13:00"),
    rule("08:00", "13:00", source="google"),
    rule("11:00", "13:00", scope="priority = High"),
    rule("11:00", "13:00"),
    rule("07:00", "08:00"),
]


def test_order_of_rules_that_compete() -> None:
    assert by_precedence(reversed(PRECEDENCE), NOW) == PRECEDENCE


def test_no_rule_counts_after_the_first_for_all_projects() -> None:
    assert effective(PRECEDENCE, NOW) == PRECEDENCE[:4]
    assert effective([], NOW) == []


def away(**coverers: Sequence[str]) -> dict[str, list[Rule]]:
    return {name: [rule(account_id=name, coverers=tuple(names))] for name, names in coverers.items()}


@pytest.mark.parametrize(
    ("own", "others", "covered_by", "why"),
    [
        (("erica",), {}, "erica", None),
        (("erica", "john"), {}, "erica", None),
        (("erica",), {"erica": ("john",)}, "john", None),
        (("erica", "fred"), {"erica": ("john",), "john": ()}, "fred", None),
        (("erica",), {"erica": ()}, None, "everybody who could cover is away: erica"),
        (("erica",), {"erica": ("john",), "john": ("erica",)}, None, "everybody who could cover is away: erica, john"),
        (("erica",), {"erica": ("bob",)}, None, "everybody who could cover is away: erica"),
        (("bob",), {"bob": ("bob",)}, None, "everybody who could cover is away: the person covers for themselves"),
        ((), {}, None, "the rule names no coverer"),
    ],
)
def test_whoever_is_away_is_covered_in_turn(
    own: tuple[str, ...], others: dict[str, tuple[str, ...]], covered_by: str | None, why: str | None
) -> None:
    assert coverer(rule(coverers=own), away(**others)) == (covered_by, why)
