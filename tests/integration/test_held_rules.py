"""The order of rules is kept for as long as the clock does not change it, and no longer."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from integration.pages.held_rules import HeldRules
from integration.records import Rule
from integration.store import Store

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
