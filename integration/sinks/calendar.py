"""Feeds for calendars: a file for each person, one for each team of Tempo, and one that reminds of the end of the token."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from integration.clients.http import Unreadable
from integration.feed import PRODUCT, Entry, Numbered, calendar, of_rule, of_token
from integration.feed_history import FeedHistory
from integration.known_people import KnownPeople
from integration.records import Team
from integration.sinks import SinkError, files
from integration.store import Store

TOKEN = "token.ics"
_SAFE = re.compile(r"[a-z0-9-]{1,100}", re.ASCII)

Dated = tuple[str, Entry, Numbered]


class Calendars:
    """A directory of feeds. Their events are those of all rules held; what does not change is left untouched."""

    def __init__(self, directory: Path, teams: Callable[[date], Sequence[Team]], remind_days: int) -> None:
        """teams: reads Tempo's teams as they are on a day. remind_days: so many days before the token ends."""
        self._directory, self._teams, self._remind_days = directory, teams, remind_days

    def write(self, store: Store, now: datetime) -> None:
        """Make the files say what the store holds. One that cannot be written hides no other. Raises ``SinkError``."""
        failed: list[str] = []
        teams: Sequence[Team] | None = None
        try:
            teams = self._teams(now.date())
        except Unreadable as error:
            failed.append(f"the feeds of teams are as they were, as Tempo's teams cannot be read: {error}")
        people, events, token = self._events(store, now)
        for name, content in self._contents(people, events, token, teams or ()):
            try:
                files.write(self._directory / name, content)
            except SinkError as error:
                failed.append(str(error))
        if teams is not None:
            self._remove_others({team_file(team.id) for team in teams}, failed)
        if failed:
            raise SinkError("; ".join(failed))

    def _events(self, store: Store, now: datetime) -> tuple[dict[str, str], list[Dated], list[tuple[Entry, Numbered]]]:
        with store.transaction():
            history = FeedHistory(store)
            identity, names, issues = history.identity(), KnownPeople(store).names(), store.selection()
            held = store.held()
            entries = [of_rule(found.id, found.rule, identity, names, issues) for found in held]
            connection = store.connection()
            if connection is not None and connection.expires is not None:
                told = of_token(connection.url, connection.purpose, connection.expires, identity, self._remind_days)
                entries.append(told)
            numbered = history.number(entries, now)
        people = {found.rule.account_id: names.get(found.rule.account_id, found.rule.account_id) for found in held}
        events = [(found.rule.account_id, *event) for found, event in zip(held, numbered, strict=False)]
        # Whoever has no rule any more keeps a feed that says so, as somebody may have subscribed to it.
        former = {account: name for account, name in names.items() if (self._directory / person_file(account)).exists()}
        return former | people, events, numbered[len(held) :]

    def _contents(
        self, people: dict[str, str], events: Sequence[Dated], token: list[tuple[Entry, Numbered]], teams: Sequence[Team]
    ) -> Iterator[tuple[str, bytes]]:
        own: dict[str, list[tuple[Entry, Numbered]]] = {account_id: [] for account_id in people}
        for account_id, entry, numbered in events:
            own[account_id].append((entry, numbered))
        for account_id, name in sorted(people.items()):
            yield person_file(account_id), calendar(f"{name}: out of office", own[account_id])
        for team in teams:
            members = (event for member in team.members for event in own.get(member, ()))
            yield team_file(team.id), calendar(f"{team.name}: out of office", members)
        yield TOKEN, calendar("tempo-sync", token)

    def _remove_others(self, wanted: set[str], failed: list[str]) -> None:
        """Feeds of teams that are no more; only files that were written here."""
        for path in sorted(self._directory.glob("team-*.ics")):
            try:
                if path.name not in wanted and PRODUCT.encode() in path.read_bytes()[:500]:
                    path.unlink()
            except OSError as error:
                failed.append(f"{path} cannot be removed ({error.strerror or error}); remove it by hand")


def person_file(account_id: str) -> str:
    """The name of somebody's feed: an accountId may hold what no file name may, or differ from another in case only."""
    if _SAFE.fullmatch(account_id):
        return f"person-{account_id}.ics"
    readable = re.sub(r"[^a-z0-9-]+", "-", account_id.lower())[:60].strip("-")
    return f"person-{readable}-{hashlib.sha256(account_id.encode()).hexdigest()[:8]}.ics"


def team_file(team_id: int) -> str:
    """The name of a team's feed."""
    return f"team-{team_id}.ics"
