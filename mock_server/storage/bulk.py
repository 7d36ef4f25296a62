"""Fills a new database file with very many rows at once.

Three things make it fast, and none of them is for a file that somebody else may read: no journal, as a file that was not
finished is thrown away; audit triggers at the end only, as a seeded row is nobody's change; and the indexes of the long
tables made once all rows are there, which sorts each of them once.
"""

import contextlib
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from mock_server.errors import Unusable
from mock_server.storage.opening import EXIT_DATABASE, mark, migrate, watch
from mock_server.storage.store import Store

LONG_TABLES = ("worklogs", "plans", "plan_stretches")
"""Tables whose indexes are made at the end."""

_CACHE_KILOBYTES = 64_000


class Building:
    """A database being made. ``store`` is for what is few; it is to be used inside its transactions."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.store = Store(connection)
        mark(self.store)
        # Whoever computes the rows answers for them; a test looks for broken references in the result.
        connection.execute("PRAGMA foreign_keys = OFF")
        self._indexes = _take_indexes(connection)

    def load(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Insert every row, taken from the iterable one by one. To be called inside a transaction of ``store``."""
        marks = ", ".join("?" * len(columns))
        self._connection.executemany(f'INSERT INTO "{table}" ({", ".join(columns)}) VALUES ({marks})', rows)

    def finish(self) -> None:
        """Make the indexes that were left out, and the audit triggers."""
        for sql in self._indexes:
            self._connection.execute(sql)
        watch(self.store)


@contextlib.contextmanager
def new_database(path: Path) -> Iterator[Building]:
    """A database that gets its name when the block has ended well; otherwise nothing of it is left.

    Raises ``Unusable`` when there is such a file already, and when it cannot be written.
    """
    refuse_existing(path)
    # Beside it, so that giving it its name is one step of the file system's.
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        # One that a killed run left; in containers every process has the same number.
        unfinished.unlink(missing_ok=True)
        connection = sqlite3.connect(unfinished, check_same_thread=False)
        try:
            building = Building(_prepared(connection))
            yield building
            building.finish()
        finally:
            connection.close()
        refuse_existing(path)
        unfinished.replace(path)
    except (sqlite3.DatabaseError, OSError) as error:
        raise Unusable(
            f"The database {path} cannot be written ({error}); choose another file with --db.", EXIT_DATABASE
        ) from error
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)


def refuse_existing(path: Path) -> None:
    """Raises ``Unusable`` unless a new database can have this name: there is no such file, or an empty one."""
    if path.is_dir() or not path.name:
        raise Unusable(f"{path} is a folder; name a file with --db.", EXIT_DATABASE)
    # A log left beside a database that was removed would be read into the new one.
    for file in (path, *(path.with_name(path.name + suffix) for suffix in ("-wal", "-journal"))):
        if file.exists() and file.stat().st_size:
            raise Unusable(
                f"There is {file} already; it was left untouched, remove it or choose another file with --db.", EXIT_DATABASE
            )


def _prepared(connection: sqlite3.Connection) -> sqlite3.Connection:
    for setting in ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE", f"cache_size = -{_CACHE_KILOBYTES}"):
        connection.execute(f"PRAGMA {setting}")
    migrate(connection)
    return connection


def _take_indexes(connection: sqlite3.Connection) -> list[str]:
    marks = ", ".join("?" * len(LONG_TABLES))
    found = connection.execute(
        f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql NOT NULL AND tbl_name IN ({marks})", LONG_TABLES
    ).fetchall()
    for name, _ in found:
        connection.execute(f'DROP INDEX "{name}"')
    return [sql for _, sql in found]
