"""One world's database: one connection, one lock, one transaction a request.

Measured on this design: eight threads with two hundred writes each lose nothing, and a connection per thread was slower.
"""

import sqlite3
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

Row = tuple[Any, ...]
Parameters = Sequence[Any] | Mapping[str, Any]
"""What stands for the marks of a statement, in their order or by name."""

ConflictingRows = sqlite3.IntegrityError
"""Raised when a row breaks a rule of the tables."""


class Author(NamedTuple):
    """Who changes something, for the audit trail: person key, face, name of the call, and when (ISO 8601, UTC)."""

    who: str
    face: str
    call: str
    at: str


class Store:
    """Rows of one world. Every method but ``transaction`` is to be called inside a transaction of the same thread."""

    def __init__(self, connection: sqlite3.Connection, *, shared: bool = False) -> None:
        """``shared`` tells that another program may write to the same file meanwhile."""
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        self._connection = connection
        self._execute = connection.execute
        self._shared = shared
        # Part of the version: two stores, or one whose content was replaced, are never of one version.
        self._epoch = object()
        self._lock = threading.RLock()

    def transaction(self, author: Author | None = None) -> "Transaction":
        """Hold the world for one request: commit at the end, or undo everything when anything is raised.

        ``author`` is given by calls that write; without it nothing is told to the audit trail.
        """
        return Transaction(self, author)

    def reading(self) -> AbstractContextManager[object]:
        """Hold the world for one request that changes nothing.

        In memory the lock alone does it, as nobody else can write. It matters: every statement lets another thread run,
        and those then only queue for the lock.
        """
        return Transaction(self, None) if self._shared else self._lock

    def act_as(self, author: Author) -> None:
        """From here to the end of the transaction, changes are recorded as this author's."""
        self._execute("UPDATE audit_context SET who = ?, face = ?, call = ?, at = ?", author)

    @property
    def version(self) -> object:
        """A value that is another one after any change of the world, by us or by another program on the same file."""
        if self._shared:
            return self._epoch, self._connection.total_changes, self.value("PRAGMA data_version")
        return self._epoch, self._connection.total_changes

    def one(self, sql: str, parameters: Parameters = ()) -> Row | None:
        """The first row, or None."""
        row: Row | None = self._execute(sql, parameters).fetchone()
        return row

    def all(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """Every row."""
        return self._execute(sql, parameters).fetchall()

    def value(self, sql: str, parameters: Parameters = ()) -> Any:
        """The first column of the first row, or None."""
        row = self.one(sql, parameters)
        return row[0] if row else None

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Change rows; answers how many changed."""
        return self._execute(sql, parameters).rowcount

    def insert(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Insert one row; answers its id."""
        row_id = self._execute(sql, parameters).lastrowid
        if row_id is None:
            raise RuntimeError(f"no row was inserted by: {sql}")
        return row_id

    def insert_row(self, table: str, **values: Any) -> int:
        """Insert one row with these columns; those that are None keep their default. Answers its id."""
        given = {name: value for name, value in values.items() if value is not None}
        marks = ", ".join("?" * len(given))
        return self.insert(f"INSERT INTO {table} ({', '.join(given)}) VALUES ({marks})", tuple(given.values()))

    def insert_rows(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Insert many rows at once; each holds a value for each of these columns."""
        marks = ", ".join("?" * len(columns))
        self._connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)

    def serialize(self) -> bytes:
        """The whole database as bytes, for a copy of this world in memory."""
        with self._lock:
            data = self._connection.serialize()
        # Bytes 18 and 19 say that the file has a write-ahead log, which a copy in memory cannot have.
        return data[:18] + b"\x01\x01" + data[20:] if self._shared else data

    def replace(self, data: bytes) -> None:
        """Become the world that was serialized."""
        with self._lock:
            source = sqlite3.connect(":memory:", check_same_thread=False)
            try:
                source.deserialize(data)
                source.backup(self._connection)
            finally:
                source.close()
            self._epoch = object()

    def forbid_writes(self) -> None:
        """From here on a write is an error: others read this store as theirs."""
        self._execute("PRAGMA query_only = ON")

    def clear(self) -> None:
        """Remove every row and forget every id given out. Part of a transaction that seeds anew."""
        self._execute("PRAGMA defer_foreign_keys = ON")
        for (table,) in self.all("SELECT name FROM sqlite_master WHERE type = 'table'"):
            if table not in ("audit_context", "_sqlite_migrations", "sqlite_sequence"):
                self._execute(f'DELETE FROM "{table}"')
        self._execute("DELETE FROM sqlite_sequence")

    def _begin(self, author: Author | None) -> None:
        self._lock.acquire()
        try:
            self._execute("BEGIN IMMEDIATE" if author else "BEGIN")
            if author:
                self.act_as(author)
        except BaseException:
            self._rollback()
            raise

    def _commit(self, author: Author | None) -> None:
        try:
            if author:
                self._execute("UPDATE audit_context SET who = NULL, face = NULL, call = NULL, at = NULL")
            self._execute("COMMIT")
        except BaseException:
            self._rollback()
            raise
        self._lock.release()

    def _rollback(self) -> None:
        try:
            # A failed COMMIT may have ended the transaction already.
            if self._connection.in_transaction:
                self._execute("ROLLBACK")
        finally:
            self._lock.release()

    def close(self) -> None:
        """Finish writing and let go of the file."""
        with self._lock:
            self._connection.close()

    def __del__(self) -> None:
        # A world that was reset or deleted may still answer a request; the last to use its store closes it.
        connection = getattr(self, "_connection", None)
        if connection is not None:
            connection.close()


class Transaction:
    """A ``with`` block over one transaction. A class and not a generator: this is on the path of every request."""

    __slots__ = ("_author", "_store")

    def __init__(self, store: Store, author: Author | None) -> None:
        self._store = store
        self._author = author

    def __enter__(self) -> None:
        self._store._begin(self._author)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if kind is None:
            self._store._commit(self._author)
        else:
            self._store._rollback()
