"""Worklogs of Tempo Cloud by ascending id, and what its audit feed tells of deletions (vendor's OpenAPI of v4).

Pages are asked for by offset while others add, change and delete: every page begins with the last row of the one before, so
that it shows when rows before it went, and no row that was there all the time is ever passed by.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from itertools import pairwise
from typing import Any, NamedTuple

from integration.clients.http import Query, Unreadable, Wire
from integration.wire import NotAsPublished, Page, mapping, page, sequence, text
from integration.worklog_wire import WorklogDecoder, deleted_worklog, ids_of_both, sites_of
from integration.worklogs import Period, Worklog

SEARCH, AUDIT, IDS = "/4/worklogs/search", "/4/papertrail/search", "/4/worklogs/tempo-to-jira"
MOST_ROWS = 5000
SMALLER = (1000, 50)
"""Pages of an older limit, and those that are given to whoever asks for none: where a larger one is refused."""

MOST_EVENTS = 1000
MOST_IDLE = 300
"""Pages in a row without anything new, while the reader looks for its place."""

WALKS = 3
"""How often a list of single rows is walked at most."""

Take = Callable[[list[Worklog]], object]


class Moved(Exception):  # noqa: N818
    """A list that cannot be read to its end. The text says why."""


class Deleted(NamedTuple):
    """What the audit feed tells. latest: of the last deletion, UTC, ISO 8601; None where there is none."""

    ids: frozenset[int]
    latest: str | None


class TempoWorklogs:
    """The worklogs that the owner of the token may see. Every method raises ``Unreadable`` and ``NotAsPublished``."""

    def __init__(self, wire: Wire, limit: int = MOST_ROWS) -> None:
        """limit: rows asked for per page, two at least."""
        self.wire = wire
        self._limit = max(2, limit)
        self._decoder = WorklogDecoder()
        self.applied = self._limit
        """Rows of a page as the server applied it last."""
        self.sites: tuple[str, ...] = ()
        """The addresses of Jira that the issues of the last page are of; empty where they do not tell."""

    def walk(
        self,
        take: Take,
        *,
        updated_from: str | None = None,
        period: Period | None = None,
    ) -> array[int]:
        """All worklogs by ascending id, page by page; answers their ids.

        take: hears of the rows of each page that were not on one before. updated_from: UTC, ISO 8601; those changed then or
        later. period: those of its days. Raises ``Moved``; what was taken is true all the same.
        """
        body = _asked(updated_from, period, None)
        try:
            return self._walk(body, take)
        except _Single:
            return self._by_ones(body, take)

    def first(self, period: Period, authors: Sequence[str]) -> tuple[list[Worklog], bool]:
        """The first page of what some people logged on some days, and whether that is all. Raises ``Moved``."""
        answer, rows = self._rows(0, _asked(None, period, authors))
        return rows, answer.next is None and len(rows) < answer.limit

    def deleted(self, since: str) -> Deleted:
        """Worklogs deleted since a moment of the last 180 days (UTC, ISO 8601)."""
        body = {"from": since, "entityType": ["worklog"], "action": ["Deleted"]}
        ids: set[int] = set()
        latest: str | None = None
        token, tokens = None, set()
        while True:
            query = [("limit", str(MOST_EVENTS))] + ([] if token is None else [("nextPageToken", token)])
            answer = mapping(self.wire.ask("POST", AUDIT, query, body, repeatable=True), "the answer")
            metadata = mapping(answer.get("metadata"), "metadata")
            for row in sequence(answer.get("results"), "results"):
                event = deleted_worklog(mapping(row, "an event"))
                if event is not None:
                    ids.add(event[0])
                    latest = event[1] if latest is None else max(latest, event[1])
            if metadata.get("nextPageToken") is None:
                return Deleted(frozenset(ids), latest)
            token = text(metadata["nextPageToken"], "metadata.nextPageToken")
            if token in tokens:
                raise NotAsPublished("a page of the audit feed leads to one that was before")
            tokens.add(token)

    def jira_ids(self, ids: Sequence[int]) -> list[tuple[int, int]]:
        """Id of Tempo and id of Jira, of those of these that Jira has already."""
        found: list[tuple[int, int]] = []
        for first in range(0, len(ids), self._limit):
            body = {"tempoWorklogIds": list(ids[first : first + self._limit])}
            offset = 0
            while True:
                answer = self._ask(IDS, offset, body)
                found += [ids_of_both(row) for row in answer.rows]
                offset += len(answer.rows)
                if not answer.rows or answer.next is None:
                    break
        return found

    def told_at(self) -> datetime | None:
        """When the last answer was given, by the server's clock; None where it does not say."""
        try:
            found = parsedate_to_datetime(self.wire.date or "")
        except (TypeError, ValueError):
            return None
        return found if found.tzinfo else found.replace(tzinfo=UTC)

    def _walk(self, body: Mapping[str, Any], take: Take) -> array[int]:
        ids = array("q")
        offset, back, idle = 0, 1, 0
        while True:
            answer, rows = self._rows(offset, body)
            idle += 1
            if idle > MOST_IDLE:
                raise Moved("the list of worklogs changes faster than it can be read")
            last = ids[-1] if ids else -1
            if offset and (not rows or rows[0].id > last):
                # Rows before this page went since the one before: what moved up in their place is before it, too.
                offset, back = max(0, offset - back), back * 2
                continue
            back = 1
            new = rows if not rows or rows[0].id > last else [row for row in rows if row.id > last]
            if new:
                take(new)
                ids.extend([row.id for row in new])
                idle = 0
            if answer.next is None and len(rows) < answer.limit:
                return ids
            if len(rows) == 1:
                if answer.limit == 1:
                    raise _Single
                raise NotAsPublished("a page of one row, which was known, leads to another one")
            offset += len(rows) - 1

    def _by_ones(self, body: Mapping[str, Any], take: Take) -> array[int]:
        """Pages of one row cannot overlap: such a list is walked until two walks find the same."""
        before: array[int] | None = None
        for _ in range(WALKS):
            ids: array[int] | None = array("q")
            while ids is not None:
                _, rows = self._rows(len(ids), body)
                if not rows:
                    break
                take(rows)
                if ids and rows[0].id <= ids[-1]:
                    ids = None
                else:
                    ids.extend([row.id for row in rows])
            if ids is not None and ids == before:
                return ids
            before = ids
        raise Moved("the list of worklogs, which is given row by row, changes faster than it can be read")

    def _rows(self, offset: int, body: Mapping[str, Any]) -> tuple[Page, list[Worklog]]:
        answer = self._ask(SEARCH, offset, body)
        if not answer.rows:
            # Under load, or right after an error, some answer 200 with nothing: that is believed the second time.
            answer = self._ask(SEARCH, offset, body)
        self.applied = max(1, answer.limit)
        rows = self._decoder.worklogs(answer.rows)
        self.sites = sites_of(answer.rows)
        if any(before.id >= after.id for before, after in pairwise(rows)):
            raise Moved(f"{self.wire.url} does not give worklogs in the order that was asked for")
        return answer, rows

    def _ask(self, path: str, offset: int, body: Mapping[str, Any]) -> Page:
        try:
            return self._once(path, offset, self._limit, body)
        except Unreadable as error:
            if error.status != 400:
                raise
            refused = error
        for limit in SMALLER:
            if limit < self._limit:
                with suppress(Unreadable):
                    answer = self._once(path, offset, limit, body)
                    self._limit = limit
                    return answer
        raise refused

    def _once(self, path: str, offset: int, limit: int, body: Mapping[str, Any]) -> Page:
        query: Query = [("offset", str(offset)), ("limit", str(limit))]
        return page(self.wire.ask("POST", path, query, body, repeatable=True))


def _asked(updated_from: str | None, period: Period | None, authors: Sequence[str] | None) -> dict[str, Any]:
    body: dict[str, Any] = {"orderBy": [{"field": "ID", "order": "ASC"}]}
    if updated_from is not None:
        body["updatedFrom"] = updated_from
    if period is not None and period.first != date.min:
        body["from"] = period.first.isoformat()
    if period is not None and period.last != date.max:
        body["to"] = period.last.isoformat()
    if authors is not None:
        body["authorIds"] = list(authors)
    return body


class _Single(Exception):  # noqa: N818
    """A server that gives one row a page."""
