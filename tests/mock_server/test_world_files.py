"""Worlds kept in files, under a server: other writers, restarts, many threads, and what never reaches the file."""

import base64
import json
import os
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from mock_server.app import create_application
from mock_server.config import Options

LIMIT = 30
TEAM = "/jira/rest/tempo-teams/2/team"
Start = Callable[..., Any]


def call(url: str, method: str, path: str, who: str, body: Any = None) -> tuple[int, Any]:
    parts = urlsplit(url)
    login = "Basic " + base64.b64encode(f"{who}:{who}".encode()).decode()
    with closing(HTTPConnection(parts.hostname or "", parts.port, timeout=LIMIT)) as connection:
        headers = {"Authorization": login, "Content-Type": "application/json"}
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        response = connection.getresponse()
        raw = response.read()
        return response.status, json.loads(raw) if raw.startswith((b"{", b"[")) else raw


@pytest.mark.parametrize(
    "sql",
    ["UPDATE people SET active = 0 WHERE name = 'bob'", "UPDATE people SET password_hash = NULL WHERE name = 'bob'"],
)
def test_a_remembered_login_ends_at_once_with_a_change_in_the_file(tmp_path: Path, server: Start, sql: str) -> None:
    path = tmp_path / "world.db"
    url = server("--quiet", "--db", str(path)).url
    for _ in range(3):
        assert call(url, "GET", TEAM, "bob")[0] == 200
    with closing(sqlite3.connect(path)) as outside:
        outside.execute(sql)
        outside.commit()
    assert call(url, "GET", TEAM, "bob")[0] == 401


def test_a_permission_given_in_the_file_takes_effect_at_once(tmp_path: Path, server: Start) -> None:
    path = tmp_path / "world.db"
    url = server("--quiet", "--db", str(path)).url
    assert call(url, "POST", TEAM, "greta", {"name": "x"})[0] == 403
    with closing(sqlite3.connect(path)) as outside:
        outside.execute(
            "INSERT INTO group_members (group_id, person_id) SELECT g.id, p.id FROM groups g, people p "
            "WHERE g.name = 'jira-administrators' AND p.name = 'greta'"
        )
        outside.commit()
    assert call(url, "POST", TEAM, "greta", {"name": "x"})[0] == 200


def test_a_file_survives_restarts_with_rows_ids_and_trail(tmp_path: Path, server: Start) -> None:
    path = tmp_path / "world.db"
    ids = []
    for number in range(3):
        started = server("--quiet", "--db", str(path))
        status, team = call(started.url, "POST", TEAM, "fred", {"name": f"Team {number}"})
        assert status == 200
        ids.append(team["id"])
        if number == 1:
            assert call(started.url, "DELETE", f"{TEAM}/{team['id']}", "fred")[0] == 204
        assert started.stop() == 0
    assert ids == [8, 9, 10]
    url = server("--quiet", "--db", str(path)).url
    assert {team["id"] for team in call(url, "GET", TEAM, "fred")[1]} == {1, 3, 8, 10}
    trail = [event for event in call(url, "GET", "/_mock/audit?limit=1000", "fred")[1] if event["noun"] == "teams"]
    assert [(e["verb"], e["row_id"]) for e in trail] == [("insert", "8"), ("insert", "9"), ("delete", "9"), ("insert", "10")]


def test_eight_threads_lose_nothing(tmp_path: Path, server: Start) -> None:
    url = server("--quiet", "--db", str(tmp_path / "world.db")).url
    barrier = threading.Barrier(8, timeout=LIMIT)

    def write(thread: int) -> list[int]:
        barrier.wait()
        return [call(url, "POST", TEAM, "fred", {"name": f"Team {thread}.{n}"})[1]["id"] for n in range(50)]

    with ThreadPoolExecutor(8) as pool:
        ids = [number for found in pool.map(write, range(8)) for number in found]
    assert sorted(ids) == list(range(8, 408))
    names = {team["name"] for team in call(url, "GET", TEAM, "fred")[1]}
    assert names >= {f"Team {thread}.{n}" for thread in range(8) for n in range(50)}


def test_nothing_secret_is_kept_in_clear(tmp_path: Path) -> None:
    path = tmp_path / "world.db"
    application, _ = create_application(Options(database=path, quiet=True))
    application.close()
    raw = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"Fred Winston" in raw
    assert b"not-a-secret" not in raw
    with closing(sqlite3.connect(path)) as connection:
        hashes = [row[0] for row in connection.execute("SELECT password_hash FROM people WHERE password_hash NOT NULL")]
    assert len(hashes) == len(set(hashes)) > 5
    assert all(text.startswith("scrypt$") for text in hashes)
    assert os.path.getsize(path) > 0
