"""What Tempo's schemes ask for, kept day by day: as Tempo's own schedules say, and of older days as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from integration.clients.tempo import Tempo
from integration.hours import Holiday
from integration.required_days import RequiredDays
from integration.store import Store
from integration.wire import Scheme
from integration.worklogs import Period

from .worklog_home import WorklogHome

TODAY = date(2026, 3, 2)
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
EIGHT, FOUR = 8 * 3600, 4 * 3600
FULL = (EIGHT,) * 5 + (0, 0)
HALF = (FOUR,) * 5 + (0, 0)


class Schemes:
    """A Tempo with two workload schemes and one holiday scheme."""

    def __init__(self) -> None:
        self.half = {"bert": 2}
        self.days = [Holiday(date(2026, 3, 4), False, FOUR)]

    def workload_schemes(self) -> list[Scheme]:
        return [Scheme(1, True, FULL), Scheme(2, False, HALF)]

    def holiday_schemes(self) -> list[Scheme]:
        return [Scheme(3, True)]

    def members(self, kind: str, schemes: list[Scheme]) -> dict[str, int]:
        return self.half if kind == "workload-schemes" else {}

    def holidays(self, scheme: Scheme, window: Any) -> list[Holiday]:
        return self.days


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(Store(":memory:")) as made:
        yield made


def kept(store: Store, schemes: Schemes, today: date = TODAY, period: Period = MARCH) -> dict[str, dict[date, int]]:
    days = RequiredDays(store)
    days.refresh(cast(Tempo, schemes), {"anna", "bert"}, today)
    return days.of(period)


def test_schemes_and_holidays_of_everybody(store: Store) -> None:
    found = kept(store, Schemes())
    assert sorted(found) == ["anna", "bert"]
    assert len(found["anna"]) == 31
    assert [found["anna"][date(2026, 3, day)] for day in (1, 2, 3, 4)] == [0, EIGHT, EIGHT, FOUR]
    assert [found["bert"][date(2026, 3, day)] for day in (1, 2, 3, 4)] == [0, FOUR, FOUR, 0]
    assert RequiredDays(store).of(Period(date(1999, 1, 1), date(1999, 1, 2))) == {"anna": {}, "bert": {}}


def test_the_running_year_is_there_and_what_is_near(store: Store) -> None:
    found = kept(store, Schemes(), date(2026, 12, 1), Period(date(2025, 12, 1), date(2027, 12, 31)))["anna"]
    assert (min(found), max(found)) == (date(2026, 1, 1), date(2027, 2, 1))


def test_a_change_of_scheme_does_not_change_what_was_required_long_ago(store: Store) -> None:
    schemes = Schemes()
    kept(store, schemes)
    schemes.half = {"bert": 2, "anna": 2}
    schemes.days.append(Holiday(date(2026, 5, 29), False, EIGHT))
    later = date(2026, 6, 15)
    found = kept(store, schemes, later, Period(date(2026, 3, 1), date(2026, 6, 30)))["anna"]
    assert found[date(2026, 3, 2)] == EIGHT, "it was a full week then"
    assert found[later - timedelta(days=30)] == 0, "a Saturday"
    assert found[date(2026, 5, 28)] == FOUR
    assert found[date(2026, 5, 29)] == 0, "a holiday that was forgotten"


@pytest.fixture
def world(tempo_server: Any) -> Iterator[Any]:
    with tempo_server.world(scenario="guide", clock="2026-03-02T09:00Z") as made:
        yield made


def schedules(home: WorklogHome, who: str) -> dict[date, int]:
    query = {"from": "2026-03-01", "to": "2026-03-31"}
    found = home.tempo("GET", f"user-schedule/{who}", query=query, who="admin")["results"]
    return {date.fromisoformat(day["date"]): day["requiredSeconds"] for day in found}


def test_as_the_schedules_of_tempo_say(world: Any, tmp_path: Path) -> None:
    world.make.permission_role(permissions=["permissions.worklog.view"], people=["admin"])
    home = WorklogHome(world, tmp_path, '[worklogs]\nrequired = "schedules"\n', who="admin")
    home.run()
    with closing(Store(home.database)) as store:
        found = RequiredDays(store).of(MARCH)
    logged = {person for person, _ in home.in_tempo()}
    assert logged <= set(found)
    assert {who: schedules(home, who) for who in logged} == {who: found[who] for who in logged}
    before = len(world.journal.requests())
    home.run()
    again = [entry["path"] for entry in world.journal.requests()[before:]]
    assert not [path for path in again if "schemes" in path], "it is believed for a day"
    world.clock.advance(24 * 3600)
    world.faults.arm(status=503, path="/4/workload-schemes")
    assert any("what is required could not be read" in note for note in home.run().notes)
    with closing(Store(home.database)) as store:
        assert RequiredDays(store).of(MARCH) == found, "what is known stays"


def test_a_token_that_may_not_read_schemes_is_told_in_every_run(world: Any, tmp_path: Path) -> None:
    home = WorklogHome(world, tmp_path, '[worklogs]\nrequired = "schedules"\n')
    for _ in range(2):
        assert any("what is required is not known, so there are no balances" in note for note in home.run().notes)
    with closing(Store(home.database)) as store:
        assert RequiredDays(store).of(MARCH) == {}


def test_contracts_ask_for_no_schemes(world: Any, tmp_path: Path) -> None:
    home = WorklogHome(world, tmp_path)
    home.run()
    assert not [entry for entry in world.journal.requests() if "schemes" in entry["path"]]
