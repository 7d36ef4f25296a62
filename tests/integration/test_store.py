"""The database: all or nothing, twice is once, what somebody edited shows, and no file that is not its own is touched."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlite_utils import Database, Migrations

from integration.apply import apply
from integration.records import Changes, Issue, Outcome, Rule, Update
from integration.sinks import Change, SinkError
from integration.sinks.database import DatabaseSink
from integration.store import Connection, RunRecord, Store, Unusable
from integration.tables import NAME, _first

from .runs import last_run

RULE = Rule(
    "bob", "10240", datetime(2026, 3, 9), datetime(2026, 3, 9, 23, 59), "Europe/Berlin", "Away", ("erica", "greta"), "fred",
    "Away until 2026-03-10 «ö»", 4, "project = X", 0, date(2026, 3, 10), (3, 7), ("no start time",),
)  # fmt: skip
PLAIN = Rule("bob", "10241", datetime(2026, 3, 9, 9), datetime(2026, 3, 9, 11), "UTC", "Sick")
NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rules.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with closing(Store(path)) as opened:
        yield opened


def add(store: Store, *rules: Rule) -> list[int]:
    with store.transaction():
        return [store.add(rule) for rule in rules]


def by_hand(path: Path, sql: str, *values: object) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(sql, values)
        connection.commit()


def test_a_rule_comes_back_as_it_was(store: Store, path: Path) -> None:
    add(store, RULE, PLAIN)
    with closing(Store(path)) as other:
        assert [held.rule for held in other.held()] == [RULE, PLAIN]
        assert [held.written for held in other.held()] == [RULE, PLAIN]
        assert not any(held.is_hand_edited for held in other.held())
        assert other.people() == ["bob"]
        assert other.held("nobody") == []


def test_what_fails_in_the_middle_never_was(store: Store) -> None:
    def half() -> None:
        with store.transaction():
            store.add(RULE)
            store.set_fact("last_read", "now")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        half()
    assert (store.held(), store.fact("last_read")) == ([], None)


def test_adding_twice_is_adding_once(store: Store) -> None:
    number = add(store, RULE)[0]
    longer = replace(RULE, end=datetime(2026, 3, 11, 23, 59))
    assert add(store, RULE, longer, PLAIN, replace(RULE, part=1)) == [number, number, number + 1, number + 2]
    assert [held.rule for held in store.held()] == [longer, replace(RULE, part=1), PLAIN]


def test_rules_of_other_sources_are_not_replaced(store: Store) -> None:
    manual = replace(RULE, source="manual", message="Mine")
    add(store, manual, RULE)
    assert [(held.rule.source, held.written is None) for held in store.held()] == [("manual", True), ("tempo", False)]


def test_removing_twice_does_no_harm(store: Store) -> None:
    number = add(store, RULE)[0]
    with store.transaction():
        store.remove(number)
        store.remove(number)
    assert store.held() == []


@pytest.mark.parametrize(
    ("column", "value"),
    [("message", "On the beach"), ("begin", "2026-03-09T12:00:00"), ("coverers", "[]"), ("approver", None), ("part", 1)],
)
def test_what_somebody_edited_shows(store: Store, path: Path, column: str, value: object) -> None:
    add(store, RULE, PLAIN)
    by_hand(path, f"UPDATE rules SET {column} = ? WHERE issue_id = '10240'", value)
    edited, other = sorted(store.held(), key=lambda held: held.rule.issue_id)
    assert edited.is_hand_edited
    assert edited.written == RULE
    assert not other.is_hand_edited


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("begin", "next week"),
        ("end", ""),
        ("coverers", "erica"),
        ("coverers", "3"),
        ("plan_ids", "[1,"),
        ("returns", "soon"),
        ("zone", "Mars/Olympus"),
        ("written", "[]"),
        ("written", "{"),
        ("written", "[1, 2, 3]"),
        ("begin", "2026-03-09T00:00:00+01:00"),
    ],
)
def test_an_edit_that_makes_no_rule_is_told(store: Store, path: Path, column: str, value: str) -> None:
    number = add(store, RULE)[0]
    by_hand(path, f"UPDATE rules SET {column} = ?", value)
    with pytest.raises(Unusable, match=f"rule {number} .*edited") as caught:
        store.held()
    assert str(path) in str(caught.value)


def test_a_change_and_its_outcome_are_kept_together(store: Store) -> None:
    with store.transaction():
        run = store.begin_run("2026-03-02T09:00:00+00:00")
        held = store.held()
    outcomes = apply([Changes(create=(RULE, PLAIN))], DatabaseSink(store), store, run)
    assert [(outcome.action, outcome.error) for outcome in outcomes] == [("create", None)] * 2
    assert store.outcomes(run) == outcomes
    held = store.held()
    later = replace(PLAIN, end=datetime(2026, 3, 9, 12))
    apply([Changes(update=(Update(held[1], later),), delete=(held[0],))], DatabaseSink(store), store, run)
    assert [found.rule for found in store.held()] == [later]
    assert [outcome.action for outcome in store.outcomes(run)] == ["create", "create", "update", "delete"]


def test_one_failure_hides_no_other_change(store: Store) -> None:
    class Failing:
        name = "database"

        def __init__(self) -> None:
            self.inner = DatabaseSink(store)

        def apply(self, change: Change) -> None:
            self.inner.apply(change)
            if change.after == RULE:
                raise SinkError("no")

    with store.transaction():
        run = store.begin_run("now")
    outcomes = apply([Changes(create=(RULE, PLAIN))], Failing(), store, run)
    assert [outcome.error for outcome in outcomes] == ["no", None]
    assert store.outcomes(run) == outcomes
    assert [held.rule for held in store.held()] == [PLAIN]


def test_runs_facts_selection_and_connection(store: Store, path: Path) -> None:
    assert (last_run(store), store.fact("x"), store.selection(), store.connection()) == (None, None, {}, None)
    record = RunRecord("2026-03-02T09:00:00+00:00", 7, "half", 1, 2, 3, 4, 5, "2026-03-02T09:00:07+00:00")
    told = Connection("https://api.tempo.io", "sync", date(2026, 9, 1), "abc", "2026-03-02")
    with store.transaction():
        run = store.begin_run("2026-03-02T09:00:00+00:00")
        store.end_run(run, record)
        store.begin_run("2026-03-03T09:00:00+00:00")
        store.set_fact("x", "1")
        store.set_fact("x", "2")
        store.select([Issue("1", "HR-1", "Away"), Issue("2", "HR-2", "Sick")])
        store.select([Issue("2", "HR-2", "Sick")])
        store.set_connection(told)
    with closing(Store(path)) as other:
        assert last_run(other) == record._asdict()
        assert other.fact("x") == "2"
        assert other.selection() == {"2": Issue("2", "HR-2", "Sick")}
        assert other.connection() == told
        assert other.outcomes(99) == []
    with store.transaction():
        store.note(run, Outcome("create", "database", ("bob", "1", "2026-03-09", 0)))


def test_an_old_file_is_brought_up_to_date(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        first = Migrations(NAME)
        first()(_first)
        first.apply(Database(connection))
        connection.execute("INSERT INTO facts (name, value) VALUES ('last_read', 'long ago')")
        connection.commit()
    with closing(Store(path)) as store:
        assert store.fact("last_read") == "long ago"
        add(store, RULE)
        assert [held.rule for held in store.held()] == [RULE]
        assert store.rows("SELECT * FROM handovers") == []


def foreign(path: Path, content: bytes | None) -> None:
    if content is not None:
        path.write_bytes(content)
        return
    by_hand(path, "CREATE TABLE rules (name TEXT)")


@pytest.mark.parametrize(
    "content", [b"no database at all, but long enough " * 10, b"SQLite format 3\x00" + b"\xff" * 2000, None]
)
def test_a_file_that_is_something_else_is_left_alone(path: Path, content: bytes | None) -> None:
    foreign(path, content)
    before = path.read_bytes()
    with pytest.raises(Unusable) as caught:
        Store(path)
    assert str(path) in str(caught.value)
    assert path.read_bytes() == before


def test_somebody_elses_database_is_left_alone(path: Path) -> None:
    by_hand(path, "CREATE TABLE invoices (amount INTEGER)")
    before = path.read_bytes()
    with pytest.raises(Unusable, match="something else"):
        Store(path)
    assert path.read_bytes() == before


def test_the_database_of_a_newer_version_is_left_alone(path: Path) -> None:
    Store(path).close()
    by_hand(path, "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('tempo-sync', '_from_later', '')")
    with pytest.raises(Unusable, match="newer"):
        Store(path)


def test_a_file_damaged_in_the_middle_is_told(path: Path) -> None:
    with closing(Store(path)) as store:
        add(store, *(replace(RULE, account_id=f"person {number}", message="x" * 500) for number in range(200)))
        store._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(path.read_bytes())
    content[8192:65536] = b"\xff" * (65536 - 8192)
    path.write_bytes(content)
    with pytest.raises(Unusable, match="malformed"), closing(Store(path)) as store:  # noqa: PT012
        store.held()
        store.people()


@pytest.mark.parametrize("place", ["no/such/folder/rules.db", "."])
def test_a_place_where_no_file_can_be(tmp_path: Path, place: str) -> None:
    with pytest.raises(Unusable, match="cannot be used"):
        Store(tmp_path / place)


def test_two_runs_write_one_after_the_other(path: Path) -> None:
    barrier, failures = Barrier(2, timeout=20), []

    def write(person: str) -> None:
        try:
            with closing(Store(path)) as store:
                barrier.wait()
                for number in range(20):
                    add(store, replace(RULE, account_id=person, part=number))
        except Exception as error:
            failures.append(error)

    threads = [Thread(target=write, args=(name,)) for name in ("bob", "greta")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with closing(Store(path)) as store:
        assert len(store.held()) == 40


def test_several_first_runs_at_once(path: Path) -> None:
    barrier, failures = Barrier(4, timeout=20), []

    def begin() -> None:
        try:
            barrier.wait()
            Store(path).close()
        except Exception as error:
            failures.append(error)

    threads = [Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_who_comes_second_is_told_to_wait(store: Store, path: Path) -> None:
    with closing(Store(path, patience=0.01)) as other, store.transaction():
        store.add(RULE)
        with pytest.raises(Unusable, match="in use by another run"), other.transaction():
            pass
        assert other.held() == []
    assert json.loads(json.dumps([held.rule.account_id for held in store.held()])) == ["bob"]
