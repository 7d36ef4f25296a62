"""The rules in the sync's own database."""

from __future__ import annotations

import sqlite3

from integration.sinks import Change, SinkError
from integration.store import Store

CHANGED = "it was changed meanwhile, by hand or by another run, and is kept as it is; run again"
GONE = "it was deleted meanwhile; run again"


class DatabaseSink:
    """Called within a transaction of the store, so that a change and its outcome are kept together or not at all."""

    name = "database"

    def __init__(self, store: Store) -> None:
        self._store = store

    def apply(self, change: Change) -> None:
        """Make a change, unless the rule is no longer what it was when it was compared. Raises ``SinkError``."""
        try:
            self._check(change)
            if change.after is None:
                assert change.before is not None
                self._store.remove(change.before.id)
            elif change.before is None:
                self._store.add(change.after)
            else:
                self._store.change(change.before.id, change.after)
        except sqlite3.Error as error:
            raise SinkError(f"the database did not take it ({error}); look at the disk and run again") from None

    def _check(self, change: Change) -> None:
        before, after = change.before, change.after
        if before is None:
            assert after is not None
            there = self._store.find(after.key)
            if there is not None and there.is_hand_edited:
                raise SinkError(CHANGED)
            return
        there = self._store.rule(before.id)
        if there is None and after is not None:
            raise SinkError(GONE)
        if there is not None and there.rule not in (before.rule, after):
            raise SinkError(CHANGED)
