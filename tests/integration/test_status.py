"""What a rule is at a moment, which counts first, and who covers whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from integration.records import Rule
from integration.status import Status, begins, by_precedence, coverer, effective, ends, status

DAY = date(2026, 3, 2)


def rule(begin: str = "00:00", end: str = "23:59", zone: str = "UTC", *, day: date = DAY, **more: Any) -> Rule:
    values: dict[str, Any] = {"account_id": "bob", "issue_id": "1", "template": "T", **more}
    start, stop = (datetime.combine(day, time.fromisoformat(text)) for text in (begin, end))
    return Rule(begin=start, end=stop, zone=zone, **values)


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
