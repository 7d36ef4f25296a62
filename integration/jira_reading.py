"""Reading the worklogs of Jira into the database: what changed since the last time, page by page, so that a run that is killed
goes on where it was."""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from integration.attribution import author_of
from integration.clients.jira_worklogs import MOST_IDS, Changed, JiraWorklogs
from integration.records import Reason
from integration.store import Store
from integration.worklog_rows import Own, WorklogRows
from integration.worklog_settings import WorklogSettings
from integration.worklogs import JiraWorklog, Standing

UPDATED, DELETED = "jira.cursor", "jira.deleted_cursor"
"""Facts: milliseconds since 1970 from which on the next reading asks what was changed, and what was deleted."""

ONE_DAY = timedelta(days=1)

CROWDED = "jira.crowded"
"""Fact: so much changed at one moment once that Jira's lists left some of it out."""

ATTRIBUTED = "jira.attribution"
"""Fact: by which accounts and option the rows held were attributed."""

READ_FROM = "jira.read_from"
"""Fact: the address of Jira that the rows held were read from."""

APPS = "jira.apps"
"""Fact: accountIds of the apps that were met as authors, as JSON."""

FULL, AGAIN = "jira.full", "jira.again"
"""Facts: when everything was read last, UTC, ISO 8601; that everything is to be read."""

FULL_AFTER = timedelta(days=7)
"""After so long everything is read: what a right shows or hides that somebody was given or lost is told as no change."""

ELSEWHERE = Reason("elsewhere", "these are worklogs of another Jira, which was not read to its end yet")


class JiraRead(NamedTuple):
    """What a reading of Jira did. upserted, deleted: worklogs. is_crowded: whether Jira may have left some out.

    vanished: worklogs that were held and that Jira does not show any more, though it tells of no deletion. apps: accountIds of
    authors that are apps, and not the one that Tempo writes with.
    """

    mode: str
    upserted: int
    deleted: int
    requests: int
    is_crowded: bool
    vanished: int = 0
    apps: tuple[str, ...] = ()


def read_jira(
    client: JiraWorklogs,
    store: Store,
    settings: WorklogSettings,
    *,
    full: bool = False,
    attribute_anew: bool = False,
    now: datetime | None = None,
    progress: Callable[[int], object] = lambda worklogs: None,
) -> JiraRead:
    """Hold what Jira has. full: everything is asked for again. attribute_anew: whether ids in Jira may have been learnt since.

    What another Jira had is held no more. now: UTC. Raises ``Unreadable``; what was read until then is held, and the next
    reading goes on from there.
    """
    return _JiraReading(client, store, settings, datetime.now(UTC) if now is None else now, progress).read(full, attribute_anew)


def told_of_jira(read: JiraRead) -> tuple[str, ...]:
    """Sentences on what somebody should look at."""
    told = []
    if read.vanished:
        told.append(f"{read.vanished} worklogs that Jira showed before are not shown any more, and count no more")
    if read.apps:
        told.append(f"worklogs of apps other than app_account are in nobody's account: {', '.join(read.apps)}")
    return tuple(told)


class _JiraReading:
    def __init__(
        self, client: JiraWorklogs, store: Store, settings: WorklogSettings, now: datetime, progress: Callable[[int], object]
    ) -> None:
        self._client, self._store, self._settings, self._progress = client, store, settings, progress
        self._rows, self._at = WorklogRows(store), now
        self._is_elsewhere = store.fact(READ_FROM) not in (None, client.wire.url)
        self._hidden: set[int] = set()
        self._seen = array("q")

    def read(self, full: bool, attribute_anew: bool) -> JiraRead:
        before = self._client.wire.called.requests
        since, gone_since = self._beginnings(full)
        upserted = self._updated(since)
        deleted = self._deleted(gone_since)
        vanished = self._vanished(whole=not since)
        _attribute(self._rows, self._store, self._settings, attribute_anew)
        # A first reading may take several runs.
        if not since or self._store.fact(FULL) is None:
            with self._store.transaction():
                self._store.set_fact(FULL, self._at.isoformat())
                self._store.forget(AGAIN)
        return JiraRead(
            "full" if not since else "incremental", upserted, deleted + vanished,
            self._client.wire.called.requests - before, self._store.fact(CROWDED) is not None, vanished,
            tuple(sorted(_apps(self._store) - {self._settings.app_account})),
        )  # fmt: skip

    def _beginnings(self, full: bool) -> tuple[int, int]:
        updated, deleted = _moment(self._store, UPDATED), _moment(self._store, DELETED)
        if self._is_elsewhere or not updated:
            return 0, 0
        if not (full or self._store.fact(AGAIN) is not None or self._is_old(self._store.fact(FULL))):
            return updated, deleted
        # Where it is killed before it is compared, the next reading is to compare.
        with self._store.transaction():
            self._store.set_fact(AGAIN, self._at.isoformat())
            self._store.forget(CROWDED)
        return 0, 0

    def _is_old(self, at: str | None) -> bool:
        try:
            return at is not None and self._at - datetime.fromisoformat(at) >= FULL_AFTER
        except (TypeError, ValueError):
            return True

    def _updated(self, since: int) -> int:
        upserted = done = 0
        for changes in self._client.updated(since):
            worklogs = self._client.named(changes.ids)
            with self._store.transaction():
                self._leave()
                _meet(self._store, self._client.apps)
                upserted += _hold(self._rows, self._settings, worklogs, _apps(self._store))
                _remember(self._store, UPDATED, changes)
            if not since:
                self._seen.extend(worklog.id for worklog in worklogs)
            self._hidden |= set(changes.ids) - {worklog.id for worklog in worklogs}
            done += len(changes.ids)
            self._progress(done)
        return upserted

    def _deleted(self, since: int) -> int:
        deleted = 0
        for changes in self._client.deleted(since):
            with self._store.transaction():
                deleted += self._rows.remove_jira(changes.ids)
                _remember(self._store, DELETED, changes)
        return deleted

    def _leave(self) -> None:
        """Hold nothing of another Jira; within a transaction."""
        if self._is_elsewhere:
            self._rows.clear_jira()
            for name in (UPDATED, DELETED, CROWDED, ATTRIBUTED, APPS, FULL, AGAIN):
                self._store.forget(name)
            standing = self._rows.standing()
            if standing is not None and standing.source == "jira":
                self._rows.set_standing(Standing("jira", standing.fallback, False, (ELSEWHERE,), None))
            self._is_elsewhere = False
        self._store.set_fact(READ_FROM, self._client.wire.url)

    def _vanished(self, *, whole: bool) -> int:
        """Hold no more what Jira does not show any more: what changed and is hidden now is not what it was."""
        gone: Iterable[int] = self._hidden
        if whole:
            # Changes of the last minute are in no list, and what they are of is there all the same.
            missing = sorted(set(self._rows.ids_jira()) - set(self._seen))
            shown = self._client.named(missing)
            with self._store.transaction():
                _hold(self._rows, self._settings, shown, _apps(self._store))
            gone = set(missing) - {worklog.id for worklog in shown}
        with self._store.transaction():
            return self._rows.remove_jira(gone)


def _hold(rows: WorklogRows, settings: WorklogSettings, worklogs: Sequence[JiraWorklog], apps: Collection[str]) -> int:
    """Hold these, and say whose they are; within a transaction. apps: accountIds of authors that are nobody."""
    nobody = {settings.app_account, *apps}
    of_app = [worklog.id for worklog in worklogs if worklog.author_id in nobody]
    own = rows.in_jira(of_app) if settings.attribute == "held" else {}
    authors = {number: found.author_id for number, found in own.items()}
    return rows.upsert_jira(
        (_on_own_day(worklog, own.get(worklog.id)) for worklog in worklogs),
        lambda worklog: author_of(worklog, nobody, authors),
    )


def _on_own_day(worklog: JiraWorklog, own: Own | None) -> JiraWorklog:
    """A row of the app's by the clock of who worked: Jira tells its moment by the clock of who asks, a day off at most."""
    if own is None or abs(worklog.day - own.day) > ONE_DAY:
        return worklog
    return worklog._replace(day=own.day, start=own.start)


def _attribute(rows: WorklogRows, store: Store, settings: WorklogSettings, anew: bool) -> None:
    """Say again whose the rows are that did not change, where they would be somebody else's now."""
    apps = _apps(store)
    way = " ".join((settings.attribute, settings.app_account, *sorted(apps)))
    if store.fact(ATTRIBUTED) == way and not (anew and settings.attribute == "held"):
        return
    after = -1
    while worklogs := rows.jira(after, MOST_IDS):
        with store.transaction():
            _hold(rows, settings, worklogs, apps)
        after = worklogs[-1].id
    with store.transaction():
        store.set_fact(ATTRIBUTED, way)


def _remember(store: Store, cursor: str, changes: Changed) -> None:
    store.set_fact(cursor, str(changes.until))
    if changes.is_crowded:
        store.set_fact(CROWDED, str(changes.until))


def _apps(store: Store) -> frozenset[str]:
    try:
        found = json.loads(store.fact(APPS) or "[]")
    except ValueError:
        found = []
    return frozenset(str(one) for one in found) if isinstance(found, list) else frozenset()


def _meet(store: Store, apps: Collection[str]) -> None:
    """Remember accountIds of apps; within a transaction."""
    known = _apps(store)
    if not known.issuperset(apps):
        store.set_fact(APPS, json.dumps(sorted(known.union(apps))))


def _moment(store: Store, cursor: str) -> int:
    told = store.fact(cursor) or "0"
    # Edited to something that is no moment: everything is read again.
    return int(told) if told.isascii() and told.isdecimal() else 0
