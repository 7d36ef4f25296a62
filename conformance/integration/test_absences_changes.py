"""What becomes of rules when plans change, when nothing changes, and when somebody only wants to look."""

from __future__ import annotations

import pytest

from conformance.integration import manners
from conformance.integration.contract import IN_SYNC, PENDING, Integration, need_rules, need_unchanged, spell
from conformance.integration.program import need
from conformance.integration.world import HOUR, World


@pytest.mark.requirement("absences.edit.rule-follows")
def test_edited_hours_are_those_of_the_rule(world: World, integration: Integration) -> None:
    plan = world.plan(world.berlin, 1, "09:00", 4 * HOUR)
    integration.applied()
    world.change(plan, startTime="10:00", plannedSecondsPerDay=2 * HOUR)
    integration.applied()
    need_rules(integration.rules(), [spell(world, world.berlin, 1, "10:00", "12:00")])


@pytest.mark.requirement("absences.edit.rule-moves")
def test_plan_moved_to_another_day_takes_its_rule_along(world: World, integration: Integration) -> None:
    plan = world.plan(world.berlin, 1)
    integration.applied()
    world.change(plan, startDate=world.day(3).isoformat(), endDate=world.day(3).isoformat())
    integration.applied()
    need_rules(integration.rules(), [spell(world, world.berlin, 3, "09:00", "13:00")])


@pytest.mark.requirement("absences.delete.rule-removed")
def test_deleted_plan_takes_its_rule_along(world: World, integration: Integration) -> None:
    world.plan(world.berlin, 1)
    plan = world.plan(world.berlin, 2)
    integration.applied()
    world.remove(plan)
    integration.applied()
    need_rules(integration.rules(), [spell(world, world.berlin, 1, "09:00", "13:00")])


@pytest.mark.requirement("absences.again.nothing-changes")
def test_second_run_changes_nothing_at_all(world: World, integration: Integration) -> None:
    world.plan(world.berlin, 1, last=3)
    world.plan(world.auckland, 2, "09:00", 8 * HOUR)
    integration.applied()
    before = integration.rules()
    integration.applied()
    need_unchanged(before, integration.rules())


@pytest.mark.requirement("absences.preview.no-writes")
def test_preview_sends_nothing_that_writes(world: World, integration: Integration) -> None:
    world.plan(world.berlin, 1)
    world.forget()
    ended = integration.preview()
    manners.need_only_reads(world, ended)


@pytest.mark.requirement("absences.preview.rules-unchanged")
def test_preview_leaves_the_rules_alone(world: World, integration: Integration) -> None:
    plan = world.plan(world.berlin, 1)
    integration.applied()
    before = integration.rules()
    world.plan(world.berlin, 2)
    world.change(plan, startTime="10:00")
    integration.preview()
    need_unchanged(before, integration.rules())


@pytest.mark.requirement("absences.preview.pending")
def test_preview_with_changes_exits_as_pending(world: World, integration: Integration) -> None:
    world.plan(world.berlin, 1)
    ended = integration.preview()
    need(ended.code == PENDING, f"exit code {PENDING} while changes are pending", ended, world)


@pytest.mark.requirement("absences.preview.in-sync")
def test_preview_without_changes_exits_as_in_sync(world: World, integration: Integration) -> None:
    world.plan(world.berlin, 1)
    integration.applied()
    ended = integration.preview()
    need(ended.code == IN_SYNC, f"exit code {IN_SYNC} where nothing is to be done", ended, world)
