"""Times as Jira writes them: milliseconds and an offset without a colon, in the caller's time zone."""

from datetime import UTC, datetime, tzinfo

from mock_server.endpoint import Call
from mock_server.settings import TIME_ZONE, is_zone
from mock_server.storage import people


def stamp(call: Call, moment: datetime | None = None) -> str:
    """``2021-01-17T12:34:00.000+0000`` for a moment (now by default), in the caller's zone or the site's for anonymous."""
    name = call.settings[TIME_ZONE]
    if call.actor:
        person = people.get(call.store, call.actor.person_id)
        name = person.time_zone if person else name
    local = (moment or call.now).astimezone(_zone(name))
    return local.strftime("%Y-%m-%dT%H:%M:%S.") + f"{local.microsecond // 1000:03d}" + local.strftime("%z")[:5]


def _zone(name: str) -> tzinfo:
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo

    # A database may hold a zone that this machine does not know.
    return ZoneInfo(name) if is_zone(name) else UTC
