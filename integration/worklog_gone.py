"""Worklogs that did not come back although they should have: deleted, or only hidden from the token?

Tempo answers with fewer rows where a permission is missing and says nothing. What may be seen depends on the author (a role,
or a team on the days of a membership) and on the project of the issue. So a worklog is believed to be deleted without an
event of the audit feed only where its author and its issue show other worklogs, and where it does not go together with others
as it does when a permission ends: several of one author on one issue of which none is left, or several of one author at one
end of the days on which something of them is seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import NamedTuple

from integration.store import Store
from integration.worklogs import Period, Worklog


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


def _of_one_issue(store: Store, gone: Iterable[Worklog], where: str, values: tuple[str, ...]) -> set[int]:
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for worklog in gone:
        groups[worklog.author_id, worklog.issue_id].append(worklog.id)
    sql = f"SELECT 1 FROM tempo_worklogs WHERE author_id = ? AND issue_id = ? AND NOT hidden AND ({where}) LIMIT 1"
    return {
        number
        for pair, numbers in groups.items()
        if len(numbers) > 1 and not store.rows(sql, (*pair, *values))
        for number in numbers
    }


def _at_one_end(gone: Iterable[Worklog], authors: dict[str, tuple[date, date]]) -> set[int]:
    before: dict[str, list[int]] = defaultdict(list)
    after: dict[str, list[int]] = defaultdict(list)
    for worklog in gone:
        first, last = authors[worklog.author_id]
        if worklog.day < first:
            before[worklog.author_id].append(worklog.id)
        elif worklog.day > last:
            after[worklog.author_id].append(worklog.id)
    groups: list[Collection[int]] = [*before.values(), *after.values()]
    return {number for numbers in groups if len(numbers) > 1 for number in numbers}


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
