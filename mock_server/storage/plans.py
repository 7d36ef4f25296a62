"""Plans: bookings of a person or a generic resource for an issue or a project.

Beside each plan stand its stretches: every occurrence, without the days that were taken out. They are what a window has to
overlap for the plan to be in it, so that a page of plans is one query.
"""

import json
from collections.abc import Iterable
from typing import NamedTuple

from mock_server.storage.store import Store

_COLUMNS = (
    "id, person_id, generic_resource_id, issue_id, project_id, creator_id, start_date, end_date, start_time, per_day, total, "
    "rule, until, on_non_working_days, description, status, requester_id, reviewer_id, decider_id, created_at, updated_at"
)
SELECT = "SELECT " + ", ".join(f"p.{name}" for name in _COLUMNS.split(", ")) + " FROM plans p"


class Plan(NamedTuple):
    """A plan of a person or of a generic resource, for an issue, or for a project when ``issue_id`` is None.

    Days are ``yyyy-MM-dd``, ``start_time`` is ``HH:mm`` of the assignee's, ``per_day`` and ``total`` are seconds and one of
    them is None, ``until`` is the last day on which the plan may come round. ``status`` None means that nobody was asked to
    approve. Moments are ISO 8601 in UTC.
    """

    id: int
    person_id: int | None
    generic_resource_id: int | None
    issue_id: int | None
    project_id: int
    creator_id: int | None
    start_date: str
    end_date: str
    start_time: str
    per_day: int | None
    total: int | None
    rule: str
    until: str | None
    on_non_working_days: int
    description: str
    status: str | None
    requester_id: int | None
    reviewer_id: int | None
    decider_id: int | None
    created_at: str
    updated_at: str


def by_id(store: Store, plan_id: int) -> Plan | None:
    """One plan, whoever asks."""
    row = store.one(f"{SELECT} WHERE p.id = ?", (plan_id,))
    return Plan._make(row) if row else None


def removed_days(store: Store, plan_ids: Iterable[int]) -> dict[int, list[str]]:
    """Plan id -> the days that were taken out of it, where there are any."""
    found: dict[int, list[str]] = {}
    for plan_id, day in store.all(
        "SELECT plan_id, day FROM plan_removed_days WHERE plan_id IN (SELECT value FROM json_each(?)) ORDER BY plan_id, day",
        (json.dumps(list(plan_ids)),),
    ):
        found.setdefault(plan_id, []).append(day)
    return found


def add(store: Store, plan: Plan, stretches: Iterable[tuple[str, str]]) -> int:
    """A new plan, whatever id is in it; answers the one it got."""
    values = plan._asdict()
    del values["id"]
    plan_id = store.insert_row("plans", **values)
    _stretch(store, plan_id, stretches)
    return plan_id


def change(store: Store, plan: Plan, stretches: Iterable[tuple[str, str]]) -> None:
    """Put the plan in the place of the one with its id, with all its days."""
    values = plan._asdict()
    assignments = ", ".join(f"{name} = ?" for name in values if name != "id")
    store.run(f"UPDATE plans SET {assignments} WHERE id = ?", (*list(values.values())[1:], plan.id))
    store.run("DELETE FROM plan_removed_days WHERE plan_id = ?", (plan.id,))
    _stretch(store, plan.id, stretches)


def set_approval(store: Store, plan: Plan) -> None:
    """Keep who asked, who reviews and decided, with what result."""
    store.run(
        "UPDATE plans SET status = ?, requester_id = ?, reviewer_id = ?, decider_id = ?, updated_at = ? WHERE id = ?",
        (plan.status, plan.requester_id, plan.reviewer_id, plan.decider_id, plan.updated_at, plan.id),
    )


def take_out(store: Store, plan_id: int, day: str, stretches: Iterable[tuple[str, str]], moment: str) -> None:
    """Take a day out of a plan, of which these stretches are left."""
    store.run("INSERT INTO plan_removed_days (plan_id, day) VALUES (?, ?)", (plan_id, day))
    store.run("UPDATE plans SET updated_at = ? WHERE id = ?", (moment, plan_id))
    _stretch(store, plan_id, stretches)


def remove(store: Store, plan_id: int) -> None:
    """A plan with all its days."""
    store.run("DELETE FROM plans WHERE id = ?", (plan_id,))


def count_of_issue(store: Store, issue_id: int) -> int:
    """How many plans are for an issue."""
    number: int = store.value("SELECT count(*) FROM plans WHERE issue_id = ?", (issue_id,))
    return number


def remove_of_issue(store: Store, issue_id: int) -> None:
    """Every plan for an issue."""
    store.run("DELETE FROM plans WHERE issue_id = ?", (issue_id,))


def _stretch(store: Store, plan_id: int, stretches: Iterable[tuple[str, str]]) -> None:
    store.run("DELETE FROM plan_stretches WHERE plan_id = ?", (plan_id,))
    for start, end in stretches:
        store.run(
            "INSERT OR IGNORE INTO plan_stretches (plan_id, start_date, end_date) VALUES (?, ?, ?)", (plan_id, start, end)
        )
