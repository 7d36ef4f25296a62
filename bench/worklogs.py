"""What lists of worklogs cost: in a world as small as a scenario, and in one of a million worklogs."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from bisect import bisect_left
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from bench.in_process import BEST_OF, bare_flask, call, microseconds, processor_seconds
from bench.subjects import fake_command, running
from bench.targets import CHANGED, COLD, FIRST_PAGE, LAST_OF_WALK, VIEWERS
from mock_server.app import Application, create_application
from mock_server.config import Options
from mock_server.large_world import token_of

PEOPLE, WORKLOGS = 1000, 1_000_000
SMALL = 2000
"""Worklogs of the small world: some scenarios have as many."""


def get(application: Application, viewer: str, path: str) -> bytes:
    """One GET below ``/4`` with a viewer's token. Raises ``RuntimeError`` unless it is answered with a 2xx."""
    return call(application, "GET", path, authorization=f"Bearer {token_of(viewer)}")


def parsed(answer: bytes) -> dict[str, Any]:
    """The body, in times that are nobody's."""
    found: dict[str, Any] = json.loads(answer)
    return found


def measure(people: int = PEOPLE, worklogs: int = WORKLOGS) -> dict[str, dict[str, float | None]]:
    """Titles -> names -> figures, in the unit that the title says."""
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "small.db", Path(folder) / "large.db"
        made(50, SMALL, small)
        making = made(people, worklogs, large)
        with running(
            [*fake_command("--no-control"), "--db", str(large)], "/4/worklogs", "Bearer " + token_of("everybody")
        ) as started:
            making["start to the first 200, s"] = started.seconds
        return {
            f"worklogs, a world of {SMALL:,}, microseconds of the processor": scenario_sized(small),
            f"a world of {people:,} people and {worklogs:,} worklogs": making,
            f"the same, GET in milliseconds of the processor, best of {BEST_OF}; walks are sampled": of_viewers(large),
        }


def made(people: int, worklogs: int, database: Path) -> dict[str, float | None]:
    """Seconds and megabytes of making a large world with the command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    command = [sys.executable, "-m", "mock_server", "seed", "--people", str(people), "--worklogs", str(worklogs)]
    subprocess.run([*command, "--db", str(database)], check=True, stdout=subprocess.DEVNULL)
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "making it, s": wall,
        "making it, s of the processor": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        # Kilobytes on Linux; of the largest child so far, which for the large world is this one.
        "making it, peak memory, MB": after.ru_maxrss / 1024 if sys.platform == "linux" else None,
        "its file, MB": database.stat().st_size / 1e6,
    }


def scenario_sized(database: Path) -> dict[str, float | None]:
    """Microseconds of reads in a small world, beside a bare Flask."""
    application, _ = create_application(Options(database=database, quiet=True))
    bare = bare_flask()
    own = parsed(get(application, "own", "/4/worklogs"))["results"][0]["tempoWorklogId"]
    found: dict[str, float | None] = {
        **microseconds(
            {
                "bare Flask hello": lambda: call(bare.wsgi_app, "GET", "/hello"),
                "GET one worklog, own": lambda: get(application, "own", f"/4/worklogs/{own}"),
                "page of 50, everybody's": lambda: get(application, "everybody", "/4/worklogs"),
                "page of 50, half": lambda: get(application, "half", "/4/worklogs"),
            },
            100,
        )
    }
    application.close()
    return found


def of_viewers(database: Path) -> dict[str, float | None]:
    """Milliseconds of lists in a large world, for each kind of viewer."""
    application, _ = create_application(Options(database=database, quiet=True))
    today = datetime.now(UTC).date().toordinal()
    since, until, lately = (datetime.fromordinal(today - days).date().isoformat() for days in (60, 30, 3))
    found: dict[str, float | None] = {}
    for viewer in VIEWERS:
        for name, query in (
            (FIRST_PAGE, ""),
            ("a month, page of 50", f"from={since}&to={until}"),
            (CHANGED, f"updatedFrom={lately}"),
            ("latest first, page of 50", "orderBy=START_DATE_TIME"),
            ("one project, page of 50", "projectId=10002"),
            ("one issue, page of 50", "issueId=10007"),
        ):
            asking = partial(get, application, viewer, f"/4/worklogs?{query}")
            found[f"{viewer}: {name}"] = processor_seconds(asking) * 1000
        rows = rows_seen(application, viewer)
        for label, limit, order in (
            ("walk by 50", 50, ""),
            ("walk by 1000", 1000, ""),
            ("walk by 1000, latest first", 1000, "&orderBy=START_DATE_TIME"),
        ):
            sampled = walked(application, viewer, rows, limit, order)
            found |= {f"{viewer}: {label}, {name}": value for name, value in sampled.items()}
    application.close()
    for viewer in VIEWERS:
        found |= {f"{viewer}: {COLD}, {name}": value for name, value in cold(database, viewer).items()}
    return found


def rows_seen(application: Application, viewer: str) -> int:
    """How many worklogs the viewer sees, by halving: the first offset whose page is empty."""

    def is_beyond(offset: int) -> bool:
        return not parsed(get(application, viewer, f"/4/worklogs?limit=1&offset={offset}"))["results"]

    return bisect_left(range(WORKLOGS), True, key=is_beyond)


def walked(application: Application, viewer: str, rows: int, limit: int, order: str) -> dict[str, float | None]:
    """What full pages of a walk by ``next`` cost: the first, the last and three between.

    The pages between these are left out. One row is asked for instead before each of the five, so that the server
    remembers where the page begins, as it does in a walk. The five take turns; of each the best counts.
    """
    last = max(rows // limit - 1, 0)
    pages = sorted({0, last // 4, last // 2, last * 3 // 4, last})
    best = dict.fromkeys(pages, float("inf"))
    for page in pages[1:]:
        get(application, viewer, f"/4/worklogs?limit=1&offset={page * limit - 1}{order}")
    for _ in range(BEST_OF):
        for page in pages:
            began = time.process_time()
            get(application, viewer, f"/4/worklogs?limit={limit}&offset={page * limit}{order}")
            best[page] = min(best[page], (time.process_time() - began) * 1000)
    return {
        "first page": best[0],
        f"page {last + 1:,}, the last full one": best[last],
        LAST_OF_WALK: best[last] / best[0],
        f"dearest of {len(pages)} / first page": max(best.values()) / best[0],
    }


def cold(database: Path, viewer: str) -> dict[str, float | None]:
    """Seconds of a page deep in the list when no page is remembered, and no part of the file where the system can forget it."""
    application, _ = create_application(Options(database=database, quiet=True))
    if hasattr(os, "posix_fadvise"):
        file = os.open(database, os.O_RDONLY)
        os.fsync(file)
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(file)
    began, used = time.perf_counter(), time.process_time()
    get(application, viewer, "/4/worklogs?offset=400000")
    found = {"s by the clock": time.perf_counter() - began, "s of the processor": time.process_time() - used}
    application.close()
    return {**found}
