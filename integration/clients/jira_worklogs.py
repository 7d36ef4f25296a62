"""What changed of the worklogs of Jira Cloud since a moment: ids, then the worklogs themselves (vendor's OpenAPI of v3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from urllib.parse import parse_qsl, urlsplit

from integration.clients.http import Unreadable, Wire
from integration.clients.jira import ROOT
from integration.wire import NotAsPublished, identifier, mapping, number, sequence, text, truth, zone
from integration.worklogs import JiraWorklog

T = TypeVar("T")

MOST = 2**63 - 1
"""What a database keeps of whole numbers."""

MOST_IDS = 1000
"""Worklogs that may be asked for by id at once."""


class Changed(NamedTuple):
    """A page of ids that changed. until: milliseconds since 1970, where the next page, or the next run, begins.

    is_crowded: so many changed within one millisecond that the list cannot go on without leaving some of them out.
    """

    ids: tuple[int, ...]
    until: int
    is_crowded: bool = False


class _Page(NamedTuple):
    changes: tuple[tuple[int, int], ...]
    following: int
    is_last: bool


class JiraWorklogs:
    """The worklogs of a Jira Cloud site that the owner of the API token may see. Every method raises ``Unreadable``."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.apps: set[str] = set()
        """AccountIds of authors that are apps, of what was read so far."""

    def updated(self, since: int) -> Iterator[Changed]:
        """Pages of those created or changed since a moment, the oldest change first. What changed within the last minute is
        withheld by Jira and comes later."""
        return self._changes("updated", since)

    def deleted(self, since: int) -> Iterator[Changed]:
        """Pages of those deleted since a moment, likewise."""
        return self._changes("deleted", since)

    def named(self, ids: Sequence[int]) -> list[JiraWorklog]:
        """Worklogs by id; those that are gone, or that the token may not see, are missing."""
        shared: dict[str, str] = {}
        found: list[JiraWorklog] = []
        for start in range(0, len(ids), MOST_IDS):
            body = {"ids": list(ids[start : start + MOST_IDS])}

            def read(body: Mapping[str, Any] = body) -> list[JiraWorklog]:
                rows = sequence(self.wire.search(f"{ROOT}/worklog/list", body), "the answer")
                return [_worklog(row, shared, self.apps) for row in rows]

            found += self._checked(read)
        return found

    def _changes(self, what: str, since: int) -> Iterator[Changed]:
        # The first change of a page is the last one of the page before: the moment that is asked for counts.
        known: set[tuple[int, int]] = set()
        while True:
            page = self._checked(lambda since=since: self._page(what, since))  # type: ignore[misc]
            fresh = tuple(dict.fromkeys(worklog for worklog, at in page.changes if (worklog, at) not in known))
            is_crowded = not page.is_last and page.following <= since
            following = since + 1 if is_crowded else page.following
            yield Changed(fresh, following, is_crowded)
            if page.is_last:
                return
            known = {change for change in page.changes if change[1] == following}
            since = following

    def _page(self, what: str, since: int) -> _Page:
        answer = mapping(self.wire.get(f"{ROOT}/worklog/{what}", [("since", str(since))]), "the answer")
        rows = [mapping(row, "a change") for row in sequence(answer.get("values"), "values")]
        changes = tuple(
            (_whole(str(number(row.get("worklogId"), "worklogId"))), number(row.get("updatedTime"), "updatedTime"))
            for row in rows
        )
        until, is_last = number(answer.get("until"), "until"), truth(answer.get("lastPage"), "lastPage")
        if until < since:
            raise NotAsPublished(f"until is {until}, before the {since} that was asked for")
        # A link to the next page may begin later, where all of a moment are on this one.
        following = until if is_last else max(until, _since(answer.get("nextPage")))
        return _Page(changes, following, is_last)

    def _checked(self, read: Callable[[], T]) -> T:
        try:
            return read()
        except NotAsPublished as error:
            raise Unreadable("not-tempo", f"what answers at {self.wire.url} is not Jira Cloud: {error}") from None


def _worklog(row: Any, shared: dict[str, str], apps: set[str]) -> JiraWorklog:
    found = mapping(row, "a worklog")
    author = found.get("author")
    # Of accounts that were deleted there is none.
    who = {} if author is None else mapping(author, "author")
    account_id = "" if author is None else text(who.get("accountId"), "author.accountId")
    if who.get("accountType") == "app":
        apps.add(account_id)
    started = _started(text(found.get("started"), "started"), who)
    issue_id, updated = identifier(found.get("issueId"), "issueId"), str(found.get("updated") or "")
    seconds = number(found.get("timeSpentSeconds"), "timeSpentSeconds")
    if not (0 <= seconds <= MOST and _is_storable(account_id + issue_id + updated)):
        raise NotAsPublished("a worklog has values that none has")
    return JiraWorklog(
        id=_whole(identifier(found.get("id"), "id")),
        issue_id=shared.setdefault(issue_id, issue_id),
        author_id=shared.setdefault(account_id, account_id),
        day=started.date(),
        start=started.strftime("%H:%M:%S"),
        seconds=seconds,
        updated=updated,
    )


def _started(told: str, author: Mapping[str, Any]) -> datetime:
    """The author's own wall clock.

    Jira tells the moment on the clock of whoever asks, so that an evening far away would be another day; a person's zone
    stands beside it. Where it is hidden, and for apps, which write what they were told, the clock is taken as it stands.
    """
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        raise NotAsPublished(f"{told[:40]!r} is not when work was started") from None
    own = zone(author.get("timeZone")) if author.get("accountType", "atlassian") != "app" else None
    if own is None or moment.tzinfo is None:
        return moment
    try:
        return moment.astimezone(own)
    except OverflowError:
        return moment


def _since(link: Any) -> int:
    try:
        found = dict(parse_qsl(urlsplit(link).query)).get("since", "") if isinstance(link, str) else ""
    except ValueError:
        return 0
    return int(found) if found.isascii() and found.isdecimal() and len(found) < 19 else 0


def _whole(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) < 19):
        raise NotAsPublished(f"{value[:40]!r} is not the id of a worklog")
    return int(value)


def _is_storable(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
