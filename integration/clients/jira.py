"""The little of Jira Cloud that the syncs need: issues, people with their zones, rights of others (vendor's OpenAPI of v3)."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from integration.clients.http import Unreadable, Wire
from integration.handover import OpenIssue
from integration.records import Issue, Person
from integration.wire import NotAsPublished, assigned_issue, issue, mapping, number, person, sequence, text

T = TypeVar("T")

ROOT = "/rest/api/3"

MOST_USERS = 1000
"""Users of a page of ``users/search``."""

MOST_NAMED = 200
"""Users that may be named in ``user/bulk``."""

MOST_ISSUES = 100
"""Issues that are named in one query."""

FEW = 3 * MOST_NAMED
"""Up to so many people are asked for by name; for more it takes fewer requests to list everybody."""

CONFLICT = 409
"""How ``users/search`` answers when it would take more than ten seconds (vendor's reference)."""


class Jira:
    """A Jira Cloud site, as the owner of the API token sees it. Every method raises ``Unreadable``."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    def myself(self) -> Person:
        """Whoever the API token belongs to."""
        return self._checked(lambda: person(self.wire.get(f"{ROOT}/myself")))

    def people(self, account_ids: Collection[str]) -> dict[str, Person]:
        """AccountId -> person; those that Jira does not know, or does not show, are missing."""
        wanted = set(account_ids)
        found: dict[str, Person] = {}
        if len(wanted) > FEW:
            try:
                found = {known.account_id: known for known in self._everybody() if known.account_id in wanted}
            except Unreadable as error:
                # To list everybody takes Browse users and groups, and less than ten seconds; to name somebody does not.
                if error.kind != "forbidden" and error.status != CONFLICT:
                    raise
        # A list may leave out what an answer on somebody has: without the zone all their rules would move.
        missing = sorted(wanted - {name for name, known in found.items() if known.zone is not None})
        for start in range(0, len(missing), MOST_NAMED):
            found.update((known.account_id, known) for known in self._named(missing[start : start + MOST_NAMED]))
        return found

    def everybody(self) -> list[Person]:
        """Every person of the site, no apps; takes Browse users and groups."""
        return list(self._everybody(lambda row: row.get("accountType", "atlassian") == "atlassian"))

    def issue(self, id_or_key: str) -> Issue:
        """An issue by id or key."""
        return self._checked(lambda: issue(self.wire.get(f"{ROOT}/issue/{id_or_key}", [("fields", "summary")])))

    def issues(self, jql: str) -> list[Issue]:
        """Every issue that JQL finds."""
        return [issue(row) for row in self._found(jql, "summary")]

    def issues_by_id(self, ids: Sequence[str]) -> dict[str, Issue]:
        """Issues by id; those that are gone, or that the token may not see, are missing."""
        found: dict[str, Issue] = {}
        parts = [list(ids[start : start + MOST_ISSUES]) for start in range(0, len(ids), MOST_ISSUES)]
        while parts:
            part = parts.pop()
            try:
                found.update((one.id, one) for one in self.issues(f"id in ({','.join(part)})"))
            except Unreadable as error:
                # A query that names one that is not there is refused as a whole.
                if error.kind != "refused":
                    raise
                half = len(part) // 2
                parts += [part[:half], part[half:]] if half else []
        return found

    def granted(self, account_id: str, permissions: Sequence[str], issue_ids: Iterable[str]) -> dict[str, set[str]]:
        """Permission -> ids of those of the issues on which somebody has it. Asking about others takes an administrator."""
        body = {
            "accountId": account_id,
            "projectPermissions": [
                {"permissions": list(permissions), "issues": [int(number) for number in issue_ids if number.isdecimal()]}
            ],
        }

        def read() -> dict[str, set[str]]:
            answer = mapping(self.wire.search(f"{ROOT}/permissions/check", body), "the answer")
            rows = [mapping(row, "a permission") for row in sequence(answer.get("projectPermissions"), "projectPermissions")]
            return {
                text(row.get("permission"), "permission"): {str(number) for number in row.get("issues") or ()} for row in rows
            }

        found = self._checked(read)
        return {name: found.get(name, set()) for name in permissions}

    def open_issues(self, jql: str) -> list[OpenIssue]:
        """Every issue that JQL finds, with its assignee."""
        return [assigned_issue(row) for row in self._found(jql, "summary,assignee")]

    def assigned_issue(self, issue_id: str) -> OpenIssue:
        """An issue with its assignee."""
        query = [("fields", "summary,assignee")]
        return self._checked(lambda: assigned_issue(self.wire.get(f"{ROOT}/issue/{issue_id}", query)))

    def assign(self, issue_id: str, account_id: str) -> None:
        """Give an issue to somebody; once more does no harm."""
        self.wire.ask("PUT", f"{ROOT}/issue/{issue_id}/assignee", (), {"accountId": account_id})

    def comment(self, issue_id: str, told: str) -> None:
        """Post a comment, a paragraph for each line. It is not asked again when the answer is lost."""
        paragraphs = [
            {"type": "paragraph", "content": [{"type": "text", "text": line}] if line else []} for line in told.split("\n")
        ]
        body = {"body": {"type": "doc", "version": 1, "content": paragraphs}}
        self.wire.ask("POST", f"{ROOT}/issue/{issue_id}/comment", (), body)

    def has_comment(self, issue_id: str, marker: str) -> bool:
        """Whether a comment of an issue has some text in it. The newest are looked at first."""
        start = 0
        while True:
            query = [("orderBy", "-created"), ("startAt", str(start)), ("maxResults", "100")]

            def read(query: list[tuple[str, str]] = query) -> tuple[list[Any], int]:
                answer = mapping(self.wire.get(f"{ROOT}/issue/{issue_id}/comment", query), "the answer")
                return list(sequence(answer.get("comments"), "comments")), number(answer.get("total"), "total")

            rows, total = self._checked(read)
            if any(marker in json.dumps(row.get("body"), ensure_ascii=False) for row in rows if isinstance(row, dict)):
                return True
            start += len(rows)
            if not rows or start >= total:
                return False

    def _found(self, jql: str, fields: str) -> list[Any]:
        found: list[Any] = []
        token: str | None = None
        known: set[str] = set()
        while True:
            query = [("jql", jql), ("fields", fields), ("maxResults", "100")]
            query += [("nextPageToken", token)] if token else []

            def read(query: list[tuple[str, str]] = query) -> tuple[list[Any], Any]:
                answer = mapping(self.wire.get(f"{ROOT}/search/jql", query), "the answer")
                rows = list(sequence(answer.get("issues"), "issues"))
                for row in rows:
                    assigned_issue(row)
                following = answer.get("nextPageToken")
                if following in known:
                    raise NotAsPublished("a page of issues leads back to one that was read")
                return rows, following

            rows, token = self._checked(read)
            found += rows
            if not token:
                return found
            known.add(token)

    def _everybody(self, wanted: Callable[[Mapping[str, Any]], bool] = lambda row: True) -> Iterable[Person]:
        start = 0
        while True:
            query = [("startAt", str(start)), ("maxResults", str(MOST_USERS))]
            rows: list[Any] = self._checked(
                lambda query=query: list(sequence(self.wire.get(f"{ROOT}/users/search", query), "the answer"))  # type: ignore[misc]
            )
            # Only an empty page is the last: a page may be short because somebody on it is hidden.
            if not rows:
                return
            yield from self._checked(lambda rows=rows: [person(row) for row in rows if wanted(mapping(row, "a user"))])  # type: ignore[misc]
            start += MOST_USERS

    def _named(self, account_ids: Sequence[str]) -> list[Person]:
        query = [*(("accountId", name) for name in account_ids), ("maxResults", str(MOST_NAMED))]
        found: list[Person] = []

        def read() -> bool:
            start = [("startAt", str(len(found)))] if found else []
            answer = mapping(self.wire.get(f"{ROOT}/user/bulk", [*query, *start]), "the answer")
            rows = [one for one in (person(row) for row in sequence(answer.get("values"), "values")) if one not in found]
            found.extend(rows)
            # Whoever is not known is not there, but a page may also be shorter than was asked for.
            return bool(rows) and answer.get("isLast") is False

        while self._checked(read):
            pass
        return found

    def _checked(self, read: Callable[[], T]) -> T:
        try:
            return read()
        except NotAsPublished as error:
            raise Unreadable("not-tempo", f"what answers at {self.wire.url} is not Jira Cloud: {error}") from None
