"""Reading the worklogs of Jira into the database: what changed since the last time, page by page, so that a run that is killed
goes on where it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from integration.attribution import NOTHING_HELD, author_of
from integration.clients.jira_worklogs import Changed, JiraWorklogs
from integration.store import Store
from integration.worklog_rows import WorklogRows
from integration.worklog_settings import WorklogSettings
from integration.worklogs import JiraWorklog

UPDATED, DELETED = "jira.cursor", "jira.deleted_cursor"
"""Facts: milliseconds since 1970 from which on the next reading asks what was changed, and what was deleted."""

CROWDED = "jira.crowded"
"""Fact: so much changed at one moment once that Jira's lists left some of it out."""

ATTRIBUTED = "jira.attribution"
"""Fact: by which account and option the rows held were attributed."""


class JiraRead(NamedTuple):
    """What a reading of Jira did. upserted, deleted: worklogs. is_crowded: whether Jira may have left some out."""

    mode: str
    upserted: int
    deleted: int
    requests: int
    is_crowded: bool


def read_jira(
    client: JiraWorklogs,
    store: Store,
    settings: WorklogSettings,
    *,
    full: bool = False,
    attribute_anew: bool = False,
    progress: Callable[[int], object] = lambda worklogs: None,
) -> JiraRead:
    """Hold what Jira has. full: everything is asked for again. attribute_anew: whether ids in Jira may have been learnt since.

    Raises ``Unreadable``; what was read until then is held, and the next reading goes on from there.
    """
    rows = WorklogRows(store)
    before = client.wire.called.requests
    since, gone_since = (0, 0) if full else (_moment(store, UPDATED), _moment(store, DELETED))
    upserted = deleted = done = 0
    for changes in client.updated(since):
        worklogs = client.named(changes.ids)
        with store.transaction():
            upserted += rows.upsert_jira(worklogs, _people(rows, settings, worklogs))
            _remember(store, UPDATED, changes)
        done += len(changes.ids)
        progress(done)
    for changes in client.deleted(gone_since):
        with store.transaction():
            deleted += rows.remove_jira(changes.ids)
            _remember(store, DELETED, changes)
    _attribute(rows, store, settings, attribute_anew)
    mode = "full" if not since else "incremental"
    return JiraRead(mode, upserted, deleted, client.wire.called.requests - before, store.fact(CROWDED) is not None)


def _people(rows: WorklogRows, settings: WorklogSettings, worklogs: Sequence[JiraWorklog]) -> Callable[[JiraWorklog], str]:
    of_app = [worklog.id for worklog in worklogs if worklog.author_id == settings.app_account]
    held = rows.authors_in_jira(of_app) if settings.attribute == "held" else NOTHING_HELD
    return lambda worklog: author_of(worklog, settings.app_account, held)


def _attribute(rows: WorklogRows, store: Store, settings: WorklogSettings, anew: bool) -> None:
    """Say again whose the rows are that did not change, where they would be somebody else's now."""
    way = f"{settings.attribute} {settings.app_account}"
    if store.fact(ATTRIBUTED) == way and not (anew and settings.attribute == "held"):
        return
    with store.transaction():
        rows.attribute_jira(lambda worklog: _people(rows, settings, (worklog,))(worklog))
        store.set_fact(ATTRIBUTED, way)


def _remember(store: Store, cursor: str, changes: Changed) -> None:
    store.set_fact(cursor, str(changes.until))
    if changes.is_crowded:
        store.set_fact(CROWDED, str(changes.until))


def _moment(store: Store, cursor: str) -> int:
    told = store.fact(cursor) or "0"
    # Edited to something that is no moment: everything is read again.
    return int(told) if told.isascii() and told.isdecimal() else 0
