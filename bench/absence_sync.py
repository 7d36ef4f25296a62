"""What a run of the absence sync costs that finds nothing to do: of 10,000 people with 200,000 plans, over a socket."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple
from urllib.request import ProxyHandler, Request, build_opener

from bench.subjects import running

PEOPLE, PLANS = 10_000, 200_000
MOST_ROWS = 5000
"""Of a page of Tempo's."""

TITLE = "absence sync, nothing to do"
LOCAL, MEMORY, ASKED = "local work, s of the processor", "most memory, MB", "requests"
_TOKEN = "demo-token-of-everybody-not-a-secret"
_CONFIGURATION = """\
[site]
tempo_url = "{url}"
jira_url = "{url}"
jira_user = "admin@example.org"
requests_per_second = 10000

[absences]
days_back = 182
days_ahead = 182
"""


class _Cost(NamedTuple):
    """seconds: of the processor. megabytes: at most. clock: seconds."""

    seconds: float
    megabytes: float


def measure() -> dict[str, dict[str, float | None]]:
    """The title -> names -> figures, with what there may be at most in the name of the requests."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seed = [sys.executable, "-m", "mock_server", "seed", "--people", str(PEOPLE), "--worklogs", "0", "--plans", str(PLANS)]
        subprocess.run([*seed, "--db", str(folder / "world.db")], check=True, capture_output=True)
        serve = [sys.executable, "-m", "mock_server", "serve", "--port", "0", "--quiet", "--db", str(folder / "world.db")]
        with running(serve, "/4/globalconfiguration", f"Bearer {_TOKEN}") as server:
            url = server.url
            issues = [row["key"] for row in _ask(f"{url}/x-tempo-mock/internal-issues")["results"]]
            templates = "".join(f'\n[[template]]\nissue = "{key}"\nmessage = "Back on [return date]"\n' for key in issues)
            (folder / "tempo-sync.toml").write_text(_CONFIGURATION.format(url=url) + templates, encoding="utf-8")
            _sync(folder, "issues", "--select", *issues)
            first = _sync(folder, "absences", "--apply", "--json")
            before = _ask(f"{url}/_mock/journal?limit=1")["latest"]
            again = _sync(folder, "absences", "--json")
            asked = _ask(f"{url}/_mock/journal?limit=1")["latest"] - before
            plans = _count(url)
    most = plans // MOST_ROWS + 1 + 3 * PEOPLE // 1000 + 20
    return {
        f"{TITLE}: {PEOPLE:,} people, {plans:,} plans in the window": {
            LOCAL: again.seconds,
            MEMORY: again.megabytes,
            f"{ASKED}, at most {most}": float(asked),
            "the first run, which writes every rule, s of the processor": first.seconds,
        }
    }


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


def _count(url: str) -> int:
    from datetime import UTC, datetime, timedelta

    today = datetime.now(UTC).date()
    window = f"from={today - timedelta(days=182)}&to={today + timedelta(days=182)}"
    total, path = 0, f"/4/plans?{window}&limit={MOST_ROWS}"
    while path:
        found = _ask(url + path)["metadata"]
        total += found["count"]
        path = found.get("next", "").removeprefix(url)
    return total


def _ask(url: str) -> Any:
    request = Request(url, headers={"Authorization": f"Bearer {_TOKEN}"})
    with build_opener(ProxyHandler({})).open(request, timeout=120) as answer:
        return json.load(answer)


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
