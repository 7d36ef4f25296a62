"""``tempo-mock seed``: the command as a process, the database it makes, and that database served."""

import json
import os
import pty
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from mock_server.large_world import PERSONAS, build, token_of
from mock_server.large_world_size import Size
from mock_server.moments import parse_moment
from mock_server.storage.opening import on_disk

ROOT = Path(__file__).parents[2]
LIMIT = 60
"""Seconds after which a process is given up."""

DAY = date(2026, 3, 2)
COMMAND = (sys.executable, "-m", "mock_server", "seed")


def seed(*arguments: str, **more: Any) -> "subprocess.CompletedProcess[str]":
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100"}
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, encoding="utf-8", env=variables, timeout=LIMIT, **more
    )


def refused(code: int, *arguments: str) -> str:
    done = seed(*arguments)
    assert done.returncode == code, done
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.stderr


def content(path: Path) -> dict[str, list[Any]]:
    """Every row of every table but what tells when and how it was made: salts, and the times of the migrations."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE people SET password_hash = NULL")
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            table: sorted(database.execute(f'SELECT * FROM "{table}"'), key=repr)
            for table in tables
            if table != "_sqlite_migrations"
        }


def schema(path: Path) -> list[Any]:
    with closing(sqlite3.connect(path)) as database:
        return sorted(database.execute("SELECT type, name, tbl_name, sql FROM sqlite_master"), key=repr)


def rows(path: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(sql).fetchall()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world of 45 people in five teams with 450 worklogs."""
    path = tmp_path_factory.mktemp("large") / "world.db"
    build(path, Size(45, 450, DAY))
    return path


# What is in it.


def test_it_holds_what_was_asked_for(made: Path) -> None:
    assert rows(made, "SELECT count(*) FROM people WHERE name <> 'admin'") == [(45,)]
    assert rows(made, "SELECT count(*) FROM worklogs") == [(450,)]
    assert rows(made, "SELECT count(*) FROM teams WHERE name LIKE 'Team %'") == [(5,)]
    assert len(rows(made, "SELECT DISTINCT account_id FROM people")) == 46


def test_work_is_done_before_the_day_on_weekdays_and_never_more_than_eight_hours(made: Path) -> None:
    days = {date.fromisoformat(row[0]) for row in rows(made, "SELECT DISTINCT start_date FROM worklogs")}
    assert min(days) > DAY - timedelta(days=3 * 366)
    assert max(days) == date(2026, 2, 27)
    assert all(day.weekday() < 5 for day in days)
    assert (
        rows(made, "SELECT max(t) FROM (SELECT sum(time_spent) t FROM worklogs GROUP BY author_id, start_date)")[0][0] <= 28800
    )
    assert rows(made, "SELECT min(time_spent) > 0, max(start_time) < '24:00:00' FROM worklogs") == [(1, 1)]
    assert rows(made, "SELECT count(*) FROM worklogs WHERE updated_at < created_at OR updated_at > '2026-03-01'") == [(0,)]


def test_everybody_logs_as_much_and_nothing_where_they_may_not(made: Path) -> None:
    assert {row[0] for row in rows(made, "SELECT count(*) FROM worklogs GROUP BY author_id")} == {10}
    hidden = (
        "SELECT count(*) FROM worklogs w WHERE NOT EXISTS (SELECT 1 FROM project_permissions p JOIN group_members m "
        "ON m.group_id = p.group_id WHERE p.project_id = w.project_id AND m.person_id = w.author_id "
        "AND p.permission = 'WORK_ON_ISSUES')"
    )
    assert rows(made, hidden) == [(0,)]
    assert rows(
        made, "SELECT count(*) FROM worklogs w JOIN issues i ON i.id = w.issue_id WHERE i.project_id <> w.project_id"
    ) == [(0,)]


@pytest.mark.parametrize("people", [4, 10, 31])
@pytest.mark.parametrize("worklogs", [0, 7, 3000])
def test_any_size_is_sound(tmp_path: Path, people: int, worklogs: int) -> None:
    path = tmp_path / "world.db"
    build(path, Size(people, worklogs, DAY))
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert rows(path, "SELECT count(*) FROM worklogs") == [(worklogs,)]
    in_no_team = "SELECT count(*) FROM people WHERE name <> 'admin' AND id NOT IN (SELECT person_id FROM members)"
    assert rows(path, in_no_team) == [(0,)]
    assert rows(path, "SELECT count(*) FROM audit_events") == [(0,)]


@pytest.mark.parametrize("day", [date(1970, 1, 1), date(9990, 1, 1), date(9999, 12, 30)])
def test_any_day_of_the_calendar_will_do(tmp_path: Path, day: date) -> None:
    path = tmp_path / "world.db"
    build(path, Size(4, 100, day))
    ends = rows(path, "SELECT DISTINCT date(expires_at) FROM api_tokens WHERE name = 'Everything' AND days = 5000")
    assert ends == [(str(date.fromordinal(min(day.toordinal() + 5000, date.max.toordinal()))),)]


@pytest.mark.parametrize("left", ["junk", "a database"])
def test_what_a_killed_run_with_the_same_number_left_is_swept_up(tmp_path: Path, left: str) -> None:
    path, unfinished = tmp_path / "w.db", tmp_path / f".w.db.{os.getpid()}.unfinished"
    if left == "junk":
        unfinished.write_bytes(b"x" * 5000)
    else:
        build(unfinished, Size(4, 7, DAY))
    build(path, Size(4, 3, DAY))
    assert rows(path, "SELECT count(*) FROM worklogs") == [(3,)]
    assert list(tmp_path.iterdir()) == [path]


def test_tables_indexes_and_triggers_are_those_of_any_other_database(made: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    on_disk(other).close()
    assert schema(made) == schema(other)
    for pragma in ("application_id", "user_version"):
        assert rows(made, f"PRAGMA {pragma}") == rows(other, f"PRAGMA {pragma}")


def test_the_same_numbers_and_day_make_the_same_world(made: Path, tmp_path: Path) -> None:
    again, other = tmp_path / "again.db", tmp_path / "other.db"
    assert seed("--people", "45", "--worklogs", "450", "--clock", "2026-03-02T23:00Z", "--db", str(again)).returncode == 0
    assert content(again) == content(made)
    build(other, Size(45, 450, DAY + timedelta(days=1)))
    assert content(other) != content(made)


# The command.


def test_json_says_what_was_made_and_how_to_call_it(tmp_path: Path) -> None:
    path = tmp_path / "w.db"
    done = seed("--people", "12", "--worklogs", "0", "--db", str(path), "--clock", "2026-03-02", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told.pop("seconds") > 0
    assert told == {
        "database": str(path), "people": 12, "teams": 2, "issues": 40, "worklogs": 0, "plans": 0, "day": "2026-03-02",
        "tokens": {name: f"demo-token-of-{name}-not-a-secret" for name in ("everybody", "half", "lead", "own")},
    }  # fmt: skip


def test_without_json_it_names_every_token_and_the_next_command(tmp_path: Path) -> None:
    done = seed("--people", "4", "--worklogs", "3", "--db", str(tmp_path / "w.db"))
    assert (done.returncode, done.stderr) == (0, "")
    assert all(token_of(name) in done.stdout for name in PERSONAS)
    assert f"tempo-mock serve --db {tmp_path / 'w.db'}\n" in done.stdout


@pytest.mark.parametrize("clock", ["2026-03-02", "2026-03-02T09:30+02:00"])
def test_the_next_command_repeats_the_clock(tmp_path: Path, clock: str) -> None:
    done = seed("--people", "4", "--worklogs", "3", "--db", str(tmp_path / "w.db"), "--clock", clock)
    (told,) = re.findall(r"tempo-mock serve --db \S+ --clock (\S+)\n", done.stdout)
    assert parse_moment(told) == parse_moment(clock)


@pytest.mark.parametrize(
    ("people", "worklogs", "clock"),
    [
        ("3", "0", "2026-03-02"),
        ("100001", "0", "2026-03-02"),
        ("-4", "0", "2026-03-02"),
        ("ten", "0", "2026-03-02"),
        ("10", "-1", "2026-03-02"),
        ("10", "1.5", "2026-03-02"),
        ("10", "10000001", "2026-03-02"),
        ("10", "1e3", "2026-03-02"),
        ("10", "9" * 5000, "2026-03-02"),
        ("10", "0", "yesterday"),
        ("10", "0", "0003-01-01"),
    ],
)
def test_bad_numbers_are_usage_errors_and_make_nothing(tmp_path: Path, people: str, worklogs: str, clock: str) -> None:
    path = tmp_path / "w.db"
    told = refused(2, f"--people={people}", f"--worklogs={worklogs}", "--clock", clock, "--db", str(path))
    assert "--people" in told or "--worklogs" in told or "--clock" in told
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", ["", "-wal"])
def test_a_file_that_is_there_is_left_alone(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / "w.db"
    (tmp_path / f"w.db{suffix}").write_bytes(b"precious")
    told = refused(4, "--people", "4", "--worklogs", "1", "--db", str(path))
    assert (
        told
        == f"tempo-mock: There is {path}{suffix} already; it was left untouched, remove it or choose another file with --db.\n"
    )
    assert (tmp_path / f"w.db{suffix}").read_bytes() == b"precious"
    assert len(list(tmp_path.iterdir())) == 1


def test_an_empty_file_gets_the_world(tmp_path: Path) -> None:
    path = tmp_path / "w.db"
    path.touch()
    assert seed("--people", "4", "--worklogs", "1", "--db", str(path)).returncode == 0
    assert rows(path, "SELECT count(*) FROM worklogs") == [(1,)]
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("where", [".", "nowhere/w.db"])
def test_where_nothing_can_be_written_it_says_so(tmp_path: Path, where: str) -> None:
    told = refused(4, "--people", "4", "--worklogs", "1", "--db", str(tmp_path / where))
    assert told.startswith("tempo-mock: ")
    assert told.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_stopped_it_leaves_nothing(tmp_path: Path, stop: signal.Signals) -> None:
    command = [*COMMAND, "--people", "1000", "--worklogs", "10000000", "--db", str(tmp_path / "w.db")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        until = time.monotonic() + LIMIT
        # Not before it has begun to write.
        while sum(file.stat().st_size for file in tmp_path.iterdir()) < 2**17:
            assert time.monotonic() < until
            assert process.poll() is None
        process.send_signal(stop)
        out, error = process.communicate(timeout=LIMIT)
    assert (process.returncode, out, error) == (130, "", "")
    assert list(tmp_path.iterdir()) == []


def test_progress_is_shown_on_a_terminal_only(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [*COMMAND, "--people", "10", "--worklogs", "20000", "--db", str(tmp_path / "w.db")]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=theirs, text=True, timeout=LIMIT, check=True)
    os.close(theirs)
    with closing(os.fdopen(ours, "rb", closefd=True)) as terminal:
        shown = terminal.read1(100_000).decode()
    assert "worklogs" in shown
    assert "100%" in shown
    assert "%" not in done.stdout


# Served.


@pytest.fixture(scope="module")
def served(made: Path, module_server: Callable[..., Any]) -> Callable[[str, str], Any]:
    """Answers of a server over a copy of the world, by persona and path."""
    copy = made.with_name("served.db")
    copy.write_bytes(made.read_bytes())
    url = module_server("--quiet", "--clock", "2026-03-02", "--db", str(copy)).url
    opener = build_opener(ProxyHandler({}))

    def get(who: str, path: str) -> Any:
        headers = {"Authorization": f"Bearer {token_of(who)}"}
        with opener.open(Request(url + path, headers=headers), timeout=LIMIT) as answer:
            return json.load(answer)

    return get


def seen_by(get: Callable[[str, str], Any], who: str) -> list[Any]:
    answer = get(who, "/4/worklogs?limit=5000")
    assert "next" not in answer["metadata"]
    found: list[Any] = answer["results"]
    return found


def test_the_published_tokens_see_what_is_said_of_them(served: Callable[[str, str], Any], made: Path) -> None:
    everything = seen_by(served, "everybody")
    assert len(everything) == 450
    own = seen_by(served, "own")
    account_id = rows(made, "SELECT account_id FROM people WHERE name = 'own'")[0][0]
    assert {one["author"]["accountId"] for one in own} == {account_id}
    assert [one for one in everything if one["author"]["accountId"] == account_id] == own
    lead, half = seen_by(served, "lead"), seen_by(served, "half")
    assert len(own) < len(lead) < len(half) < len(everything)
    # A team of ten, but for what its insiders do in the hidden project and what the tenth did for another team.
    assert len({one["author"]["accountId"] for one in lead}) == 10
    assert 0.4 < len(half) / len(everything) < 0.75


@pytest.mark.parametrize("who", list(PERSONAS))
@pytest.mark.parametrize(
    "query",
    [
        "",
        "&orderBy=START_DATE_TIME",
        "&orderBy=UPDATED",
        "&updatedFrom=2023-06-01&projectId=10001&projectId=10002&projectId=10003",
    ],
)
def test_pages_by_next_are_the_whole_list(served: Callable[[str, str], Any], who: str, query: str) -> None:
    whole = served(who, f"/4/worklogs?limit=5000{query}")["results"]
    assert whole
    for limit in (50, 7):
        walked: list[Any] = []
        path = f"/4/worklogs?limit={limit}{query}"
        while path:
            page = served(who, path)
            assert page["metadata"]["offset"] == len(walked)
            walked += page["results"]
            path = "/4/" + page["metadata"]["next"].partition("/4/")[2] if "next" in page["metadata"] else ""
        assert walked == whole
