"""Changes of worklogs since a moment, a thousand at a time, as both Jiras tell them (vendor's OpenAPI of v3)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from mock_server.moments import moment_text, parse_any_moment, seconds_before
from mock_server.settings import Settings
from mock_server.storage.jira_worklogs import Change

MOST_CHANGES = 1000
"""Changes on a page, and ids that may be asked for at once."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)

Find = Callable[[str, str, int], list[Change]]
"""The first so many changes from a moment to another (ISO 8601, UTC; both inclusive); -1 is no limit."""


class ChangesPage(NamedTuple):
    """Changes, the longest ago first. Times are milliseconds since 1970; ``following`` begins the next page, if any."""

    found: list[Change]
    since: int
    until: int
    following: int | None


def changes_since(since: int, settings: Settings, now: datetime, find: Find) -> ChangesPage:
    """A page of the changes since a moment in milliseconds; those of the last minute, or as set, are withheld."""
    withheld = settings.number("jiraCloud.withheldSeconds") or 0
    # What was changed at the very moment at which it begins to be withheld is told; the later not yet.
    latest = seconds_before(now, withheld)
    found = find(_text(since), latest, MOST_CHANGES + 1)
    is_last = len(found) <= MOST_CHANGES
    found = found[:MOST_CHANGES]
    until = milliseconds(found[-1].moment) if found else since
    following = until
    if not is_last and found[0].moment == found[-1].moment:
        # All of one moment: cut there, a page that begins where the last one ended would never get on.
        found = find(found[0].moment, found[0].moment, -1)
        following = until + 1
        is_last = not find(_text(following), latest, 1)
    return ChangesPage(found, since, until, None if is_last else following)


def milliseconds(text: str) -> int:
    """Milliseconds since 1970 of a moment (ISO 8601)."""
    return (parse_any_moment(text) - _EPOCH) // _MILLISECOND


def _text(count: int) -> str:
    try:
        return moment_text(_EPOCH + timedelta(milliseconds=count))
    except OverflowError:
        return "" if count < 0 else "9999-12-31T23:59:59.999Z"
