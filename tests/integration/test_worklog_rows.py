"""The worklogs held: twice is once, what counts is what the standing names, and older files are brought up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from integration.records import Issue, Reason
from integration.store import Store
from integration.tables import NAME, _first, _sinks
from integration.worklog_rows import Own, WorklogRows
from integration.worklog_runs import WorklogRun
from integration.worklogs import Doubt, Fallback, JiraWorklog, Logged, Period, Standing, TeamPeriod, Visible, Worklog

DAY, NEXT = date(2026, 3, 2), date(2026, 3, 3)
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
ONE = Worklog(1, "10", "bob", DAY, "09:00:00", 3600, 1800, "2026-03-02T10:00:00Z")
TWO = Worklog(2, "11", "bob", DAY, "", 60, 0, "2026-03-02T11:00:00Z", 77, "ACC")
THREE = Worklog(3, "10", "erica", NEXT, "13:00:00", 7200, 7200, "2026-03-03T10:00:00Z")
APP = "tempo-app"
JIRA = (
    JiraWorklog(1077, "11", APP, DAY, "09:00:00", 60, "2026-03-02T11:00:00Z"),
    JiraWorklog(1078, "10", "greta", NEXT, "09:00:00", 1200, "2026-03-02T11:00:00Z"),
)
TEMPO, FALLEN = Standing("tempo", None, True, (), "2026-03-03T12:00:00Z"), Standing(
    "jira", Fallback(Reason("forbidden", "No «right»."), "2026-03-03T12:00:00Z"), False, (Reason("a", "b"), Reason("c", "d")),
    None, Visible(1, 3, ("bob", "erica")),
)  # fmt: skip


def theirs(worklog: JiraWorklog) -> str:
    return "" if worklog.author_id == APP else worklog.author_id


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store(tmp_path / "sync.db")) as opened:
        yield opened


@pytest.fixture
def rows(store: Store) -> WorklogRows:
    return WorklogRows(store)


@pytest.fixture
def three(store: Store, rows: WorklogRows) -> WorklogRows:
    with store.transaction():
        assert rows.upsert([THREE, ONE, TWO]) == 3
    return rows


def test_worklogs_come_back_as_they_were(three: WorklogRows) -> None:
    assert list(three.of([1, 2, 3, 9])) == [ONE, TWO, THREE]
    assert (three.count(), three.authors()) == (3, {"bob": 2, "erica": 1})
    assert list(three.of(range(3000))) == [ONE, TWO, THREE]


def test_twice_is_once(three: WorklogRows, store: Store) -> None:
    with store.transaction():
        assert three.upsert([ONE, TWO, THREE]) == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [("issue_id", "99"), ("author_id", "erica"), ("day", NEXT), ("start", "10:00:00"), ("seconds", 1), ("billable", 1),
     ("updated", "2026-03-04T00:00:00Z"), ("jira_id", 5), ("account", "X")],
)  # fmt: skip
def test_what_changed_replaces_what_was(three: WorklogRows, store: Store, field: str, value: object) -> None:
    changed = ONE._replace(**{field: value})
    with store.transaction():
        assert three.upsert([changed, TWO]) == 1
    assert list(three.of([1])) == [changed]


def test_an_id_of_jira_once_known_stays_known(three: WorklogRows, store: Store) -> None:
    with store.transaction():
        assert three.set_jira_ids([(1, 1001), (9, 9)]) == 1
        three.upsert([ONE._replace(seconds=5), TWO._replace(jira_id=None)])
    assert [worklog.jira_id for worklog in three.of([1, 2, 3])] == [1001, 77, None]
    assert three.without_jira_id(9) == [3]
    assert three.in_jira([77, 1001, 4]) == {77: Own("bob", TWO.day, TWO.start), 1001: Own("bob", ONE.day, ONE.start)}


def test_a_row_of_jira_that_several_people_stand_behind_is_nobodys(three: WorklogRows, store: Store) -> None:
    with store.transaction():
        three.set_jira_ids([(1, 77)])
    assert list(three.in_jira([77])) == [77]
    with store.transaction():
        three.set_jira_ids([(3, 77)])
    assert three.in_jira([77]) == {}


def test_removing_twice_does_no_harm(three: WorklogRows, store: Store) -> None:
    with store.transaction():
        assert [three.remove([1, 9]), three.remove([1])] == [1, 0]
    assert list(three.ids()) == [2, 3]


@pytest.mark.parametrize(
    ("updated_from", "window", "wanted"),
    [
        (None, None, [1, 2, 3]),
        ("2026-03-02T11:00:00Z", None, [2, 3]),
        ("2026-03-04", None, []),
        (None, Period(DAY, DAY), [1, 2]),
        (None, Period(NEXT, date.max), [3]),
        ("2026-03-02T11:00:00Z", Period(date.min, DAY), [2]),
    ],
)
def test_ids(three: WorklogRows, updated_from: str | None, window: Period | None, wanted: list[int]) -> None:
    assert list(three.ids(updated_from=updated_from, window=window)) == wanted


def test_what_is_hidden_is_kept_and_counted_until_it_is_seen(three: WorklogRows, store: Store) -> None:
    with store.transaction():
        assert [three.hide([1, 3, 9]), three.hide([1, 2])] == [2, 1]
    assert (list(three.hidden()), three.doubts()) == ([1, 2, 3], (Doubt("bob", 2), Doubt("erica", 1)))
    assert (three.authors(hidden=False), three.authors()) == ({}, {"bob": 2, "erica": 1})
    with store.transaction():
        assert three.upsert([ONE, TWO]) == 2
    assert (list(three.hidden()), three.doubts(), three.authors(hidden=False)) == ([3], (Doubt("erica", 1),), {"bob": 2})
    assert len(list(three.daily(MARCH))) == 2


def test_days(three: WorklogRows) -> None:
    assert three.days() == [(DAY, 2), (NEXT, 1)]


def test_sums_of_tempo(three: WorklogRows) -> None:
    assert list(three.daily(MARCH)) == [Logged("bob", DAY, 3660), Logged("erica", NEXT, 7200)]
    assert list(three.daily(MARCH, "billable")) == [Logged("bob", DAY, 1800), Logged("erica", NEXT, 7200)]
    assert list(three.daily(Period(NEXT, NEXT))) == [Logged("erica", NEXT, 7200)]
    assert three.sums(MARCH, "issue_id") == {("10", "bob"): 3600, ("10", "erica"): 7200, ("11", "bob"): 60}
    assert three.sums(MARCH, "account", "billable") == {("", "bob"): 1800, ("", "erica"): 7200, ("ACC", "bob"): 0}
    assert three.day_rows("bob", MARCH) == [(DAY, "", 60, "11"), (DAY, "09:00:00", 3600, "10")]
    assert (three.unattributed(MARCH), three.people(), three.issue_ids()) == (0, ["bob", "erica"], ["10", "11"])
    with pytest.raises(ValueError, match="by start"):
        three.sums(MARCH, "start")


def test_what_counts_is_what_the_standing_names(three: WorklogRows, store: Store) -> None:
    with store.transaction():
        assert three.upsert_jira(JIRA, theirs) == 2
        assert three.upsert_jira(JIRA, theirs) == 0
        three.set_standing(FALLEN)
    assert three.standing() == FALLEN
    assert list(three.daily(MARCH)) == [Logged("greta", NEXT, 1200)]
    assert list(three.hours(MARCH)) == [Logged("", DAY, 60), Logged("greta", NEXT, 1200)]
    assert list(three.daily(MARCH, "billable")) == list(three.hours(MARCH, "billable")) == []
    assert (three.unattributed(MARCH), three.unattributed(Period(NEXT, NEXT))) == (60, 0)
    assert (three.people(), three.count_jira(), three.count()) == (["greta"], 2, 3)
    assert store.rows("SELECT source, id, author_id, billable FROM worklogs ORDER BY id") == [
        ("jira", 1077, None, None),
        ("jira", 1078, "greta", None),
    ]
    with store.transaction():
        assert [worklog.id for worklog in three.jira(-1, 1)] == [1077]
        assert three.jira(1077, 9) == [JIRA[1]]
        assert three.upsert_jira(three.jira(-1, 9), lambda worklog: {77: "bob"}.get(worklog.id - 1000, theirs(worklog))) == 1
        assert three.upsert_jira(three.jira(-1, 9), lambda worklog: {77: "bob"}.get(worklog.id - 1000, theirs(worklog))) == 0
    assert (three.unattributed(MARCH), three.people()) == (0, ["bob", "greta"])
    with store.transaction():
        three.remove_jira([1077])
        three.set_standing(TEMPO)
    assert three.standing() == TEMPO
    assert list(three.daily(MARCH)) == [Logged("bob", DAY, 3660), Logged("erica", NEXT, 7200)]
    assert store.rows("SELECT * FROM daily_hours ORDER BY author_id") == [
        ("bob", "2026-03-02", 3660),
        ("erica", "2026-03-03", 7200),
    ]


def test_the_rest_comes_back_too(rows: WorklogRows, store: Store) -> None:
    run = WorklogRun("2026-03-02T09:00:00Z", "2026-03-02T09:01:00Z", 7, "full", "audit", "tempo", 1, 2, 3, "half")
    periods = [TeamPeriod(3, "bob", None, DAY), TeamPeriod(3, "erica", NEXT, None)]
    assert (rows.standing(), rows.last_run(), rows.nothing_logged()) == (None, None, frozenset())
    with store.transaction():
        rows.end_run(rows.begin_run("2026-03-02T09:00:00Z"), run)
        rows.begin_run("2026-03-03T09:00:00Z")
        rows.set_nothing_logged(["greta", "bob", "greta"])
        rows.set_nothing_logged(["greta"])
        rows.know_issues([Issue("10", "X-1", "Old")])
        rows.know_issues([Issue("10", "X-1", "New"), Issue("11", "X-2", "")])
        rows.set_teams([(1, "Gone")], [TeamPeriod(1, "bob", None, None)])
        rows.set_teams([(3, "Blue")], periods)
    assert (rows.last_run(), rows.nothing_logged()) == (run, {"greta"})
    assert rows.issues() == {"10": Issue("10", "X-1", "New"), "11": Issue("11", "X-2", "")}
    assert (rows.teams(), rows.team_periods()) == ({3: "Blue"}, periods)


def test_a_file_of_before_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as connection:
        old = Migrations(NAME)
        old()(_first)
        old()(_sinks)
        old.apply(Database(connection))
        connection.execute("INSERT INTO facts (name, value) VALUES ('last_read', 'long ago')")
        connection.commit()
    with closing(Store(path)) as store:
        rows = WorklogRows(store)
        with store.transaction():
            rows.upsert([ONE])
        assert (store.fact("last_read"), list(rows.of([1]))) == ("long ago", [ONE])
