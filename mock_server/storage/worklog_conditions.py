"""What a list of worklogs asks for and what its reader reaches, as parts of a WHERE over the table ``worklogs w``."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from mock_server.storage.store import Row, Store
from mock_server.storage.work_reach import WorkReach


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list asks for; None asks for everything. Dates are ``yyyy-MM-dd`` and inclusive, the stamp ISO 8601 in UTC.

    ``team_id`` asks for the work of members inside their memberships, ``account_key`` for work on an account.
    """

    start: str | None = None
    end: str | None = None
    updated_from: str | None = None
    project_ids: tuple[int, ...] | None = None
    issue_ids: tuple[int, ...] | None = None
    author_ids: tuple[int, ...] | None = None
    team_id: int | None = None
    account_key: str | None = None


@dataclass(slots=True)
class Condition:
    """Parts of a WHERE and their parameters."""

    parts: list[str] = field(default_factory=list)
    parameters: list[Any] = field(default_factory=list)

    def add(self, part: str, *parameters: Any) -> None:
        """One more part."""
        self.parts.append(part)
        self.parameters += parameters

    def plus(self, more: "Condition | str", *parameters: Any) -> "Condition":
        """This one and more; this one stays as it is."""
        if isinstance(more, Condition):
            return Condition([*self.parts, *more.parts], [*self.parameters, *more.parameters])
        return Condition([*self.parts, more], [*self.parameters, *parameters])

    @property
    def text(self) -> str:
        """The WHERE without the word."""
        return " AND ".join(self.parts) or "1"


class TeamAuthors(NamedTuple):
    """The members of the teams of a reach: with a membership open at both ends, and those of whom the dates matter."""

    always: frozenset[int]
    sometimes: frozenset[int]


# The plus keeps SQLite from asking for each of the teams instead of for the one person.
IN_TEAMS = (
    "EXISTS (SELECT 1 FROM members m JOIN memberships s ON s.member_id = m.id WHERE m.person_id = w.author_id "
    "AND +m.team_id IN (SELECT value FROM json_each(?)) AND w.start_date >= coalesce(s.start_date, '') "
    "AND w.start_date <= coalesce(s.end_date, '9999-12-31'))"
)
OF_ACCOUNT = (
    "w.id IN (SELECT v.worklog_id FROM worklog_attributes v JOIN work_attributes a ON a.key = v.key "
    "WHERE a.type = 'ACCOUNT' AND v.value = ?)"
)


def one_of(column: str) -> str:
    """A condition whose parameter is ``listed``."""
    return f"{column} IN (SELECT value FROM json_each(?))"


def listed(ids: Iterable[int]) -> str:
    """Ids as one parameter."""
    # json.dumps takes three times as long for a single one.
    return f"[{','.join(map(str, ids))}]"


def asked(filters: Filters) -> Condition:
    """What the filters ask for."""
    condition = Condition()
    if filters.start:
        condition.add("w.start_date >= ?", filters.start)
    if filters.end:
        condition.add("w.start_date <= ?", filters.end)
    if filters.updated_from:
        condition.add("w.updated_at >= ?", filters.updated_from)
    if filters.project_ids is not None:
        condition.add(one_of("w.project_id"), listed(filters.project_ids))
    if filters.issue_ids is not None:
        condition.add(one_of("w.issue_id"), listed(filters.issue_ids))
    if filters.author_ids is not None:
        condition.add(one_of("w.author_id"), listed(filters.author_ids))
    if filters.account_key is not None:
        condition.add(OF_ACCOUNT, filters.account_key)
    if filters.team_id is not None:
        condition.add(IN_TEAMS, listed([filters.team_id]))
    return condition


def within(reach: WorkReach, authors: TeamAuthors | None = None) -> Condition:
    """What is within reach. With ``authors``, those of the reach's teams, it is cheaper for very many rows."""
    condition = Condition()
    if reach.hidden:
        condition.add(_in("w.project_id", reach.browse))
    return condition if reach.everyone else condition.plus(of_reached(reach, authors))


def of_reached(reach: WorkReach, authors: TeamAuthors | None = None) -> Condition:
    """Whose work is within reach, in whatever project; ``authors`` as for ``within``."""
    condition = Condition()
    if reach.everyone:
        return condition
    ways = []
    parameters: list[Any] = []
    always = authors.always if authors else frozenset()
    if always:
        ways.append(one_of("w.author_id"))
        parameters.append(listed({*always, reach.person_id}))
    else:
        ways.append("w.author_id = ?")
        parameters.append(reach.person_id)
    if reach.view_all:
        ways.append(_in("w.project_id", reach.view_all))
    if authors and authors.sometimes:
        ways.append(f"({one_of('w.author_id')} AND {IN_TEAMS})")
        parameters += [listed(authors.sometimes), listed(reach.team_ids)]
    elif reach.team_ids and authors is None:
        ways.append(IN_TEAMS)
        parameters.append(listed(reach.team_ids))
    condition.add("(" + " OR ".join(ways) + ")", *parameters)
    return condition


def _in(column: str, ids: frozenset[int]) -> str:
    # Ids of our own database, few of them: projects.
    return f"{column} IN ({', '.join(map(str, sorted(ids)))})"


def team_authors(store: Store, reach: WorkReach) -> TeamAuthors:
    """The members of the reach's teams."""
    if reach.everyone or not reach.team_ids:
        return TeamAuthors(frozenset(), frozenset())
    rows: list[Row] = store.all(
        "SELECT m.person_id, max(s.start_date IS NULL AND s.end_date IS NULL) FROM members m "
        "JOIN memberships s ON s.member_id = m.id WHERE m.person_id NOT NULL "
        "AND m.team_id IN (SELECT value FROM json_each(?)) GROUP BY m.person_id",
        (listed(reach.team_ids),),
    )
    return TeamAuthors(frozenset(row[0] for row in rows if row[1]), frozenset(row[0] for row in rows if not row[1]))


def only_authors(store: Store, reach: WorkReach, filters: Filters, authors: TeamAuthors) -> frozenset[int] | None:
    """The only people whose rows can be in a list, or None when it can be anybody."""
    found: frozenset[int] | None = frozenset(filters.author_ids) if filters.author_ids is not None else None
    if filters.team_id is not None:
        rows = store.all("SELECT person_id FROM members WHERE team_id = ? AND person_id NOT NULL", (filters.team_id,))
        members = frozenset(row[0] for row in rows)
        found = members if found is None else found & members
    if reach.everyone or reach.view_all:
        return found
    reached = {reach.person_id} | authors.always | authors.sometimes
    return frozenset(reached) if found is None else found & reached
