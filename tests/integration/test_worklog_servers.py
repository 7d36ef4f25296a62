"""Reading from servers that are not as expected: another site, smaller pages, a feed of deletions that is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from integration.clients.http import Unreadable
from integration.store import Store

from .test_worklog_reading import Sync
from .worklog_site import Site


@pytest.fixture
def team() -> Iterator[Sync]:
    """A site with worklogs of some people, and a database that is empty."""
    site = Site()
    for number in range(12):
        site.add(("alice", "bob", "carol")[number % 3])
    with closing(Store(":memory:")) as store:
        yield Sync(store, site)


def test_worklogs_of_another_site_are_not_mixed_with_these(team: Sync) -> None:
    """All sites have one address of Tempo: a token of another one is a mistake, and ids mean something else there."""
    team.whole()
    held = team.totals()
    team.site.home = "https://other.test"
    team.site.add("mallory")
    team.site.edit(1, seconds=60)
    for full in (False, False):
        with pytest.raises(Unreadable) as raised:
            team.read(full=full)
        assert raised.value.kind == "other-site"
        assert "https://jira.test" in str(raised.value)
        assert "https://other.test" in str(raised.value)
        assert team.totals() == held
    team.whole(full=True, renamed=True)
    team.check()
    team.whole()


@pytest.mark.parametrize("most", [1000, 50])
def test_a_server_that_refuses_large_pages(team: Sync, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """No document says what a limit above the largest one does."""
    ask = team.site.ask

    def refusing(method: str, path: str, query: Any = (), body: Any = None, **more: Any) -> Any:
        if path.endswith("worklogs/search") and int(dict(query)["limit"]) > most:
            team.site.asked.append((path, 0, body))
            raise Unreadable("refused", "tempo.test answered 400: limit", 400)
        return ask(method, path, query, body, **more)

    monkeypatch.setattr(team.site, "ask", refusing)
    for number in range(60):
        team.site.add("alice", seconds=number)
    team.whole()
    team.check()
    team.site.edit(3, seconds=1)
    team.whole()
    team.check()


def test_a_request_that_is_refused_whatever_the_page(team: Sync, monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(method: str, path: str, query: Any = (), body: Any = None, **more: Any) -> Any:
        team.site.asked.append((path, 0, body))
        raise Unreadable("refused", f"tempo.test answered 400: limit {dict(query)['limit']}", 400)

    monkeypatch.setattr(team.site, "ask", refusing)
    with pytest.raises(Unreadable, match="limit 5000"):
        team.read()
    assert len(team.site.asked) == 3


def test_what_is_seen_after_its_deletion_was_told_is_not_deleted(team: Sync) -> None:
    """An id in the feed that is no id of Tempo's, of another site or of a copy, deletes nothing that is there."""
    team.whole()
    team.site.events.append((team.site.now, 2))
    team.site.edit(2, seconds=60)
    assert team.whole().deleted == 0
    team.check()
    assert team.whole(full=True).deleted == 0
    team.check()


def test_after_a_reading_of_everything_the_comparison_begins_anew(team: Sync) -> None:
    with team.store.transaction():
        team.store.set_fact("worklogs.compared", "2026-01-01")
    team.whole(full=True)
    assert not team.store.fact("worklogs.compared")
