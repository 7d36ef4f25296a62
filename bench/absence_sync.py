"""What a run of the absence sync costs that finds nothing to do, over a socket.

``python -m bench.absence_sync --people N --plans M`` measures other sizes than that of ``make bench``.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple
from urllib.request import ProxyHandler, Request, build_opener

from bench.subjects import running
from bench.targets import SYNC_LOCAL, SYNC_MEMORY, SYNC_REQUESTS

PEOPLE, PLANS = 10_000, 200_000
"""What the targets are for."""

_TOKEN = "demo-token-of-everybody-not-a-secret"
_CONFIGURATION = """\
[site]
tempo_url = "{url}"
jira_url = "{url}"
jira_user = "admin@example.org"
requests_per_second = 10000

[absences]
days_back = {days}
days_ahead = {days}
"""
DAYS = 182


class _Cost(NamedTuple):
    """seconds: of the processor. megabytes: at most."""

    seconds: float
    megabytes: float


def measure(people: int = PEOPLE, plans: int = PLANS) -> dict[str, dict[str, float | None]]:
    """The title -> names -> figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seed = [sys.executable, "-m", "mock_server", "seed", "--people", str(people), "--worklogs", "0", "--plans", str(plans)]
        subprocess.run([*seed, "--db", str(folder / "world.db")], check=True, capture_output=True)
        serve = [sys.executable, "-m", "mock_server", "serve", "--port", "0", "--quiet", "--db", str(folder / "world.db")]
        with running(serve, "/4/globalconfiguration", f"Bearer {_TOKEN}") as server:
            url = server.url
            issues = [row["key"] for row in _ask(f"{url}/x-tempo-mock/internal-issues")["results"]]
            templates = "".join(f'\n[[template]]\nissue = "{key}"\nmessage = "Back on [return date]"\n' for key in issues)
            _configure(folder, url, 1, templates)
            # A selection tells what it would do to all rules of the window: a short one, as that is not measured.
            _sync(folder, "issues", "--select", *issues)
            _configure(folder, url, DAYS, templates)
            first = _sync(folder, "absences", "--apply", "--json")
            before = _ask(f"{url}/_mock/journal?limit=1")["latest"]
            again = _sync(folder, "absences", "--json")
            asked = _ask(f"{url}/_mock/journal?limit=1")["latest"] - before
    return {
        f"absence sync with nothing to do, {people:,} people, {plans:,} plans": {
            SYNC_LOCAL: again.seconds,
            SYNC_MEMORY: again.megabytes,
            SYNC_REQUESTS: float(asked),
            "the first run, which writes every rule, s of the processor": first.seconds,
        }
    }


def measure_apart() -> dict[str, dict[str, float | None]]:
    """As ``measure`` does, from a small process: the system counts what the starting one had to the memory of the started."""
    command = [sys.executable, "-m", "bench.absence_sync"]
    done = subprocess.run(command, cwd=Path(__file__).parents[1], check=True, stdout=subprocess.PIPE)
    found: dict[str, dict[str, float | None]] = json.loads(done.stdout)
    return found


def _configure(folder: Path, url: str, days: int, templates: str) -> None:
    (folder / "tempo-sync.toml").write_text(_CONFIGURATION.format(url=url, days=days) + templates, encoding="utf-8")


def _sync(folder: Path, *words: str) -> _Cost:
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "TEMPO_TOKEN": _TOKEN,
        "JIRA_TOKEN": "demo-jira-token-of-admin-not-a-secret",
    }
    command = [sys.executable, "-m", "integration", *words]
    with open(folder / "out.json", "wb") as out, open(folder / "err.txt", "wb") as err:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=out, stderr=err)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"tempo-sync {words[0]} exited with {process.returncode}: {(folder / 'err.txt').read_text()[-500:]}")
    return _Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _ask(url: str) -> Any:
    request = Request(url, headers={"Authorization": f"Bearer {_TOKEN}"})
    with build_opener(ProxyHandler({})).open(request, timeout=120) as answer:
        return json.load(answer)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--plans", type=int, default=PLANS)
    arguments = parser.parse_args()
    print(json.dumps(measure(arguments.people, arguments.plans), indent=2))
