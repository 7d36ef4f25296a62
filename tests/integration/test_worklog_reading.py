"""Reading worklogs: what changed, what moved, what was deleted, and what is only hidden."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from typing import Any, cast

import pytest

from integration.clients.http import Unreadable, Wire
from integration.clients.tempo_worklogs import TempoWorklogs
from integration.records import Complete, Partial, Reading
from integration.store import Store
from integration.worklog_reading import read_worklogs
from integration.worklog_rows import WorklogRows
from integration.worklogs import Doubt, Period, Read

from .worklog_site import BEGIN, Site, Told

TODAY = BEGIN.date()
ALWAYS = Period(date.min, date.max)
MODES = [True, False]


class Sync:
    """A database beside a site."""

    def __init__(self, store: Store, site: Site) -> None:
        self.store, self.site, self.rows = store, site, WorklogRows(store)

    def read(self, deletions: str = "auto", **more: Any) -> Reading[Read]:
        """Read, then an hour passes. Asked: in ``self.asked``."""
        tempo = TempoWorklogs(cast(Wire, self.site), more.pop("limit", 5000))
        before = len(self.site.asked)
        found = read_worklogs(tempo, self.rows, self.store, Told(deletions=deletions), now=self.site.now, **more)
        self.asked = self.site.asked[before:]
        assert found.value.requests == len(self.asked)
        self.site.go_on(hours=1)
        return found

    def whole(self, **more: Any) -> Read:
        """Read, which is to be whole."""
        found = self.read(**more)
        assert isinstance(found, Complete), found
        return found.value

    def partial(self, kind: str, **more: Any) -> Read:
        """Read, which is not to be whole."""
        found = self.read(**more)
        assert isinstance(found, Partial)
        assert found.reason.kind == kind
        return found.value

    def totals(self) -> dict[tuple[str, date], int]:
        """Seconds by author and day."""
        return {(logged.author_id, logged.day): logged.seconds for logged in self.rows.daily(ALWAYS)}

    def check(self) -> None:
        """Exactly what the site has is held."""
        assert self.totals() == self.site.totals()
        assert self.rows.count() == len(self.site.rows)


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def sync(site: Site) -> Iterator[Sync]:
    with closing(Store(":memory:")) as store:
        yield Sync(store, site)


@pytest.fixture(params=MODES, ids=["audit", "window"])
def team(request: Any, sync: Sync) -> Sync:
    """Three people with worklogs on thirty days, read once; with and without an audit feed."""
    sync.site.has_audit = request.param
    for back in range(30, 0, -1):
        for author, issue in (("bob", 10), ("erica", 10), ("greta", 11), ("bob", 11)):
            sync.site.add(author, TODAY - timedelta(days=back), issue=issue)
    sync.site.go_on(hours=1)
    told = sync.whole()
    assert (told.mode, told.deletions, told.upserted) == ("full", "audit" if request.param else "window", 120)
    sync.check()
    return sync


def test_nothing_changed(team: Sync) -> None:
    told = team.whole()
    assert (told.mode, told.upserted, told.deleted, told.doubts) == ("incremental", 0, 0, ())
    team.check()


@pytest.mark.parametrize(
    "change",
    [{"seconds": 60}, {"author": "erica"}, {"day": TODAY - timedelta(days=90)}, {"day": TODAY}, {"issue": 99}],
    ids=str,
)
def test_an_edit(team: Sync, change: dict[str, Any]) -> None:
    team.site.edit(57, **change)
    told = team.whole()
    assert (told.mode, told.upserted, told.deleted) == ("incremental", 1, 0)
    team.check()


def test_new_worklogs_and_new_people(team: Sync) -> None:
    for author in ("bob", "new", "newer"):
        team.site.add(author)
    assert team.whole().upserted == 3
    team.check()


@pytest.mark.parametrize("numbers", [[57], [1], [120], [3, 40, 41, 80], [57, 58, 59, 60]], ids=str)
def test_deletions(team: Sync, numbers: list[int]) -> None:
    for number in numbers:
        team.site.delete(number)
    told = team.whole()
    assert (told.mode, told.deleted) == ("incremental", len(numbers))
    team.check()


def test_everything_of_somebody_is_deleted(team: Sync) -> None:
    for number in [row.id for row in team.site.rows.values() if row.author == "greta"]:
        team.site.delete(number)
    if team.site.has_audit:
        assert team.whole().deleted == 30
    else:
        assert team.partial("hidden").doubts == (Doubt("greta", 30),)
        assert team.whole(accept_fewer=True).deleted == 30
    team.check()


HIDDEN: dict[str, Any] = {
    "everybody but one": lambda row: row.author == "bob",
    "everybody": lambda row: False,
    "one": lambda row: row.author != "greta",
    "a project": lambda row: row.issue != 11,
    "a project but for one": lambda row: row.issue != 11 or row.author == "greta",
    "days of somebody at the end": lambda row: row.author != "bob" or row.day < TODAY - timedelta(days=7),
    "days of somebody at the beginning": lambda row: row.author != "erica" or row.day > TODAY - timedelta(days=7),
}


@pytest.mark.parametrize("sees", HIDDEN.values(), ids=HIDDEN)
def test_what_is_hidden_is_kept_and_told_until_it_shows(team: Sync, sees: Any) -> None:
    before = team.totals()
    team.site.sees = sees
    hidden = len([row for row in team.site.rows.values() if not sees(row)])
    for full in (False, False, True, False):
        told = team.partial("hidden", full=full)
        assert sum(doubt.worklogs for doubt in told.doubts) == hidden
        assert told.deleted == 0
        assert team.totals() == before
    team.site.sees = lambda row: True
    team.whole()
    team.check()


@pytest.mark.parametrize("sees", HIDDEN.values(), ids=HIDDEN)
def test_what_is_hidden_is_believed_to_be_deleted_when_somebody_says_so(team: Sync, sees: Any) -> None:
    team.site.sees = sees
    team.partial("hidden")
    team.whole(accept_fewer=True)
    assert team.totals() == team.site.totals(seen=True)
    team.site.sees = lambda row: True
    team.whole()
    team.check()


def test_what_was_deleted_while_it_was_hidden(team: Sync) -> None:
    team.site.sees = lambda row: row.author == "bob"
    team.partial("hidden")
    team.site.delete(70)
    team.site.edit(71, seconds=1)
    team.partial("hidden")
    team.site.sees = lambda row: True
    assert team.whole().mode == "full"
    team.check()


def test_a_right_that_comes_later(sync: Sync) -> None:
    sync.site.sees = lambda row: row.author == "bob"
    for author in ("bob", "erica", "greta"):
        for back in range(20):
            sync.site.add(author, TODAY - timedelta(days=back * 5))
    sync.site.go_on(days=1)
    sync.whole()
    assert {author for author, _ in sync.totals()} == {"bob"}
    sync.site.sees = lambda row: True
    sync.whole()
    sync.check()


def test_the_audit_feed_is_asked_from_where_it_was_read(sync: Sync) -> None:
    first = sync.site.add()
    sync.site.add()
    sync.whole()
    sync.site.has_audit = False
    sync.site.add()
    assert sync.whole().deletions == "window"
    sync.site.delete(first)
    sync.site.has_audit = True
    told = sync.whole()
    assert (told.deletions, told.deleted) == ("audit", 1)
    sync.check()


def test_more_deletions_than_a_page_of_the_feed(sync: Sync) -> None:
    numbers = [sync.site.add(author=f"p{number % 7}") for number in range(40)]
    sync.whole()
    for number in numbers[:33]:
        sync.site.delete(number)
    sync.site.most = 5
    sync.whole()
    sync.check()
    assert len([path for path, _, _ in sync.asked if path.endswith("papertrail/search")]) == 7


def test_a_feed_that_was_asked_for_and_is_refused(sync: Sync) -> None:
    sync.site.add()
    sync.site.has_audit = False
    assert sync.partial("deletions", deletions="audit").deletions == "window"
    sync.whole(deletions="window")
    assert not [path for path, _, _ in sync.asked if "papertrail" in path]
    sync.check()


@pytest.mark.parametrize("has_audit", MODES)
@pytest.mark.parametrize("days", [179, 181, 400])
def test_a_long_time_without_a_run(sync: Sync, days: int, has_audit: bool) -> None:
    numbers = [sync.site.add(issue=issue) for issue in (10, 10, 10, 11)]
    sync.site.has_audit = has_audit
    sync.whole()
    sync.site.delete(numbers[1])
    sync.site.go_on(days=days)
    sync.site.add()
    assert sync.whole().mode == ("incremental" if days < 179 else "full")
    sync.check()


def test_older_days_are_compared_bit_by_bit(sync: Sync) -> None:
    sync.site.has_audit, sync.site.most = False, 50
    numbers = [
        sync.site.add(author, TODAY - timedelta(days=back))
        for back in range(300, 0, -1)
        for author in ("bob", "erica", "greta")
    ]
    sync.site.go_on(hours=1)
    sync.site.add()
    sync.whole()
    for number in numbers[::100]:
        sync.site.delete(number)
    runs = 0
    while len(sync.rows.ids()) != len(sync.site.rows):
        sync.whole()
        assert len(sync.asked) <= 36 * 3 // 49 + 1 + 4
        runs += 1
        assert runs < 25
    sync.check()
    assert runs > 10


@pytest.mark.parametrize("most", [1, 2, 50, 51, 5000])
@pytest.mark.parametrize("has_audit", MODES)
def test_the_size_of_pages_does_not_matter(sync: Sync, most: int, has_audit: bool) -> None:
    sync.site.most, sync.site.has_audit = most, has_audit
    numbers = [sync.site.add(f"p{number % 5}", TODAY - timedelta(days=number % 9)) for number in range(153)]
    sync.whole()
    sync.check()
    for number in numbers[::40]:
        sync.site.delete(number)
    for number in numbers[1::40]:
        sync.site.edit(number, seconds=7)
    # One after the other, days are compared.
    for _ in range(10):
        sync.whole()
    sync.check()


def test_an_order_that_is_ignored_is_no_whole_reading(sync: Sync) -> None:
    for back in range(9):
        sync.site.add(day=TODAY - timedelta(days=back))
    sync.site.ignores_order = True
    sync.partial("moved")
    assert sync.store.fact("worklogs.cursor") is None
    sync.site.ignores_order = False
    sync.whole()
    sync.check()


def test_what_was_read_before_an_error_stays(sync: Sync) -> None:
    for _ in range(9):
        sync.site.add()

    def fail(path: str, offset: int) -> None:
        if offset:
            raise Unreadable("server-error", "500", 500)

    sync.site.most, sync.site.before = 4, fail
    with pytest.raises(Unreadable):
        sync.read()
    assert (sync.rows.count(), sync.store.fact("worklogs.cursor")) == (4, None)
    sync.site.before = lambda path, offset: None
    sync.whole()
    sync.check()


@pytest.mark.parametrize("offset", [0, 3])
def test_what_is_not_tempo(sync: Sync, offset: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(9):
        sync.site.add()
    sync.site.most = 4
    answer = sync.site._search

    def broken(asked: int, limit: int, body: Any) -> Any:
        found = answer(asked, limit, body)
        return {**found, "results": [{**row, "author": {}} for row in found["results"]]} if asked == offset else found

    monkeypatch.setattr(sync.site, "_search", broken)
    if offset:
        assert sync.partial("not-tempo").upserted == 4
    else:
        with pytest.raises(Unreadable, match=r"author.accountId is missing") as caught:
            sync.read()
        assert caught.value.kind == "not-tempo"
    assert sync.store.fact("worklogs.cursor") is None


def test_an_empty_answer_that_passes(team: Sync, monkeypatch: pytest.MonkeyPatch) -> None:
    answer, empty = team.site._search, iter([True])

    def once(offset: int, limit: int, body: Any) -> Any:
        found = answer(offset, limit, body)
        hide = next(empty, False)
        return {**found, "metadata": {**found["metadata"], "count": 0}, "results": []} if hide else found

    monkeypatch.setattr(team.site, "_search", once)
    team.site.edit(5, seconds=1)
    team.whole()
    team.check()


def test_a_clock_of_the_header_that_is_another(sync: Sync, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Site, "date", "Sun, 22 Nov 2099 05:07:44 GMT")
    sync.site.add()
    sync.whole()
    sync.site.add()
    sync.whole()
    sync.check()
    monkeypatch.setattr(Site, "date", None)
    sync.site.add()
    sync.whole()
    sync.check()


@pytest.mark.parametrize("shows", MODES)
def test_the_only_worklog_of_an_issue(sync: Sync, shows: bool) -> None:
    sync.site.has_audit = False
    sync.site.add(issue=10)
    only = sync.site.add(issue=11)
    sync.site.add(issue=10)
    sync.whole()
    sync.site.delete(only)
    asked: list[str] = []
    found = sync.read(shows_issue=lambda issue: asked.append(issue) or shows)  # type: ignore[func-returns-value]
    assert asked == ["11"]
    assert isinstance(found, Complete) == shows
    assert sync.rows.count() == (2 if shows else 3)


def test_a_site_without_worklogs(sync: Sync) -> None:
    sync.whole()
    sync.whole()
    sync.site.add()
    sync.whole()
    sync.check()


def test_rows_are_told_as_they_come(sync: Sync) -> None:
    sync.site.most = 4
    for _ in range(9):
        sync.site.add()
    heard: list[int] = []
    sync.whole(progress=heard.append)
    assert heard == [4, 7, 9]
