"""Reading the worklogs of Jira into the database: what changed since the last time, page by page, so that a run that is killed
goes on where it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import NamedTuple

from integration.attribution import author_of
from integration.clients.jira_worklogs import MOST_IDS, Changed, JiraWorklogs
from integration.store import Store
from integration.worklog_rows import Own, WorklogRows
from integration.worklog_settings import WorklogSettings
from integration.worklogs import JiraWorklog

UPDATED, DELETED = "jira.cursor", "jira.deleted_cursor"
"""Facts: milliseconds since 1970 from which on the next reading asks what was changed, and what was deleted."""

ONE_DAY = timedelta(days=1)

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
            upserted += _hold(rows, settings, worklogs)
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


def _hold(rows: WorklogRows, settings: WorklogSettings, worklogs: Sequence[JiraWorklog]) -> int:
    """Hold these, and say whose they are; within a transaction."""
    of_app = [worklog.id for worklog in worklogs if worklog.author_id == settings.app_account]
    own = rows.in_jira(of_app) if settings.attribute == "held" else {}
    authors = {number: found.author_id for number, found in own.items()}
    return rows.upsert_jira(
        (_on_own_day(worklog, own.get(worklog.id)) for worklog in worklogs),
        lambda worklog: author_of(worklog, settings.app_account, authors),
    )


def _on_own_day(worklog: JiraWorklog, own: Own | None) -> JiraWorklog:
    """A row of the app's by the clock of who worked: Jira tells its moment by the clock of who asks, a day off at most."""
    if own is None or abs(worklog.day - own.day) > ONE_DAY:
        return worklog
    return worklog._replace(day=own.day, start=own.start)


def _attribute(rows: WorklogRows, store: Store, settings: WorklogSettings, anew: bool) -> None:
    """Say again whose the rows are that did not change, where they would be somebody else's now."""
    way = f"{settings.attribute} {settings.app_account}"
    if store.fact(ATTRIBUTED) == way and not (anew and settings.attribute == "held"):
        return
    after = -1
    while worklogs := rows.jira(after, MOST_IDS):
        with store.transaction():
            _hold(rows, settings, worklogs)
        after = worklogs[-1].id
    with store.transaction():
        store.set_fact(ATTRIBUTED, way)


def _remember(store: Store, cursor: str, changes: Changed) -> None:
    store.set_fact(cursor, str(changes.until))
    if changes.is_crowded:
        store.set_fact(CROWDED, str(changes.until))


def _moment(store: Store, cursor: str) -> int:
    told = store.fact(cursor) or "0"
    # Edited to something that is no moment: everything is read again.
    return int(told) if told.isascii() and told.isdecimal() else 0
