"""Reading Tempo's worklogs into the database: everything once, then what changed, and what is there no more.

Facts kept between runs, all UTC in ISO 8601: ``worklogs.cursor``, up to where changes were read; ``worklogs.audit_cursor``,
the same of deletions; ``worklogs.read``, when the last reading ended whole; ``worklogs.full``, when the last one of everything
did; ``worklogs.again``, that everything is to be read; ``worklogs.compared``, the day up to which older worklogs were compared;
``worklogs.page``, how many rows a page has.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

from integration.clients.http import Unreadable
from integration.clients.tempo_worklogs import Moved, TempoWorklogs
from integration.records import Complete, Partial, Reading, Reason
from integration.store import Store
from integration.wire import NotAsPublished
from integration.worklog_gone import Looked, believed, confirmed
from integration.worklog_rows import WorklogRows
from integration.worklog_slices import EVERYTHING, periods
from integration.worklog_wire import stamp
from integration.worklogs import Period, Read, Worklog

SITE = "worklogs.site"
"""Fact: the address of the Jira that the worklogs held are of, as Tempo links to its issues."""

AUDIT_DAYS = 180
"""How far back the audit feed reaches."""


class Options(Protocol):
    """What is configured. deletions: auto, audit or window."""

    @property
    def overlap_minutes(self) -> int:
        """So much of what was read is read again."""

    @property
    def window_days(self) -> int:
        """So far back every run compares ids where deletions are not told."""

    @property
    def deletions(self) -> str:
        """Where deletions are known from."""


def read_worklogs(
    tempo_worklogs: TempoWorklogs,
    rows: WorklogRows,
    store: Store,
    options: Options,
    *,
    full: bool = False,
    accept_fewer: bool = False,
    now: datetime | None = None,
    progress: Callable[[int], object] = lambda rows: None,
    shows_issue: Callable[[str], bool] = lambda issue: False,
    renamed: bool = False,
) -> Reading[Read]:
    """Bring the worklogs held up to date. Every page is a transaction of its own; none is to be open.

    full: read everything. accept_fewer: whatever is no longer seen is deleted. now: UTC. progress: hears of the rows read so
    far. shows_issue: whether Jira has an issue, by its id; asked of few. renamed: what is read may be of a site with another
    address than the one before; otherwise that is ``Unreadable``. Raises ``Unreadable``, ``Unusable``.
    """
    at = datetime.now(UTC) if now is None else now
    reading = _Reading(tempo_worklogs, rows, store, options, accept_fewer, at, progress, shows_issue, renamed)
    reason = None
    try:
        reading.read(full)
    except Moved as error:
        reason = Reason("moved", str(error))
    except NotAsPublished as error:
        sentence = f"what answers at {tempo_worklogs.wire.url} is not Tempo Cloud: {error}"
        if not reading.read_rows:
            raise Unreadable("not-tempo", sentence) from None
        reason = Reason("not-tempo", sentence)
    return reading.result(reason)


class _Reading:
    def __init__(
        self,
        tempo: TempoWorklogs,
        rows: WorklogRows,
        store: Store,
        options: Options,
        accept_fewer: bool,
        now: datetime,
        progress: Callable[[int], object],
        shows_issue: Callable[[str], bool],
        renamed: bool,
    ) -> None:
        self._tempo, self._rows, self._store, self._options = tempo, rows, store, options
        self._accept_fewer, self._now, self._progress, self._shows_issue = accept_fewer, now, progress, shows_issue
        self._is_renamed = renamed
        self._before = tempo.wire.called.requests
        self._begun: datetime | None = None
        self._latest = ""
        self._mode = self._deletions = ""
        self._refused: str | None = None
        self._upserted = self._removed = self.read_rows = 0
        self._deleted: frozenset[int] = frozenset()
        # Told to be deleted, and seen after that: ids of something else.
        self._shown: set[int] = set()
        self._audit_cursor: str | None = None

    def read(self, full: bool) -> None:
        cursor = self._store.fact("worklogs.cursor")
        known = cursor is not None and self._store.fact("worklogs.again") is None and self._rows.count() > 0
        last = self._store.fact("worklogs.read")
        fresh = last is not None and self._now - datetime.fromisoformat(last) < timedelta(days=AUDIT_DAYS - 1)
        if full or not known or not fresh or cursor is None or not self._incremental(cursor):
            self._full(cursor)

    def result(self, reason: Reason | None) -> Reading[Read]:
        doubts = self._rows.doubts()
        requests = self._tempo.wire.called.requests - self._before
        found = Read(self._mode, self._deletions, self._upserted, self._removed, requests, doubts, self._now)
        if reason is None and doubts:
            worklogs = sum(doubt.worklogs for doubt in doubts)
            reason = Reason(
                "hidden",
                f"{worklogs} worklogs of {len(doubts)} people are no longer visible; kept; "
                "--accept-fewer believes that they are deleted",
            )
        if reason is None and self._refused is not None:
            reason = Reason("deletions", f"the audit feed, which was asked for, cannot be read: {self._refused}")
        return Complete(found) if reason is None else Partial(found, reason)

    def _full(self, cursor: str | None) -> None:
        self._mode = "full"
        if cursor is not None:
            self._read_deletions(cursor)
        seen = self._walk()
        self._read_deletions(cursor or stamp((self._begun or self._now) - self._overlap))
        gone = array("q", _missing(self._rows.ids(), seen))
        self._settle(gone, Looked(whole=True), None)

    def _incremental(self, cursor: str) -> bool:
        """Answers whether that was enough: not where something shows that was hidden before."""
        self._mode = "incremental"
        since = self._earlier(cursor)
        self._read_deletions(cursor)
        compared, following = self._periods()
        missing: set[int] = set()
        for period in compared:
            seen = self._walk(period=period, known_until=since)
            missing.update(_missing(self._rows.ids(window=period), seen))
        # Last, so that what went to another day meanwhile is not taken for gone.
        seen = self._walk(updated_from=since)
        missing.difference_update(seen)
        missing.update(_missing(self._rows.ids(updated_from=since), seen))
        if self._store.fact("worklogs.again") is not None or self._is_shown_again(missing):
            return False
        if self._deletions == "audit" and missing - self._deleted:
            self._read_deletions(cursor)
        return self._settle(sorted(missing), Looked(False, tuple(compared), since), following)

    def _walk(
        self, *, updated_from: str | None = None, period: Period | None = None, known_until: str | None = None
    ) -> array[int]:
        def take(worklogs: list[Worklog]) -> None:
            if self._begun is None:
                self._begun = self._tempo.told_at() or self._now
            with self._store.transaction():
                self._stay()
                if self._mode == "incremental" and self._is_revealing(worklogs, known_until):
                    self._store.set_fact("worklogs.again", stamp(self._now))
                self._upserted += self._rows.upsert(worklogs)
            self._shown.update(self._deleted.intersection(worklog.id for worklog in worklogs) if self._deleted else ())
            self._latest = max(self._latest, max(worklog.updated for worklog in worklogs))
            self.read_rows += len(worklogs)
            self._progress(self.read_rows)

        return self._tempo.walk(take, updated_from=updated_from, period=period)

    def _stay(self) -> None:
        """Remember the site, and take nothing of another one; within a transaction."""
        sites, known = self._tempo.sites, self._store.fact(SITE)
        if not sites or known in sites:
            return
        if known is not None and not self._is_renamed:
            raise Unreadable(
                "other-site",
                f"the worklogs shown are of {sites[0]}, and those held of {known}: use the token of that one, or name another "
                "file under [state]; where the site was renamed, run once with --full",
            )
        self._store.set_fact(SITE, sites[0])

    def _is_revealing(self, worklogs: list[Worklog], known_until: str | None) -> bool:
        """Whether a page shows that more is to be seen than before. known_until: what is older should be held."""
        numbers = [worklog.id for worklog in worklogs]
        if self._rows.hidden_of(numbers):
            return True
        if known_until is None:
            return False
        old = [worklog for worklog in worklogs if worklog.updated < known_until]
        held = {worklog.id for worklog in self._rows.of([worklog.id for worklog in old])}
        return any(not self._rows.shows(author) for author in {w.author_id for w in old if w.id not in held})

    def _is_shown_again(self, missing: set[int]) -> bool:
        """Whether something that is hidden shows, on one of the days that have most of it and were not compared."""
        sample = self._rows.hidden_sample(missing)
        if sample is None:
            return False
        period, authors = sample
        shown, _ = self._tempo.first(period, authors)
        return bool(self._rows.hidden_of([worklog.id for worklog in shown]))

    def _periods(self) -> tuple[list[Period], str | None]:
        most = max(1, int(self._store.fact("worklogs.page") or self._tempo.applied) * 9 // 10)
        window = self._now.date() - timedelta(days=self._options.window_days) if self._deletions == "window" else None
        return periods(self._rows.days(), window, self._store.fact("worklogs.compared"), most)

    def _read_deletions(self, cursor: str) -> None:
        self._deletions = "window"
        if self._options.deletions == "window":
            return
        since = self._store.fact("worklogs.audit_cursor") or cursor
        try:
            try:
                told = self._tempo.deleted(self._earlier(since))
            except Unreadable as error:
                if error.status != 400:
                    raise
                # Too long ago, by the server's clock.
                told = self._tempo.deleted(stamp((self._begun or self._now) - timedelta(days=AUDIT_DAYS - 1)))
        except (Unreadable, NotAsPublished) as error:
            # The token may not read it, or nobody can: then days are compared.
            if self._options.deletions == "audit":
                self._refused = str(error)
            return
        self._deletions = "audit"
        self._deleted |= told.ids
        self._audit_cursor = max(since, told.latest or "")

    def _settle(self, gone: Sequence[int], looked: Looked, following: str | None) -> bool:
        """Delete what is believed to be deleted, keep the rest as doubts, remember how far it was read.

        Answers whether it is done: not where everything is to be read, as the more is hidden the less of it shows.
        """
        doubted = array("q", (number for number in gone if number not in self._deleted))
        is_whole = looked.whole or EVERYTHING in looked.periods
        with self._store.transaction():
            self._removed += self._rows.remove(self._deleted - self._shown)
            new = self._rows.hide(doubted)
            authors = {worklog.author_id for worklog in self._rows.of(doubted)} if new and not is_whole else set()
            again = any(not self._rows.shows(author) for author in authors)
            if again or (self._accept_fewer and not is_whole and self._rows.doubts()):
                self._store.set_fact("worklogs.again", stamp(self._now))
                return False
        removed: Iterable[int] = self._rows.hidden()
        if not self._accept_fewer:
            found = sorted(believed(self._store, self._rows.of(doubted), looked, self._shows_issue))
            removed = confirmed(self._store, self._rows.of(found), looked, self._tempo.first, self._deleted)
        with self._store.transaction():
            self._removed += self._rows.remove(removed)
            self._remember(looked, following)
        return True

    def _remember(self, looked: Looked, following: str | None) -> None:
        begun = stamp(self._begun or self._now)
        before = self._store.fact("worklogs.cursor") or ""
        # The clock of a header is not always the one that stamps changes; the earlier of both passes nothing by.
        cursor = max(before, min(begun, self._latest))
        if cursor:
            self._store.set_fact("worklogs.cursor", cursor)
        if self._deletions == "audit":
            self._store.set_fact("worklogs.audit_cursor", max(cursor, min(begun, self._audit_cursor or "")))
        self._store.set_fact("worklogs.page", str(self._tempo.applied))
        self._store.set_fact("worklogs.read", stamp(self._now))
        if looked.whole:
            self._store.set_fact("worklogs.full", stamp(self._now))
            self._store.forget("worklogs.again")
            self._store.forget("worklogs.compared")
        else:
            self._store.set_fact("worklogs.compared", following or "")

    @property
    def _overlap(self) -> timedelta:
        return timedelta(minutes=self._options.overlap_minutes)

    def _earlier(self, moment: str) -> str:
        return stamp(datetime.fromisoformat(moment) - self._overlap)


def _missing(held: array[int], seen: array[int]) -> Iterator[int]:
    """Those held that were not seen; both ascend."""
    others = iter(seen)
    other = next(others, None)
    for number in held:
        while other is not None and other < number:
            other = next(others, None)
        if other != number:
            yield number
