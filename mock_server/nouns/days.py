"""Days of a scenario that follow the world's clock."""

from datetime import date

WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")

# A clock is never on the first or the last day there is, so days counted from it are not either.
FIRST_DAY, LAST_DAY = date(1, 1, 2), date(9999, 12, 30)
MOST_DAYS = 36500


def day_after(today: date, days: int, weekday: str | None = None) -> date:
    """The day so many days after today (negative: before it); with a weekday, the first such one from there on.

    Days before the calendar begins and after it ends are moved into it.
    """
    number = today.toordinal() + days
    if weekday is not None:
        # The calendar's day 1 is a Monday.
        number += (WEEKDAYS.index(weekday) - (number - 1)) % 7
    return date.fromordinal(min(max(number, FIRST_DAY.toordinal()), LAST_DAY.toordinal()))
