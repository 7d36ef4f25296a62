"""What somebody's workload scheme and holiday scheme ask for, day by day. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from integration.records import Required, Window


class Holiday(NamedTuple):
    """A day of a holiday scheme. yearly: on this day and month of every year. seconds: what it takes off the day."""

    day: date
    yearly: bool
    seconds: int


def required(week: Sequence[int], holidays: Sequence[Holiday], window: Window) -> Required:
    """Required seconds by day. week: seven numbers of seconds, Monday first. No day asks for less than nothing."""
    off = _days_off(holidays, window)
    days = (window.first + timedelta(days=number) for number in range((window.last - window.first).days + 1))
    return {day: max(0, week[day.weekday()] - off.get(day, 0)) for day in days}


def _days_off(holidays: Sequence[Holiday], window: Window) -> Mapping[date, int]:
    off: dict[date, int] = {}
    for holiday in holidays:
        years = range(window.first.year, window.last.year + 1) if holiday.yearly else (holiday.day.year,)
        for year in years:
            day = _in_year(holiday.day, year)
            if day is not None:
                off[day] = off.get(day, 0) + holiday.seconds
    return off


def _in_year(day: date, year: int) -> date | None:
    try:
        return day.replace(year=year)
    except ValueError:
        # The 29th of February of a year that has none.
        return None
