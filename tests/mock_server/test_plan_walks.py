"""Pages of plans: every way of finding them finds the same, and what is remembered between requests never shows."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from mock_server.app import create_application
from mock_server.config import Options
from mock_server.large_world import build, token_of
from mock_server.large_world_size import Size
from mock_server.storage import plan_pages

BOB, ERICA = "5b10a2844c20165700ede223", "5b10a2844c20165700ede220"
HOUR = 3600
ALL = ("0001-01-01", "9999-12-31")
WINDOWS = [
    ("2026-03-01", "2026-03-31"),
    ("2026-03-04", "2026-03-04"),
    ("2026-09-01", "2026-12-31"),
    ALL,
    ("2030-01-01", "2030-01-01"),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world of 60 people in six teams with 600 plans; some changed teams."""
    path = tmp_path_factory.mktemp("walked") / "world.db"
    build(path, Size(60, 60, date(2026, 3, 2), 600))
    return path


@pytest.fixture(scope="module")
def client(made: Path) -> Iterator[Client]:
    copy = made.with_name("served.db")
    copy.write_bytes(made.read_bytes())
    application, _ = create_application(Options(database=copy, quiet=True))
    yield Client(application)
    application.close()


@pytest.fixture(params=[(5000, 64), (0, 64), (40, 0), (0, 0)], ids=["as served", "few people", "along", "by days"])
def ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every way of finding a page."""
    monkeypatch.setattr(plan_pages, "TRIED", request.param[0])
    monkeypatch.setattr(plan_pages, "FEW_PEOPLE", request.param[1])


def seen(path: Path, viewer: str, window: tuple[str, str]) -> list[int]:
    """The ids of the plans in a window that somebody may see, from the tables, with nothing of the server's own ways."""
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute
        (me,) = rows("SELECT id FROM people WHERE name = ?", (viewer,)).fetchone()
        browse = {row[0] for row in rows(
            "SELECT g.project_id FROM project_permissions g JOIN group_members m ON m.group_id = g.group_id "
            "WHERE g.permission = 'BROWSE_PROJECTS' AND m.person_id = ?", (me,))}  # fmt: skip
        roles = "JOIN permission_role_holders h ON h.permission_role_id = r.id WHERE h.person_id = ?"
        everybody = rows(f"SELECT 1 FROM permission_roles r {roles} AND r.access_type = 'GLOBAL'", (me,)).fetchone()
        teams = {row[0] for row in rows("SELECT id FROM teams WHERE lead_id = ?", (me,))}
        teams |= {row[0] for row in rows(
            "SELECT t.team_id FROM permission_role_teams t WHERE t.permission_role_id IN "
            f"(SELECT r.id FROM permission_roles r {roles})", (me,))}  # fmt: skip
        periods = rows("SELECT m.person_id, m.team_id, coalesce(s.start_date, ''), coalesce(s.end_date, '9999-99') "
                       "FROM members m JOIN memberships s ON s.member_id = m.id").fetchall()  # fmt: skip
        stretches: dict[int, list[tuple[str, str]]] = {}
        for plan_id, start, end in rows("SELECT plan_id, start_date, end_date FROM plan_stretches"):
            stretches.setdefault(plan_id, []).append((start, end))
        found = []
        for plan_id, person, project in rows("SELECT id, person_id, project_id FROM plans ORDER BY id"):
            days = stretches[plan_id]
            reached = everybody or person == me or any(
                whose == person and team in teams and any(start <= last and first <= end for first, last in days)
                for whose, team, start, end in periods
            )  # fmt: skip
            if reached and project in browse and any(start <= window[1] and window[0] <= end for start, end in days):
                found.append(plan_id)
        return found


def walked(client: Client, viewer: str, path: str) -> list[list[int]]:
    """The ids of every page from a path on."""
    pages = []
    following = path
    while following:
        answer = client.get(following, headers={"Authorization": f"Bearer {token_of(viewer)}"}).json
        assert answer is not None
        pages.append([one["id"] for one in answer["results"]])
        following = "/4" + following.partition("/4")[2] if (following := answer["metadata"].get("next", "")) else ""
    return pages


@pytest.mark.usefixtures("ways")
@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("viewer", ["everybody", "half", "lead", "own"])
def test_a_walk_shows_what_may_be_seen_once(made: Path, client: Client, viewer: str, window: tuple[str, str]) -> None:
    expected = seen(made, viewer, window)
    for limit in (50, 17):
        path = f"/4/plans?from={window[0]}&to={window[1]}&limit={limit}"
        pages = [expected[at : at + limit] for at in range(0, len(expected), limit)] or [[]]
        assert walked(client, viewer, path) == pages
        for at in (limit, 3):
            assert walked(client, viewer, f"{path}&offset={at}")[0] == expected[at : at + limit]


def test_the_worlds_windows_are_told_apart(made: Path) -> None:
    counts = {
        viewer: [len(seen(made, viewer, window)) for window in WINDOWS] for viewer in ("everybody", "half", "lead", "own")
    }
    assert counts["everybody"][3] == 600
    assert all(counts["everybody"][n] > counts["half"][n] > counts["lead"][n] >= counts["own"][n] for n in (0, 3)), counts
    assert 0 < counts["everybody"][1] < counts["everybody"][0] < 600
    assert [counts[viewer][4] for viewer in counts] == [0, 0, 0, 0]


@pytest.fixture
def planned(make_world: Any, idle_scenario: str) -> Any:
    """Bob's plans 1 to 8, of one day each, of as many hours as their ids."""
    world = make_world(None, scenario=idle_scenario)
    for number in range(1, 9):
        assert plan(world, f"2013-11-{17 + number}", plannedSecondsPerDay=number * HOUR) == number
    return world


def plan(world: Any, start: str, **more: Any) -> int:
    body = {"assigneeId": BOB, "assigneeType": "USER", "planItemId": "10240", "planItemType": "ISSUE", "startDate": start,
            "endDate": start, "includeNonWorkingDays": True, **more}  # fmt: skip
    made = world.cloud("POST", "bob", "plans", body)
    assert made.status == 200, made.text
    return int(made.json["id"])


def page(world: Any, path: str = "plans?from=2013-11-01&to=2013-12-31&limit=3", who: str = "bob") -> tuple[list[int], str]:
    """The ids of a page, and the path of the next one."""
    answer = world.cloud("GET", who, path)
    assert answer.status == 200, answer.text
    return [one["id"] for one in answer.json["results"]], answer.json["metadata"].get("next", "").partition("/4/")[2]


def searched(world: Any, offset: int, who: str = "bob") -> list[int]:
    answer = world.cloud("POST", who, "plans/search", {"from": "2013-11-01", "to": "2013-12-31", "limit": 3, "offset": offset})
    assert answer.status == 200, answer.text
    return [one["id"] for one in answer.json["results"]]


def test_a_plan_removed_before_the_next_page_moves_it_by_one(planned: Any) -> None:
    ids, following = page(planned)
    assert ids == [1, 2, 3]
    assert planned.cloud("DELETE", "bob", "plans/2").status == 204
    assert page(planned, following)[0] == [5, 6, 7]


def test_a_plan_that_leaves_the_window_moves_the_next_page_by_one(planned: Any) -> None:
    _, following = page(planned)
    body = {"assigneeId": BOB, "assigneeType": "USER", "planItemId": "10240", "planItemType": "ISSUE",
            "startDate": "2014-02-03", "endDate": "2014-02-03", "plannedSecondsPerDay": HOUR}  # fmt: skip
    assert planned.cloud("PUT", "bob", "plans/3", body).status == 200
    assert page(planned, following)[0] == [5, 6, 7]


def test_where_a_page_ended_counts_for_its_reader_and_its_filters_only(planned: Any) -> None:
    assert page(planned)[0] == [1, 2, 3]
    assert page(planned, "plans?from=2013-11-20&to=2013-12-31&limit=2&offset=3")[0] == [6, 7]
    assert page(planned, "plans?from=2013-11-01&to=2013-12-31&limit=2&offset=3")[0] == [4, 5]
    assert page(planned, "plans?from=2013-11-01&to=2013-12-31&limit=2&offset=3", who="greta")[0] == []
    assert page(planned, "plans?from=2013-11-01&to=2013-12-31&limit=2&offset=4")[0] == [5, 6]


def test_searches_page_as_lists_do(planned: Any) -> None:
    assert [searched(planned, offset) for offset in (0, 3, 6, 9, 3)] == [[1, 2, 3], [4, 5, 6], [7, 8], [], [4, 5, 6]]
    assert planned.cloud("DELETE", "bob", "plans/1").status == 204
    assert searched(planned, 3) == [5, 6, 7]


BREAKDOWN = "from=2013-11-01&to=2013-12-31&plannedTimeBreakdown=DAILY&plannedTimeBreakdown=PERIOD"


def times(world: Any) -> dict[int, Any]:
    """Plan id -> its days and periods, and its totals."""
    answer = world.cloud("GET", "bob", f"plans?{BREAKDOWN}")
    assert answer.status == 200, answer.text
    return {
        one["id"]: (
            [(day["date"], day["plannedSeconds"]) for day in one["plannedTime"]["days"]["values"]],
            [(row["from"], row["to"], row["plannedSeconds"]) for row in one["plannedTime"]["periods"]["values"]],
            one["totalPlannedSeconds"],
            one["totalPlannedSecondsInScope"],
            one["plannedSecondsPerDay"],
        )
        for one in answer.json["results"]
    }


def test_plans_on_the_same_days_keep_their_own_seconds(make_world: Any, idle_scenario: str) -> None:
    """Eight days that come round each week: on two days an occurrence begins before the last has ended."""
    world = make_world(None, scenario=idle_scenario)
    weekly = {"endDate": "2013-11-25", "rule": "WEEKLY", "recurrenceEndDate": "2013-11-25"}
    for seconds in (HOUR, 2 * HOUR, HOUR):
        plan(world, "2013-11-18", plannedSecondsPerDay=seconds, **weekly)
    plan(world, "2013-11-18", plannedSeconds=8 * HOUR, effortPersistenceType="TOTAL_SECONDS", **weekly)
    found = times(world)
    days = [f"2013-11-{number}" for number in range(18, 31)] + ["2013-12-01", "2013-12-02"]
    counted = [(day, 2 if day == "2013-11-25" else 1) for day in days]
    for number, seconds in ((1, HOUR), (2, 2 * HOUR), (3, HOUR), (4, HOUR)):
        whole = 16 * seconds
        expected = [(day, count * seconds) for day, count in counted]
        assert found[number] == (expected, [(days[0], days[-1], whole)], whole, whole, seconds), number


def test_a_new_holiday_shows_in_the_next_list(make_world: Any, idle_scenario: str) -> None:
    world = make_world(None, scenario=idle_scenario)
    plan(world, "2013-11-18", endDate="2013-11-20", plannedSecondsPerDay=HOUR, includeNonWorkingDays=False)
    for _ in range(2):
        assert [day for day, _ in times(world)[1][0]] == ["2013-11-18", "2013-11-19", "2013-11-20"]
    of_bob = world.cloud("GET", "fred", f"holiday-schemes/users/{BOB}")
    assert of_bob.status == 200, of_bob.text
    holiday = {"name": "Day off", "type": "FLOATING", "date": "2013-11-19", "durationSeconds": 8 * HOUR}
    made = world.cloud("POST", "fred", f"holiday-schemes/{of_bob.json['id']}/holidays", holiday)
    assert made.status == 200, made.text
    assert [day for day, _ in times(world)[1][0]] == ["2013-11-18", "2013-11-20"]
