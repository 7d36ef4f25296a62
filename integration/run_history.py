"""The runs of both syncs as the database keeps them, the last one first."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from integration.findings import Findings, as_text, of_text
from integration.records import Outcome
from integration.store import Store

ABSENCES, WORKLOGS = "absences", "worklogs"
TABLES: Mapping[str, str] = MappingProxyType({ABSENCES: "runs", WORKLOGS: "worklog_runs"})
"""Sync -> the table of its runs."""

_EACH = (
    "SELECT 'absences' AS sync, id, begun, ended, exit_code, reason, created, updated, deleted, kept, withheld, NULL AS mode, "
    "NULL AS deletions, NULL AS source, NULL AS upserted, NULL AS requests FROM runs",
    "SELECT 'worklogs', id, begun, ended, exit_code, reason, NULL, NULL, deleted, NULL, NULL, mode, deletions, source, "
    "upserted, requests FROM worklog_runs",
)


class PastRun(NamedTuple):
    """A run. sync: ``ABSENCES`` or ``WORKLOGS``. begun, ended: UTC, ISO 8601.

    exit_code: None where it is not over, or was killed. ended: None there, and of runs of the absence sync by versions that did
    not remember it. created, updated, kept, withheld: rules; mode, deletions, source, upserted, requests: of worklogs; None of
    the other sync. deleted: of both.
    """

    sync: str
    id: int
    begun: str
    ended: str | None
    exit_code: int | None
    reason: str | None
    created: int | None
    updated: int | None
    deleted: int | None
    kept: int | None
    withheld: int | None
    mode: str | None
    deletions: str | None
    source: str | None
    upserted: int | None
    requests: int | None

    @property
    def seconds(self) -> int | None:
        """How long it took, None where nobody knows."""
        if self.ended is None:
            return None
        return max(0, round((datetime.fromisoformat(self.ended) - datetime.fromisoformat(self.begun)).total_seconds()))


class RunHistory:
    """What is kept of runs. Whatever writes is to be within ``store.transaction()``."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def count(self, sync: str | None = None) -> int:
        """How many there are, of one sync or of both."""
        tables = [TABLES[sync]] if sync else TABLES.values()
        return sum(int(self._store.rows(f"SELECT count(*) FROM {table}")[0][0]) for table in tables)

    def page(self, offset: int, limit: int, sync: str | None = None) -> list[PastRun]:
        """Some of them, the last one first."""
        # Of each table only those that may be on the page: both have a long past.
        parts = [
            f"SELECT * FROM ({sql} ORDER BY id DESC LIMIT {int(offset) + int(limit)})"
            for name, sql in zip(TABLES, _EACH, strict=True)
            if sync in (None, name)
        ]
        sql = f"{' UNION ALL '.join(parts)} ORDER BY begun DESC, sync, id DESC LIMIT ? OFFSET ?"
        return [PastRun(*row) for row in self._store.rows(sql, (limit, offset))]

    def run(self, sync: str, number: int) -> PastRun | None:
        """One of them, None where there is none."""
        sql = dict(zip(TABLES, _EACH, strict=True))[sync]
        rows = self._store.rows(f"{sql} WHERE id = ?", (number,))
        return PastRun(*rows[0]) if rows else None

    def count_outcomes(self, number: int) -> int:
        """Of a run of the absence sync."""
        return int(self._store.rows("SELECT count(*) FROM outcomes WHERE run = ?", (number,))[0][0])

    def outcomes(self, number: int, offset: int, limit: int) -> list[Outcome]:
        """Some of what a run of the absence sync wrote, or failed to: failures first, then in their order."""
        rows = self._store.rows(
            "SELECT action, sink, account_id, issue_id, day, part, error, target FROM outcomes WHERE run = ? "
            "ORDER BY error IS NULL, id LIMIT ? OFFSET ?",
            (number, limit, offset),
        )
        return [
            Outcome(action, sink, (person, issue, day, part), error, target)
            for action, sink, person, issue, day, part, error, target in rows
        ]

    def note(self, sync: str, number: int, found: Iterable[Findings]) -> None:
        """Keep what a run found. Run after run finds the same: that is kept once."""
        text = as_text(found)
        digest = hashlib.sha256(text.encode()).hexdigest()
        self._store.rows("INSERT OR IGNORE INTO run_findings (digest, findings) VALUES (?, ?)", (digest, text))
        self._store.rows(f"UPDATE {TABLES[sync]} SET findings = ? WHERE id = ?", (digest, number))

    def findings(self, sync: str, number: int) -> list[Findings] | None:
        """What a run found; None where nobody remembers: it was not over, or of a version that did not."""
        rows = self._store.rows(
            f"SELECT run_findings.findings FROM {TABLES[sync]} AS run JOIN run_findings ON digest = run.findings "
            "WHERE run.id = ?",
            (number,),
        )
        try:
            return of_text(rows[0][0]) if rows else None
        except ValueError:
            return None
