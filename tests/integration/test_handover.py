"""Whose issues go to whom, from the rules of the absence product as its help pages tell them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import pytest

from integration.handover import (
    Absences,
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
    unfinished,
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
    return list(handovers(active(rules, NOW), by_scope, done, Absences(rules)))  # type: ignore[arg-type]


def leave(*days: int, back: int | None, **more: object) -> list[Rule]:
    """Whole days of November 2026, a rule for each. back: the first day of work after."""
    returns = None if back is None else date(2026, 11, back)
    return [
        rule(begin=datetime(2026, 11, day), end=datetime(2026, 11, day, 23, 59), returns=returns, **more)  # type: ignore[arg-type]
        for day in days
    ]


def daily(rules: Sequence[Rule], *days: int, done: object = ()) -> list[list[str]]:
    """Keys of the issues that are handed over at noon of each day, while Jira gives them back every night."""
    kept: set[object] = set(done)  # type: ignore[call-overload]
    told = []
    for day in days:
        away = active(rules, datetime(2026, 11, day, 12, tzinfo=UTC))
        by_scope = {"": [issue(1)]}
        some = list(handovers(away, by_scope, kept, Absences(rules)))  # type: ignore[arg-type]
        kept |= {(one.key, one.issue.id) for one in some}
        told.append([one.issue.key for one in some])
    return told


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


ONCE = [["CLOUD-1"], [], []]
TWICE = [["CLOUD-1"], [], ["CLOUD-1"]]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (leave(19, 20, 23, 24, back=25), ONCE),
        (leave(19, 20, 23, 24, back=25, coverers=()), ONCE),
        # Planned longer on its last day, and on the weekend after it.
        (leave(19, back=23) + leave(20, 23, back=24), ONCE),
        (leave(19, 20, back=23) + leave(23, back=24), ONCE),
        # Nobody knows when they are back.
        (leave(19, 20, 21, 22, 23, back=None), ONCE),
        # Back in between.
        (leave(19, 20, back=21) + leave(23, back=24), TWICE),
        (leave(19, 20, back=23) + leave(23, back=24, issue_id="10241"), TWICE),
        (leave(19, 20, back=None) + leave(23, back=None), TWICE),
        # One rule of several days.
        ([rule(begin=datetime(2026, 11, 19), end=datetime(2026, 11, 23, 23, 59))], ONCE),
    ],
)
def test_an_issue_goes_once_for_an_absence(rules: list[Rule], expected: list[list[str]]) -> None:
    assert daily(rules, 19, 20, 23) == expected


def test_parts_of_days_are_absences_of_their_own_unless_midnight_alone_parts_them() -> None:
    morning, afternoon, night, after = (
        rule(begin=datetime(2026, 11, day, hour), end=datetime(2026, 11, day, *end), part=part, returns=date(2026, 11, day))
        for day, hour, end, part in ((23, 9, (11, 0), 0), (23, 12, (13, 0), 1), (23, 22, (23, 59), 2), (24, 0, (3, 0), 0))
    )
    absences = Absences([after, night, morning, afternoon])
    assert [absences.of(one).keys for one in (morning, afternoon)] == [{morning.key}, {afternoon.key}]
    assert absences.of(night) == absences.of(after)
    assert absences.of(night).keys == {night.key, after.key}


def test_a_leave_that_begins_earlier_than_was_planned_is_the_same() -> None:
    longer = rule(begin=datetime(2026, 11, 16), end=datetime(2026, 11, 27, 23, 59))
    key = ("ann", "10240", "2026-11-19", 0)
    assert daily([longer], 23, done={(key, "1")}) == [[]]
    assert daily([longer], 23, done={(key, "2")}) == [["CLOUD-1"]]


def test_the_marker_is_the_same_on_every_day_of_an_absence_and_for_a_new_database() -> None:
    rules = leave(19, 20, 23, 24, back=25)
    (at_first,) = handovers(active(rules, datetime(2026, 11, 19, 12, tzinfo=UTC)), {"": [issue(1)]}, (), Absences(rules))
    (later,) = found(rules, {"": [issue(1)]})
    (anew,) = found(rules[2:], {"": [issue(1)]})
    (other,) = found(rules[2:3], {"": [issue(1)]})
    assert at_first.marker == later.marker == anew.marker != other.marker


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
    others = [rule("bea"), rule(issue_id="1"), rule(part=1), rule(end=datetime(2026, 11, 24)), rule(source="manual")]
    assert marker(rule()) == marker(rule(message="Other.", begin=datetime(2026, 11, 21)))
    assert len({marker(one) for one in [rule(), *others]}) == 6


def test_a_comment_says_who_covers_when_it_is_not_the_first() -> None:
    first = Handover(rule(), issue(1), "bea", "Away.", None, "Bea")
    assert comment(first).split("\n") == ["Away.", f"({marker(rule())})"]
    other = Handover(rule(), issue(1), "cid", "Away.", None, "Cid")
    assert comment(other).split("\n") == ["Away.", "Covered by Cid.", f"({marker(rule())})"]


def left(begun: Begun, of: OpenIssue | None, rules: Sequence[Rule], done: object = ()) -> Handover | None:
    absences = Absences(rules)
    by = unfinished(begun, active(rules, NOW), done, absences)  # type: ignore[arg-type]
    return resumed(begun, by, of, absences) if by else None


def test_what_was_begun_is_resumed_where_the_coverer_has_the_issue() -> None:
    begun = Begun(rule().key, "1", "bea")
    some = left(begun, issue(1, "bea"), [rule()])
    assert some is not None
    assert told(some) == ("CLOUD-1", "bea", "Away.")
    for other in (issue(1, "cid"), issue(1, None), None):
        assert left(begun, other, [rule()]) is None
    assert left(begun._replace(coverer=None), issue(1, "bea"), [rule()]) is None
    assert left(begun, issue(1, "bea"), []) is None
    assert left(begun, issue(1, "bea"), [rule(message="")]) is None


def test_what_was_begun_on_another_day_of_the_absence_is_resumed_once() -> None:
    rules = leave(19, 20, 23, 24, back=25)
    begun = Begun(rules[0].key, "1", "bea")
    some = left(begun, issue(1, "bea"), rules)
    assert some is not None
    assert some.key == rules[2].key
    assert some.marker == marker(rules[3])
    assert left(begun, issue(1, "bea"), rules, {(rules[1].key, "1")}) is None
    assert left(begun, issue(1, "bea"), leave(23, back=24)) is None


def test_rules_stand_as_they_are_after_the_changes() -> None:
    one, two, three = (HeldRule(number, rule(part=number), rule(part=number)) for number in range(3))
    changed, new = rule(part=1, message="Other."), rule("bea")
    after = standing([one, two, three], [Changes(create=(new,), update=(Update(two, changed),), delete=(three,))])
    assert after == [one.rule, new, changed]
