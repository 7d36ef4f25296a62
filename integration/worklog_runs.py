"""What is kept of the runs of the worklog sync, and how the figures came about that are held."""

from __future__ import annotations

import json
from collections.abc import Iterable
from types import MappingProxyType
from typing import NamedTuple

from integration.records import Reason
from integration.store import Store
from integration.worklogs import Fallback, Standing, Visible


class WorklogRun(NamedTuple):
    """A run that is over. begun, ended: UTC, ISO 8601. mode, deletions: as in ``Read``, "" where nothing was read."""

    begun: str
    ended: str
    exit_code: int
    mode: str
    deletions: str
    source: str
    upserted: int
    deleted: int
    requests: int
    reason: str


FIGURES = MappingProxyType(
    {
        "tempo": "SELECT id, issue_id, author_id, day, start, seconds, billable, account FROM tempo_worklogs",
        "jira": "SELECT id, issue_id, person AS author_id, day, start, seconds, NULL AS billable, NULL AS account "
        "FROM jira_worklogs",
    }
)
"""Source -> its half of the view ``worklogs``, which SQLite sums three times as fast as the whole."""

MANY = 4
"""A period of more than one part in so many of all days is read row after row: an index would jump to and fro."""


class RunRows:
    """The tables beside the worklogs themselves. Whatever writes is to be within ``store.transaction()``."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def nothing_logged(self) -> frozenset[str]:
        """AccountIds of those of whom somebody said that there really is nothing."""
        return frozenset(row[0] for row in self._store.rows("SELECT account_id FROM nothing_logged"))

    def set_nothing_logged(self, people: Iterable[str]) -> None:
        """Make exactly these the ones of whom there really is nothing."""
        self._store.rows("DELETE FROM nothing_logged")
        self._store.many("INSERT INTO nothing_logged (account_id) VALUES (?)", ((name,) for name in sorted(set(people))))

    def standing(self) -> Standing | None:
        """How the figures came about, None before the first run."""
        rows = self._store.rows(
            "SELECT source, fallback_kind, fallback_sentence, fallback_since, complete, reasons, read, visible FROM standing"
        )
        if not rows:
            return None
        source, kind, sentence, since, complete, reasons, read, visible = rows[0]
        fallback = None if kind is None else Fallback(Reason(kind, sentence), since)
        told = None if visible is None else json.loads(visible)
        seen = None if told is None else Visible(told["seen"], told["expected"], tuple(told["unseen"]))
        return Standing(source, fallback, bool(complete), tuple(Reason(*pair) for pair in json.loads(reasons)), read, seen)

    def set_standing(self, standing: Standing) -> None:
        """Remember how the figures came about."""
        fallback = standing.fallback
        cause = (None, None, None) if fallback is None else (*fallback.cause, fallback.since)
        visible = None if standing.visible is None else json.dumps(standing.visible._asdict())
        reasons = json.dumps([list(reason) for reason in standing.reasons], ensure_ascii=False)
        self._store.rows(
            "INSERT OR REPLACE INTO standing (only, source, fallback_kind, fallback_sentence, fallback_since, complete, "
            "reasons, read, visible) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)",
            (standing.source, *cause, int(standing.complete), reasons, standing.read, visible),
        )

    def figures(self) -> str:
        """SQL of the worklogs that count, the same rows as the view ``worklogs`` has."""
        rows = self._store.rows("SELECT source FROM standing")
        return f"({FIGURES[rows[0][0] if rows else 'tempo']})"

    def within(self, first: str, last: str) -> str:
        """SQL that a day is in a period, for ``figures``. first, last: of the period."""
        rows = self._store.rows(
            # Apart from each other both ends are found in the index without reading all of it.
            "SELECT (julianday(?) - julianday(?)) * ? > julianday((SELECT max(day) FROM tempo_worklogs)) "
            "- julianday((SELECT min(day) FROM tempo_worklogs))",
            (last, first, MANY),
        )
        return "+day BETWEEN ? AND ?" if rows[0][0] else "day BETWEEN ? AND ?"

    def begin_run(self, begun: str) -> int:
        """The number of a run that begins. begun: UTC, ISO 8601."""
        self._store.rows("INSERT INTO worklog_runs (begun) VALUES (?)", (begun,))
        return int(self._store.rows("SELECT last_insert_rowid()")[0][0])

    def end_run(self, number: int, run: WorklogRun) -> None:
        """What came of a run."""
        names = ", ".join(f"{name} = ?" for name in WorklogRun._fields)
        self._store.rows(f"UPDATE worklog_runs SET {names} WHERE id = ?", (*run, number))

    def last_run(self) -> WorklogRun | None:
        """The last run that came to its end."""
        columns = ", ".join(WorklogRun._fields)
        rows = self._store.rows(f"SELECT {columns} FROM worklog_runs WHERE ended IS NOT NULL ORDER BY id DESC LIMIT 1")
        return WorklogRun(*rows[0]) if rows else None

    def incomplete_since(self) -> str | None:
        """When the first of the runs began that were incomplete ever since; UTC, ISO 8601."""
        since: str | None = self._store.rows(
            "SELECT min(begun) FROM worklog_runs WHERE exit_code = 7 "
            "AND id > coalesce((SELECT max(id) FROM worklog_runs WHERE exit_code = 0), 0)"
        )[0][0]
        return since
