"""Rows of the table of nouns for plans and schemes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.cloud import planner_beans
from conformance.cloud.bench import HOLIDAY_SCHEME, PLAN, WORKLOAD_SCHEME
from conformance.cloud.nouns import Body, Maker, Noun
from conformance.cloud.planner import FIVE_DAYS, HOUR, ONE
from conformance.cloud.planner_beans import WEEK

_FOUR_DAYS = [{**day, "requiredSeconds": 7 * HOUR if number < 4 else 0} for number, day in enumerate(FIVE_DAYS)]
_TOLD_PLAN = ("plannedSecondsPerDay", "includeNonWorkingDays", "description")


def _new_plan(maker: Maker) -> Body:
    planner = maker.planner()
    monday = planner.monday()
    return planner.body(maker.admin, monday, monday + 3 * ONE)


def _changed_plan(maker: Maker, first: Body) -> Body:
    kept = ("assigneeId", "assigneeType", "planItemId", "planItemType", "startDate", "includeNonWorkingDays")
    return {**{name: first[name] for name in kept}, "endDate": first["startDate"], "plannedSecondsPerDay": 2 * HOUR}


def _told_plan(item: Body) -> Body:
    told: dict[str, Any] = {name: item[name] for name in _TOLD_PLAN if name in item}
    told.update({name: str(item[name])[:10] for name in ("startDate", "endDate") if name in item})
    for name, prefix in (("assignee", "assignee"), ("planItem", "planItem")):
        found = item.get(name)
        if isinstance(found, dict):
            told |= {f"{prefix}Id": found.get("id"), f"{prefix}Type": found.get("type")}
    return told


def _told_workload(item: Body) -> Body:
    told: Body = {name: item[name] for name in ("name", "description") if name in item}
    days = [day for day in item.get("days") or [] if isinstance(day, dict) and day.get("day") in WEEK]
    return {**told, "days": sorted(days, key=lambda day: WEEK.index(day["day"]))}


PLANNER_NOUNS: Mapping[str, Noun] = {
    "plan": Noun(
        PLAN,
        planner_beans.PLAN,
        _new_plan,
        _changed_plan,
        _told_plan,
        ("description",),
        missing="assigneeId",
        # Whether an answer to a write breaks the time down is published nowhere.
        loose=("plannedTime", "totalPlannedSecondsInScope"),
    ),
    "workload-scheme": Noun(
        WORKLOAD_SCHEME,
        planner_beans.WORKLOAD_SCHEME,
        lambda maker: {"name": maker.bench.name(), "description": "made by tempo-conformance", "days": list(FIVE_DAYS)},
        lambda maker, first: {"name": maker.bench.name(), "days": _FOUR_DAYS},
        _told_workload,
        ("description",),
    ),
    "holiday-scheme": Noun(
        HOLIDAY_SCHEME,
        planner_beans.HOLIDAY_SCHEME,
        lambda maker: {"name": maker.bench.name(), "description": "made by tempo-conformance"},
        lambda maker, first: {"name": maker.bench.name()},
        lambda item: {name: item[name] for name in ("name", "description") if name in item},
        ("description",),
    ),
}
