"""Histories on both sides, with outages between: while Tempo cannot be read everybody has what they entered in Jira, and
afterwards exactly what Tempo has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .worklog_home import WorklogHome

ISSUES = ("CLOUD-1", "CLOUD-3", "HR-1")
BOB, OTHERS = "member", {"status": 401, "path": "/4/"}
OUTAGES = (OTHERS, {"status": 503, "path": "/4/"}, {"html": True, "path": "/4/"}, {"cut": "middle", "path": "/4/worklogs"})


@pytest.fixture(scope="module")
def world(tempo_server: Any) -> Iterator[Any]:
    """A site whose month begins: nobody logged anything but what a test makes them."""
    with tempo_server.world(scenario="guide", clock="2026-03-02T09:00Z") as made:
        made.snapshot("new")
        yield made


minutes = st.integers(1, 9).map(lambda quarters: quarters * 900)
steps = st.one_of(
    st.tuples(st.just("log in Tempo"), st.sampled_from(ISSUES), minutes, st.integers(-40, 0)),
    st.tuples(st.just("log in Jira"), st.sampled_from(ISSUES[:2]), minutes, st.integers(1, 28)),
    st.tuples(st.just("edit in Tempo"), st.integers(0, 9), minutes, st.integers(1, 28)),
    st.tuples(st.just("delete in Tempo"), st.integers(0, 9)),
    st.tuples(st.just("edit in Jira"), st.integers(0, 9), minutes),
    st.tuples(st.just("delete in Jira"), st.integers(0, 9)),
    st.tuples(st.just("outage"), st.integers(0, len(OUTAGES) - 1)),
    st.tuples(st.just("run"), st.booleans()),
)


class History:
    """What happens in a world, and the runs between."""

    def __init__(self, world: Any, folder: Path, limit: int) -> None:
        self.world = world
        world.faults.disarm_all()
        world.restore("new")
        more = "[worklogs]\noverlap_minutes = 1\nwindow_days = 400\n"
        self.home = WorklogHome(world, folder, more, limit=limit)
        self.bob: str = world.persona(BOB)["account_id"]
        # What came to be before is as old as it can be.
        world.clock.advance(3600)
        assert self.home.run().exit == 0

    def play(self, step: tuple[Any, ...]) -> None:
        what, *values = step
        getattr(self, what.replace(" ", "_").lower())(*values)
        self.world.clock.advance(90)

    def log_in_tempo(self, issue: str, seconds: int, day: int) -> None:
        self.world.make.worklog(person=BOB, issue=issue, day=day, time_spent=seconds, bypass=True)

    def log_in_jira(self, issue: str, seconds: int, day: int) -> None:
        body = {"timeSpentSeconds": seconds, "started": f"2026-02-{day:02}T23:30:00.000+0000"}
        self.home.jira("POST", f"issue/{issue}/worklog", body)

    def edit_in_tempo(self, which: int, seconds: int, day: int) -> None:
        rows = self._of_bob()
        if rows:
            row = rows[which % len(rows)]
            body = {"startDate": f"2026-02-{day:02}", "timeSpentSeconds": seconds, "authorAccountId": self.bob}
            self.home.tempo("PUT", f"worklogs/{row['tempoWorklogId']}", {**body, "startTime": "10:00:00"}, who=BOB)

    def delete_in_tempo(self, which: int) -> None:
        rows = self._of_bob()
        if rows:
            self.home.tempo("DELETE", f"worklogs/{rows[which % len(rows)]['tempoWorklogId']}", who=BOB)

    def edit_in_jira(self, which: int, seconds: int) -> None:
        rows = self._native()
        if rows:
            row = rows[which % len(rows)]
            self.home.jira("PUT", f"issue/{row['issueId']}/worklog/{row['id']}", {"timeSpentSeconds": seconds})

    def delete_in_jira(self, which: int) -> None:
        rows = self._native()
        if rows:
            row = rows[which % len(rows)]
            self.home.jira("DELETE", f"issue/{row['issueId']}/worklog/{row['id']}")

    def outage(self, which: int) -> None:
        self.world.faults.arm(OUTAGES[which])
        ran = self.home.run()
        self.world.faults.disarm_all()
        assert ran.exit == 6
        assert self.home.totals() == self.home.native()
        assert self.home.unattributed() == sum(self.home.in_tempo().values()) - sum(self.home.totals().values())

    def run(self, full: bool) -> None:
        self.home.run(full=full)
        self.check()

    def check(self) -> None:
        assert self.home.totals() == self.home.in_tempo()
        assert self.home.unattributed() == 0

    def _of_bob(self) -> list[Any]:
        query = {"limit": "5000"}
        found = self.home.tempo("GET", f"worklogs/user/{self.bob}", query=query)["results"]
        return [row for row in found if row["startDate"] >= "2026-02-01"]

    def _native(self) -> list[Any]:
        ids = [change["worklogId"] for change in self.home.jira("GET", "worklog/updated")["values"]]
        rows = self.home.jira("POST", "worklog/list", {"ids": ids}) if ids else []
        return [row for row in rows if row["author"]["accountId"] == self.bob]


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=st.lists(steps, min_size=4, max_size=14), limit=st.sampled_from([50, 51, 5000]))
def test_any_history_ends_in_what_tempo_has(world: Any, history: list[tuple[Any, ...]], limit: int) -> None:
    with TemporaryDirectory() as folder:
        played = History(world, Path(folder), limit)
        for step in history:
            played.play(step)
        played.home.run()
        played.check()
