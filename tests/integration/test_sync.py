"""From readings to changes, with doubles: whom to doubt, what part of a reading justifies, when to refuse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from integration.absences import NO_ZONE, AbsenceOptions
from integration.diff import Guard
from integration.doubts import doubt_schemes
from integration.reading import Hours, World
from integration.records import Complete, HeldRule, Issue, Partial, Person, Plan, Reading, Reason, Rule, Template, Window
from integration.store import Store
from integration.sync import Compared, Wanted, compare

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = date(2026, 3, 9)
ONE = timedelta(days=1)
WINDOW = Window(date(2026, 2, 1), date(2026, 5, 31))
WEEK = (28800,) * 5 + (0, 0)
ISSUES = {"1": Issue("1", "HR-1", "Leave"), "2": Issue("2", "HR-2", "Sick")}
TEMPLATES = {("", "1"): Template("Away", ("erica",), message="Until [return date]; ask [coverer]"), ("", "2"): Template("Sick")}
WANTED = Wanted(ISSUES, TEMPLATES, AbsenceOptions(), WINDOW, Guard())
BOB = Person("bob", "Bob", "Europe/Berlin", True)
ERICA = Person("erica", "Erica", "UTC", True)
PEOPLE = {person.account_id: person for person in (BOB, ERICA)}
CUT = Reason("server-error", "Tempo answered 500")


def plan(number: int, day: date = DAY, person: str = "bob", issue: str = "1", days: int = 1, **more: Any) -> Plan:
    planned = tuple((day + n * ONE, more.pop("seconds", 28800)) for n in range(days))
    return Plan(number, person, more.pop("kind", "USER"), issue, "ISSUE", time(9), planned, **more)


def hours(window: Window) -> Hours:
    return Hours(Window(window.first, window.last + 60 * ONE), {1: WEEK}, {}, {1: ()}, {}, (1, 1))


def world(*plans: Plan, people: Mapping[str, Person] = PEOPLE, start_times: bool = True) -> World:
    found: dict[str, list[Plan]] = {}
    for one in plans:
        found.setdefault(one.assignee_id if one.assignee_type == "USER" else "", []).append(one)
    return World(found, people, hours(WINDOW), start_times)


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(Store(":memory:")) as opened:
        yield opened


def write(store: Store, compared: Compared) -> None:
    with store.transaction():
        for found in compared.people:
            for rule in found.changes.create:
                store.add(rule)
            for update in found.changes.update:
                store.change(update.before.id, update.after)
            for held in found.changes.delete:
                store.remove(held.id)


def applied(store: Store, *plans: Plan) -> None:
    write(store, compare(Complete(world(*plans)), store, WANTED, NOW))


def only(compared: Compared, person: str = "bob") -> Any:
    return next(found for found in compared.people if found.person.account_id == person)


def rules(found: Any) -> list[Rule]:
    return [held.rule if isinstance(held, HeldRule) else held for held in found]


def test_nothing_held_everything_is_created_and_then_nothing_is_to_do(store: Store) -> None:
    reading = Complete(world(plan(1), plan(2, person="erica", issue="2")))
    compared = compare(reading, store, WANTED, NOW)
    assert (compared.size, compared.is_whole, compared.refused, compared.held) == (2, True, None, 0)
    assert only(compared).changes.create[0].message == "Until 2026-03-10; ask Erica"
    write(store, compared)
    again = compare(reading, store, WANTED, NOW)
    assert (again.people, again.size, again.held) == ((), 0, 2)


def test_progress_hears_of_everybody(store: Store) -> None:
    applied(store, plan(1))
    heard: list[int] = []
    compare(Complete(world(plan(2, person="erica"))), store, WANTED, NOW, heard.append)
    assert heard == [1, 2]


def test_what_makes_no_rule_is_told(store: Store) -> None:
    plans = [plan(1, issue="3"), plan(2, kind="GENERIC"), plan(3, person="nobody"), plan(4, status="REJECTED")]
    compared = compare(Complete(world(*plans)), store, WANTED, NOW)
    assert {left.plan_id for left in compared.left_out} == {1, 2, 4}
    assert only(compared, "nobody").changes.create[0].flags == (NO_ZONE,)


def test_somebody_who_vanishes_is_doubted(store: Store) -> None:
    applied(store, plan(1), plan(2, person="erica"))
    reading = Complete(world(plan(2, person="erica")))
    compared = compare(reading, store, WANTED, NOW)
    assert only(compared).doubt.kind == "fewer-people"
    assert only(compared).changes.delete == ()
    assert [kept.held.rule.plan_ids for kept in only(compared).changes.withheld] == [(1,)]
    assert not compared.is_whole
    believed = compare(reading, store, WANTED._replace(accept_fewer=True), NOW)
    assert rules(only(believed).changes.delete)[0].plan_ids == (1,)
    assert believed.is_whole


def test_somebody_with_another_plan_left_is_not(store: Store) -> None:
    applied(store, plan(1), plan(2, DAY + ONE))
    compared = compare(Complete(world(plan(2, DAY + ONE))), store, WANTED, NOW)
    assert only(compared).doubt is None
    assert rules(only(compared).changes.delete)[0].plan_ids == (1,)


def logged(number: int, day: date = DAY, **more: Any) -> Plan:
    return plan(number, day, from_worklog=True, **more)


LOGGING = WANTED._replace(options=AbsenceOptions(from_worklogs=True))


@pytest.mark.parametrize(
    ("then", "kind", "deleted"),
    [
        ([logged(2, DAY + ONE)], "fewer-people", 0),
        ([plan(1)], "fewer-people", 0),
        ([plan(1), plan(3, person="erica", issue="2"), logged(4, issue="2")], "fewer-issues", 0),
        ([plan(1), logged(4, DAY + 2 * ONE)], None, 1),
        ([plan(1), logged(2, DAY + ONE)], None, 0),
    ],
)
def test_plans_and_logged_work_are_doubted_each_by_itself(
    store: Store, then: list[Plan], kind: str | None, deleted: int
) -> None:
    """A token that may see one of them hides the loss of the other."""

    def reading(plans: list[Plan]) -> Reading[World]:
        return Complete(replace(world(*plans), logged=True))

    write(store, compare(reading([plan(1), logged(2, DAY + ONE)]), store, LOGGING, NOW))
    compared = compare(reading(then), store, LOGGING, NOW)
    assert [found.doubt and found.doubt.kind for found in compared.people if found.person == BOB] in ([kind], [])
    assert sum(len(found.changes.delete) for found in compared.people) == deleted
    assert compared.is_whole is (kind is None)


def test_logged_work_that_counts_no_more_is_not_doubted(store: Store) -> None:
    write(store, compare(Complete(replace(world(logged(2)), logged=True)), store, LOGGING, NOW))
    assert len(rules(only(compare(Complete(world()), store, WANTED, NOW)).changes.delete)) == 1


def test_somebody_whose_rules_are_over_is_not(store: Store) -> None:
    applied(store, plan(1))
    compared = compare(Complete(world()), store, WANTED, NOW + timedelta(days=30))
    assert compared.people == ()


def test_an_issue_that_vanishes_is_doubted(store: Store) -> None:
    applied(store, plan(1), plan(2, issue="2"))
    compared = compare(Complete(world(plan(1))), store, WANTED, NOW)
    assert only(compared).doubt.kind == "fewer-issues"
    assert only(compared).changes.delete == ()
    somebody = compare(Complete(world(plan(1), plan(3, person="erica", issue="2"))), store, WANTED, NOW)
    assert rules(only(somebody).changes.delete)[0].plan_ids == (2,)


def test_somebody_whom_jira_shows_no_more_keeps_the_zone(store: Store) -> None:
    applied(store, plan(1))
    reading = Complete(world(plan(1), plan(2, DAY + ONE), people={"erica": ERICA}))
    compared = compare(reading, store, WANTED, NOW)
    assert only(compared).doubt.kind == "fewer-users"
    assert only(compared).changes.update == ()
    assert rules(held.held for held in only(compared).changes.withheld)[0].zone == "Europe/Berlin"
    accepted = compare(reading, store, WANTED._replace(accept_fewer=True), NOW)
    assert only(accepted).changes.update[0].after.zone == "UTC"


def test_somebody_whom_jira_never_showed_is_not_doubted(store: Store) -> None:
    reading = Complete(world(plan(1), people={}))
    write(store, compare(reading, store, WANTED, NOW))
    assert compare(reading, store, WANTED, NOW).people == ()
    compared = compare(Complete(world(plan(2, DAY + ONE), people={})), store, WANTED, NOW)
    assert only(compared).doubt is None


def test_somebody_who_left_has_no_rules_any_more(store: Store) -> None:
    applied(store, plan(1))
    compared = compare(Complete(world(plan(1), people={"bob": BOB._replace(active=False)})), store, WANTED, NOW)
    assert rules(only(compared).changes.delete)[0].plan_ids == (1,)
    assert [left.reason for left in compared.left_out] == ["Bob is inactive"]


@pytest.mark.parametrize(
    ("before", "after", "created", "updated", "withheld"),
    [
        ([plan(1)], [], 0, 0, 1),
        ([plan(1)], [plan(2, DAY + 7 * ONE)], 1, 0, 1),
        ([plan(1)], [plan(2)], 0, 0, 1),
        ([plan(1), plan(2, DAY + ONE)], [plan(1)], 0, 0, 2),
        ([plan(1)], [plan(1), plan(2, DAY + ONE)], 1, 1, 0),
        ([plan(1, seconds=3600)], [plan(1, seconds=7200)], 0, 1, 0),
        ([plan(1, seconds=7200)], [plan(1, seconds=3600)], 0, 0, 1),
        ([plan(1), plan(2, issue="2")], [plan(1)], 0, 0, 1),
    ],
)
def test_of_half_a_reading_only_more_is_believed(
    store: Store, before: list[Plan], after: list[Plan], created: int, updated: int, withheld: int
) -> None:
    applied(store, *before)
    compared = compare(Partial(world(*after, plan(9, person="erica")), CUT), store, WANTED, NOW)
    found = only(compared)
    assert (len(found.changes.create), len(found.changes.update), len(found.changes.withheld)) == (created, updated, withheld)
    assert found.changes.delete == ()
    assert found.doubt == compared.reason == CUT
    assert all(CUT.sentence in kept.reason for kept in found.changes.withheld)


def test_half_a_reading_makes_no_second_rule_within_a_long_one(store: Store) -> None:
    wanted = WANTED._replace(options=AbsenceOptions(long_leave="one"))
    days = [plan(number, DAY + number * ONE) for number in range(5)]
    write(store, compare(Complete(world(*days)), store, wanted, NOW))
    assert len(store.held()) == 1
    compared = compare(Partial(world(days[0], days[3], days[4]), CUT), store, wanted, NOW)
    assert (only(compared).changes.create, only(compared).changes.update) == ((), ())
    assert len(only(compared).changes.withheld) == 1


def test_long_leave_stays_one_rule_while_the_window_moves_over_it(store: Store) -> None:
    first, wanted = date(2026, 2, 2), WANTED._replace(options=AbsenceOptions(long_leave="one"))
    days = [first + number * ONE for number in range(85) if (first + number * ONE).weekday() < 5]
    for moved in range(20):
        window = Window(WINDOW.first + moved * ONE, WINDOW.last + moved * ONE)
        leave = replace(plan(1), days=tuple((day, 28800) for day in days if day >= window.first))
        found = replace(world(leave), hours=hours(window))
        write(store, compare(Complete(found), store, wanted._replace(window=window), NOW + moved * ONE))
        (held,) = store.held()
        assert (held.rule.begin.date(), held.rule.end.date()) == (days[0], days[-1])


def test_the_start_times_of_the_site_count(store: Store) -> None:
    compared = compare(Complete(world(plan(1, seconds=3600), start_times=False)), store, WANTED, NOW)
    assert only(compared).changes.create[0].flags


def test_the_guard_counts_no_return_that_is_another(store: Store) -> None:
    leave = [plan(number, DAY + number * ONE) for number in range(2)]
    people = {f"p{number}": BOB._replace(account_id=f"p{number}") for number in range(30)}

    def reading(*days: Plan) -> Reading[World]:
        return Complete(world(*(replace(day, assignee_id=name) for name in people for day in days), people=people))

    write(store, compare(reading(*leave), store, WANTED, NOW))
    longer = compare(reading(*leave, plan(5, DAY + 2 * ONE)), store, WANTED, NOW)
    assert sum(len(found.changes.update) for found in longer.people) == 60
    assert longer.refused is None
    assert compare(reading(*leave[:1]), store, WANTED, NOW).refused is not None


def test_the_guard_refuses_and_is_told_otherwise(store: Store) -> None:
    many = [plan(number, DAY + 2 * number * ONE, issue="2") for number in range(40)]
    write(store, compare(Complete(world(*many)), store, WANTED, NOW))
    held = len(store.held())
    fewer = Complete(world(*many[:2]))
    refused = compare(fewer, store, WANTED, NOW)
    assert refused.held == held
    assert f"{held - 2} rules would be deleted" in str(refused.refused)
    assert compare(fewer, store, WANTED._replace(allow_mass_change=True), NOW).refused is None
    assert compare(fewer, store, WANTED._replace(guard=Guard(100, 0.3)), NOW).refused is None
    assert compare(Complete(world(*many[: held - 5])), store, WANTED, NOW).refused is None


def test_an_edit_by_hand_is_kept_or_overwritten(store: Store) -> None:
    applied(store, plan(1))
    store._connection.execute("UPDATE rules SET message = 'Mine'")
    compared = compare(Complete(world(plan(1))), store, WANTED, NOW)
    assert [kept.reason for kept in only(compared).changes.kept] == ["it was edited by hand"]
    assert compared.size == 0
    overwritten = compare(Complete(world(plan(1))), store, WANTED._replace(overwrite=True), NOW)
    assert only(overwritten).changes.update[0].after.message == "Until 2026-03-10; ask Erica"


@pytest.mark.parametrize(
    "what",
    [
        "begin = '2026-03-11T00:00:00', end = '2026-03-11T23:59:00', returns = '2026-03-12'",
        "account_id = 'erica'",
        "account_id = 'nobody'",
    ],
)
def test_a_rule_moved_by_hand_still_stands_for_what_was_planned(store: Store, what: str) -> None:
    applied(store, plan(1))
    store._connection.execute(f"UPDATE rules SET {what}")
    for reading in (world(plan(1)), world(plan(1), plan(2, DAY + 2 * ONE), plan(3, person="erica"))):
        edited = next(held for held in store.held() if held.is_hand_edited)
        compared = compare(Complete(reading), store, WANTED, NOW)
        assert [kept.held for found in compared.people for kept in found.changes.kept] == [edited]
        assert rules(only(compared).changes.create) == [rule for rule in only(compared).derived.rules if rule.plan_ids != (1,)]
        write(store, compared)
        assert next(held for held in store.held() if held.is_hand_edited) == edited
    assert compare(Complete(reading), store, WANTED, NOW).size == 0
    assert len(store.held()) == 3


def test_two_runs_that_read_before_either_wrote(tmp_path: Path) -> None:
    with closing(Store(tmp_path / "rules.db")) as one, closing(Store(tmp_path / "rules.db")) as other:
        applied(one, plan(1), plan(2, DAY + 7 * ONE, seconds=3600))
        reading = Complete(world(plan(2, DAY + 7 * ONE, seconds=7200), plan(3, DAY + 14 * ONE)))
        both = [(store, compare(reading, store, WANTED, NOW)) for store in (one, other)]
        for store, compared in both:
            write(store, compared)
        assert compare(reading, other, WANTED, NOW).people == ()
        assert [held.rule.plan_ids for held in one.held()] == [(2,), (3,)]


def test_rules_of_others_are_nobodys_business(store: Store) -> None:
    applied(store, plan(1))
    manual = replace(store.held()[0].rule, source="manual", part=3)
    with store.transaction():
        store.add(manual)
    reading: Reading[World] = Complete(world(plan(1)))
    assert compare(reading, store, WANTED, NOW).people == ()
    assert compare(reading, store, WANTED, NOW).held == 1


@pytest.mark.parametrize(("before", "now", "doubted"), [(0, 0, False), (3, 1, False), (3, 0, True), (0, 5, False)])
def test_scheme_members_who_are_gone_at_once(before: int, now: int, doubted: bool) -> None:
    reason = doubt_schemes(before, now)
    assert (reason is not None) is doubted
    assert reason is None or "--accept-fewer" in reason.sentence
