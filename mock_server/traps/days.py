"""Traps of days and zones."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from mock_server.errors import Invalid
from mock_server.faults.exchange import Exchange
from mock_server.settings import is_zone
from mock_server.sites import Site
from mock_server.traps.answers import changing, items_of
from mock_server.traps.asked import WORKLOGS, reading
from mock_server.traps.trap import Laid, Values

_START = "00:30:00"


def start_after_midnight(site: Site, values: Values) -> Laid:
    """Every worklog began half an hour past midnight in a zone where the UTC day is another one."""
    name = values["zone"]
    if not is_zone(name):
        raise Invalid(f"zone is the name of a time zone such as Europe/Berlin, not {name[:40]}.")
    zone = ZoneInfo(name)

    def move(_: Exchange, content: Any) -> None:
        for item in items_of(content):
            if "startDateTimeUtc" not in item:
                continue
            try:
                began = datetime.fromisoformat(f"{item['startDate']}T{_START}").replace(tzinfo=zone).astimezone(UTC)
            except OverflowError:
                # The day before the first one there is.
                continue
            item["startTime"], item["startDateTimeUtc"] = _START, began.strftime("%Y-%m-%dT%H:%M:%SZ")

    return Laid(reading(site, values, f"{WORKLOGS}.*"), changing(move))
