"""How long somebody is to work on a day: a workload scheme less a holiday scheme. Pure."""

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple


class Holiday(NamedTuple):
    """A holiday as it falls on a day. ``seconds`` is how much of the day it takes; ``id`` names the entry of the scheme."""

    id: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of one person.

    ``week`` holds the required seconds from Monday to Sunday, ``yearly`` the holidays of every year by month and day,
    ``dated`` those of a single day. A holiday on 29 February falls in leap years only.
    """

    week: tuple[int, ...]
    yearly: Mapping[tuple[int, int], tuple[Holiday, ...]] = field(default_factory=dict)
    dated: Mapping[date, tuple[Holiday, ...]] = field(default_factory=dict)
    _months: dict[int, list[date]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def holidays(self, day: date) -> tuple[Holiday, ...]:
        """The holidays on a day, the ones of every year first."""
        return self.yearly.get((day.month, day.day), ()) + self.dated.get(day, ())

    def required(self, day: date) -> int:
        """Seconds to work on a day: those of the weekday less what holidays take, never below none."""
        seconds = self.week[day.weekday()]
        if not seconds:
            return 0
        return max(0, seconds - sum(holiday.seconds for holiday in self.holidays(day)))

    def working_days(self, first: date, last: date) -> list[date]:
        """The days with something to do from one day to another, both counted. Each month is worked out once."""
        found: list[date] = []
        for month in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
            days = self._months.get(month)
            if days is None:
                days = self._months[month] = self._of_month(*divmod(month, 12))
            found += days
        return found[bisect_left(found, first) : bisect_right(found, last)]

    def _of_month(self, year: int, month: int) -> list[date]:
        """The days with something to do in a month counted from 0."""
        begin, length = date(year, month + 1, 1).weekday(), monthrange(year, month + 1)[1]
        week, plain = self.week, not (self.yearly or self.dated)
        days = [date(year, month + 1, day + 1) for day in range(length) if week[(begin + day) % 7]]
        return days if plain else [day for day in days if self.required(day)]

    def kind(self, day: date) -> str:
        """WORKING_DAY, NON_WORKING_DAY, HOLIDAY or HOLIDAY_AND_NON_WORKING_DAY (vendor's OpenAPI of v4)."""
        works = self.week[day.weekday()] > 0
        if self.holidays(day):
            return "HOLIDAY" if works else "HOLIDAY_AND_NON_WORKING_DAY"
        return "WORKING_DAY" if works else "NON_WORKING_DAY"
