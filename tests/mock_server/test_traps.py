"""Traps by name: what each does to what a client sees, what it takes, and that nothing of it stays."""

from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import integers, sampled_from

from mock_server.faults.exchange import Exchange
from mock_server.faults.rules import arm as arm_in_python
from mock_server.sites import SITE_KEY
from mock_server.storage import permission_roles
from mock_server.traps.catalogue import TRAPS

from .conftest import World
from .traps_seen import BOB, ROWS, Seen, authors, bean, rows_by_bob, statuses, walk

NAMES = [trap.name for trap in TRAPS]


def arm(world: World, name: str, **parameters: Any) -> int:
    """Arm a trap; answers the number of the fault."""
    answer = world.post(None, "/_mock/faults", {"trap": name, **parameters})
    assert answer.status == 201, answer.text
    number: int = answer.json["id"]
    return number


def disarm(world: World, number: int) -> None:
    assert world.delete(None, f"/_mock/faults/{number}").status == 204


def state(world: World) -> tuple[Any, Any]:
    """All data and settings."""
    values = world.get(None, "/_mock/settings").json
    return world.get(None, "/_mock/export").body, {name: one.get("value") for name, one in values.items()}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_what_is_seen_without_with_and_after(world: World, row: Seen) -> None:
    assert row.look(world) == row.honest
    number = arm(world, row.trap, **row.parameters)
    assert row.look(world) == row.trapped
    disarm(world, number)
    assert row.look(world) == row.honest


@pytest.mark.parametrize("name", NAMES)
def test_nothing_stays_of_a_trap(world: World, name: str) -> None:
    before = state(world)
    number = arm(world, name)
    statuses(3)(world)
    disarm(world, number)
    assert state(world) == before


@pytest.mark.parametrize("name", NAMES)
def test_a_reset_disarms_and_is_a_world_as_it_began(world: World, name: str) -> None:
    before = state(world)
    arm(world, name)
    assert world.post(None, "/_mock/reset").status in (200, 204)
    assert world.get(None, "/_mock/faults").json == {"faults": []}
    assert state(world) == before


def test_every_trap_has_a_row_here() -> None:
    assert {row.trap for row in ROWS} == set(NAMES)


def test_the_catalogue_is_complete(world: World) -> None:
    listed = world.get(None, "/_mock/traps").json["traps"]
    assert [one["name"] for one in listed] == NAMES
    assert len(set(NAMES)) == len(NAMES) >= 15
    assert len({one["title"] for one in listed}) == len(listed)
    for one in listed:
        assert set(one) == {"name", "title", "happens", "advice", "source", "grade", "parameters"}
        assert all(one[text].strip() for text in ("title", "happens", "advice", "source")), one["name"]
        assert one["grade"] in set("ADOTCI"), one["name"]
        assert all(one[text].endswith(".") for text in ("happens", "advice")), one["name"]
        for parameter in one["parameters"]:
            assert set(parameter) == {"name", "default", "what", "takes"}
            assert all(parameter[text] for text in ("what", "takes"))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"trap": "hidden-author"}, "Did you mean hidden-authors?"),
        ({"trap": "qqqq"}, "There is no trap qqqq."),
        ({"trap": 5}, "There is no trap 5."),
        ({"trap": None}, "There is no trap None."),
        ({"trap": ["rate-storm"]}, "There is no trap"),
        ({"trap": "rate-storm", "bursts": 3}, "not bursts"),
        ({"trap": "error-body-hidden", "persona": "bob"}, "takes no parameters"),
        ({"trap": "rate-storm", "burst": 0}, "a whole number from 1"),
        ({"trap": "rate-storm", "burst": True}, "a whole number from 1"),
        ({"trap": "rate-storm", "burst": "3"}, "a whole number from 1"),
        ({"trap": "rate-storm", "burst": None}, "a whole number from 1"),
        ({"trap": "rate-storm", "after": -1}, "a whole number from 0"),
        ({"trap": "rate-storm", "count": 0}, "a whole number from 1"),
        ({"trap": "rate-storm", "persona": "bobb"}, "no person named bobb"),
        ({"trap": "rate-storm", "persona": ""}, "persona is a text"),
        ({"trap": "rate-storm", "persona": 7}, "persona is a text"),
        ({"trap": "hidden-authors", "persona": "nobody-at-all"}, "no person named nobody-at-all."),
        ({"trap": "hidden-authors", "persona": "greta"}, "nothing to take"),
        ({"trap": "anonymised-author", "author": "bobb"}, "no person named bobb"),
        ({"trap": "scope-missing", "scope": "worklogs"}, "There is no scope worklogs"),
        ({"trap": "scope-missing", "scope": "rates:view"}, "Nothing that is served asks for the scope rates:view alone."),
        ({"trap": "previous-day", "zone": "Mars/Base"}, "zone is the name of a time zone"),
        ({"trap": "next-on-another-host", "host": "a b/c"}, "host is the name of a host"),
        ({"trap": "required-attribute", "key": "_Nothing_"}, "_Nothing_"),
        ({"trap": "hidden-emails", "shown": "stars"}, "one of omit, null, blank"),
        ({"trap": "late-worklogs", "never": 1}, "true or false"),
        ({"trap": "closed-period", "days": 366}, "a whole number from 0 to 365"),
    ],
)
def test_bad_parameters_change_nothing(world: World, rule: dict[str, Any], words: str) -> None:
    before = state(world)
    answer = world.post(None, "/_mock/faults", rule)
    assert answer.status == 400
    assert words in answer.json["error"]
    assert world.get(None, "/_mock/faults").json == {"faults": []}
    assert state(world) == before


@pytest.mark.parametrize("name", [trap.name for trap in TRAPS if any(one.name == "persona" for one in trap.parameters)])
def test_somebody_else_is_not_trapped(world: World, name: str) -> None:
    person = "technical-user" if name == "hidden-authors" else "greta"
    number = arm(world, name, persona=person)
    row = next(row for row in ROWS if row.trap == name and "persona" not in row.parameters)
    honest = row.honest if name != "hidden-authors" else row.trapped
    assert row.look(world) == honest
    disarm(world, number)


def test_a_changed_world_is_in_the_audit_trail(world: World) -> None:
    for name in ("hidden-authors", "required-attribute"):
        disarm(world, arm(world, name))
        calls = [event["call"] for event in world.audit()]
        assert calls.count(f"trap {name}") >= 2, "what was taken and what was given back"


def test_hidden_authors_leaves_one_s_own_and_led(world: World) -> None:
    log = bean(issueId=10200, authorAccountId=BOB)
    assert world.cloud("POST", "bob", "worklogs", log).status == 200
    before = len(rows_by_bob(world))
    arm(world, "hidden-authors")
    assert len(rows_by_bob(world)) == before
    assert len(authors(world)) == 0
    led = world.cloud("GET", "erica", "worklogs?limit=5000").json["results"]
    assert {row["author"]["accountId"] for row in led} >= {BOB, "5b10a2844c20165700ede220"}


def test_a_world_in_a_file_gets_back_what_was_taken(make_world: Callable[..., World], tmp_path: Path) -> None:
    world = make_world(database=tmp_path / "world.db")
    before = state(world)
    for name in ("hidden-authors", "required-attribute", "closed-period"):
        arm(world, name)
    assert state(world) != before
    assert world.delete(None, "/_mock/faults").status == 204
    assert state(world) == before
    arm(world, "hidden-authors")
    assert len(authors(world)) == 0
    assert world.post(None, "/_mock/reset", {"confirm": True}).status in (200, 204)
    assert len(authors(world)) == 10


def test_a_setting_that_was_set_meanwhile_stays(world: World) -> None:
    number = arm(world, "closed-period")
    assert world.call("PUT", None, "/_mock/settings", {"periods.closedAfterDays": 9}).status == 200
    disarm(world, number)
    assert world.site.settings["periods.closedAfterDays"] == "9"


def test_two_of_a_kind_are_disarmed_to_what_was_before(world: World) -> None:
    before = state(world)
    for days in (3, 5):
        arm(world, "closed-period", days=days)
    arm(world, "shrinking-reach")
    arm(world, "hidden-authors")
    authors(world)
    assert world.delete(None, "/_mock/faults").status == 204
    assert state(world) == before


def test_closed_periods_refuse_each_write(make_world: Callable[..., World]) -> None:
    world = make_world(clock="2013-11-20")
    made = world.cloud("POST", "bob", "worklogs", bean()).json["tempoWorklogId"]
    arm(world, "closed-period")
    writes = (("POST", "worklogs"), ("PUT", f"worklogs/{made}"), ("DELETE", f"worklogs/{made}"))
    assert [world.cloud(method, "bob", path, bean()).status for method, path in writes] == [400] * 3
    assert world.cloud("POST", "bob", "worklogs", bean(startDate="2013-11-19")).status == 200


def test_another_token_outlives_the_expired_one(world: World) -> None:
    arm(world, "token-expires", after=0)
    assert statuses(1)(world) == [401]
    assert statuses(2, "worklogs?limit=1", "bob")(world) == [200, 200]
    assert statuses(1)(world) == [401]


def test_a_regenerated_token_ends_the_migration(world: World) -> None:
    arm(world, "forge-migration")
    assert statuses(3, "roles", "bob")(world) == [403, 404, 502]
    number = world.get(None, "/_mock/tokens?person=bob").json[0]["id"]
    renewed = world.post(None, f"/_mock/tokens/{number}/regenerate", {"person": "bob"}).json["token"]
    assert world.cloud("GET", f"{renewed}", "roles", headers={"Authorization": f"Bearer {renewed}"}).status == 200
    assert statuses(1, "roles", "erica")(world) == [403]


@pytest.mark.parametrize(("wait", "told"), [(1, "1"), (7, "7"), (0, None)])
def test_a_storm_says_how_long_to_wait_or_not(world: World, wait: int, told: str | None) -> None:
    arm(world, "rate-storm", served=0, retryAfter=wait)
    answer = world.cloud("GET", "bob", "roles")
    assert (answer.status, answer.headers.get("Retry-After")) == (429, told)


def test_late_worklogs_come_with_the_clock(world: World) -> None:
    arm(world, "late-worklogs", seconds=60)
    number = world.cloud("POST", "bob", "worklogs", bean()).json["tempoWorklogId"]
    assert number not in rows_by_bob(world)
    world.set_clock("2013-11-15T00:00:59Z")
    assert number not in rows_by_bob(world)
    world.set_clock("2013-11-15T00:01:00Z")
    assert number in rows_by_bob(world)


def test_late_worklogs_come_with_the_lists(world: World) -> None:
    arm(world, "late-worklogs", lists=2)
    number = world.cloud("POST", "bob", "worklogs", bean()).json["tempoWorklogId"]
    assert [number in rows_by_bob(world) for _ in range(3)] == [False, False, True]
    searched = world.cloud("POST", "bob", "worklogs/search?limit=5000", {}).json["results"]
    assert number in [row["tempoWorklogId"] for row in searched]


def test_keys_are_told_before_the_night(world: World) -> None:
    arm(world, "issue-key-refused")
    row = world.cloud("GET", "bob", "worklogs?limit=1").json["results"][0]
    assert row["issue"]["key"] == "CLOUD-3"
    assert world.cloud("POST", "bob", "worklogs", bean(issueId=None, issueKey="CLOUD-3")).json["issue"]["key"] == "CLOUD-3"
    assert "key" not in world.cloud("GET", "bob", "worklogs?limit=1").json["results"][0]["issue"]


def test_work_of_an_anonymised_author_cannot_be_removed(world: World) -> None:
    number = rows_by_bob(world)[0]
    arm(world, "anonymised-author", author="bob")
    row = world.cloud("GET", "viewer", f"worklogs/{number}").json
    assert row["author"]["accountId"] == "__tempo-io__unknown_user"
    assert row["author"]["self"].endswith("accountId=__tempo-io__unknown_user")
    assert world.cloud("DELETE", "bob", f"worklogs/{number}").status == 400
    assert number in rows_by_bob(world)


def test_plans_are_searched_by_a_lower_limit(world: World) -> None:
    body = {"from": "2013-01-01", "to": "2014-12-31", "limit": 500}
    assert world.cloud("POST", "erica", "plans/search", body).json["metadata"]["count"] > 2
    arm(world, "default-page-of-50", rows=2)
    answer = world.cloud("POST", "erica", "plans/search", body).json
    assert (answer["metadata"]["limit"], answer["metadata"]["count"]) == (2, 2)


def test_pages_inside_a_shift_tell_what_was_asked(world: World) -> None:
    arm(world, "shifting-pages", rows=2)
    metadata = world.cloud("GET", "viewer", "worklogs?offset=10&limit=5").json["metadata"]
    assert (metadata["offset"], metadata["limit"], metadata["count"]) == (10, 5, 5)
    assert metadata["next"].endswith("offset=15&limit=5")
    assert metadata["previous"].endswith("offset=5&limit=5")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("query", ["limit=x", "limit=0", "offset=-1", "limit=99999999999", "offset=2147483647", "issueId=x"])
def test_bad_queries_are_refused_as_without_a_trap(world: World, name: str, query: str) -> None:
    """A trap never makes a defect of a request that the faces know how to answer."""
    arm(world, name)
    for method, path, body in (
        ("GET", f"worklogs?{query}", None),
        ("POST", f"worklogs/search?{query}", {"from": 5}),
        ("POST", "worklogs", ["no object"]),
        ("POST", "worklogs", {"issueKey": 7, "issueId": [1], "attributes": "x"}),
        ("DELETE", "worklogs/99999999999999999999", None),
    ):
        assert world.cloud(method, "bob", path, body).status != 500, (method, path)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=sampled_from(["shifting-pages", "duplicate-across-pages", "count-is-not-total", "default-page-of-50"]),
    limit=integers(30, 400),
    rows=integers(20, 120),
)
def test_what_is_lost_and_repeated_over_any_pages(world: World, name: str, limit: int, rows: int) -> None:
    number = arm(world, name, rows=rows)
    pages = walk(world, limit)
    disarm(world, number)
    found = [row["tempoWorklogId"] for page in pages for row in page["results"]]
    after_the_first = max(0, 334 - limit)
    lost = min(rows, after_the_first) if name == "shifting-pages" else 0
    assert len(set(found)) == 334 - lost
    if name == "duplicate-across-pages" and after_the_first and rows <= limit:
        assert len(found) == 334 + rows
    elif name != "duplicate-across-pages":
        assert len(found) == len(set(found)), "nothing comes twice"


def test_nothing_is_given_back_to_somebody_who_is_gone(world: World) -> None:
    assert world.post(None, "/_mock/snapshots").status < 300
    store = world.site.store
    with store.transaction():
        person_id = store.insert_row(
            "people", name="new", key="new", account_id="712020:new", email="", display_name="New",
            time_zone="UTC", locale="en_UK", avatar_id=1,
        )  # fmt: skip
        for role in permission_roles.every(store):
            if not role.built_in:
                permission_roles.add_holder(store, role.id, person_id)
    arm(world, "hidden-authors", persona="new")
    assert world.post(None, "/_mock/restore").status < 300
    assert world.delete(None, "/_mock/faults").status == 204


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("closed-period", [{"days": 5}, {"days": 9}, {"days": 5}]),
        ("closed-period", [{"days": 5}, {"days": 5}, {"days": 5}]),
        ("hidden-emails", [{}, {}, {}]),
    ],
    ids=["differing", "same", "emails"],
)
def test_settings_are_put_back_in_any_order(
    world: World, name: str, parameters: list[dict[str, Any]], order: tuple[int, ...]
) -> None:
    before = world.site.settings.as_dict()
    numbers = [arm(world, name, **one) for one in parameters]
    held = set(range(3))
    for place in order:
        assert world.site.settings.as_dict() != before
        disarm(world, numbers[place])
        held.remove(place)
        if name == "closed-period" and held:
            assert world.site.settings["periods.closedAfterDays"] == str(parameters[max(held)]["days"])
    assert world.site.settings.as_dict() == before


def test_a_request_taken_just_before_disarming_shrinks_nothing(world: World) -> None:
    before = state(world)
    number = arm(world, "shrinking-reach")
    effect = world.site.faults.get(number).effect
    disarm(world, number)
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/4/worklogs", SITE_KEY: world.site}
    fault = arm_in_python(world.site, {"status": 500})

    def answering(_: Any, start: Callable[..., Any]) -> list[bytes]:
        start("200 OK", [])
        return [b""]

    effect(Exchange(fault, fault.over, answering, environ, lambda *_: None))
    world.site.faults.disarm_all()
    assert state(world) == before


@pytest.mark.parametrize("name", ["required-attribute", "hidden-authors", "shrinking-reach"])
def test_a_world_imported_since_is_left_as_it_came(world: World, name: str) -> None:
    number = arm(world, name)
    authors(world)
    data = world.get(None, "/_mock/export").body
    assert world.post(None, "/_mock/import", body=data, headers={"Content-Type": "application/zip"}).status == 200
    disarm(world, number)
    assert world.get(None, "/_mock/export").body == data
