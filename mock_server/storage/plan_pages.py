"""Pages of the plans that somebody may see, by id, cheap at any size and depth.

A page is found from the id where the one before it ended, where that is known, and by counting rows otherwise. How its rows
are found is said here and not left to SQLite, which knows nothing about how many rows there are of what:

- by the index of a filter that names plans, people, resources, issues or a reviewer, or of the people in reach if few;
- along the ids, passing over what is hidden or not asked for, for so many as cost less than the next way;
- among all that have a day in the window, found by their days.
"""

import json
from dataclasses import dataclass

from mock_server.storage.plans import SELECT, Plan
from mock_server.storage.store import Store
from mock_server.storage.work_reach import WorkReach
from mock_server.storage.worklog_conditions import Condition, TeamAuthors, listed, one_of

TRIED = 5000
"""Plans passed along the ids before another way is taken."""

FEW_PEOPLE = 64
"""Up to so many people in reach, their plans are looked through for a page."""


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


# The plus keeps SQLite from asking for each of the teams instead of for the one person.
_IN_TEAMS = (
    "EXISTS (SELECT 1 FROM members m JOIN memberships s ON s.member_id = m.id WHERE m.person_id = p.person_id "
    "AND +m.team_id IN (SELECT value FROM json_each(?)) AND ((s.start_date IS NULL AND s.end_date IS NULL) OR "
    "EXISTS (SELECT 1 FROM plan_stretches o WHERE o.plan_id = p.id AND o.end_date >= coalesce(s.start_date, '') "
    "AND o.start_date <= coalesce(s.end_date, '9999-99'))))"
)
_OF_RESOURCE = (
    "p.generic_resource_id IN (SELECT generic_resource_id FROM team_generic_resources "
    "WHERE team_id IN (SELECT value FROM json_each(?)))"
)
IN_WINDOW = "EXISTS (SELECT 1 FROM plan_stretches o WHERE o.plan_id = p.id AND o.start_date <= ? AND o.end_date >= ?)"
_OF_WINDOW = (
    "p.id IN (SELECT plan_id FROM plan_stretches INDEXED BY plan_stretches_start "
    "WHERE start_date <= ? AND end_date >= ? AND plan_id > ?)"
)


def get(store: Store, plan_id: int, reach: WorkReach) -> Plan | None:
    """One plan that the reach includes, or None."""
    found = page(store, reach, PlanFilters(plan_ids=(plan_id,)), 0, 1)
    return found[0] if found else None


def page(
    store: Store,
    reach: WorkReach,
    filters: PlanFilters,
    offset: int,
    limit: int,
    after: int | None = None,
    of_teams: TeamAuthors | None = None,
) -> list[Plan]:
    """At most ``limit`` plans from ``offset`` on that the reach includes, by id; ``limit`` -1 is no limit.

    ``after`` is the id that the page begins behind, whatever the offset, and ``of_teams`` the members of the reach's teams,
    where they are known.
    """
    if after is not None:
        offset = 0
    after = after or 0
    window, asked = window_of(filters), asked_for(filters).plus(_within(reach, of_teams))
    everything = asked.plus(IN_WINDOW, *window) if window else asked
    # The plus keeps SQLite from going along the ids.
    by_index = everything.plus("+p.id > ?", after)
    if limit < 0 or _has_index(filters) or _is_few(reach, of_teams):
        return _selected(store, "", by_index, offset, limit)
    along = Condition().plus("p.id > ?", after).plus(everything)
    last = store.value("SELECT id FROM plans WHERE id > ? ORDER BY id LIMIT 1 OFFSET ?", (after, TRIED))
    if last is not None and window:
        found = _selected(store, "NOT INDEXED", along.plus("p.id <= ?", last), offset, limit)
        if len(found) < limit:
            return _selected(store, "", Condition().plus(_OF_WINDOW, *window, after).plus(asked), offset, limit)
        return found
    return _selected(store, "NOT INDEXED", along, offset, limit)


def _selected(store: Store, index: str, condition: Condition, offset: int, limit: int) -> list[Plan]:
    rows = store.all(
        f"{SELECT} {index} WHERE {condition.text} ORDER BY p.id LIMIT ? OFFSET ?", (*condition.parameters, limit, offset)
    )
    return [Plan._make(row) for row in rows]


def _has_index(filters: PlanFilters) -> bool:
    named = filters.plan_ids, filters.person_ids, filters.generic_resource_ids, filters.issue_ids, filters.reviewer_id
    return any(one is not None for one in named)


def _is_few(reach: WorkReach, of_teams: TeamAuthors | None) -> bool:
    return not reach.everyone and of_teams is not None and len(of_teams.always) + len(of_teams.sometimes) <= FEW_PEOPLE


def window_of(filters: PlanFilters) -> tuple[str, str] | None:
    """The last and the first day, or None when all days are asked for."""
    if filters.start is None and filters.end is None:
        return None
    return filters.end or "9999-99", filters.start or ""


def _within(reach: WorkReach, of_teams: TeamAuthors | None) -> Condition:
    """What is within reach. With the members of the reach's teams it is cheaper for very many rows."""
    condition = Condition()
    condition.add(browsed(reach))
    return condition if reach.everyone else condition.plus(reached(reach, of_teams))


def browsed(reach: WorkReach) -> str:
    """That a plan is of a project within reach. Most plans of a project are found sooner by anything else."""
    # Ids of our own database, few of them.
    return f"+p.project_id IN ({', '.join(map(str, sorted(reach.browse)))})"


def reached(reach: WorkReach, of_teams: TeamAuthors | None = None) -> Condition:
    """That a plan is somebody's within reach, whatever it is for."""
    condition = Condition()
    teams = listed(sorted(reach.team_ids))
    if of_teams is None:
        condition.add(f"(p.person_id = ? OR {_OF_RESOURCE} OR {_IN_TEAMS})", reach.person_id, teams, teams)
        return condition
    condition.add(
        f"({one_of('p.person_id')} OR {_OF_RESOURCE} OR ({one_of('p.person_id')} AND {_IN_TEAMS}))",
        listed({*of_teams.always, reach.person_id}),
        teams,
        listed(of_teams.sometimes),
        teams,
    )
    return condition


def asked_for(filters: PlanFilters) -> Condition:
    """What the filters ask for beside the window."""
    condition = Condition()
    if filters.updated_from is not None:
        condition.add("p.updated_at >= ?", filters.updated_from)
    if filters.person_ids is not None and filters.generic_resource_ids is not None:
        # People and resources asked for together are asked for side by side: no plan has both.
        condition.add(
            f"({one_of('p.person_id')} OR {one_of('p.generic_resource_id')})",
            listed(filters.person_ids),
            listed(filters.generic_resource_ids),
        )
    else:
        _add_ids(condition, "p.person_id", filters.person_ids)
        _add_ids(condition, "p.generic_resource_id", filters.generic_resource_ids)
    _add_ids(condition, "p.id", filters.plan_ids)
    _add_ids(condition, "p.issue_id", filters.issue_ids)
    _add_ids(condition, "p.project_id", filters.project_ids)
    _add_ids(condition, "coalesce(p.issue_id, p.project_id)", filters.item_ids)
    for column, words in (
        ("iif(p.person_id IS NULL, 'GENERIC', 'USER')", filters.assignees),
        ("iif(p.issue_id IS NULL, 'PROJECT', 'ISSUE')", filters.items),
        ("p.status", filters.statuses),
    ):
        if words is not None:
            condition.add(one_of(column), json.dumps(words))
    if filters.reviewer_id is not None:
        condition.add("p.reviewer_id = ?", filters.reviewer_id)
    return condition


def _add_ids(condition: Condition, column: str, ids: tuple[int, ...] | None) -> None:
    if ids is not None:
        condition.add(one_of(column), listed(ids))
