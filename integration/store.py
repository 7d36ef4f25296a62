"""The sync's own database: the rules, what was done about them, and what it must remember between two runs."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from integration import private_files
from integration.records import SOURCE, HeldRule, Issue, Outcome, Rule
from integration.rows import COLUMNS, held_of, row_of, written_of
from integration.tables import Foreign, prepare


class Unusable(Exception):  # noqa: N818
    """A database that cannot be used. The text is a sentence with the way out."""


class Connection(NamedTuple):
    """What is known of the connection to Tempo; the token itself is never in here.

    expires: last day of the token, None when it was not told. purpose: why the token was made. fingerprint: the first
    characters of the token's SHA-256, to notice that another one is used now. use: absences or worklogs, which it was verified
    for.
    """

    url: str
    purpose: str
    expires: date | None
    fingerprint: str
    verified: str
    use: str = "absences"


class RunRecord(NamedTuple):
    """A run that is over. begun, ended: UTC, ISO 8601. reason: why the reading was not whole, "" when it was."""

    begun: str
    exit_code: int
    reason: str
    created: int
    updated: int
    deleted: int
    kept: int
    withheld: int
    ended: str


Key = tuple[str, str, str, int]

IN_USE = "the database is in use by another run or program; wait until it is over"

_COLUMNS = ", ".join(COLUMNS)
_PLACES = ", ".join("?" * len(COLUMNS))


class Store:
    """One file. Every write is in a ``transaction``; what was not committed never was."""

    def __init__(self, path: str | Path, patience: float = 10.0) -> None:
        """path: ":memory:" keeps nothing. patience: seconds that another run is waited for. Raises ``Unusable``."""
        self._path = path
        sentence = f"{path} cannot be used as the database of tempo-sync"
        if path != ":memory:":
            # The rules say who is ill.
            private_files.create(path)
        try:
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=patience)
        except sqlite3.Error as error:
            raise Unusable(f"{sentence} ({error}); name another under [state]") from None
        try:
            prepare(self._connection)
        except (sqlite3.Error, Foreign) as error:
            self._connection.close()
            if _is_locked(error):
                raise Unusable(IN_USE) from None
            raise Unusable(f"{sentence} ({error}); name another under [state]") from None

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or nothing. Raises ``Unusable`` while another run writes."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise self._unusable(error) from None
        try:
            yield
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._roll_back()
            raise self._unusable(error) from None
        except BaseException:
            self._roll_back()
            raise

    def held(self, account_id: str | None = None) -> list[HeldRule]:
        """The rules of one person, or of everybody, by person and beginning."""
        where, values = ("WHERE account_id = ?", (account_id,)) if account_id is not None else ("", ())
        rows = self._all(f"SELECT id, written, {_COLUMNS} FROM rules {where} ORDER BY account_id, begin, id", values)
        return [self._rule(*row) for row in rows]

    def people(self) -> list[str]:
        """AccountIds of those who have rules."""
        return [row[0] for row in self._all("SELECT DISTINCT account_id FROM rules ORDER BY account_id")]

    def given_away(self) -> dict[str, list[HeldRule]]:
        """AccountId -> rules that this sync wrote for them, and that somebody edited to be another person's."""
        # What is written begins with the accountId as JSON.
        rows = self._all(
            f"SELECT id, written, {_COLUMNS} FROM rules "
            "WHERE substr(written, 1, length(account_id) + 4) <> '[\"' || account_id || '\",' ORDER BY account_id, begin, id"
        )
        found: dict[str, list[HeldRule]] = {}
        for held in (self._rule(*row) for row in rows):
            if held.written is not None and held.written.account_id != held.rule.account_id:
                found.setdefault(held.written.account_id, []).append(held)
        return found

    def rule(self, number: int) -> HeldRule | None:
        """A rule as it stands now, None when it is gone."""
        rows = self._all(f"SELECT id, written, {_COLUMNS} FROM rules WHERE id = ?", (number,))
        return self._rule(*rows[0]) if rows else None

    def find(self, key: Key) -> HeldRule | None:
        """The rule that this sync wrote with a key: an edit by hand makes it no other rule."""
        begins = json.dumps(key[:3])[:-2]
        rows = self._all(
            f"SELECT id, written, {_COLUMNS} FROM rules WHERE account_id = ? AND substr(written, 1, ?) = ?",
            (key[0], len(begins), begins),
        )
        found = (self._rule(*row) for row in rows)
        return next((held for held in found if held.written is not None and held.written.key == key), None)

    def add(self, rule: Rule) -> int:
        """One more rule. Adding what is there already, by its key, replaces it: a run that was killed may come again."""
        there = self.find(rule.key) if rule.source == SOURCE else None
        if there is not None:
            self.change(there.id, rule)
            return there.id
        values = (*row_of(rule), written_of(rule))
        cursor = self._connection.execute(f"INSERT INTO rules ({_COLUMNS}, written) VALUES ({_PLACES}, ?)", values)
        return int(cursor.lastrowid or 0)

    def change(self, number: int, rule: Rule) -> None:
        """Another rule in place of one."""
        names = ", ".join(f"{name} = ?" for name in COLUMNS)
        self._connection.execute(
            f"UPDATE rules SET {names}, written = ? WHERE id = ?", (*row_of(rule), written_of(rule), number)
        )

    def remove(self, number: int) -> None:
        """One rule less; no harm when it is gone."""
        self._connection.execute("DELETE FROM rules WHERE id = ?", (number,))

    def begin_run(self, begun: str) -> int:
        """The number of a run that begins."""
        return int(self._connection.execute("INSERT INTO runs (begun) VALUES (?)", (begun,)).lastrowid or 0)

    def end_run(self, number: int, record: RunRecord) -> None:
        """What came of a run."""
        names = ", ".join(f"{name} = ?" for name in RunRecord._fields)
        self._connection.execute(f"UPDATE runs SET {names} WHERE id = ?", (*record, number))

    def note(self, run: int, outcome: Outcome) -> None:
        """What became of one change."""
        account_id, issue_id, day, part = outcome.key
        values = (run, outcome.action, outcome.sink, account_id, issue_id, day, part, outcome.error, outcome.target)
        self._connection.execute(
            "INSERT INTO outcomes (run, action, sink, account_id, issue_id, day, part, error, target) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        )

    def outcomes(self, run: int) -> list[Outcome]:
        """Of a run, in their order."""
        rows = self._all(
            "SELECT action, sink, account_id, issue_id, day, part, error, target FROM outcomes WHERE run = ? ORDER BY id",
            (run,),
        )
        return [
            Outcome(action, sink, (person, issue, day, part), error, target)
            for action, sink, person, issue, day, part, error, target in rows
        ]

    def selection(self) -> dict[str, Issue]:
        """The issues that make rules, by id."""
        return {row[0]: Issue(*row) for row in self._all("SELECT id, key, summary FROM selected_issues ORDER BY key")}

    def select(self, issues: Iterable[Issue]) -> None:
        """Make exactly these the issues that make rules."""
        self._connection.execute("DELETE FROM selected_issues")
        self._connection.executemany("INSERT INTO selected_issues (id, key, summary) VALUES (?, ?, ?)", list(issues))

    def connection(self) -> Connection | None:
        """What is known of the connection, None before the first."""
        told = self.fact("connection")
        if told is None:
            return None
        found: Mapping[str, Any] = json.loads(told)
        expires = found["expires"] and date.fromisoformat(found["expires"])
        use = found.get("use", Connection._field_defaults["use"])
        return Connection(found["url"], found["purpose"], expires, found["fingerprint"], found["verified"], use)

    def set_connection(self, connection: Connection) -> None:
        """Remember a connection that was verified."""
        expires = connection.expires.isoformat() if connection.expires else None
        self.set_fact("connection", json.dumps({**connection._asdict(), "expires": expires}))

    def fact(self, name: str) -> str | None:
        """Something remembered by name, such as ``last_read``, the moment of the last whole reading (UTC, ISO 8601)."""
        value: str | None = self._value("SELECT value FROM facts WHERE name = ?", (name,))
        return value

    def set_fact(self, name: str, value: str) -> None:
        """Remember something by name."""
        self._connection.execute("INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)", (name, value))

    def forget(self, name: str) -> None:
        """Remember it no more."""
        self._connection.execute("DELETE FROM facts WHERE name = ?", (name,))

    def rows(self, sql: str, values: tuple[Any, ...] = ()) -> list[Any]:
        """Rows of the tables that others keep here; a write is to be within a transaction."""
        return self._all(sql, values)

    def each(self, sql: str, values: tuple[Any, ...] = ()) -> Iterator[Any]:
        """Rows one after the other, for tables that are larger than memory; nothing is to be written meanwhile."""
        try:
            yield from self._connection.execute(sql, values)
        except sqlite3.Error as error:
            raise self._unusable(error) from None

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> int:
        """One write for each row, within a transaction; how many rows of the table they changed."""
        return self._connection.executemany(sql, rows).rowcount

    def _rule(self, number: int, written: str | None, *values: Any) -> HeldRule:
        try:
            return held_of(number, written, values)
        except ValueError as error:
            way_out = "put it right or delete the row"
            raise Unusable(
                f"rule {number} in {self._path} was edited to something that is no rule ({error}); {way_out}"
            ) from None

    def _all(self, sql: str, values: tuple[Any, ...] = ()) -> list[Any]:
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise self._unusable(error) from None

    def _value(self, sql: str, values: tuple[Any, ...] = ()) -> Any:
        rows = self._all(sql, values)
        return rows[0][0] if rows else None

    def _roll_back(self) -> None:
        # After a full disk SQLite has done so itself.
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def _unusable(self, error: sqlite3.Error) -> Unusable:
        if _is_locked(error):
            return Unusable(IN_USE)
        return Unusable(f"{self._path} does not work as a database ({error}): look at the disk, or put back a copy of it")


def _is_locked(error: Exception) -> bool:
    # The extended codes have the primary one in their last byte.
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF in (
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
    )
