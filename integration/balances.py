"""Everybody's hours as they are asked for: by person, team, account, issue, day, week or month."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import NamedTuple

from integration.books import Ledger, ledger_of, narrowed, stated
from integration.chart import Bar, Chart
from integration.store import Store
from integration.time_accounts import is_open
from integration.time_views import BY_TIME, Bucket, buckets, by_team, by_time, sums
from integration.worklog_rows import WorklogRows
from integration.worklog_settings import WorklogSettings
from integration.worklogs import Logged, Period, Standing, TimeAccount

VIEWS = ("person", "team", "account", "issue", *BY_TIME)
MOST_WEEKS = 92
"""Days of a chart with a bar for each week, and of a period in which overlaps are looked for; longer ones have months."""


class Row(NamedTuple):
    """What is shown of somebody or something. part: of the period, None for the whole.

    account: of a person or team; of an issue or account with its key as account_id and only ``logged``. nobodys: of what is in
    nobody's account.
    """

    part: Bucket | None
    account: TimeAccount
    nobodys: bool = False


class Balances(NamedTuple):
    """Everything that is told. since: when it began to be incomplete, UTC, None where it is not or nobody knows.

    unattributed: seconds. required_by: contract or schedule.
    """

    by: str
    period: Period
    standing: Standing
    since: str | None
    amount: str
    rows: tuple[Row, ...]
    unattributed: int
    notes: tuple[str, ...]
    required_by: str


def balances(settings: WorklogSettings, store: Store, ledger: Ledger, by: str, people: Collection[str] | None) -> Balances:
    """What is asked for. by: of ``VIEWS``. people: accountIds of those alone who are asked for. Raises ``Unusable``."""
    rows = WorklogRows(store)
    mine = ledger if people is None else narrowed(ledger, people)
    whole = stated(mine)
    notes = [*ledger.notes, *whole.notes]
    if by == "team":
        members = [one for one in rows.team_periods() if people is None or one.account_id in people]
        accounts = by_team(mine.books, mine.logged, mine.period, members, rows.teams())
        found = [Row(None, account) for account in accounts]
        if not rows.teams():
            notes.append("no teams are known: there are none, or the token may not see them")
    elif by in BY_TIME:
        logged = mine.logged if people is None else [*mine.logged, *_zeros(mine, people, by)]
        found = []
        for bucket, part in by_time(mine.books, logged, mine.period, by):
            found += [Row(bucket, account) for account in part.accounts]
            found += _nobodys(part.unattributed, bucket)
    elif by == "person":
        found = [Row(None, account) for account in whole.accounts]
    else:
        found = _by_what(rows, mine, by, people, whole.unattributed)
        if by == "account" and mine.books.standing.source == "jira":
            notes.append("accounts are not known: only Tempo has them, and these are Jira's worklogs")
    if by in ("person", "team"):
        found += _nobodys(whole.unattributed)
    since = None if ledger.books.standing.complete else rows.incomplete_since()
    standing = ledger.books.standing
    return Balances(
        by, ledger.period, standing, since, settings.amount, tuple(found), whole.unattributed, tuple(notes),
        ledger.books.required_by,
    )  # fmt: skip


def ledger_for(settings: WorklogSettings, store: Store, period: Period, by: str) -> Ledger:
    """What a view needs. Overlaps are looked for in up to three months: it takes its time. Raises ``Unusable``."""
    return ledger_of(settings, store, period, overlaps=by == "person" and _days(period) <= MOST_WEEKS)


def charts(ledger: Ledger, people: Collection[str] | None, by: str) -> tuple[Chart, ...]:
    """A chart of each person. by: day, week or month are its parts; else weeks in up to three months, months in longer ones."""
    mine = ledger if people is None else narrowed(ledger, people)
    mine = mine._replace(books=replace(mine.books, merged=None))
    whole = stated(mine)
    parts = by if by in BY_TIME else "week" if _days(mine.period) <= MOST_WEEKS else "month"
    everybody = [account.account_id for account in whole.accounts]
    # Also where somebody did nothing there is a part: whether that is a zero or not known, the accounts tell.
    logged = [*mine.logged, *_zeros(mine, everybody, parts)]
    bars: dict[str, list[Bar]] = {person: [] for person in everybody}
    for bucket, part in by_time(mine.books, logged, mine.period, parts):
        for account in part.accounts:
            bars[account.account_id].append(Bar(bucket.label, account.logged, account.required, account.at_least))
    remarks = tuple(_remarks(mine.books.standing))
    span = f"{mine.period.first} to {mine.period.last}"
    return tuple(
        Chart(account.name, account.account_id, span, tuple(bars[account.account_id]), (*remarks, *account.notes))
        for account in whole.accounts
    )


def _days(period: Period) -> int:
    return (period.last - period.first).days + 1


def _remarks(standing: Standing) -> Iterable[str]:
    if standing.fallback is not None:
        yield f"Fallback since {standing.fallback.since}: {standing.fallback.cause.sentence}"
    elif not standing.complete:
        yield f"Incomplete: {'; '.join(reason.sentence for reason in standing.reasons) or 'never read to its end'}"


def _zeros(ledger: Ledger, people: Iterable[str], by: str) -> list[Logged]:
    first = [bucket.period.first for bucket in buckets(ledger.period, by)]
    return [Logged(person, day, 0) for person in people for day in first]


def _nobodys(seconds: int, part: Bucket | None = None) -> list[Row]:
    account = TimeAccount("", "nobody's", seconds, None, None)
    return [Row(part, account, nobodys=True)] if seconds else []


def _by_what(rows: WorklogRows, ledger: Ledger, by: str, people: Collection[str] | None, unattributed: int) -> list[Row]:
    books, period = ledger.books, ledger.period
    visible = books.standing.visible
    is_less = is_open(books, period) or bool(visible and visible.unseen) or (people is not None and unattributed > 0)
    column = "issue_id" if by == "issue" else "account"
    found = [
        (key, seconds)
        for (key, person), seconds in rows.sums(period, column, books.amount).items()
        if people is None or person in people
    ]
    issues = rows.issues() if by == "issue" else {}
    accountless = "not known" if books.standing.source == "jira" else "no account"
    named = []
    for total in sums(found, at_least=is_less):
        issue = issues.get(total.key)
        name = total.key or accountless
        if issue is not None:
            name = f"{issue.key} {issue.summary}"
        named.append(Row(None, TimeAccount(total.key, name, total.seconds, None, None, at_least=total.at_least)))
    return named
