"""Jira issues, and the conditions by which they are searched for.

A condition is SQL over ``issues i``; made here only, combined anywhere. One that meets an empty field is neither true nor
false, so its negation leaves the row out too, as in Jira.
"""

import json
from collections.abc import Iterable, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from mock_server.storage.patterns import literal
from mock_server.storage.store import Store

_COLUMNS = (
    "i.id, i.key, i.project_id, i.summary, i.issue_type, i.status, i.assignee_id, i.reporter_id, i.created_at, i.updated_at, "
    "i.remaining_estimate, i.is_internal"
)
_NUMBER = "CAST(substr(i.key, instr(i.key, '-') + 1) AS INTEGER)"
_PROJECT_KEY = "substr(i.key, 1, instr(i.key, '-') - 1)"
_PERSON = "(SELECT display_name FROM people WHERE id = i.{})"

SORTS = MappingProxyType(
    {
        "assignee": _PERSON.format("assignee_id"),
        "created": "i.created_at",
        "id": "i.id",
        "issuetype": "i.issue_type",
        "key": f"{_PROJECT_KEY} {{}}, {_NUMBER}",
        "project": "(SELECT name FROM projects WHERE id = i.project_id)",
        "reporter": _PERSON.format("reporter_id"),
        "status": "i.status",
        "summary": "i.summary",
        "updated": "i.updated_at",
    }
)
"""What issues can be sorted by."""

MOST_WORDS = 10
"""Words that are looked for at once."""

_COMPARISONS = frozenset({"=", "<", "<=", ">", ">="})


class Issue(NamedTuple):
    """An issue. Times are ISO 8601 in UTC, ``remaining_estimate`` is seconds or None, ``is_internal`` 0 or 1."""

    id: int
    key: str
    project_id: int
    summary: str
    issue_type: str
    status: str
    assignee_id: int | None
    reporter_id: int | None
    created_at: str
    updated_at: str
    remaining_estimate: int | None
    is_internal: int


class Condition(NamedTuple):
    """A condition on issues with the values it is bound to."""

    sql: str
    parameters: tuple[Any, ...] = ()


class Authors(NamedTuple):
    """Authors that worklogs are looked for: people, and ``app`` for Tempo's own account.

    ``has_app`` tells that this account is to Jira the author of what Tempo wrote there.
    """

    people: frozenset[int]
    app: bool
    has_app: bool

    def both(self, other: "Authors") -> "Authors":
        """Those who are among either."""
        return Authors(self.people & other.people, self.app and other.app, self.has_app)


def get(store: Store, issue_id: int) -> Issue | None:
    """By id."""
    row = store.one(f"SELECT {_COLUMNS} FROM issues i WHERE i.id = ?", (issue_id,))
    return Issue._make(row) if row else None


def by_key(store: Store, key: str) -> Issue | None:
    """By key, in any case."""
    row = store.one(f"SELECT {_COLUMNS} FROM issues i WHERE i.key = ?", (key.upper(),))
    return Issue._make(row) if row else None


def remove(store: Store, issue_id: int) -> None:
    """An issue with its worklogs; plans for it keep its id."""
    store.run("DELETE FROM issues WHERE id = ?", (issue_id,))


def types(store: Store) -> list[str]:
    """The types that issues have, by name."""
    return [row[0] for row in store.all("SELECT DISTINCT issue_type FROM issues ORDER BY issue_type")]


def states(store: Store) -> list[str]:
    """The states that issues have, by name."""
    return [row[0] for row in store.all("SELECT DISTINCT status FROM issues ORDER BY status")]


def page(store: Store, condition: Condition, order: Sequence[tuple[str, bool]], offset: int, limit: int) -> list[Issue]:
    """Issues that meet a condition, sorted by these of ``SORTS`` (True is ascending) and then the newest first."""
    terms = []
    for name, ascending in order:
        direction = "ASC" if ascending else "DESC"
        terms.append(f"{SORTS[name].format(direction)} {direction}")
    sql = f"SELECT {_COLUMNS} FROM issues i WHERE {condition.sql} ORDER BY {', '.join([*terms, 'i.id DESC'])} LIMIT ? OFFSET ?"
    return [Issue._make(row) for row in store.all(sql, (*condition.parameters, limit, offset))]


def assign(store: Store, issue_id: int, person_id: int | None, moment: str) -> None:
    """Give it to somebody, or to nobody, at a moment (ISO 8601, UTC, milliseconds)."""
    store.run("UPDATE issues SET assignee_id = ?, updated_at = ? WHERE id = ?", (person_id, moment, issue_id))


def touch(store: Store, issue_id: int, moment: str) -> None:
    """Make it changed at a moment (ISO 8601, UTC, milliseconds)."""
    store.run("UPDATE issues SET updated_at = ? WHERE id = ?", (moment, issue_id))


def everything() -> Condition:
    """Holds for every issue."""
    return Condition("1")


def nothing() -> Condition:
    """Holds for no issue."""
    return Condition("0")


def in_projects(project_ids: Iterable[int]) -> Condition:
    """In one of these projects."""
    return _among("i.project_id", sorted(project_ids))


def with_ids(issue_ids: Iterable[int]) -> Condition:
    """One of these."""
    return _among("i.id", sorted(issue_ids))


def of_types(names: Iterable[str]) -> Condition:
    """Of one of these types, written as they are."""
    return _among("i.issue_type", sorted(names))


def in_states(names: Iterable[str]) -> Condition:
    """In one of these states, written as they are."""
    return _among("i.status", sorted(names))


def assigned_to(person_ids: Iterable[int]) -> Condition:
    """Assigned to one of these; unknown where nobody is assigned."""
    return _among("i.assignee_id", sorted(person_ids))


def unassigned() -> Condition:
    """Assigned to nobody."""
    return Condition("i.assignee_id IS NULL")


def updated(operator: str, moment: str) -> Condition:
    """Changed before or after a moment (ISO 8601, UTC, milliseconds)."""
    assert operator in _COMPARISONS
    return Condition(f"i.updated_at {operator} ?", (moment,))


def worked_on(authors: Authors | None = None, days: Iterable[tuple[str, str]] = ()) -> Condition:
    """Has a worklog in Jira of one of these (None: of anybody) on a day that meets all of these, such as (">=", day)."""
    parts, parameters = ["{0}.issue_id = i.id"], []
    for operator, day in days:
        assert operator in _COMPARISONS
        parts.append(f"{{0}}.start_date {operator} ?")
        parameters.append(day)
    alike, own = ["w.in_jira = 1", *(part.format("w") for part in parts)], [part.format("j") for part in parts]
    of_alike: list[str] = []
    of_own: list[str] = []
    if authors is not None:
        people = json.dumps(sorted(authors.people))
        is_one = "{}.author_id IN (SELECT value FROM json_each(?))"
        app = int(authors.app)
        if authors.has_app:
            # To Jira the app is the author of all that Tempo wrote there.
            alike.append(str(app))
            own.append(f"CASE WHEN j.by_app THEN {app} ELSE {is_one.format('j')} END")
        else:
            alike.append(is_one.format("w"))
            of_alike = [people]
            own.append(f"CASE WHEN j.author_id IS NULL THEN {app} ELSE {is_one.format('j')} END")
        of_own = [people]
    sql = (
        f"EXISTS (SELECT 1 FROM worklogs w WHERE {' AND '.join(alike)}) OR "
        f"EXISTS (SELECT 1 FROM jira_worklogs j WHERE {' AND '.join(own)})"
    )
    return Condition(f"({sql})", (*parameters, *of_alike, *parameters, *of_own))


def internal(yes: bool) -> Condition:
    """Internal, or an ordinary issue."""
    return Condition("i.is_internal" if yes else "NOT i.is_internal")


def with_words(text: str) -> Condition:
    """Every word of the text is somewhere in the key or in the summary, in any case; the first few words count."""
    found = [everything()]
    for word in text.split()[:MOST_WORDS]:
        pattern = literal(word)
        if pattern is None:
            # A constant would leave SQLite no use for the index that internal issues are found by.
            return Condition("i.id < 0")
        found.append(Condition("i.key LIKE ? ESCAPE '\\' OR i.summary LIKE ? ESCAPE '\\'", (f"%{pattern}%",) * 2))
    return joined(found, is_and=True)


def negated(condition: Condition) -> Condition:
    """Where the condition is false; not where it is unknown."""
    return Condition(f"NOT ({condition.sql})", condition.parameters)


def joined(conditions: Sequence[Condition], *, is_and: bool) -> Condition:
    """All of them, or any of them."""
    if len(conditions) == 1:
        return conditions[0]
    sql = (" AND " if is_and else " OR ").join(f"({condition.sql})" for condition in conditions)
    return Condition(sql, tuple(value for condition in conditions for value in condition.parameters))


def _among(column: str, values: list[Any]) -> Condition:
    return Condition(f"{column} IN (SELECT value FROM json_each(?))", (json.dumps(values),))
