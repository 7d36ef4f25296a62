"""Runs tempo-sync in a process that kills itself at its n-th write, as ``kill -9`` would.

``python killed_run.py N FILE COMMAND...``; with N of 0 it runs to its end and writes into FILE how many writes there were.
The command ``read-worklogs URL DATABASE ROWS`` is none of tempo-sync: it reads worklogs in pages of so many rows.
A write is a statement that changes the database, a file that takes another's place, and a request that changes something:
that one counts before it is sent and once more when its answer is there.
"""

import itertools
import os
import re
import signal
import sqlite3
import sys
from pathlib import Path
from typing import Any

import requests

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|ALTER|DROP|BEGIN|COMMIT|END)\b", re.IGNORECASE)


def run(words: list[str]) -> int:
    """A command of tempo-sync."""
    from integration.cli import main

    return main(words)


def read_worklogs(url: str, database: str, limit: str) -> int:
    """Worklogs into a database; 0 when that was all."""
    from integration import worklog_reading
    from integration.clients.http import Wire
    from integration.clients.tempo_worklogs import TempoWorklogs
    from integration.records import Complete
    from integration.store import Store
    from integration.worklog_rows import WorklogRows
    from integration.worklog_settings import WorklogSettings

    store = Store(database)
    tempo = TempoWorklogs(Wire(url, f"Bearer {os.environ['TEMPO_TOKEN']}", per_second=10_000), int(limit))
    found = worklog_reading.read_worklogs(tempo, WorklogRows(store), store, WorklogSettings())
    store.close()
    return 0 if isinstance(found, Complete) else 7


def main() -> int:
    """Answers the exit code of the command, unless it is killed."""
    last, counted = int(sys.argv[1]), Path(sys.argv[2])
    numbers = itertools.count(1)
    seen = [0]

    def write() -> None:
        seen[0] = next(numbers)
        if seen[0] == last:
            os.kill(os.getpid(), signal.SIGKILL)

    class Watched(sqlite3.Connection):
        def execute(self, sql: str, *more: Any) -> sqlite3.Cursor:
            if WRITES.match(sql):
                write()
            return super().execute(sql, *more)

        def executemany(self, sql: str, *more: Any) -> sqlite3.Cursor:
            write()
            return super().executemany(sql, *more)

    connect, replace, request = sqlite3.connect, os.replace, requests.Session.request

    def watched_replace(*arguments: Any, **more: Any) -> None:
        write()
        replace(*arguments, **more)

    def watched_request(self: requests.Session, method: str, url: str, **more: Any) -> requests.Response:
        changes = method in ("PUT", "DELETE") or url.endswith("/comment")
        changes = changes and method != "GET"
        if changes:
            write()
        answer = request(self, method, url, **more)
        if changes:
            write()
        return answer

    sqlite3.connect = lambda *a, **k: connect(*a, **{**k, "factory": Watched})  # type: ignore[assignment]
    os.replace = watched_replace
    requests.Session.request = watched_request  # type: ignore[assignment,method-assign]
    code = read_worklogs(*sys.argv[4:]) if sys.argv[3] == "read-worklogs" else run(sys.argv[3:])
    counted.write_text(str(seen[0]))
    return code


if __name__ == "__main__":
    sys.exit(main())
