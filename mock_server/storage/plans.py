"""Plans: bookings of a person or a generic resource for an issue or a project.

Beside each plan stand its stretches: every occurrence, without the days that were taken out. They are what a window has to
overlap for the plan to be in it, so that a page of plans is one query.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from mock_server.storage.hidden_worklogs import Hidden
from mock_server.storage.store import Store
from mock_server.storage.work_reach import WorkReach

_COLUMNS = (
    "id, person_id, generic_resource_id, issue_id, project_id, creator_id, start_date, end_date, start_time, per_day, total, "
    "rule, until, on_non_working_days, description, status, requester_id, reviewer_id, decider_id, created_at, updated_at"
)
_SELECT = "SELECT " + ", ".join(f"p.{name}" for name in _COLUMNS.split(", ")) + " FROM plans p"


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


@dataclass(frozen=True, slots=True)
class PlanFilters:
    """What a list asks for; None asks for everything. Days are ``yyyy-MM-dd`` and inclusive, the stamp is ISO 8601 in UTC.

    ``assignees`` and ``items`` hold USER or GENERIC, ISSUE or PROJECT. ``item_ids`` are ids of issues or projects.
    """

    start: str | None = None
    end: str | None = None
    updated_from: str | None = None
    plan_ids: tuple[int, ...] | None = None
    person_ids: tuple[int, ...] | None = None
    generic_resource_ids: tuple[int, ...] | None = None
    issue_ids: tuple[int, ...] | None = None
    project_ids: tuple[int, ...] | None = None
    item_ids: tuple[int, ...] | None = None
    assignees: tuple[str, ...] | None = None
    items: tuple[str, ...] | None = None
    statuses: tuple[str, ...] | None = None
    reviewer_id: int | None = None


@dataclass(slots=True)
class _Condition:
    parts: list[str] = field(default_factory=list)
    parameters: list[Any] = field(default_factory=list)

    def add(self, part: str, *parameters: Any) -> None:
        self.parts.append(part)
        self.parameters += parameters

    def one_of(self, column: str, values: Sequence[Any] | None) -> None:
        if values is not None:
            self.add(f"{column} IN (SELECT value FROM json_each(?))", json.dumps(values))


_MEMBERS = (
    "p.person_id IN (SELECT m.person_id FROM members m JOIN memberships s ON s.member_id = m.id "
    "WHERE m.team_id IN (SELECT value FROM json_each(?)) AND "
)
_FOREVER = f"{_MEMBERS} s.start_date IS NULL AND s.end_date IS NULL)"
"""Of whoever is a member of a team on every day, which takes no look at the plan's days: with many teams most people are."""

_FOR_A_WHILE = f"{_MEMBERS} (s.start_date IS NOT NULL OR s.end_date IS NOT NULL))"
_OF_MEMBER = (
    f"{_FOR_A_WHILE} AND "
    "EXISTS (SELECT 1 FROM members m JOIN memberships s ON s.member_id = m.id JOIN plan_stretches o ON o.plan_id = p.id "
    "WHERE m.person_id = p.person_id AND m.team_id IN (SELECT value FROM json_each(?)) "
    "AND o.end_date >= coalesce(s.start_date, '') AND o.start_date <= coalesce(s.end_date, '9999-99'))"
)
_OF_RESOURCE = (
    "p.generic_resource_id IN (SELECT generic_resource_id FROM team_generic_resources "
    "WHERE team_id IN (SELECT value FROM json_each(?)))"
)


def get(store: Store, plan_id: int, reach: WorkReach) -> Plan | None:
    """One plan that the reach includes, or None."""
    found = page(store, reach, PlanFilters(plan_ids=(plan_id,)), 0, 1)
    return found[0] if found else None


def by_id(store: Store, plan_id: int) -> Plan | None:
    """One plan, whoever asks."""
    row = store.one(f"{_SELECT} WHERE p.id = ?", (plan_id,))
    return Plan._make(row) if row else None


def page(store: Store, reach: WorkReach, filters: PlanFilters, offset: int, limit: int) -> list[Plan]:
    """At most ``limit`` plans that the reach includes, by id; ``limit`` -1 is no limit."""
    condition = _asked(filters)
    condition.add(_browsed(reach))
    if not reach.everyone:
        text, parameters = _reached(reach)
        condition.add(text, *parameters)
    rows = store.all(
        f"{_SELECT} WHERE {' AND '.join(condition.parts)} ORDER BY p.id LIMIT ? OFFSET ?",
        (*condition.parameters, limit, offset),
    )
    return [Plan._make(row) for row in rows]


def hidden(store: Store, reach: WorkReach, filters: PlanFilters, most: int) -> Hidden:
    """What the filters ask for and the reach hides, among the first ``most`` plans that one filter lets through."""
    asked, narrow = _asked(filters), _Condition()
    for column in ("id", "person_id", "generic_resource_id", "issue_id", "project_id"):
        values = getattr(filters, "plan_ids" if column == "id" else f"{column}s")
        if values is not None and not (filters.person_ids is not None and filters.generic_resource_ids is not None):
            narrow.one_of(f"p.{column}", values)
            break
    reached, parameters = ("1", ()) if reach.everyone else _reached(reach)
    row = store.one(
        "SELECT count(*), sum(asked), sum(asked AND browsed AND NOT coalesce(reached, 0)), sum(asked AND NOT browsed) FROM ("
        f"SELECT ({' AND '.join(asked.parts) or 1}) asked, ({_browsed(reach)}) browsed, ({reached}) reached "
        f"FROM plans p WHERE {' AND '.join(narrow.parts) or 1} LIMIT ?)",
        (*asked.parameters, *parameters, *narrow.parameters, most),
    )
    return Hidden.of(row, most)


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


def remove_of_issue(store: Store, issue_id: int) -> None:
    """Every plan for an issue."""
    store.run("DELETE FROM plans WHERE issue_id = ?", (issue_id,))


def _stretch(store: Store, plan_id: int, stretches: Iterable[tuple[str, str]]) -> None:
    store.run("DELETE FROM plan_stretches WHERE plan_id = ?", (plan_id,))
    for start, end in stretches:
        store.run(
            "INSERT OR IGNORE INTO plan_stretches (plan_id, start_date, end_date) VALUES (?, ?, ?)", (plan_id, start, end)
        )


def _browsed(reach: WorkReach) -> str:
    return f"p.project_id IN ({', '.join(map(str, sorted(reach.browse)))})"


def _reached(reach: WorkReach) -> tuple[str, tuple[Any, ...]]:
    """Whose plans are within reach, whatever they are for, with the parameters."""
    teams = json.dumps(sorted(reach.team_ids))
    return f"(p.person_id = ? OR {_FOREVER} OR {_OF_RESOURCE} OR ({_OF_MEMBER}))", (reach.person_id, *(4 * (teams,)))


def _asked(filters: PlanFilters) -> _Condition:
    condition = _Condition()
    if filters.start is not None or filters.end is not None:
        condition.add(
            # Probed plan by plan, so that a page ends early.
            "EXISTS (SELECT 1 FROM plan_stretches o WHERE o.plan_id = p.id AND o.start_date <= ? AND o.end_date >= ?)",
            filters.end or "9999-99",
            filters.start or "",
        )
    if filters.updated_from is not None:
        condition.add("p.updated_at >= ?", filters.updated_from)
    condition.one_of("p.id", filters.plan_ids)
    if filters.person_ids is not None and filters.generic_resource_ids is not None:
        # People and resources asked for together are asked for side by side: no plan has both.
        condition.add(
            "(p.person_id IN (SELECT value FROM json_each(?)) OR p.generic_resource_id IN (SELECT value FROM json_each(?)))",
            json.dumps(filters.person_ids),
            json.dumps(filters.generic_resource_ids),
        )
    else:
        condition.one_of("p.person_id", filters.person_ids)
        condition.one_of("p.generic_resource_id", filters.generic_resource_ids)
    condition.one_of("p.issue_id", filters.issue_ids)
    condition.one_of("p.project_id", filters.project_ids)
    condition.one_of("coalesce(p.issue_id, p.project_id)", filters.item_ids)
    condition.one_of("iif(p.person_id IS NULL, 'GENERIC', 'USER')", filters.assignees)
    condition.one_of("iif(p.issue_id IS NULL, 'PROJECT', 'ISSUE')", filters.items)
    condition.one_of("p.status", filters.statuses)
    if filters.reviewer_id is not None:
        condition.add("p.reviewer_id = ?", filters.reviewer_id)
    return condition
