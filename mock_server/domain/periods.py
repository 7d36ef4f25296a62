"""Periods of timesheet approval, and which of them are closed (vendor's OpenAPI of v4; help pages)."""

from collections.abc import Iterator
from datetime import date, timedelta

from mock_server.domain.plan_days import Span
from mock_server.errors import Invalid
from mock_server.settings import Settings

CLOSED_AFTER = "periods.closedAfterDays"
_DAY = timedelta(days=1)


def period_of(day: date, settings: Settings) -> Span:
    """The period that a day is in: a week from ``approvalWeekStart`` on, or a month. It ends with the calendar."""
    if settings["globalConfiguration.approvalPeriod"] == "MONTH":
        start = day.replace(day=1)
        following = start.replace(day=28).toordinal() + 4
        end = date.max if following > date.max.toordinal() else date.fromordinal(following).replace(day=1) - _DAY
        return Span(start, end)
    first = settings.number("globalConfiguration.approvalWeekStart") or 1
    begins = day.toordinal() - (day.isoweekday() - first) % 7
    return Span(date.fromordinal(max(begins, date.min.toordinal())), date.fromordinal(min(begins + 6, date.max.toordinal())))


def between(window: Span, settings: Settings) -> Iterator[Span]:
    """Every period with a day in the window, the first one first."""
    period = period_of(window.start, settings)
    while True:
        yield period
        if period.end >= window.end:
            return
        period = period_of(period.end + _DAY, settings)


def is_closed(day: date, today: date, settings: Settings) -> bool:
    """Whether the period that a day is in was closed, so many days after its end as the setting tells."""
    after = settings.number(CLOSED_AFTER)
    if after is None:
        return False
    return (today - period_of(day, settings).end).days > after


def check_open(day: date, today: date, settings: Settings) -> None:
    """Raises ``Invalid`` for a day in a closed period."""
    if is_closed(day, today, settings):
        raise Invalid(f"The period of {day.isoformat()} is closed")
