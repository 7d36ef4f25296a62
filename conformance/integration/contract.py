"""The contract of absence integrations (docs/conformance.md): variables, commands, rules as JSON, exit codes."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from conformance.calls import Unmet
from conformance.integration.program import Ended, Program, need, told
from conformance.integration.world import ONE, Person, World
from conformance.run import Absent

IN_SYNC, PENDING, UNREADABLE, INCOMPLETE = 0, 2, 4, 7
SUCCESSES = (IN_SYNC, PENDING)
OF_A_RUN = (IN_SYNC, UNREADABLE, INCOMPLETE)
_LAST_MINUTE = datetime.time(23, 59)


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


class Integration(Program):
    """The integration under test, with a setup and a state of its own. Every method raises Unmet."""

    def __init__(self, commands: Commands, world: World, folder: Path) -> None:
        """folder: empty; for setup and state."""
        setup = {"issues": list(world.selected), "template": {"message": "I am away."}}
        super().__init__("TEMPO_ABSENCES", world, folder, setup, commands.seconds)
        self._commands = commands
        self._world = world

    def run(self, *, hasty: bool = True) -> Ended:
        """One run that writes, whatever comes of it."""
        return self.call(self._commands.run, hasty=hasty)

    def applied(self) -> Ended:
        """One run that must succeed."""
        ended = self.run()
        need(ended.code == IN_SYNC, f"exit code {IN_SYNC} of a run that can read everything", ended, self._world)
        return ended

    def preview(self) -> Ended:
        """One run that must write nothing. Raises Absent where there is no such command."""
        if not self._commands.preview:
            raise Absent("no --preview command is given")
        return self.call(self._commands.preview)

    def rules(self) -> list[Rule]:
        """The rules held."""
        ended = self.call(self._commands.rules)
        need(ended.code == IN_SYNC, "exit code 0 of the command that prints the rules", ended, self._world)
        try:
            return [_rule(row) for row in json.loads(ended.out)["rules"]]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            wanted = '{"rules": [{"accountId", "issueKey", "begin": "yyyy-MM-ddTHH:mm", "end", "zone"}]} on stdout'
            raise Unmet(wanted, f"{type(error).__name__}: {error}\n{told(ended, self._world)}") from error


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
