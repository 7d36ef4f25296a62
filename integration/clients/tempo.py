"""Reading Tempo Cloud: pages to their end, and a word on whether that was all (vendor's OpenAPI of v4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Generic, TypeVar

from integration.clients.http import Query, Unreadable, Wire
from integration.hours import Holiday
from integration.records import Complete, Issue, Partial, Plan, Reading, Reason, Team, Window
from integration.wire import (
    Decoder,
    Membership,
    NotAsPublished,
    Page,
    Scheme,
    holiday,
    holiday_scheme,
    issue,
    issue_teams,
    mapping,
    membership,
    number,
    page,
    scheme_member,
    text,
    truth,
    workload_scheme,
)

T = TypeVar("T")

MOST_ROWS = 5000
"""Rows of a page that Tempo gives at most."""

MOST_TEAM_ROWS = 1000
"""Teams and memberships asked for per page."""

INTERNAL_ISSUES = "/x-tempo-mock/internal-issues"
"""An extension of the fake; Tempo itself publishes no such list."""

WALKS = 3
"""How often a list that changes under the reader is read anew."""

Progress = Callable[[int], object]


Rows = Mapping[str, Any]
Fetch = Callable[[int, Query], Page]
"""A page: from which row on, and the query of the link that led there, empty at first."""


class Tempo:
    """A site of Tempo Cloud, as the owner of the token sees it. Every method but ``plans`` raises ``Unreadable``."""

    def __init__(self, wire: Wire, limit: int = MOST_ROWS) -> None:
        """limit: rows asked for per page, two at least: every page begins with the last row of the one before."""
        self.wire = wire
        self._limit = max(2, limit)

    def plans(self, window: Window, progress: Progress = lambda rows: None) -> Reading[list[Plan]]:
        """Everybody's plans with a day in the window, with their daily breakdown. progress: hears of the rows read so far."""
        query = [("from", window.first.isoformat()), ("to", window.last.isoformat()), ("plannedTimeBreakdown", "DAILY")]
        return self._read(self._links("/4/plans", query), Decoder().plan, lambda plan: plan.id, progress)

    def worklogs(self, issue_ids: Sequence[str], window: Window) -> Reading[list[Plan]]:
        """What was logged on some issues, each worklog as the plan of its day."""
        query = [("issueId", number) for number in issue_ids]
        query += [("from", window.first.isoformat()), ("to", window.last.isoformat())]
        return self._read(self._links("/4/worklogs", query), Decoder().worklog, lambda plan: plan.id)

    def has_start_times(self) -> bool:
        """Whether plans have a time of day."""
        found = self._checked(lambda: mapping(self.wire.get("/4/globalconfiguration"), "the global configuration"))
        name = "startAndEndTimesForPlanningEnabled"
        return self._checked(lambda: truth(found.get(name), name))

    def workload_schemes(self) -> list[Scheme]:
        """All of them."""
        return self._whole(self._links("/4/workload-schemes", []), workload_scheme, lambda scheme: scheme.id)

    def holiday_schemes(self) -> list[Scheme]:
        """All of them, without their days."""
        return self._whole(self._links("/4/holiday-schemes", []), holiday_scheme, lambda scheme: scheme.id)

    def holidays(self, scheme: Scheme, window: Window) -> list[Holiday]:
        """The days of a scheme that may lie in the window."""
        path = f"/4/holiday-schemes/{scheme.id}/holidays"
        found: set[Holiday] = set()
        for year in range(window.first.year, window.last.year + 1):
            rows = self._links(path, [("year", str(year))])
            found |= {day for _, day in self._whole(rows, _numbered_holiday, lambda row: row)}
        # A day of every year is told once for each year that was asked for.
        yearly = {(day.day.month, day.day.day, day.seconds): day for day in found if day.yearly}
        return sorted([*yearly.values(), *(day for day in found if not day.yearly)])

    def members(self, kind: str, schemes: Sequence[Scheme]) -> dict[str, int]:
        """AccountId -> id of the scheme, of everybody in these. kind: workload-schemes or holiday-schemes."""
        if not schemes:
            return {}
        ids = [scheme.id for scheme in schemes]

        def fetch(offset: int, link: Query) -> Page:
            body = {"schemeIds": ids, "offset": offset, "limit": self._limit}
            return page(self.wire.search(f"/4/{kind}/members/search", body))

        return dict(self._whole(fetch, scheme_member, lambda member: member[0], has_links=False))

    def teams(self, today: date) -> list[Team]:
        """The teams that the token may see, with who is in them on a day."""
        names, periods = self.team_periods()
        members: dict[int, set[str]] = {team: set() for team in names}
        for period in periods:
            if period.team_id in members and period.first <= today <= period.last:
                members[period.team_id].add(period.account_id)
        return [Team(team, names[team], tuple(sorted(members[team]))) for team in sorted(names)]

    def team_periods(self) -> tuple[dict[int, str], list[Membership]]:
        """Id -> name of the teams that the token may see, and who is in a team from when to when."""
        names = dict(self._whole(self._links("/4/teams", []), _named_team, lambda team: team[0]))

        def fetch(offset: int, link: Query) -> Page:
            query = [("offset", str(offset)), ("limit", str(MOST_TEAM_ROWS))]
            return page(self.wire.ask("POST", "/4/team-memberships/search", query, {}, repeatable=True))

        return names, self._whole(fetch, membership, lambda period: period, has_links=False)

    def internal_issues(self, account_id: str | None = None) -> list[Issue] | None:
        """Tempo's internal issues where something lists them, which the real Tempo does not: None."""
        query = [] if account_id is None else [("accountId", account_id)]
        try:
            return self._whole(self._links(INTERNAL_ISSUES, query), issue, lambda found: found.id)
        except Unreadable as error:
            if error.kind in ("not-found", "not-tempo", "gone"):
                return None
            raise

    def issue_teams(self) -> dict[str, frozenset[int]] | None:
        """Issue id -> ids of the teams an internal issue is open to, empty for all; None where nothing lists them."""
        try:
            return dict(self._whole(self._links(INTERNAL_ISSUES, []), issue_teams, lambda found: found[0]))
        except Unreadable as error:
            if error.kind in ("not-found", "not-tempo", "gone"):
                return None
            raise

    def _links(self, path: str, query: Query) -> Fetch:
        """A list whose pages lead to the next one."""

        def fetch(offset: int, link: Query) -> Page:
            asked = [pair for pair in link if pair[0] != "offset"] or [*query, ("limit", str(self._limit))]
            found = page(self.wire.get(path, [*asked, ("offset", str(offset))] if offset else asked))
            # Only the query is believed: behind a proxy a link may name another host, scheme or prefix.
            if found.next is not None and not found.next[0].endswith(path):
                raise NotAsPublished(f"the next page of {path} is said to be {found.next[0][:100]}")
            return found

        return fetch

    def _whole(
        self, fetch: Fetch, decode: Callable[[Rows], T], key: Callable[[T], object], *, has_links: bool = True
    ) -> list[T]:
        found = self._read(fetch, decode, key, has_links=has_links)
        if isinstance(found, Partial):
            raise Unreadable(*found.reason)
        return found.value

    def _read(
        self,
        fetch: Fetch,
        decode: Callable[[Rows], T],
        key: Callable[[T], object],
        progress: Progress = lambda rows: None,
        *,
        has_links: bool = True,
    ) -> Reading[list[T]]:
        most: list[T] = []
        reason = Reason("moved", f"a list of {self.wire.url} changed {WALKS} times while it was read")
        for _ in range(WALKS):
            walk = _Walk(decode, key, progress, has_links)
            try:
                self._go(fetch, walk)
                if not walk.overlap:
                    again = _Walk(decode, key, progress, has_links)
                    self._go(fetch, again)
                    again.check_same(walk)
                return Complete(walk.found)
            except _Moved:
                most = max(most, walk.found, key=len)
                continue
            except Unreadable as error:
                reason = Reason(error.kind, str(error))
            except NotAsPublished as error:
                reason = Reason("not-tempo", f"what answers at {self.wire.url} is not Tempo Cloud: {error}")
            most = max(most, walk.found, key=len)
            break
        return Partial(most, reason)

    def _go(self, fetch: Fetch, walk: _Walk[Any]) -> None:
        while walk.goes_on:
            walk.take(self._page(fetch, walk))

    def _page(self, fetch: Fetch, walk: _Walk[Any]) -> Page:
        found = fetch(walk.offset, walk.link)
        # Under load, or right after an error, some answer 200 with nothing: that is believed the second time.
        return found if found.rows else fetch(walk.offset, walk.link)

    def _checked(self, read: Callable[[], T]) -> T:
        try:
            return read()
        except NotAsPublished as error:
            raise Unreadable("not-tempo", f"what answers at {self.wire.url} is not Tempo Cloud: {error}") from None


class _Moved(Exception):  # noqa: N818
    """The rows of a list changed places while it was read."""


class _Walk(Generic[T]):
    """A list page by page. Each page is asked for from the last row on that is known, so that rows that went or came before
    it meanwhile show: they would push others from a page that is to be read to one that was. Pages of one row cannot overlap:
    such a list is walked twice."""

    def __init__(self, decode: Callable[[Rows], T], key: Callable[[T], object], progress: Progress, has_links: bool) -> None:
        self._decode, self._key, self._progress, self._has_links = decode, key, progress, has_links
        self._keys: set[object] = set()
        self.found: list[T] = []
        self.overlap = 1
        self.goes_on = True
        self.link: Query = ()

    @property
    def offset(self) -> int:
        """Where the next page begins."""
        return max(0, len(self.found) - self.overlap)

    def take(self, answer: Page) -> None:
        """The next page. Raises ``_Moved`` when it does not go on where the last one ended, ``NotAsPublished``."""
        if answer.offset != self.offset:
            raise _Moved
        rows = [self._decode(row) for row in answer.rows]
        is_first = not self.found
        if is_first and answer.limit == 1:
            self.overlap = 0
        if not is_first and self.overlap:
            if not rows or self._key(rows[0]) != self._key(self.found[-1]):
                raise _Moved
            del rows[0]
        for row in rows:
            if self._key(row) in self._keys:
                raise _Moved
            self._keys.add(self._key(row))
            self.found.append(row)
        self._progress(len(self.found))
        if answer.next is not None:
            if not rows:
                raise NotAsPublished("a page without any row that was not known leads to another one")
            self.link = answer.next[1]
            return
        # Whether something follows after all, as when the limit was lowered in silence, shows at the next row.
        is_short = is_first and self._has_links and len(answer.rows) < answer.limit
        self.goes_on = bool(rows) and not is_short

    def check_same(self, other: _Walk[T]) -> None:
        """Raises ``_Moved`` unless another walk found the same rows in the same places."""
        if list(map(self._key, self.found)) != list(map(self._key, other.found)):
            raise _Moved


def _numbered_holiday(row: Rows) -> tuple[int, Holiday]:
    return number(row.get("id"), "id"), holiday(row)


def _named_team(row: Rows) -> tuple[int, str]:
    return number(row.get("id"), "id"), text(row.get("name"), "name")
