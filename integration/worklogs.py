"""The values of the worklog sync, from reading to the time accounts shown. All are immutable and compare by value."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from integration.records import Reason


class Worklog(NamedTuple):
    """A worklog of Tempo. start: ``HH:mm:ss`` of the author's wall clock, "" where Tempo gives none.

    seconds, billable: whole seconds. jira_id: of the same worklog in Jira, None while it is not known.
    updated: UTC, ISO 8601 as Tempo writes it. issue_id, author_id: as Tempo names them. account: the key of the account of the
    worklog's attribute of that type, "" where it has none.
    """

    id: int
    issue_id: str
    author_id: str
    day: date
    start: str
    seconds: int
    billable: int
    updated: str
    jira_id: int | None = None
    account: str = ""


class JiraWorklog(NamedTuple):
    """A worklog of Jira. day: of its author's own wall clock, as ``started`` has it. author_id: an accountId, also an app's."""

    id: int
    issue_id: str
    author_id: str
    day: date
    start: str
    seconds: int
    updated: str


class Contract(NamedTuple):
    """What somebody is to work. week: seconds of each day, SUNDAY first. last: included, None for an open end."""

    person: str
    first: date
    last: date | None
    week: tuple[int, ...]


class Logged(NamedTuple):
    """Seconds of one person on one day."""

    author_id: str
    day: date
    seconds: int


class TeamPeriod(NamedTuple):
    """Somebody in a team, from the first to the last day, None for an open end."""

    team_id: int
    account_id: str
    first: date | None
    last: date | None


class Doubt(NamedTuple):
    """Somebody of whom worklogs are held that are no longer seen and not known to be deleted. worklogs: how many."""

    account_id: str
    worklogs: int


class Fallback(NamedTuple):
    """Tempo cannot be read and Jira stands in. since: UTC, ISO 8601, of the first run that could not."""

    cause: Reason
    since: str


class Visible(NamedTuple):
    """Whose worklogs the token shows. unseen: accountIds of those expected of whom none was ever seen, or no longer."""

    seen: int
    expected: int
    unseen: tuple[str, ...]


class Standing(NamedTuple):
    """How the figures came about, kept beside them: whoever looks at them later is to see it, too.

    source: "tempo" or "jira". fallback: None while Tempo is read, or where Jira is the chosen source. complete: whether
    every worklog there is was seen. reasons: why not. read: UTC, ISO 8601, of the last reading of that source that came to
    its end; None before the first.
    """

    source: str
    fallback: Fallback | None
    complete: bool
    reasons: tuple[Reason, ...]
    read: str | None
    visible: Visible | None = None


class TimeAccount(NamedTuple):
    """Somebody's hours over a period, in seconds.

    logged: None where nothing is known of their work: never a zero in its place. at_least: whether more may have been
    logged that nobody can be told apart from others'. required: None without a contract or schedule. balance: logged less
    required, None where one of them is. merged: logged with overlapping clock time counted once, None where it is not known.
    notes: sentences on what somebody should look at.
    """

    account_id: str
    name: str
    logged: int | None
    required: int | None
    balance: int | None
    at_least: bool = False
    merged: int | None = None
    notes: tuple[str, ...] = ()


class Period(NamedTuple):
    """Local days, both included."""

    first: date
    last: date


class Read(NamedTuple):
    """What a reading did. upserted, deleted: worklogs. mode: full, or incremental. deletions: audit or window."""

    mode: str
    deletions: str
    upserted: int
    deleted: int
    requests: int
    doubts: tuple[Doubt, ...]
    at: datetime
