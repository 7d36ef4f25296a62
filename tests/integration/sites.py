"""A fake of Tempo and Jira behind a socket, with a site of its own for each test, and a directory that tempo-sync is run in."""

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from integration.cli import main
from integration.records import Issue
from integration.store import Connection, Store

ROOT = Path(__file__).parents[2]
READY = "tempo-mock ready on "
LIMIT = 60
DRIVER = Path(__file__).with_name("killed_run.py")
FRED, ERICA, BOB, DAVID, LAURA = (
    "5b10a2844c20165700ede21f",
    "5b10a2844c20165700ede220",
    "5b10a2844c20165700ede223",
    "5b10a2844c20165700ede224",
    "5b10a2844c20165700ede222",
)
TOKENS = {"TEMPO_TOKEN": "demo-token-of-absences-not-a-secret", "JIRA_TOKEN": "demo-jira-token-of-fred-not-a-secret"}
HR1, HR2 = "10240", "10241"


class Home:
    """A site of the fake and a directory with a configuration. Nobody has any plan there but those the test makes."""

    def __init__(self, url: str, folder: Path, capsys: Any) -> None:
        self.url, self.folder, self._capsys = url, folder, capsys
        self.config = folder / "tempo-sync.toml"

    def configure(self, templates: str, sinks: str = "", more: str = "") -> None:
        """Write the configuration."""
        self.config.write_text(
            f'[site]\ntempo_url = "{self.url}"\njira_url = "{self.url}"\njira_user = "fred@example.org"\n'
            f"requests_per_second = 10000\n{more}\n[sinks]\n{sinks}\n{templates}",
            encoding="utf-8",
        )
        with closing(Store(self.folder / "tempo-sync.db")) as store, store.transaction():
            store.select([Issue(HR1, "HR-1", "Paid time off"), Issue(HR2, "HR-2", "Sick leave")])

    def connect(self, expires: Any) -> None:
        """Remember a connection whose token ends on a day."""
        with closing(Store(self.folder / "tempo-sync.db")) as store, store.transaction():
            told = Connection("https://api.tempo.io", "absences of the team", expires, "abc", "2026-01-01T00:00:00+00:00")
            store.set_connection(told)

    def jira(self, method: str, path: str, body: Any = None) -> Any:
        """A request to Jira as fred; answers the JSON, None where there is none."""
        pair = base64.b64encode(f"fred@example.org:{TOKENS['JIRA_TOKEN']}".encode()).decode()
        headers = {"Authorization": f"Basic {pair}"}
        answer = requests.request(method, f"{self.url}/rest/api/3/{path}", json=body, headers=headers, timeout=LIMIT)
        assert answer.status_code < 400, answer.text
        return answer.json() if answer.content else None

    def tempo(self, method: str, path: str, body: Any = None) -> Any:
        """A request to Tempo; answers the JSON, None where there is none."""
        headers = {"Authorization": f"Bearer {TOKENS['TEMPO_TOKEN']}"}
        answer = requests.request(method, f"{self.url}/4/{path}", json=body, headers=headers, timeout=LIMIT)
        assert answer.status_code < 400, answer.text
        return answer.json() if answer.content else None

    def plan(self, person: str, issue: str = HR1, days: tuple[int, int] = (-1, 1)) -> int:
        """Plan somebody's whole days off, counted from today."""
        first, last = (datetime.now(UTC).date() + timedelta(days=offset) for offset in days)
        body = {
            "assigneeId": person, "assigneeType": "USER", "planItemId": issue, "planItemType": "ISSUE",
            "startDate": first.isoformat(), "endDate": last.isoformat(), "plannedSecondsPerDay": 28800,
            "includeNonWorkingDays": True,
        }  # fmt: skip
        return int(self.tempo("POST", "plans", body)["id"])

    def give(self, key: str, person: str | None) -> None:
        """Assign an issue."""
        self.jira("PUT", f"issue/{key}/assignee", {"accountId": person})

    def assignee(self, key: str) -> str | None:
        """Whose an issue is."""
        found = self.jira("GET", f"issue/{key}?fields=assignee")["fields"]["assignee"]
        return found["accountId"] if found else None

    def comments(self, key: str) -> list[list[str]]:
        """The comments of an issue, each as its paragraphs."""
        found = self.jira("GET", f"issue/{key}/comment")["comments"]
        return [["".join(t["text"] for t in p.get("content", ())) for p in c["body"]["content"]] for c in found]

    def run(self, command: str, *arguments: str) -> tuple[int, str, str]:
        """Run tempo-sync in this process; answers exit code, stdout and stderr."""
        self._capsys.readouterr()
        code = main([command, "--config", str(self.config), *arguments])
        told = self._capsys.readouterr()
        return code, told.out, told.err

    def absences(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        """Run ``absences --json``; answers exit code and what it told."""
        code, out, _ = self.run("absences", "--json", *arguments)
        return code, json.loads(out)

    def rules(self) -> list[dict[str, Any]]:
        """All rules as they are listed."""
        found: list[dict[str, Any]] = json.loads(self.run("rules", "--all", "--json")[1])["rules"]
        return found

    def killed_at(self, write: int, *arguments: str) -> tuple[int, int]:
        """Run tempo-sync in a process that kills itself at a write; answers its exit code and the writes it counted."""
        counted = self.folder / "writes"
        counted.unlink(missing_ok=True)
        command = [sys.executable, str(DRIVER), str(write), str(counted), *arguments, "--config", str(self.config)]
        environment = {**os.environ, **TOKENS, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, env=environment, capture_output=True, timeout=LIMIT, check=False)
        return done.returncode, int(counted.read_text()) if counted.exists() else 0


def _write_scenario(folder: Path) -> None:
    """The scenario guide without plans, where fred may plan for everybody."""
    shutil.copytree(ROOT / "fixtures" / "guide", folder)
    (folder / "plans.json").unlink()
    for noun, change in (("permission_roles", _may_manage), ("issues", _is_open)):
        file = folder / f"{noun}.json"
        entries = json.loads(file.read_text(encoding="utf-8"))
        file.write_text(json.dumps([change(entry) for entry in entries]), encoding="utf-8")


def _may_manage(role: dict[str, Any]) -> dict[str, Any]:
    is_plans = "permissions.plan.view" in role["keys"]
    return {**role, "keys": [*role["keys"], "permissions.plan.manage"]} if is_plans else role


def _is_open(issue: dict[str, Any]) -> dict[str, Any]:
    return {**issue, "internal_teams": []}


@pytest.fixture(scope="session")
def fake_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a fake that serves the whole run."""
    scenario = tmp_path_factory.mktemp("scenario") / "without-plans"
    _write_scenario(scenario)
    command = [sys.executable, "-m", "mock_server", "serve", "--port", "0", "--quiet", "--scenario", str(scenario)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as process,
    ):
        assert process.stdout is not None
        guard = threading.Timer(LIMIT, process.kill)
        guard.start()
        try:
            ready = next((line for line in process.stdout if line.startswith(READY)), "")
            guard.cancel()
            assert ready, "the fake did not start"
            yield ready.removeprefix(READY).strip().rstrip("/")
        finally:
            guard.cancel()
            process.terminate()


@pytest.fixture
def new_home(
    fake_url: str, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> Iterator[Any]:
    """Makes homes: ``new_home()``."""
    for name, token in TOKENS.items():
        monkeypatch.setenv(name, token)
    made: list[str] = []

    def make() -> Home:
        answer = requests.post(f"{fake_url}/_mock/sites", json={}, timeout=LIMIT)
        assert answer.status_code == 201, answer.text
        name = answer.json()["name"]
        made.append(name)
        return Home(f"{fake_url}/sites/{name}", tmp_path_factory.mktemp("home"), capsys)

    yield make
    for name in made:
        requests.delete(f"{fake_url}/_mock/sites/{name}", timeout=LIMIT)


@pytest.fixture
def home(new_home: Any) -> Home:
    """One home."""
    found: Home = new_home()
    return found
