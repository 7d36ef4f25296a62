"""``tempo-mock seed --plans``: plans that the API could have made, with their stretches, and what the published tokens see."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from mock_server import cli
from mock_server.domain.plans import pattern_of
from mock_server.large_world import build, token_of
from mock_server.large_world_size import Size
from mock_server.storage import plans as plan_rows
from mock_server.storage.opening import on_disk

DAY = date(2026, 3, 2)
WINDOW = "from=2025-01-01&to=2027-12-31"


def rows(path: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(sql).fetchall()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world of 60 people, of whom one is deactivated, in six teams, with 1200 plans."""
    path = tmp_path_factory.mktemp("planned") / "world.db"
    build(path, Size(60, 60, DAY, 1200))
    return path


def test_everybody_active_has_as_many_plans(made: Path) -> None:
    counts = rows(made, "SELECT count(*) FROM plans GROUP BY person_id")
    assert (len(counts), {count for (count,) in counts}) == (59, {20, 21})
    assert rows(made, "SELECT count(*) FROM plans p JOIN people h ON h.id = p.person_id WHERE NOT h.active") == [(0,)]


def test_plans_begin_on_weekdays_half_a_year_around_the_day(made: Path) -> None:
    days = [date.fromisoformat(row[0]) for row in rows(made, "SELECT start_date FROM plans")]
    assert min(days) >= DAY - timedelta(days=182)
    assert max(days) <= DAY + timedelta(days=185)
    assert all(day.weekday() < 5 for day in days)
    before = sum(day < DAY for day in days)
    assert 0.4 < before / len(days) < 0.6
    assert rows(made, "SELECT count(*) FROM plans WHERE updated_at < created_at OR created_at > '2026-03-02'") == [(0,)]


def test_there_are_absences_parts_of_days_weekly_ones_and_totals(made: Path) -> None:
    kinds = dict(rows(made, "SELECT i.summary, count(*) FROM plans p JOIN issues i ON i.id = p.issue_id "
                            "WHERE i.is_internal GROUP BY 1"))  # fmt: skip
    assert set(kinds) == {"Vacation", "Sick leave", "Training"}
    assert kinds["Vacation"] > kinds["Sick leave"] > kinds["Training"]
    for condition in ("per_day < 28800 AND start_date = end_date AND rule = 'NEVER'", "rule = 'WEEKLY'", "total IS NOT NULL",
                      "end_date > start_date"):  # fmt: skip
        assert rows(made, f"SELECT count(*) > 20 FROM plans WHERE {condition}") == [(1,)], condition


def test_every_plan_has_the_stretches_that_the_domain_would_give_it(made: Path) -> None:
    store = on_disk(made)
    try:
        for (number,) in store.all("SELECT id FROM plans"):
            plan = plan_rows.by_id(store, number)
            assert plan is not None
            wanted = sorted((one.start.isoformat(), one.end.isoformat()) for one in pattern_of(plan).stretches())
            found = store.all("SELECT start_date, end_date FROM plan_stretches WHERE plan_id = ? ORDER BY 1", (number,))
            assert found == wanted, plan
    finally:
        store.close()


def test_nobody_plans_where_the_api_would_refuse_it(made: Path) -> None:
    lacks = (
        "SELECT count(*) FROM plans p WHERE NOT EXISTS (SELECT 1 FROM project_permissions g JOIN group_members m "
        "ON m.group_id = g.group_id WHERE g.project_id = p.project_id AND m.person_id = p.person_id "
        "AND g.permission = 'WORK_ON_ISSUES')"
    )
    assert rows(made, lacks) == [(0,)]
    elsewhere = "SELECT count(*) FROM plans p JOIN issues i ON i.id = p.issue_id WHERE i.project_id <> p.project_id"
    assert rows(made, elsewhere) == [(0,)]
    closed = (
        "SELECT count(*) FROM plans p WHERE p.issue_id IN (SELECT issue_id FROM internal_issue_teams) AND NOT EXISTS "
        "(SELECT 1 FROM internal_issue_teams t JOIN members m ON m.team_id = t.team_id "
        "WHERE t.issue_id = p.issue_id AND m.person_id = p.person_id)"
    )
    assert rows(made, closed) == [(0,)]


@pytest.mark.parametrize("plans", [0, 1, 3, 700])
@pytest.mark.parametrize("people", [4, 51])
def test_any_number_is_sound(tmp_path: Path, people: int, plans: int) -> None:
    path = tmp_path / "world.db"
    build(path, Size(people, 5, DAY, plans))
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert rows(path, "SELECT count(*) FROM plans") == [(plans,)]
    assert rows(path, "SELECT count(*) FROM plans WHERE id NOT IN (SELECT plan_id FROM plan_stretches)") == [(0,)]
    assert rows(path, "SELECT count(*) > 0 FROM projects WHERE key = 'AWAY'") == [(int(plans > 0),)]
    assert rows(path, "SELECT count(*) FROM audit_events") == [(0,)]


def test_the_same_numbers_and_day_make_the_same_plans(made: Path, tmp_path: Path) -> None:
    again, other = tmp_path / "again.db", tmp_path / "other.db"
    build(again, Size(60, 60, DAY, 1200))
    build(other, Size(60, 60, DAY + timedelta(days=1), 1200))
    for table in ("plans", "plan_stretches", "internal_issue_teams"):
        assert rows(again, f"SELECT * FROM {table}") == rows(made, f"SELECT * FROM {table}")
    assert rows(other, "SELECT * FROM plans") != rows(made, "SELECT * FROM plans")


def test_the_command_makes_them_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    size = ["--people", "12", "--worklogs", "5", "--plans", "30", "--clock", "2026-03-02"]
    assert cli.main(["seed", *size, "--db", str(tmp_path / "a.db"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["plans"] == 30
    assert cli.main(["seed", *size, "--db", str(tmp_path / "b.db")]) == 0
    assert "5 worklogs and 30 plans" in capsys.readouterr().out


@pytest.mark.parametrize("wrong", ["1000001", "-1", "many", "1.5"])
def test_bad_numbers_are_usage_errors_and_make_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: str) -> None:
    try:
        code: Any = cli.main(["seed", "--people=4", "--worklogs=0", f"--plans={wrong}", "--db", str(tmp_path / "w.db")])
    except SystemExit as stopped:
        code = stopped.code
    assert (code, "--plans" in capsys.readouterr().err) == (2, True)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def served(made: Path, module_server: Callable[..., Any]) -> Callable[[str, str], Any]:
    """Answers of a server over a copy of the world, by persona and path."""
    copy = made.with_name("served.db")
    copy.write_bytes(made.read_bytes())
    url = module_server("--quiet", "--clock", "2026-03-02", "--db", str(copy)).url
    opener = build_opener(ProxyHandler({}))

    def get(who: str, path: str) -> Any:
        with opener.open(Request(url + path, headers={"Authorization": f"Bearer {token_of(who)}"}), timeout=60) as answer:
            return json.load(answer)

    return get


def seen_by(get: Callable[[str, str], Any], who: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    path = f"/4/plans?{WINDOW}&limit=1000"
    while path:
        page = get(who, path)
        found += page["results"]
        path = "/4/" + page["metadata"]["next"].partition("/4/")[2] if "next" in page["metadata"] else ""
    return found


def test_the_published_tokens_see_what_is_said_of_them(served: Callable[[str, str], Any]) -> None:
    seen = {who: seen_by(served, who) for who in ("everybody", "half", "lead", "own")}
    assert len({plan["id"] for plan in seen["everybody"]}) == len(seen["everybody"]) == 1200
    assert len({plan["assignee"]["id"] for plan in seen["own"]}) == 1
    assert len({plan["assignee"]["id"] for plan in seen["lead"]}) == 10
    assert len(seen["own"]) < len(seen["lead"]) < len(seen["half"]) < 1200
    assert 0.4 < len(seen["half"]) / 1200 < 0.75


def test_internal_issues_are_listed_and_one_is_for_some_teams(served: Callable[[str, str], Any]) -> None:
    found = served("own", "/x-tempo-mock/internal-issues")["results"]
    assert [(issue["key"], bool(issue["teams"])) for issue in found] == [("AWAY-1", False), ("AWAY-2", False), ("AWAY-3", True)]


@pytest.mark.parametrize(("who", "teams"), [("half", "t.id % 2 = 0"), ("lead", "t.lead_id = p.id")])
def test_plans_of_those_who_moved_are_seen_by_their_days(
    served: Callable[[str, str], Any], made: Path, who: str, teams: str
) -> None:
    """Told by rows one by one, as the server does not look for them: by days of plan and membership."""
    inside = rows(
        made,
        "SELECT DISTINCT o.plan_id FROM plan_stretches o JOIN plans l ON l.id = o.plan_id "
        "JOIN members m ON m.person_id = l.person_id JOIN memberships s ON s.member_id = m.id JOIN teams t ON t.id = m.team_id "
        f"JOIN people p ON p.name = '{who}' WHERE {teams} "
        "AND (s.start_date IS NULL OR s.start_date <= o.end_date) AND (s.end_date IS NULL OR s.end_date >= o.start_date)",
    )
    own = rows(made, f"SELECT l.id FROM plans l JOIN people p ON p.id = l.person_id WHERE p.name = '{who}'")
    seen = [plan["id"] for plan in seen_by(served, who)]
    assert seen == sorted({number for (number,) in inside + own})
