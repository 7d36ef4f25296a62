"""Fields of what the audit feed tells, and how their values are written: all as texts, as on the wire otherwise."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

_DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")

Person = Callable[[int], str]
"""Person id -> accountId."""

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
