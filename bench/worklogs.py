"""What lists of worklogs cost: in a world as small as a scenario, and in one of a million worklogs."""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.in_process import bare_flask, call, environ, microseconds
from bench.subjects import fake_command, running
from mock_server.app import Application, create_application
from mock_server.config import Options
from mock_server.large_world import token_of

PEOPLE, WORKLOGS = 1000, 1_000_000
SMALL = 2000
"""Worklogs of the small world: some scenarios have as many."""

VIEWERS = ("everybody", "half", "lead", "own")
BEST_OF = 5


def get(application: Application, viewer: str, path: str) -> bytes:
    """One GET below ``/4`` with a viewer's token. Raises ``RuntimeError`` unless it is answered with a 2xx."""
    parts = urlsplit(path)
    asked = environ("GET", parts.path)
    asked["QUERY_STRING"] = parts.query
    asked["HTTP_AUTHORIZATION"] = f"Bearer {token_of(viewer)}"
    seen: list[str] = []
    answer = b"".join(application(asked, lambda status, headers, exc_info=None: seen.append(status)))
    if not seen[0].startswith("2"):
        raise RuntimeError(f"{path}: {seen[0]} {answer[:200]!r}")
    return answer


def parsed(answer: bytes) -> dict[str, Any]:
    """The body, in times that are nobody's."""
    found: dict[str, Any] = json.loads(answer)
    return found


def seconds(one: Callable[[], object]) -> float:
    """The best of a few."""
    best = float("inf")
    for _ in range(BEST_OF):
        began = time.perf_counter()
        one()
        best = min(best, time.perf_counter() - began)
    return best


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
            f"worklogs, a world of {SMALL:,}, microseconds": scenario_sized(small),
            f"a world of {people:,} people and {worklogs:,} worklogs": making,
            f"the same, GET in milliseconds, best of {BEST_OF}": of_viewers(large),
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
        "bare Flask hello": microseconds(lambda: call(bare.wsgi_app, "GET", "/hello")),
        "GET one worklog, own": microseconds(lambda: get(application, "own", f"/4/worklogs/{own}"), 500),
        "page of 50, everybody's": microseconds(lambda: get(application, "everybody", "/4/worklogs"), 100),
        "page of 50, half": microseconds(lambda: get(application, "half", "/4/worklogs"), 100),
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
            ("first page of 50", ""),
            ("a month, page of 50", f"from={since}&to={until}"),
            ("changed in the last days, page of 50", f"updatedFrom={lately}"),
            ("latest first, page of 50", "orderBy=START_DATE_TIME"),
            ("one project, page of 50", "projectId=10002"),
            ("one issue, page of 50", "issueId=10007"),
        ):
            path = f"/4/worklogs?{query}"
            found[f"{viewer}: {name}"] = seconds(lambda path=path, viewer=viewer: get(application, viewer, path)) * 1000
        for limit, order in ((50, ""), (1000, ""), (1000, "&orderBy=START_DATE_TIME")):
            found |= walked(application, viewer, limit, order)
    application.close()
    # Again, as nobody's pages are remembered then.
    application, _ = create_application(Options(database=database, quiet=True))
    for viewer in VIEWERS:
        began = time.perf_counter()
        get(application, viewer, "/4/worklogs?offset=990000")
        found[f"{viewer}: page of 50 at offset 990,000, cold"] = (time.perf_counter() - began) * 1000
    application.close()
    return found


def walked(application: Application, viewer: str, limit: int, order: str, most: int = 1500) -> dict[str, float | None]:
    """The first and the last pages of a walk by ``next``; of a long walk, after as many pages as ``most``.

    The best of five neighbours each, as one page can be asked for once only to be a page of a walk.
    """
    times: list[float] = []
    path: str | None = f"/4/worklogs?limit={limit}{order}"
    while path and len(times) < most:
        began = time.perf_counter()
        page = get(application, viewer, path)
        times.append(time.perf_counter() - began)
        path = parsed(page)["metadata"].get("next", "").removeprefix("http://localhost:8090") or None
    full = times if path else times[:-1] or times
    label = f"{viewer}: walk by {limit}{', latest first' if order else ''}"
    return {f"{label}, first page": min(full[:BEST_OF]) * 1000, f"{label}, page {len(full)}": min(full[-BEST_OF:]) * 1000}
