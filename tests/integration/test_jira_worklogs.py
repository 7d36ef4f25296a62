"""The worklogs of Jira since a moment: pages that begin with what is known, the withheld minute, the author's own clock."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.clients.http import Unreadable, Wire
from integration.clients.jira_worklogs import JiraWorklogs
from integration.worklogs import JiraWorklog

from .scripted import Answer, Asked, Clock, Scripted

APP = "557058:295406f3-a1fc-4733-b906-dd15d021bd79"


def client(server: Scripted, clock: Clock) -> JiraWorklogs:
    return JiraWorklogs(Wire(server.url, "Basic x", clock=clock, per_second=10_000))


def row(number: Any = "10511", **members: Any) -> dict[str, Any]:
    """A worklog as Jira tells it."""
    return {
        "id": number,
        "issueId": "10200",
        "author": {"accountId": "712020:0b7e", "accountType": "atlassian", "timeZone": "Europe/Berlin"},
        "started": "2026-10-05T09:00:00.000+0200",
        "updated": "2026-10-05T16:02:11.412+0200",
        "timeSpentSeconds": 5400,
        **members,
    }


class Feed:
    """``worklog/updated`` of a world, with pages of so many, that withholds what is after ``now``."""

    def __init__(self, changes: list[tuple[int, int]], size: int, now: int) -> None:
        self.changes, self.size, self.now = sorted(changes, key=lambda change: change[1]), size, now
        self.asked: list[int] = []

    def __call__(self, asked: Asked) -> Answer:
        since = int(parse_qs(urlsplit(asked.path).query)["since"][0])
        self.asked.append(since)
        found = [change for change in self.changes if since <= change[1] <= self.now]
        shown = found[: self.size]
        values = [{"worklogId": number, "updatedTime": at, "properties": []} for number, at in shown]
        until = shown[-1][1] if shown else since
        return Answer(body={"values": values, "since": since, "until": until, "lastPage": len(shown) == len(found)})


class Straight:
    """A wire to a feed without a socket between."""

    url = "https://harbour.example"

    def __init__(self, feed: Feed) -> None:
        self._feed = feed

    def get(self, path: str, query: list[tuple[str, str]]) -> Any:
        return self._feed(Asked("GET", f"{path}?{urlencode(query)}", {}, b"")).body


def test_pages_to_the_last_one(server: Scripted, clock: Clock) -> None:
    server.script = feed = Feed([(11, 100), (12, 200), (13, 300), (14, 400)], 3, 1000)
    pages = list(client(server, clock).updated(0))
    assert [page.ids for page in pages] == [(11, 12, 13), (14,)], "the last of a page is not told twice"
    assert [page.until for page in pages] == [300, 400]
    assert feed.asked == [0, 300]
    assert {urlsplit(asked.path).path for asked in server.asked} == {"/rest/api/3/worklog/updated"}


def test_nothing_changed(server: Scripted, clock: Clock) -> None:
    server.script = Feed([(1, 5)], 1000, 1000)
    (page,) = client(server, clock).updated(77)
    assert page == ((), 77, False)


def test_what_is_withheld_comes_in_the_next_run(server: Scripted, clock: Clock) -> None:
    server.script = feed = Feed([(1, 100), (2, 950)], 1000, 900)
    (page,) = client(server, clock).updated(0)
    assert (page.ids, page.until) == ((1,), 100)
    feed.now = 1000
    (page,) = client(server, clock).updated(page.until)
    assert set(page.ids) == {1, 2}


def test_a_worklog_that_changed_again_meanwhile_is_told_again(server: Scripted, clock: Clock) -> None:
    server.script = Feed([(1, 100), (2, 200), (1, 300)], 2, 1000)
    assert [page.ids for page in client(server, clock).updated(0)] == [(1, 2), (1,)]


def test_more_in_one_millisecond_than_a_page_holds(server: Scripted, clock: Clock) -> None:
    server.script = Feed([*((number, 100) for number in range(5)), (9, 200)], 3, 1000)
    pages = list(client(server, clock).updated(0))
    assert any(page.is_crowded for page in pages)
    assert pages[-1].ids == (9,), "it comes to an end, and what comes later is read"


@pytest.mark.parametrize("following", ["since=101", "since=99", "since=x", "", None])
def test_a_page_that_holds_all_of_its_moment_leads_behind_it(server: Scripted, clock: Clock, following: str | None) -> None:
    def answer(asked: Asked) -> Answer:
        since = int(parse_qs(urlsplit(asked.path).query)["since"][0])
        rows = [(number, 100) for number in range(5)] if since <= 100 else [(9, 200)]
        values = [{"worklogId": number, "updatedTime": at} for number, at in rows]
        link = None if following is None else f"http://elsewhere.example/rest/api/3/worklog/updated?{following}"
        more = {"lastPage": True} if since > 100 else {"lastPage": False, "nextPage": link}
        return Answer(body={"values": values, "since": since, "until": rows[-1][1], **more})

    server.script = answer
    pages = list(client(server, clock).updated(0))
    assert [number for page in pages for number in page.ids] == [0, 1, 2, 3, 4, 9]
    assert any(page.is_crowded for page in pages) is (following != "since=101")


@given(
    st.lists(st.tuples(st.integers(1, 40), st.integers(0, 60)), max_size=60),
    st.integers(1, 9),
)
def test_no_change_is_left_out_unless_it_is_told(changes: list[tuple[int, int]], size: int) -> None:
    pages = list(JiraWorklogs(Straight(Feed(changes, size, 1000))).deleted(0))  # type: ignore[arg-type]
    if not any(page.is_crowded for page in pages):
        assert {number for page in pages for number in page.ids} == {number for number, _ in changes}
    assert [page.until for page in pages] == sorted(page.until for page in pages)


def test_worklogs_by_id_a_thousand_at_a_time(server: Scripted, clock: Clock) -> None:
    def answer(asked: Asked) -> Answer:
        assert (asked.method, asked.path) == ("POST", "/rest/api/3/worklog/list")
        ids = json.loads(asked.body)["ids"]
        assert all(isinstance(number, int) for number in ids)
        return Answer(body=[row(str(number)) for number in ids if number != 3])

    server.script = answer
    found = client(server, clock).named(range(1, 2002))
    assert [len(json.loads(asked.body)["ids"]) for asked in server.asked] == [1000, 1000, 1]
    assert len(found) == 2000
    assert 3 not in {worklog.id for worklog in found}


def test_none_asked_for_asks_nothing(server: Scripted, clock: Clock) -> None:
    assert client(server, clock).named([]) == []
    assert not server.asked


@pytest.mark.parametrize("number", ["10511", 10511])
def test_every_value(server: Scripted, clock: Clock, number: object) -> None:
    server.script = [Answer(body=[row(number)])]
    assert client(server, clock).named([10511]) == [
        JiraWorklog(10511, "10200", "712020:0b7e", date(2026, 10, 5), "09:00:00", 5400, "2026-10-05T16:02:11.412+0200")
    ]


@pytest.mark.parametrize(
    ("started", "author", "day", "start"),
    [
        ("2026-10-05T23:30:00.000+0200", {"timeZone": "Europe/Berlin"}, date(2026, 10, 5), "23:30:00"),
        ("2026-10-05T23:30:00.000-0700", {"timeZone": "America/Los_Angeles"}, date(2026, 10, 5), "23:30:00"),
        # Told on the clock of whoever asks, in Berlin; the author's evening is the day before.
        ("2026-10-06T05:30:00.000+0200", {"timeZone": "America/New_York"}, date(2026, 10, 5), "23:30:00"),
        ("2026-10-05T14:00:00.000+0000", {"timeZone": "Pacific/Auckland"}, date(2026, 10, 6), "03:00:00"),
        ("2026-10-05T23:30:00.000+0200", {}, date(2026, 10, 5), "23:30:00"),
        ("2026-10-05T23:30:00.000+0200", {"timeZone": "Nowhere/At_All"}, date(2026, 10, 5), "23:30:00"),
        ("2026-10-05T23:30:00.000+0200", {"timeZone": None}, date(2026, 10, 5), "23:30:00"),
        # An app has a zone that is nobody's; it writes the clock that it was told.
        (
            "2026-10-05T23:30:00.000+0200",
            {"accountType": "app", "timeZone": "Australia/Sydney"},
            date(2026, 10, 5),
            "23:30:00",
        ),
        ("0001-01-01T00:00:00.000+0200", {"timeZone": "America/New_York"}, date(1, 1, 1), "00:00:00"),
    ],
)
def test_the_day_is_that_of_the_author(
    server: Scripted, clock: Clock, started: str, author: dict[str, Any], day: date, start: str
) -> None:
    server.script = [Answer(body=[row(started=started, author={"accountId": "a", **author})])]
    (found,) = client(server, clock).named([1])
    assert (found.day, found.start) == (day, start)


def test_authors_that_are_apps_or_gone(server: Scripted, clock: Clock) -> None:
    app = {"accountId": APP, "accountType": "app", "displayName": "Timesheets by Tempo - Jira Time Tracking"}
    gone = {key: value for key, value in row("3").items() if key != "author"}
    server.script = [Answer(body=[row("1", author=app), row("2", author=None), gone])]
    assert [found.author_id for found in client(server, clock).named([1, 2, 3])] == [APP, "", ""]


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "10x"},
        {"id": "١٢"},
        {"id": None},
        {"id": True},
        {"id": 10**30},
        {"id": -1},
        {"issueId": "\ud800"},
        {"timeSpentSeconds": -60},
        {"timeSpentSeconds": 2**64},
        {"issueId": None},
        {"author": "712020:0b7e"},
        {"author": {}},
        {"author": {"accountId": 7}},
        {"started": None},
        {"started": "yesterday"},
        {"timeSpentSeconds": "5400"},
        {"timeSpentSeconds": None},
    ],
)
def test_worklogs_that_are_none(server: Scripted, clock: Clock, wrong: dict[str, Any]) -> None:
    server.script = [Answer(body=[row(**wrong)])]
    with pytest.raises(Unreadable) as caught:
        client(server, clock).named([1])
    assert caught.value.kind == "not-tempo"
    assert "not Jira Cloud" in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"values": [], "lastPage": True},
        {"values": [], "until": 1},
        {"values": [{"worklogId": "1", "updatedTime": 5}], "until": 5, "lastPage": True},
        {"values": [{"worklogId": 1}], "until": 5, "lastPage": True},
        {"values": [], "until": 1, "lastPage": True},
    ],
)
def test_changes_that_are_none(server: Scripted, clock: Clock, body: object) -> None:
    server.script = [Answer(body=body)]
    with pytest.raises(Unreadable) as caught:
        list(client(server, clock).updated(3))
    assert caught.value.kind == "not-tempo"


@pytest.mark.parametrize(("status", "kind"), [(401, "unauthorized"), (403, "forbidden"), (404, "not-found")])
def test_a_jira_that_refuses(server: Scripted, clock: Clock, status: int, kind: str) -> None:
    server.script = [Answer(status)]
    with pytest.raises(Unreadable) as caught:
        list(client(server, clock).deleted(0))
    assert caught.value.kind == kind
