"""What worlds cost: milliseconds to make, to write to for the first time and to reset, and megabytes of a thousand."""

import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.in_process import call
from bench.subjects import memory_megabytes
from mock_server.app import Application, create_application
from mock_server.config import Options

ROUNDS = 20
LARGE = 100_000
TEAM = json.dumps({"name": "Bench"}).encode()


def milliseconds(one: Callable[[], object]) -> float:
    """The best of several rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.perf_counter()
        one()
        best = min(best, time.perf_counter() - began)
    return best * 1000


def measure() -> dict[str, float | None]:
    """Name -> milliseconds, or megabytes where the name says so."""
    application, _ = create_application(Options(quiet=True))
    found = _times(application, "guide", "guide")
    with tempfile.TemporaryDirectory() as folder:
        large = large_scenario(Path(folder))
        application.worlds.create("large", str(large), None, {})
        found |= _times(application, str(large), f"{LARGE:,} rows")
    application.close()
    return found | {"1,000 sites, 100 of them written to, MB": thousand_sites()}


def _times(application: Application, reference: str, label: str) -> dict[str, float | None]:
    worlds = application.worlds
    site = worlds.create(None, reference, None, {})
    copies = iter(worlds.create(None, reference, None, {}) for _ in range(ROUNDS))

    def reset_after_write() -> None:
        worlds.reset(site, confirmed=False)

    return {
        f"new site of {label}, ms": milliseconds(lambda: worlds.create(None, reference, None, {})),
        f"first write to a site of {label} (makes its copy), ms": milliseconds(lambda: next(copies).store.serialize),
        f"reset of a site of {label}, ms": milliseconds(reset_after_write),
    }


def large_scenario(folder: Path) -> Path:
    """A scenario with about ``LARGE`` rows: one team after the other with the same people."""
    large = folder / "large"
    large.mkdir()
    people = [
        {"name": f"p{n}", "key": f"p{n}", "account_id": f"a{n}", "display_name": f"Person {n}", "email": f"p{n}@example.org"}
        for n in range(500)
    ]
    teams = [
        {
            "id": team,
            "name": f"Team {team}",
            "members": [{"person": person["name"], "memberships": [{"role": 1}]} for person in people],
        }
        for team in range(1, LARGE // (2 * len(people)) + 1)
    ]
    (large / "people.json").write_text(json.dumps(people))
    (large / "roles.json").write_text(json.dumps([{"id": 1, "name": "Member", "default": True}]))
    (large / "teams.json").write_text(json.dumps(teams))
    return large


def thousand_sites() -> float | None:
    """Megabytes that a thousand sites take, each read once and every tenth written to once."""
    application, _ = create_application(Options(quiet=True))
    before = memory_megabytes(os.getpid())
    for number in range(1000):
        name = application.worlds.create(None, None, None, {}).name
        call(application, "GET", f"/sites/{name}/jira/rest/tempo-teams/1/team")
        if number % 10 == 0:
            call(application, "POST", f"/sites/{name}/jira/rest/tempo-teams/1/team", TEAM)
    after = memory_megabytes(os.getpid())
    application.close()
    return None if before is None or after is None else after - before
