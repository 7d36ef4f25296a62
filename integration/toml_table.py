"""A table of a TOML file, read with a sentence for every mistake."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


class Mistaken(Exception):  # noqa: N818
    """A configuration that cannot be used. The text is a sentence that names file, table and what is allowed."""


class Table:
    """A table of the file that knows its name and which of its keys were asked for."""

    def __init__(self, path: Path, name: str, content: Any) -> None:
        self._where = f"{path}: [{name}]" if name else str(path)
        if not isinstance(content, dict):
            raise Mistaken(f"{self._where} is a table, not {content!r:.40}.")
        self._content = content
        self._known: set[str] = set()

    def get(self, key: str, default: T, check: Callable[[Any], bool], allowed: str) -> T:
        """A value, or the default. Raises ``Mistaken``."""
        self._known.add(key)
        value = self._content.get(key, default)
        if value is not default and not check(value):
            raise Mistaken(f"{self._where} {key} = {value!r:.60}: allowed is {allowed}.")
        return value  # type: ignore[no-any-return]

    def text(self, key: str, default: str = "") -> str:
        """A text."""
        return self.get(key, default, lambda value: isinstance(value, str), "a text")

    def one_of(self, key: str, default: str, *choices: str) -> str:
        """One of some texts."""
        return self.get(key, default, lambda value: value in choices, " or ".join(f'"{choice}"' for choice in choices))

    def whole(self, key: str, default: int, least: int, most: int) -> int:
        """A whole number."""
        return self.get(key, default, lambda value: _is_whole(value) and least <= value <= most, f"{least} to {most}")

    def fraction(self, key: str, default: float, least: float, most: float) -> float:
        """A number."""
        return self.get(
            key,
            default,
            lambda v: isinstance(v, float | int) and not isinstance(v, bool) and least <= v <= most,
            f"{least:g} to {most:g}",
        )

    def is_on(self, key: str, default: bool) -> bool:
        """true or false."""
        return self.get(key, default, lambda value: isinstance(value, bool), "true or false")

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        found: Any = self.get(
            key, [], lambda v: isinstance(v, list) and all(isinstance(entry, str) for entry in v), "a list of texts"
        )
        return tuple(found)

    def table(self, key: str) -> Table:
        """A table within; empty where it is missing."""
        self._known.add(key)
        return Table(Path(self._where), key, self._content.get(key, {}))

    def tables(self, key: str) -> list[Table]:
        """The tables of ``[[key]]``."""
        self._known.add(key)
        found = self._content.get(key, [])
        if not isinstance(found, list):
            raise Mistaken(f"{self._where} {key} is written as [[{key}]], once for each.")
        return [Table(Path(self._where), f"{key} {number + 1}", entry) for number, entry in enumerate(found)]

    def finish(self) -> None:
        """Raises ``Mistaken`` when there is something that nobody asked for: a mistyped key would count for nothing."""
        unknown = sorted(set(self._content) - self._known)
        if unknown:
            raise Mistaken(f"{self._where} knows no {unknown[0]}; it knows {', '.join(sorted(self._known))}.")


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
