"""A reading of worklogs that is killed at any of its writes is made up for by the next one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import requests

from integration.clients.http import Wire
from integration.clients.tempo_worklogs import TempoWorklogs
from integration.records import Complete
from integration.store import Store
from integration.worklog_reading import read_worklogs
from integration.worklog_rows import WorklogRows
from integration.worklog_settings import WorklogSettings

from .sites import DRIVER, ROOT

LIMIT = 60
ROWS = 7
PEOPLE = ("bob", "erica", "greta")


class Ready(NamedTuple):
    """A world whose worklogs were read, and changed since. wanted: id -> seconds and day."""

    url: str
    token: str
    database: Path
    wanted: dict[int, tuple[int, str]]


@pytest.fixture(scope="module", params=[True, False], ids=["audit", "window"])
def ready(request: Any, tempo_server: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ready]:
    folder = tmp_path_factory.mktemp("ready")
    scopes = ["worklogs:view", "worklogs:manage", *(["audit:view"] if request.param else [])]
    with tempo_server.world(scenario="guide") as world:
        may = ["permissions.worklog.view", "permissions.worklog.manage"]
        world.make.permission_role("Everything", permissions=may, people=["fred"])
        token = world.make.token("fred", scopes=scopes)["token"]
        made = [world.make.worklog(PEOPLE[n % 3], day=-(n % 10), time_spent=60 + n, issue="CLOUD-3") for n in range(30)]
        ready = Ready(world.url, token, folder / "before.db", {})
        assert ready_run(ready, ready.database)[0] == 0
        for bean in made[3:20:6]:
            assert requests.delete(bean["self"], headers=bearer(token), timeout=LIMIT).status_code == 204
        for bean in made[1:20:5]:
            body = {"authorAccountId": bean["author"]["accountId"], "startDate": bean["startDate"], "timeSpentSeconds": 5}
            if bean not in made[3:20:6]:
                assert requests.put(bean["self"], json=body, headers=bearer(token), timeout=LIMIT).status_code == 200
        for number in range(9):
            world.make.worklog(PEOPLE[number % 3], day=-40, time_spent=30, issue="CLOUD-3")
        answer = requests.get(f"{world.url}/4/worklogs?limit=5000", headers=bearer(token), timeout=LIMIT).json()["results"]
        yield ready._replace(wanted={row["tempoWorklogId"]: (row["timeSpentSeconds"], row["startDate"]) for row in answer})


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def ready_run(ready: Ready, database: Path, write: int = 0) -> tuple[int, int]:
    """Exit code and number of writes of a reading that is killed at a write."""
    counted = database.with_suffix(".writes")
    counted.unlink(missing_ok=True)
    command = [sys.executable, str(DRIVER), str(write), str(counted), "read-worklogs", ready.url, str(database), str(ROWS)]
    environment = {**os.environ, "TEMPO_TOKEN": ready.token, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, timeout=LIMIT, check=False, text=True)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode, int(counted.read_text()) if counted.exists() else 0


def repair(ready: Ready, database: Path) -> None:
    with closing(Store(database)) as store:
        tempo = TempoWorklogs(Wire(ready.url, f"Bearer {ready.token}", per_second=10_000), ROWS)
        found = read_worklogs(tempo, WorklogRows(store), store, WorklogSettings())
        assert isinstance(found, Complete), found


def held(database: Path) -> dict[int, tuple[int, str]]:
    with closing(Store(database)) as store:
        rows = WorklogRows(store)
        assert not rows.doubts()
        return {worklog.id: (worklog.seconds, worklog.day.isoformat()) for worklog in rows.of(rows.ids())}


@pytest.mark.parametrize("step", [29, pytest.param(1, marks=pytest.mark.exhaustive)])
@pytest.mark.parametrize("is_first", [True, False], ids=["first", "again"])
def test_a_reading_that_is_killed_at_any_write_is_made_up_for(ready: Ready, tmp_path: Path, is_first: bool, step: int) -> None:
    def fresh(number: int) -> Path:
        database = tmp_path / f"{number}.db"
        if not is_first:
            shutil.copy(ready.database, database)
        return database

    whole = fresh(0)
    code, writes = ready_run(ready, whole)
    assert code == 0
    assert writes > 10
    assert held(whole) == ready.wanted
    for number in range(1, writes + 1, step):
        database = fresh(number)
        assert ready_run(ready, database, number)[0] == -signal.SIGKILL, number
        repair(ready, database)
        assert held(database) == ready.wanted, number
