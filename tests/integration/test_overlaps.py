"""Overlapping worklogs: booked as they stand, at work once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.overlaps import Entry, merged_by_day

HOUR = 3600
DAY = date(2026, 3, 2)
ONE = timedelta(days=1)


@pytest.mark.parametrize(
    ("entries", "hours"),
    [
        ([("13:00:00", 2), ("14:00:00", 4)], [5]),
        ([("14:00:00", 4), ("13:00:00", 2)], [5]),
        ([("09:00:00", 4), ("13:00:00", 4)], [8]),
        ([("09:00:00", 8), ("10:00:00", 1)], [8]),
        ([("09:00:00", 8), ("09:00:00", 8)], [8]),
        ([("09:00:00", 8), ("10:00:00", 1), ("12:00:00", 1)], [8]),
        ([("09:00:00", 8), ("10:00:00", 1), ("16:00:00", 2)], [9]),
        ([("09:00:00", 1), ("11:00:00", 1)], [2]),
        ([("09:00", 2), ("10:00:00", 2)], [3]),
        ([("", 4), ("", 4), ("09:00:00", 4)], [12]),
        ([("", 4), ("09:00:00", 4), ("10:00:00", 4)], [9]),
        ([("noon", 4), ("12:00:00", 4)], [8]),
        ([("24:00:00", 4), ("00:00:00", 4)], [8]),
        ([("22:00:00", 4)], [4]),
        ([("22:00:00", 4), ("23:00:00", 2)], [4]),
        ([("00:00:00", 24), ("08:00:00", 20)], [28]),
        ([], [0]),
    ],
)
def test_a_day(entries: list[tuple[str, int]], hours: list[int]) -> None:
    found = merged_by_day(Entry(DAY, start, length * HOUR) for start, length in entries)
    assert sum(found.values()) == hours[0] * HOUR


def test_past_midnight_belongs_to_the_day_that_began_it() -> None:
    found = merged_by_day([Entry(DAY + ONE, "01:00:00", 2 * HOUR), Entry(DAY, "22:00:00", 4 * HOUR)])
    assert found == {DAY: 4 * HOUR, DAY + ONE: HOUR}


def test_equal_hours_of_two_days_do_not_overlap() -> None:
    assert merged_by_day([Entry(DAY, "09:00:00", HOUR), Entry(DAY + ONE, "09:00:00", HOUR)]) == {DAY: HOUR, DAY + ONE: HOUR}


ENTRIES = st.lists(
    st.builds(
        Entry,
        st.integers(0, 3).map(lambda number: DAY + number * ONE),
        st.one_of(st.just(""), st.times().map(lambda time: time.strftime("%H:%M:%S"))),
        st.integers(1, 30 * HOUR),
    ),
    max_size=8,
)


@given(ENTRIES, st.randoms())
def test_order_does_not_matter_and_nothing_is_invented(entries: list[Entry], random: Any) -> None:
    found = merged_by_day(entries)
    shuffled = list(entries)
    random.shuffle(shuffled)
    assert merged_by_day(shuffled) == found
    assert set(found) == {entry.day for entry in entries}
    assert sum(found.values()) <= sum(entry.seconds for entry in entries)
    assert merged_by_day([*entries, *(entry for entry in entries if entry.start)]) == found


@given(ENTRIES)
def test_seconds_at_work_are_counted_one_by_one(entries: list[Entry]) -> None:
    # In steps of a minute, so that the seconds can be written down.
    minutes = [
        entry._replace(start=entry.start[:6] and entry.start[:6] + "00", seconds=entry.seconds // 60 * 60) for entry in entries
    ]
    at_work = set()
    for entry in minutes:
        if entry.start:
            begin = entry.day.toordinal() * 1440 + int(entry.start[:2]) * 60 + int(entry.start[3:5])
            at_work |= set(range(begin, begin + entry.seconds // 60))
    untimed = sum(entry.seconds for entry in minutes if not entry.start)
    assert sum(merged_by_day(minutes).values()) == len(at_work) * 60 + untimed
