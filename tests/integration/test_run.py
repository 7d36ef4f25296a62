"""A whole run against the fake: what it remembers, what it tells, and what it comes to when something breaks."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from integration.records import Outcome
from integration.store import Store

from .runs import Runs, last_run

pytestmark = pytest.mark.tempo(scenario="guide", clock="2026-03-02T09:00Z")


class BreakingStore(Store):
    """Its disk is full from some outcome on."""

    left = 2

    def note(self, run: int, outcome: Outcome) -> None:
        self.left -= 1
        if self.left < 0:
            raise sqlite3.OperationalError("database or disk is full")
        super().note(run, outcome)


@pytest.fixture
def runs(tempo: Any, tmp_path: Path) -> Iterator[Runs]:
    made = Runs(tempo, tmp_path)
    with closing(made.store):
        yield made


def test_a_disk_that_is_full_in_the_middle_hides_no_outcome(runs: Runs) -> None:
    selection = runs.store.selection()
    runs.store.close()
    runs.store = BreakingStore(":memory:")
    with runs.store.transaction():
        runs.store.select(selection.values())
    ran = runs.run()
    assert ran.exit == 7
    assert [outcome.error is None for outcome in ran.outcomes] == [True] * 2 + [False] * (len(ran.outcomes) - 2)
    assert len(ran.outcomes) == ran.compared.size > 3
    assert len(runs.rules) == 2
    record = last_run(runs.store)
    assert record is not None
    assert (record["exit_code"], record["created"]) == (7, 2)
    runs.store.left = 1000
    assert runs.exit() == 0


def test_what_is_written_after_the_changes_and_fails_is_told(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(runs.store, "set_fact", full)
    ran = runs.run()
    assert (ran.exit, len(ran.outcomes)) == (7, len(runs.rules))
    assert [outcome.error for outcome in ran.outcomes] == [None] * len(ran.outcomes)
    assert "disk is full" in ran.failed[0]


def test_a_run_that_a_guard_refuses_has_read_all_the_same(runs: Runs) -> None:
    runs.run()
    runs.world.clock.advance(timedelta(hours=1))
    runs.settings = type(runs.settings)(**{**vars(runs.settings), "guard": runs.settings.guard.__class__(0, 0.0)})
    with runs.store.transaction():
        runs.store.select(issue for issue in runs.store.selection().values() if issue.key == "HR-4")
    held = runs.rules
    assert runs.exit() == 3
    assert runs.rules == held
    assert runs.store.fact("last_read") == runs.world.clock.now.isoformat(timespec="seconds")
    # Only --apply remembers.
    runs.world.clock.advance(timedelta(hours=1))
    assert runs.exit(apply=False) == 3
    assert runs.store.fact("last_read") != runs.world.clock.now.isoformat(timespec="seconds")


def test_what_lasts_past_midnight_stays_though_no_day_back_is_looked_at(tempo: Any, tmp_path: Path) -> None:
    made = Runs(tempo, tmp_path, "days_back = 0")
    with closing(made.store):
        tempo.make.plan(person="bob", issue="HR-1", start="2026-03-03", end="2026-03-03", per_day="6h", start_time="22:00")
        assert made.exit() == 0
        night = [rule for rule in made.rules if rule.begin in (datetime(2026, 3, 3, 22), datetime(2026, 3, 4))]
        assert len(night) == 2
        tempo.clock.set("2026-03-04T00:30Z")
        assert made.exit() == 0
        assert set(night) <= set(made.rules)
