"""Worklogs that did not come back although they should have: deleted, or only hidden from the token?

Tempo answers with fewer rows where a permission is missing and says nothing. What may be seen depends on the author (a role,
or a team on the days of a membership) and on the project of the issue. So a worklog is believed to be deleted without an
event of the audit feed only where its author and its issue show other worklogs, and where it does not go together with others
as it does when a permission ends: of several days, by one author, either on one issue where none of theirs is left, or all at
one end of the days on which something of them is seen. Who corrects a mistake of a day deletes less.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from integration.store import Store
from integration.worklogs import Period, Worklog

SOME_AUTHORS = 100
"""Authors that are asked for by name in one request."""

MOST_SAMPLES = 5
"""Requests that are spent on looking once more."""

First = Callable[[Period, Sequence[str]], tuple[list[Worklog], bool]]


class Looked(NamedTuple):
    """What was looked at in a run. whole: everything. periods: all worklogs of these days. updated_from: all changed since."""

    whole: bool
    periods: tuple[Period, ...] = ()
    updated_from: str | None = None


def believed(store: Store, gone: Iterable[Worklog], looked: Looked, shows_issue: Callable[[str], bool]) -> set[int]:
    """Ids of those that are deleted. gone: all marked as hidden in the database. shows_issue: whether Jira has an issue."""
    where, values = _condition(looked)
    authors = {
        author: (date.fromisoformat(first), date.fromisoformat(last))
        for author, first, last in store.each(
            f"SELECT author_id, min(day), max(day) FROM tempo_worklogs WHERE NOT hidden AND ({where}) GROUP BY author_id",
            values,
        )
    }
    candidates = [worklog for worklog in gone if worklog.author_id in authors]
    wanted = {worklog.issue_id for worklog in candidates}
    seen = f"SELECT DISTINCT issue_id FROM tempo_worklogs WHERE NOT hidden AND ({where})"
    issues = {issue for (issue,) in store.each(seen, values) if issue in wanted}
    issues |= {issue for issue in sorted(wanted - issues) if shows_issue(issue)}
    candidates = [worklog for worklog in candidates if worklog.issue_id in issues]
    together = _of_one_issue(store, candidates, where, values) | _at_one_end(candidates, authors)
    return {worklog.id for worklog in candidates} - together


def confirmed(store: Store, gone: Iterable[Worklog], looked: Looked, first: First, deleted: Container[int]) -> set[int]:
    """Ids of those whose authors still show what they showed in this run: a right may have ended in the middle of it.

    first: what some people logged on some days, the first page, and whether that is all. deleted: what is known to be.
    """
    days: dict[str, set[date]] = defaultdict(set)
    of: dict[str, set[int]] = defaultdict(set)
    for worklog in gone:
        days[worklog.author_id].add(worklog.day)
        of[worklog.author_id].add(worklog.id)
    where, values = _condition(looked)
    found: set[int] = set()
    left = sorted(of)
    for _ in range(MOST_SAMPLES):
        asked = left[:SOME_AUTHORS]
        if not asked:
            break
        wanted = [day for author in asked for day in days[author]]
        wanted += [_nearest(store, author, min(days[author]), where, values) for author in asked]
        around = Period(min(wanted), max(wanted))
        shown, is_all = first(around, asked)
        ids = {worklog.id for worklog in shown}
        sql = (
            f"SELECT id FROM tempo_worklogs WHERE author_id IN ({', '.join('?' * len(asked))}) AND day BETWEEN ? AND ? "
            f"AND NOT hidden AND ({where})"
        )
        rows = store.rows(sql, (*asked, around.first.isoformat(), around.last.isoformat(), *values))
        until = max(ids, default=0)
        expected = {number for (number,) in rows if (is_all or number <= until) and number not in deleted}
        if not expected <= ids or any(ids & numbers for numbers in of.values()):
            return set()
        authors = {worklog.author_id for worklog in shown} & set(asked)
        if not authors:
            break
        found |= {number for author in authors for number in of[author]}
        left = [author for author in left if author not in authors]
    return found


def _nearest(store: Store, author: str, day: date, where: str, values: tuple[str, ...]) -> date:
    sql = (
        f"SELECT day FROM tempo_worklogs WHERE author_id = ? AND NOT hidden AND ({where}) "
        "ORDER BY abs(julianday(day) - julianday(?)) LIMIT 1"
    )
    rows = store.rows(sql, (author, *values, day.isoformat()))
    return date.fromisoformat(rows[0][0]) if rows else day


def _of_one_issue(store: Store, gone: Iterable[Worklog], where: str, values: tuple[str, ...]) -> set[int]:
    groups: dict[tuple[str, str], list[Worklog]] = defaultdict(list)
    for worklog in gone:
        groups[worklog.author_id, worklog.issue_id].append(worklog)
    sql = f"SELECT 1 FROM tempo_worklogs WHERE author_id = ? AND issue_id = ? AND NOT hidden AND ({where}) LIMIT 1"
    return {
        worklog.id
        for pair, worklogs in groups.items()
        if _is_of_several_days(worklogs) and not store.rows(sql, (*pair, *values))
        for worklog in worklogs
    }


def _at_one_end(gone: Iterable[Worklog], authors: dict[str, tuple[date, date]]) -> set[int]:
    groups: dict[tuple[str, bool], list[Worklog]] = defaultdict(list)
    for worklog in gone:
        first, last = authors[worklog.author_id]
        if not first <= worklog.day <= last:
            groups[worklog.author_id, worklog.day < first].append(worklog)
    return {worklog.id for worklogs in groups.values() if _is_of_several_days(worklogs) for worklog in worklogs}


def _is_of_several_days(worklogs: Iterable[Worklog]) -> bool:
    return len({worklog.day for worklog in worklogs}) > 1


def _condition(looked: Looked) -> tuple[str, tuple[str, ...]]:
    if looked.whole:
        return "1", ()
    parts, values = ["day BETWEEN ? AND ?"] * len(looked.periods), []
    for period in looked.periods:
        values += [period.first.isoformat(), period.last.isoformat()]
    if looked.updated_from is not None:
        parts.append("updated >= ?")
        values.append(looked.updated_from)
    return " OR ".join(parts) or "0", tuple(values)
