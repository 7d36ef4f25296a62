"""What an integration must not conclude from an answer that is none, and how it says that it did not read everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conformance.integration.contract import INCOMPLETE, SUCCESSES, UNREADABLE, Integration, need_kept
from conformance.integration.program import Ended, need
from conformance.integration.world import World

PLANS = "/4/plans"
LATER_PAGES = {"method": "GET", "path": PLANS, "query": {"offset": "*"}}

Break = Callable[[World], None]


def _armed(**rule: Any) -> Break:
    return lambda world: world.arm(**rule)


def _second_page_fails(world: World) -> None:
    # The older one is asked first, so the page is short and the one after it is refused.
    world.arm(**LATER_PAGES, status=500)
    world.arm(trap="default-page-of-50", rows=2)


def _rows_move(world: World) -> None:
    # Later pages begin a row too late; only the first one is short.
    world.arm(**LATER_PAGES, shift=1)
    world.arm(trap="default-page-of-50", rows=2)


def _keeps(world: World, integration: Integration, breaking: Break) -> None:
    for number in range(4):
        world.plan(world.berlin, number)
    world.plan(world.auckland, 1)
    integration.applied()
    before = integration.rules()
    breaking(world)
    integration.run()
    need_kept(before, integration.rules())


@pytest.mark.requirement("absences.refused.nothing-deleted")
@pytest.mark.parametrize("status", [401, 403])
def test_refused_reading_deletes_no_rule(world: World, integration: Integration, status: int) -> None:
    _keeps(world, integration, _armed(path=PLANS, status=status))


@pytest.mark.requirement("absences.server-error.nothing-deleted")
@pytest.mark.parametrize("status", [500, 503])
def test_error_of_the_server_deletes_no_rule(world: World, integration: Integration, status: int) -> None:
    _keeps(world, integration, _armed(path=PLANS, status=status))


@pytest.mark.requirement("absences.broken-off.nothing-deleted")
@pytest.mark.parametrize(
    "fault",
    [{"cut": "middle"}, {"cut": "before"}, {"truncate": True}, {"invalidJson": True}],
    ids=["cut", "reset", "truncated", "invalid-json"],
)
def test_answer_that_breaks_off_deletes_no_rule(world: World, integration: Integration, fault: dict[str, Any]) -> None:
    _keeps(world, integration, _armed(path=PLANS, **fault))


@pytest.mark.requirement("absences.not-tempo.nothing-deleted")
def test_page_of_a_proxy_deletes_no_rule(world: World, integration: Integration) -> None:
    _keeps(world, integration, _armed(path=PLANS, html=True, status=200))


@pytest.mark.requirement("absences.second-page.nothing-deleted")
def test_second_page_that_fails_deletes_no_rule(world: World, integration: Integration) -> None:
    _keeps(world, integration, _second_page_fails)


@pytest.mark.requirement("absences.moved-rows.nothing-deleted")
def test_rows_that_move_between_pages_delete_no_rule(world: World, integration: Integration) -> None:
    _keeps(world, integration, _rows_move)


@pytest.mark.requirement("absences.token-expiry.nothing-deleted")
@pytest.mark.parametrize("served", [0, 1, 2])
def test_token_that_expires_in_a_run_deletes_no_rule(world: World, integration: Integration, served: int) -> None:
    _keeps(world, integration, _armed(trap="token-expires", after=served))


@pytest.mark.requirement("absences.permission-lost.nothing-deleted")
def test_permission_that_was_taken_away_deletes_no_rule(world: World, integration: Integration) -> None:
    _keeps(world, integration, World.hide_plans)


@pytest.mark.requirement("absences.permission-narrowed.nothing-deleted")
def test_permission_that_was_narrowed_deletes_no_rule(world: World, integration: Integration) -> None:
    _keeps(world, integration, World.narrow_plans)


@pytest.mark.requirement("absences.empty-lists.nothing-deleted")
def test_lists_that_are_empty_by_mistake_delete_no_rule(world: World, integration: Integration) -> None:
    _keeps(world, integration, _armed(trap="silent-empty", served=0))


def _failed(world: World, integration: Integration, breaking: Break) -> Ended:
    world.plan(world.berlin, 1)
    world.plan(world.auckland, 1)
    world.plan(world.auckland, 2)
    integration.applied()
    breaking(world)
    return integration.run()


INCOMPLETE_READINGS = [
    pytest.param(_armed(path="/4/", status=401), id="unauthorized"),
    pytest.param(_armed(path=PLANS, status=403), id="forbidden"),
    pytest.param(_armed(path=PLANS, status=503), id="server-error"),
    pytest.param(_armed(path=PLANS, cut="middle"), id="cut"),
    pytest.param(_armed(path=PLANS, truncate=True), id="truncated"),
    pytest.param(_armed(path=PLANS, html=True, status=200), id="html"),
    pytest.param(_second_page_fails, id="second-page"),
    pytest.param(_armed(trap="token-expires", after=1), id="token-expires"),
    pytest.param(World.hide_plans, id="permission-lost"),
]


@pytest.mark.requirement("absences.failure.no-success")
@pytest.mark.parametrize("breaking", INCOMPLETE_READINGS)
def test_incomplete_reading_is_no_success(world: World, integration: Integration, breaking: Break) -> None:
    ended = _failed(world, integration, breaking)
    codes = " and ".join(map(str, SUCCESSES))
    need(ended.code not in SUCCESSES, f"an exit code other than {codes}: not everything was read", ended, world)


@pytest.mark.requirement("absences.failure.unreadable")
def test_run_that_reads_nothing_says_so(world: World, integration: Integration) -> None:
    ended = _failed(world, integration, _armed(path="/4/", status=401))
    need(ended.code == UNREADABLE, f"exit code {UNREADABLE} where nothing can be read", ended, world)


@pytest.mark.requirement("absences.failure.incomplete")
def test_run_that_reads_a_part_says_so(world: World, integration: Integration) -> None:
    ended = _failed(world, integration, _second_page_fails)
    need(ended.code == INCOMPLETE, f"exit code {INCOMPLETE} where a part was read", ended, world)


@pytest.mark.requirement("absences.failure.reason-told")
def test_failed_run_says_why_in_some_output(world: World, integration: Integration) -> None:
    ended = _failed(world, integration, _armed(path="/4/", status=401))
    need("401" in ended.out + ended.err, "the status 401 among what is told", ended, world)
