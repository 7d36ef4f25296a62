"""From the JSON of Tempo and Jira to records, checked: whatever is not as published is no Tempo. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any, NamedTuple, TypeVar
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from integration.handover import OpenIssue
from integration.hours import Holiday
from integration.records import Issue, Person, Plan

T = TypeVar("T")

WEEK = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


class NotAsPublished(Exception):  # noqa: N818
    """An answer whose shape is not the API's. The text says what is missing where."""


class Page(NamedTuple):
    """A page of a list. next: path and query of the next page, None at the end.

    limit: as the server applied it, more than there are rows where the list has no pages.
    """

    rows: Sequence[Mapping[str, Any]]
    offset: int
    limit: int
    next: tuple[str, tuple[tuple[str, str], ...]] | None


class Scheme(NamedTuple):
    """A workload or holiday scheme. week: required seconds, Monday first; empty for a holiday scheme."""

    id: int
    is_default: bool
    week: tuple[int, ...] = ()


class Membership(NamedTuple):
    """A period of somebody in a team, from its first to its last day."""

    team_id: int
    account_id: str
    first: date
    last: date


def page(answer: Any) -> Page:
    """A page of Tempo Cloud with ``metadata`` and ``results``; unpaged lists are one page."""
    body = mapping(answer, "the answer")
    metadata = mapping(body.get("metadata"), "metadata")
    rows = [mapping(row, "a row of results") for row in sequence(body.get("results"), "results")]
    count = number(metadata.get("count", len(rows)), "metadata.count")
    if count != len(rows):
        raise NotAsPublished(f"metadata.count is {count}, and there are {len(rows)} results")
    link = metadata.get("next")
    following = None
    if link is not None:
        parts = _parsed(urlsplit, text(link, "metadata.next"), "an address")
        following = parts.path, tuple(parse_qsl(parts.query, keep_blank_values=True))
    offset, limit = number(metadata.get("offset", 0), "offset"), number(metadata.get("limit", len(rows) + 1), "limit")
    return Page(rows, offset, limit, following)


class Decoder:
    """Rows to plans. Days and pairs of a day with its seconds are shared: many plans have the same ones."""

    def __init__(self) -> None:
        self._dates: dict[str, date] = {}
        self._days: dict[tuple[str, int], tuple[date, int]] = {}
        self._texts: dict[str, str] = {}

    def plan(self, row: Mapping[str, Any]) -> Plan:
        """A plan with its DAILY breakdown."""
        assignee, item = mapping(row.get("assignee"), "assignee"), mapping(row.get("planItem"), "planItem")
        planned = mapping(row.get("plannedTime"), "plannedTime (the DAILY breakdown that was asked for)")
        days = mapping(planned.get("days"), "plannedTime.days")
        approval = row.get("planApproval")
        return Plan(
            id=number(row.get("id"), "id"),
            assignee_id=self._shared(text(assignee.get("id"), "assignee.id")),
            assignee_type=self._shared(text(assignee.get("type"), "assignee.type")),
            item_id=self._shared(identifier(item.get("id"), "planItem.id")),
            item_type=self._shared(text(item.get("type"), "planItem.type")),
            start_time=None if row.get("startTime") is None else clock(row["startTime"]),
            days=tuple(sorted(self._day(entry) for entry in sequence(days.get("values"), "plannedTime.days.values"))),
            status=None if approval is None else self._shared(text(mapping(approval, "planApproval").get("status"), "status")),
        )

    def worklog(self, row: Mapping[str, Any]) -> Plan:
        """A worklog as the plan of its day."""
        issue, author = mapping(row.get("issue"), "issue"), mapping(row.get("author"), "author")
        seconds = number(row.get("timeSpentSeconds"), "timeSpentSeconds")
        day = self._date(text(row.get("startDate"), "startDate"))
        return Plan(
            id=number(row.get("tempoWorklogId"), "tempoWorklogId"),
            assignee_id=self._shared(text(author.get("accountId"), "author.accountId")),
            assignee_type="USER",
            item_id=self._shared(identifier(issue.get("id"), "issue.id")),
            item_type="ISSUE",
            start_time=None if row.get("startTime") is None else clock(row["startTime"]),
            days=((day, seconds),),
            from_worklog=True,
        )

    def _day(self, entry: Any) -> tuple[date, int]:
        found = mapping(entry, "a planned day")
        key = text(found.get("date"), "date"), number(found.get("plannedSeconds"), "plannedSeconds")
        pair = self._days.get(key)
        if pair is None:
            pair = self._days[key] = (self._date(key[0]), key[1])
        return pair

    def _date(self, value: str) -> date:
        found = self._dates.get(value)
        if found is None:
            found = self._dates[value] = day(value)
        return found

    def _shared(self, value: str) -> str:
        return self._texts.setdefault(value, value)


def workload_scheme(row: Mapping[str, Any]) -> Scheme:
    """A workload scheme with its week."""
    seconds: dict[str, int] = {}
    for entry in sequence(row.get("days"), "days"):
        found = mapping(entry, "a day of the scheme")
        seconds[text(found.get("day"), "day")] = number(found.get("requiredSeconds"), "requiredSeconds")
    if set(seconds) != set(WEEK):
        raise NotAsPublished("a workload scheme does not have the seven days of the week")
    return Scheme(number(row.get("id"), "id"), row.get("defaultScheme") is True, tuple(seconds[name] for name in WEEK))


def holiday_scheme(row: Mapping[str, Any]) -> Scheme:
    """A holiday scheme, without its days."""
    return Scheme(number(row.get("id"), "id"), row.get("defaultScheme") is True)


def holiday(row: Mapping[str, Any]) -> Holiday:
    """A day of a holiday scheme."""
    kind = text(row.get("type"), "type")
    return Holiday(day(text(row.get("date"), "date")), kind == "FIXED", number(row.get("durationSeconds"), "durationSeconds"))


def scheme_member(row: Mapping[str, Any]) -> tuple[str, int]:
    """AccountId and scheme id of a member."""
    member = mapping(row.get("member"), "member")
    return text(member.get("accountId"), "member.accountId"), number(row.get("schemeId"), "schemeId")


def membership(row: Mapping[str, Any]) -> Membership:
    """A period of somebody in a team, both days included."""
    team, member = mapping(row.get("team"), "team"), mapping(row.get("member"), "member")
    first, after, last = row.get("from"), row.get("to"), row.get("inclusiveTo")
    end = date.max
    if last is not None:
        end = day(text(last, "inclusiveTo"))
    elif after is not None:
        # The day after the last one, unlike everywhere else.
        end = day(text(after, "to")) - timedelta(days=1)
    return Membership(
        number(team.get("id"), "team.id"),
        text(member.get("accountId"), "member.accountId"),
        date.min if first is None else day(text(first, "from")),
        end,
    )


def person(row: Any) -> Person:
    """A user of Jira Cloud; the zone is missing where its owner hides it, or where nobody here knows it."""
    found = mapping(row, "a user")
    account_id = text(found.get("accountId"), "accountId")
    told = zone(found.get("timeZone"))
    known = told.key if told else None
    return Person(account_id, str(found.get("displayName") or account_id), known, found.get("active") is not False)


def issue(row: Any) -> Issue:
    """An issue of Jira with its summary, or one of a listing of internal issues."""
    found = mapping(row, "an issue")
    fields = found.get("fields")
    summary = fields.get("summary") if isinstance(fields, dict) else found.get("summary")
    return Issue(identifier(found.get("id"), "id"), text(found.get("key"), "key"), str(summary or ""))


def issue_teams(row: Mapping[str, Any]) -> tuple[str, frozenset[int]]:
    """The id of an internal issue and the ids of the teams it is open to, none for all."""
    teams = (mapping(team, "a team") for team in sequence(row.get("teams"), "teams"))
    return identifier(row.get("id"), "id"), frozenset(number(team.get("id"), "team.id") for team in teams)


def assigned_issue(row: Any) -> OpenIssue:
    """An issue of Jira with its summary and its assignee."""
    found = issue(row)
    fields = row.get("fields")
    assignee = fields.get("assignee") if isinstance(fields, dict) else None
    account_id = None if assignee is None else text(mapping(assignee, "assignee").get("accountId"), "assignee.accountId")
    return OpenIssue(found.id, found.key, found.summary, account_id)


def mapping(value: Any, name: str) -> Mapping[str, Any]:
    """An object. Raises ``NotAsPublished``."""
    return _of(value, dict, name, "an object")


def sequence(value: Any, name: str) -> Sequence[Any]:
    """A list. Raises ``NotAsPublished``."""
    return _of(value, list, name, "a list")


def text(value: Any, name: str) -> str:
    """A text. Raises ``NotAsPublished``."""
    return _of(value, str, name, "a text")


def number(value: Any, name: str) -> int:
    """A whole number. Raises ``NotAsPublished``."""
    if isinstance(value, bool):
        raise NotAsPublished(f"{name} is no whole number")
    return _of(value, int, name, "a whole number")


def truth(value: Any, name: str) -> bool:
    """true or false. Raises ``NotAsPublished``."""
    return _of(value, bool, name, "true or false")


def identifier(value: Any, name: str) -> str:
    """An id, which is a number in some answers and a text in others. Raises ``NotAsPublished``."""
    return text(value, name) if isinstance(value, str) and value else str(number(value, name))


def day(value: str) -> date:
    """``yyyy-MM-dd``; a moment counts as its day. Raises ``NotAsPublished``."""
    return _parsed(date.fromisoformat, value[:10], "a day")


def clock(value: Any) -> time:
    """``HH:mm`` or ``HH:mm:ss``, the hour with one digit too. Raises ``NotAsPublished``."""
    told = text(value, "startTime")
    found = _parsed(time.fromisoformat, told if told[1:2] != ":" else f"0{told}", "a time of day")
    if found.tzinfo is not None:
        raise NotAsPublished(f"{told[:40]!r} is not a time of day on somebody's own clock")
    return found


def _of(value: Any, kind: type[T], name: str, what: str) -> T:
    if not isinstance(value, kind):
        raise NotAsPublished(f"{name} is {'missing' if value is None else f'not {what}'}")
    return value


def _parsed(parse: Callable[[str], T], value: str, what: str) -> T:
    try:
        return parse(value)
    except ValueError:
        raise NotAsPublished(f"{value[:40]!r} is not {what}") from None


def zone(name: Any) -> ZoneInfo | None:
    """A time zone by its IANA name, None for what is none, or is not known here."""
    try:
        return ZoneInfo(name) if isinstance(name, str) else None
    except (KeyError, ValueError, OSError):
        return None
