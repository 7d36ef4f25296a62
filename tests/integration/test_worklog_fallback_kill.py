"""Runs that enter and leave the fallback, killed at any write: the next one makes up for it, and tells whom it concerns."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .conftest import LIMIT, ROOT
from .test_alerts import HOOK
from .worklog_home import WorklogHome

DRIVER = Path(__file__).with_name("killed_run.py")
REFUSED = {"status": 403, "path": "/4/"}

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


class Killed(WorklogHome):
    """A home whose runs may be killed. Its hook writes what it was told into ``told``."""

    def __init__(self, world: Any, folder: Path) -> None:
        script = folder / "hook.py"
        script.write_text(HOOK)
        hook = f"{sys.executable} {script} {folder / 'told'} 0"
        super().__init__(world, folder, f'[worklogs]\nattribute = "held"\n[alerts]\ncommand = "{hook}"\n')

    def killed_at(self, write: int) -> tuple[int, int]:
        """A run that kills itself at a write; answers its exit code and the writes it counted."""
        counted = self.folder / "writes"
        counted.unlink(missing_ok=True)
        command = [sys.executable, str(DRIVER), str(write), str(counted), "worklogs", "--json", "--config", str(self.file)]
        tokens = {"TEMPO_TOKEN": self.token, "JIRA_TOKEN": self.world.api_token(self.who)}
        environment = {**os.environ, **tokens, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, env=environment, capture_output=True, timeout=LIMIT, check=False)
        return done.returncode, int(counted.read_text()) if counted.exists() else 0

    def alerts(self) -> list[str]:
        file = self.folder / "told"
        return [json.loads(line)["ALERT"] for line in file.read_text().splitlines()] if file.exists() else []

    def keep(self, name: str) -> None:
        """Remember the database, to begin there again."""
        shutil.copy(self.database, self.folder / name)

    def begin(self, name: str) -> None:
        """The database as it was, and nobody was told anything."""
        for path in self.folder.glob("tempo-sync.db*"):
            path.unlink()
        shutil.copy(self.folder / name, self.database)
        (self.folder / "told").unlink(missing_ok=True)


@pytest.fixture(scope="module")
def home(tempo_server: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killed]:
    """Tempo was read, and changed since in Tempo and in Jira."""
    with tempo_server.world(scenario="guide", clock="2026-03-02T09:00Z") as world:
        made = Killed(world, tmp_path_factory.mktemp("killed"))
        assert made.run().exit == 0
        made.jira("POST", "issue/CLOUD-1/worklog", {"timeSpentSeconds": 5400, "started": "2026-03-02T08:00:00.000+0000"})
        gone = world.make.worklog(person="bob", issue="CLOUD-3", day=0, time_spent="2h")
        world.clock.advance(120)
        made.keep("read")
        assert gone
        yield made


@pytest.mark.parametrize("step", [19, pytest.param(1, marks=pytest.mark.exhaustive)])
def test_entering(home: Killed, step: int) -> None:
    fault = home.world.faults.arm(REFUSED)
    try:
        home.begin("read")
        code, writes = home.killed_at(0)
        assert (code, writes > 15) == (6, True)
        wanted, nobodys = home.totals(), home.unattributed()
        assert sum(wanted.values()) > nobodys > 0
        assert home.alerts() == ["entered"]
        for number in range(1, writes + 1, step):
            home.begin("read")
            assert home.killed_at(number)[0] == -signal.SIGKILL, number
            ran = home.run()
            assert (ran.exit, home.totals(), home.unattributed()) == (6, wanted, nobodys), number
            assert set(home.alerts()) == {"entered"}, number
            assert len(home.alerts()) <= 2, number
            told = home.alerts()
            assert home.run().exit == 6
            assert home.alerts() == told, number
    finally:
        fault.disarm()


@pytest.mark.parametrize("step", [19, pytest.param(1, marks=pytest.mark.exhaustive)])
def test_leaving(home: Killed, step: int) -> None:
    home.begin("read")
    fault = home.world.faults.arm(REFUSED)
    assert home.run().exit == 6
    fault.disarm()
    home.keep("fallen")
    home.begin("fallen")
    code, writes = home.killed_at(0)
    assert (code, writes > 15, home.totals()) == (0, True, home.in_tempo())
    assert home.alerts() == ["left"]
    for number in range(1, writes + 1, step):
        home.begin("fallen")
        assert home.killed_at(number)[0] == -signal.SIGKILL, number
        ran = home.run()
        assert (ran.exit, home.totals(), home.unattributed()) == (0, home.in_tempo(), 0), number
        assert set(home.alerts()) == {"left"}, number
        assert len(home.alerts()) <= 2, number
