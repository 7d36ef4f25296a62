"""Which Tempo worklog is which Jira worklog, of those that somebody may see."""

from collections.abc import Iterable

from mock_server.storage.store import Store
from mock_server.storage.work_reach import WorkReach
from mock_server.storage.worklog_conditions import listed, one_of, team_authors, within


def pairs(
    store: Store, reach: WorkReach, tempo_ids: Iterable[int] | None, jira_ids: Iterable[int] | None, offset: int, limit: int
) -> list[tuple[int, int]]:
    """At most ``limit`` pairs of a Tempo id and a Jira id within reach, by Tempo id: those with one of the ids of one kind.

    A worklog that Jira does not have, yet or any more or by itself, is in no pair.
    """
    column, ids = ("w.jira_id", jira_ids) if tempo_ids is None else ("w.id", tempo_ids)
    condition = within(reach, team_authors(store, reach))
    return store.all(
        f"SELECT w.id, w.jira_id FROM worklogs w WHERE {one_of(column)} AND {condition.text} AND (w.in_jira = 1 "
        "OR EXISTS (SELECT 1 FROM jira_worklogs j WHERE j.id = w.jira_id)) ORDER BY w.id LIMIT ? OFFSET ?",
        (listed(ids or ()), *condition.parameters, limit, offset),
    )
