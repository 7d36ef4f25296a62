"""Arming and disarming faults: which rules there are, which requests they take, and that nothing else changes."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mock_server.errors import Invalid
from mock_server.faults.fault import MOST_ARMED, Faults
from mock_server.faults.members import MEMBERS
from mock_server.faults.rules import arm

FAULTS = "/_mock/faults"
TEAM = "/jira/rest/tempo-teams/2/team/3"
CLOUD, JIRA = "/4/teams", "/rest/api/3/myself"
TEAPOT = {"status": 418}

Make = Callable[..., Any]


def armed(world: Any, **rule: Any) -> dict[str, Any]:
    """The bean of a fault that was armed over HTTP."""
    answer = world.post(None, FAULTS, rule)
    assert answer.status == 201, answer.text
    bean: dict[str, Any] = answer.json
    return bean


def bean(world: Any, fault: dict[str, Any]) -> Any:
    return world.get(None, f"{FAULTS}/{fault['id']}").json


def statuses(world: Any, number: int, path: str = TEAM) -> list[int]:
    return [world.get("fred", path).status for _ in range(number)]


def test_a_fault_is_armed_told_listed_and_disarmed(world: Any) -> None:
    rule = {"method": "GET", "path": "/jira/rest/tempo-teams", "status": 503, "count": 2}
    told = armed(world, **rule)
    assert told["id"] == 1
    assert told["rule"] == rule
    assert (told["fired"], told["seen"]) == (0, 0)
    assert "GET /jira/rest/tempo-teams" in told["sentence"]
    assert "503 Service Unavailable" in told["sentence"]
    assert world.get(None, FAULTS).json == {"faults": [told]}
    assert statuses(world, 3) == [503, 503, 200]
    assert bean(world, told) == told | {"fired": 2, "seen": 3}
    assert world.delete(None, f"{FAULTS}/1").status == 204
    assert world.get(None, FAULTS).json == {"faults": []}
    assert world.get(None, f"{FAULTS}/1").status == 404
    assert world.delete(None, f"{FAULTS}/1").json == {"error": "There is no fault 1."}
    assert armed(world, **rule)["id"] == 2


def test_all_are_disarmed_at_once(world: Any) -> None:
    armed(world, path="/4/", **TEAPOT)
    armed(world, path="/jira/", **TEAPOT)
    assert [bean["id"] for bean in world.get(None, FAULTS).json["faults"]] == [1, 2]
    assert world.delete(None, FAULTS).status == 204
    assert world.get(None, FAULTS).json == {"faults": []}
    assert statuses(world, 1) == [200]
    assert world.cloud("GET", "fred", "teams").status == 200


@pytest.mark.parametrize(
    ("rule", "names"),
    [
        ({}, "status"),
        ({"method": "GET"}, "status"),
        ({"shift": 0}, "shift"),
        ({"truncate": False}, "status"),
        ({"status": 204, "body": "x"}, "body"),
        ({"status": 304, "json": None}, "json"),
        ({"status": 204, "html": True}, "html"),
        ({"status": 304, "invalidJson": True}, "invalidJson"),
        ({"statuss": 500}, "statuss"),
        ({"status": 199}, "from 200 to 599"),
        ({"status": 600}, "from 200 to 599"),
        ({"status": "500"}, "from 200 to 599"),
        ({"status": True}, "from 200 to 599"),
        ({"status": None}, "status"),
        ({"status": 500.0}, "status"),
        ({**TEAPOT, "method": "FETCH"}, "GET, HEAD, POST"),
        ({**TEAPOT, "method": []}, "method"),
        ({**TEAPOT, "method": ["GET", 1]}, "method"),
        ({**TEAPOT, "path": "4/teams"}, "path"),
        ({**TEAPOT, "path": ""}, "path"),
        ({**TEAPOT, "path": ["/4"]}, "path"),
        ({**TEAPOT, "persona": "nobody-of-this-name"}, "nobody-of-this-name"),
        ({**TEAPOT, "persona": ""}, "persona"),
        ({**TEAPOT, "query": "a=b"}, "query"),
        ({**TEAPOT, "query": {"a": 1}}, "query"),
        ({**TEAPOT, "query": {}}, "query"),
        ({**TEAPOT, "count": 0}, "count is a whole number from 1"),
        ({**TEAPOT, "after": -1}, "after is a whole number from 0"),
        ({**TEAPOT, "after": 1.5}, "after"),
        ({**TEAPOT, "probability": 1.1}, "probability is a number from 0 to 1"),
        ({**TEAPOT, "probability": "half"}, "probability"),
        ({**TEAPOT, "seed": 1}, "seed goes with probability"),
        ({**TEAPOT, "probability": 0.5, "seed": [1]}, "seed"),
        ({"body": 1}, "body is a text"),
        ({"body": "x", "json": {}}, "body and json exclude"),
        ({"html": True, "json": {}}, "json and html exclude"),
        ({"headers": {"Content-Length": "1"}}, "Content-Length"),
        ({"headers": {"Connection": "close"}}, "headers"),
        ({"headers": {"Transfer-Encoding": "chunked"}}, "headers"),
        ({"headers": {"X-A": "1\r\nX-B: 2"}}, "headers"),
        ({"headers": {"X A": "1"}}, "headers"),
        ({"headers": {"": "1"}}, "headers"),
        ({"headers": {"X-A": "\u20ac"}}, "headers"),
        ({"headers": {"X-A": 1}}, "headers"),
        ({"headers": {}}, "headers"),
        ({"retryAfter": 5}, "retryAfter goes with status"),
        ({"status": 429, "retryAfter": -1}, "retryAfter"),
        ({"status": 429, "retryAfter": "soon"}, "retryAfter"),
        ({"delay": -0.1}, "delay is a number of seconds from 0 to 3600"),
        ({"delay": 3601}, "delay"),
        ({"delay": True}, "delay"),
        ({"timeout": False}, "timeout"),
        ({"timeout": -1}, "timeout"),
        ({"cut": "end"}, "before, middle, after"),
        ({"cut": None}, "cut"),
        ({"reset": True, **TEAPOT}, "reset says how a cut ends"),
        ({"cut": "middle", "reset": 1}, "reset"),
        ({"truncate": 1}, "truncate is true or false"),
        ({"invalidJson": "yes"}, "invalidJson"),
        ({"html": 1}, "html"),
        ({"contentType": ""}, "contentType"),
        ({"contentType": "a\nb"}, "contentType"),
        ({"drip": 0}, "drip is a number of bytes in a second, from 1"),
        ({"applied": True}, "applied goes with"),
        ({"applied": True, "truncate": True}, "applied goes with"),
        ({"shift": 1.5}, "shift"),
        ({"shift": 1, "status": 500}, "shift"),
        ({"expireToken": 1}, "expireToken"),
        ({"takePermission": False}, "takePermission"),
        ({"takePermission": {"role": True}}, "takePermission"),
        ({"takePermission": {"role": "View Worklogs", "scope": "teams:view"}}, "takePermission"),
        ({"takePermission": {"role": "No such role"}}, "no permission role"),
        ({"takePermission": {"role": 1}}, "no permission role"),
        ({"takePermission": {"scope": "no:scope"}}, "no scope"),
    ],
    ids=str,
)
def test_a_bad_rule_is_400_and_arms_nothing(world: Any, rule: dict[str, Any], names: str) -> None:
    answer = world.post(None, FAULTS, rule)
    assert answer.status == 400, answer.text
    assert set(answer.json) == {"error"}
    assert names in answer.json["error"]
    assert world.get(None, FAULTS).json == {"faults": []}
    with pytest.raises(Invalid):
        arm(world.site, rule)


@pytest.mark.parametrize("body", [b"", b"[]", b"1", b"{", b'{"delay": 1e999}', b'{"delay": NaN}', b'{"body": "\\ud800"}'])
def test_a_body_that_is_no_rule_is_400(world: Any, body: bytes) -> None:
    answer = world.post(None, FAULTS, body=body)
    assert answer.status == 400, answer.text
    assert set(answer.json) == {"error"}


def test_from_python_too_a_rule_that_is_no_json_is_refused(world: Any) -> None:
    for rule in ({"json": object()}, {"body": "\ud800"}, {"delay": float("nan")}, {1: 2}, [], {"status": object()}):
        with pytest.raises(Invalid):
            arm(world.site, rule)
    assert not world.site.faults.is_armed


def test_after_and_count_say_which_requests(world: Any) -> None:
    fault = armed(world, after=2, count=3, **TEAPOT)
    assert statuses(world, 7) == [200, 200, 418, 418, 418, 200, 200]
    assert bean(world, fault)["fired"] == 3
    assert bean(world, fault)["seen"] == 7


def test_the_oldest_takes_a_request_and_the_next_only_what_it_leaves(world: Any) -> None:
    armed(world, count=1, status=500)
    armed(world, count=1, status=502)
    assert statuses(world, 3) == [500, 502, 200]


def test_probability_with_a_seed_breaks_the_same_requests_on_every_run(make_world: Make) -> None:
    def run(**rule: Any) -> list[int]:
        world = make_world()
        armed(world, probability=0.5, **TEAPOT, **rule)
        return statuses(world, 40)

    assert run(seed=7) == run(seed=7)
    assert set(run(seed=7)) == {200, 418}
    assert run(seed=7) != run(seed=8)
    assert run() == run()
    assert run(seed="blue") == run(seed="blue")


@pytest.mark.parametrize(("probability", "expected"), [(0, {200}), (1, {418})])
def test_probability_nought_is_never_and_one_always(world: Any, probability: int, expected: set[int]) -> None:
    armed(world, probability=probability, **TEAPOT)
    assert set(statuses(world, 20)) == expected


def test_threads_use_up_a_count_exactly(world: Any) -> None:
    fault = armed(world, after=10, count=50, **TEAPOT)
    found: list[int] = []
    start = threading.Barrier(8)

    def ask() -> None:
        start.wait()
        found.extend(statuses(world, 20))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found.count(418) == 50
    assert found.count(200) == 110
    assert bean(world, fault)["seen"] == 160


def test_a_fault_breaks_its_own_site_only(world: Any) -> None:
    site = world.post(None, "/_mock/sites", {"name": "blue"}).json["name"]
    assert world.post(None, f"/sites/{site}{FAULTS}", TEAPOT).json["id"] == 1
    assert world.get("fred", f"/sites/{site}{TEAM}").status == 418
    assert statuses(world, 1) == [200]
    assert world.get(None, FAULTS).json == {"faults": []}
    assert world.delete(None, f"/sites/{site}{FAULTS}").status == 204
    assert world.get("fred", f"/sites/{site}{TEAM}").status == 200


@pytest.mark.parametrize(
    "path", ["/", "/_mock/health", "/_mock/api", "/_mock/openapi.json", "/jira/plugins/servlet/restbrowser"]
)
def test_what_is_the_fakes_own_is_never_broken(world: Any, path: str) -> None:
    armed(world, path="*", **TEAPOT)
    assert world.get(None, path).status in (200, 302, 308)


def test_reset_disarms_and_restore_leaves(world: Any) -> None:
    world.post(None, "/_mock/snapshots")
    fault = armed(world, **TEAPOT)
    world.post(None, "/_mock/restore")
    assert statuses(world, 1) == [418]
    waiting = world.site.faults.get(fault["id"]).over
    world.post(None, "/_mock/reset")
    assert statuses(world, 1) == [200]
    assert waiting.is_set()


def test_deleting_a_site_lets_go_of_what_waits_there(world: Any) -> None:
    world.post(None, "/_mock/sites", {"name": "blue"})
    over = arm(world.application.sites.get("blue"), {"timeout": True}).over
    world.delete(None, "/_mock/sites/blue")
    assert over.is_set()


def test_without_control_routes_python_still_arms(make_world: Make) -> None:
    world = make_world(control=False)
    assert world.post(None, FAULTS, TEAPOT).status == 404
    fault = arm(world.site, TEAPOT)
    assert statuses(world, 1) == [418]
    world.site.faults.disarm(fault.id)
    assert statuses(world, 1) == [200]


def test_a_site_holds_so_many_and_no_more(world: Any) -> None:
    for _ in range(MOST_ARMED):
        arm(world.site, {"path": "/nowhere", **TEAPOT})
    answer = world.post(None, FAULTS, TEAPOT)
    assert answer.status == 400
    assert str(MOST_ARMED) in answer.json["error"]


def test_the_reason_of_a_broken_answer_is_told_to_who_asks(world: Any) -> None:
    armed(world, **TEAPOT)
    reason = world.get("fred", TEAM, headers={"X-Tempo-Mock-Explain": "1"}).headers["X-Tempo-Mock-Reason"]
    assert reason.startswith("fault 1: ")


def test_nothing_armed_is_one_look_at_an_attribute(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: Any) -> None:
        raise AssertionError("a request was looked at though nothing is armed")

    for name in ("take", "every", "get"):
        monkeypatch.setattr(Faults, name, forbidden)
    assert world.site.faults.is_armed is False
    assert statuses(world, 2) == [200, 200]


NAMES = st.sampled_from([member.name for member in MEMBERS])
SMALL = st.integers(-2, 600) | st.floats() | st.booleans() | st.none() | st.text(max_size=8)
VALUES = SMALL | st.sampled_from(["GET", "/4/", "*", "admin", "fred", "before", "middle", "teams:view", "é"])
ANY = VALUES | st.lists(VALUES, max_size=2) | st.dictionaries(st.text(max_size=6) | NAMES, VALUES, max_size=2)
FITTING = st.fixed_dictionaries({}, optional={
    "method": st.sampled_from(["GET", "POST", ["GET", "PUT"]]),
    "path": st.sampled_from(["/4/", "/jira*3", "*"]),
    "persona": st.sampled_from(["admin", "viewer", "bob"]),
    "status": st.integers(200, 599),
    "json": ANY,
    "cut": st.sampled_from(["middle", "after"]),
    "truncate": st.booleans(),
    "invalidJson": st.booleans(),
    "headers": st.dictionaries(st.sampled_from(["X-A", "Content-Type", "Vary"]), st.none() | st.text("ab \xe9", max_size=4)),
    "after": st.integers(0, 2),
    "count": st.integers(1, 3),
    "probability": st.floats(0, 1),
})  # fmt: skip
RULES = st.dictionaries(NAMES | st.text(max_size=6), ANY, max_size=5) | FITTING


@given(rule=RULES)
@settings(
    max_examples=300,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_rule_is_armed_or_refused_and_disarming_leaves_no_trace(world: Any, rule: dict[str, Any]) -> None:
    before = [world.get("fred", TEAM).body, world.cloud("GET", "fred", "teams").body]
    try:
        number = arm(world.site, rule).id
    except Invalid:
        assert not world.site.faults.is_armed
        return
    told = world.get(None, f"{FAULTS}/{number}")
    assert told.status == 200
    assert told.json["sentence"]
    world.site.faults.disarm_all()
    assert [world.get("fred", TEAM).body, world.cloud("GET", "fred", "teams").body] == before


@given(rule=FITTING)
@settings(
    max_examples=200,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_rule_that_is_armed_never_ends_in_a_defect(world: Any, rule: dict[str, Any]) -> None:
    answer = world.post(None, FAULTS, rule)
    assert answer.status in (201, 400), answer.text
    for path in (TEAM, CLOUD, JIRA, "/core/3/x", "/jira/rest/nowhere"):
        try:
            answer = world.get(None, path, headers={"Authorization": "Bearer demo-token-of-fred-not-a-secret"})
        except ConnectionResetError:
            assert rule["cut"] == "middle"
            continue
        assert "defect of this fake" not in answer.body.decode("latin-1")
    world.delete(None, FAULTS)


def test_one_that_cannot_be_lifted_keeps_no_other_from_it(world: Any) -> None:
    def fail() -> None:
        raise RuntimeError("gone")

    faults = [arm(world.site, TEAPOT) for _ in range(3)]
    lifted: list[int] = []
    faults[0].lift = lambda: lifted.append(faults[0].id)
    faults[1].lift = faults[2].lift = fail
    assert world.delete(None, f"{FAULTS}/2").json == {
        "error": f"Fault 2 ({faults[1].sentence}) is disarmed, but what it changed could not be put back: gone."
    }
    answer = world.delete(None, FAULTS)
    assert (answer.status, "Fault 3" in answer.text, "Fault 1" in answer.text) == (400, True, False)
    assert (lifted, all(fault.over.is_set() for fault in faults)) == ([1], True)
    assert world.get(None, FAULTS).json == {"faults": []}
    arm(world.site, TEAPOT).lift = fail
    assert world.post(None, "/_mock/reset").status < 300
