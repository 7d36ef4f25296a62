"""Everything a run needs, whole or said not to be: against the fake, and with doubles for what it does not do."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from integration.clients.http import Unreadable, Wire
from integration.clients.jira import FEW, MOST_NAMED, Jira
from integration.clients.tempo import Tempo
from integration.doubts import Seen
from integration.reading import AFTER, read
from integration.records import Complete, Issue, Partial, Person, Plan, Reading, Reason, Window
from integration.wire import Scheme

from .runs import Runs, last_run
from .scripted import Answer, Asked, Clock, Scripted

TODAY = date(2026, 3, 2)
WINDOW = Window(TODAY, TODAY + timedelta(days=60))
LONGER = Window(WINDOW.first, WINDOW.last + AFTER)
ISSUES = {"1": Issue("1", "HR-1", "Leave")}
DAY = ((TODAY, 3600),)
BOB = Plan(1, "bob", "USER", "1", "ISSUE", None, DAY)
CUT = Reason("server-error", "Tempo answered 500")


class Doubles:
    """A Tempo and a Jira that answer what they are told."""

    def __init__(self, plans: Reading[list[Plan]], logged: Reading[list[Plan]] | None = None) -> None:
        self._plans, self._logged = plans, logged
        self.schemes = [Scheme(1, True, (28800,) * 5 + (0, 0))]
        self.asked: set[str] = set()
        self.shown = {"bob", "erica"}

    def plans(self, window: Window, progress: Any) -> Reading[list[Plan]]:
        assert window == LONGER, "the return of whoever is away at the end of the window lies after it"
        return self._plans

    def worklogs(self, issue_ids: Any, window: Window) -> Reading[list[Plan]]:
        assert window == LONGER
        assert issue_ids == ["1"]
        assert self._logged is not None, "nobody asked for worklogs"
        return self._logged

    def workload_schemes(self) -> list[Scheme]:
        return self.schemes

    def holiday_schemes(self) -> list[Scheme]:
        return self.schemes

    def members(self, kind: str, schemes: Any) -> dict[str, int]:
        return {}

    def holidays(self, scheme: Scheme, window: Window) -> list[Any]:
        assert window == LONGER
        return []

    def has_start_times(self) -> bool:
        return True

    def people(self, account_ids: Collection[str]) -> dict[str, Person]:
        self.asked = set(account_ids)
        return {name: Person(name, name, None, True) for name in account_ids if name in self.shown}

    def read(self, **more: Any) -> Any:
        return read(cast(Tempo, self), cast(Jira, self), WINDOW, ISSUES, **more)


def test_who_has_plans_on_the_issues_is_looked_up() -> None:
    other = BOB.__class__(2, "erica", "USER", "9", "ISSUE", None, DAY)
    resource = BOB.__class__(3, "1", "GENERIC", "1", "ISSUE", None, DAY)
    site = Doubles(Complete([BOB, other, resource]))
    found = site.read(also=["fred"])
    assert isinstance(found, Complete)
    assert site.asked == {"bob", "fred"}
    assert found.value.plans == {"bob": [BOB], "erica": [other], "": [resource]}
    assert found.value.seen() == Seen(frozenset({"bob", "erica"}), frozenset({"1", "9"}))
    assert found.value.seen(from_worklogs=True) == Seen(frozenset(), frozenset())
    assert set(found.value.people) == {"bob"}
    assert found.value.hours.of("bob")[TODAY] == 28800
    assert found.value.hours.members == (0, 0)


def test_half_a_reading_says_so() -> None:
    found = Doubles(Partial([BOB], CUT)).read()
    assert isinstance(found, Partial)
    assert (found.reason, found.value.seen().people) == (CUT, {"bob"})


def test_nothing_at_all_is_no_reading() -> None:
    with pytest.raises(Unreadable) as caught:
        Doubles(Partial([], CUT)).read()
    assert (caught.value.kind, str(caught.value)) == CUT


def test_nobody_with_plans_is_a_reading() -> None:
    found = Doubles(Complete([])).read()
    assert isinstance(found, Complete)
    assert found.value.seen().people == frozenset()


@pytest.mark.parametrize("whole", [True, False])
def test_logged_work_where_it_is_asked_for(whole: bool) -> None:
    logged = Plan(7, "bob", "USER", "2", "ISSUE", None, DAY, None, True)
    site = Doubles(Complete([BOB]), Complete([logged]) if whole else Partial([logged], CUT))
    found = site.read(from_worklogs=True)
    assert found.value.plans == {"bob": [BOB, logged]}
    assert (found.value.seen().issues, found.value.seen(from_worklogs=True).issues) == ({"1"}, {"2"})
    assert found.value.logged
    assert isinstance(found, Complete) is whole


def test_a_site_without_a_default_scheme_is_none() -> None:
    site = Doubles(Complete([BOB]))
    site.schemes = [Scheme(2, False, (28800,) * 7)]
    with pytest.raises(Unreadable, match="no default workload scheme"):
        site.read()


def test_a_jira_that_shows_nobody_is_not_believed() -> None:
    site = Doubles(Complete([BOB]))
    site.shown = set()
    with pytest.raises(Unreadable, match="Jira shows none"):
        site.read()


def test_people_whom_jira_does_not_show_are_missing() -> None:
    other = BOB.__class__(2, "greta", "USER", "1", "ISSUE", None, DAY)
    assert set(Doubles(Complete([BOB, other])).read().value.people) == {"bob"}


def jira_of(people: int, page: int, forbidden: bool = False) -> Any:
    """A Jira with so many people who come in pages that may be shorter than asked."""

    def answer(asked: Asked) -> Answer:
        query = parse_qs(urlsplit(asked.path).query)
        start = int(query.get("startAt", ["0"])[0])
        if "users/search" in asked.path:
            if forbidden:
                return Answer(403, {"errorMessages": ["You may not"]})
            most = int(query["maxResults"][0])
            return Answer(body=[{"accountId": str(number)} for number in range(start, min(start + min(page, most), people))])
        named = [name for name in query["accountId"] if int(name) < people]
        assert len(query["accountId"]) <= MOST_NAMED
        rows = named[start : start + page]
        body = {"values": [{"accountId": name} for name in rows], "startAt": start, "isLast": start + page >= len(named)}
        return Answer(body=body)

    return answer


@pytest.mark.parametrize("wanted", [1, MOST_NAMED, MOST_NAMED + 1, FEW, FEW + 1, 1500])
@pytest.mark.parametrize("page", [50, 1000])
@pytest.mark.parametrize("forbidden", [False, True])
def test_people_of_a_large_site(server: Scripted, clock: Clock, wanted: int, page: int, forbidden: bool) -> None:
    server.script = jira_of(1400, page, forbidden)
    found = Jira(Wire(server.url, "", clock=clock, per_second=10_000)).people([str(number) for number in range(wanted)])
    assert set(found) == {str(number) for number in range(min(wanted, 1400))}


@pytest.fixture
def runs(tempo: Any, tmp_path: Path) -> Iterator[Runs]:
    made = Runs(tempo, tmp_path)
    with closing(made.store):
        yield made


@pytest.mark.tempo(scenario="guide", clock="2026-03-02T09:00Z")
class TestAgainstTheFake:
    def test_a_reading_is_whole(self, runs: Runs) -> None:
        found = read(runs.tempo(), runs.jira(), WINDOW, runs.store.selection())
        assert isinstance(found, Complete)
        world = found.value
        assert len(world.seen().people) > 5
        assert world.start_times
        assert {person.zone for person in world.people.values()} >= {"Europe/Berlin", "UTC"}
        assert world.hours.members == (2, 3)
        assert any(not required for required in world.hours.of("anybody").values())

    def test_the_coverer_is_named(self, runs: Runs) -> None:
        assert runs.run().exit == 0
        messages = {rule.message for rule in runs.rules if "ask" in rule.message}
        assert messages
        assert all("ask Erica Jefferson." in message for message in messages)

    def test_a_coverer_without_plans_is_named_too(self, tempo: Any, runs: Runs) -> None:
        erica = "5b10a2844c20165700ede220"
        plans = runs.tempo().plans(WINDOW).value
        only = next(plan for plan in plans if plan.assignee_id != erica and plan.item_id == "10240")
        bean = requests.get(f"{tempo.url}/4/plans/{only.id}", headers={"Authorization": f"Bearer {tempo.token('absences')}"})
        with tempo.faults.arm(path="/4/plans", json={"metadata": {"count": 1}, "results": [bean.json()]}):
            runs.run()
        assert {"Erica Jefferson" in rule.message for rule in runs.rules} == {True}

    @pytest.mark.parametrize("path", ["/rest/api/3/user/bulk", "/4/workload-schemes", "/4/globalconfiguration"])
    def test_what_cannot_be_read_ends_the_run(self, tempo: Any, runs: Runs, path: str) -> None:
        with tempo.faults.arm(path=path, status=403):
            assert runs.exit() == 4
        assert runs.rules == []
        found = last_run(runs.store)
        assert found is not None
        assert (found["exit_code"], found["created"], found["deleted"]) == (4, 0, 0)

    def test_a_second_run_has_nothing_to_do(self, runs: Runs) -> None:
        assert runs.exit(apply=False) == 2
        assert runs.exit() == 0
        assert runs.exit(apply=False) == 0
