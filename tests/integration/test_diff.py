"""What a run would write: idempotent, never because an answer was short, never over somebody's own edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from integration.diff import BY_HAND, Guard, changes, guarded, is_counted, joined
from integration.records import Changes, Complete, HeldRule, Partial, Reason, Rule, Update, Window

MONDAY = date(2026, 3, 2)
ONE = timedelta(days=1)
WINDOW = Window(MONDAY - 7 * ONE, MONDAY + 60 * ONE)
NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
SHORT = Reason("forbidden", "the token may not view plans")


def rule(day: int = 1, begin: str = "00:00", end: str = "23:59", *, last: int | None = None, **more: Any) -> Rule:
    """Of bob, so many days after Monday."""
    start, stop = MONDAY + day * ONE, MONDAY + (day if last is None else last) * ONE
    values: dict[str, Any] = {"account_id": "bob", "issue_id": "1", "zone": "UTC", "template": "T", "plan_ids": (1,), **more}
    return Rule(
        begin=datetime.combine(start, time.fromisoformat(begin)), end=datetime.combine(stop, time.fromisoformat(end)), **values
    )


def held(written: Rule, number: int = 1, now: Rule | None = None) -> HeldRule:
    return HeldRule(number, written if now is None else now, written)


def complete(*wanted: Rule, of: Sequence[HeldRule] = (), **more: Any) -> Changes:
    return changes(Complete(wanted), of, WINDOW, NOW, **more)


def partial(*wanted: Rule, of: Sequence[HeldRule] = ()) -> Changes:
    return changes(Partial(wanted, SHORT), of, WINDOW, NOW)


def test_what_is_not_held_is_created_and_what_is_not_wanted_deleted() -> None:
    gone = held(rule(3))
    found = complete(rule(1), rule(2), of=[held(rule(2), 7), gone])
    assert (found.create, found.update, found.delete) == ((rule(1),), (), (gone,))


@pytest.mark.parametrize(
    "changed",
    [
        rule(1, "09:00", "13:00"),
        rule(1, coverers=("erica",)),
        rule(1, message="Away"),
        rule(1, zone="Europe/Berlin"),
        rule(1, plan_ids=(1, 2)),
        rule(1, template="Other"),
    ],
)
def test_what_differs_is_updated(changed: Rule) -> None:
    before = held(rule(1))
    found = complete(changed, of=[before])
    assert [(update.before, update.after) for update in found.update] == [(before, changed)]
    assert (found.create, found.delete) == ((), ())


def test_nothing_is_to_do_the_second_time() -> None:
    assert complete(rule(1), rule(2), of=[held(rule(1), 1), held(rule(2), 2)]) == Changes()


def test_rules_of_other_sources_are_never_touched() -> None:
    manual = HeldRule(1, rule(1, source="manual"), None)
    assert complete(of=[manual]) == Changes()
    assert complete(rule(1), of=[manual]).create == (rule(1),)


def test_what_is_over_is_left_alone() -> None:
    yesterday, this_morning = rule(-1), rule(0, "02:00", "05:00")
    assert complete(of=[held(yesterday)]) == Changes()
    assert complete(yesterday, this_morning) == Changes()
    assert complete(replace(yesterday, message="changed"), of=[held(yesterday)]) == Changes()


def test_what_is_over_goes_on_when_it_is_planned_longer_and_ends_when_shorter() -> None:
    over, longer = rule(0, "02:00", "05:00"), rule(0, "02:00", "09:00")
    assert [update.after for update in complete(longer, of=[held(over)]).update] == [longer]
    assert [update.after for update in complete(over, of=[held(longer)]).update] == [over]


def test_over_is_by_the_clock_of_the_person() -> None:
    at_six_utc = {"Pacific/Auckland": True, "America/Los_Angeles": False}
    for zone, is_over in at_six_utc.items():
        found = complete(of=[held(rule(0, "00:00", "18:59", zone=zone))])
        assert (found.delete == ()) is is_over, zone


MORNING, AFTERNOON = rule(0, "02:00", "05:00", plan_ids=(1,)), rule(0, "14:00", "16:00", part=1, plan_ids=(2,))


def test_one_of_two_rules_of_a_day_goes_and_the_other_is_the_same_whatever_its_number() -> None:
    both = [held(MORNING, 1), held(AFTERNOON, 2)]
    alone = replace(AFTERNOON, part=0)
    assert complete(alone, of=both) == Changes()
    coming = held(rule(0, "09:00", "11:00"), 1)
    assert complete(alone, of=[coming, both[1]]) == Changes(delete=(coming,))


@pytest.mark.parametrize(
    ("before", "wanted", "updated", "created", "deleted"),
    [
        # Closed, parted, moved, and moved beside one that is over.
        ((("09:00", "11:00"), ("13:00", "15:00")), (("09:00", "15:00"),), {0: ("09:00", "15:00")}, {}, {1}),
        ((("09:00", "15:00"),), (("09:00", "11:00"), ("13:00", "15:00")), {0: ("09:00", "11:00")}, {1: ("13:00", "15:00")}, ()),
        ((("09:00", "11:00"),), (("13:00", "15:00"),), {0: ("13:00", "15:00")}, {}, ()),
        ((("02:00", "05:00"),), (("13:00", "15:00"),), {}, {1: ("13:00", "15:00")}, ()),
        ((("02:00", "05:00"), ("09:00", "11:00")), (("13:00", "15:00"),), {1: ("13:00", "15:00")}, {}, ()),
        # What is over goes on only where nothing else does.
        ((("02:00", "05:00"),), (("04:00", "15:00"),), {0: ("04:00", "15:00")}, {}, ()),
        ((("02:00", "05:00"), ("14:00", "15:00")), (("04:00", "15:00"),), {1: ("04:00", "15:00")}, {}, ()),
        # The one with more in common, and each its own.
        ((("09:00", "11:00"), ("12:00", "18:00")), (("10:00", "15:00"),), {1: ("10:00", "15:00")}, {}, {0}),
        ((("09:00", "11:00"), ("12:00", "18:00")), (("12:00", "18:00"), ("19:00", "20:00")), {0: ("19:00", "20:00")}, {}, ()),
    ],
)  # fmt: skip
def test_rules_of_a_day_stand_for_each_other_by_the_time_they_share(
    before: Any, wanted: Any, updated: Any, created: Any, deleted: Any
) -> None:
    own = [held(rule(0, *times, part=part), part) for part, times in enumerate(before)]
    found = complete(*(rule(0, *times, part=part) for part, times in enumerate(wanted)), of=own)
    assert {update.before.id: update.after for update in found.update} == {
        number: rule(0, *times, part=number) for number, times in updated.items()
    }
    assert {new.part: new for new in found.create} == {part: rule(0, *times, part=part) for part, times in created.items()}
    assert {gone.id for gone in found.delete} == set(deleted)
    then = [one for one in own if one.id not in deleted and one.id not in updated]
    then += [held(update.after, update.before.id) for update in found.update] + [held(new, 9) for new in found.create]
    assert complete(*(rule(0, *times, part=part) for part, times in enumerate(wanted)), of=then) == Changes()


def test_rules_outside_the_window_are_left_alone() -> None:
    later, earlier = held(rule(90), 1), held(rule(-30, last=-29), 2)
    assert complete(of=[later, earlier]) == Changes()


def test_long_leave_that_began_before_the_window_goes_on() -> None:
    long = rule(-20, last=10, plan_ids=(5,))
    beginning = rule(-7, last=10, plan_ids=(5,))
    assert complete(beginning, of=[held(long)]) == Changes()
    (update,) = complete(replace(beginning, end=beginning.end - ONE), of=[held(long)]).update
    assert (update.after.begin, update.after.end) == (long.begin, long.end - ONE)


def test_long_leave_that_began_before_the_window_goes_on_after_the_days_off_with_which_the_window_begins() -> None:
    long = rule(-20, last=10, plan_ids=(5,))
    after_two_days = rule(-5, last=10, plan_ids=(5,))
    work = MONDAY - 5 * ONE
    assert complete(after_two_days, of=[held(long)], resumes=work) == Changes()
    # With a day of work between, it is another.
    found = complete(after_two_days, of=[held(long)], resumes=work - ONE)
    assert found.create == (after_two_days,)
    assert [update.after.end for update in found.update] == [datetime.combine(WINDOW.first - ONE, time(23, 59))]


def test_long_leave_that_is_no_longer_planned_ends_before_the_window() -> None:
    long = held(rule(-20, last=10))
    (update,) = complete(of=[long]).update
    assert (update.after.begin, update.after.end) == (long.rule.begin, datetime.combine(MONDAY - 8 * ONE, time(23, 59)))
    assert partial(of=[long])._replace(withheld=()) == Changes()


def test_an_edit_by_hand_is_kept_and_told() -> None:
    edited = held(rule(1), 1, replace(rule(1), message="by hand"))
    assert [(kept.held, kept.reason) for kept in complete(rule(1), of=[edited]).kept] == [(edited, BY_HAND)]
    gone = complete(of=[edited])
    assert (gone.delete, [kept.held for kept in gone.kept]) == ((), [edited])


def test_an_edit_by_hand_of_the_beginning_is_still_the_same_rule() -> None:
    edited = held(rule(1), 1, rule(2, "10:00", "11:00"))
    found = complete(rule(1), of=[edited])
    assert (found.create, found.delete, [kept.held for kept in found.kept]) == ((), (), [edited])


def test_an_edit_by_hand_is_overwritten_when_told_so() -> None:
    edited = held(rule(1), 1, replace(rule(1), message="by hand"))
    assert [update.after for update in complete(rule(1), of=[edited], overwrite=True).update] == [rule(1)]
    assert complete(of=[edited], overwrite=True).delete == (edited,)


def test_somebody_who_edits_to_what_is_wanted_anyway_changes_nothing() -> None:
    wanted = replace(rule(1), message="new")
    assert complete(wanted, of=[held(rule(1), 1, wanted)]) == Changes()


def test_a_partial_reading_deletes_nothing() -> None:
    gone = held(rule(3))
    found = partial(rule(1), of=[gone])
    assert (found.create, found.delete) == ((rule(1),), ())
    assert [(kept.held, SHORT.sentence in kept.reason) for kept in found.withheld] == [(gone, True)]


@pytest.mark.parametrize(
    ("after", "is_done"),
    [
        (rule(1, "09:00", "14:00"), True),
        (rule(1, "09:00", "13:00", coverers=("erica",)), True),
        (rule(1, "09:00", "12:00"), False),
        (rule(1, "10:00", "14:00"), False),
        (rule(1, "09:00", "14:00", zone="Europe/Berlin"), False),
        (rule(1, "09:00", "14:00", plan_ids=(2,)), False),
    ],
)
def test_a_partial_reading_makes_no_rule_cover_less(after: Rule, is_done: bool) -> None:
    found = partial(after, of=[held(rule(1, "09:00", "13:00"))])
    assert (len(found.update), len(found.withheld)) == ((1, 0) if is_done else (0, 1))


def test_a_partial_reading_creates_nothing_beside_a_rule_of_the_day() -> None:
    assert partial(rule(1, "15:00", "16:00", part=1), of=[held(rule(1, "09:00", "13:00"))]).create == ()


@pytest.mark.parametrize(
    ("deleted", "updated", "of", "is_refused"),
    [
        (20, 0, 20, False),
        (21, 0, 21, True),
        (10, 11, 30, True),
        (30, 0, 100, False),
        (31, 0, 100, True),
        (0, 0, 0, False),
        (5, 0, 5, False),
    ],
)
def test_a_mass_change_is_refused_by_count_and_share(deleted: int, updated: int, of: int, is_refused: bool) -> None:
    sentence = guarded(deleted, updated, of, Guard(20, 0.3))
    assert (sentence is not None) is is_refused
    assert sentence is None or "--allow-mass-change" in sentence


@pytest.mark.parametrize(
    ("after", "counts"),
    [
        (rule(1, returns=MONDAY, message="Back later"), False),
        (rule(1, last=2, plan_ids=(1, 2), flags=("new",)), False),
        (rule(1, message="Back later"), True),
        (rule(1, "00:00", "20:00"), True),
        (rule(1, zone="Europe/Berlin"), True),
        (rule(1, returns=MONDAY, coverers=("erica",)), True),
    ],
)
def test_the_guard_counts_no_update_that_tells_another_return_or_lasts_longer(after: Rule, counts: bool) -> None:
    assert is_counted(Update(held(rule(1)), after)) is counts


def test_changes_of_several_people_are_joined() -> None:
    one, other = complete(rule(1)), complete(of=[held(rule(2))])
    both = joined([one, other])
    assert (both.create, both.delete, both.size) == (one.create, other.delete, 2)
