"""Which plans make which rules."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.calls import Unmet
from conformance.integration.contract import Integration, need_rules, spell
from conformance.integration.world import HOUR, World


def _rules_of_a_run(integration: Integration) -> Any:
    integration.applied()
    return integration.rules()


@pytest.mark.requirement("absences.run.applied")
def test_run_that_reads_everything_exits_with_success(world: World, integration: Integration) -> None:
    world.plan(world.berlin, 0)
    integration.applied()


@pytest.mark.requirement("absences.rules.listed")
def test_rules_are_told_in_the_form_of_the_contract(world: World, integration: Integration) -> None:
    world.plan(world.berlin, 0)
    integration.run()
    found = integration.rules()
    if not found:
        raise Unmet("a rule of the plan there is", "no rule")


@pytest.mark.requirement("absences.part-of-day.clock-hours")
def test_part_of_a_day_makes_its_clock_hours(world: World, integration: Integration) -> None:
    world.plan(world.berlin, 1, "13:30", 3 * HOUR)
    need_rules(_rules_of_a_run(integration), [spell(world, world.berlin, 1, "13:30", "16:30")])


@pytest.mark.requirement("absences.full-day.whole-day")
def test_eight_hours_make_a_whole_day(world: World, integration: Integration) -> None:
    world.plan(world.berlin, 2, "09:00", 8 * HOUR)
    need_rules(_rules_of_a_run(integration), [spell(world, world.berlin, 2, "00:00", "24:00")])


@pytest.mark.requirement("absences.multi-day.every-day")
def test_plan_of_several_days_covers_the_hours_of_each(world: World, integration: Integration) -> None:
    world.plan(world.berlin, 0, "09:00", 3 * HOUR, last=3)
    need_rules(_rules_of_a_run(integration), [spell(world, world.berlin, number, "09:00", "12:00") for number in range(4)])


@pytest.mark.requirement("absences.days-off.left-out")
def test_days_off_within_a_plan_make_no_rule(world: World, integration: Integration) -> None:
    world.plan(world.berlin, 4, "09:00", 8 * HOUR, last=7)
    need_rules(_rules_of_a_run(integration), [spell(world, world.berlin, number, "00:00", "24:00") for number in (4, 7)])


@pytest.mark.requirement("absences.merge.one-block")
@pytest.mark.parametrize("second", ["10:00", "11:00"], ids=["overlapping", "back-to-back"])
def test_plans_that_touch_make_one_rule(world: World, integration: Integration, second: str) -> None:
    world.plan(world.berlin, 1, "09:00", 2 * HOUR)
    world.plan(world.berlin, 1, second, 2 * HOUR)
    rules = _rules_of_a_run(integration)
    need_rules(rules, [spell(world, world.berlin, 1, "09:00", "12:00" if second == "10:00" else "13:00")])
    if len(rules) != 1:
        raise Unmet("one rule for plans of one day and issue that touch", f"{len(rules)} rules")


@pytest.mark.requirement("absences.merge.gap-kept")
def test_plans_with_a_gap_make_two_rules(world: World, integration: Integration) -> None:
    world.plan(world.berlin, 1, "09:00", HOUR)
    world.plan(world.berlin, 1, "10:01", HOUR)
    wanted = [spell(world, world.berlin, 1, "09:00", "10:00"), spell(world, world.berlin, 1, "10:01", "11:01")]
    need_rules(_rules_of_a_run(integration), wanted)


@pytest.mark.requirement("absences.midnight.next-day")
def test_plan_past_midnight_reaches_the_next_day(world: World, integration: Integration) -> None:
    world.plan(world.berlin, 1, "22:00", 4 * HOUR)
    need_rules(_rules_of_a_run(integration), [spell(world, world.berlin, 1, "22:00", "02:00", last=2)])


@pytest.mark.requirement("absences.zone.of-the-person")
def test_rules_are_in_the_zone_of_the_person(world: World, integration: Integration) -> None:
    world.plan(world.berlin, 1)
    world.plan(world.auckland, 1)
    wanted = [spell(world, person, 1, "09:00", "13:00") for person in (world.berlin, world.auckland)]
    need_rules(_rules_of_a_run(integration), wanted)


@pytest.mark.requirement("absences.issues.own-rules")
def test_two_selected_issues_make_rules_of_their_own(world: World, integration: Integration) -> None:
    first, second = world.selected
    world.plan(world.berlin, 1, issue=first)
    world.plan(world.berlin, 2, issue=second)
    wanted = [spell(world, world.berlin, 1, "09:00", "13:00", first), spell(world, world.berlin, 2, "09:00", "13:00", second)]
    need_rules(_rules_of_a_run(integration), wanted)


def _rejected(world: World) -> None:
    world.reject(world.plan(world.berlin, 2))


def _generic(world: World) -> None:
    world.plan(world.berlin, 2, assigneeId=world.generic_resource(), assigneeType="GENERIC")


def _project(world: World) -> None:
    world.plan(world.berlin, 2, planItemId=world.project(), planItemType="PROJECT")


def _unselected(world: World) -> None:
    world.plan(world.berlin, 2, issue=world.unselected)


@pytest.mark.parametrize(
    "plan",
    [
        pytest.param(_rejected, marks=pytest.mark.requirement("absences.rejected.no-rule"), id="rejected"),
        pytest.param(_generic, marks=pytest.mark.requirement("absences.generic.no-rule"), id="generic"),
        pytest.param(_project, marks=pytest.mark.requirement("absences.project.no-rule"), id="project"),
        pytest.param(_unselected, marks=pytest.mark.requirement("absences.unselected.no-rule"), id="unselected"),
    ],
)
def test_what_is_no_absence_makes_no_rule(world: World, integration: Integration, plan: Any) -> None:
    world.plan(world.berlin, 1)
    plan(world)
    need_rules(_rules_of_a_run(integration), [spell(world, world.berlin, 1, "09:00", "13:00")])
