"""Times as Jira writes them: milliseconds and an offset without a colon, in the caller's time zone."""

from datetime import UTC, datetime, tzinfo

from mock_server.endpoint import Call
from mock_server.settings import TIME_ZONE
from mock_server.storage import people


def stamp(call: Call, moment: datetime | None = None) -> str:
    """``2021-01-17T12:34:00.000+0000`` for a moment (now by default), in the caller's zone or the site's for anonymous."""
    return stamp_in(moment or call.now, zone_of(call))


def stamp_in(moment: datetime, here: tzinfo) -> str:
    """As ``stamp``, in a zone that is known; in UTC where the calendar ends before the zone's day does."""
    try:
        local = moment.astimezone(here)
    except OverflowError:
        local = moment.astimezone(UTC)
    text = local.isoformat(timespec="milliseconds")
    # By position: zones of long ago have seconds in their offset, and strftime writes their years short.
    return f"{text[:26]}{text[27:29]}"


def zone_of(call: Call) -> tzinfo:
    """The time zone of whoever calls, or the site's for anonymous."""
    name = call.settings[TIME_ZONE]
    if call.actor:
        person = people.get(call.store, call.actor.person_id)
        name = person.time_zone if person else name
    return zone(name)


def zone(name: str) -> tzinfo:
    """The time zone of that IANA name; UTC where a scenario names one that there is not."""
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return UTC
