"""What the worklog sync costs with a million worklogs, over a socket: the first run, and one after 1,000 changes."""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

from bench.subjects import running
from mock_server.large_world import token_of

PEOPLE, WORKLOGS = 1000, 1_000_000
CHANGERS = ("everybody", "half", "lead", "own")
EDITED, DELETED, MADE = 680, 20, 300
WINDOW_DAYS = 35

TITLE = "worklog sync"
PER_SECOND = "worklogs a second without the server's time, at least 20,000"
MEMORY = "most memory, MB, at most 300"
_LOG_PATH = "/4/worklogs"


def measure(people: int = PEOPLE, worklogs: int = WORKLOGS) -> dict[str, dict[str, float | None]]:
    """The title -> names -> figures. Raises ``RuntimeError`` where a run does not end in what the server has."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seed = [sys.executable, "-m", "mock_server", "seed", "--people", str(people), "--worklogs", str(worklogs)]
        subprocess.run([*seed, "--db", str(folder / "world.db")], check=True, capture_output=True)
        serve = [sys.executable, "-m", "mock_server", "serve", "--port", "0", "--quiet", "--db", str(folder / "world.db")]
        serve += ["--set", "audit.readers=everybody"]
        token = token_of("everybody")
        with running(serve, "/4/globalconfiguration", f"Bearer {token}") as server:
            asked = {"person": "everybody", "name": "Worklogs only", "scopes": ["worklogs:view"]}
            narrow = _call("POST", f"{server.url}/_mock/tokens", token, asked)["token"]
            first = _read(folder / "audit.db", server.url, token)
            shutil.copy(folder / "audit.db", folder / "window.db")
            shutil.copy(folder / "audit.db", folder / "quiet.db")
            quiet = _read(folder / "quiet.db", server.url, token)
            _change(server.url)
            audit = _read(folder / "audit.db", server.url, token)
            window = _read(folder / "window.db", server.url, narrow)
    wanted = worklogs + MADE - DELETED
    for run, mode in ((audit, "audit"), (window, "window")):
        if (run["held"], run["deletions"], run["deleted"], run["reason"]) != (wanted, mode, DELETED, ""):
            raise RuntimeError(f"{wanted} worklogs and no reason were expected, by {mode}: {run}")
    pages = -(-window["in_window"] // (window["page"] - 1))
    return {
        f"{TITLE}: {worklogs:,} worklogs of {people:,} people": {
            "first run: requests": first["requests"],
            "first run, s by the clock": first["clock"],
            "first run, s of the processor, of the sync alone": first["processor"],
            f"first run: {PER_SECOND}": worklogs / first["processor"],
            f"first run: {MEMORY}": first["memory"],
            "database, MB": first["file"],
            "nothing changed: requests": quiet["requests"],
            "nothing changed, s of the processor": quiet["processor"],
            f"1,000 changes, with audit:view: requests, at most {first['requests'] // 50}": audit["requests"],
            "1,000 changes, with audit:view, s of the processor": audit["processor"],
            f"1,000 changes, with audit:view: {MEMORY}": audit["memory"],
            f"1,000 changes, without: requests, at most {pages + 4} ({pages} pages of the last {WINDOW_DAYS} days)": window[
                "requests"
            ],
            "1,000 changes, without, s of the processor": window["processor"],
            f"1,000 changes, without: {MEMORY}": window["memory"],
        }
    }


def _read(database: Path, url: str, token: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.worklog_sync", str(database), url]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "TEMPO_TOKEN": token}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-2000:])
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _change(url: str) -> None:
    """A thousand worklogs that are edited, deleted and made by their authors."""
    today = datetime.now(UTC).date()
    since = (today - timedelta(days=WINDOW_DAYS - 3)).isoformat()
    share = len(CHANGERS)
    for name in CHANGERS:
        token = token_of(name)
        me = _mine(url, token, since)
        for row in me[:: len(me) // (DELETED // share)][: DELETED // share]:
            _call("DELETE", row["self"], token)
        old = _mine(url, token, None)
        for row in old[: EDITED // share]:
            body = {
                "authorAccountId": row["author"]["accountId"], "startDate": row["startDate"], "timeSpentSeconds": 61,
            }  # fmt: skip
            _call("PUT", row["self"], token, body)
        for _ in range(MADE // share):
            body = {
                "authorAccountId": old[0]["author"]["accountId"], "startDate": today.isoformat(), "timeSpentSeconds": 62,
                "issueId": old[0]["issue"]["id"],
            }  # fmt: skip
            _call("POST", f"{url}{_LOG_PATH}", token, body)


def _mine(url: str, token: str, since: str | None) -> list[dict[str, Any]]:
    who = CHANGERS.index(next(name for name in CHANGERS if token_of(name) == token))
    account = f"5e{who + 1:022x}"
    query = "limit=1000" + (f"&from={since}" if since else "")
    rows: list[dict[str, Any]] = _call("GET", f"{url}{_LOG_PATH}/user/{account}?{query}", token)["results"]
    return rows


def _call(method: str, url: str, token: str, body: Any = None) -> Any:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    with build_opener(ProxyHandler({})).open(Request(url, data, headers, method=method), timeout=120) as answer:
        content = answer.read()
    return json.loads(content) if content else None


def read_once(arguments: Sequence[str]) -> None:
    """One reading in a process of its own, told as JSON. arguments: the database and the address."""
    from contextlib import closing

    from integration.clients.http import Wire
    from integration.clients.tempo_worklogs import TempoWorklogs
    from integration.records import Complete
    from integration.store import Store
    from integration.worklog_reading import read_worklogs
    from integration.worklog_rows import WorklogRows
    from integration.worklog_settings import WorklogSettings
    from integration.worklogs import Period

    database, url = arguments
    wire = Wire(url, f"Bearer {os.environ['TEMPO_TOKEN']}", per_second=10_000)
    began, processor = time.perf_counter(), time.process_time()
    with closing(Store(database)) as store:
        rows = WorklogRows(store)
        tempo = TempoWorklogs(wire)
        found = read_worklogs(tempo, rows, store, WorklogSettings(window_days=WINDOW_DAYS), shows_issue=lambda issue: True)
        clock, processor = time.perf_counter() - began, time.process_time() - processor
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        today = datetime.now(UTC).date()
        window = Period(today - timedelta(days=WINDOW_DAYS), today + timedelta(days=9999))
        told = {
            "clock": clock,
            "processor": processor,
            "memory": memory,
            "requests": found.value.requests,
            "upserted": found.value.upserted,
            "deleted": found.value.deleted,
            "deletions": found.value.deletions,
            "mode": found.value.mode,
            "reason": "" if isinstance(found, Complete) else found.reason.sentence,
            "held": rows.count(),
            "in_window": len(rows.ids(window=window)),
            "page": tempo.applied,
        }
    print(json.dumps({**told, "file": Path(database).stat().st_size / 1e6}))


if __name__ == "__main__":
    if sys.argv[1:]:
        read_once(sys.argv[1:])
    else:
        print(json.dumps(measure(), indent=2))
