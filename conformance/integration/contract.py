"""The contract of absence integrations (docs/conformance.md): variables, commands, rules as JSON, exit codes."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import shlex
import signal
import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from conformance.calls import HIDDEN, Unmet
from conformance.integration.world import ONE, Person, World
from conformance.run import Absent

IN_SYNC, PENDING, UNREADABLE, INCOMPLETE = 0, 2, 4, 7
SUCCESSES = (IN_SYNC, PENDING)
SHOWN = 600
"""Characters of an output that a failure tells."""

_LAST_MINUTE = datetime.time(23, 59)


class Ended(NamedTuple):
    """A command that came to its end."""

    command: str
    code: int
    out: str
    err: str


class Rule(NamedTuple):
    """A rule as the integration tells it: wall clock in `zone`, a whole day from 00:00 to 23:59. row: all of it."""

    account_id: str
    issue_key: str
    zone: str
    begin: datetime.datetime
    end: datetime.datetime
    row: str


class Spell(NamedTuple):
    """Time of somebody that rules cover without a gap, told by `covered` or expected. end: the first moment after."""

    account_id: str
    issue_key: str
    zone: str
    begin: datetime.datetime
    end: datetime.datetime


class Commands(NamedTuple):
    """As the options give them. preview: "" where there is none. seconds: that one may take."""

    run: str
    preview: str
    rules: str
    seconds: float


class Integration:
    """The integration under test, with a setup and a state of its own. Every method raises Unmet."""

    def __init__(self, commands: Commands, world: World, folder: Path) -> None:
        """folder: empty; for setup and state."""
        self._commands = commands
        self._world = world
        self._folder = folder
        self.state = folder / "state"
        self.state.mkdir()
        setup = {"issues": list(world.selected), "template": {"message": "I am away."}}
        (folder / "setup.json").write_text(json.dumps(setup), encoding="utf-8")
        self.ended: list[Ended] = []

    def run(self, *, hasty: bool = True) -> Ended:
        """One run that writes, whatever comes of it."""
        return self._call(self._commands.run, hasty=hasty)

    def applied(self) -> Ended:
        """One run that must succeed."""
        ended = self.run()
        need(ended.code == IN_SYNC, f"exit code {IN_SYNC} of a run that can read everything", ended, self._world)
        return ended

    def preview(self) -> Ended:
        """One run that must write nothing. Raises Absent where there is no such command."""
        if not self._commands.preview:
            raise Absent("no --preview command is given")
        return self._call(self._commands.preview)

    def rules(self) -> list[Rule]:
        """The rules held."""
        ended = self._call(self._commands.rules)
        need(ended.code == IN_SYNC, "exit code 0 of the command that prints the rules", ended, self._world)
        try:
            return [_rule(row) for row in json.loads(ended.out)["rules"]]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            wanted = '{"rules": [{"accountId", "issueKey", "begin": "yyyy-MM-ddTHH:mm", "end", "zone"}]} on stdout'
            raise Unmet(wanted, f"{type(error).__name__}: {error}\n{told(ended, self._world)}") from error

    def _call(self, command: str, *, hasty: bool = True) -> Ended:
        environment = {
            **os.environ,
            "TEMPO_URL": self._world.url,
            "TEMPO_TOKEN": self._world.tempo_token,
            "JIRA_URL": self._world.url,
            "JIRA_USER": self._world.jira_user,
            "JIRA_TOKEN": self._world.jira_token,
            "TEMPO_ABSENCES_SETUP": str(self._folder / "setup.json"),
            "TEMPO_ABSENCES_STATE": str(self.state),
            "TEMPO_ABSENCES_HASTE": "1" if hasty else "0",
        }
        ended = _ended(command, environment, self._commands.seconds)
        self.ended.append(ended)
        return ended


def covered(rules: Iterable[Rule]) -> list[Spell]:
    """What rules cover, however it is cut into rules: those that touch are one spell."""
    spells: list[Spell] = []
    for rule in sorted(rules):
        end = rule.end + ONE / 1440 if rule.end.time() == _LAST_MINUTE else rule.end
        last = spells[-1] if spells else None
        if last and last[:3] == rule[:3] and rule.begin <= last.end:
            spells[-1] = last._replace(end=max(last.end, end))
        else:
            spells.append(Spell(*rule[:4], end))
    return spells


def spell(world: World, person: Person, number: int, begin: str, end: str, issue: str = "", last: int | None = None) -> Spell:
    """One that is expected. number, last: days as in `World.day`; end: "24:00" is the midnight after."""
    day = world.day(number if last is None else last)
    over = day + ONE if end == "24:00" else day
    return Spell(
        person.account_id,
        issue or world.selected[0],
        person.zone,
        datetime.datetime.combine(world.day(number), datetime.time.fromisoformat(begin)),
        datetime.datetime.combine(over, datetime.time.fromisoformat("00:00" if end == "24:00" else end)),
    )


def need_rules(rules: Iterable[Rule], wanted: Iterable[Spell]) -> None:
    """The rules cover exactly what is wanted. Raises Unmet."""
    found, asked = covered(rules), sorted(wanted)
    if found != asked:
        raise Unmet(f"rules over {_spells(asked)}", f"rules over {_spells(found)}")


def need_unchanged(before: Iterable[Rule], after: Iterable[Rule]) -> None:
    """The rules are the same, in everything that is told of them. Raises Unmet."""
    was, now = Counter(rule.row for rule in before), Counter(rule.row for rule in after)
    if was != now:
        gone, new = (", ".join(sorted(rows)) or "none" for rows in (was - now, now - was))
        raise Unmet("the same rules as before", f"gone: {gone}\nnew: {new}")


def need_kept(before: Iterable[Rule], after: Iterable[Rule]) -> None:
    """Whatever was covered before is covered still. Raises Unmet."""
    was, now = covered(before), covered(after)
    gone = [
        spell
        for spell in was
        if not any(kept[:3] == spell[:3] and kept.begin <= spell.begin and spell.end <= kept.end for kept in now)
    ]
    if gone:
        raise Unmet("every rule there was before", f"gone or made less: {_spells(gone)}")


def need(holds: object, expected: str, ended: Ended, world: World) -> None:
    """Raises Unmet with what the command said unless `holds`."""
    if not holds:
        raise Unmet(expected, told(ended, world))


def told(ended: Ended, world: World) -> str:
    """The end of a command for a reader, without its secrets."""
    lines = [f"exit code {ended.code} of {ended.command}"]
    lines += [
        f"{name}: {text.strip()[-SHOWN:]}" for name, text in (("stdout", ended.out), ("stderr", ended.err)) if text.strip()
    ]
    shown = "\n".join(lines)
    for secret in world.secrets:
        shown = shown.replace(secret, HIDDEN)
    return shown


def _spells(spells: Iterable[Spell]) -> str:
    listed = [f"{s.account_id} {s.issue_key} {s.begin:%Y-%m-%dT%H:%M} to {s.end:%Y-%m-%dT%H:%M} {s.zone}" for s in spells]
    return "; ".join(listed) or "nothing"


def _rule(row: Mapping[str, Any]) -> Rule:
    begin, end = (datetime.datetime.fromisoformat(row[name]) for name in ("begin", "end"))
    if begin.tzinfo or end.tzinfo:
        raise ValueError("begin and end are wall clock, without an offset")
    if not begin < end:
        raise ValueError(f"a rule begins at {begin} and ends at {end}")
    person, issue, zone = (row[name] for name in ("accountId", "issueKey", "zone"))
    if not all(isinstance(text, str) and text for text in (person, issue, zone)):
        raise ValueError("accountId, issueKey and zone are texts")
    return Rule(person, issue, zone, begin, end, json.dumps(row, sort_keys=True))


def _ended(command: str, environment: Mapping[str, str], seconds: float) -> Ended:
    try:
        process = subprocess.Popen(
            shlex.split(command),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
    except (OSError, ValueError, IndexError) as error:
        raise Unmet(f"a command that can be started: {command}", str(error)) from error
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise Unmet(f"an end within {seconds:g} seconds", f"{command} still ran") from error
    finally:
        if process.returncode is None:
            _kill(process)
    return Ended(command, process.returncode, out, err)


def _kill(process: subprocess.Popen[str]) -> None:
    """Ends it with whatever it started, which may hold the pipes open."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
