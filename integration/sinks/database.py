"""The rules in the sync's own database."""

from __future__ import annotations

import sqlite3

from integration.sinks import Change, SinkError
from integration.store import Store


class DatabaseSink:
    """Called within a transaction of the store, so that a change and its outcome are kept together or not at all."""

    name = "database"

    def __init__(self, store: Store) -> None:
        self._store = store

    def apply(self, change: Change) -> None:
        """Make a change. Raises ``SinkError``."""
        try:
            if change.after is None:
                assert change.before is not None
                self._store.remove(change.before.id)
            elif change.before is None:
                self._store.add(change.after)
            else:
                self._store.change(change.before.id, change.after)
        except sqlite3.Error as error:
            raise SinkError(f"the database did not take it ({error}); look at the disk and run again") from None
