"""The rules held with what pages tell of them, and their order for as long as the clock does not change it."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from integration.known_issues import KnownIssues
from integration.known_people import KnownPeople
from integration.listing import by_person, ordered
from integration.status import Status, begins, ends, status

if TYPE_CHECKING:
    from integration.records import HeldRule, Issue, Rule
    from integration.store import Store


class HeldRules:
    """All of a database as it stood. by_person: by accountId. issues: by id. names: by accountId. people: accountId and name
    of those with rules.

    Several threads may ask.
    """

    def __init__(self, store: Store) -> None:
        """Raises ``Unusable``."""
        self.rules: list[HeldRule] = store.held()
        self.by_person: Mapping[str, Sequence[Rule]] = by_person(self.rules)
        self.issues: Mapping[str, Issue] = KnownIssues(store).every()
        self.names: Mapping[str, str] = KnownPeople(store).names()
        found = [(account_id, self.names.get(account_id, account_id)) for account_id in store.people()]
        self.people = sorted(found, key=lambda one: (one[1].casefold(), one[0]))
        self._lock = threading.Lock()
        self._begin = self._until = datetime.max
        self._ordered: list[HeldRule] = []
        self._coming: list[HeldRule] = []

    def in_order(self, now: datetime, *, with_past: bool) -> list[HeldRule]:
        """All in the order in which they count, or those that are not over. now: UTC. Not to be changed."""
        moment = now.replace(tzinfo=None)
        with self._lock:
            if not self._begin <= moment < self._until:
                self._ordered = ordered(self.rules, now)
                self._coming = [one for one in self._ordered if status(one.rule, now) is not Status.EXPIRED]
                changes = (at.replace(tzinfo=None) for found in self.rules for at in (begins(found.rule), ends(found.rule)))
                self._begin = moment
                self._until = min((at for at in changes if at > moment), default=datetime.max)
            return self._ordered if with_past else self._coming
