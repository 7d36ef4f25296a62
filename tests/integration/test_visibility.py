"""Whose worklogs are visible: what is missing is told with numbers, and believed only when somebody says so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.visibility import nothing_logged, sight
from integration.worklogs import Doubt, Visible

TWELVE = tuple(f"p{number:02}" for number in range(12))
SIX = TWELVE[:6]


def held(*people: str) -> dict[str, int]:
    return dict.fromkeys(people, 3)


@pytest.mark.parametrize(
    ("people", "options", "seen", "kinds", "said"),
    [
        (held(*TWELVE), {}, 12, [], ""),
        (held("p00"), {"owner": "p00"}, 1, ["only-owner"], "incomplete: 1 of 12 people visible"),
        (held("p00"), {}, 1, ["only-owner"], "incomplete: 1 of 12 people visible"),
        ({}, {"owner": "p00"}, 0, ["only-owner"], "incomplete: 0 of 12 people visible"),
        # The owner need not be one of those who are expected.
        (held("boss"), {"owner": "boss"}, 0, ["only-owner"], "incomplete: 0 of 12 people visible"),
        (held("p03"), {"owner": "p00"}, 1, ["never-seen"], "incomplete: 1 of 12 people visible"),
        (held(*TWELVE[:5]), {"owner": "p00"}, 5, ["never-seen"], "incomplete: 5 of 12 people visible"),
        (held(*TWELVE[:11]), {"accepted": {"p11"}}, 11, [], ""),
        (held("p00"), {"owner": "p00", "accepted": set(TWELVE[1:])}, 1, [], ""),
        (held("p00"), {"owner": "p00", "accepted": set(TWELVE[2:])}, 1, ["only-owner"], "(p01)"),
        # Fewer than before: what is held of them is no longer shown.
        (held(*TWELVE), {"doubts": [Doubt("p11", 3)], "before": Visible(12, 12, ())}, 11, ["fewer-people"], "12 were before"),
        (held(*TWELVE), {"doubts": [Doubt(p, 3) for p in TWELVE[1:]], "before": Visible(12, 12, ()), "owner": "p00"}, 1,
         ["fewer-people"], "incomplete: 1 of 12 people visible, 12 were before"),
        # Somebody who was accepted and logged since is doubted like everybody else.
        (held(*TWELVE), {"doubts": [Doubt("p11", 3)], "accepted": {"p11"}}, 11, ["never-seen"], "11 of 12"),
        # A part of somebody's worklogs.
        (held(*TWELVE), {"doubts": [Doubt("p11", 2)]}, 12, ["hidden"], "2 worklogs of 1 people (p11)"),
        (held(*TWELVE), {"doubts": [Doubt("p11", 0)]}, 12, [], ""),
        # Of somebody nobody expects.
        (held(*TWELVE, "x"), {"doubts": [Doubt("x", 3)]}, 12, ["hidden"], "3 worklogs of 1 people (x)"),
        (held(*TWELVE), {"doubts": [Doubt("p01", 3), Doubt("p02", 1)]}, 11, ["never-seen", "hidden"], ""),
        # A new contract is not somebody who went missing.
        (held(*TWELVE[:11]), {"before": Visible(11, 11, ())}, 11, ["never-seen"], "incomplete: 11 of 12 people visible"),
    ],
)  # fmt: skip
def test_of_twelve(people: dict[str, int], options: dict, seen: int, kinds: list[str], said: str) -> None:
    found = sight(TWELVE, people, **options)
    assert (found.visible.seen, found.visible.expected) == (seen, 12)
    assert [reason.kind for reason in found.reasons] == kinds
    assert found.complete == (not kinds)
    assert said in " / ".join(reason.sentence for reason in found.reasons)
    assert all("--accept-fewer" in reason.sentence and reason.sentence.startswith("incomplete: ") for reason in found.reasons)


@pytest.mark.parametrize("people", [{}, held("a"), held("a", "b")])
def test_nobody_is_missed_where_nobody_is_expected(people: dict[str, int]) -> None:
    found = sight((), people)
    assert found.visible == Visible(0, 0, ())
    assert found.complete


def test_a_team_of_one_lacks_no_role() -> None:
    assert [reason.kind for reason in sight(("a",), {}, owner="a").reasons] == ["never-seen"]


def test_the_unseen_are_named_in_order_as_people_know_them() -> None:
    found = sight(TWELVE, {}, names={"p00": "Zoe", "p01": ""})
    assert found.visible.unseen == TWELVE
    assert "(Zoe, p01, p02, p03, p04 and 7 more)" in found.reasons[0].sentence


PEOPLE = st.sets(st.sampled_from(SIX))
NUMBERS = st.dictionaries(st.sampled_from(SIX), st.integers(0, 3))


@given(PEOPLE, NUMBERS, NUMBERS, PEOPLE, st.sampled_from(["", *SIX]))
def test_everybody_is_seen_accepted_or_missed(
    expected: set[str], worklogs: dict[str, int], doubted: dict[str, int], accepted: set[str], owner: str
) -> None:
    doubts = [Doubt(person, number) for person, number in doubted.items()]
    found = sight(expected, worklogs, doubts=doubts, accepted=accepted, owner=owner)
    assert set(found.visible.unseen) <= expected
    assert found.visible.seen + len(found.visible.unseen) <= len(expected)
    for person in expected - set(found.visible.unseen):
        assert worklogs.get(person, 0) > doubted.get(person, 0) or (person in accepted and not doubted.get(person))
    assert found.complete == (not found.visible.unseen and not any(doubted.values()))
    if not any(doubted.values()):
        believed = sight(expected, worklogs, accepted=accepted | set(nothing_logged(found)), owner=owner)
        assert believed.complete
