"""Each fault and each trap in turn, over a socket: no rule lost, none wrong, and an exit code that tells what it was.

The world of these tests has changed since the rules were written: there is something to create, to update and to delete.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import requests

from integration.records import Rule

from .runs import Runs

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PLANS = "/4/plans"
OTHERS = (
    "/4/workload-schemes",
    "/4/workload-schemes/members/search",
    "/4/holiday-schemes",
    "/4/holiday-schemes/*/holidays",
    "/4/globalconfiguration",
    "/rest/api/3/user/bulk",
)
EMPTY = {"metadata": {"count": 0, "offset": 0, "limit": 5000}, "results": []}


class Ready(NamedTuple):
    """A world, the rules of a time before, and those that should be. database: with the former."""

    world: Any
    database: Path
    before: frozenset[Rule]
    target: frozenset[Rule]


@pytest.fixture(scope="module")
def ready(tempo_server: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ready]:
    folder = tmp_path_factory.mktemp("ready")
    with tempo_server.world(scenario="guide", clock="2026-03-02T09:00Z") as world:
        roles = ["permissions.plan.view", "permissions.plan.manage"]
        world.make.permission_role("Planners", permissions=roles, people=["absences"])
        world.make.plan(person="bob", issue="HR-1", start="2026-03-10", end="2026-03-12")
        goes = world.make.plan(person="bob", issue="HR-1", start="2026-03-18")
        grows = world.make.plan(person="erica", issue="HR-4", start="2026-03-24", per_day="4h", start_time="09:00")
        with closing((runs := Runs(world, folder, store=folder / "before.db")).store):
            assert runs.run(NOW).exit == 0
            before = frozenset(runs.rules)
        as_who = {"Authorization": f"Bearer {world.token('absences')}"}
        assert requests.delete(goes["self"], headers=as_who, timeout=9).status_code == 204
        names = ("startDate", "endDate", "startTime", "effortPersistenceType", "includeNonWorkingDays", "rule")
        body = {name: grows[name] for name in names if name in grows} | {
            "assigneeId": grows["assignee"]["id"], "assigneeType": "USER", "plannedSecondsPerDay": 28800,
            "planItemId": grows["planItem"]["id"], "planItemType": "ISSUE",
        }  # fmt: skip
        changed = requests.put(grows["self"], json=body, headers=as_who, timeout=9)
        assert changed.status_code == 200, changed.text
        world.make.plan(person="greta", issue="HR-4", start="2026-04-07")
        with closing((runs := Runs(world, folder)).store):
            assert runs.run(NOW).exit == 0
            target = frozenset(runs.rules)
        assert before - target, "something is to be deleted"
        assert target - before, "something is to be created"
        world.snapshot("ready")
        yield Ready(world, folder / "before.db", before, target)


@pytest.fixture
def runs(ready: Ready, tmp_path: Path) -> Iterator[Runs]:
    ready.world.faults.disarm_all()
    ready.world.restore("ready")
    shutil.copy(ready.database, tmp_path / "rules.db")
    made = Runs(ready.world, tmp_path, store=tmp_path / "rules.db", limit=7, timeout=0.15)
    with closing(made.store):
        yield made
    ready.world.faults.disarm_all()


def keys(rules: Any) -> set[Any]:
    return {rule.key for rule in rules}


def check(ready: Ready, runs: Runs, allowed: set[int]) -> int:
    """A run while something is armed, and what must be true after it; then the same without."""
    code = runs.exit(now=NOW)
    held = frozenset(runs.rules)
    assert code in allowed
    if code == 0:
        assert held == ready.target
    else:
        assert keys(ready.before) <= keys(held), "a rule was deleted"
        assert held <= ready.before | ready.target, "a rule is wrong"
    if code == 4:
        assert held == ready.before
    ready.world.faults.disarm_all()
    ready.world.restore("ready")
    assert runs.exit(now=NOW) == 0
    assert frozenset(runs.rules) == ready.target
    again = runs.run(NOW)
    assert (again.exit, again.outcomes, again.compared.size) == (0, (), 0)
    return code


PASSING = (
    {"status": 500},
    {"status": 502, "html": True},
    {"status": 503, "body": "upstream connect error"},
    {"status": 504, "applied": True},
    {"status": 429},
    {"status": 429, "retryAfter": None},
    {"status": 429, "retryAfter": 3600},
    {"cut": "before"},
    {"cut": "before", "reset": False},
    {"cut": "before", "applied": True},
    {"cut": "middle"},
    {"cut": "middle", "reset": True},
    {"truncate": True},
    {"invalidJson": True},
    {"body": ""},
)
"""What is waited for: nothing happened when it lasts for two requests."""

FINAL = (
    {"status": 400},
    {"status": 401},
    {"status": 403},
    {"status": 404},
    {"status": 410},
    {"status": 302, "headers": {"Location": "https://login.example/"}},
    {"html": True},
    {"body": "hello"},
    {"json": []},
    {"json": {"metadata": {}}},
    {"json": {"metadata": {"count": 3}, "results": []}},
    {"json": {"metadata": {"count": 1}, "results": [{}]}},
    {"contentType": "text/html"},
)
"""What is no answer, and is not asked for again."""

HARMLESS = (
    {"delay": 0.01},
    {"drip": 1_000_000},
    {"cut": "after"},
    {"contentType": None},
    {"contentType": "application/vnd.tempo+json"},
    {"headers": {"X-Trace": "1", "Vary": None}},
)


@pytest.mark.parametrize("after", [0, 1, 3])
@pytest.mark.parametrize("fault", PASSING, ids=str)
def test_plans_that_come_in_the_end(ready: Ready, runs: Runs, fault: dict[str, Any], after: int) -> None:
    if fault == {"body": ""}:
        pytest.skip("an empty body is no answer, and is not asked for again")
    ready.world.faults.arm(fault, path=PLANS, after=after, count=2)
    check(ready, runs, {0})


@pytest.mark.parametrize("after", [0, 1, 3])
@pytest.mark.parametrize("fault", [*PASSING, *FINAL, {"timeout": 1}], ids=str)
def test_plans_that_do_not_come(ready: Ready, runs: Runs, fault: dict[str, Any], after: int) -> None:
    ready.world.faults.arm(fault, path=PLANS, after=after)
    check(ready, runs, {7 if after else 4})


@pytest.mark.parametrize("path", OTHERS)
@pytest.mark.parametrize("fault", [*PASSING, *FINAL], ids=str)
def test_what_else_does_not_come(ready: Ready, runs: Runs, fault: dict[str, Any], path: str) -> None:
    ready.world.faults.arm(fault, path=path)
    check(ready, runs, {4})
