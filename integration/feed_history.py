"""How often each event of the feeds changed, as the store remembers it: a feed that is written anew says the same again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import uuid4

from integration.feed import Entry, Numbered
from integration.store import Store

IDENTITY = "feed_identity"


class FeedHistory:
    """Called within a transaction of the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def identity(self) -> str:
        """What the events of this store are named after, so that those of two stores never meet."""
        known = self._store.fact(IDENTITY)
        if known is None:
            known = str(uuid4())
            self._store.set_fact(IDENTITY, known)
        return known

    def number(self, entries: Iterable[Entry], now: datetime) -> list[tuple[Entry, Numbered]]:
        """Every event with its number: one more where it changed. Events that are not among these are forgotten. now: UTC."""
        rows = self._store.rows("SELECT uid, digest, sequence, stamp FROM feed_events")
        known = {uid: (digest, sequence, stamp) for uid, digest, sequence, stamp in rows}
        moment = now.astimezone(UTC).replace(microsecond=0)
        found: list[tuple[Entry, Numbered]] = []
        for entry in entries:
            digest, sequence, stamp = known.pop(entry.uid, (None, -1, ""))
            if digest != entry.digest:
                sequence, stamp = sequence + 1, moment.isoformat()
                values = (entry.uid, entry.digest, sequence, stamp)
                self._store.rows(
                    "INSERT OR REPLACE INTO feed_events (uid, digest, sequence, stamp) VALUES (?, ?, ?, ?)", values
                )
            found.append((entry, Numbered(sequence, datetime.fromisoformat(stamp))))
        for uid in known:
            self._store.rows("DELETE FROM feed_events WHERE uid = ?", (uid,))
        return found
