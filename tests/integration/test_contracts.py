"""Contracts of weekly hours from Sunday on: what is accepted, what is refused, and what they ask for."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.contracts import WrongContract, check, contract, people, required, required_by_person, required_over, week_of
from integration.worklogs import Contract, Period

HOUR = 3600
EIGHT = 8 * HOUR
ONE = timedelta(days=1)
FULL = (0, EIGHT, EIGHT, EIGHT, EIGHT, EIGHT, 0)
SUNDAY = date(2026, 3, 1)
MARCH = Period(SUNDAY, date(2026, 3, 31))


def test_the_first_number_is_sunday() -> None:
    week = (1, 2, 3, 4, 5, 6, 7)
    found = required([Contract("a", SUNDAY, None, week)], Period(SUNDAY, SUNDAY + 7 * ONE))
    assert list(found.values()) == [1, 2, 3, 4, 5, 6, 7, 1]
    assert [day.isoweekday() for day in found] == [7, 1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("week", "seconds"),
    [
        ([0, 8, 8, 8, 8, 8, 0], FULL),
        ("[0, 8, 8, 8, 8, 8, 0]", FULL),
        (" [0,8,8,8,8,8,0] ", FULL),
        ((0, 8, 8, 8, 8, 8, 0), FULL),
        ([0] * 7, (0,) * 7),
        ([24] * 7, (24 * HOUR,) * 7),
        ([0.0, 7.6, 7.6, 7.6, 7.6, 7.6, 0.0], (0, *(27360,) * 5, 0)),
        ("[0, 7.6, 7.70, 7.75, 4.5, 0.01, 0]", (0, 27360, 27720, 27900, 16200, 36, 0)),
        ([0, 8, 0, 8, 0, 8, 0], (0, EIGHT, 0, EIGHT, 0, EIGHT, 0)),
        ([-0.0, 0, 0, 0, 0, 0, 0], (0,) * 7),
    ],
)
def test_hours_are_exact_seconds(week: Any, seconds: tuple[int, ...]) -> None:
    found = week_of(week)
    assert found == seconds
    assert all(type(entry) is int for entry in found)


@pytest.mark.parametrize(
    ("week", "said"),
    [
        ([8, 8, 8, 8, 8, 0], "6 entries, not seven"),
        ([0, 8, 8, 8, 8, 8, 0, 0], "8 entries, not seven"),
        ([8, 8, 8, 8, 8], "5 entries, not seven"),
        ([], "0 entries, not seven"),
        ("[]", "0 entries, not seven"),
        ("[8, 8, 8, 8, 8, 0]", "6 entries, not seven"),
        ("[0, 8, 8, 8, 8, 8, 0,]", "8 entries, not seven"),
        ([0, "eight", 8, 8, 8, 8, 0], "Monday has 'eight', which is no number"),
        ([0, "8h", 8, 8, 8, 8, 0], "Monday has '8h', which is no number"),
        ("[0, eight, 8, 8, 8, 8, 0]", "Monday has 'eight', which is no number"),
        ("[0, , 8, 8, 8, 8, 0]", "Monday has '', which is no number"),
        ([0, None, 8, 8, 8, 8, 0], "Monday has None, which is no number"),
        ([0, True, 8, 8, 8, 8, 0], "Monday has True, which is no number"),
        ([0, [8], 8, 8, 8, 8, 0], "which is no number"),
        ([0, float("nan"), 8, 8, 8, 8, 0], "Monday has nan, which is no number"),
        ([0, float("inf"), 8, 8, 8, 8, 0], "Monday has inf, which is no number"),
        ("[0, NaN, 8, 8, 8, 8, 0]", "which is no number"),
        ([0, 1e300, 8, 8, 8, 8, 0], "which is no number"),
        ([0, "٨", 8, 8, 8, 8, 0], "which is no number"),
        ([0, -8, 8, 8, 8, 8, 0], "Monday has -8 hours; a day has 0 to 24"),
        ([0, 8, 8, 8, 8, 8, 24.5], "Saturday has 24.5 hours; a day has 0 to 24"),
        ([0, 25, 8, 8, 8, 8, 0], "Monday has 25 hours; a day has 0 to 24"),
        ([28800] * 7, "28800 hours; a day has 0 to 24"),
        ([0, 7.3333, 8, 8, 8, 8, 0], "7.3333 hours, which is no whole number of seconds"),
        ([0, 1 / 3, 8, 8, 8, 8, 0], "no"),
        ("0, 8, 8, 8, 8, 8, 0", "is written as"),
        ("forty", "is written as"),
        (40, "is seven numbers"),
        (None, "is seven numbers"),
        ({"monday": 8}, "is seven numbers"),
    ],
    ids=str,
)
def test_a_week_that_is_none_is_refused_by_contract_and_person(week: Any, said: str) -> None:
    with pytest.raises(WrongContract) as raised:
        contract("anna", SUNDAY, None, week, name="[[contract]] 2")
    assert str(raised.value).startswith("[[contract]] 2 of anna: ")
    assert said in str(raised.value)
    assert str(raised.value).endswith(".")


@pytest.mark.parametrize(
    ("person", "first", "last", "said"),
    [
        ("", SUNDAY, None, "person is an accountId"),
        ("  ", SUNDAY, None, "person is an accountId"),
        (17, SUNDAY, None, "person is an accountId"),
        (None, SUNDAY, None, "person is an accountId"),
        ("anna", None, None, "of anna: first is a day"),
        ("anna", "", None, "of anna: first is a day"),
        ("anna", "soon", None, "of anna: first is a day"),
        ("anna", "2026-02-30", None, "of anna: first is a day"),
        ("anna", "20260301", None, "of anna: first is a day"),
        ("anna", "2026-W10-1", None, "of anna: first is a day"),
        ("anna", datetime(2026, 3, 1, 9), None, "of anna: first is a day"),
        ("anna", SUNDAY, 7, "of anna: last is a day"),
        ("anna", SUNDAY, SUNDAY - ONE, "of anna ends on 2026-02-28 before it begins on 2026-03-01"),
    ],
)
def test_a_contract_that_is_none_is_refused(person: Any, first: Any, last: Any, said: str) -> None:
    with pytest.raises(WrongContract) as raised:
        contract(person, first, last, [0, 8, 8, 8, 8, 8, 0])
    assert said in str(raised.value)


@pytest.mark.parametrize("last", [None, ""])
def test_an_open_end(last: Any) -> None:
    assert contract("anna", "2026-03-01", last, "[0, 8, 8, 8, 8, 8, 0]") == Contract("anna", SUNDAY, None, FULL)


def test_a_contract_of_one_day() -> None:
    one = contract("anna", date(2026, 3, 2), "2026-03-02", [0, 8, 8, 8, 8, 8, 0])
    assert required([one], MARCH) == {date(2026, 3, 2): EIGHT}


def spans(*texts: str) -> list[Contract]:
    found = []
    for number, text in enumerate(texts, 1):
        first, _, last = text.partition("..")
        found.append(contract("anna", first, last, [0, number, number, number, number, number, 0]))
    return found


@pytest.mark.parametrize(
    ("texts", "hours"),
    [
        # March 2026 begins on a Sunday and has 22 days from Monday to Friday.
        (["2025-01-01.."], 22),
        (["2026-03-01..2026-03-31"], 22),
        (["2026-03-04.."], 20),
        (["2020-01-01..2026-03-04"], 3),
        (["2026-03-04..2026-03-11"], 6),
        (["2026-01-01..2026-03-11", "2026-03-12.."], 8 + 2 * 14),
        (["2026-01-01..2026-03-11", "2026-03-16.."], 8 + 2 * 12),
        (["2026-03-02..2026-03-02", "2026-03-03..2026-03-03", "2026-03-04..2026-03-04"], 1 + 2 + 3),
        (["2026-03-07..2026-03-08"], 0),
        (["2026-04-01.."], 0),
        (["2025-01-01..2026-02-28"], 0),
        ([], 0),
    ],
)
def test_required_of_a_month(texts: list[str], hours: int) -> None:
    contracts = check(spans(*texts))
    assert sum(required(contracts, MARCH).values()) == required_over(contracts, MARCH) == hours * HOUR


def test_days_without_a_contract_are_not_days_off() -> None:
    found = required(spans("2026-03-01..2026-03-02", "2026-03-05..2026-03-05"), MARCH)
    assert found == {date(2026, 3, 1): 0, date(2026, 3, 2): HOUR, date(2026, 3, 5): 2 * HOUR}


@pytest.mark.parametrize(
    "texts",
    [
        ["2026-03-01..", "2026-04-01.."],
        ["2026-03-01..2026-03-31", "2026-03-31.."],
        ["2026-03-01..2026-12-31", "2026-05-01..2026-05-02"],
        ["2026-04-01..", "2026-03-01..2026-04-01"],
        ["2026-03-01..", "2026-03-01.."],
    ],
)
def test_contracts_of_one_person_may_not_overlap(texts: list[str]) -> None:
    with pytest.raises(WrongContract, match="the contracts of anna overlap: that from 2026-0"):
        check(spans(*texts))


def test_contracts_of_two_people_may() -> None:
    one = Contract("anna", SUNDAY, None, FULL)
    other = Contract("bert", SUNDAY, None, (0,) * 7)
    assert check([other, one]) == (one, other)
    found = required_by_person([one, other], Period(SUNDAY, SUNDAY + ONE))
    assert found == {"anna": {SUNDAY: 0, SUNDAY + ONE: EIGHT}, "bert": {SUNDAY: 0, SUNDAY + ONE: 0}}


def test_who_has_a_contract_at_another_time_is_told_with_nothing() -> None:
    assert required_by_person(spans("2027-01-01.."), MARCH) == {"anna": {}}


def test_nobody_is_expected_before_the_first_contract() -> None:
    contracts = [Contract("bert", SUNDAY, SUNDAY, FULL), Contract("anna", SUNDAY + ONE, None, FULL)]
    assert people(contracts, SUNDAY) == ("bert",)
    assert people(contracts, SUNDAY + ONE) == ("anna", "bert")


HOURS = st.integers(0, 24 * 3600).map(lambda seconds: seconds / 3600 if seconds % 36 == 0 else seconds // 3600)
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@st.composite
def a_history(draw: Any) -> list[Contract]:
    """Contracts of one person in a row, with gaps and without, the last one perhaps open."""
    days = sorted(draw(st.sets(DAYS, min_size=2, max_size=9)))
    weeks = st.tuples(*[st.integers(0, 24 * 3600)] * 7)
    found = [Contract("a", one, other - ONE, draw(weeks)) for one, other in pairwise(days) if draw(st.booleans())]
    return [*found, Contract("a", days[-1], None, draw(weeks))]


@given(a_history(), DAYS, DAYS)
def test_required_over_is_the_sum_of_the_days(contracts: list[Contract], one: date, other: date) -> None:
    period = Period(min(one, other), max(one, other))
    found = required(check(contracts), period)
    assert required_over(contracts, period) == sum(found.values())
    assert all(period.first <= day <= period.last for day in found)
    for day, seconds in found.items():
        (only,) = [c for c in contracts if c.first <= day and (c.last is None or day <= c.last)]
        assert seconds == only.week[int(day.strftime("%w"))]


@given(a_history(), DAYS, DAYS, DAYS)
def test_periods_add_up(contracts: list[Contract], one: date, two: date, three: date) -> None:
    first, middle, last = sorted((one, two, three))
    whole = required_over(contracts, Period(first, last))
    assert whole == required_over(contracts, Period(first, middle)) + required_over(contracts, Period(middle + ONE, last))


@given(st.lists(HOURS, min_size=7, max_size=7))
def test_a_text_is_read_as_a_list(hours: list[float]) -> None:
    def read(week: Any) -> tuple[int, ...] | str:
        try:
            return week_of(week)
        except WrongContract as error:
            return str(error).partition(" which ")[2]

    assert read(json.dumps(hours)) == read(hours)


@given(
    st.one_of(
        st.text(), st.none(), st.integers(), st.floats(), st.lists(st.one_of(st.text(), st.floats(), st.none()), min_size=7)
    )
)
def test_anything_is_read_or_refused(week: Any) -> None:
    try:
        found = week_of(week)
    except WrongContract:
        return
    assert len(found) == 7
    assert all(0 <= seconds <= 24 * 3600 for seconds in found)
