"""The configuration: a TOML file a person writes, read with a sentence for every mistake."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from integration.absences import AbsenceOptions
from integration.diff import Guard
from integration.records import Template

T = TypeVar("T")

FILE = "tempo-sync.toml"
"""Where the configuration is looked for."""


class Mistaken(Exception):  # noqa: N818
    """A configuration that cannot be used. The text is a sentence that names file, table and what is allowed."""


@dataclass(frozen=True)
class Settings:
    """What the file says, with what it leaves out.

    days_back, days_ahead: the window around today. templates: (person, issue key) -> template, person "" for everybody;
    people are named by accountId. remind_days: so many days before the token ends it is warned of.
    """

    path: Path
    tempo_url: str
    jira_url: str
    jira_user: str
    per_second: float
    state: Path
    days_back: int
    days_ahead: int
    options: AbsenceOptions
    guard: Guard
    overwrite: bool
    templates: Mapping[tuple[str, str], Template]
    remind_days: int
    calendar: Path | None
    json_file: Path | None
    to_jira: bool
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


class _Table:
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

    def table(self, key: str) -> _Table:
        """A table within; empty where it is missing."""
        self._known.add(key)
        return _Table(Path(self._where), key, self._content.get(key, {}))

    def tables(self, key: str) -> list[_Table]:
        """The tables of ``[[key]]``."""
        self._known.add(key)
        found = self._content.get(key, [])
        if not isinstance(found, list):
            raise Mistaken(f"{self._where} {key} is written as [[{key}]], once for each.")
        return [_Table(Path(self._where), f"{key} {number + 1}", entry) for number, entry in enumerate(found)]

    def finish(self) -> None:
        """Raises ``Mistaken`` when there is something that nobody asked for: a mistyped key would count for nothing."""
        unknown = sorted(set(self._content) - self._known)
        if unknown:
            raise Mistaken(f"{self._where} knows no {unknown[0]}; it knows {', '.join(sorted(self._known))}.")


def read_settings(path: Path) -> Settings:
    """The settings of a file. Raises ``Mistaken``."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Mistaken(f"There is no {path}; `tempo-sync init` writes one.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise Mistaken(f"{path} cannot be read ({error}).") from None
    except tomllib.TOMLDecodeError as error:
        raise Mistaken(f"{path} is not TOML: {error}.") from None
    top = _Table(path, "", content)
    site, absences, guard = top.table("site"), top.table("absences"), top.table("guard")
    state, sinks, token = top.table("state"), top.table("sinks"), top.table("token")
    settings = Settings(
        path=path,
        tempo_url=_address(path, site, "tempo_url", "https://api.tempo.io"),
        jira_url=_address(path, site, "jira_url", ""),
        jira_user=site.text("jira_user"),
        per_second=site.fraction("requests_per_second", 5.0, 0.1, 10_000.0),
        state=_beside(path, state.text("database", "tempo-sync.db")),
        days_back=absences.whole("days_back", 30, 0, 366),
        days_ahead=absences.whole("days_ahead", 90, 1, 366),
        options=AbsenceOptions(
            full_day=absences.one_of("full_day", "required", "required", "8h"),
            long_leave=absences.one_of("long_leave", "daily", "daily", "one"),
            requested=absences.is_on("requested", True),
            from_worklogs=absences.is_on("from_worklogs", False),
            zone=_zone(absences.text("default_zone", "UTC"), path),
        ),
        guard=Guard(guard.whole("count", 20, 0, 1_000_000), guard.fraction("share", 0.3, 0.0, 1.0)),
        overwrite=absences.one_of("hand_edited", "keep", "keep", "overwrite") == "overwrite",
        templates=_templates(path, top),
        remind_days=token.whole("remind_days", 14, 0, 366),
        calendar=_optional(path, sinks.text("calendar")),
        json_file=_optional(path, sinks.text("json")),
        to_jira=sinks.is_on("jira", False),
        secrets={name: token.text(name) for name in ("tempo", "jira")},
    )
    for table in (site, absences, guard, state, sinks, token, top):
        table.finish()
    return settings


def _templates(path: Path, top: _Table) -> dict[tuple[str, str], Template]:
    found: dict[tuple[str, str], Template] = {}
    for table in top.tables("template"):
        issue, person = table.text("issue"), table.text("person")
        if not issue:
            raise Mistaken(f"{path}: every [[template]] has an issue, the key of an internal issue such as HR-1.")
        if (person, issue) in found:
            raise Mistaken(f"{path}: there are two templates for {issue} of {person or 'everybody'}.")
        mention = table.whole("mention_days_ahead", -1, -1, 60)
        template = Template(
            name=table.text("name", issue),
            coverers=table.texts("coverers"),
            approver=table.text("approver") or None,
            message=table.text("message"),
            mention_days=None if mention < 0 else mention,
            scope=table.text("scope"),
        )
        if not (template.coverers or template.approver or template.message):
            raise Mistaken(f"{path}: the template {template.name} does nothing; give it coverers, an approver or a message.")
        table.finish()
        found[person, issue] = template
    return found


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _address(path: Path, table: _Table, key: str, default: str) -> str:
    url = table.text(key, default)
    if not url.startswith(("https://", "http://")):
        raise Mistaken(f"{path}: [site] {key} is an address that begins with https://, not {url or 'missing'}.")
    return url.rstrip("/")


def _zone(name: str, path: Path) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise Mistaken(f"{path}: [absences] default_zone is a name such as Europe/Berlin, not {name}.") from None
    return name


def _beside(path: Path, name: str) -> Path:
    # Relative to the configuration, wherever the command is called from.
    return path.parent / name


def _optional(path: Path, name: str) -> Path | None:
    return _beside(path, name) if name else None
