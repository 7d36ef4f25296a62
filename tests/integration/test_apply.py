"""Making changes: one outcome each whatever fails, nobody's edit lost, and nobody uncovered for a failure."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime

import pytest

from integration.apply import NOT_REPLACED, NOT_TRIED, apply
from integration.records import Changes, HeldRule, Outcome, Rule, Update
from integration.sinks import Change, SinkError
from integration.sinks.database import CHANGED, GONE, DatabaseSink
from integration.store import Store

MORNING = Rule("bob", "1", datetime(2026, 3, 9, 9), datetime(2026, 3, 9, 11), "UTC", "Away")
AFTERNOON = replace(MORNING, begin=datetime(2026, 3, 9, 14), end=datetime(2026, 3, 9, 16), part=1)
NEXT_DAY = replace(MORNING, begin=datetime(2026, 3, 10, 9), end=datetime(2026, 3, 10, 11))
OTHERS = replace(MORNING, account_id="erica")
LONGER = replace(MORNING, end=datetime(2026, 3, 9, 16))


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(Store(":memory:")) as opened:
        yield opened


class Failing(DatabaseSink):
    """Refuses what it is told to."""

    refused = ""

    def apply(self, change: Change) -> None:
        if change.action == self.refused:
            raise SinkError("no")
        super().apply(change)


def hold(store: Store, *rules: Rule) -> list[HeldRule]:
    with store.transaction():
        numbers = [store.add(rule) for rule in rules]
    return [found for number in numbers if (found := store.rule(number)) is not None]


def made(store: Store, *found: Changes, sink: DatabaseSink | None = None) -> list[tuple[str, str | None]]:
    with store.transaction():
        run = store.begin_run("now")
    outcomes = apply(found, sink or DatabaseSink(store), store, run)
    return [(outcome.action, outcome.error) for outcome in outcomes]


def rules(store: Store) -> list[Rule]:
    return [held.rule for held in store.held()]


def by_hand(store: Store, what: str, *values: object) -> None:
    store._connection.execute(f"UPDATE rules SET {what}", values)


def test_what_is_deleted_goes_last(store: Store) -> None:
    held = hold(store, MORNING, AFTERNOON)
    told = made(store, Changes(create=(NEXT_DAY,), update=(Update(held[0], LONGER),), delete=(held[1],)))
    assert told == [("update", None), ("create", None), ("delete", None)]
    assert rules(store) == [LONGER, NEXT_DAY]


@pytest.mark.parametrize("refused", ["update", "create"])
def test_nothing_is_deleted_where_what_takes_its_place_failed(store: Store, refused: str) -> None:
    one, two, other = hold(store, MORNING, AFTERNOON, OTHERS)
    sink = Failing(store)
    sink.refused = refused
    change = Changes(update=(Update(one, LONGER),)) if refused == "update" else Changes(create=(NEXT_DAY,))
    told = made(store, change._replace(delete=(two,)), Changes(delete=(other,)), sink=sink)
    assert told == [(refused, "no"), ("delete", NOT_REPLACED), ("delete", None)]
    assert rules(store) == [MORNING, AFTERNOON]


@pytest.mark.parametrize("what", ["message = 'Mine'", "begin = '2026-03-12T09:00:00', end = '2026-03-12T10:00:00'"])
def test_what_is_edited_while_it_is_compared_is_kept_and_told(store: Store, what: str) -> None:
    one, two = hold(store, MORNING, OTHERS)
    by_hand(store, what)
    edited = rules(store)
    told = made(store, Changes(update=(Update(one, LONGER),)), Changes(create=(OTHERS,)), Changes(delete=(two,)))
    assert told == [("update", CHANGED), ("create", CHANGED), ("delete", NOT_REPLACED)]
    assert made(store, Changes(delete=(two,))) == [("delete", CHANGED)]
    assert rules(store) == edited


def test_what_is_deleted_while_it_is_compared_is_told_and_made_by_the_next_run(store: Store) -> None:
    (one,) = hold(store, MORNING)
    by_hand(store, "id = 99")
    assert made(store, Changes(update=(Update(one, LONGER),))) == [("update", GONE)]
    assert made(store, Changes(delete=(one,))) == [("delete", None)]


def test_making_a_change_twice_does_no_harm(store: Store) -> None:
    one, two = hold(store, MORNING, OTHERS)
    both = Changes(create=(NEXT_DAY,), update=(Update(one, LONGER),)), Changes(delete=(two,))
    for _ in range(2):
        assert made(store, *both) == [("update", None), ("create", None), ("delete", None)]
    assert rules(store) == [LONGER, NEXT_DAY]


def test_a_rule_that_was_moved_by_hand_is_not_taken_for_what_is_planned_there(store: Store) -> None:
    hold(store, MORNING)
    by_hand(store, "begin = '2026-03-10T09:00:00', end = '2026-03-10T11:00:00', message = 'Mine'")
    moved = rules(store)
    assert made(store, Changes(create=(NEXT_DAY,))) == [("create", None)]
    assert rules(store) == [*moved, NEXT_DAY]
    assert [held.is_hand_edited for held in store.held()] == [True, False]


def test_whom_a_rule_was_written_for_is_known_when_it_is_given_away(store: Store) -> None:
    hold(store, MORNING, NEXT_DAY, OTHERS, replace(OTHERS, account_id='ö"x'))
    assert store.given_away() == {}
    by_hand(store, "account_id = 'greta' WHERE account_id = 'bob'")
    with store.transaction():
        store.add(replace(MORNING, source="manual"))
    assert {name: [held.rule.account_id for held in found] for name, found in store.given_away().items()} == {
        "bob": ["greta", "greta"]
    }


class Breaking(Store):
    """A disk that is full from some outcome on."""

    left = 2

    def note(self, run: int, outcome: Outcome) -> None:
        self.left -= 1
        if self.left < 0:
            raise sqlite3.OperationalError("database or disk is full")
        super().note(run, outcome)


def test_a_database_that_fails_in_the_middle_leaves_an_outcome_for_each_change() -> None:
    with closing(Breaking(":memory:")) as store:
        every = [replace(MORNING, account_id=name) for name in "abcd"]
        told = made(store, *(Changes(create=(rule,)) for rule in every))
        assert [error for _, error in told[:2]] == [None, None]
        assert "disk is full" in str(told[2][1])
        assert told[3][1] == NOT_TRIED
        assert rules(store) == every[:2]
