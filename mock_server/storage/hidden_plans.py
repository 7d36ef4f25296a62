"""How many plans a list leaves out, and for want of what."""

from mock_server.storage.hidden_worklogs import Hidden
from mock_server.storage.plan_pages import IN_WINDOW, PlanFilters, asked_for, browsed, reached, window_of
from mock_server.storage.store import Store
from mock_server.storage.work_reach import WorkReach
from mock_server.storage.worklog_conditions import Condition, listed, one_of


def hidden(store: Store, reach: WorkReach, filters: PlanFilters, most: int) -> Hidden:
    """What the filters ask for and the reach hides, among the first ``most`` plans that one filter lets through."""
    window, asked = window_of(filters), asked_for(filters)
    asked = asked.plus(IN_WINDOW, *window) if window else asked
    within = Condition() if reach.everyone else reached(reach)
    narrow = _narrow(filters)
    row = store.one(
        "SELECT count(*), sum(asked), sum(asked AND browsed AND NOT coalesce(reached, 0)), sum(asked AND NOT browsed) FROM ("
        f"SELECT ({asked.text}) asked, ({browsed(reach)}) browsed, ({within.text}) reached "
        f"FROM plans p WHERE {narrow.text} LIMIT ?)",
        (*asked.parameters, *within.parameters, *narrow.parameters, most),
    )
    return Hidden.of(row, most)


def _narrow(filters: PlanFilters) -> Condition:
    """The filter with an index that comes first, so that what is looked at is mostly what is asked for."""
    condition = Condition()
    if filters.person_ids is not None and filters.generic_resource_ids is not None:
        return condition
    for column, ids in (
        ("p.id", filters.plan_ids),
        ("p.person_id", filters.person_ids),
        ("p.generic_resource_id", filters.generic_resource_ids),
        ("p.issue_id", filters.issue_ids),
        ("p.project_id", filters.project_ids),
    ):
        if ids is not None:
            condition.add(one_of(column), listed(ids))
            break
    return condition
