"""Worklogs in a period of timesheet approval that was closed: kept as they are, unless an administrator bypasses it."""

from collections.abc import Callable
from typing import Any

import pytest

FRED = "5b10a2844c20165700ede21f"
BOB = "5b10a2844c20165700ede223"
CLOUD = 10202
CLOSED = {"periods.closedAfterDays": "3"}
OLD, OPEN = "2013-11-08", "2013-11-12"
"""The first week ended on Sunday the 10th and is closed on Thursday the 14th, the second is open."""
ENTRY = {"authorAccountId": BOB, "issueId": CLOUD, "startDate": OLD, "timeSpentSeconds": 3600}
BYPASS = {"bypassPeriodClosuresAndApprovals": True}
MESSAGE = f"The period of {OLD} is closed"
Make = Callable[..., Any]


def update(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in {**ENTRY, **values}.items() if name != "issueId"}


def closed(make_world: Make, idle_scenario: str, **settings: str) -> Any:
    """A world with work of Bob in the old period, which is closed (worklog 1), and in the open one (worklog 2)."""
    world = make_world({**CLOSED, **settings}, scenario=idle_scenario, clock="2013-11-13")
    for day in (OLD, OPEN):
        assert world.cloud("POST", "bob", "worklogs", {**ENTRY, "startDate": day}).status == 200
    world.set_clock("2013-11-14")
    attribute = {"key": "_Text_", "name": "Text", "type": "INPUT_FIELD"}
    assert world.cloud("POST", "fred", "work-attributes", attribute).status == 200
    return world


WRITES = [
    ("POST", "worklogs", ENTRY),
    ("POST", f"worklogs/issue/{CLOUD}/bulk", [update(startDate=OPEN), update()]),
    ("PUT", "worklogs/1", update(description="Later")),
    ("PUT", "worklogs/1", update(startDate=OPEN)),
    ("PUT", "worklogs/2", update()),
    ("DELETE", "worklogs/1", None),
    ("DELETE", "worklogs/1?bypassPeriodClosuresAndApprovals=false", None),
    ("POST", "worklogs/work-attribute-values",
     [{"tempoWorklogId": 2, "attributeValues": [{"key": "_Text_", "value": "x"}]},
      {"tempoWorklogId": 1, "attributeValues": [{"key": "_Text_", "value": "x"}]}]),
]  # fmt: skip


@pytest.mark.parametrize("who", ["bob", "erica"])
@pytest.mark.parametrize(("method", "path", "body"), WRITES, ids=lambda value: str(value)[:40])
def test_work_in_a_closed_period_stays_as_it_is(
    make_world: Make, idle_scenario: str, method: str, path: str, body: Any, who: str
) -> None:
    world = closed(make_world, idle_scenario)
    before = world.site.store.serialize()
    answer = world.cloud(method, who, path, **({} if body is None else {"json": body}))
    found = [error["message"].removeprefix("[1]: ").removeprefix("[0]: ") for error in answer.json["errors"]]
    assert (answer.status, found) == (400, [MESSAGE])
    assert world.site.store.serialize() == before


def test_work_in_an_open_period_is_written_as_ever(make_world: Make, idle_scenario: str) -> None:
    world = closed(make_world, idle_scenario)
    assert world.cloud("POST", "bob", "worklogs", {**ENTRY, "startDate": OPEN}).status == 200
    assert world.cloud("PUT", "bob", "worklogs/2", update(startDate="2013-11-11")).status == 200
    assert world.cloud("DELETE", "bob", "worklogs/2").status == 204
    assert world.cloud("GET", "bob", "worklogs/1").status == 200


@pytest.mark.parametrize(
    ("days", "day", "status"), [("3", "2013-11-13", 204), ("3", "2013-11-14", 400), ("off", "2014-11-01", 204)]
)
def test_a_period_closes_so_many_days_after_its_end(
    make_world: Make, idle_scenario: str, days: str, day: str, status: int
) -> None:
    world = closed(make_world, idle_scenario, **{"periods.closedAfterDays": days})
    world.set_clock(day)
    assert world.cloud("DELETE", "bob", "worklogs/1").status == status


@pytest.mark.parametrize(
    ("who", "override", "is_open"), [("fred", "on", True), ("fred", "off", False), ("bob", "on", False), ("bob", "off", False)]
)
def test_administrators_bypass_closures_while_override_mode_is_on(
    make_world: Make, idle_scenario: str, who: str, override: str, is_open: bool
) -> None:
    world = closed(make_world, idle_scenario, **{"periods.overrideMode": override})
    entry = {**ENTRY, "authorAccountId": FRED if who == "fred" else BOB}
    assert world.cloud("POST", who, "worklogs", {**entry, **BYPASS}).status == (200 if is_open else 400)
    keys = ["permissions.worklog.view", "permissions.worklog.manage"]
    permissions = {"name": "All", "accessType": "GLOBAL", "permissionKeys": keys,
                   "permittedAccountIds": [FRED]}  # fmt: skip
    assert world.cloud("POST", "fred", "permission-roles", permissions).status == 200
    path = "worklogs/1?bypassPeriodClosuresAndApprovals=true"
    assert world.cloud("DELETE", who, path).status == (204 if is_open else 400)


def test_a_bypass_is_asked_for(make_world: Make, idle_scenario: str) -> None:
    world = closed(make_world, idle_scenario)
    for body in ({}, {"bypassPeriodClosuresAndApprovals": False}, {"bypassPeriodClosuresAndApprovals": None}):
        assert world.cloud("POST", "fred", "worklogs", {**ENTRY, "authorAccountId": FRED, **body}).status == 400


@pytest.mark.parametrize("value", ["perhaps", "2"])
def test_a_bypass_is_true_or_false(world: Any, value: str) -> None:
    number = world.cloud("POST", "bob", "worklogs", ENTRY).json["tempoWorklogId"]
    answer = world.cloud("DELETE", "bob", f"worklogs/{number}?bypassPeriodClosuresAndApprovals={value}")
    assert answer.status == 400
    assert world.cloud("GET", "bob", f"worklogs/{number}").status == 200
