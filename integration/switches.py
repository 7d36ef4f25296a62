"""The switch of each sync: one that is off reads nothing and changes nothing, and says so."""

from __future__ import annotations

import json
from datetime import datetime
from types import MappingProxyType

from integration.connect import ABSENCES, WORKLOGS
from integration.store import Store

SYNCS = MappingProxyType({ABSENCES: "plans become out-of-office rules", WORKLOGS: "worklogs become time accounts"})
"""What there is to switch, and what each does."""

_FACT = "switched_off"


class SwitchedOff(Exception):  # noqa: N818
    """A run of a sync that is switched off. The text is a sentence with the way out."""


class Switches:
    """On or off. A sync that nobody ever switched is on."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def off_since(self, sync: str) -> str | None:
        """The moment (UTC, ISO 8601) at which it was switched off, None while it is on."""
        return self._off().get(sync)

    def turn(self, sync: str, *, on: bool, now: datetime) -> bool:
        """Switch it; answers whether it was otherwise before. Rules and hours that are held stay as they are."""
        with self._store.transaction():
            off = self._off()
            if (sync not in off) is on:
                return False
            if on:
                del off[sync]
            else:
                off[sync] = now.isoformat(timespec="seconds")
            self._store.set_fact(_FACT, json.dumps(off))
        return True

    def refuse(self, sync: str) -> None:
        """Raises ``SwitchedOff`` while it is off."""
        since = self.off_since(sync)
        if since is not None:
            raise SwitchedOff(
                f"The sync of {sync} is switched off since {since}; nothing was read or changed. "
                f"`tempo-sync switch {sync} on` switches it on."
            )

    def _off(self) -> dict[str, str]:
        return dict(json.loads(self._store.fact(_FACT) or "{}"))
