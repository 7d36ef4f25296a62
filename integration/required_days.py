"""What Tempo's schemes ask of everybody day by day, kept beside the hours: for ``required = "schedules"``.

Tempo knows in which schemes somebody is, and not since when. So what was kept of older days stays as it was: whoever changes
to half a week today did not work too much last year.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from integration.clients.tempo import Tempo
from integration.reading import hours_of
from integration.records import Window
from integration.store import Store
from integration.worklogs import Period

STAYS_AFTER = timedelta(days=62)
"""Days that are longer ago stay as they were first kept; until then a holiday that was forgotten changes them."""

AHEAD = timedelta(days=62)
"""So far ahead something is kept at least, and until the end of the year."""

MOST_YEARS = 10
"""So far back at most: a day that somebody mistyped is no reason to ask for the holidays of a century."""

KEEP = (
    "INSERT INTO required_days (account_id, day, seconds) VALUES (?, ?, ?) ON CONFLICT (account_id, day) DO UPDATE "
    "SET seconds = excluded.seconds WHERE seconds <> excluded.seconds AND day >= ?"
)


class RequiredDays:
    """The table ``required_days``."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def refresh(self, tempo: Tempo, people: Collection[str], today: date) -> None:
        """Ask Tempo and keep it, of these people, from the first day of any worklog. Raises ``Unreadable``, ``Unusable``."""
        window = self._window(today)
        hours = hours_of(tempo, window)
        stays = (today - STAYS_AFTER).isoformat()

        def rows() -> Iterator[tuple[str, str, int, str]]:
            for person in sorted(people):
                for day, seconds in hours.of(person).items():
                    if day <= window.last:
                        yield person, day.isoformat(), seconds, stays

        with self._store.transaction():
            self._store.many(KEEP, rows())

    def of(self, period: Period) -> dict[str, dict[date, int]]:
        """AccountId -> seconds by day of the period, of everybody of whom anything is kept; others have no schedule."""
        found: dict[str, dict[date, int]] = {who: {} for who in self.people()}
        sql = "SELECT account_id, day, seconds FROM required_days WHERE day BETWEEN ? AND ?"
        for who, day, seconds in self._store.each(sql, (period.first.isoformat(), period.last.isoformat())):
            found[who][date.fromisoformat(day)] = seconds
        return found

    def span(self) -> Period | None:
        """The first and the last day of which anything is kept."""
        first, last = self._store.rows("SELECT min(day), max(day) FROM required_days")[0]
        return None if first is None else Period(date.fromisoformat(first), date.fromisoformat(last))

    def people(self) -> frozenset[str]:
        """AccountIds of those of whom anything is kept."""
        return frozenset(row[0] for row in self._store.rows("SELECT DISTINCT account_id FROM required_days"))

    def _window(self, today: date) -> Window:
        first = self._store.rows("SELECT min(day) FROM worklogs")[0][0]
        begin = date(today.year, 1, 1) if first is None else min(date(today.year, 1, 1), date.fromisoformat(first))
        return Window(max(begin, date(today.year - MOST_YEARS, 1, 1)), max(date(today.year, 12, 31), today + AHEAD))
