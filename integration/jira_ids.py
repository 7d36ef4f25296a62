"""Learning which worklog of Jira each one of Tempo is, while Tempo can be asked: so that the app's rows can be told apart when
it cannot. It costs requests of its own and is an option."""

from __future__ import annotations

from integration.clients.http import Unreadable
from integration.clients.tempo_worklogs import TempoWorklogs
from integration.store import Store
from integration.wire import NotAsPublished
from integration.worklog_rows import WorklogRows

AT_ONCE = 5000


def learn_jira_ids(client: TempoWorklogs, store: Store) -> tuple[str, ...]:
    """Ask for those that are not known. Answers what to tell where that does not work: the hours are none the worse for it.

    Those that Jira does not have yet are asked for again in the next run.
    """
    rows = WorklogRows(store)
    asked: set[int] = set()
    while wanted := [number for number in rows.without_jira_id(len(asked) + AT_ONCE) if number not in asked]:
        try:
            pairs = client.jira_ids(wanted)
        except (Unreadable, NotAsPublished) as error:
            return (f"ids in Jira could not be learnt, so work entered in Tempo may be nobody's in fallback: {error}",)
        with store.transaction():
            rows.set_jira_ids(pairs)
        asked.update(wanted)
    return ()
