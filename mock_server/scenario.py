"""A scenario: a folder of JSON files, one a noun, from which a world is seeded. Reading and checking, no database."""

import json
import tomllib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from marshmallow import Schema, ValidationError

from mock_server.errors import Invalid, Unusable
from mock_server.nouns.every import NOUNS
from mock_server.nouns.noun import EntrySchema
from mock_server.nouns.world_entry import WorldEntry
from mock_server.scenario_references import EXIT_SCENARIO, check_references
from mock_server.settings import Settings

BUNDLED = ("guide", "empty")
"""Scenarios that come with the package."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario that was read and found sound in itself. ``entries`` maps each noun to its checked entries.

    ``reference`` finds it again: the name of a bundled one, else the absolute path.
    """

    name: str
    reference: str
    path: Path
    title: str
    settings: Mapping[str, str]
    last_ids: Mapping[str, int]
    entries: Mapping[str, list[dict[str, Any]]] = field(repr=False)


def find(name_or_path: str) -> Path:
    """The folder of a bundled scenario, or of one's own. Raises ``Unusable`` naming what there is."""
    own = Path(name_or_path)
    if name_or_path in BUNDLED:
        return _bundled(name_or_path)
    with suppress(OSError):
        # A name too long for the system is a folder that does not exist, too.
        if own.is_dir():
            return own
    raise Unusable(
        f"There is no scenario {name_or_path}; choose {', '.join(BUNDLED)} or the path of a folder with your own.",
        EXIT_SCENARIO,
    )


def last_change(reference: str) -> float:
    """When a file of a folder of one's own was changed last, in seconds; 0 for bundled scenarios, which do not change."""
    if reference in BUNDLED:
        return 0
    return max((file.stat().st_mtime for file in find(reference).glob("*.*")), default=0)


def read(path: Path) -> Scenario:
    """Read and check a folder. Raises ``Unusable`` naming the first file and entry that are wrong, and how."""
    world: dict[str, Any] = {}
    world_file = path / "scenario.toml"
    if not world_file.exists() and not any((path / f"{noun}.json").exists() for noun in NOUNS):
        raise Unusable(f"{path} holds no file of a scenario, such as scenario.toml or teams.json.", EXIT_SCENARIO)
    if world_file.exists():
        try:
            world = tomllib.loads(world_file.read_text(encoding="utf-8"))
        except (ValueError, RecursionError) as error:
            raise Unusable(f"{world_file} is not TOML: {error}.", EXIT_SCENARIO) from None
        except OSError as error:
            raise _unreadable(world_file, error) from None
    if isinstance(world.get("settings"), dict):
        world["settings"] = _flat(world["settings"])
    settled = _checked(WorldEntry(), world, world_file, "")
    try:
        Settings(settled["settings"])
    except Invalid as error:
        raise Unusable(f"{world_file}, settings: {error}", EXIT_SCENARIO) from None
    entries = {noun.name: _entries(noun.entry, path / f"{noun.name}.json") for noun in NOUNS.values()}
    _refuse_unknown_files(path, entries)
    reference = path.name if path == _bundled(path.name) else str(path.absolute())
    scenario = Scenario(path.name, reference, path, settled["title"], settled["settings"], settled["last_ids"], entries)
    check_references(path, entries)
    return scenario


def _flat(table: dict[str, Any], path: str = "") -> dict[str, Any]:
    """``teams.version = "2017"`` without quotes around the name is a table inside a table to TOML; here it is a name."""
    found: dict[str, Any] = {}
    for name, value in table.items():
        whole = f"{path}{name}"
        found |= _flat(value, f"{whole}.") if isinstance(value, dict) else {whole: value}
    return found


def _entries(entry_schema: type[EntrySchema], file: Path) -> list[dict[str, Any]]:
    if not file.exists():
        return []
    try:
        text = file.read_text(encoding="utf-8")
        found = json.loads(text)
        if "\\u" in text:
            # Half of a surrogate pair can be written in JSON and nowhere else.
            json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Unusable(f"{file} is not JSON: {error}.", EXIT_SCENARIO) from None
    except OSError as error:
        raise _unreadable(file, error) from None
    if not isinstance(found, list):
        raise Unusable(f"{file} holds no list of entries.", EXIT_SCENARIO)
    # Made here: an instance takes longer than most files, and a noun without a file needs none.
    schema = entry_schema()
    return [_checked(schema, entry, file, f"entry {index}") for index, entry in enumerate(found, 1)]


def _unreadable(file: Path, error: OSError) -> Unusable:
    return Unusable(f"{file} cannot be read: {error.strerror}.", EXIT_SCENARIO)


def _checked(schema: Schema, entry: Any, file: Path, where: str) -> dict[str, Any]:
    try:
        values: dict[str, Any] = schema.load(entry)
    except ValidationError as error:
        label = f"{file}{', ' + where if where else ''}{_label(entry)}"
        raise Unusable(f"{label}: {_first(error.messages)}", EXIT_SCENARIO) from None
    return values


def _label(entry: Any) -> str:
    if isinstance(entry, dict):
        for name in ("name", "key", "id"):
            if isinstance(entry.get(name), str | int):
                return f" ({entry[name]})"
    return ""


def _first(messages: Any, path: str = "") -> str:
    if isinstance(messages, dict):
        name, inner = next(iter(messages.items()))
        # Entries are counted from 1 everywhere, inside lists as well.
        step = str(name + 1) if isinstance(name, int) else str(name)
        return _first(inner, path if name == "_schema" else f"{path}.{step}" if path else step)
    text = str(messages[0] if isinstance(messages, list) else messages)
    return f"{path}: {text}" if path else text


def _refuse_unknown_files(path: Path, entries: Iterable[str]) -> None:
    for file in sorted(path.glob("*.json")):
        if file.stem not in entries:
            raise Unusable(f"{file} is no noun of a scenario; these are {', '.join(entries)}.", EXIT_SCENARIO)


def _bundled(name: str) -> Path:
    # In an installed package beside this module, in a checkout beside the package.
    package = Path(__file__).parent
    in_wheel = package / "fixtures" / name
    return in_wheel if in_wheel.is_dir() else package.parent / "fixtures" / name
