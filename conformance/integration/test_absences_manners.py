"""How an integration asks: to the last page, no faster than allowed, with no more rights than needed, in secret."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest

from conformance.calls import Unmet
from conformance.integration import manners
from conformance.integration.contract import Integration, need_rules, spell
from conformance.integration.program import need
from conformance.integration.world import LEAST_SCOPES, World

FEW_ROWS = 2
PLANS = "/4/plans"


def _four_plans(world: World) -> list[Any]:
    for number in range(4):
        world.plan(world.berlin, number)
    return [spell(world, world.berlin, number, "09:00", "13:00") for number in range(4)]


@pytest.mark.requirement("absences.next.rules-of-every-page")
def test_plans_of_every_page_make_rules(world: World, integration: Integration) -> None:
    wanted = _four_plans(world)
    world.arm(trap="default-page-of-50", rows=FEW_ROWS)
    integration.applied()
    need_rules(integration.rules(), wanted)


@pytest.mark.requirement("absences.next.followed")
def test_next_links_are_followed_to_the_end(world: World, integration: Integration) -> None:
    _four_plans(world)
    world.arm(trap="default-page-of-50", rows=FEW_ROWS)
    world.forget()
    ended = integration.run()
    lists = [row for row in world.asked() if row["method"] == "GET" and row["path"] == PLANS and row["status"] == 200]
    need(lists, f"a GET of {PLANS}", ended, world)
    for row in lists:
        link = row["next"]
        if link and not any(_covers(other, row, link) for other in lists):
            asked = ", ".join(sorted(f"{other['path']}?{other['query']}" for other in lists))
            raise Unmet(f"a GET of the next page, {link}, or of one that overlaps with this one", f"GETs of {asked}")


def _covers(asked: Any, before: Any, link: str) -> bool:
    """Whether a list was asked for that begins where the link says, or earlier but after the page that it was given on."""
    wanted, own = _parameters(link.partition("?")[2]), _parameters(asked["query"])
    first, last = int(_parameters(before["query"]).get("offset", "0")), int(wanted.pop("offset", "0"))
    offset = int(own.pop("offset", "0"))
    return own == wanted and first < offset <= last


def _parameters(query: str) -> dict[str, str]:
    return dict(parse_qsl(query, keep_blank_values=True))


@pytest.mark.requirement("absences.short-pages.read-on")
def test_short_pages_with_a_next_link_are_not_the_last(world: World, integration: Integration) -> None:
    wanted = _four_plans(world)
    world.arm(trap="count-is-not-total", rows=FEW_ROWS)
    integration.applied()
    need_rules(integration.rules(), wanted)


@pytest.mark.requirement("absences.next-host.asked-here")
def test_next_link_to_another_host_is_asked_of_this_one(world: World, integration: Integration) -> None:
    wanted = _four_plans(world)
    world.lead_elsewhere(FEW_ROWS)
    integration.applied()
    need_rules(integration.rules(), wanted)


@pytest.mark.requirement("absences.too-many.repeated")
def test_request_answered_429_is_asked_again(world: World, integration: Integration) -> None:
    wanted = _four_plans(world)
    world.arm(method="GET", path=PLANS, status=429, retryAfter=1, count=1)
    integration.applied()
    need_rules(integration.rules(), wanted)


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        pytest.param(2, 2.0, marks=pytest.mark.requirement("absences.too-many.retry-after"), id="retry-after"),
        pytest.param(None, 1.0, marks=pytest.mark.requirement("absences.too-many.without-header"), id="without-header"),
    ],
)
def test_wait_after_429_is_as_long_as_asked(world: World, integration: Integration, asked: int | None, seconds: float) -> None:
    world.plan(world.berlin, 1)
    world.arm(path="/4/", status=429, retryAfter=asked, count=1)
    world.forget()
    ended = integration.run()
    manners.need_waited(world, ended, seconds)


@pytest.mark.requirement("absences.rate.five-a-second")
def test_no_second_has_more_than_five_requests(world: World, integration: Integration) -> None:
    for number in range(8):
        world.plan(world.berlin, number % 5, f"{9 + number:02}:00", 1800)
    world.arm(trap="default-page-of-50", rows=1)
    world.forget()
    integration.run(hasty=False)
    manners.need_rate(world)


@pytest.mark.requirement("absences.server-error.asked-again")
def test_error_of_the_server_that_passes_is_asked_again(world: World, integration: Integration) -> None:
    world.plan(world.berlin, 1)
    world.arm(method="GET", path=PLANS, status=503, count=2)
    integration.applied()
    need_rules(integration.rules(), [spell(world, world.berlin, 1, "09:00", "13:00")])


@pytest.mark.requirement("absences.scopes.least")
def test_token_that_may_view_plans_and_schemes_is_enough(world: World, integration: Integration) -> None:
    world.tempo_token = world.token(*LEAST_SCOPES)
    world.plan(world.berlin, 1)
    integration.applied()
    need_rules(integration.rules(), [spell(world, world.berlin, 1, "09:00", "13:00")])


@pytest.mark.requirement("absences.secrets.not-told")
def test_tokens_stand_in_no_output_and_no_state(world: World, integration: Integration) -> None:
    world.plan(world.berlin, 1)
    integration.run()
    integration.rules()
    for broken in ({"status": 401}, {"html": True, "status": 200}):
        world.arm(path=PLANS, count=1, **broken)
        integration.run()
    manners.need_no_secret(integration, world)


@pytest.mark.requirement("absences.addresses.as-given")
def test_every_run_asks_the_addresses_it_is_given(world: World, integration: Integration) -> None:
    world.plan(world.berlin, 1)
    world.forget()
    ended = integration.run()
    manners.need_own_token(world, ended)
