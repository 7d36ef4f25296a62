"""The order of rules is kept for as long as the clock does not change it, and no longer."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from integration.known_people import KnownPeople
from integration.pages.held_rules import HeldRules
from integration.records import Issue, Person, Rule
from integration.store import Store

from .conftest import Command
from .page_visitor import Visitor, words

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def rule(person: str, begin: datetime, hours: int) -> Rule:
    local = begin.replace(tzinfo=None)
    return Rule(person, "1", local, local + timedelta(hours=hours), "UTC", "Away", ("erica",))


@pytest.fixture
def held() -> HeldRules:
    with closing(Store(":memory:")) as store:
        with store.transaction():
            store.add(rule("ann", NOON + timedelta(hours=2), 1))
            store.add(rule("bob", NOON, 2))
        return HeldRules(store)


@pytest.mark.parametrize("first", [-1.0, 0.5, 1.99, 2.0, 3.0])
@pytest.mark.parametrize(
    ("hours", "coming", "everybody"),
    [
        (-1, ["bob", "ann"], ["bob", "ann"]),
        (1.99, ["bob", "ann"], ["bob", "ann"]),
        (2, ["ann"], ["ann", "bob"]),
        (3, [], ["bob", "ann"]),
    ],
)
def test_whatever_was_asked_before(
    held: HeldRules, first: float, hours: float, coming: list[str], everybody: list[str]
) -> None:
    held.in_order(NOON + timedelta(hours=first), with_past=True)
    now = NOON + timedelta(hours=hours)
    assert [one.rule.account_id for one in held.in_order(now, with_past=False)] == coming
    assert [one.rule.account_id for one in held.in_order(now, with_past=True)] == everybody


def test_sorted_by_issue_means_by_its_key(sync: Command) -> None:
    sync.configure("http://127.0.0.1:9")
    keys = {"1": "HR-10", "2": "HR-9", "3": "ABC-11"}
    with closing(Store(sync.folder / "tempo-sync.db")) as store, store.transaction():
        store.select(Issue(number, key, key) for number, key in keys.items())
        for number in keys:
            store.add(replace(rule("ann", NOON, 1), issue_id=number))
    page = words(Visitor(sync.folder / "tempo-sync.toml").get("/rules?all=yes&sort=issue"))
    assert sorted(keys.values(), key=page.rindex) == ["ABC-11", "HR-9", "HR-10"]


def test_who_could_cover_has_a_name(sync: Command) -> None:
    sync.configure("http://127.0.0.1:9")
    with closing(Store(sync.folder / "tempo-sync.db")) as store, store.transaction():
        KnownPeople(store).add([Person("erica", "Erica Jefferson", None, True)])
        begin = datetime.now(UTC)
        store.add(rule("ann", begin, 2))
        store.add(replace(rule("erica", begin, 2), coverers=()))
    reason = "everybody who could cover is away: Erica Jefferson"
    assert reason in words(Visitor(sync.folder / "tempo-sync.toml").get("/rules"))
    assert reason in sync("rules").out
    problems = [one["notCovered"] for one in sync("rules", "--json").json["rules"]]
    assert "everybody who could cover is away: erica" in problems, "programs go by the accountId"


def test_without_a_token_a_page_tells_where_one_is_taken(sync: Command) -> None:
    sync.configure("http://127.0.0.1:9")
    sync.drop_token()
    answer = Visitor(sync.folder / "tempo-sync.toml").get("/issues")
    assert answer.status_code == 409
    assert "Connect to Tempo takes a token" in words(answer)
