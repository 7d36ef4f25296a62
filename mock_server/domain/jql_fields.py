"""What the clauses of a JQL query mean: which issues they find, for whoever asks.

Wordings are those that integrators quote of Jira Cloud; fields beyond those that Tempo clients use are refused by name.
"""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from mock_server.access import Actor
from mock_server.domain import issue_states, projects
from mock_server.domain.jql import Clause, Empty, Function, Node, Query, Value, clauses
from mock_server.domain.jql_dates import moment
from mock_server.errors import Invalid
from mock_server.settings import Settings
from mock_server.storage import groups, issues, people
from mock_server.storage.issues import Condition
from mock_server.storage.projects import Project
from mock_server.storage.store import Store

TEMPO_APP = "jiraCloud.tempoAppId"
"""Setting: accountId of Tempo's own account, the author, to Jira, of what is logged in Tempo."""

STANDARD_TYPES = ("Bug", "Epic", "Story", "Sub-task", "Task")
SUBTASK = "Sub-task"
MOST_ORDERS = 7

_NAMES = MappingProxyType(
    {"project": "project", "key": "key", "issue": "key", "issuekey": "key", "id": "key", "issuetype": "issuetype",
     "type": "issuetype", "assignee": "assignee", "worklogauthor": "worklogAuthor", "worklogdate": "worklogDate",
     "updated": "updated", "updateddate": "updated", "status": "status", "statuscategory": "statusCategory"}
)  # fmt: skip
_ELSEWHERE = frozenset(
    ["affectedversion", "category", "comment", "component", "created", "createddate", "creator", "description", "due",
     "duedate",
     "environment", "epic link", "filter", "fixversion", "labels", "lastviewed", "level", "originalestimate", "parent",
     "priority", "remainingestimate", "reporter", "resolution", "resolutiondate", "resolved", "sprint",
     "summary", "text", "timeestimate", "timeoriginalestimate", "timespent", "voter", "votes", "watcher",
     "watchers", "worklogcomment", "workratio"]
)  # fmt: skip
_NOT_FOR_ANONYMOUS = frozenset({"assignee", "worklogAuthor", "worklogDate"})
_DATES = frozenset({"=", "!=", "<", "<=", ">", ">=", "is", "is not"})
_WITH_EMPTY = frozenset({"=", "!=", "in", "not in", "is", "is not"})
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]*-[0-9]{1,18}", re.ASCII)
_POSITIVE = MappingProxyType({"!=": "=", "not in": "in", "is not": "is"})
_SORTED_BY = MappingProxyType({"issue": "key", "issuekey": "key", "type": "issuetype", "updateddate": "updated",
                               "createddate": "created"})  # fmt: skip
_DESCENDING = frozenset({"created", "updated"})
_T = TypeVar("_T")
_MINUTE = timedelta(minutes=1)


class Asked(NamedTuple):
    """Who asks, and when. ``now`` is in the zone in which the query's dates are meant."""

    store: Store
    actor: Actor | None
    settings: Settings
    now: datetime


class Meaning(NamedTuple):
    """A query as a condition on issues and what to sort them by; True is ascending. ``notes`` say why it may find nothing."""

    condition: Condition
    order: list[tuple[str, bool]]
    notes: tuple[str, ...] = ()


def mean(query: Query, asked: Asked) -> Meaning:
    """What a bounded query finds among the issues that the actor may see. Raises ``Invalid`` with every mistake there is."""
    reader = _Reader(asked)
    found = clauses(query.where)
    mistakes = list(dict.fromkeys(text for clause in found if (text := reader.refusal(clause))))
    order = []
    for term in query.order:
        name = term.field.lower()
        name = _SORTED_BY.get(name, name)
        if name not in issues.SORTS:
            mistakes.append(f"Not able to sort using field '{term.field[:60]}'.")
            continue
        order.append((name, name not in _DESCENDING if term.ascending is None else term.ascending))
    if len(query.order) > MOST_ORDERS:
        mistakes.append(f"A query is sorted by {MOST_ORDERS} fields at most.")
    if mistakes:
        raise Mistaken(mistakes)
    assert query.where is not None
    condition = reader.condition(query.where)
    if reader.mistakes:
        raise Mistaken(list(dict.fromkeys(reader.mistakes)))
    visible = issues.in_projects(reader.visible)
    return Meaning(issues.joined([visible, condition], is_and=True), order, tuple(dict.fromkeys(reader.notes)))


class Mistaken(Invalid):
    """A query with one or several mistakes, each told by itself."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__(messages[0], further=messages[1:])


class _Reader:
    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._store = asked.store
        self._projects: list[Project] = projects.browsable(asked.store, asked.actor)
        self.visible = frozenset(project.id for project in self._projects)
        self.mistakes: list[str] = []
        self.notes: list[str] = []
        self._readers: dict[str, Callable[[Clause], Condition]] = {
            "project": lambda clause: issues.in_projects(self._each(clause, self._project)),
            "key": lambda clause: issues.with_ids(self._each(clause, self._issue)),
            "issuetype": lambda clause: issues.of_types(self._each(clause, self._types)),
            "assignee": lambda clause: issues.assigned_to(self._each(clause, self._people)),
            "status": lambda clause: issues.in_states(self._each(clause, self._states)),
            "statusCategory": lambda clause: issues.in_states(self._each(clause, self._states)),
        }

    def refusal(self, clause: Clause) -> str | None:
        """What is wrong with the field or the operator of a clause."""
        name = _NAMES.get(clause.field.lower())
        if name is None and clause.field.lower() in _ELSEWHERE and self._asked.actor:
            served = ", ".join(sorted(set(_NAMES.values())))
            return f"Searching by the field '{clause.field}' is not served by this stand-in of Jira; it knows {served}."
        if self._asked.actor is None and (name is None or name in _NOT_FOR_ANONYMOUS):
            return f"Field '{clause.field[:60]}' does not exist or this field cannot be viewed by anonymous users."
        if name is None:
            return f"Field '{clause.field[:60]}' does not exist or you do not have permission to view it."
        allowed = _DATES if name in ("worklogDate", "updated") else _WITH_EMPTY
        is_for_empty = clause.operator in ("is", "is not")
        has_empty = any(isinstance(operand, Empty) for operand in clause.operands)
        wrong_for_empty = has_empty and clause.operator not in _WITH_EMPTY
        if clause.operator not in allowed or wrong_for_empty or (is_for_empty and not has_empty):
            return f"The operator '{clause.operator}' is not supported by the '{clause.field[:60]}' field."
        return None

    def condition(self, node: Node) -> Condition:
        if isinstance(node, Clause):
            return self._clause(node)
        parts: Iterable[Node] = node.parts
        found: list[Condition] = []
        if node.is_and and self._asked.settings["jql.worklogJoin"] == "same":
            # One worklog has to meet them all: Jane's work in May is not May's work on what Jane once worked on.
            about_worklogs = [part for part in parts if _needs_worklog(part)]
            if len(about_worklogs) > 1:
                found.append(self._worklog(about_worklogs))
                parts = [part for part in parts if not _needs_worklog(part)]
        return issues.joined([*found, *(self.condition(part) for part in parts)], is_and=node.is_and)

    def _clause(self, clause: Clause) -> Condition:
        name = _NAMES[clause.field.lower()]
        is_negative = clause.operator in _POSITIVE
        positive = clause._replace(operator=_POSITIVE.get(clause.operator, clause.operator))
        if name in ("worklogAuthor", "worklogDate"):
            return self._about_worklogs(positive, is_negative)
        if name == "updated":
            found = self._updated(positive)
            return issues.negated(found) if is_negative else found
        found = self._readers[name](positive)
        if any(isinstance(operand, Empty) for operand in positive.operands):
            empty = issues.unassigned() if name == "assignee" else issues.nothing()
            found = issues.joined([found, empty], is_and=False) if len(positive.operands) > 1 else empty
        return issues.negated(found) if is_negative else found

    def _about_worklogs(self, positive: Clause, is_negative: bool) -> Condition:
        if any(isinstance(operand, Empty) for operand in positive.operands):
            anything = issues.worked_on()
            return anything if is_negative else issues.negated(anything)
        found = self._worklog([positive])
        # Work by others than Jane: there is work, and none of it is hers.
        return issues.joined([issues.worked_on(), issues.negated(found)], is_and=True) if is_negative else found

    def _worklog(self, parts: Iterable[Node]) -> Condition:
        authors: issues.Authors | None = None
        days: list[tuple[str, str]] = []
        for clause in parts:
            assert isinstance(clause, Clause)
            if _NAMES[clause.field.lower()] == "worklogDate":
                days.append((clause.operator, moment(clause.operands[0], clause.field, self._asked.now).date().isoformat()))
                continue
            found = self._authors(clause)
            authors = found if authors is None else authors.both(found)
        return issues.worked_on(authors, days)

    def _authors(self, clause: Clause) -> issues.Authors:
        has_app = self._asked.settings["jiraCloud.worklogAuthor"] == "app"
        app = self._asked.settings[TEMPO_APP]
        persons = tuple(o for o in clause.operands if not (isinstance(o, Value) and o.text == app))
        if persons and has_app:
            self.notes.append("worklogAuthor finds of a person only what was logged in Jira: to Jira the app logs what is "
                              "logged in Tempo (jiraCloud.worklogAuthor=person to find them)")  # fmt: skip
        found = frozenset(self._each(clause._replace(operands=persons), self._people))
        return issues.Authors(found, len(persons) < len(clause.operands), has_app)

    def _updated(self, clause: Clause) -> Condition:
        if isinstance(clause.operands[0], Empty):
            return issues.nothing()
        at = moment(clause.operands[0], clause.field, self._asked.now)
        if clause.operator != "=":
            return issues.updated(clause.operator, _stamp(at))
        minute = at.replace(second=0, microsecond=0)
        return issues.joined([issues.updated(">=", _stamp(minute)), issues.updated("<", _stamp(minute + _MINUTE))], is_and=True)

    def _each(self, clause: Clause, read: "Callable[[Clause, Value | Function], Iterable[_T]]") -> list[_T]:
        return [one for operand in clause.operands if not isinstance(operand, Empty) for one in read(clause, operand)]

    def _project(self, clause: Clause, operand: Value | Function) -> list[int]:
        if isinstance(operand, Function):
            return self._note(_no_function(operand))
        text = operand.text
        wanted = text.lower()
        found = [p.id for p in self._projects if wanted in (p.key.lower(), p.name.lower(), str(p.id))]
        return found or self._unknown(text, clause)

    def _issue(self, clause: Clause, operand: Value | Function) -> list[int]:
        if isinstance(operand, Function):
            return self._note(_no_function(operand))
        text = operand.text
        is_number = text.isascii() and text.isdecimal() and len(text) <= 18
        if not is_number and not _KEY.fullmatch(text):
            return self._note(f"The issue key '{text[:60]}' for field '{clause.field}' is invalid.")
        issue = issues.get(self._store, int(text)) if is_number else issues.by_key(self._store, text)
        if issue is None or issue.project_id not in self.visible:
            if self._asked.settings["jql.missingKeys"] == "drop":
                return []
            if is_number:
                return self._note(f"A value with ID '{text}' does not exist for the field '{clause.field}'.")
            return self._note(f"An issue with key '{text}' does not exist for field '{clause.field}'.")
        return [issue.id]

    def _types(self, clause: Clause, operand: Value | Function) -> list[str]:
        known = sorted({*STANDARD_TYPES, *issues.types(self._store)})
        if isinstance(operand, Function) and operand.name.lower() in ("standardissuetypes", "subtaskissuetypes"):
            is_subtask = operand.name.lower() == "subtaskissuetypes"
            return [name for name in known if (name == SUBTASK) is is_subtask]
        if isinstance(operand, Function):
            return self._note(_no_function(operand))
        text = operand.text
        found = [name for name in known if name.lower() == text.lower()]
        return found or self._unknown(text, clause)

    def _states(self, clause: Clause, operand: Value | Function) -> list[str]:
        if isinstance(operand, Function):
            return self._note(_no_function(operand))
        find = issue_states.named if _NAMES[clause.field.lower()] == "status" else issue_states.in_category
        found = find(self._store, operand.text)
        return self._unknown(operand.text, clause) if found is None else found

    def _people(self, clause: Clause, operand: Value | Function) -> list[int]:
        if isinstance(operand, Function):
            return self._called(operand)
        if operand.text == self._asked.settings[TEMPO_APP]:
            return []
        person = people.by_account_id(self._store, operand.text)
        return [person.id] if person else self._unknown(operand.text, clause)

    def _called(self, function: Function) -> list[int]:
        name, count = function.name.lower(), len(function.arguments)
        if name == "currentuser":
            if count:
                return self._note(f"Function '{function.name}' expected '0' arguments but received '{count}'.")
            return [self._asked.actor.person_id] if self._asked.actor else []
        if name != "membersof":
            return self._note(_no_function(function))
        if count != 1:
            return self._note(f"Function '{function.name}' expected '1' arguments but received '{count}'.")
        group = groups.by_name(self._store, function.arguments[0])
        if group is None:
            return self._note(f"Function '{function.name}' can not generate a list of usernames for group "
                              f"'{function.arguments[0][:60]}'; the group does not exist.")  # fmt: skip
        return [person.id for person in groups.members(self._store, group.id, True, 0, -1)]

    def _unknown(self, text: str, clause: Clause) -> list[Any]:
        return self._note(f"The value '{text[:60]}' does not exist for the field '{clause.field}'.")

    def _note(self, mistake: str) -> list[Any]:
        self.mistakes.append(mistake)
        return []


def _no_function(function: Function) -> str:
    return f"Unable to find JQL function '{function.name[:60]}({', '.join(function.arguments)[:60]})'."


def _needs_worklog(node: Node) -> bool:
    return (
        isinstance(node, Clause)
        and _NAMES[node.field.lower()] in ("worklogAuthor", "worklogDate")
        and node.operator not in _POSITIVE
        and not any(isinstance(operand, Empty) for operand in node.operands)
    )


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
