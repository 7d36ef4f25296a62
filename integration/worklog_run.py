"""A run of the worklog sync: Tempo is read, or Jira stands in and it is said so; how it went is kept beside the figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from integration.alarm import KeptAlarm
from integration.clients.http import Unreadable
from integration.clients.jira import Jira
from integration.clients.jira_worklogs import JiraWorklogs
from integration.clients.tempo import Tempo
from integration.clients.tempo_worklogs import TempoWorklogs
from integration.exits import Exit
from integration.fallback import JIRA, decide
from integration.findings import of_worklogs
from integration.jira_ids import learn_jira_ids
from integration.jira_reading import JiraRead, read_jira, told_of_jira
from integration.records import Partial, Reading, Reason
from integration.run import Console
from integration.run_history import WORKLOGS, RunHistory
from integration.settings import Settings
from integration.store import Store
from integration.surroundings import Surroundings
from integration.visibility import BROWSE, ROLE, Sight, nothing_logged, sight
from integration.worklog_reading import read_worklogs
from integration.worklog_result import Asked, Ran, Result
from integration.worklog_rows import WorklogRows
from integration.worklog_runs import WorklogRun
from integration.worklogs import Period, Read, Standing

READ_FROM = "worklogs.read_from"
"""Fact: the address of Tempo that worklogs were read from."""

LAST_READ = "worklogs.read"
"""Fact of the reading: when Tempo was last read to the end, UTC, ISO 8601."""

ACCEPTED_OF = "worklogs.accepted_of"
"""Fact: of which source it is believed that some people logged nothing."""

OF_SIGHT = frozenset({"fewer-people", "only-owner", "never-seen", "hidden", "moved"})
"""Kinds of reasons that stay true of the figures while nothing new is read."""

EVER = Period(date.min, date.max)

CROWDED = Reason("crowded", "more worklogs changed at one moment than Jira tells of; some may be missing")


def run_worklogs(
    settings: Settings,
    asked: Asked,
    store: Store,
    tempo: Tempo,
    tempo_worklogs: TempoWorklogs,
    jira: Jira,
    jira_worklogs: JiraWorklogs,
    console: Console,
    *,
    now: datetime | None = None,
    explain: Callable[[Unreadable], str] = str,
) -> Ran:
    """Read the source, or what stands in for it, and tell whom it concerns. now: UTC, the machine's by default.

    explain: what is known of an answer beyond itself, such as that the token has ended. What cannot be read is told by
    ``Ran.error``. Raises ``Unusable`` for the database.
    """
    moment = datetime.now(UTC) if now is None else now
    run = _Run(settings, asked, store, tempo, tempo_worklogs, jira, jira_worklogs, console, moment, explain)
    rows = WorklogRows(store)
    with store.transaction():
        number = rows.begin_run(run.at)
    before = tempo.wire.called.requests + jira.wire.called.requests
    outage = run.alarm.now.raised
    found = run.of_jira() if settings.worklogs.source == "jira" else run.of_tempo()
    code = _exit(found)
    requests = tempo.wire.called.requests + jira.wire.called.requests - before
    with store.transaction():
        rows.set_standing(found.standing)
        rows.end_run(number, _record(run.at, now, found, code, requests))
    failed = run.alarm.tell()
    is_of_tempo = found.standing.source == "tempo"
    held = rows.count() if is_of_tempo else rows.count_jira()
    unattributed = 0 if is_of_tempo else rows.unattributed(EVER)
    recovered = outage if found.read is not None else None
    ran = Ran(code, *found[:3], held, unattributed, found.cause, recovered, found.error, found.notes, tuple(failed))
    with store.transaction():
        RunHistory(store).note(WORKLOGS, number, of_worklogs(ran))
    return ran


class _Run:
    def __init__(
        self,
        settings: Settings,
        asked: Asked,
        store: Store,
        tempo: Tempo,
        tempo_worklogs: TempoWorklogs,
        jira: Jira,
        jira_worklogs: JiraWorklogs,
        console: Console,
        moment: datetime,
        explain: Callable[[Unreadable], str],
    ) -> None:
        self._settings, self._asked, self._store, self._rows = settings.worklogs, asked, store, WorklogRows(store)
        self._tempo, self._tempo_worklogs = tempo, tempo_worklogs
        self._jira_worklogs, self._console, self._explain = jira_worklogs, console, explain
        self._moment, self.at = moment, moment.isoformat(timespec="seconds")
        self._around = Surroundings(store, settings.worklogs, tempo, jira, moment, full=asked.full)
        self.alarm = KeptAlarm(store, settings.worklogs.alerts)

    def of_jira(self) -> Result:
        """Jira is the chosen source: no alarm."""
        with self._store.transaction():
            self.alarm.rest()
        try:
            read = self._read_jira()
        except Unreadable as error:
            sentence = f"Jira cannot be read: {error}"
            return Result(self._held(Reason(error.kind, sentence)), error=sentence)
        before = self._rows.standing()
        if before is not None and before.source != "jira":
            before = None
        expected = self._around.expected("jira")
        found = self._sighted(expected, before)
        crowded = (CROWDED,) if read.is_crowded else ()
        standing = Standing("jira", None, not (found.reasons or crowded), (*found.reasons, *crowded), self.at, found.visible)
        with self._store.transaction():
            self._rows.set_standing(standing)
        around = self._around.know(expected, with_tempo=False)
        named = self._sight(expected, before, around.names)
        return Result(
            standing._replace(reasons=(*named.reasons, *crowded)), jira=read, notes=(*told_of_jira(read), *around.notes)
        )

    def of_tempo(self) -> Result:
        """Tempo is the source; Jira stands in where it cannot be read and that is wanted."""
        # Another address may be another site: what was read there is no beginning here.
        full = self._asked.full or not self._was_read
        try:
            with self._console.progress("reading worklogs") as progress:
                reading = read_worklogs(
                    self._tempo_worklogs, self._rows, self._store, self._settings,
                    full=full, accept_fewer=self._asked.accept_fewer, now=self._moment, progress=progress,
                    shows_issue=self._around.shows_issue, renamed=self._asked.full,
                )  # fmt: skip
        except Unreadable as error:
            return self._without_tempo(error)
        return self._seen(reading)

    def _seen(self, reading: Reading[Read]) -> Result:
        before = self._rows.standing()
        if before is not None and before.source == "jira" and before.fallback is None:
            # Of another source others are seen.
            before = None
        expected = self._around.expected()
        found = self._sighted(expected, before)
        with self._store.transaction():
            self._rows.set_standing(self._standing(found, reading))
            self._store.set_fact(READ_FROM, self._tempo.wire.url)
            if _is_whole(reading):
                self.alarm.notice(None, self.at)
        notes = list(learn_jira_ids(self._tempo_worklogs, self._store)) if self._settings.attribute == "held" else []
        around = self._around.know(expected)
        standing = self._standing(self._sight(expected, before, around.names), reading)
        return Result(standing, read=reading.value, notes=(*notes, *around.notes))

    def _without_tempo(self, error: Unreadable) -> Result:
        decision = decide(error.kind, error.status, self._was_read, self._settings.fallback)
        cause = Reason(error.kind, f"{decision.sentence} ({self._explain(error)})")
        raised = None
        if decision.action == JIRA or self._was_read:
            # Whoever is told may as well begin while Jira is read, which takes its time at first.
            with self._store.transaction():
                raised = self.alarm.notice(cause, self.at).raised
            self.alarm.tell()
        if decision.action != JIRA or raised is None:
            return Result(self._held(cause), cause=raised, error=cause.sentence)
        try:
            read = self._read_jira()
        except Unreadable as other:
            both = f"{cause.sentence}; and Jira cannot be read either: {other}"
            return Result(self._held(cause._replace(sentence=both)), cause=raised, error=both)
        before = self._rows.standing()
        reasons = (cause, CROWDED) if read.is_crowded else (cause,)
        standing = Standing("jira", raised, False, reasons, self.at, before.visible if before else None)
        with self._store.transaction():
            self._rows.set_standing(standing)
        around = self._around.know((), with_tempo=False)
        return Result(standing, jira=read, cause=raised, notes=(*told_of_jira(read), *around.notes))

    def _read_jira(self) -> JiraRead:
        before = self._rows.standing()
        with self._console.progress("reading worklogs of Jira") as progress:
            return read_jira(
                self._jira_worklogs, self._store, self._settings, full=self._asked.full,
                attribute_anew=before is None or before.source != "jira", now=self._moment, progress=progress,
            )  # fmt: skip

    def _sighted(self, expected: tuple[str, ...], before: Standing | None) -> Sight:
        """Who is seen, after those that are to be believed to have logged nothing are."""
        found = self._sight(expected, before)
        if not self._asked.accept_fewer:
            return found
        with self._store.transaction():
            believed = {*self._accepted(), *nothing_logged(found)} - set(self._rows.authors_of(self._settings.source))
            self._rows.set_nothing_logged(believed)
            self._store.set_fact(ACCEPTED_OF, self._settings.source)
        return self._sight(expected, before)

    def _accepted(self) -> frozenset[str]:
        # What was believed of one source says nothing of the other.
        is_same = (self._store.fact(ACCEPTED_OF) or "tempo") == self._settings.source
        return self._rows.nothing_logged() if is_same else frozenset()

    def _sight(self, expected: tuple[str, ...], before: Standing | None, names: dict[str, str] | None = None) -> Sight:
        of_tempo = self._settings.source == "tempo"
        return sight(
            expected, self._rows.authors_of(self._settings.source), doubts=self._rows.doubts() if of_tempo else (),
            accepted=self._accepted(), owner=self._settings.owner, before=before.visible if before else None,
            names=names or {}, way_out=ROLE if of_tempo else BROWSE,
        )  # fmt: skip

    def _standing(self, found: Sight, reading: Reading[Read]) -> Standing:
        reasons = list(found.reasons)
        kinds = {reason.kind for reason in reasons}
        # What is no longer visible is told with its people, and those who are not visible at all by themselves.
        if isinstance(reading, Partial) and not (reading.reason.kind == "hidden" and kinds):
            reasons.append(reading.reason)
        read = self.at if _is_whole(reading) else self._store.fact(LAST_READ)
        return Standing("tempo", None, not reasons, tuple(reasons), read, found.visible)

    def _held(self, reason: Reason) -> Standing:
        """The figures stay, and say that they are not of today."""
        before = self._rows.standing() or Standing(self._settings.source, None, False, (), None)
        if self._settings.source == "tempo" and self._settings.fallback == "none":
            before = before._replace(source="tempo", fallback=None)
        reasons = (reason, *(kept for kept in before.reasons if kept.kind in OF_SIGHT))
        return before._replace(complete=False, reasons=reasons)

    @property
    def _was_read(self) -> bool:
        return self._store.fact(READ_FROM) == self._tempo.wire.url


def _is_whole(reading: Reading[Read]) -> bool:
    """Whether it came to its end: where the list moved, or turned into something else, there was none to come to."""
    return not isinstance(reading, Partial) or reading.reason.kind not in ("moved", "not-tempo")


def _exit(found: Result) -> Exit:
    if found.error is not None:
        return Exit.UNREADABLE
    if found.standing.fallback is not None:
        return Exit.FALLBACK
    return Exit.IN_SYNC if found.standing.complete else Exit.INCOMPLETE


def _record(begun: str, now: datetime | None, found: Result, code: Exit, requests: int) -> WorklogRun:
    ended = (datetime.now(UTC) if now is None else now).isoformat(timespec="seconds")
    read = found.read or found.jira
    return WorklogRun(
        begun=begun,
        ended=ended,
        exit_code=int(code),
        mode=read.mode if read else "",
        deletions=found.read.deletions if found.read else "",
        source=found.standing.source,
        upserted=read.upserted if read else 0,
        deleted=read.deleted if read else 0,
        requests=requests,
        reason="; ".join(reason.sentence for reason in found.standing.reasons),
    )
