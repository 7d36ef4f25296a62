"""What is asked beside the worklogs: what people and issues are called, who is in which team, and who is to work.

Only what is not known yet is asked for, everything again with a full reading. None of it is needed to keep the hours: what
cannot be asked is told and does no harm.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from integration.clients.http import Unreadable
from integration.clients.jira import Jira
from integration.clients.tempo import Tempo
from integration.known_people import KnownPeople
from integration.required_days import RequiredDays
from integration.store import Store
from integration.wire import Membership
from integration.worklog_rows import WorklogRows
from integration.worklog_settings import WorklogSettings
from integration.worklogs import TeamPeriod

PEOPLE, ISSUES, TEAMS, EXPECTED = "worklogs.people", "worklogs.issues", "worklogs.teams", "worklogs.expected"
"""Facts: whom Jira does not know and who is inactive; issues it does not know; when teams were read; who is to work."""

REQUIRED = "worklogs.required"
"""Fact: when what is required was read, of whom, and why not."""

AFTER = timedelta(days=1)
"""How long teams and schemes are believed."""

SHOWN = 5
"""So many are named in a sentence."""


class Found(NamedTuple):
    """notes: sentences on what somebody should look at, or what could not be asked."""

    names: dict[str, str]
    notes: tuple[str, ...]


class Surroundings:
    """Of one run. now: UTC. full: whether everything is asked for again."""

    def __init__(
        self, store: Store, settings: WorklogSettings, tempo: Tempo, jira: Jira, now: datetime, *, full: bool = False
    ) -> None:
        self._store, self._rows, self._settings = store, WorklogRows(store), settings
        self._tempo, self._jira, self._now, self._full = tempo, jira, now, full
        self._notes: list[str] = []

    def expected(self, source: str = "tempo") -> tuple[str, ...]:
        """AccountIds of those of whom there should be worklogs. source: "tempo" or "jira".

        Those whose contract has begun; without contracts, those who have a schedule where schedules count; else whoever was
        seen before, and everybody whom Jira knows while at most one person is seen.
        """
        contracts = self._settings.contracts
        if self._settings.required == "contracts" and contracts:
            today = self._now.date()
            return tuple(sorted({one.person for one in contracts if one.first <= today}))
        seen = self._rows.authors_of(source)
        # Jira shows projects, not people: a single author there is no sign of a right that is missing.
        if self._settings.required == "schedules" or (len(seen) <= 1 and source == "tempo"):
            return tuple(sorted({*seen, *self._everybody()}))
        return tuple(sorted(seen))

    def know(self, expected: Collection[str], *, with_tempo: bool = True) -> Found:
        """Ask for what is not known yet. with_tempo: whether Tempo can be asked at all."""
        self._people({*self._rows.people(), *expected, *(one.person for one in self._settings.contracts)})
        self._issues()
        if with_tempo:
            self._teams()
            if self._settings.required == "schedules":
                self._required({*self._rows.people(), *expected})
        self._tell()
        return Found(KnownPeople(self._store).names(), tuple(self._notes))

    def shows_issue(self, issue_id: str) -> bool:
        """Whether Jira shows an issue now."""
        try:
            return issue_id.isascii() and issue_id.isdecimal() and issue_id in self._jira.issues_by_id([issue_id])
        except Unreadable:
            return False

    def _everybody(self) -> list[str]:
        """Whoever has a schedule, or else whom Jira knows; asked once a day."""
        kept = self._fact(EXPECTED)
        if not self._is_old(kept.get("at")) and kept.get("required") == self._settings.required:
            return list(kept["people"])
        people: Iterable[str] = ()
        try:
            people = self._scheduled() or (person.account_id for person in self._jira.everybody() if person.active)
        except Unreadable as error:
            self._notes.append(f"who is to work is not known: {error}")
            return list(kept.get("people", ()))
        told = {"at": self._now.isoformat(), "required": self._settings.required, "people": sorted(people)}
        with self._store.transaction():
            self._store.set_fact(EXPECTED, json.dumps(told))
        return list(told["people"])

    def _scheduled(self) -> list[str]:
        if self._settings.required != "schedules":
            return []
        try:
            return list(self._tempo.members("workload-schemes", self._tempo.workload_schemes()))
        except Unreadable:
            # A token for worklogs alone may not read schemes.
            return []

    def _people(self, wanted: set[str]) -> None:
        kept = self._fact(PEOPLE)
        unknown, inactive = set(kept.get("unknown", ())), set(kept.get("inactive", ()))
        known = set(KnownPeople(self._store).names())
        asked = wanted if self._full else wanted - known - unknown
        if not asked:
            return
        try:
            found = self._jira.people(asked)
        except Unreadable as error:
            self._notes.append(f"Jira does not tell what people are called: {error}")
            return
        unknown = (unknown - set(found)) | (asked - set(found))
        inactive = (inactive - asked) | {person.account_id for person in found.values() if not person.active}
        with self._store.transaction():
            KnownPeople(self._store).add(found.values())
            self._store.set_fact(PEOPLE, json.dumps({"unknown": sorted(unknown), "inactive": sorted(inactive)}))

    def _issues(self) -> None:
        wanted = {number for number in self._rows.issue_ids() if number.isascii() and number.isdecimal()}
        unknown = set(self._fact(ISSUES).get("unknown", ()))
        asked = wanted if self._full else wanted - set(self._rows.issues()) - unknown
        if not asked:
            return
        try:
            found = self._jira.issues_by_id(sorted(asked))
        except Unreadable as error:
            self._notes.append(f"Jira does not tell what issues are called: {error}")
            return
        with self._store.transaction():
            self._rows.know_issues(found.values())
            unknown = (unknown - set(found)) | (asked - set(found))
            self._store.set_fact(ISSUES, json.dumps({"unknown": sorted(unknown)}))

    def _teams(self) -> None:
        kept = self._fact(TEAMS)
        if not self._is_old(kept.get("at")):
            return
        try:
            names, periods = self._tempo.team_periods()
        except Unreadable as error:
            # Teams are a convenience: a token for worklogs alone may not see them.
            if error.kind not in ("forbidden", "not-found"):
                self._notes.append(f"teams could not be read: {error}")
                return
            names, periods = self._rows.teams(), None
        with self._store.transaction():
            if periods is not None:
                self._rows.set_teams(names.items(), (_period(one) for one in periods if one.team_id in names))
            self._store.set_fact(TEAMS, json.dumps({"at": self._now.isoformat()}))

    def _required(self, people: set[str]) -> None:
        kept = self._fact(REQUIRED)
        days = RequiredDays(self._store)
        if self._is_old(kept.get("at")) or not people <= days.people() | set(kept.get("people", ())):
            try:
                days.refresh(self._tempo, people, self._now.date())
                kept = {"people": sorted(people), "error": ""}
            except Unreadable as error:
                if error.kind not in ("forbidden", "not-found"):
                    self._notes.append(f"what is required could not be read: {error}")
                    return
                kept = {"people": sorted(people), "error": str(error)}
            with self._store.transaction():
                self._store.set_fact(REQUIRED, json.dumps({"at": self._now.isoformat(), **kept}))
        if kept.get("error"):
            self._notes.append(f"what is required is not known, so there are no balances: {kept['error']}")

    def _tell(self) -> None:
        """Whoever and whatever is known on one side only."""
        people, names = self._fact(PEOPLE), KnownPeople(self._store).names()
        with_contract = {one.person for one in self._settings.contracts}
        logged = set(self._rows.people())
        issues = set(self._fact(ISSUES).get("unknown", ())) & set(self._rows.issue_ids())
        strangers = logged & set(people.get("unknown", ()))
        for who, sentence in (
            (with_contract & set(people.get("unknown", ())), "with a contract, but not known to Jira"),
            (with_contract & set(people.get("inactive", ())), "with a contract, but inactive in Jira"),
            (logged - with_contract if with_contract else set(), "with worklogs, but without a contract"),
            (strangers - with_contract, "with worklogs, but not known to Jira"),
            (issues, "issues with worklogs that Jira does not show"),
        ):
            if who:
                self._notes.append(f"{sentence}: {_listed(sorted(names.get(one, one) for one in who))}")

    def _is_old(self, at: str | None) -> bool:
        try:
            return self._full or at is None or self._now - datetime.fromisoformat(at) >= AFTER
        except (TypeError, ValueError):
            return True

    def _fact(self, name: str) -> dict[str, Any]:
        try:
            found = json.loads(self._store.fact(name) or "{}")
        except ValueError:
            found = {}
        return found if isinstance(found, dict) else {}


def _period(found: Membership) -> TeamPeriod:
    first = None if found.first == date.min else found.first
    return TeamPeriod(found.team_id, found.account_id, first, None if found.last == date.max else found.last)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
