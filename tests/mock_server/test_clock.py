"""The clock of a world: set, frozen, advanced, by hand, over HTTP and from the command line."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from mock_server import clock as clock_module
from mock_server.clock import Clock
from mock_server.moments import moment_text, parse_moment

LIMIT = 30
DAY = datetime(2013, 11, 15, 9, tzinfo=UTC)
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
Start = Callable[..., Any]


class SystemTime:
    """The system's time in a test: it passes when the test says so."""

    def __init__(self) -> None:
        self.moment = START

    def now(self, zone: Any) -> datetime:
        """In place of ``datetime.now``."""
        return self.moment.astimezone(zone)

    def fromisoformat(self, text: str) -> datetime:
        """In place of the one of ``datetime``."""
        return datetime.fromisoformat(text)


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Iterator[SystemTime]:
    time = SystemTime()
    monkeypatch.setattr(clock_module, "datetime", time)
    return time


def test_a_new_clock_follows_the_system(system: SystemTime) -> None:
    clock = Clock()
    assert (clock.now(), clock.frozen, clock.follows_system) == (START, False, True)
    system.moment += HOUR
    assert clock.now() == START + HOUR


def test_a_clock_that_is_set_runs_on(system: SystemTime) -> None:
    clock = Clock(DAY)
    assert (clock.now(), clock.frozen, clock.follows_system) == (DAY, False, False)
    system.moment += HOUR
    assert clock.now() == DAY + HOUR


def test_a_frozen_clock_stands_until_released_and_then_runs_on_from_there(system: SystemTime) -> None:
    clock = Clock(DAY)
    clock.freeze()
    system.moment += HOUR
    clock.freeze()
    assert (clock.now(), clock.frozen, clock.follows_system) == (DAY, True, False)
    clock.release()
    assert (clock.now(), clock.frozen, clock.follows_system) == (DAY, False, False)
    system.moment += HOUR
    clock.release()
    assert clock.now() == DAY + HOUR


def test_a_frozen_clock_that_is_set_stays_frozen(system: SystemTime) -> None:
    clock = Clock()
    clock.freeze()
    clock.set(DAY)
    system.moment += HOUR
    assert (clock.now(), clock.frozen) == (DAY, True)


@pytest.mark.parametrize("frozen", [False, True])
def test_a_clock_moves_both_ways(system: SystemTime, frozen: bool) -> None:
    clock = Clock(DAY)
    if frozen:
        clock.freeze()
    clock.advance(HOUR)
    clock.advance(-3 * HOUR)
    assert (clock.now(), clock.frozen) == (DAY - 2 * HOUR, frozen)


@pytest.mark.parametrize("frozen", [False, True])
def test_a_clock_can_return_to_the_system(system: SystemTime, frozen: bool) -> None:
    clock = Clock(DAY)
    if frozen:
        clock.freeze()
    clock.follow_system()
    assert (clock.now(), clock.frozen, clock.follows_system) == (START, False, True)


def test_a_clock_takes_no_naive_moment_and_shows_utc(system: SystemTime) -> None:
    clock = Clock()
    with pytest.raises(ValueError, match="time zone"):
        clock.set(datetime(2013, 11, 15))
    assert clock.follows_system
    clock.freeze()
    clock.set(DAY.astimezone(timezone(timedelta(hours=5, minutes=30))))
    assert clock.now() == DAY
    assert clock.now().utcoffset() == timedelta(0)


@pytest.mark.parametrize("by", [timedelta(days=10_000 * 366), -timedelta(days=10_000 * 366)])
def test_a_clock_does_not_leave_the_calendar(system: SystemTime, by: timedelta) -> None:
    clock = Clock(DAY)
    with pytest.raises(OverflowError):
        clock.advance(by)
    assert clock.now() == DAY


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2013-11-15", datetime(2013, 11, 15, tzinfo=UTC)),
        ("2013-11-15T09:00", DAY),
        ("2013-11-15T09:00:00Z", DAY),
        ("2013-11-15T09:00:00.000Z", DAY),
        ("2013-11-15T14:30:00+05:30", DAY),
        ("2013-11-15 09:00", DAY),
    ],
)
def test_moments_are_read_in_every_usual_form_and_written_in_one(text: str, moment: datetime) -> None:
    assert parse_moment(text) == moment
    assert parse_moment(moment_text(moment)) == moment
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", moment_text(moment))


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2013-02-30", "15/Nov/13", "2013-11-15T25:00", "1384506000", "0001-01-01T00:00+05:00"]
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_moment(text)


CLOCK = "/_mock/clock"
NOW = "2013-11-15T09:00:00.000Z"


@pytest.fixture
def still(world: Any) -> Any:
    """A world whose clock stands at ``NOW``."""
    world.set_clock(NOW)
    return world


def bean(now: str = NOW, frozen: bool = True) -> dict[str, Any]:
    return {"now": now, "frozen": frozen, "followsSystem": False}


@pytest.mark.parametrize(
    ("body", "now"),
    [
        ({"now": "2014-01-20"}, "2014-01-20T00:00:00.000Z"),
        ({"now": "2014-01-20T10:00:00+01:00"}, "2014-01-20T09:00:00.000Z"),
        ({"advance": 3600}, "2013-11-15T10:00:00.000Z"),
        ({"advance": -86400}, "2013-11-14T09:00:00.000Z"),
        ({"advance": 0.5}, "2013-11-15T09:00:00.500Z"),
        ({"advance": 0}, NOW),
        ({"frozen": True}, NOW),
        ({"now": "2014-01-20", "advance": 60, "frozen": True}, "2014-01-20T00:01:00.000Z"),
    ],
)
def test_clock_is_set_and_advanced_over_http(still: Any, body: dict[str, Any], now: str) -> None:
    answer = still.put(None, CLOCK, body)
    assert (answer.status, answer.json) == (200, bean(now))
    assert still.get(None, CLOCK).json == bean(now)


def test_clock_runs_when_released(still: Any) -> None:
    before = datetime.now(UTC)
    answer = still.put(None, CLOCK, {"frozen": False}).json
    assert (answer["frozen"], answer["followsSystem"]) == (False, False)
    first = parse_moment(answer["now"])
    later = parse_moment(still.get(None, CLOCK).json["now"])
    passed = datetime.now(UTC) - before + timedelta(milliseconds=1)
    assert parse_moment(NOW) <= first <= later <= parse_moment(NOW) + passed


@pytest.mark.parametrize("body", [{"now": None}, {"now": None, "frozen": False}, {"now": None, "advance": 0}])
def test_clock_follows_the_system_again(still: Any, body: dict[str, Any]) -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    answer = still.put(None, CLOCK, body).json
    assert (answer["frozen"], answer["followsSystem"]) == (False, True)
    assert before <= parse_moment(answer["now"]) <= datetime.now(UTC)


def test_system_time_can_be_frozen(still: Any) -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    answer = still.put(None, CLOCK, {"now": None, "frozen": True}).json
    assert (answer["frozen"], answer["followsSystem"]) == (True, False)
    assert before <= parse_moment(answer["now"]) <= datetime.now(UTC)
    assert still.get(None, CLOCK).json == answer


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"{}",
        b'"2014-01-20"',
        b'{"now": "yesterday"}',
        b'{"now": 1384506000}',
        b'{"now": true}',
        b'{"now": ["2014-01-20"]}',
        b'{"now": ""}',
        b'{"now": "2014-01-20", "frozen": "yes"}',
        b'{"now": "2014-01-20", "frozen": null}',
        b'{"now": "2014-01-20", "frozen": 1}',
        b'{"now": "2014-01-20", "advance": "1h"}',
        b'{"now": "2014-01-20", "advance": true}',
        b'{"now": "2014-01-20", "advance": null}',
        b'{"now": "2014-01-20", "advance": NaN}',
        b'{"now": "2014-01-20", "advance": Infinity}',
        b'{"now": "2014-01-20", "advance": 1e308}',
        b'{"now": "2014-01-20", "advance": 1e400}',
        b'{"now": "2014-01-20", "advance": 999999999999}',
        b'{"now": "2014-01-20", "advance": -99999999999}',
        b'{"now": "9999-12-31", "advance": 86400}',
        b'{"now": "0001-01-01"}',
        b'{"now": "2014-01-20", "speed": 2}',
        b'{"now": "2014-01-20", "Frozen": true}',
    ],
)
def test_a_wrong_body_is_400_with_a_sentence_and_changes_nothing(still: Any, body: bytes) -> None:
    answer = still.put(None, CLOCK, body=body)
    assert answer.status == 400, answer.text
    assert set(answer.json) == {"error"}
    assert answer.json["error"].endswith(".")
    assert still.get(None, CLOCK).json == bean()


@pytest.mark.parametrize(
    "body",
    [
        {"now": "9999-12-31T23:59:59Z"},
        {"now": "9999-12-31T23:59:59-05:00"},
        {"now": "0001-01-01"},
        {"now": "0001-01-01T00:00+05:00"},
        {"now": "9999-12-30", "advance": 86400},
        {"advance": 1e300},
        {"advance": -1e11},
    ],
)
def test_every_end_of_the_calendar_is_refused_alike(still: Any, body: dict[str, Any]) -> None:
    answer = still.put(None, CLOCK, body)
    assert (answer.status, answer.json) == (400, {"error": "The clock goes from 0001-01-02 to 9999-12-30."})
    assert still.get(None, CLOCK).json == bean()


@pytest.mark.parametrize("moment", ["0001-01-02T00:00:00.000Z", "9999-12-30T23:59:59.999Z"])
def test_the_first_and_the_last_moment_of_the_clock(still: Any, moment: str) -> None:
    assert still.put(None, CLOCK, {"now": moment}).json["now"] == moment


def test_another_media_type_and_other_methods_are_refused(still: Any) -> None:
    answer = still.put(None, CLOCK, body=b'{"now": "2014-01-20"}', headers={"Content-Type": "text/plain"})
    assert 400 <= answer.status < 500
    assert "error" in answer.json
    for method in ("POST", "DELETE", "PATCH"):
        answer = still.call(method, None, CLOCK, {"now": "2014-01-20"})
        assert answer.status == 405
        assert "error" in answer.json
        assert "PUT" in answer.headers["Allow"]
    assert "error" in still.get(None, "/_mock/clok").json
    assert still.get(None, CLOCK).json == bean()


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:1", "null"])
def test_a_page_of_another_origin_may_not_touch_the_clock(still: Any, origin: str) -> None:
    assert still.put(None, CLOCK, {"now": "2014-01-20"}, headers={"Origin": origin}).status == 403
    assert still.get(None, CLOCK, headers={"Origin": origin}).status == 403
    assert still.get(None, CLOCK).json == bean()


def statuses(world: Any) -> dict[str, str]:
    members = world.get("fred", "2/team/3/member").json
    return {item["member"]["name"]: item["membership"]["status"] for item in members if item.get("membership")}


def test_membership_status_follows_the_clock(still: Any) -> None:
    assert (statuses(still)["bob"], statuses(still)["david"]) == ("active", "active")
    still.put(None, CLOCK, {"now": "2014-01-20"})
    assert (statuses(still)["bob"], statuses(still)["david"]) == ("past", "active")
    still.put(None, CLOCK, {"advance": -86400 * 66})
    assert statuses(still)["bob"] == "active"


@pytest.mark.parametrize(("zone", "status"), [("UTC", "active"), ("Pacific/Auckland", "past"), ("America/New_York", "active")])
def test_the_day_ends_where_the_site_is(make_world: Callable[..., Any], zone: str, status: str) -> None:
    world = make_world({"jira.timeZone": zone})
    # Bob's last day is the 29th; in Auckland it is that day already.
    world.set_clock("2013-11-28T23:00Z")
    assert statuses(world)["bob"] == status


def fetch(url: str, path: str) -> Any:
    parts = urlsplit(url)
    with closing(HTTPConnection(parts.hostname or "", parts.port, timeout=LIMIT)) as connection:
        connection.request("GET", path)
        return json.load(connection.getresponse())


def test_option_sets_the_clock_and_it_runs_on(server: Start) -> None:
    began = datetime.now(UTC)
    url = server("--quiet", "--clock", "2013-11-15T10:00+01:00").url
    first, second = (fetch(url, CLOCK) for _ in range(2))
    assert (first["frozen"], first["followsSystem"]) == (False, False)
    passed = datetime.now(UTC) - began
    assert DAY <= parse_moment(first["now"]) <= parse_moment(second["now"]) <= DAY + passed + timedelta(milliseconds=1)


def test_without_the_option_the_clock_follows_the_system(server: Start) -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    found = fetch(server("--quiet").url, CLOCK)
    assert (found["frozen"], found["followsSystem"]) == (False, True)
    assert before <= parse_moment(found["now"]) <= datetime.now(UTC)
