"""Worklogs that are there and not shown yet, as those are at the service that were made through Jira's API."""

import threading
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from mock_server.errors import NotFound
from mock_server.faults.exchange import Exchange
from mock_server.sites import Site
from mock_server.storage import worklogs
from mock_server.traps.answers import content_of, with_content
from mock_server.traps.asked import READS, WORKLOGS, is_search, taking
from mock_server.traps.trap import Laid, Values


def withhold(site: Site, values: Values) -> Laid:
    """Worklogs made from now on are shown late: after seconds of the world's clock, after so many lists, or never."""
    late = _Late(site, values)
    of_worklogs = taking(site, values, path=f"{WORKLOGS}.*")

    def matches(environ: dict[str, Any]) -> bool:
        return (environ["REQUEST_METHOD"] in READS or is_search(environ)) and of_worklogs(environ)

    return Laid(matches, late.effect)


class _Late:
    """Knows which worklogs were there when it was armed, and in how many lists a later one was missing."""

    def __init__(self, site: Site, values: Values) -> None:
        self._lock = threading.Lock()
        self._missed: dict[int, int] = {}
        self._seconds: int = values["seconds"]
        self._lists: int = values["lists"]
        self._never: bool = values["never"]
        with site.shown.reading():
            self._last = worklogs.last_id(site.shown)

    def effect(self, exchange: Exchange) -> Iterable[bytes]:
        """The answer without what is late; 404 for such a worklog itself."""
        answer = exchange.answer()
        content = content_of(answer)
        if not isinstance(content, dict):
            return exchange.send(answer)
        results = content.get("results")
        if not isinstance(results, list):
            if self._is_late(exchange.site, content, is_list=False):
                return exchange.send(exchange.refused(NotFound(f"Worklog with id '{content['tempoWorklogId']}' not found")))
            return exchange.send(answer)
        shown = [item for item in results if not self._is_late(exchange.site, item, is_list=True)]
        if len(shown) == len(results):
            return exchange.send(answer)
        metadata = {**content["metadata"], "count": len(shown)}
        return exchange.send(with_content(answer, {**content, "metadata": metadata, "results": shown}))

    def _is_late(self, site: Site, item: dict[str, Any], *, is_list: bool) -> bool:
        number = item.get("tempoWorklogId")
        if not isinstance(number, int) or number <= self._last or "createdAt" not in item:
            return False
        if self._never:
            return True
        if self._lists:
            with self._lock:
                missed = self._missed.get(number, 0)
                if is_list and missed < self._lists:
                    self._missed[number] = missed + 1
            return missed < self._lists
        age = site.clock.now() - datetime.fromisoformat(item["createdAt"])
        return age < timedelta(seconds=self._seconds)
