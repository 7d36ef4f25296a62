"""What figures may be at most, by their names in the table."""

from collections.abc import Mapping
from types import MappingProxyType

VIEWERS = ("everybody", "half", "lead", "own")
"""Who reads in a large world: who sees all worklogs, those of half of the people, of one team, and only own ones."""

WALKS = tuple(f"{viewer}: walk by {limit}" for viewer in VIEWERS for limit in ("50", "1000", "1000, latest first"))
LAST_OF_WALK = "last page / first page"
FIRST_PAGE, CHANGED = "first page of 50", "changed in the last days, page of 50"
COLD = "page of 50 at offset 400,000, cold"

SYNC_LOCAL, SYNC_MEMORY, SYNC_REQUESTS = "local work of the sync, s of the processor", "most memory of the sync, MB", "requests"

STAFF_PAGE, CONNECTING = "GET /_mock/staff, ms of the processor", "connecting everybody with an app, s by the clock"

MOST_TIMES: Mapping[str, float] = MappingProxyType({"GET one worklog": 2.5})
"""Times a bare Flask's hello."""

MOST: Mapping[str, float] = MappingProxyType(
    {
        "page of 50 worklogs": 800.0,
        "fixture tempo, ms per test": 3.0,
        "pytest plugin, share of the start of any pytest, ms": 10.0,
        **{f"{viewer}: {FIRST_PAGE}": 5.0 for viewer in VIEWERS},
        f"half: {CHANGED}": 5.0,
        f"half: {COLD}, s by the clock": 2.0,
        **{f"{walk}, {LAST_OF_WALK}": 1.5 for walk in WALKS},
        SYNC_LOCAL: 40.0,
        SYNC_MEMORY: 400.0,
        # 40 pages of 5,000 plans and a look beyond, three lists of 10 pages of 1,000 people, and 20 for all the rest.
        SYNC_REQUESTS: 91.0,
        STAFF_PAGE: 50.0,
        CONNECTING: 30.0,
    }
)
"""In the unit of the figure."""


MOST_PAGE = 20.0
"""Milliseconds that a settings page may take with a thousand people."""

MOST_SYNC_PAGE = 20.0
"""Milliseconds that a page of the sync may take with a thousand people while nothing changes."""


def verdict(value: float | None, most: float | None) -> str:
    """What follows a figure in the table: what it may be at most, and whether it is more."""
    if value is None or most is None:
        return ""
    return f"   at most {most:,g}{'' if value <= most else ', MISSED'}"
