"""A Tempo without a socket that holds worklogs: changes between two pages, permissions that come and go, an audit feed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from typing import Any, NamedTuple

from integration.clients.http import Called, Unreadable
from integration.worklog_wire import stamp

BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Told(NamedTuple):
    """The options of a reading."""

    overlap_minutes: int = 10
    window_days: int = 35
    deletions: str = "auto"


class Row(NamedTuple):
    """A worklog as the site holds it."""

    id: int
    issue: int
    author: str
    day: date
    seconds: int
    updated: datetime


class Site:
    """The wire to it and the site itself. most: rows of a page at most. between: called before each page but the first."""

    url = "https://tempo.test"

    def __init__(self, most: int = 5000) -> None:
        self.most = most
        self.rows: dict[int, Row] = {}
        self.events: list[tuple[datetime, int]] = []
        self.now = BEGIN
        self.home = "https://jira.test"
        self.asked: list[tuple[str, int, dict[str, Any]]] = []
        self.between: Callable[[], object] = lambda: None
        self.before: Callable[[str, int], object] = lambda path, offset: None
        self.sees: Callable[[Row], bool] = lambda row: True
        self.has_audit = True
        self.ignores_order = False
        self._last = 0

    @property
    def called(self) -> Called:
        return Called(len(self.asked), 0.0)

    @property
    def date(self) -> str:
        return format_datetime(self.now, usegmt=True)

    def add(self, author: str = "bob", day: date | None = None, seconds: int = 3600, issue: int = 10) -> int:
        """Log work; answers the id."""
        self._last += 1
        self.rows[self._last] = Row(self._last, issue, author, day or self.now.date(), seconds, self.now)
        return self._last

    def edit(self, number: int, **change: Any) -> None:
        """Change a worklog."""
        self.rows[number] = self.rows[number]._replace(updated=self.now, **change)

    def delete(self, number: int) -> None:
        """Delete a worklog, which the audit feed tells."""
        del self.rows[number]
        self.events.append((self.now, number))

    def go_on(self, **time: float) -> None:
        """Time passes."""
        self.now += timedelta(**time)

    def totals(self, *, seen: bool = False) -> dict[tuple[str, date], int]:
        """Seconds by author and day."""
        found: dict[tuple[str, date], int] = {}
        for row in self.rows.values():
            if not seen or self.sees(row):
                found[row.author, row.day] = found.get((row.author, row.day), 0) + row.seconds
        return found

    def ask(self, method: str, path: str, query: Any = (), body: Any = None, *, repeatable: bool | None = None) -> Any:
        """An answer, as a wire gives it."""
        assert (method, repeatable) == ("POST", True)
        asked = dict(query)
        offset = int(asked.get("offset", 0))
        if self.asked:
            self.between()
        self.before(path, offset)
        self.asked.append((path, offset, body))
        if path == "/4/papertrail/search":
            return self._audit(asked, body)
        assert path == "/4/worklogs/search"
        return self._search(offset, min(int(asked["limit"]), self.most), body)

    def _search(self, offset: int, limit: int, body: dict[str, Any]) -> Any:
        assert body["orderBy"] == [{"field": "ID", "order": "ASC"}]
        updated = datetime.fromisoformat(body["updatedFrom"]) if "updatedFrom" in body else None
        rows = [
            row
            for row in sorted(self.rows.values(), key=lambda row: (row.day, row.id) if self.ignores_order else row.id)
            if self.sees(row)
            and (updated is None or row.updated >= updated)
            and row.day.isoformat() >= body.get("from", "")
            and row.day.isoformat() <= body.get("to", "9999-12-31")
            and row.author in body.get("authorIds", [row.author])
        ]
        page = rows[offset : offset + limit]
        metadata: dict[str, Any] = {"count": len(page), "offset": offset, "limit": limit}
        if offset + limit < len(rows):
            metadata["next"] = f"https://elsewhere.test/4/worklogs/search?offset={offset + limit}&limit={limit}"
        return {"self": "x", "metadata": metadata, "results": [bean(row, self.home) for row in page]}

    def _audit(self, asked: dict[str, str], body: dict[str, Any]) -> Any:
        if not self.has_audit:
            raise Unreadable("forbidden", "tempo.test answered 403", 403)
        assert (body["entityType"], body["action"]) == (["worklog"], ["Deleted"])
        since = datetime.fromisoformat(body["from"])
        if self.now - since > timedelta(days=180):
            raise Unreadable("refused", "tempo.test answered 400: from is too long ago", 400)
        first, limit = int(asked.get("nextPageToken", 0)), min(int(asked["limit"]), max(1, self.most))
        found = [event for event in self.events if event[0] >= since]
        results = [
            {"timestamp": stamp(at), "action": "Deleted", "entityType": "worklog", "entityId": str(number), "author": "x"}
            for at, number in found[first : first + limit]
        ]
        more = {"nextPageToken": str(first + limit)} if first + limit < len(found) else {}
        return {"self": "x", "metadata": {"limit": limit, **more}, "results": results}


def bean(row: Row, home: str = "https://jira.test") -> dict[str, Any]:
    """A worklog as Tempo tells it."""
    return {
        "self": f"https://tempo.test/4/worklogs/{row.id}",
        "tempoWorklogId": row.id,
        "issue": {"self": f"{home}/rest/api/2/issue/{row.issue}", "id": row.issue},
        "timeSpentSeconds": row.seconds,
        "billableSeconds": row.seconds,
        "startDate": row.day.isoformat(),
        "startTime": "09:00:00",
        "description": "Working",
        "createdAt": stamp(row.updated),
        "updatedAt": stamp(row.updated),
        "author": {"self": f"{home}/rest/api/2/user?accountId={row.author}", "accountId": row.author},
        "attributes": {"self": "x", "values": []},
    }
