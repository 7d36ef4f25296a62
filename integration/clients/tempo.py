"""Reading Tempo Cloud: pages to their end, and a word on whether that was all (vendor's OpenAPI of v4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

from integration.clients.http import Query, Unreadable, Wire
from integration.hours import Holiday
from integration.records import Complete, Issue, Partial, Plan, Reading, Reason, Team, Window
from integration.wire import (
    Decoder,
    NotAsPublished,
    Page,
    Scheme,
    holiday,
    holiday_scheme,
    issue,
    mapping,
    membership,
    number,
    page,
    scheme_member,
    text,
    workload_scheme,
)

T = TypeVar("T")

MOST_ROWS = 5000
"""Rows of a page that Tempo gives at most."""

MOST_TEAM_ROWS = 1000
"""Teams and memberships asked for per page."""

LONGEST_WINDOW = timedelta(days=366)
WALKS = 3
"""How often a list that changes under the reader is read anew."""

Progress = Callable[[int], object]


class _Moved(Exception):  # noqa: N818
    """The rows of a list changed places while it was read."""


class Tempo:
    """A site of Tempo Cloud, as the owner of the token sees it. Every method but ``plans`` raises ``Unreadable``."""

    def __init__(self, wire: Wire, limit: int = MOST_ROWS) -> None:
        """limit: rows asked for per page."""
        self.wire = wire
        self._limit = limit

    def plans(self, window: Window, progress: Progress = lambda rows: None) -> Reading[list[Plan]]:
        """Everybody's plans with a day in the window, with their daily breakdown. progress: hears of the rows read so far."""
        query = [("from", window.first.isoformat()), ("to", window.last.isoformat()), ("plannedTimeBreakdown", "DAILY")]
        return self._everything("/4/plans", query, Decoder().plan, lambda plan: plan.id, progress)

    def worklogs(self, issue_ids: Sequence[str], window: Window) -> Reading[list[Plan]]:
        """What was logged on some issues, each worklog as the plan of its day."""
        query = [("issueId", number) for number in issue_ids]
        query += [("from", window.first.isoformat()), ("to", window.last.isoformat())]
        return self._everything("/4/worklogs", query, Decoder().worklog, lambda plan: plan.id, lambda rows: None)

    def has_start_times(self) -> bool:
        """Whether plans have a time of day; where Tempo does not say so, they have."""
        found = self._checked(lambda: mapping(self.wire.get("/4/globalconfiguration"), "the global configuration"))
        return found.get("startAndEndTimesForPlanningEnabled") is not False

    def workload_schemes(self) -> list[Scheme]:
        """All of them."""
        return [workload_scheme(row) for row in self._rows("/4/workload-schemes", [("limit", str(self._limit))])]

    def holiday_schemes(self) -> list[Scheme]:
        """All of them, without their days."""
        return [holiday_scheme(row) for row in self._rows("/4/holiday-schemes", [])]

    def holidays(self, scheme: Scheme, window: Window) -> list[Holiday]:
        """The days of a scheme that may lie in the window."""
        path = f"/4/holiday-schemes/{scheme.id}/holidays"
        years = range(window.first.year, window.last.year + 1)
        found = {holiday(row) for year in years for row in self._rows(path, [("year", str(year))])}
        # A day of every year is told once for each year that was asked for.
        yearly = {(day.day.month, day.day.day, day.seconds): day for day in found if day.yearly}
        return sorted([*yearly.values(), *(day for day in found if not day.yearly)])

    def members(self, kind: str, schemes: Sequence[Scheme]) -> dict[str, int]:
        """AccountId -> id of the scheme, of everybody in these. kind: workload-schemes or holiday-schemes."""
        found: dict[str, int] = {}
        if not schemes:
            return found
        offset = 0
        while True:
            body = {"schemeIds": [scheme.id for scheme in schemes], "offset": offset, "limit": self._limit}
            answer = self._checked(lambda body=body: page(self.wire.search(f"/4/{kind}/members/search", body)))  # type: ignore[misc]
            found.update(self._checked(lambda answer=answer: [scheme_member(row) for row in answer.rows]))  # type: ignore[misc]
            offset += len(answer.rows)
            if len(answer.rows) < answer.limit or not answer.rows:
                return found

    def teams(self, today: date) -> list[Team]:
        """The teams that the token may see, with who is in them on a day."""
        names = {number(row.get("id"), "id"): text(row.get("name"), "name") for row in self._teams()}
        members: dict[int, set[str]] = {team: set() for team in names}
        offset = 0
        while True:
            query = [("offset", str(offset)), ("limit", str(MOST_TEAM_ROWS))]
            answer = self._checked(
                lambda query=query: page(self.wire.ask("POST", "/4/team-memberships/search", query, {}, repeatable=True))  # type: ignore[misc]
            )
            for period in self._checked(lambda answer=answer: [membership(row) for row in answer.rows]):  # type: ignore[misc]
                if period.team_id in members and period.first <= today <= period.last:
                    members[period.team_id].add(period.account_id)
            offset += len(answer.rows)
            if not answer.rows or answer.next is None:
                return [Team(team, names[team], tuple(sorted(members[team]))) for team in sorted(names)]

    def _teams(self) -> list[Mapping[str, Any]]:
        return self._rows("/4/teams", [("limit", str(MOST_TEAM_ROWS))])

    def internal_issues(self, account_id: str | None = None) -> list[Issue] | None:
        """Tempo's internal issues where something lists them, which the real Tempo does not: None."""
        query = [] if account_id is None else [("accountId", account_id)]
        try:
            return [issue(row) for row in self._rows("/x-tempo-mock/internal-issues", query)]
        except Unreadable as error:
            if error.kind in ("not-found", "not-tempo", "gone"):
                return None
            raise

    def _rows(self, path: str, query: Query) -> list[Mapping[str, Any]]:
        return [row for found in self._pages(path, query) for row in found.rows]

    def _pages(self, path: str, query: Query) -> Iterator[Page]:
        while True:
            found = self._checked(lambda query=query: page(self.wire.get(path, query)))  # type: ignore[misc]
            yield found
            if found.next is None:
                return
            following, query = found.next
            # Only the query is believed: behind a proxy a link may name another host, scheme or prefix.
            if not following.endswith(path):
                raise Unreadable("not-tempo", f"the next page of {path} is said to be {following}")
            if dict(query).get("offset") == str(found.offset):
                raise Unreadable("not-tempo", f"the next page of {path} is said to be the same page")

    def _everything(
        self, path: str, query: Query, decode: Callable[[Mapping[str, Any]], T], key: Callable[[T], object], progress: Progress
    ) -> Reading[list[T]]:
        asked = [*query, ("limit", str(self._limit))]
        found: list[T] = []
        for _ in range(WALKS):
            try:
                found = self._walk(path, query, asked, decode, key, progress)
            except _Moved:
                continue
            except _Cut as cut:
                return Partial(cut.rows, Reason(cut.error.kind, str(cut.error)))
            return Complete(found)
        return Partial(found, Reason("moved", f"the list {path} changed {WALKS} times while it was read"))

    def _walk(
        self,
        path: str,
        query: Query,
        asked: Query,
        decode: Callable[[Mapping[str, Any]], T],
        key: Callable[[T], object],
        progress: Progress,
    ) -> list[T]:
        found: list[T] = []
        ends: list[int] = []
        try:
            for answer in self._pages(path, asked):
                if answer.offset != len(found):
                    raise _Moved
                found += self._checked(lambda answer=answer: [decode(row) for row in answer.rows])  # type: ignore[misc]
                ends.append(len(found))
                progress(len(found))
            if len({key(row) for row in found}) != len(found):
                raise _Moved
            # Rows that went while the list was read leave no trace but this: the last row of a page is not where it was.
            for end in {ends[-1], *ends[-2:-1]} if len(ends) > 1 or (ends[-1] and ends[-1] >= answer.limit) else ():
                self._check_place(path, query, found, end, decode, key)
        except Unreadable as error:
            raise _Cut(list(found), error) from None
        return found

    def _check_place(
        self,
        path: str,
        query: Query,
        found: Sequence[T],
        end: int,
        decode: Callable[[Mapping[str, Any]], T],
        key: Callable[[T], object],
    ) -> None:
        """Raises ``_Moved`` unless what stands around the end of a page is what was read, and nothing after the last."""
        asked = [*query, ("limit", "2"), ("offset", str(end - 1))]
        answer = self._checked(lambda: page(self.wire.get(path, asked)))
        seen = self._checked(lambda: [key(decode(row)) for row in answer.rows])
        if seen != [key(row) for row in found[end - 1 : end + 1]]:
            raise _Moved

    def _checked(self, read: Callable[[], T]) -> T:
        try:
            return read()
        except NotAsPublished as error:
            raise Unreadable("not-tempo", f"what answers at {self.wire.url} is not Tempo Cloud: {error}") from None


class _Cut(Exception):  # noqa: N818
    """A list that could not be read to its end. rows: what was read of it."""

    def __init__(self, rows: list[Any], error: Unreadable) -> None:
        super().__init__(str(error))
        self.rows = rows
        self.error = error
