"""The configuration: a TOML file a person writes, read with a sentence for every mistake."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from integration.absences import PLACE_HOLDERS, AbsenceOptions
from integration.address import mistake
from integration.diff import Guard
from integration.private_files import is_open_to_others
from integration.records import Template
from integration.toml_table import Mistaken as Mistaken
from integration.toml_table import Table
from integration.worklog_settings import WorklogSettings, read_worklogs

FILE = "tempo-sync.toml"
"""Where the configuration is looked for."""


_PLACE_HOLDER = re.compile(r"\[[^\[\]]*\]")


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
    worklogs: WorklogSettings = field(default_factory=WorklogSettings)


def read_settings(path: Path) -> Settings:
    """The settings of a file. Raises ``Mistaken``."""
    return check_mode(settings_of(path, text_of(path)))


def text_of(path: Path) -> str:
    """What the file says. Raises ``Mistaken``."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Mistaken(f"There is no {path}; `tempo-sync init` writes one.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise Mistaken(f"{path} cannot be read ({error}).") from None


def check_mode(settings: Settings) -> Settings:
    """The same settings. Raises ``Mistaken`` where others can read a token in their file."""
    path = settings.path
    if any(told.startswith("text:") for told in settings.secrets.values()) and is_open_to_others(path):
        raise Mistaken(f"{path} has a token under [token] and can be read by others; run chmod 600 {path}.")
    return settings


def settings_of(path: Path, text: str) -> Settings:
    """The settings of what a file says. Raises ``Mistaken``."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Mistaken(f"{path} is not TOML: {error}.") from None
    top = Table(path, "", content)
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
        worklogs=read_worklogs(path, top),
    )
    for table in (site, absences, guard, state, sinks, token, top):
        table.finish()
    return settings


def _templates(path: Path, top: Table) -> dict[tuple[str, str], Template]:
    found: dict[tuple[str, str], Template] = {}
    for table in top.tables("template"):
        issue, person = table.text("issue"), table.text("person")
        if not issue:
            raise Mistaken(f"{path}: every [[template]] has an issue, the key of an internal issue such as HR-1.")
        if (person, issue) in found:
            raise Mistaken(f"{path}: there are two templates for {issue} of {person or 'everybody'}.")
        mention = table.whole("mention_days_ahead", -1, -1, 60)
        template = Template(
            name=table.text("name"),
            coverers=table.texts("coverers"),
            approver=table.text("approver") or None,
            message=table.text("message"),
            mention_days=None if mention < 0 else mention,
            scope=table.text("scope"),
        )
        if not (template.coverers or template.approver or template.message):
            raise Mistaken(f"{path}: the template for {issue} does nothing; give it coverers, an approver or a message.")
        unknown = sorted(set(_PLACE_HOLDER.findall(template.message)) - set(PLACE_HOLDERS))
        if unknown:
            allowed = " and ".join(PLACE_HOLDERS)
            raise Mistaken(f"{path}: the template for {issue} has {unknown[0]} in its message; place-holders are {allowed}.")
        table.finish()
        found[person, issue] = template
    return found


def _address(path: Path, table: Table, key: str, default: str) -> str:
    url = table.text(key, default)
    wrong = mistake(url)
    if wrong:
        raise Mistaken(f"{path}: [site] {key} is an address that {wrong}.")
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
