"""``/_mock/journal``: to ask, to switch, to empty and to check."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
import requests

from mock_server.faults.rules import arm

LIMIT = 60
JOURNAL, CHECK = "/_mock/journal", "/_mock/journal/check"
MEMBERS = {
    *("number", "moment", "seconds", "method", "path", "query", "who", "status", "verdict", "reasons", "view", "scope"),
    *("milliseconds", "bytes", "requestBody", "answerBody", "fault", "next"),
}


@pytest.fixture
def world(world: Any) -> Any:
    """The guide after five requests: 1 and 4 read teams, 2 makes one, 3 is refused, 5 is nobody's."""
    world.cloud("GET", "fred", "teams?limit=1")
    world.post("fred", "2/team", {"name": "Seen"})
    world.get("greta", "2/team/3")
    world.cloud("GET", "greta", "teams")
    world.cloud("GET", None, "teams")
    return world


def numbers(world: Any, query: str) -> list[int]:
    return [entry["number"] for entry in world.get(None, JOURNAL + query).json["entries"]]


def test_an_entry_tells_everything(world: Any) -> None:
    answer = world.get(None, JOURNAL)
    assert answer.headers["Content-Type"] == "application/json"
    found = answer.json
    assert {name: found[name] for name in found if name != "entries"} == {
        "dropped": 0, "enabled": True, "oldest": 1, "latest": 5,
    }  # fmt: skip
    first, made, refused, part, nobody = found["entries"]
    assert all(set(entry) == MEMBERS for entry in found["entries"])
    assert (first["method"], first["path"], first["query"], first["who"], first["status"]) == (
        *("GET", "/4/teams", "limit=1", "fred"), 200,
    )  # fmt: skip
    assert (first["view"], first["scope"], first["verdict"]) == ("list_teams_v4", "teams:view", "served")
    assert first["moment"] == "2013-11-15T00:00:00.000Z"
    assert first["next"] == "/4/teams?offset=1&limit=1"
    assert (first["requestBody"], made["requestBody"]) == (None, '{"name": "Seen"}')
    assert '"name":"Seen"' in made["answerBody"]
    assert (refused["verdict"], refused["status"]) == ("refused", 403)
    assert "Browse Team" in refused["reasons"][0]
    assert part["verdict"] == "served, with remarks"
    assert part["reasons"] == ["0 of 3 teams: the others are not public and greta is not in them"]
    assert (nobody["who"], nobody["verdict"]) == (None, "not logged in")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [1, 2, 3, 4, 5]),
        ("?method=post", [2]),
        ("?path=/4", [1, 4, 5]),
        ("?path=/jira/*/3", [3]),
        ("?exactPath=/jira/rest/tempo-teams/2/team", [2]),
        ("?who=greta", [3, 4]),
        ("?who=outsider", [3, 4]),
        ("?who=anonymous", [5]),
        ("?status=4xx", [3, 5]),
        ("?status=403", [3]),
        ("?after=3", [4, 5]),
        ("?after=99", []),
        ("?limit=2", [1, 2]),
        ("?after=1&limit=2&path=/4", [4, 5]),
        ("?limit=0", []),
    ],
)
def test_filters(world: Any, query: str, found: list[int]) -> None:
    assert numbers(world, query) == found


@pytest.mark.parametrize(
    "query", ["?after=-1", "?after=x", "?limit=x", "?status=9", "?status=teapot", "?methd=GET", "?path=", "?after=1&colour=red"]
)
def test_a_wrong_filter_is_refused(world: Any, query: str) -> None:
    answer = world.get(None, JOURNAL + query)
    assert answer.status == 400
    assert set(answer.json) == {"error"}


def test_it_is_switched_and_emptied(world: Any) -> None:
    assert world.put(None, JOURNAL, {"enabled": False}).json["enabled"] is False
    world.cloud("GET", "fred", "teams")
    assert numbers(world, "") == [1, 2, 3, 4, 5]
    assert world.delete(None, JOURNAL).status == 204
    assert numbers(world, "") == []
    world.put(None, JOURNAL, {"enabled": True})
    world.cloud("GET", "fred", "teams")
    assert numbers(world, "") == [7]


@pytest.mark.parametrize("body", [{}, {"enabled": 1}, {"enabled": "true"}, {"enabled": None}, {"on": True}, []])
def test_a_switch_that_says_nothing_changes_nothing(world: Any, body: Any) -> None:
    assert world.put(None, JOURNAL, body).status == 400
    assert world.site.journal.enabled


def test_every_site_has_its_own(world: Any) -> None:
    world.post(None, "/_mock/sites", {"name": "blue"})
    assert world.get(None, f"/sites/blue{JOURNAL}").json["entries"] == []
    world.put(None, f"/sites/blue{JOURNAL}", {"enabled": False})
    assert world.get(None, JOURNAL).json["enabled"] is True


@pytest.mark.parametrize(
    ("check", "ok", "words", "found"),
    [
        ({"called": {"method": "GET", "path": "/4/teams"}, "times": 3}, True, "3 times", [1, 4, 5]),
        (
            {"called": {"method": "GET", "path": "/4/teams"}, "times": 2},
            False,
            "expected 2: 1. GET /4/teams?limit=1",
            [1, 4, 5],
        ),
        ({"called": {"path": "/4"}, "atLeast": 1, "atMost": 2}, False, "expected from 1 to 2", [1, 4, 5]),
        ({"called": {"path": "/4"}}, True, "as expected", [1, 4, 5]),
        ({"notCalled": {"method": "DELETE"}}, True, "No DELETE", []),
        ({"notCalled": {"who": "outsider"}}, False, "2 times request by greta", [3, 4]),
        ({"notCalled": {"status": "4xx"}}, False, "2 times request answered 4xx", [3, 5]),
        ({"order": [{"path": "/4", "who": "fred"}, {"method": "POST"}, {"status": 401}]}, True, "All 3 steps", [1, 2, 5]),
        ({"order": [{"status": 401}, {"method": "POST"}]}, False, "Step 2 is missing: no POST after number 5", [5]),
        ({"rate": {"path": "/4", "perSecond": 3}}, True, "Never more than", None),
        ({"followedNext": {"path": "/4/worklogs"}}, True, "none to follow", []),
        ({"followedNext": {}}, False, "fred was given /4/teams?offset=1&limit=1 by number 1", [1]),
    ],
    ids=str,
)
def test_a_check_says_what_was_seen(world: Any, check: Any, ok: bool, words: str, found: list[int] | None) -> None:
    answer = world.post(None, CHECK, [check]).json
    [result] = answer["checks"]
    assert answer["ok"] is result["ok"] is ok, result
    assert words in result["sentence"]
    assert found is None or result["entries"] == found


def test_a_walk_by_next_passes_and_one_that_fails_fails_all(world: Any) -> None:
    world.cloud("GET", "fred", "teams?offset=1&limit=1")
    world.cloud("GET", "fred", "teams?offset=2&limit=1")
    passing = {"followedNext": {"path": "/4/teams"}}
    assert world.post(None, CHECK, [passing]).json["ok"] is True
    both = world.post(None, CHECK, [passing, {"notCalled": {}}]).json
    assert (both["ok"], [result["ok"] for result in both["checks"]]) == (False, [True, False])


@pytest.mark.parametrize(
    "checks",
    [
        *([], {}, {"called": {}}, "called", [1], [[]], [{}], [{"caled": {}}], [{"called": {}, "notCalled": {}}]),
        *([{"called": []}], [{"called": {"pth": "/4"}}], [{"called": {"path": 4}}], [{"called": {"status": "x"}}]),
        *([{"called": {}, "times": -1}], [{"called": {}, "times": "3"}], [{"called": {}, "times": True}]),
        *([{"called": {}, "time": 3}], [{"notCalled": {}, "times": 3}], [{"order": {}}], [{"order": []}], [{"order": [1]}]),
        *([{"rate": {}}], [{"rate": {"perSecond": 0}}], [{"rate": {"perSecond": 0.5}}], [{"rate": 5}]),
        *([{"rate": {"perSecond": 5, "paths": "/4"}}], [{"followedNext": None}], [{"called": {}, "times": 10**30}]),
    ],
    ids=str,
)
def test_a_check_that_cannot_be_read_is_refused(world: Any, checks: Any) -> None:
    answer = world.post(None, CHECK, checks)
    assert answer.status == 400, answer.text
    assert set(answer.json) == {"error"}


def test_what_is_wrong_with_a_check_is_told_with_its_place(world: Any) -> None:
    error = world.post(None, CHECK, [{"called": {}}, {"called": {"pth": "/4"}}]).json["error"]
    assert error == "Check 2: Requests are told apart by method, path, exactPath, who, status, after, not by pth."


def test_whoever_has_the_answer_finds_it_in_the_journal(server: Callable[..., Any]) -> None:
    url = server("--quiet").url
    with requests.Session() as session:
        session.trust_env = False
        for number in range(1, 21):
            assert session.get(f"{url}/4/teams", timeout=LIMIT).status_code == 401
            seen = session.get(f"{url}{JOURNAL}?after={number - 1}", timeout=LIMIT).json()["entries"]
            assert [(entry["number"], entry["status"]) for entry in seen] == [(number, 401)]


def test_no_journal_is_an_option_of_the_command(server: Callable[..., Any]) -> None:
    url = server("--quiet", "--no-journal").url
    with requests.Session() as session:
        session.trust_env = False
        session.get(f"{url}/4/teams", timeout=LIMIT)
        found = session.get(url + JOURNAL, timeout=LIMIT).json()
    assert found == {"entries": [], "dropped": 0, "enabled": False, "oldest": None, "latest": 0}


EMPTY = {"status": 200, "json": {"results": [], "metadata": {}}}


@pytest.mark.parametrize(
    ("rule", "query", "given"),
    [
        ({"delay": 0}, "limit=5", "/4/worklogs?offset=5&limit=5"),
        ({"headers": {"X": "1"}}, "limit=5", "/4/worklogs?offset=5&limit=5"),
        ({"path": "/4/worklogs", "shift": 2}, "limit=5&offset=5", "/4/worklogs?offset=10&limit=5"),
        ({"trap": "shifting-pages", "rows": 2}, "limit=5&offset=5", "/4/worklogs?offset=10&limit=5"),
        ({"trap": "duplicate-across-pages", "rows": 2}, "limit=5&offset=5", "/4/worklogs?offset=10&limit=5"),
        ({"trap": "default-page-of-50"}, "limit=100", "/4/worklogs?offset=50&limit=50"),
        ({"trap": "silent-empty", "served": 0}, "limit=5", None),
        ({**EMPTY, "applied": True}, "limit=5", None),
        ({"truncate": True}, "limit=5", None),
        ({"cut": "middle"}, "limit=5", None),
    ],
    ids=str,
)
def test_query_and_next_of_a_broken_answer_are_the_client_s(
    make_world: Callable[..., Any], rule: dict[str, Any], query: str, given: str | None
) -> None:
    world = make_world()
    assert world.post(None, "/_mock/faults", rule).status == 201
    with suppress(ConnectionResetError):
        world.cloud("GET", "viewer", f"worklogs?{query}")
    [entry] = world.get(None, JOURNAL).json["entries"]
    assert (entry["query"], entry["next"], entry["who"]) == (query, given, "technical-user")


@pytest.mark.parametrize("rule", [{"status": 429}, {"status": 401}, {"cut": "before"}, {"timeout": 1}, {"html": True}], ids=str)
def test_a_made_up_answer_is_somebody_s(make_world: Callable[..., Any], rule: dict[str, Any]) -> None:
    world = make_world()
    assert world.post(None, "/_mock/faults", rule).status == 201
    for who in ("viewer", None):
        with suppress(ConnectionResetError, TimeoutError):
            world.cloud("GET", who, "worklogs")
    assert [entry["who"] for entry in world.get(None, JOURNAL).json["entries"]] == ["technical-user", None]


def test_who_the_faces_do_not_know_is_nobody_under_a_fault_either(make_world: Callable[..., Any]) -> None:
    world = make_world()
    world.post(None, "/_mock/faults", {"persona": "viewer", "expireToken": True})
    assert world.cloud("GET", "viewer", "worklogs").status == 401
    assert [entry["who"] for entry in world.get(None, JOURNAL).json["entries"]] == [None]


def test_what_was_asked_while_it_was_off_is_not_known(world: Any) -> None:
    claims = [{"notCalled": {"path": "/4/plans"}}, {"rate": {"perSecond": 1000}}, {"followedNext": {"path": "/4/plans"}}]
    world.put(None, JOURNAL, {"enabled": False})
    world.cloud("GET", "fred", "plans?from=2013-11-01&to=2013-11-30")
    world.put(None, JOURNAL, {"enabled": True})
    world.put(None, JOURNAL, {"enabled": True})
    checks = world.post(None, CHECK, claims).json["checks"]
    assert [check["ok"] for check in checks] == [False] * 3
    assert all("the journal was off until number 6" in check["sentence"] for check in checks)
    assert world.post(None, CHECK, [{"notCalled": {"path": "/4/plans", "after": 6}}]).json["ok"] is True
    world.delete(None, JOURNAL)
    assert world.post(None, CHECK, claims).json["ok"] is True


def test_what_a_reset_cuts_off_is_not_in_the_empty_journal(world: Any) -> None:
    fault = arm(world.site, {"method": "POST", "path": "/4/teams", "delay": 3600})

    def create() -> None:
        with suppress(ConnectionResetError):
            world.cloud("POST", "fred", "teams", {"name": "Ghost"})

    waiting = threading.Thread(target=create, daemon=True)
    waiting.start()
    while not fault.fired:
        pass
    assert world.post(None, "/_mock/reset").status < 300
    waiting.join(LIMIT)
    assert world.get(None, JOURNAL).json["entries"] == []


def test_a_method_without_end_is_cut(world: Any) -> None:
    world.call("X" * 200_000, "fred", "/4/teams")
    assert world.site.journal.entries()[-1].method == "X" * 40


def test_the_journal_of_a_deleted_site_takes_nothing_more(world: Any) -> None:
    world.post(None, "/_mock/sites", {"name": "blue"})
    journal = world.application.sites.get("blue").journal
    world.delete(None, "/_mock/sites/blue")
    assert journal.add(world.site.journal.entries()[0]) == 0
    assert journal.kept().entries == ()
