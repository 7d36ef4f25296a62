"""The suite's own description of bean shapes, written from the public sources and nothing a server under test uses.

Members that are not described are allowed: later versions add some.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol


class Shape(Protocol):
    """Something a JSON value can be compared with."""

    @property
    def title(self) -> str:
        """What is wanted, in words."""

    def faults(self, value: object, where: str) -> Iterator[str]:
        """What is wrong with a value that stands at `where`."""


@dataclass(frozen=True)
class Plain:
    """A value without members: `title` for people, `accepts` for the machine."""

    title: str
    accepts: Callable[[object], bool]

    def faults(self, value: object, where: str) -> Iterator[str]:
        """One fault when the value is not accepted."""
        if not self.accepts(value):
            yield f"{where or 'the body'} is {kind_of(value)}, not {self.title}"


@dataclass(frozen=True)
class ListOf:
    """An array whose items all have one shape."""

    item: Shape

    @property
    def title(self) -> str:
        """What is wanted, in words."""
        return f"an array of: {self.item.title}"

    def faults(self, value: object, where: str) -> Iterator[str]:
        """The faults of the array or of its items."""
        if not isinstance(value, list):
            yield f"{where or 'the body'} is {kind_of(value)}, not an array"
            return
        for index, item in enumerate(value):
            yield from self.item.faults(item, f"{where}[{index}]")


@dataclass(frozen=True)
class MapOf:
    """An object with members of any name whose values all have one shape."""

    value: Shape

    @property
    def title(self) -> str:
        """What is wanted, in words."""
        return f"an object whose values are each {self.value.title}"

    def faults(self, value: object, where: str) -> Iterator[str]:
        """The faults of the object or of its values."""
        if not isinstance(value, dict):
            yield f"{where or 'the body'} is {kind_of(value)}, not an object"
            return
        for name, item in value.items():
            yield from self.value.faults(item, f"{where}.{name}".lstrip("."))


@dataclass(frozen=True)
class Bean:
    """An object: members it must have, may have, groups of which one must be there, members it must not have."""

    title: str
    needed: Mapping[str, Shape] = field(default_factory=dict)
    optional: Mapping[str, Shape] = field(default_factory=dict)
    any_of: tuple[tuple[str, ...], ...] = ()
    absent: tuple[str, ...] = ()

    def faults(self, value: object, where: str) -> Iterator[str]:
        """The faults of the object and of its members."""
        if not isinstance(value, dict):
            yield f"{where or 'the body'} is {kind_of(value)}, not an object"
            return
        prefix = f"{where}." if where else ""
        for name, shape in self.needed.items():
            if name not in value:
                yield f"{prefix}{name} is missing"
            else:
                yield from shape.faults(value[name], f"{prefix}{name}")
        for name, shape in self.optional.items():
            if name in value:
                yield from shape.faults(value[name], f"{prefix}{name}")
        for names in self.any_of:
            if not any(name in value for name in names):
                yield f"{where or 'the object'} has none of {', '.join(names)}"
        for name in self.absent:
            if name in value:
                yield f"{prefix}{name} is there"


def kind_of(value: object) -> str:
    """A JSON value's type with a glimpse of it: `the text "50"`, `the number 50`, `an array of 3`."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return f"the boolean {str(value).lower()}"
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, str):
        return f'the text "{value[:60]}"'
    if isinstance(value, list):
        return f"an array of {len(value)}"
    return "an object"


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def matching(title: str, pattern: str) -> Plain:
    """A text that matches a regular expression as a whole."""
    compiled = re.compile(pattern)
    return Plain(title, lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None)


def literal(*values: str) -> Plain:
    """One of some texts."""
    return Plain(" or ".join(f'"{value}"' for value in values), lambda value: isinstance(value, str) and value in values)


TEXT = Plain("a text", lambda value: isinstance(value, str))
FILLED = Plain("a text that is not empty", lambda value: isinstance(value, str) and value != "")
NUMBER = Plain("a whole number", _is_int)
ID = Plain("a positive whole number", lambda value: _is_int(value) and isinstance(value, int) and value > 0)
FLAG = Plain("a boolean", lambda value: isinstance(value, bool))
TEXT_OR_NULL = Plain("a text or null", lambda value: value is None or isinstance(value, str))
MAPPING = Plain("an object", lambda value: isinstance(value, dict))
EMPTY_OBJECT = Plain("an empty object", lambda value: value == {})
PERCENT_TEXT = matching("a percentage as a text of digits", r"\d{1,3}")
DATE_OR_OPEN = matching('a date such as 04/Jan/13, or "" for open', r"(?:\d\d/[A-Z][a-z]{2}/\d\d)?")
ISO_DATE_OR_OPEN = matching('a date such as 2013-01-04, or "" for open', r"(?:\d{4}-\d\d-\d\d)?")
JIRA_STAMP = matching("a time such as 2013-01-04T10:00:00.000+0000", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}")

AVATARS = Bean("avatar addresses in four sizes", dict.fromkeys(("16x16", "24x24", "32x32", "48x48"), FILLED))
