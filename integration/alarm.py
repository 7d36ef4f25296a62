"""The alarm as it is kept in the sync's database, and telling of it what is yet to be told.

Where a run is killed between telling and remembering, the next one tells again: at least once, never not at all.
"""

from __future__ import annotations

import json

from integration import fallback
from integration.clients.alerts import NotTold, send
from integration.fallback import QUIET, Alarm
from integration.records import Reason
from integration.store import Store
from integration.worklog_settings import Alerts

FACT = "alarm"


class KeptAlarm:
    """The alarm of one database and the channels of one configuration."""

    def __init__(self, store: Store, alerts: Alerts) -> None:
        self._store, self._alerts = store, alerts

    @property
    def now(self) -> Alarm:
        """As it stands. An alarm that somebody edited to something that is none is taken as quiet."""
        told = self._store.fact(FACT)
        try:
            return QUIET if told is None else fallback.of_json(json.loads(told))
        except (ValueError, KeyError, TypeError):
            return QUIET

    def notice(self, cause: Reason | None, at: str) -> Alarm:
        """Remember how a run went, within its transaction. cause: why Tempo could not be read. at: now, UTC, ISO 8601."""
        return self._keep(fallback.noticed(self.now, cause, at, self._alerts.channels))

    def rest(self) -> Alarm:
        """Remember, within a transaction, that nobody asks Tempo any more: it is not told as its recovery."""
        return self._keep(self.now._replace(raised=None))

    def tell(self) -> list[str]:
        """Tell what is yet to be told; outside of a transaction. Answers sentences on what did not get through, which is tried
        again in the next run."""
        failed: dict[str, str] = {}
        for alert in self.now.pending:
            for channel in alert.channels:
                # On each channel the alerts stay in their order.
                if channel in failed or channel not in self._alerts.channels:
                    continue
                try:
                    send(channel, self._alerts, alert)
                except NotTold as error:
                    failed[channel] = f"{error}; the next run tries again"
                    continue
                with self._store.transaction():
                    self._keep(fallback.told(self.now, alert, channel))
        return list(failed.values())

    def _keep(self, alarm: Alarm) -> Alarm:
        self._store.set_fact(FACT, json.dumps(fallback.as_json(alarm), ensure_ascii=False))
        return alarm
