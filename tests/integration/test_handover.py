"""Whose issues go to whom, from the rules of the absence product as its help pages tell them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pytest

from integration.handover import (
    Begun,
    Handover,
    OpenIssue,
    active,
    comment,
    handovers,
    marker,
    query,
    resumed,
    scopes,
    standing,
)
from integration.records import Changes, HeldRule, Rule, Update

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def rule(person: str = "ann", *, coverers: tuple[str, ...] = ("bea",), message: str = "Away.", **more: object) -> Rule:
    values: dict[str, object] = {
        "account_id": person, "issue_id": "10240", "begin": datetime(2026, 11, 23), "end": datetime(2026, 11, 23, 23, 59),
        "zone": "UTC", "template": "Vacation", "coverers": coverers, "message": message,
    }  # fmt: skip
    return Rule(**{**values, **more})  # type: ignore[arg-type]


def issue(number: int, assignee: str | None = "ann") -> OpenIssue:
    return OpenIssue(str(number), f"CLOUD-{number}", "Something", assignee)


def found(rules: Sequence[Rule], by_scope: Mapping[str, Sequence[OpenIssue]], done: object = frozenset()) -> list[Handover]:
    return list(handovers(active(rules, NOW), by_scope, done))  # type: ignore[arg-type]


def told(handover: Handover) -> tuple[str, str | None, str]:
    return handover.issue.key, handover.coverer, handover.message


def test_open_issues_of_who_is_away_go_to_the_coverer_with_the_message() -> None:
    assert [told(one) for one in found([rule()], {"": [issue(1), issue(2)]})] == [
        ("CLOUD-1", "bea", "Away."),
        ("CLOUD-2", "bea", "Away."),
    ]


def test_issues_of_others_and_of_nobody_stay() -> None:
    assert found([rule()], {"": [issue(1, "bea"), issue(2, None)]}) == []


@pytest.mark.parametrize(
    ("begin", "end"),
    [(datetime(2026, 11, 22), datetime(2026, 11, 22, 23, 59)), (datetime(2026, 11, 24), datetime(2026, 11, 24, 23, 59))],
)
def test_only_an_active_rule_hands_over(begin: datetime, end: datetime) -> None:
    assert found([rule(begin=begin, end=end)], {"": [issue(1)]}) == []


@pytest.mark.parametrize(
    ("coverers", "message", "expected"),
    [
        (("bea",), "", [("CLOUD-1", "bea", "")]),
        ((), "Away.", [("CLOUD-1", None, "Away.")]),
        ((), "", []),
    ],
)
def test_what_a_template_leaves_out_is_not_done(
    coverers: tuple[str, ...], message: str, expected: list[tuple[str, str | None, str]]
) -> None:
    only = rule(coverers=coverers, message=message, approver="zoe")
    assert [told(one) for one in found([only], {"": [issue(1)]})] == expected


def test_a_coverer_who_is_away_is_covered_in_turn() -> None:
    rules = [rule(), rule("bea", coverers=("cid",))]
    assert [told(one) for one in found(rules, {"": [issue(1)]})] == [("CLOUD-1", "cid", "Away.")]


def test_a_ring_of_people_who_are_away_is_a_problem_and_no_loop() -> None:
    rules = [rule(), rule("bea", coverers=("cid",)), rule("cid", coverers=("ann", "bea"))]
    (one,) = found(rules, {"": [issue(1)]})
    assert (one.coverer, one.message, one.action) == (None, "", "assign")
    assert one.problem is not None
    assert "bea, cid" in one.problem


def test_the_first_rule_in_the_order_of_conflicts_decides() -> None:
    wide = rule(begin=datetime(2026, 11, 1), coverers=("cid",))
    narrow = rule(issue_id="10241", scope="CLOUD", coverers=("bea",))
    by_scope = {"": [issue(1), issue(2)], "CLOUD": [issue(1)]}
    expected = [("CLOUD-1", "bea", "Away."), ("CLOUD-2", "cid", "Away.")]
    assert [told(one) for one in found([wide, narrow], by_scope)] == expected
    # Handed over already by the first rule, it is not for the second.
    again = found([wide, narrow], by_scope, {(narrow.key, "1")})
    assert [told(one) for one in again] == expected[1:]


def test_an_issue_goes_once_for_a_rule() -> None:
    done = {(rule().key, "1")}
    assert found([rule()], {"": [issue(1)]}, done) == []
    assert [told(one) for one in found([rule(part=1)], {"": [issue(1)]}, done)] == [("CLOUD-1", "bea", "Away.")]


@pytest.mark.parametrize(
    ("scope", "text"),
    [
        ("", ""),
        ("CLOUD", 'project = "CLOUD" AND '),
        ("labels = x OR type = Bug", "(labels = x OR type = Bug) AND "),
        ("type = Bug ORDER BY key DESC", "(type = Bug) AND "),
        ('summary ~ "order by mail"', '(summary ~ "order by mail") AND '),
    ],
)
def test_a_scope_narrows_the_search(scope: str, text: str) -> None:
    assert query(scope, ["ann", "557058:1"]) == f'{text}assignee in ("ann", "557058:1") AND statusCategory != Done'


def test_people_of_one_scope_are_searched_for_together() -> None:
    away = active([rule(), rule("bea"), rule("cid", scope="CLOUD"), rule("dan", coverers=(), message="", approver="zoe")], NOW)
    assert scopes(away) == {"": ["ann", "bea"], "CLOUD": ["cid"]}


def test_the_marker_is_of_the_rule_and_not_of_the_database() -> None:
    others = [rule("bea"), rule(issue_id="1"), rule(part=1), rule(begin=datetime(2026, 11, 22)), rule(source="manual")]
    assert marker(rule()) == marker(rule(message="Other.", end=datetime(2026, 11, 25)))
    assert len({marker(one) for one in [rule(), *others]}) == 6


def test_a_comment_says_who_covers_when_it_is_not_the_first() -> None:
    first = Handover(rule(), issue(1), "bea", "Away.", None, "Bea")
    assert comment(first).split("\n") == ["Away.", f"({marker(rule())})"]
    other = Handover(rule(), issue(1), "cid", "Away.", None, "Cid")
    assert comment(other).split("\n") == ["Away.", "Covered by Cid.", f"({marker(rule())})"]


def test_what_was_begun_is_resumed_where_the_coverer_has_the_issue() -> None:
    away = active([rule()], NOW)
    begun = Begun(rule().key, "1", "bea")
    left = resumed(begun, issue(1, "bea"), away)
    assert left is not None
    assert told(left) == ("CLOUD-1", "bea", "Away.")
    for other in (issue(1, "cid"), issue(1, None), None):
        assert resumed(begun, other, away) is None
    assert resumed(begun._replace(coverer=None), issue(1, "bea"), away) is None
    assert resumed(begun, issue(1, "bea"), {}) is None
    assert resumed(begun, issue(1, "bea"), active([rule(message="")], NOW)) is None


def test_rules_stand_as_they_are_after_the_changes() -> None:
    one, two, three = (HeldRule(number, rule(part=number), rule(part=number)) for number in range(3))
    changed, new = rule(part=1, message="Other."), rule("bea")
    after = standing([one, two, three], [Changes(create=(new,), update=(Update(two, changed),), delete=(three,))])
    assert after == [one.rule, new, changed]
