"""Holding what Jira has: what it shows no more, what another Jira had, authors that are apps, and readings that are killed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from integration.clients.http import Called
from integration.clients.jira_worklogs import Changed, JiraWorklogs
from integration.jira_reading import JiraRead, read_jira
from integration.store import Store
from integration.worklog_rows import WorklogRows
from integration.worklog_settings import APP_ACCOUNT, WorklogSettings
from integration.worklogs import JiraWorklog, Period, Standing

DAY = date(2026, 3, 2)
BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Killed(BaseException):
    """As kill -9."""


class Site:
    """A Jira without a socket. withheld: ids whose change is too young to be listed."""

    def __init__(self, url: str = "https://a.example", size: int = 2) -> None:
        self.wire = SimpleNamespace(url=url, called=Called(0, 0.0))
        self.size, self.apps = size, set[str]()
        self.rows: dict[int, tuple[int, JiraWorklog]] = {}
        self.gone: list[tuple[int, int]] = []
        self.hidden, self.withheld = set[int](), set[int]()
        self.killed_after: int | None = None
        self._clock = 0

    def log(self, number: int, author: str = "bob", seconds: int = 3600) -> None:
        self._clock += 1
        self.rows[number] = self._clock, JiraWorklog(number, "10", author, DAY, "09:00:00", seconds, "")

    def delete(self, number: int) -> None:
        self._clock += 1
        del self.rows[number]
        self.gone.append((self._clock, number))

    def updated(self, since: int) -> Iterator[Changed]:
        found = ((at, number) for number, (at, _) in self.rows.items() if number not in self.withheld)
        for count, page in enumerate(self._pages(sorted(one for one in found if one[0] >= since), since)):
            if count == self.killed_after:
                raise Killed
            yield page

    def deleted(self, since: int) -> Iterator[Changed]:
        return self._pages(sorted(one for one in self.gone if one[0] >= since), since)

    def named(self, ids: Sequence[int]) -> list[JiraWorklog]:
        return [self.rows[number][1] for number in ids if number in self.rows and number not in self.hidden]

    def _pages(self, changes: list[tuple[int, int]], since: int) -> Iterator[Changed]:
        for first in range(0, max(1, len(changes)), self.size):
            page = changes[first : first + self.size]
            yield Changed(tuple(number for _, number in page), page[-1][0] if page else since)


@pytest.fixture
def site() -> Site:
    made = Site()
    for number in range(1, 6):
        made.log(number)
    return made


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(Store(":memory:")) as made:
        yield made


def read(store: Store, site: Site, **more: Any) -> JiraRead:
    now = more.pop("now", BEGIN)
    return read_jira(cast(JiraWorklogs, site), store, WorklogSettings(source="jira"), now=now, **more)


def held(store: Store) -> list[int]:
    return list(WorklogRows(store).ids_jira())


@pytest.mark.parametrize("full", [True, False])
def test_what_is_not_shown_any_more_counts_no_more_after_everything_was_read(store: Store, site: Site, full: bool) -> None:
    """Jira tells of no deletion where a right was lost; without being asked for, everything is read once a week."""
    read(store, site)
    del site.rows[2]
    assert read(store, site).vanished == 0
    assert held(store) == [1, 2, 3, 4, 5]
    later = BEGIN + timedelta(days=0 if full else 8)
    found = read(store, site, full=full, now=later)
    assert (found.mode, found.vanished) == ("full", 1)
    assert held(store) == [1, 3, 4, 5]
    assert read(store, site, now=later + timedelta(days=1)).mode == "incremental"


def test_what_changed_and_is_hidden_is_not_what_it_was(store: Store, site: Site) -> None:
    read(store, site)
    site.log(3, seconds=60)
    site.hidden.add(3)
    assert read(store, site).vanished == 1
    assert held(store) == [1, 2, 4, 5]


def test_what_changed_within_the_last_minute_is_in_no_list_and_is_there(store: Store, site: Site) -> None:
    read(store, site)
    site.log(3, seconds=60)
    site.withheld.add(3)
    assert read(store, site, full=True).vanished == 0
    assert held(store) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("after", [0, 1])
def test_a_full_reading_that_is_killed_is_made_up_for(store: Store, site: Site, after: int) -> None:
    read(store, site)
    del site.rows[5]
    site.killed_after = after
    with pytest.raises(Killed):
        read(store, site, full=True)
    site.killed_after = None
    read(store, site)
    assert held(store) == [1, 2, 3, 4]


def test_a_first_reading_goes_on_where_it_was_killed(store: Store, site: Site) -> None:
    site.killed_after = 1
    with pytest.raises(Killed):
        read(store, site)
    site.killed_after = None
    assert read(store, site).mode == "incremental"
    assert held(store) == [1, 2, 3, 4, 5]
    assert read(store, site, now=BEGIN + timedelta(days=8)).mode == "full", "it counts as one of everything"


def test_worklogs_of_another_jira_are_not_mixed_with_these(store: Store, site: Site) -> None:
    read(store, site)
    site.delete(4)
    read(store, site)
    with store.transaction():
        WorklogRows(store).set_standing(Standing("jira", None, True, (), "2026-03-02T09:00:00Z"))
    other = Site("https://b.example")
    other.log(7)
    other.killed_after = 0
    with pytest.raises(Killed):
        read(store, other)
    assert held(store) == [1, 2, 3, 5], "nothing is given up before the other one answers"
    other.killed_after = None
    read(store, other)
    assert held(store) == [7]
    standing = WorklogRows(store).standing()
    assert standing is not None
    assert (standing.complete, standing.read) == (False, None), "until the run is over nobody knows whether that is all"


def test_authors_that_are_apps_are_nobody(store: Store, site: Site) -> None:
    """Also where Tempo writes with another account than the one that is configured."""
    site.log(8, author=APP_ACCOUNT)
    site.log(9, author="557058:of-another-tempo")
    read(store, site)
    site.apps.update({APP_ACCOUNT, "557058:of-another-tempo"})
    site.log(10, author="557058:of-another-tempo")
    assert read(store, site).apps == ("557058:of-another-tempo",)
    rows = WorklogRows(store)
    with store.transaction():
        rows.set_standing(Standing("jira", None, True, (), None))
    assert rows.people() == ["bob"], "those that were held before as well"
    assert rows.unattributed(Period(DAY, DAY)) == 3 * 3600
