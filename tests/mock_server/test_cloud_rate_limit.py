"""The rate limiter of Tempo Cloud: five requests of a token in a second of the world's clock (a help page of the vendor's)."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from mock_server.rate_limit import RateLimit, TooMany

Make = Callable[..., Any]
ENTRY = {"authorAccountId": "5b10a2844c20165700ede223", "issueId": 10202, "startDate": "2013-11-14", "timeSpentSeconds": 3600}


def test_rate_limit_is_off_by_default(world: Any) -> None:
    assert {world.cloud("GET", "bob", "roles").status for _ in range(20)} == {200}


def test_five_requests_in_a_second_of_the_worlds_clock(make_world: Make) -> None:
    world = make_world({"cloud.rateLimit": "on"}, clock="2013-11-15T10:00:00.200")
    asked = ["roles", "no/such/path", "worklogs?limit=0", "worklogs/999", "teams"]
    assert [world.cloud("GET", "bob", path).status for path in asked] == [200, 404, 400, 404, 200]
    for method, path in (("GET", "roles"), ("POST", "worklogs"), ("GET", "no/such/path")):
        answer = world.cloud(method, "bob", path)
        assert (answer.status, len(answer.json["errors"])) == (429, 1)
        assert int(answer.headers["Retry-After"]) >= 1
    assert world.cloud("GET", "erica", "roles").status == 200, "the limit is each token's own"
    world.set_clock("2013-11-15T10:00:00.999")
    assert world.cloud("GET", "bob", "roles").status == 429
    world.set_clock("2013-11-15T10:00:01")
    assert [world.cloud("GET", "bob", "roles").status for _ in range(6)] == [200] * 5 + [429]


def test_a_refused_write_does_nothing(make_world: Make, idle_scenario: str) -> None:
    world = make_world({"cloud.rateLimit": "on"}, scenario=idle_scenario)
    statuses = [world.cloud("POST", "bob", "worklogs", ENTRY).status for _ in range(7)]
    assert statuses == [200] * 5 + [429] * 2
    world.set_clock("2013-11-16")
    assert json.loads(world.cloud("GET", "bob", "worklogs").body)["metadata"]["count"] == 5


def statuses(world: Any, number: int, token: str = "demo-token-of-bob-not-a-secret", site: str = "") -> list[int]:
    headers = {"Authorization": f"Bearer {token}"}
    return [world.call("GET", None, f"{site}/4/roles", headers=headers).status for _ in range(number)]


@pytest.mark.parametrize("spaces", ["{} ", " {}", "  {}   ", "\t{}"])
def test_blanks_around_a_token_do_not_make_it_another(make_world: Make, spaces: str) -> None:
    world = make_world({"cloud.rateLimit": "on"})
    assert statuses(world, 5) == [200] * 5
    assert statuses(world, 1, spaces.format("demo-token-of-bob-not-a-secret")) == [429]


@pytest.mark.parametrize(("path", "body"), [("/_mock/reset", {}), ("/_mock/restore", {"name": "a"})])
def test_a_world_that_begins_anew_counts_anew(make_world: Make, path: str, body: dict[str, str]) -> None:
    world = make_world({"cloud.rateLimit": "on"}, clock="2013-11-15T10:00:00")
    assert world.post(None, "/_mock/snapshots", {"name": "a"}).status // 100 == 2
    assert statuses(world, 6) == [200] * 5 + [429]
    assert world.post(None, path, body).status // 100 == 2
    world.site.clock.freeze()
    world.set_clock("2013-11-15T10:00:00")
    assert statuses(world, 1) == [200]


def test_a_site_made_again_under_its_name_counts_anew(make_world: Make) -> None:
    world = make_world({"cloud.rateLimit": "on"})
    for _ in range(2):
        assert world.post(None, "/_mock/sites", {"name": "one", "clock": "2013-11-15"}).status == 201
        world.application.sites.get("one").clock.freeze()
        assert statuses(world, 6, site="/sites/one") == [200] * 5 + [429]
        assert world.delete(None, "/_mock/sites/one").status == 204


def test_seconds_that_are_over_are_forgotten(world: Any) -> None:
    limit, now = RateLimit(), world.site.clock.now()
    for number in range(1000):
        limit.count(number, now)
    later = now.replace(year=2014)
    for _ in range(5):
        limit.count("a", later)
    with pytest.raises(TooMany):
        limit.count("a", later)
    assert limit._counts == {"a": 6}
