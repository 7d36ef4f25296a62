"""Whether Tempo cannot be read at present, and who is still to be told: kept in the sync's database, so that each is told once.

Where a run is killed between telling and remembering, the next one tells again: at least once, never not at all.
"""

from __future__ import annotations

import json
from typing import Any

from integration.alerts import Alert, NotTold, Targets, send
from integration.records import Reason
from integration.store import Store

FACT = "alarm"

MOST_PENDING = 20
"""Alerts that wait for a target that does not take them; of more the oldest are forgotten."""


class Alarm:
    """On from the first run that could not read Tempo until the first that could."""

    def __init__(self, store: Store, targets: Targets) -> None:
        self._store, self._targets = store, targets

    @property
    def since(self) -> str | None:
        """UTC, ISO 8601; None while it is off."""
        since: str | None = self._kept()["since"]
        return since

    def enter(self, cause: Reason, at: str) -> None:
        """It is on; within a transaction. Only the cause changes where it was on already, and nobody is told again."""
        kept = self._kept()
        if kept["since"] is None:
            kept["since"] = at
            self._add(kept, Alert("entered", *cause, at, at))
        self._keep({**kept, "kind": cause.kind, "sentence": cause.sentence})

    def leave(self, at: str) -> None:
        """It is off; within a transaction."""
        kept = self._kept()
        if kept["since"] is None:
            return
        self._add(kept, Alert("left", kept["kind"], kept["sentence"], kept["since"], at))
        self._keep({**kept, "since": None})

    def tell(self) -> list[str]:
        """Tell whoever is still to be told; outside of a transaction. Answers sentences on what did not arrive: the next run
        tries again."""
        failed: dict[str, str] = {}
        # Of one target the alerts stay in their order.
        for pair in self._kept()["pending"]:
            name, told = pair[0], Alert(*pair[1:])
            if name in failed:
                continue
            try:
                if name in self._targets.names:
                    send(name, self._targets, told)
            except NotTold as error:
                failed[name] = f"{error}; the next run tries again"
                continue
            with self._store.transaction():
                kept = self._kept()
                # Another run may have told it meanwhile.
                if pair in kept["pending"]:
                    kept["pending"].remove(pair)
                self._keep(kept)
        return list(failed.values())

    def _add(self, kept: dict[str, Any], alert: Alert) -> None:
        pending = [*kept["pending"], *([name, *alert] for name in self._targets.names)]
        kept["pending"] = pending[-MOST_PENDING:]

    def _kept(self) -> dict[str, Any]:
        told = self._store.fact(FACT)
        off: dict[str, Any] = {"since": None, "kind": "", "sentence": "", "pending": []}
        return off if told is None else {**off, **json.loads(told)}

    def _keep(self, kept: dict[str, Any]) -> None:
        self._store.set_fact(FACT, json.dumps(kept))
