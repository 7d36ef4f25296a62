"""When work began: the day and time of Tempo, by the author's calendar, and the moment of Jira."""

from contextlib import suppress
from datetime import UTC, datetime, tzinfo

from mock_server.moments import moment_text, parse_any_moment


def moment_of(local: str, time_zone: str) -> datetime:
    """The moment in UTC of ``yyyy-MM-ddTHH:mm:ss`` in a zone; at the ends of the calendar the same time in UTC."""
    here = datetime.fromisoformat(local)
    if here.tzinfo is not None:
        return here.astimezone(UTC)
    try:
        return here.replace(tzinfo=_zone(time_zone)).astimezone(UTC)
    except OverflowError:
        return here.replace(tzinfo=UTC)


def moment_text_of(local: str, time_zone: str) -> str:
    """As ``moment_of``, as ISO 8601 in milliseconds with ``Z``."""
    return moment_text(moment_of(local, time_zone))


def day_and_time(moment: str, time_zone: str) -> tuple[str, str]:
    """``yyyy-MM-dd`` and ``HH:mm:ss`` in a zone of a moment (ISO 8601)."""
    at = parse_any_moment(moment)
    with suppress(OverflowError):
        at = at.astimezone(_zone(time_zone))
    return at.date().isoformat(), at.time().replace(microsecond=0).isoformat()


def _zone(name: str) -> tzinfo:
    if name == "UTC":
        return UTC
    # Imported where a zone is in use: start-up time is a feature.
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return UTC
