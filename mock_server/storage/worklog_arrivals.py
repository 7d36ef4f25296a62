"""Changes of worklogs that are on their way between Tempo and Jira, in both directions, until their time has come."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from mock_server.storage.store import Store

TO_JIRA, TO_TEMPO = "jira", "tempo"
ADD, CHANGE, REMOVE = "add", "change", "remove"


class Arrival(NamedTuple):
    """A change that arrives at ``due_at`` (ISO 8601, UTC); ``state`` is what the worklog then is, empty for a removal."""

    id: int
    jira_id: int
    towards: str
    verb: str
    state: dict[str, Any]
    due_at: str


def send(store: Store, jira_id: int, towards: str, verb: str, state: Mapping[str, Any] | None, due_at: str) -> None:
    """One more change on its way. ``towards``: ``TO_JIRA`` or ``TO_TEMPO``; ``verb``: ``ADD``, ``CHANGE`` or ``REMOVE``."""
    text = None if state is None else json.dumps(state)
    store.insert_row("worklog_arrivals", jira_id=jira_id, towards=towards, verb=verb, state=text, due_at=due_at)


def next_due(store: Store) -> str | None:
    """When the next change arrives, or None when nothing is on its way."""
    found: str | None = store.value("SELECT min(due_at) FROM worklog_arrivals")
    return found


def last_due(store: Store, jira_id: int) -> str | None:
    """When the last change of a worklog arrives that is on its way, or None."""
    found: str | None = store.value("SELECT max(due_at) FROM worklog_arrivals WHERE jira_id = ?", (jira_id,))
    return found


def take_first(store: Store, moment: str) -> Arrival | None:
    """The first change that is due by a moment, which then is on its way no longer."""
    row = store.one(
        "SELECT id, jira_id, towards, verb, state, due_at FROM worklog_arrivals WHERE due_at <= ? ORDER BY due_at, id LIMIT 1",
        (moment,),
    )
    if row is None:
        return None
    store.run("DELETE FROM worklog_arrivals WHERE id = ?", (row[0],))
    return Arrival(row[0], row[1], row[2], row[3], json.loads(row[4]) if row[4] else {}, row[5])


def is_overtaken(store: Store, arrival: Arrival) -> bool:
    """Whether the side that a change goes to changed the worklog itself after that was sent."""
    found: object = store.value(
        "SELECT 1 FROM worklog_arrivals WHERE jira_id = ? AND towards <> ? AND verb = 'change' AND id > ? LIMIT 1",
        (arrival.jira_id, arrival.towards, arrival.id),
    )
    return found is not None
