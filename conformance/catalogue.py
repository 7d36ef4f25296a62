"""The requirements: what a server or an integration owes, as data from `requirements/<noun>.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

GRADES: Mapping[str, str] = {
    "A": "the vendor's own OpenAPI documents: strong for shapes, weak for behaviour",
    "Ab": "a bean those documents publish without an operation for it: the field names are good, the use is unknown",
    "D": "text or example of an official Tempo or Atlassian page: strong, for the version it describes",
    "O": "observed: a recorded live answer, or code generated from one: strong, for one site and one version",
    "T": "a typed client made from a vendor's OpenAPI document: good for shapes, weak for behaviour",
    "C": "client code only: somebody calls it that way, so path and method are good and the answer's shape is weak",
    "S": "said by this project's own contracts (docs/conformance.md), which bind nobody else",
    "I": "inferred: nobody public says so; such facts never become a requirement",
}
STRONG = frozenset({"A", "D", "O", "S"})
TIERS: Mapping[str, str] = {
    "strict": "published or recorded by the vendor or from a live server: a server that fails it is not compatible",
    "shape": "known from clients only: a server that fails it breaks a client somebody uses",
}
FOLDER = Path(__file__).with_name("requirements")
_SLUG = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*){2}")
_NEEDED = ("id", "text", "source", "grade", "tier")
_KNOWN = (*_NEEDED, "endpoints", "hint", "unchecked")


class RequirementError(Exception):
    """A requirement file is wrong. The message names file and entry."""


@dataclass(frozen=True)
class Requirement:
    """One thing a server must or should do.

    id: slug for ever, `noun.situation.outcome`. text: one sentence. source: where it is public.
    grade: letters of GRADES joined by "+". tier: a key of TIERS. endpoints: "METHOD /path" it is about.
    hint: what usually is wrong when it fails. unchecked: why no check cites it, "" when one must.
    """

    id: str
    text: str
    source: str
    grade: str
    tier: str
    endpoints: tuple[str, ...] = ()
    hint: str = ""
    unchecked: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The requirement as plain JSON values."""
        return asdict(self) | {"endpoints": list(self.endpoints)}


def read_catalogue(folder: Path = FOLDER) -> dict[str, Requirement]:
    """All requirements by id, ordered by file and place. Raises RequirementError for the first wrong entry."""
    found: dict[str, Requirement] = {}
    for path in sorted(folder.glob("*.toml")):
        for requirement in _read_file(path):
            if requirement.id in found:
                raise RequirementError(f"{path.name}: {requirement.id} exists twice")
            found[requirement.id] = requirement
    return found


def _read_file(path: Path) -> Iterable[Requirement]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise RequirementError(f"{path.name} is not valid TOML: {error}") from error
    if set(content) != {"requirement"}:
        raise RequirementError(f"{path.name} must hold [[requirement]] entries and nothing else")
    return [_requirement(entry, path) for entry in content["requirement"]]


def _requirement(entry: Mapping[str, Any], path: Path) -> Requirement:
    name = f"{path.name}: {entry.get('id', 'an entry without id')}"
    for key in _NEEDED:
        if not isinstance(entry.get(key), str) or not entry[key]:
            raise RequirementError(f"{name} lacks {key}")
    if unknown := set(entry) - set(_KNOWN):
        raise RequirementError(f"{name} has unknown entries: {', '.join(sorted(unknown))}")
    if not _SLUG.fullmatch(entry["id"]) or entry["id"].split(".")[0] != path.stem:
        raise RequirementError(f"{name}: an id reads noun.situation.outcome, and its noun is the file's name")
    if not re.search(r"\b(must|should)\b", entry["text"]) or not entry["text"].endswith("."):
        raise RequirementError(f"{name}: the text is one sentence that says must or should")
    grades = set(entry["grade"].split("+"))
    if not grades <= set(GRADES):
        raise RequirementError(f"{name}: grade {entry['grade']!r} is not made of {', '.join(GRADES)}")
    if "I" in grades:
        raise RequirementError(f"{name}: inferred facts stay out of the suite")
    if entry["tier"] not in TIERS:
        raise RequirementError(f"{name}: tier {entry['tier']!r} is not one of {', '.join(TIERS)}")
    if entry["tier"] == "strict" and not grades & STRONG:
        raise RequirementError(f"{name}: a strict requirement needs evidence of grade A, D, O or S")
    return Requirement(**{**entry, "endpoints": tuple(entry.get("endpoints", ()))})
