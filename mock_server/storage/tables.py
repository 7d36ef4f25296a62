"""The tables of a world, as numbered files of SQL in ``migrations/``.

Times are ISO 8601 in UTC, dates ``yyyy-MM-dd``, an open end is NULL. Ids are SQLite rowids with AUTOINCREMENT, so an id
is never given out twice, as in Tempo.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations

APPLICATION_ID = 0x544D4F4B
"""Written into every database file of ours (``PRAGMA application_id``), so that a file of somebody else is recognised."""


STEPS = tuple(
    (file.stem, file.read_text(encoding="utf-8")) for file in sorted((Path(__file__).parent / "migrations").glob("*.sql"))
)
"""Every migration, oldest first: its name for ever, and its SQL. A change to the tables is one more file at the end."""

SCHEMA_VERSION = len(STEPS)
"""Number of migrations a database has seen (``PRAGMA user_version``); a larger number was written by a newer version."""


def statements(sql: str) -> list[str]:
    """The single statements of a migration; none of them holds a semicolon inside."""
    return [statement for statement in sql.split(";") if statement.strip()]


def migrations() -> "Migrations":
    """The steps as sqlite-utils migrations, which remember in the database which of them it has seen."""
    # Imported here: a world in memory is always new and needs no remembering, and start-up time is a feature.
    from sqlite_utils import Migrations

    found = Migrations("tempo-mock")
    for name, sql in STEPS:
        found(name=name)(_step(sql))
    return found


def _step(sql: str) -> "Callable[[Database], None]":
    def apply(db: "Database") -> None:
        for statement in statements(sql):
            db.execute(statement)

    return apply
