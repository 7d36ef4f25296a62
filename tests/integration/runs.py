"""Runs of the absence sync against a world of the fake, over a socket and without waiting."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from integration.clients.http import Unreadable, Wire
from integration.clients.jira import Jira
from integration.clients.tempo import Tempo
from integration.exits import Exit
from integration.records import Rule
from integration.run import Asked, Ran, run_absences
from integration.settings import Settings, read_settings
from integration.store import RunRecord, Store

from .scripted import Clock

CONFIGURATION = """
[site]
tempo_url = "{tempo}"
jira_url = "{jira}"
jira_user = "{user}"
requests_per_second = 10000
[absences]
{absences}
[[template]]
issue = "HR-1"
coverers = ["5b10a2844c20165700ede220"]
message = "Away until [return date]; ask [coverer]."
mention_days_ahead = 4
[[template]]
issue = "HR-4"
message = "Away until [return date]"
"""


class Silent:
    """A console that nobody looks at."""

    @contextmanager
    def progress(self, label: str, length: int | None = None) -> Iterator[Callable[[int], object]]:
        yield lambda done: None

    def say(self, sentence: str) -> None:
        pass


class Runs:
    """A site of the fake with a database of rules, in memory unless told otherwise."""

    def __init__(
        self,
        world: Any,
        folder: Path,
        absences: str = "",
        *,
        store: Path | str = ":memory:",
        limit: int = 5000,
        timeout: float = 20,
    ) -> None:
        self.world = world
        self.limit = limit
        self.timeout = timeout
        self.clock = Clock()
        path = folder / "tempo-sync.toml"
        values = {"tempo": world.url, "jira": world.jira_url, "user": world.persona("absences")["email"]}
        path.write_text(CONFIGURATION.format(**values, absences=absences))
        self.settings: Settings = read_settings(path)
        self.store = Store(store)
        if self.store.selection():
            return
        with self.store.transaction():
            self.store.select(found for found in self.tempo().internal_issues() or () if found.key in ("HR-1", "HR-4"))

    def tempo(self) -> Tempo:
        return Tempo(self._wire(self.settings.tempo_url, f"Bearer {self.world.token('absences')}"), self.limit)

    def jira(self) -> Jira:
        login = f"{self.world.persona('absences')['email']}:{self.world.api_token('absences')}"
        return Jira(self._wire(self.settings.jira_url, f"Basic {base64.b64encode(login.encode()).decode()}"))

    def _wire(self, url: str, authorization: str) -> Wire:
        return Wire(url, authorization, clock=self.clock, per_second=10_000, timeout=(5.0, self.timeout))

    def run(self, now: datetime | None = None, **asked: bool) -> Ran:
        """A run that writes unless ``apply=False``. Raises ``Unreadable``."""
        moment = self.world.clock.now if now is None else now
        return run_absences(
            self.settings, Asked(**{"apply": True, **asked}), self.store, self.tempo(), self.jira(), Silent(), now=moment
        )

    def exit(self, **asked: bool) -> int:
        """The exit code of a run, as the command ends with."""
        try:
            return int(self.run(**asked).exit)
        except Unreadable:
            return int(Exit.UNREADABLE)

    @property
    def rules(self) -> list[Rule]:
        return [held.rule for held in self.store.held()]


def last_run(store: Store) -> dict[str, Any] | None:
    """The last run that came to its end."""
    columns = RunRecord._fields
    rows = store.rows(f"SELECT {', '.join(columns)} FROM runs WHERE exit_code IS NOT NULL ORDER BY id DESC LIMIT 1")
    return dict(zip(columns, rows[0], strict=True)) if rows else None
