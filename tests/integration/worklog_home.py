"""Runs of the worklog sync against a world of the fake, over a socket and without waiting."""

from __future__ import annotations

import base64
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import requests

from integration.clients.http import Wire
from integration.clients.jira import Jira
from integration.clients.jira_worklogs import JiraWorklogs
from integration.clients.tempo import Tempo
from integration.clients.tempo_worklogs import TempoWorklogs
from integration.settings import Settings, read_settings
from integration.store import Store
from integration.worklog_result import Asked, Ran
from integration.worklog_rows import WorklogRows
from integration.worklog_run import run_worklogs
from integration.worklogs import Period

from .runs import Silent
from .scripted import Clock

EVER = Period(date(2000, 1, 1), date(2100, 1, 1))
CONFIGURATION = """
[site]
tempo_url = "{tempo}"
jira_url = "{jira}"
jira_user = "{user}"
requests_per_second = 10000
"""


class WorklogHome:
    """A world of the fake with a configuration and a database. who: whose tokens are used."""

    def __init__(self, world: Any, folder: Path, more: str = "", *, who: str = "viewer", limit: int = 5000) -> None:
        self.world, self.folder, self.limit, self.who = world, folder, limit, who
        self.clock = Clock()
        # Of Tempo.
        self.timeout = 20.0
        self.jira_url: str = world.jira_url
        self.token: str = world.token(who)
        self.database = folder / "tempo-sync.db"
        self.configure(more)

    def configure(self, more: str = "", url: str | None = None) -> None:
        """Write the configuration anew. url: of Tempo."""
        values = {"tempo": url or self.world.url, "jira": self.jira_url, "user": self.world.persona(self.who)["email"]}
        self.file.write_text(CONFIGURATION.format(**values) + more, encoding="utf-8")
        self.settings: Settings = read_settings(self.file)

    @property
    def file(self) -> Path:
        """The configuration."""
        return self.folder / "tempo-sync.toml"

    def run(self, now: datetime | None = None, **asked: bool) -> Ran:
        """A run."""
        tempo = self._wire(self.settings.tempo_url, f"Bearer {self.token}", self.timeout)
        login = f"{self.world.persona(self.who)['email']}:{self.world.api_token(self.who)}"
        jira = self._wire(self.settings.jira_url, f"Basic {base64.b64encode(login.encode()).decode()}")
        with closing(Store(self.database)) as store:
            return run_worklogs(
                self.settings, Asked(**asked), store, Tempo(tempo, self.limit), TempoWorklogs(tempo, self.limit),
                Jira(jira), JiraWorklogs(jira), Silent(), now=now or self.world.clock.now,
            )  # fmt: skip

    def totals(self) -> dict[tuple[str, str], int]:
        """(Author, day) -> seconds, as the figures stand."""
        with closing(Store(self.database)) as store:
            return {(row.author_id, row.day.isoformat()): row.seconds for row in WorklogRows(store).daily(EVER)}

    def unattributed(self) -> int:
        """Seconds of nobody."""
        with closing(Store(self.database)) as store:
            return WorklogRows(store).unattributed(EVER)

    def in_tempo(self) -> dict[tuple[str, str], int]:
        """What should be: the same of Tempo, as an administrator of worklogs reads it."""
        found: dict[tuple[str, str], int] = {}
        query = {"limit": "5000", "orderBy": "ID"}
        for row in self.tempo("GET", "worklogs", query=query)["results"]:
            key = row["author"]["accountId"], row["startDate"]
            found[key] = found.get(key, 0) + row["timeSpentSeconds"]
        return found

    def native(self) -> dict[tuple[str, str], int]:
        """What should be of Jira alone: the same, of what people entered there themselves."""
        found: dict[tuple[str, str], int] = {}
        changes = self.jira("GET", "worklog/updated", who="admin")
        assert changes["lastPage"]
        ids = [change["worklogId"] for change in changes["values"]]
        for row in self.jira("POST", "worklog/list", {"ids": ids}, who="admin"):
            author = row["author"]
            if author["accountType"] != "app":
                started = datetime.strptime(row["started"], "%Y-%m-%dT%H:%M:%S.%f%z").astimezone(ZoneInfo(author["timeZone"]))
                key = author["accountId"], started.date().isoformat()
                found[key] = found.get(key, 0) + row["timeSpentSeconds"]
        return found

    def tempo(self, method: str, path: str, body: Any = None, query: Any = None, who: str = "viewer") -> Any:
        """A request to Tempo; answers the JSON, None where there is none."""
        headers = {"Authorization": f"Bearer {self.world.token(who)}"}
        answer = requests.request(method, f"{self.world.url}/4/{path}", json=body, params=query, headers=headers, timeout=20)
        assert answer.status_code < 400, answer.text
        return answer.json() if answer.content else None

    def jira(self, method: str, path: str, body: Any = None, who: str = "member") -> Any:
        """A request to Jira; answers the JSON, None where there is none."""
        login = self.world.persona(who)["email"], self.world.api_token(who)
        answer = requests.request(method, f"{self.jira_url}/rest/api/3/{path}", json=body, auth=login, timeout=20)
        assert answer.status_code < 400, answer.text
        return answer.json() if answer.content else None

    def _wire(self, url: str, authorization: str, timeout: float = 20.0) -> Wire:
        return Wire(url, authorization, clock=self.clock, per_second=10_000, timeout=(5.0, timeout))
