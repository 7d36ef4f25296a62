"""Required seconds of a day, from the week of the workload scheme less the holidays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from integration.hours import Holiday, required
from integration.records import Window

EIGHT, FOUR = 8 * 3600, 4 * 3600
WEEK = (EIGHT, EIGHT, EIGHT, EIGHT, EIGHT, 0, 0)


@pytest.mark.parametrize(
    ("day", "week", "holidays", "seconds"),
    [
        (date(2026, 12, 22), WEEK, (), EIGHT),
        (date(2026, 12, 26), WEEK, (), 0),
        (date(2026, 12, 24), WEEK, (Holiday(date(2020, 12, 24), True, FOUR),), FOUR),
        (date(2026, 12, 25), WEEK, (Holiday(date(2020, 12, 25), True, EIGHT),), 0),
        (date(2026, 12, 25), WEEK, (Holiday(date(2025, 12, 25), False, EIGHT),), EIGHT),
        (date(2026, 12, 25), WEEK, (Holiday(date(2026, 12, 25), False, 24 * 3600),), 0),
        (date(2026, 12, 26), WEEK, (Holiday(date(2026, 12, 26), True, EIGHT),), 0),
        (date(2026, 12, 24), (25920,) * 5 + (0, 0), (Holiday(date(2020, 12, 24), True, FOUR),), 25920 - FOUR),
        (date(2026, 12, 24), WEEK, (Holiday(date(2020, 12, 24), True, FOUR), Holiday(date(2026, 12, 24), False, 9)), FOUR - 9),
        (date(2028, 2, 29), WEEK, (Holiday(date(2024, 2, 29), True, EIGHT),), 0),
        (date(2027, 3, 1), WEEK, (Holiday(date(2024, 2, 29), True, EIGHT),), EIGHT),
    ],
)  # fmt: skip
def test_required_of_a_day(day: date, week: tuple[int, ...], holidays: tuple[Holiday, ...], seconds: int) -> None:
    around = Window(day - timedelta(days=400), day + timedelta(days=400))
    assert required(week, holidays, Window(day, day)) == {day: seconds}
    assert required(week, holidays, around)[day] == seconds


def test_every_day_of_the_window_is_told() -> None:
    window = Window(date(2027, 12, 30), date(2028, 1, 2))
    assert list(required(WEEK, (), window)) == [date(2027, 12, 30), date(2027, 12, 31), date(2028, 1, 1), date(2028, 1, 2)]
