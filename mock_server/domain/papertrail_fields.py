"""What the audit feed tells of a table: its fields, and how their values are written, all as texts; its kinds of changes."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

from mock_server.storage.papertrail import Source

_DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")

Person = Callable[[int], str]
"""Person id -> accountId, or another name of theirs."""

Convert = Callable[[Any, Person], str]
"""How the value of a column is written."""


class Field(NamedTuple):
    """A field of an entity: its name, the column it is read from, and how that is written. No value is no field.

    Of two with one name the first with a value counts.
    """

    name: str
    column: str
    convert: Convert


def as_text(value: Any, _: Person) -> str:
    """As it is kept."""
    return str(value)


def as_flag(value: Any, _: Person) -> str:
    """true or false."""
    return "true" if value else "false"


def as_upper(value: Any, _: Person) -> str:
    """In capitals, as the words of the API are."""
    return str(value).upper()


def as_person(value: Any, account: Person) -> str:
    """The accountId of a person's id."""
    return account(value)


def as_day_after(value: Any, _: Person) -> str:
    """The day after a last day, which is how the end of a membership is told."""
    day = date.fromisoformat(value)
    return str(value) if day == date.max else (day + timedelta(days=1)).isoformat()


def as_week(value: Any, _: Person) -> str:
    """The seconds of seven days as the days of a workload scheme, Monday first."""
    return json.dumps([{"day": day, "requiredSeconds": seconds} for day, seconds in zip(_DAYS, json.loads(value), strict=True)])


def always(word: str) -> Convert:
    """One word, whatever the value is."""
    return lambda value, _: word


def fields_of(*told: tuple[str, str] | tuple[str, str, Convert]) -> tuple[Field, ...]:
    """Fields of names, columns and how they are written; as text unless said."""
    return tuple(Field(name, column, *convert) if convert else Field(name, column, as_text) for name, column, *convert in told)


CREATED, DELETED, SYNCED, UPDATED = "Created", "Deleted", "Synced", "Updated"
ACTIONS = (CREATED, DELETED, UPDATED, SYNCED)


class Kind(NamedTuple):
    """What the feed tells of one table. ``id`` and ``parent`` are columns, of which the first with a value counts.

    ``actions`` are the kinds of changes that are told, each with what it is called in the feed; none are all there are.
    """

    entity_type: str
    noun: str
    fields: tuple[Field, ...]
    actions: tuple[tuple[Source, str], ...] = ()
    parent: tuple[str, ...] = ()
    id: str = "id"
    worker: str | None = None

    @property
    def told(self) -> tuple[tuple[Source, str], ...]:
        """The kinds of changes that are told, with their names in the feed."""
        return self.actions or changes(self.noun)


class Owned(NamedTuple):
    """A table whose rows are told as a field of what they belong to: the owner's table, its id, the field, its value.

    ``name`` None means that the rows say themselves which field each is, in their column ``key``.
    """

    owner: str
    owner_id: str
    name: str | None
    column: str
    convert: Convert


def changes(noun: str, only: str = "") -> tuple[tuple[Source, str], ...]:
    """All kinds of changes of a table, or of some of its rows, with what they are called in the feed."""
    words = (("insert", CREATED), ("update", UPDATED), ("delete", DELETED))
    return tuple((Source(noun, verb, only), action) for verb, action in words)
