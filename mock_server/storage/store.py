"""One world's database: one connection, one lock, one transaction a request.

Measured on this design: eight threads with two hundred writes each lose nothing, and a connection per thread was slower.
"""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from sqlite_utils import Database

from mock_server.errors import Unusable
from mock_server.storage.tables import APPLICATION_ID, SCHEMA_VERSION, migrations

EXIT_DATABASE = 4

Row = tuple[Any, ...]
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

    def __init__(self, connection: sqlite3.Connection) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        self._connection = connection
        self._execute = connection.execute
        self._lock = threading.RLock()
        self.database = Database(connection)

    @contextmanager
    def transaction(self, author: Author | None = None) -> Iterator[None]:
        """Hold the world for one request: commit at the end, or undo everything when anything is raised.

        ``author`` is given by calls that write; without it nothing is told to the audit trail.
        """
        with self._lock:
            self._execute("BEGIN IMMEDIATE" if author else "BEGIN")
            try:
                if author:
                    self.act_as(author)
                yield
                if author:
                    self._execute("UPDATE audit_context SET who = NULL, face = NULL, call = NULL, at = NULL")
                self._execute("COMMIT")
            except BaseException:
                # A failed COMMIT may have ended the transaction already.
                if self._connection.in_transaction:
                    self._execute("ROLLBACK")
                raise

    def act_as(self, author: Author) -> None:
        """From here to the end of the transaction, changes are recorded as this author's."""
        self._execute("UPDATE audit_context SET who = ?, face = ?, call = ?, at = ?", author)

    def one(self, sql: str, parameters: Sequence[Any] = ()) -> Row | None:
        """The first row, or None."""
        row: Row | None = self._execute(sql, parameters).fetchone()
        return row

    def all(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Every row."""
        return self._execute(sql, parameters).fetchall()

    def value(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
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

    def serialize(self) -> bytes:
        """The whole database as bytes, for a copy of this world."""
        with self._lock:
            return self._connection.serialize()

    def close(self) -> None:
        """Finish writing and let go of the file."""
        with self._lock:
            self._connection.close()


def _prepare(connection: sqlite3.Connection) -> Store:
    # Audit triggers are installed here and not in the migrations: they follow the tables as they are now.
    from mock_server.storage import audit

    store = Store(connection)
    with store.transaction():
        store.run(f"PRAGMA application_id = {APPLICATION_ID}")
        store.run(f"PRAGMA user_version = {SCHEMA_VERSION}")
        migrations().apply(store.database)
        audit.install(store.database)
    return store


def in_memory(template: bytes | None = None) -> Store:
    """A world that is gone when the program ends; with ``template``, a copy of the world it was serialized from."""
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    if template is None:
        return _prepare(connection)
    connection.deserialize(template)
    return Store(connection)


def on_disk(path: Path) -> Store:
    """The world kept in a file; a new one has tables and no rows.

    Raises ``Unusable`` when the file is not a database of ours, was written by a newer version, or cannot be written.
    Such a file is left as it is.
    """
    is_new = not path.exists() or path.stat().st_size == 0
    try:
        if not is_new:
            _refuse_foreign(path)
        connection = sqlite3.connect(path, check_same_thread=False)
        # WAL with NORMAL survives kill -9 of the process at any moment; only a power cut may lose the last writes.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        return _prepare(connection)
    except (sqlite3.OperationalError, OSError) as error:
        raise Unusable(
            f"The database {path} cannot be opened for writing ({error}); choose another file with --db.", EXIT_DATABASE
        ) from error
    except sqlite3.DatabaseError as error:
        raise Unusable(
            f"The file {path} is not a tempo-mock database; it was left untouched, choose another file with --db.",
            EXIT_DATABASE,
        ) from error


def _refuse_foreign(path: Path) -> None:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        application_id = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    finally:
        connection.close()
    if application_id != APPLICATION_ID:
        raise Unusable(
            f"The database {path} was not made by tempo-mock; it was left untouched, choose another file with --db.",
            EXIT_DATABASE,
        )
    if version > SCHEMA_VERSION:
        raise Unusable(
            f"The database {path} has format {version} and this version knows {SCHEMA_VERSION}; "
            "upgrade tempo-mock-server or choose another file with --db.",
            EXIT_DATABASE,
        )
