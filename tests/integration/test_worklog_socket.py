"""Reading worklogs of the fake over a socket: pages that shift, answers that are none, rights and tokens that end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import requests

from integration.clients.http import Unreadable, Wire
from integration.clients.tempo_worklogs import TempoWorklogs
from integration.records import Complete, Partial, Reading
from integration.store import Store
from integration.worklog_reading import read_worklogs
from integration.worklog_rows import WorklogRows
from integration.worklog_settings import WorklogSettings
from integration.worklogs import Read

from .scripted import Clock

SEARCH = "/4/worklogs/search"
AUDIT = "/4/papertrail/search"
EMPTY = {"metadata": {"count": 0, "offset": 0, "limit": 5000}, "results": []}
PEOPLE = ("bob", "erica", "greta")
LIMIT = 9


class Home:
    """A world with worklogs, a token that sees them all, and a database beside it."""

    def __init__(self, world: Any, store: Store) -> None:
        self.world, self.store, self.rows = world, store, WorklogRows(store)
        may = ["permissions.worklog.view", "permissions.worklog.manage"]
        world.make.permission_role("Everything", permissions=may, people=["fred"])
        self.scopes = ["worklogs:view", "worklogs:manage", "audit:view"]
        self.token = world.make.token("fred", scopes=self.scopes)["token"]
        self.made = [world.make.worklog(PEOPLE[n % 3], day=-(n % 10), time_spent=60 + n, issue="CLOUD-3") for n in range(30)]

    def read(self, limit: int = LIMIT) -> Reading[Read]:
        wire = Wire(self.world.url, f"Bearer {self.token}", per_second=10_000, clock=Clock(), timeout=(5.0, 0.5))
        settings = WorklogSettings()
        return read_worklogs(TempoWorklogs(wire, limit), self.rows, self.store, settings, now=self.world.clock.now)

    def whole(self, limit: int = LIMIT) -> Read:
        found = self.read(limit)
        assert isinstance(found, Complete), found
        return found.value

    def change(self) -> None:
        """Something is new, something is otherwise, something is gone."""
        headers = {"Authorization": f"Bearer {self.token}"}
        self.world.make.worklog("greta", day=-3, time_spent=77, issue="CLOUD-3")
        assert requests.delete(self.made[4]["self"], headers=headers, timeout=9).status_code == 204
        author = self.made[7]["author"]["accountId"]
        body = {"authorAccountId": author, "startDate": self.made[1]["startDate"], "timeSpentSeconds": 5}
        assert requests.put(self.made[7]["self"], headers=headers, json=body, timeout=9).status_code == 200

    @property
    def there(self) -> dict[int, tuple[str, str, int]]:
        """What the site has: id -> author, day, seconds."""
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = requests.get(f"{self.world.url}/4/worklogs?limit=5000", headers=headers, timeout=9).json()["results"]
        return {
            row["tempoWorklogId"]: (row["author"]["accountId"], row["startDate"], row["timeSpentSeconds"]) for row in answer
        }

    @property
    def held(self) -> dict[int, tuple[str, str, int]]:
        return {w.id: (w.author_id, w.day.isoformat(), w.seconds) for w in self.rows.of(self.rows.ids())}

    def repair(self) -> None:
        self.world.faults.disarm_all()
        self.whole()
        assert self.held == self.there


@pytest.fixture
def home(tempo_server: Any) -> Iterator[Home]:
    with tempo_server.world(scenario="guide", clock="2026-03-02T09:00Z") as world, closing(Store(":memory:")) as store:
        home = Home(world, store)
        world.clock.advance(3600)
        yield home


@pytest.mark.parametrize("limit", [1, 50, 51, 5000])
def test_the_size_of_pages_does_not_matter(home: Home, limit: int) -> None:
    assert home.whole(limit).mode == "full"
    assert home.held == home.there
    home.change()
    told = home.whole(limit)
    assert (told.mode, told.deletions, told.deleted) == ("incremental", "audit", 1)
    assert home.held == home.there


@pytest.mark.parametrize("rows", [-3, -2, -1, 1, 2, 3])
@pytest.mark.parametrize("after", [0, 1, 2])
def test_pages_that_shift(home: Home, rows: int, after: int) -> None:
    home.world.faults.arm(path=SEARCH, shift=rows, after=after, query={"offset": "*"}, count=3)
    home.whole()
    assert home.held == home.there
    home.change()
    home.world.faults.disarm_all()
    home.world.faults.arm(path=SEARCH, shift=rows, query={"offset": "*"})
    home.whole()
    home.repair()


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "500": ({"status": 500}, "server-error"),
    "HTML": ({"html": True}, "not-tempo"),
    "401": ({"status": 401}, "unauthorized"),
    "403": ({"status": 403}, "forbidden"),
    "404": ({"status": 404}, "not-found"),
    "405": ({"status": 405}, "refused"),
    "410": ({"status": 410}, "gone"),
    "429": ({"status": 429}, "too-many"),
    "no JSON": ({"invalidJson": True}, "broken"),
    "cut": ({"cut": "middle"}, "unreachable"),
    "silence": ({"timeout": 1}, "unreachable"),
    "redirect": ({"status": 302, "headers": {"Location": "https://login.example/"}}, "not-tempo"),
    "no list": ({"json": []}, "not-tempo"),
    "no worklogs": ({"json": {"metadata": {"count": 1}, "results": [{}]}}, "not-tempo"),
}


@pytest.mark.parametrize("after", [0, 1, 2])
@pytest.mark.parametrize(("fault", "kind"), FAULTS.values(), ids=FAULTS)
def test_an_answer_that_is_none(home: Home, fault: dict[str, Any], kind: str, after: int) -> None:
    home.whole()
    before = home.held
    home.change()
    home.world.faults.arm(fault, path=SEARCH, after=after)
    try:
        found = home.read()
        told = found.reason.kind if isinstance(found, Partial) else "complete"
    except Unreadable as error:
        told = error.kind
    assert told == kind
    assert set(before) <= set(home.held), "nothing is deleted"
    home.repair()


@pytest.mark.parametrize("fault", [{"status": 403}, {"status": 401}, {"status": 404}, {"html": True}, {"json": []}], ids=str)
def test_an_audit_feed_that_cannot_be_read(home: Home, fault: dict[str, Any]) -> None:
    home.whole()
    home.change()
    home.world.faults.arm(fault, path=AUDIT)
    assert home.whole().deletions == "window"
    assert home.held == home.there


def test_a_token_without_the_audit_scope(home: Home) -> None:
    home.token = home.world.make.token("fred", scopes=home.scopes[:2])["token"]
    assert home.whole().deletions == "window"
    home.change()
    told = home.whole()
    assert (told.deletions, told.deleted) == ("window", 1)
    assert home.held == home.there


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_role_that_is_taken_away(home: Home, after: int) -> None:
    home.whole()
    before = home.held
    home.world.faults.arm(path=SEARCH, takePermission={"role": "Everything"}, after=after, count=1)
    for _ in range(3):
        home.read()
        assert home.held == before
    assert not isinstance(home.read(), Complete)
    home.world.make.permission_role("Again", permissions=["permissions.worklog.view"], people=["fred"])
    home.repair()


@pytest.mark.parametrize("after", [0, 1, 2])
def test_an_empty_list(home: Home, after: int) -> None:
    home.whole()
    before = home.held
    home.world.faults.arm(path=SEARCH, json=EMPTY, after=after)
    home.read()
    assert home.held == before
    home.repair()


TRAPS = ("default-page-of-50", "count-is-not-total", "next-on-another-host", "shifting-pages", "duplicate-across-pages",
         "rate-storm", "silent-empty", "empty-after-error", "5xx-is-not-absence")  # fmt: skip


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap(home: Home, trap: str) -> None:
    home.whole()
    before = home.held
    home.world.faults.trap(trap)
    home.read()
    assert home.held == before
    home.repair()
