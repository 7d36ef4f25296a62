"""Each fault and each trap in turn, over a socket: no rule lost, none wrong, and an exit code that tells what it was.

The world of these tests has changed since the rules were written: there is something to create, to update and to delete.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import requests

from integration.records import Rule

from .runs import Runs, last_run

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


def sampled(faults: Sequence[dict[str, Any]], every: int = 8) -> list[Any]:
    """All of them, most of them slow: together they take minutes."""
    return [
        fault if number % every == 0 else pytest.param(fault, marks=pytest.mark.exhaustive)
        for number, fault in enumerate(faults)
    ]


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
    else:
        record = last_run(runs.store)
        assert record is not None
        assert record["exit_code"] == code
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
    {"status": 429, "retryAfter": 60},
    {"cut": "before"},
    {"cut": "before", "reset": False},
    {"cut": "before", "applied": True},
    {"cut": "middle"},
    {"cut": "middle", "reset": True},
    {"truncate": True},
    {"invalidJson": True},
)
"""What is waited for: nothing happened when it lasts for two requests."""

FINAL = (
    {"body": ""},
    {"status": 400},
    {"status": 401},
    {"status": 403},
    {"status": 404},
    {"status": 410},
    {"status": 429, "retryAfter": 3600},
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
@pytest.mark.parametrize("fault", sampled(PASSING), ids=str)
def test_plans_that_come_in_the_end(ready: Ready, runs: Runs, fault: dict[str, Any], after: int) -> None:
    ready.world.faults.arm(fault, path=PLANS, after=after, count=2)
    check(ready, runs, {0})


@pytest.mark.parametrize("after", [0, 1, 3])
@pytest.mark.parametrize("fault", sampled([*PASSING, *FINAL, {"timeout": 1}]), ids=str)
def test_plans_that_do_not_come(ready: Ready, runs: Runs, fault: dict[str, Any], after: int) -> None:
    ready.world.faults.arm(fault, path=PLANS, after=after)
    check(ready, runs, {7 if after else 4})


@pytest.mark.parametrize("path", OTHERS)
@pytest.mark.parametrize("fault", sampled([*PASSING, *FINAL], 14), ids=str)
def test_what_else_does_not_come(ready: Ready, runs: Runs, fault: dict[str, Any], path: str) -> None:
    ready.world.faults.arm(fault, path=path)
    check(ready, runs, {4})


@pytest.mark.parametrize("path", OTHERS)
@pytest.mark.parametrize("fault", sampled(PASSING, 9), ids=str)
def test_what_else_comes_in_the_end(ready: Ready, runs: Runs, fault: dict[str, Any], path: str) -> None:
    ready.world.faults.arm(fault, path=path, count=2)
    check(ready, runs, {0})


@pytest.mark.parametrize("path", ["/4/", "/rest/", PLANS])
@pytest.mark.parametrize("fault", HARMLESS, ids=str)
def test_what_does_no_harm(ready: Ready, runs: Runs, fault: dict[str, Any], path: str) -> None:
    ready.world.faults.arm(fault, path=path)
    check(ready, runs, {0})


@pytest.mark.parametrize("rows", [-2, -1, 1, 2])
@pytest.mark.parametrize("after", [0, 1])
def test_rows_that_move(ready: Ready, runs: Runs, rows: int, after: int) -> None:
    ready.world.faults.arm(path=PLANS, shift=rows, query={"offset": "*"}, after=after)
    check(ready, runs, {7})


@pytest.mark.parametrize("seed", range(6))
def test_what_fails_now_and_then(ready: Ready, runs: Runs, seed: int) -> None:
    ready.world.faults.arm(path="/", status=503, probability=0.4, seed=seed)
    check(ready, runs, {0, 4, 7})


@pytest.mark.parametrize("path", [PLANS, *OTHERS])
def test_silence(ready: Ready, runs: Runs, path: str) -> None:
    ready.world.faults.arm(path=path, timeout=1, count=4)
    check(ready, runs, {4})


@pytest.mark.parametrize(
    ("path", "code"),
    [(PLANS, 7), ("/4/workload-schemes", 4), ("/4/holiday-schemes", 4), ("/4/globalconfiguration", 4)],
)
def test_an_empty_list_that_stays(ready: Ready, runs: Runs, path: str, code: int) -> None:
    ready.world.faults.arm(path=path, json=EMPTY)
    check(ready, runs, {code})


@pytest.mark.parametrize("path", [PLANS, *OTHERS[:4]])
def test_an_empty_list_that_passes(ready: Ready, runs: Runs, path: str) -> None:
    ready.world.faults.arm(path=path, json=EMPTY, count=1)
    check(ready, runs, {0})


def test_members_that_are_gone_at_once(ready: Ready, runs: Runs) -> None:
    ready.world.faults.arm(path="/4/workload-schemes/members/search", json=EMPTY)
    check(ready, runs, {4})


def test_people_whom_jira_shows_no_more(ready: Ready, runs: Runs) -> None:
    ready.world.faults.arm(path="/rest/api/3/user/bulk", json={"values": [], "total": 0, "isLast": True})
    check(ready, runs, {4})


@pytest.mark.parametrize("after", [0, 2])
@pytest.mark.parametrize("role", [True, "Planners"])
def test_a_permission_that_is_taken_away(ready: Ready, runs: Runs, after: int, role: object) -> None:
    taken = True if role is True else {"role": role}
    ready.world.faults.arm(path=PLANS, persona="absences", takePermission=taken, after=after, count=1)
    check(ready, runs, {0, 7})


@pytest.mark.parametrize("scope", ["plans:view", "schemes:view"])
def test_a_scope_that_is_taken_away(ready: Ready, runs: Runs, scope: str) -> None:
    ready.world.faults.arm(path=PLANS, takePermission={"scope": scope}, count=1)
    check(ready, runs, {0, 4})


@pytest.mark.parametrize("after", [0, 1, 3])
@pytest.mark.parametrize("path", ["/4/", "/rest/"])
def test_a_token_that_expires(ready: Ready, runs: Runs, path: str, after: int) -> None:
    ready.world.faults.arm(path=path, expireToken=True, after=after, count=1)
    code = check(ready, runs, {0, 4})
    assert code == (0 if path == "/rest/" and after else 4)


TRAPS = {
    "default-page-of-50": {0},
    "count-is-not-total": {0},
    "next-on-another-host": {0},
    "next-over-http": {0},
    "shifting-pages": {7},
    "duplicate-across-pages": {7},
    "token-expires": {4},
    "scope-missing": {4},
    "connect-session-token": {4},
    "forge-migration": {4},
    "wrong-region-host": {4},
    "rate-storm": {0},
    "silent-empty": {0},
    "empty-after-error": {0},
    "5xx-is-not-absence": {0},
}
"""What a run in each comes to; in all others nothing happens to who only reads plans."""


def test_the_table_knows_traps_that_there_are(ready: Ready) -> None:
    assert set(TRAPS) <= {trap["name"] for trap in requests.get(f"{ready.world.url}/_mock/traps", timeout=9).json()["traps"]}


@pytest.mark.parametrize("number", range(40))
def test_every_trap(ready: Ready, runs: Runs, number: int) -> None:
    traps = requests.get(f"{ready.world.url}/_mock/traps", timeout=9).json()["traps"]
    if number >= len(traps):
        return
    name = traps[number]["name"]
    ready.world.faults.trap(name)
    check(ready, runs, TRAPS.get(name, {0}))
