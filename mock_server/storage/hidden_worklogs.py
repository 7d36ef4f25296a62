"""How much a list of worklogs leaves out, and for want of what; counted over few rows, so that asking never takes long."""

from typing import NamedTuple

from mock_server.storage.store import Row, Store
from mock_server.storage.work_reach import WorkReach
from mock_server.storage.worklog_conditions import (
    OF_ACCOUNT,
    Condition,
    Filters,
    TeamAuthors,
    asked,
    listed,
    of_reached,
    one_of,
)

FEW, MANY = 500, 1000
"""Rows that are looked at for the journal, which must not make a list slow, and for somebody who asked why."""


class Hidden(NamedTuple):
    """Of so many worklogs that were asked for, how many no role gives, and how many are in projects not to be browsed.

    A row of both kinds counts as one of a project. ``looked_at`` is None when every row was looked at, and otherwise how many
    were: what comes after them is not counted.
    """

    asked: int
    by_role: int
    by_project: int
    looked_at: int | None

    @classmethod
    def of(cls, row: Row | None, most: int) -> "Hidden":
        """From the rows that were looked at, ``most`` at most, and the three sums over them, None where there are none."""
        looked_at, *sums = row or (0, 0, 0, 0)
        asked, by_role, by_project = (number or 0 for number in sums)
        return cls(asked, by_role, by_project, most if looked_at == most else None)


def count(store: Store, reach: WorkReach, filters: Filters, of_teams: TeamAuthors, most: int) -> Hidden:
    """What the filters ask for and the reach hides, among the first ``most`` rows that one filter lets through."""
    index, narrow = _narrow(store, filters)
    wanted = asked(filters)
    browsed = Condition().plus(one_of("w.project_id"), listed(reach.browse)) if reach.hidden else Condition()
    reached = of_reached(reach, of_teams)
    row = store.one(
        "SELECT count(*), sum(asked), sum(asked AND browsed AND NOT reached), sum(asked AND NOT browsed) FROM ("
        f"SELECT ({wanted.text}) asked, ({browsed.text}) browsed, ({reached.text}) reached "
        f"FROM worklogs w {index} WHERE {narrow.text} LIMIT ?)",
        (*wanted.parameters, *browsed.parameters, *reached.parameters, *narrow.parameters, most),
    )
    return Hidden.of(row, most)


def _narrow(store: Store, filters: Filters) -> tuple[str, Condition]:
    """The index and the part of the filters that it can tell, so that no more rows are read than are looked at."""
    days = Condition()
    if filters.start:
        days.add("w.start_date >= ?", filters.start)
    if filters.end:
        days.add("w.start_date <= ?", filters.end)
    if filters.account_key is not None:
        return "NOT INDEXED", Condition().plus(OF_ACCOUNT, filters.account_key)
    authors = filters.author_ids
    if authors is None and filters.team_id is not None:
        rows = store.all("SELECT person_id FROM members WHERE team_id = ? AND person_id NOT NULL", (filters.team_id,))
        authors = tuple(row[0] for row in rows)
    for noun, ids in (("issue", filters.issue_ids), ("author", authors), ("project", filters.project_ids)):
        if ids is not None:
            return f"INDEXED BY worklogs_{noun}", Condition().plus(one_of(f"w.{noun}_id"), listed(ids)).plus(days)
    if days.parts:
        return "INDEXED BY worklogs_start", days
    if filters.updated_from:
        return "INDEXED BY worklogs_updated", Condition().plus("w.updated_at >= ?", filters.updated_from)
    return "NOT INDEXED", days
