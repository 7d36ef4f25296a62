"""Everybody's hours logged, required and the balance of both, over any period. Pure.

A balance is what was logged less what was required: above zero is overtime. Plans are not in it: time off counts once it is
logged, and is not doubled by the plan it was taken by.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from integration.records import Person, Required
from integration.worklogs import Logged, Period, Standing, TimeAccount

UNATTRIBUTED = ""
"""The author of work that nobody can be told to have done."""


OF_PEOPLE = frozenset({"fewer-people", "only-owner", "never-seen", "hidden", "deletions"})
"""Kinds of reasons why a reading that came to its end is not complete: of all others it is not of today."""


@dataclass(frozen=True)
class Books:
    """What is known beside the hours.

    standing: how the hours came about. required: accountId -> seconds by day, empty where nothing is required in the period;
    who is not in it has no contract, or no schedule. required_by: what it comes from, "contract" or "schedule". people:
    accountId -> those whom Jira shows, None where nobody asked. merged: accountId -> seconds by day with overlaps counted
    once, None where it is not known. unknown_issues: accountId -> ids of issues that Jira does not show. amount: what is
    summed, "spent" or "billable".
    """

    standing: Standing
    required: Mapping[str, Required] = field(default_factory=dict)
    required_by: str = "contract"
    people: Mapping[str, Person] | None = None
    merged: Mapping[str, Mapping[date, int]] | None = None
    unknown_issues: Mapping[str, Collection[str]] = field(default_factory=dict)
    amount: str = "spent"


class Statement(NamedTuple):
    """Accounts over a period, by name and accountId. unattributed: seconds that are in nobody's account. notes: sentences
    on all of them."""

    period: Period
    accounts: tuple[TimeAccount, ...]
    unattributed: int
    notes: tuple[str, ...]


def statement(books: Books, logged: Iterable[Logged], period: Period) -> Statement:
    """The accounts of everybody who logged, who was to work, or of whom it is not known.

    logged: of the period; other days are left out. ``UNATTRIBUTED`` as author is added to nobody.
    """
    hours: dict[str, dict[date, int]] = {}
    for row in logged:
        if period.first <= row.day <= period.last:
            days = hours.setdefault(row.author_id, {})
            days[row.day] = days.get(row.day, 0) + row.seconds
    unattributed = sum(hours.pop(UNATTRIBUTED, {}).values())
    visible = books.standing.visible
    unseen = frozenset(visible.unseen if visible is not None else ())
    people = hours.keys() | {person for person, days in books.required.items() if _sum(days, period)[1]}
    people |= {person for person in unseen if person not in books.required}
    accounts = (_account(books, person, hours.get(person, {}), period, unattributed, person in unseen) for person in people)
    notes = tuple(_notes_on_all(books, unattributed, period))
    return Statement(period, tuple(sorted(accounts, key=_by_name)), unattributed, notes)


def in_hours(seconds: int) -> str:
    """Seconds as hours and minutes, such as ``-1:30``; with seconds where there are some."""
    minutes, rest = divmod(abs(seconds), 60)
    text = f"{minutes // 60}:{minutes % 60:02}" + (f":{rest:02}" if rest else "")
    return f"-{text}" if seconds < 0 else text


def name_of(books: Books, person: str) -> str:
    """How somebody is called; the accountId where it is not known."""
    known = (books.people or {}).get(person)
    return known.name if known is not None and known.name else person


def is_open(books: Books, period: Period) -> bool:
    """Whether more may have been logged in a period than was read, whoever is asked for."""
    standing = books.standing
    if standing.read is None or standing.fallback is not None or _is_beyond_jira(books):
        # What Jira has not got yet, or hides from its token, is missing there without a trace.
        return True
    kinds = {reason.kind for reason in standing.reasons}
    # A day is not over everywhere before the next one is in UTC.
    is_over = (datetime.fromisoformat(standing.read).date() - period.last).days > 1
    return "crowded" in kinds or (not is_over and not kinds <= OF_PEOPLE)


def _account(
    books: Books, person: str, hours: Mapping[date, int], period: Period, unattributed: int, is_unseen: bool
) -> TimeAccount:
    total = sum(hours.values())
    required, days = _sum(books.required.get(person, {}), period)
    at_least = unattributed > 0 or is_open(books, period)
    # Who was not visible in Tempo may have entered something in Jira.
    is_unseen = is_unseen and (books.standing.source == "tempo" or not total)
    # A zero would say that somebody did not work where the truth is that nobody knows.
    is_known = not is_unseen and (total > 0 or not at_least)
    balance = total - required if is_known and days and not at_least else None
    merged = None
    if is_known and books.merged is not None:
        merged = _sum(books.merged.get(person, {}), period)[0]
    return TimeAccount(
        account_id=person,
        name=name_of(books, person),
        logged=total if is_known else None,
        required=required if days else None,
        balance=balance,
        at_least=at_least and not is_unseen,
        merged=merged,
        notes=tuple(_notes(books, person, hours, period, is_unseen, merged)),
    )


def _notes(
    books: Books, person: str, hours: Mapping[date, int], period: Period, is_unseen: bool, merged: int | None
) -> Iterable[str]:
    total = sum(hours.values())
    if is_unseen:
        held = f"; {in_hours(total)} h were read before" if total else ""
        yield f"no worklogs are visible: it is not known what was logged{held}"
    known = None if books.people is None else books.people.get(person)
    if books.people is not None and known is None:
        yield "Jira does not show this account: it was deleted, or is hidden"
    if known is not None and not known.active:
        yield "the account is inactive in Jira"
    days = books.required.get(person)
    if days is None:
        yield f"there is no {books.required_by}"
    elif not _sum(days, period)[1]:
        yield f"there is no {books.required_by} in this period"
    else:
        outside = sum(seconds for day, seconds in hours.items() if day not in days)
        if outside:
            yield f"{in_hours(outside)} h were logged on days without a {books.required_by}"
    if merged is not None and merged != total:
        yield f"worklogs overlap: {in_hours(merged)} h at work, {in_hours(total)} h booked"
    issues = books.unknown_issues.get(person)
    if issues:
        yield f"Jira does not show the issues {', '.join(sorted(issues))} that this was logged on"


def _notes_on_all(books: Books, unattributed: int, period: Period) -> Iterable[str]:
    if books.standing.read is None:
        yield "the worklogs were never read to their end: more may have been logged"
    if _is_beyond_jira(books):
        yield "billable hours are not known: only Tempo has them, and these are Jira's worklogs"
    if unattributed:
        yield (
            f"{in_hours(unattributed)} h are in nobody's account: they were entered in Tempo, and Jira does not tell whose "
            "they are; work on internal issues stands there aggregated, without people"
        )
    if books.standing.fallback is not None:
        yield "Jira stands in for Tempo: more may have been logged by anybody, so that there are no balances"
    elif books.standing.read is not None and is_open(books, period) and not _is_beyond_jira(books):
        yield f"the hours are those read on {books.standing.read}: more may have been logged since"


def _sum(days: Mapping[date, int], period: Period) -> tuple[int, int]:
    """Seconds of the period, and of how many days there are some, zeros with them."""
    found = [seconds for day, seconds in days.items() if period.first <= day <= period.last]
    return sum(found), len(found)


def _is_beyond_jira(books: Books) -> bool:
    return books.amount == "billable" and books.standing.source == "jira"


def _by_name(account: TimeAccount) -> tuple[str, str]:
    return account.name.casefold(), account.account_id
