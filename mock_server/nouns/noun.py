"""What a noun of a scenario is: a file of entries, the rows that they become, and the entries that rows become again."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from marshmallow import RAISE, Schema, ValidationError, validate

from mock_server.storage import world
from mock_server.storage.store import Store

ID = validate.Range(min=1, max=2**31 - 1)
NAME = validate.Length(min=1, max=255)
TEXT = validate.Length(min=1)

Row = dict[str, Any]
Rows = list[Row]
Entries = Mapping[str, Rows]
"""Noun -> its entries, loaded and checked."""


class EntrySchema(Schema):
    """Base of every entry: what is not known is refused, so that a slip of the pen does not go unnoticed."""

    class Meta:
        unknown = RAISE


class Seeding:
    """A world being filled. Whoever writes entries that others name says so with ``made``."""

    def __init__(self, store: Store, entries: Entries, now: datetime, settings: Mapping[str, str] | None = None) -> None:
        """``settings`` are those of the scenario that differ from the defaults."""
        self.store = store
        self.entries = entries
        self.now = now
        self.settings = settings or {}
        self._ids: dict[tuple[str, Any], int] = {}

    def made(self, noun: str, name: str | int, row_id: int) -> None:
        """The entry of that name has become the row of that id."""
        self._ids[noun, name] = row_id

    def row_of(self, noun: str, name: str | int | None) -> int | None:
        """The id of the row of the entry of that name, or None for None."""
        return None if name is None else self._ids[noun, name]

    def before(self, days: int) -> datetime:
        """The moment so many days before the world begins; a world may begin in the first years there are."""
        return self.now - timedelta(days=min(days, self.now.toordinal() - 2))


class Tables:
    """The tables of a world by name, read once, and what their rows are named by."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rows: dict[str, Rows] = {}
        self._found: dict[tuple[str, str], dict[Any, Rows]] = {}

    def __getitem__(self, table: str) -> Rows:
        if table not in self._rows:
            self._rows[table] = world.rows(self._store, table)
        return self._rows[table]

    def of(self, table: str, column: str, value: Any) -> Rows:
        """The rows with a value in a column."""
        if (table, column) not in self._found:
            index: dict[Any, Rows] = {}
            for row in self[table]:
                index.setdefault(row[column], []).append(row)
            self._found[table, column] = index
        return self._found[table, column].get(value, [])

    def name(self, table: str, row_id: int | None) -> str | None:
        """The name of a row, or None for no row."""
        return None if row_id is None else str(self.of(table, "id", row_id)[0]["name"])

    def key(self, table: str, row_id: int | None) -> str | None:
        """The key of a row, or None for no row."""
        return None if row_id is None else str(self.of(table, "id", row_id)[0]["key"])


def no_problems(entries: Entries) -> Iterator[tuple[int, str]]:
    """Nothing is wrong with a noun that has no rules of its own."""
    return iter(())


class Noun(NamedTuple):
    """One file of a scenario.

    ``write`` makes rows of all entries; ``write_parts`` makes those that name entries of later nouns, or whose ids follow the
    last ids given out before the world begins. ``rows`` makes entries of the rows of a world again.

    Paths go from an entry, and ``[]`` steps into a list. ``unique`` and ``unique_inside`` are values that no two entries
    share; the first of ``unique`` is what other nouns name an entry by. ``sets`` are lists that name nothing twice: the path
    to what holds the list, and the path from there. ``references`` are paths and the noun that is named there. ``problems``
    finds what else is wrong: number of the entry, counted from 1, and what.
    """

    name: str
    entry: type[EntrySchema]
    write: Callable[[Seeding], None]
    rows: Callable[[Tables], Rows]
    write_parts: Callable[[Seeding], None] | None = None
    unique: tuple[str, ...] = ()
    unique_inside: tuple[str, ...] = ()
    sets: tuple[tuple[str, str], ...] = ()
    references: tuple[tuple[str, str], ...] = ()
    by_case: bool = False
    """Whether names are different ones when they differ in case only."""
    problems: Callable[[Entries], Iterator[tuple[int, str]]] = no_problems


def need_one_token(data: Mapping[str, Any]) -> None:
    """Raises ``ValidationError`` unless a token is there in clear or as a hash."""
    if (data["token"] is None) == (data["token_hash"] is None):
        raise ValidationError("Give the token, or its hash, and not both.")


def without(row: Row, *names: str) -> Row:
    """A row less some columns."""
    return {column: value for column, value in row.items() if column not in names}


def only(row: Row, *names: str) -> Row:
    """Some columns of a row."""
    return {name: row[name] for name in names}
