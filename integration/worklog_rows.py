"""The worklogs held and what is known about them: everything that the worklog sync keeps in the database."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from integration.records import Issue
from integration.worklog_runs import RunRows
from integration.worklogs import Doubt, JiraWorklog, Logged, Period, TeamPeriod, Worklog

UPSERT = (
    f"INSERT INTO tempo_worklogs ({', '.join(Worklog._fields)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (id) DO UPDATE SET issue_id = excluded.issue_id, author_id = excluded.author_id, day = excluded.day, "
    "start = excluded.start, seconds = excluded.seconds, billable = excluded.billable, updated = excluded.updated, "
    # Tempo's own rows do not tell the id in Jira: what the mapping told once stays.
    "jira_id = coalesce(excluded.jira_id, jira_id), account = excluded.account, hidden = 0 "
    "WHERE hidden OR (issue_id, author_id, day, start, seconds, billable, updated, account) IS NOT "
    "(excluded.issue_id, excluded.author_id, excluded.day, excluded.start, excluded.seconds, excluded.billable, "
    "excluded.updated, excluded.account) OR (excluded.jira_id IS NOT NULL AND excluded.jira_id IS NOT jira_id)"
)
UPSERT_JIRA = (
    f"INSERT INTO jira_worklogs ({', '.join(JiraWorklog._fields)}, person) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (id) DO UPDATE SET issue_id = excluded.issue_id, author_id = excluded.author_id, day = excluded.day, "
    "start = excluded.start, seconds = excluded.seconds, updated = excluded.updated, person = excluded.person "
    "WHERE (issue_id, author_id, day, start, seconds, updated, person) IS NOT (excluded.issue_id, excluded.author_id, "
    "excluded.day, excluded.start, excluded.seconds, excluded.updated, excluded.person)"
)
AMOUNTS = ("spent", "billable")
ASKED_AT_ONCE = 500
"""Values in one statement; SQLite allows a limited number."""

SOME_AUTHORS = 100
"""Authors that are asked for by name in one request."""

Attribution = Callable[[JiraWorklog], str]
"""Whose work a worklog of Jira is, "" where nobody can tell."""


class Own(NamedTuple):
    """Who logged a worklog in Tempo, and when: the day and the start of their own clock."""

    author_id: str
    day: date
    start: str


class WorklogRows(RunRows):
    """The tables of the worklog sync. Whatever writes is to be within ``store.transaction()``."""

    def upsert(self, worklogs: Iterable[Worklog]) -> int:
        """Hold these as Tempo says they are; answers how many are new or were otherwise."""
        return self._store.many(UPSERT, ((*w[:3], w[3].isoformat(), *w[4:]) for w in worklogs))

    def remove(self, ids: Iterable[int]) -> int:
        """Hold these no more; answers how many there were."""
        return self._store.many("DELETE FROM tempo_worklogs WHERE id = ?", ((number,) for number in ids))

    def hide(self, ids: Iterable[int]) -> int:
        """Mark these as not seen any more; an upsert takes the mark away. Answers how many were not marked before."""
        return self._store.many(
            "UPDATE tempo_worklogs SET hidden = 1 WHERE id = ? AND NOT hidden", ((number,) for number in ids)
        )

    def ids(self, *, updated_from: str | None = None, window: Period | None = None) -> array[int]:
        """Ids held, ascending. updated_from: changed then or later. window: of days in it. Eight bytes each."""
        conditions, values = ["1"], []
        if updated_from is not None:
            conditions.append("updated >= ?")
            values.append(updated_from)
        if window is not None:
            conditions.append("day BETWEEN ? AND ?")
            values += [window.first.isoformat(), window.last.isoformat()]
        sql = f"SELECT id FROM tempo_worklogs WHERE {' AND '.join(conditions)} ORDER BY id"
        return array("q", (row[0] for row in self._store.each(sql, tuple(values))))

    def of(self, ids: Sequence[int]) -> Iterator[Worklog]:
        """Those of these that are held, in the order of the ids when they ascend."""
        columns = ", ".join(Worklog._fields)
        for part in _parts(ids):
            sql = f"SELECT {columns} FROM tempo_worklogs WHERE id IN ({_places(part)}) ORDER BY id"
            yield from (_worklog(row) for row in self._store.rows(sql, tuple(part)))

    def count(self) -> int:
        """How many are held."""
        return int(self._store.rows("SELECT count(*) FROM tempo_worklogs")[0][0])

    def authors(self, *, hidden: bool = True) -> dict[str, int]:
        """Author -> how many worklogs are held. hidden: with those that are not seen any more."""
        where = "" if hidden else "WHERE NOT hidden"
        return dict(self._store.rows(f"SELECT author_id, count(*) FROM tempo_worklogs {where} GROUP BY author_id"))

    def hidden(self) -> array[int]:
        """Ids of those held that are no longer seen and not known to be deleted, ascending."""
        return array("q", (row[0] for row in self._store.each("SELECT id FROM tempo_worklogs WHERE hidden ORDER BY id")))

    def hidden_of(self, ids: Sequence[int]) -> list[int]:
        """Those of these that are marked as not seen any more."""
        if not self._store.rows("SELECT 1 FROM tempo_worklogs WHERE hidden LIMIT 1"):
            return []
        sql = "SELECT id FROM tempo_worklogs WHERE id IN ({}) AND hidden ORDER BY id"
        return [row[0] for part in _parts(ids) for row in self._store.rows(sql.format(_places(part)), tuple(part))]

    def hidden_sample(self, without: Container[int]) -> tuple[Period, list[str]] | None:
        """The day on which most is not seen any more, and some of the authors; ``without`` some ids. None where all are."""
        days: Counter[str] = Counter()
        authors: dict[str, set[str]] = {}
        for number, day, author in self._store.each("SELECT id, day, author_id FROM tempo_worklogs WHERE hidden"):
            if number not in without:
                days[day] += 1
                authors.setdefault(day, set()).add(author)
        if not days:
            return None
        most = max(sorted(days), key=lambda day: days[day])
        return Period(date.fromisoformat(most), date.fromisoformat(most)), sorted(authors[most])[:SOME_AUTHORS]

    def shows(self, author_id: str) -> bool:
        """Whether any worklog of somebody is held and seen."""
        sql = "SELECT 1 FROM tempo_worklogs WHERE author_id = ? AND NOT hidden LIMIT 1"
        return bool(self._store.rows(sql, (author_id,)))

    def doubts(self) -> tuple[Doubt, ...]:
        """Whose worklogs are no longer seen."""
        rows = self._store.rows(
            "SELECT author_id, count(*) FROM tempo_worklogs WHERE hidden GROUP BY author_id ORDER BY author_id"
        )
        return tuple(Doubt(*row) for row in rows)

    def days(self) -> list[tuple[date, int]]:
        """Days with worklogs, the earliest first, and how many there are."""
        rows = self._store.rows("SELECT day, count(*) FROM tempo_worklogs GROUP BY day ORDER BY day")
        return [(date.fromisoformat(day), count) for day, count in rows]

    def without_jira_id(self, most: int) -> list[int]:
        """Ids of Tempo of which the id in Jira is not known, the latest first."""
        sql = "SELECT id FROM tempo_worklogs WHERE jira_id IS NULL ORDER BY id DESC LIMIT ?"
        return [row[0] for row in self._store.rows(sql, (most,))]

    def set_jira_ids(self, pairs: Iterable[tuple[int, int]]) -> int:
        """Remember ids in Jira. pairs: id of Tempo, id of Jira."""
        return self._store.many("UPDATE tempo_worklogs SET jira_id = ? WHERE id = ?", ((jira, tempo) for tempo, jira in pairs))

    def in_jira(self, jira_ids: Sequence[int]) -> dict[int, Own]:
        """Id of Jira -> whose it is and of when in Tempo, of those whose id in Jira is known.

        Work of several people on an internal issue stands in one row of Jira: that is nobody's.
        """
        found: dict[int, Own] = {}
        for part in _parts(jira_ids):
            sql = (
                f"SELECT jira_id, max(author_id), max(day), max(start) FROM tempo_worklogs WHERE jira_id IN ({_places(part)}) "
                "GROUP BY jira_id HAVING count(DISTINCT author_id) = 1"
            )
            rows = self._store.rows(sql, tuple(part))
            found.update((jira_id, Own(author, date.fromisoformat(day), start)) for jira_id, author, day, start in rows)
        return found

    def upsert_jira(self, worklogs: Iterable[JiraWorklog], person: Attribution) -> int:
        """Hold these as Jira says they are; answers how many are new or were otherwise."""
        rows = ((*w[:3], w.day.isoformat(), *w[4:], person(w) or None) for w in worklogs)
        return self._store.many(UPSERT_JIRA, rows)

    def jira(self, after: int, most: int) -> list[JiraWorklog]:
        """Worklogs of Jira with an id above one, by id."""
        sql = f"SELECT {', '.join(JiraWorklog._fields)} FROM jira_worklogs WHERE id > ? ORDER BY id LIMIT ?"
        rows = self._store.rows(sql, (after, most))
        return [JiraWorklog._make((*row[:3], date.fromisoformat(row[3]), *row[4:])) for row in rows]

    def remove_jira(self, ids: Iterable[int]) -> int:
        """Hold these of Jira no more; answers how many there were."""
        return self._store.many("DELETE FROM jira_worklogs WHERE id = ?", ((number,) for number in ids))

    def clear_jira(self) -> None:
        """Hold nothing of Jira any more."""
        self._store.rows("DELETE FROM jira_worklogs")

    def ids_jira(self) -> array[int]:
        """Ids of those of Jira, ascending."""
        return array("q", (row[0] for row in self._store.each("SELECT id FROM jira_worklogs ORDER BY id")))

    def authors_of(self, source: str) -> dict[str, int]:
        """Author -> how many worklogs are held of a source, "tempo" or "jira"."""
        if source == "tempo":
            return self.authors()
        sql = "SELECT person, count(*) FROM jira_worklogs WHERE person IS NOT NULL GROUP BY person"
        return dict(self._store.rows(sql))

    def count_jira(self) -> int:
        """How many of Jira are held."""
        return int(self._store.rows("SELECT count(*) FROM jira_worklogs")[0][0])

    def hours(self, period: Period, amount: str = "spent") -> Iterator[Logged]:
        """Seconds by person and day of the source that counts, "" as author of what is nobody's; ``billable``: none of Jira."""
        rows = self._store.each(
            f"SELECT coalesce(author_id, ''), day, sum({_column(amount)}) AS total FROM {self.figures()} "
            f"WHERE {self.within(*_ends(period))} GROUP BY author_id, day HAVING total IS NOT NULL ORDER BY author_id, day",
            _ends(period),
        )
        days = cache(date.fromisoformat)  # Everybody's are the same few.
        return (Logged(author, days(day), seconds) for author, day, seconds in rows)

    def daily(self, period: Period, amount: str = "spent") -> Iterator[Logged]:
        """The same without what nobody can be told to have done."""
        return (logged for logged in self.hours(period, amount) if logged.author_id)

    def sums(self, period: Period, by: str, amount: str = "spent") -> dict[tuple[str, str], int]:
        """(Issue or account, author) -> seconds. by: "issue_id" or "account"; the author is "" where nobody can tell."""
        if by not in ("issue_id", "account"):
            raise ValueError(f"worklogs are not summed by {by}")
        rows = self._store.rows(
            f"SELECT coalesce({by}, ''), coalesce(author_id, ''), sum({_column(amount)}) AS total FROM {self.figures()} "
            f"WHERE {self.within(*_ends(period))} GROUP BY 1, 2 HAVING total IS NOT NULL ORDER BY 1, 2",
            _ends(period),
        )
        return {(key, author): seconds for key, author, seconds in rows}

    def unattributed(self, period: Period) -> int:
        """Seconds of which nobody can tell whose work they were."""
        sql = "SELECT coalesce(sum(seconds), 0) FROM worklogs WHERE day BETWEEN ? AND ? AND author_id IS NULL"
        return int(self._store.rows(sql, _ends(period))[0][0])

    def day_rows(self, author_id: str, period: Period) -> list[tuple[date, str, int, str]]:
        """Day, start ("" for none), seconds and issue id of somebody's worklogs, by day, start and id."""
        rows = self._store.rows(
            "SELECT day, start, seconds, issue_id FROM worklogs WHERE author_id = ? AND day BETWEEN ? AND ? "
            "ORDER BY day, start, id",
            (author_id, *_ends(period)),
        )
        return [(date.fromisoformat(day), start, seconds, issue) for day, start, seconds, issue in rows]

    def overlapping(self, period: Period) -> set[str]:
        """AccountIds of those of whom any worklog begins before the one before it ends, or goes on past midnight."""
        begin = "substr(start, 1, 2) * 3600 + substr(start, 4, 2) * 60 + substr(start, 7, 2)"
        spans = f"SELECT author_id, day, {begin} AS begin, {begin} + seconds AS end FROM {self.figures()} WHERE "
        spans += f"{self.within(*_ends(period))} AND start <> ''"
        pairs = f"SELECT *, lag(end) OVER (PARTITION BY author_id, day ORDER BY begin) AS before FROM ({spans})"
        sql = f"SELECT DISTINCT author_id FROM ({pairs}) WHERE author_id IS NOT NULL AND (begin < before OR end > 86400)"
        return {row[0] for row in self._store.rows(sql, _ends(period))}

    def issue_ids(self) -> list[str]:
        """Ids of the issues of all worklogs that count."""
        return [row[0] for row in self._store.rows("SELECT DISTINCT issue_id FROM worklogs ORDER BY issue_id")]

    def people(self) -> list[str]:
        """AccountIds of those who have worklogs that count."""
        sql = "SELECT DISTINCT author_id FROM worklogs WHERE author_id IS NOT NULL ORDER BY author_id"
        return [row[0] for row in self._store.rows(sql)]

    def issues(self) -> dict[str, Issue]:
        """The issues whose keys were read, by id."""
        return {row[0]: Issue(*row) for row in self._store.rows("SELECT id, key, summary FROM known_issues ORDER BY id")}

    def know_issues(self, issues: Iterable[Issue]) -> None:
        """Remember what issues are called."""
        self._store.many("INSERT OR REPLACE INTO known_issues (id, key, summary) VALUES (?, ?, ?)", issues)

    def teams(self) -> dict[int, str]:
        """Id -> name."""
        return dict(self._store.rows("SELECT id, name FROM teams ORDER BY id"))

    def team_periods(self) -> list[TeamPeriod]:
        """Who is in which team from when to when."""
        rows = self._store.rows("SELECT team_id, account_id, first, last FROM team_periods ORDER BY team_id, account_id, first")
        return [TeamPeriod(team, person, _day(first), _day(last)) for team, person, first, last in rows]

    def set_teams(self, teams: Iterable[tuple[int, str]], periods: Iterable[TeamPeriod]) -> None:
        """Make exactly these the teams."""
        self._store.rows("DELETE FROM team_periods")
        self._store.rows("DELETE FROM teams")
        self._store.many("INSERT INTO teams (id, name) VALUES (?, ?)", teams)
        rows = ((p.team_id, p.account_id, p.first and p.first.isoformat(), p.last and p.last.isoformat()) for p in periods)
        self._store.many("INSERT INTO team_periods (team_id, account_id, first, last) VALUES (?, ?, ?, ?)", rows)


def _worklog(row: Sequence[Any]) -> Worklog:
    return Worklog._make((*row[:3], date.fromisoformat(row[3]), *row[4:]))


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _ends(period: Period) -> tuple[str, str]:
    return period.first.isoformat(), period.last.isoformat()


def _column(amount: str) -> str:
    return {"spent": "seconds", "billable": "billable"}[amount]


def _parts(values: Sequence[int]) -> Iterator[Sequence[int]]:
    return (values[first : first + ASKED_AT_ONCE] for first in range(0, len(values), ASKED_AT_ONCE))


def _places(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
