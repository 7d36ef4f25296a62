"""Whether the entries of a scenario fit each other: what is named exists, and nothing stands there twice."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from mock_server.errors import Unusable
from mock_server.nouns.every import NOUNS
from mock_server.nouns.noun import Entries, Noun, Rows

EXIT_SCENARIO = 3


def check_references(folder: Path, entries: Entries) -> None:
    """Raises ``Unusable`` naming the first file and entry that are wrong, and how."""
    present = [noun for noun in NOUNS.values() if entries[noun.name]]
    for noun in present:
        for path in (*noun.unique, *noun.unique_inside):
            _refuse_doubles(folder, noun, path, entries[noun.name])
        for holders, path in noun.sets:
            _refuse_repetitions(folder, noun.name, holders, path, entries[noun.name])
    for noun in present:
        for path, target in noun.references:
            _refuse_unknown(folder, noun.name, path, target, entries)
        for index, sentence in noun.problems(entries):
            _refuse(folder, noun.name, index, sentence)


def _values(value: Any, path: list[str]) -> Iterator[Any]:
    if not path:
        yield value
    elif value is not None:
        inner = value[path[0].removesuffix("[]")]
        for one in inner if path[0].endswith("[]") else [inner]:
            yield from _values(one, path[1:])


def _refuse_unknown(folder: Path, noun: str, path: str, target: str, entries: Entries) -> None:
    known = {entry[NOUNS[target].unique[0]] for entry in entries[target]}
    for index, entry in enumerate(entries[noun], 1):
        for named in _values(entry, path.split(".")):
            if named is not None and named not in known:
                _refuse(folder, noun, index, f"{path}: {named} does not exist among the {target.replace('_', ' ')}")


def _refuse_doubles(folder: Path, noun: Noun, path: str, entries: Rows) -> None:
    seen: dict[Any, int] = {}
    for index, entry in enumerate(entries, 1):
        for value in _values(entry, path.split(".")):
            folded = value.lower() if isinstance(value, str) and path != "token" and not noun.by_case else value
            if folded in seen:
                shown = "the same" if path == "token" else value
                _refuse(folder, noun.name, index, f"{path} {shown} stands in entry {seen[folded]} already")
            if value is not None:
                seen[folded] = index


def _refuse_repetitions(folder: Path, noun: str, holders: str, path: str, entries: Rows) -> None:
    for index, entry in enumerate(entries, 1):
        for holder in _values(entry, holders.split(".") if holders else []):
            found = list(_values(holder, path.split(".")))
            for value in found:
                if found.count(value) > 1:
                    _refuse(folder, noun, index, f"{holders}{'.' if holders else ''}{path}: {value} stands there twice")


def _refuse(folder: Path, noun: str, index: int, what: str) -> NoReturn:
    raise Unusable(f"{folder / noun}.json, entry {index}: {what}.", EXIT_SCENARIO)
