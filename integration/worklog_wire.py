"""From the JSON of Tempo's worklogs to records, checked, a million of them in reasonable time. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from integration.wire import NotAsPublished, clock, day, identifier, mapping, number, sequence, text
from integration.worklogs import Worklog

ACCOUNT_KEY = "_Account_"
"""The work attribute of the type account, as Tempo calls the first one of a site."""

MOST = 2**63 - 1
"""What a database keeps of whole numbers."""


class WorklogDecoder:
    """Rows to worklogs. Days, times of day and names are looked at once: many worklogs have the same ones."""

    def __init__(self) -> None:
        self._days: dict[str, date] = {}
        self._starts: dict[str | None, str] = {None: ""}
        self._names: dict[str, str] = {}
        self._issues: dict[int | str, str] = {}

    def worklogs(self, rows: Iterable[Mapping[str, Any]]) -> list[Worklog]:
        """Worklogs of a page. Raises ``NotAsPublished``."""
        days, starts, names, issues = self._days, self._starts, self._names, self._issues
        found = []
        for row in rows:
            try:
                updated = row["updatedAt"]
                datetime.fromisoformat(updated)
                decoded = Worklog(
                    row["tempoWorklogId"],
                    issues[row["issue"]["id"]],
                    names[row["author"]["accountId"]],
                    days[row["startDate"]],
                    starts[row.get("startTime")],
                    row["timeSpentSeconds"],
                    row["billableSeconds"],
                    updated,
                    row.get("jiraWorklogId"),
                    "" if not row["attributes"].get("values") else self._account(row),
                )
            except (KeyError, TypeError, ValueError, AttributeError):
                # Seen for the first time, written in another way, or wrong.
                decoded = self.worklog(row)
            else:
                if not (
                    type(decoded.id) is int
                    and 0 <= decoded.id <= MOST
                    and type(decoded.seconds) is int
                    and 0 <= decoded.seconds <= MOST
                    and type(decoded.billable) is int
                    and 0 <= decoded.billable <= MOST
                    and (decoded.jira_id is None or type(decoded.jira_id) is int)
                    and len(updated) == 20
                    and updated[19] == "Z"
                ):
                    decoded = self.worklog(row)
            found.append(decoded)
        return found

    def worklog(self, row: Mapping[str, Any]) -> Worklog:
        """A worklog, looked at member by member. Raises ``NotAsPublished`` with what is wrong."""
        issue, author = mapping(row.get("issue"), "issue"), mapping(row.get("author"), "author")
        seconds = _amount(row.get("timeSpentSeconds"), "timeSpentSeconds")
        issue_id, account_id = identifier(issue.get("id"), "issue.id"), text(author.get("accountId"), "author.accountId")
        told_day, start, jira_id = text(row.get("startDate"), "startDate"), row.get("startTime"), row.get("jiraWorklogId")
        self._days[told_day] = day(told_day)
        self._issues[issue["id"]] = _storable(issue_id, "issue.id")
        self._names[account_id] = _storable(account_id, "author.accountId")
        if start is not None:
            self._starts[text(start, "startTime")] = clock(start).isoformat("seconds")
        return Worklog(
            id=_amount(row.get("tempoWorklogId"), "tempoWorklogId"),
            issue_id=self._issues[issue["id"]],
            author_id=self._names[account_id],
            day=self._days[told_day],
            start=self._starts[start],
            seconds=seconds,
            # Where Tempo does not say, everything is billable, as where nobody says when a worklog is made.
            billable=seconds if row.get("billableSeconds") is None else _amount(row["billableSeconds"], "billableSeconds"),
            updated=moment(row.get("updatedAt"), "updatedAt"),
            jira_id=None if jira_id is None else _amount(jira_id, "jiraWorklogId"),
            account=self._account(row),
        )

    def _account(self, row: Mapping[str, Any]) -> str:
        attributes = row.get("attributes")
        values = [] if attributes is None else mapping(attributes, "attributes").get("values") or []
        for entry in sequence(values, "attributes.values"):
            found = mapping(entry, "an attribute")
            if found.get("key") == ACCOUNT_KEY and found.get("value"):
                return _storable(text(found["value"], "the account"), "the account")
        return ""


def moment(value: Any, name: str) -> str:
    """A moment in UTC with seconds, as the database keeps it and Tempo takes it. Raises ``NotAsPublished``."""
    told = text(value, name)
    try:
        found = datetime.fromisoformat(told)
        return stamp(found if found.tzinfo else found.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise NotAsPublished(f"{name} is {told[:40]!r}, no moment") from None


def stamp(at: datetime) -> str:
    """``2026-03-02T09:00:00Z``."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def deleted_worklog(row: Mapping[str, Any]) -> tuple[int, str] | None:
    """Id of a worklog and when it was deleted, of an event of the audit feed; None for any other event."""
    if row.get("entityType") != "worklog" or row.get("action") != "Deleted":
        return None
    told = identifier(row.get("entityId"), "entityId")
    if not (told.isascii() and told.isdecimal() and int(told) <= MOST):
        raise NotAsPublished(f"entityId {told[:40]!r} is no id of a worklog")
    return int(told), moment(row.get("timestamp"), "timestamp")


def ids_of_both(row: Mapping[str, Any]) -> tuple[int, int]:
    """Id of Tempo and id of Jira of one worklog."""
    return _amount(row.get("tempoWorklogId"), "tempoWorklogId"), _amount(row.get("jiraWorklogId"), "jiraWorklogId")


def sites_of(rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The addresses of Jira in the links of the first and of the last row, which are of one site as a rule."""
    found = []
    for row in (rows[0], rows[-1]) if rows else ():
        issue = row.get("issue")
        root, rest, _ = str(issue.get("self") if isinstance(issue, Mapping) else "").partition("/rest/api/")
        if rest and root.isprintable():
            found.append(root[:200])
    return tuple(sorted(set(found)))


def _amount(value: Any, name: str) -> int:
    found = number(value, name)
    if not 0 <= found <= MOST:
        raise NotAsPublished(f"{name} is {str(found)[:40]}")
    return found


def _storable(value: str, name: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise NotAsPublished(f"{name} is no text") from None
    return value
