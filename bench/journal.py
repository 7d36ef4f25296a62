"""What the journal costs: the same requests with it off and on, and the memory of a thousand full ones."""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.in_process import call
from bench.subjects import memory_megabytes
from bench.worklogs import SMALL, get, made, parsed
from mock_server.app import Application, create_application
from mock_server.config import Options

MOST_SLOWER = 1.15
"""The target: a GET with the journal on takes no more than this, times the same with it off."""

PAIRS = 25
REQUESTS = 40
SITES, EACH = 1000, 40
"""More requests than all journals of a server have room for."""


def measure() -> dict[str, float | None]:
    """Name -> microseconds, a ratio or megabytes, as the name says."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "world.db"
        made(50, SMALL, database)
        on, _ = create_application(Options(database=database, quiet=True))
        off, _ = create_application(Options(database=database, quiet=True, journal=False))
        own = parsed(get(off, "own", "/4/worklogs"))["results"][0]["tempoWorklogId"]
        found: dict[str, float | None] = {}
        for name, viewer, path in (
            ("GET one worklog", "own", f"/4/worklogs/{own}"),
            ("page of 50, everybody's", "everybody", "/4/worklogs"),
            ("page of 50, half", "half", "/4/worklogs"),
        ):
            found |= _compared(name, off, on, lambda served, viewer=viewer, path=path: get(served, viewer, path))
        on.close()
        off.close()
    return found | {f"{SITES:,} sites with {EACH:,} requests each, MB": full_journals()}


def _compared(name: str, off: Application, on: Application, one: Callable[[Application], object]) -> dict[str, float | None]:
    """Measured in pairs, so that a busy moment hits both."""
    times = [(_microseconds(lambda: one(off)), _microseconds(lambda: one(on))) for _ in range(PAIRS)]
    ratio = statistics.median(with_it / without for without, with_it in times)
    verdict = "met" if ratio <= MOST_SLOWER else "MISSED"
    return {
        f"{name}, journal off, microseconds": min(without for without, _ in times),
        f"{name}, journal on, microseconds": min(with_it for _, with_it in times),
        f"{name}, on / off, median of {PAIRS} (at most {MOST_SLOWER}: {verdict})": ratio,
    }


def _microseconds(one: Callable[[], object]) -> float:
    """Of the processor, for one request: others on the machine do not count."""
    one()
    began = time.process_time()
    for _ in range(REQUESTS):
        one()
    return (time.process_time() - began) / REQUESTS * 1e6


def full_journals() -> float | None:
    """Megabytes that the journals of a thousand sites take, as full as they get together."""
    application, _ = create_application(Options(quiet=True))
    sites = [application.worlds.create(None, None, None, {}) for _ in range(SITES)]
    for site in sites:
        call(application, "GET", f"{site.prefix}/jira/rest/tempo-teams/1/team")
        site.journal.clear()
    before = memory_megabytes(os.getpid())
    for site in sites:
        for _ in range(EACH):
            call(application, "GET", f"{site.prefix}/jira/rest/tempo-teams/1/team")
    after = memory_megabytes(os.getpid())
    application.close()
    return None if before is None or after is None else after - before
