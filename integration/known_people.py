"""How the people with rules are called, as it was read last: so that what the store holds can be told with names."""

from __future__ import annotations

from collections.abc import Iterable

from integration.records import Person
from integration.store import Store


class KnownPeople:
    """AccountIds with names."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def names(self) -> dict[str, str]:
        """AccountId -> name."""
        return dict(self._store.rows("SELECT account_id, name FROM known_people ORDER BY account_id"))

    def find(self, who: str) -> set[str]:
        """AccountIds of those with rules who have this accountId, or this name in whatever case."""
        names = self.names()
        return {
            account_id
            for account_id in self._store.people()
            if who == account_id or who.casefold() == names.get(account_id, account_id).casefold()
        }

    def add(self, people: Iterable[Person]) -> None:
        """Remember these; within a transaction."""
        known = self.names()
        for person in people:
            if known.get(person.account_id) != person.name:
                values = (person.account_id, person.name)
                self._store.rows("INSERT OR REPLACE INTO known_people (account_id, name) VALUES (?, ?)", values)
