"""A server that is killed without warning loses nothing that it acknowledged."""

import base64
import json
import random
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from urllib.parse import urlsplit

import pytest

LIMIT = 60
ROUNDS = 25
WRITERS = 4
TEAM = "/jira/rest/tempo-teams/2/team"
HEADERS = {
    "Authorization": "Basic " + base64.b64encode(b"fred:fred").decode(),
    "Content-Type": "application/json",
}
Start = Callable[..., Any]


def write_until_it_dies(url: str, names: str, acknowledged: "SimpleQueue[tuple[int, str]]") -> None:
    """Create teams one after the other; each that the server said was made goes into the queue."""
    parts = urlsplit(url)
    with closing(HTTPConnection(parts.hostname or "", parts.port, timeout=LIMIT)) as connection:
        for number in range(100_000):
            name = f"{names}.{number}"
            try:
                connection.request("POST", TEAM, json.dumps({"name": name}), HEADERS)
                response = connection.getresponse()
                made = json.loads(response.read())
            except (OSError, HTTPException, ValueError):
                return
            assert response.status == 200
            acknowledged.put((made["id"], name))


def everything(url: str) -> list[tuple[int, str]]:
    parts = urlsplit(url)
    with closing(HTTPConnection(parts.hostname or "", parts.port, timeout=LIMIT)) as connection:
        connection.request("GET", TEAM, headers=HEADERS)
        return [(team["id"], team["name"]) for team in json.load(connection.getresponse())]


def check_file(path: Path, acknowledged: set[tuple[int, str]]) -> None:
    """The file is whole, and the audit trail knows of every acknowledged team exactly once."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        trail = connection.execute(
            "SELECT row_id, json_extract(after, '$.name'), who FROM audit_events WHERE noun = 'teams' AND verb = 'insert'"
        ).fetchall()
        assert connection.execute("SELECT who, face, call, at FROM audit_context").fetchall() == [(None,) * 4]
    assert len(trail) == len(set(trail))
    assert {(int(row_id), name) for row_id, name, who in trail if who == "fred"} >= acknowledged


@pytest.mark.slow
def test_every_acknowledged_write_survives_a_kill(tmp_path: Path, server: Start) -> None:
    path = tmp_path / "world.db"
    rolls = random.Random(20131115)
    kept: set[tuple[int, str]] = set()
    for round_ in range(ROUNDS):
        started = server("--quiet", "--db", str(path))
        present = everything(started.url)
        assert len({number for number, _ in present}) == len(present)
        assert kept <= set(present)
        acknowledged: SimpleQueue[tuple[int, str]] = SimpleQueue()
        writers = [
            threading.Thread(target=write_until_it_dies, args=(started.url, f"{round_}.{n}", acknowledged))
            for n in range(WRITERS)
        ]
        for writer in writers:
            writer.start()
        for _ in range(rolls.randrange(1, 60)):
            kept.add(acknowledged.get(timeout=LIMIT))
        # Now, whatever the four are in the middle of.
        started.process.kill()
        started.process.wait(LIMIT)
        for writer in writers:
            writer.join(LIMIT)
            assert not writer.is_alive()
        while not acknowledged.empty():
            kept.add(acknowledged.get())
        check_file(path, kept)
    assert len(kept) > ROUNDS
    last = server("--quiet", "--db", str(path))
    assert kept <= set(everything(last.url))
    assert last.stop() == 0
    check_file(path, kept)


@pytest.mark.slow
def test_a_start_killed_at_any_moment_can_be_repeated(tmp_path: Path, server: Start) -> None:
    rolls = random.Random(20140120)
    root = Path(__file__).parents[2]
    for number in range(ROUNDS):
        path = tmp_path / f"{number}.db"
        command = [sys.executable, "-m", "mock_server", "serve", "--port", "0", "--quiet", "--db", str(path)]
        with subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
            try:
                process.wait(rolls.uniform(0.05, 0.6))
            except subprocess.TimeoutExpired:
                process.kill()
            process.wait(LIMIT)
        again = server("--quiet", "--db", str(path))
        assert {number for number, _ in everything(again.url)} == {1, 3}
        assert again.stop() == 0
