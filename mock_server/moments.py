"""Moments as text: ISO 8601 in UTC."""

from datetime import UTC, date, datetime, timedelta

CALENDAR = "The clock goes from 0001-01-02 to 9999-12-30."


class OutOfCalendar(ValueError):  # noqa: N818 - as the facts of a request are named
    """A moment that is written well and that no clock here can show; the text says from when to when they go."""


def parse_moment(text: str) -> datetime:
    """An aware UTC datetime from ISO 8601: ``2013-11-15``, ``2013-11-15T09:00``, with ``Z`` or an offset; else UTC is meant.

    Raises ``ValueError`` for anything else, and ``OutOfCalendar`` for the first and the last day there is: a clock runs on,
    and a zone may move it by most of a day.
    """
    moment = parse_any_moment(text)
    if moment.date() in (date.min, date.max):
        raise OutOfCalendar(CALENDAR)
    return moment


def parse_any_moment(text: str) -> datetime:
    """As ``parse_moment``, for moments that no clock is set to: they may be on the first and on the last day there is.

    Raises ``ValueError``.
    """
    moment = datetime.fromisoformat(text)
    try:
        return (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment).astimezone(UTC)
    except OverflowError as error:
        raise OutOfCalendar(CALENDAR) from error


def moment_text(moment: datetime) -> str:
    """A UTC moment as ISO 8601 with ``Z``, in whole milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def days_after(moment: datetime, days: int) -> datetime:
    """The moment so many days later, or at the same time of the last day there is when that would be after it."""
    return moment + timedelta(days=min(days, date.max.toordinal() - moment.toordinal()))


def minutes_after(moment: datetime, minutes: int) -> datetime:
    """The moment so many minutes later, or the last there is when that would be after it."""
    return moment + min(timedelta(minutes=minutes), datetime.max.replace(tzinfo=UTC) - moment)


def seconds_before(moment: datetime, seconds: int) -> str:
    """The moment so many seconds earlier as ``moment_text`` writes it; the first there is when that would be before it."""
    try:
        return moment_text(moment - timedelta(seconds=seconds))
    except OverflowError:
        return moment_text(datetime.min.replace(tzinfo=UTC))


def day_in(moment: datetime, zone: str) -> date:
    """The day of a moment in UTC in a time zone, an IANA name that exists."""
    if zone == "UTC":
        return moment.date()
    # Imported where a zone is in use: start-up time is a feature.
    from zoneinfo import ZoneInfo

    return moment.astimezone(ZoneInfo(zone)).date()
