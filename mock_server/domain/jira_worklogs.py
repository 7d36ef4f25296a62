"""Worklogs in Jira: who may see and write them there, what a write does to the issue (vendor's OpenAPI of v3; integrators).

What is written reaches Tempo by ``worklog_flow``.
"""

from datetime import datetime
from typing import NamedTuple

from mock_server.access import Actor
from mock_server.domain import projects
from mock_server.domain.durations import seconds_of
from mock_server.domain.work_times import day_and_time
from mock_server.domain.worklog_flow import Flow
from mock_server.errors import Invalid, NotFound, TooLarge
from mock_server.moments import moment_text
from mock_server.row_ids import row_id
from mock_server.settings import Settings
from mock_server.storage import groups, issues, jira_worklogs, people, worklogs
from mock_server.storage.issues import Issue
from mock_server.storage.jira_worklogs import JiraWorklog, Reader
from mock_server.storage.people import Person
from mock_server.storage.store import Store

LOG, SEE = "WORK_ON_ISSUES", "BROWSE_PROJECTS"
UNKNOWN = "Cannot find worklog with id: '{}'."
NO_WORKLOG = "Worklog must not be null."
NOT_EDITABLE = "You can not edit the issue as it is in a non-editable workflow state."
AUTO, LEAVE, NEW, MANUAL = "auto", "leave", "new", "manual"


class Writing(NamedTuple):
    """Who writes, when, and by which settings. ``has_app`` tells that Tempo's account stands as author of Tempo's worklogs."""

    store: Store
    actor: Actor
    settings: Settings
    now: datetime
    has_app: bool

    @property
    def reader(self) -> Reader:
        """What the writer sees."""
        return reader_of(self.store, self.actor, singly=not self.has_app)

    @property
    def person(self) -> Person:
        """Who writes."""
        found = people.get(self.store, self.actor.person_id)
        assert found is not None
        return found


class Estimate(NamedTuple):
    """What becomes of the remaining estimate of the issue, as it was asked: the way and the amounts of time that go with it."""

    way: str = AUTO
    new: str | None = None
    by: str | None = None
    """By how much, under MANUAL: ``reduceBy`` of a new worklog, ``increaseBy`` of one that is deleted."""


class Entered(NamedTuple):
    """What was sent of a worklog. ``time_spent`` is seconds, ``comment`` a document as JSON; None keeps what there is."""

    started: datetime | None = None
    time_spent: int | None = None
    comment: str | None = None
    has_comment: bool = False
    group_id: int | None = None
    has_group: bool = False
    properties: str | None = None


def reader_of(store: Store, actor: Actor | None, *, singly: bool = False) -> Reader:
    """What somebody sees of worklogs that are restricted to groups."""
    ids = frozenset(group.id for group in groups.of_person(store, actor.person_id)) if actor else frozenset()
    return Reader(ids, singly)


def browsable(store: Store, actor: Actor | None, settings: Settings) -> list[int] | None:
    """The projects of whose worklogs the lists across issues tell; None for all."""
    if settings["jiraCloud.worklogsOfHiddenProjects"] == "shown":
        return None
    return [project for project, held in projects.held(store, actor).items() if SEE in held]


def get(store: Store, issue: Issue, text: str, reader: Reader) -> JiraWorklog:
    """A worklog of an issue by the id in a path. Raises ``NotFound``."""
    worklog_id = row_id(text)
    found = None if worklog_id is None else jira_worklogs.get(store, worklog_id, reader)
    if found is None or found.issue_id != issue.id:
        raise NotFound(UNKNOWN.format(text[:40]))
    return found


def create(writing: Writing, issue: Issue, entered: Entered, estimate: Estimate) -> JiraWorklog:
    """A new worklog of whoever writes. ``entered`` has a ``time_spent``; without ``started`` it is now.

    Raises ``Invalid`` also where a permission is missing, as Jira does, and ``TooLarge`` for an issue with too many.
    """
    store, person = writing.store, writing.person
    check_may_log(writing, issue)
    most = writing.settings.number("jiraCloud.worklogsPerIssue")
    if most is not None and jira_worklogs.logged(store, issue.id).number >= most:
        raise TooLarge(f"The issue has reached the limit of {most} worklogs.")
    assert entered.time_spent is not None
    remaining = _remaining(issue, estimate, -entered.time_spent, "reduceBy")
    now = moment_text(writing.now)
    started = moment_text(entered.started or writing.now)
    worklog = JiraWorklog(
        worklogs.next_jira_id(store), issue.id, issue.project_id, person.id, 0, person.id, 0, started, "UTC",
        day_and_time(started, person.time_zone)[0], entered.time_spent, entered.comment, 0, entered.group_id,
        entered.properties, now, now,
    )  # fmt: skip
    jira_worklogs.add(store, worklog)
    _flow(writing).entered_in_jira(worklog)
    _set_remaining(writing, issue, remaining)
    return worklog


def change(writing: Writing, issue: Issue, worklog: JiraWorklog, entered: Entered, estimate: Estimate) -> JiraWorklog:
    """Change what was sent of a worklog. Raises ``Invalid`` also where a permission is missing, as Jira does."""
    check_may_write(writing, issue, worklog, "edit")
    spent = worklog.time_spent if entered.time_spent is None else entered.time_spent
    remaining = _remaining(issue, estimate, worklog.time_spent - spent, None)
    flow = _flow(writing)
    before = flow.own_row(worklog)
    changed = before._replace(
        updater_id=writing.actor.person_id, updated_by_app=0, time_spent=spent, updated_at=moment_text(writing.now)
    )
    if entered.started is not None:
        author = people.get(writing.store, before.author_id) if before.author_id else writing.person
        assert author is not None
        started = moment_text(entered.started)
        changed = changed._replace(started=started, start_date=day_and_time(started, author.time_zone)[0])
    if entered.has_comment:
        changed = changed._replace(comment=entered.comment)
    if entered.has_group:
        changed = changed._replace(group_id=entered.group_id)
    if entered.properties is not None:
        changed = changed._replace(properties=entered.properties)
    jira_worklogs.change(writing.store, changed)
    flow.changed_in_jira(changed)
    _set_remaining(writing, issue, remaining)
    return changed


def remove(writing: Writing, issue: Issue, worklog: JiraWorklog, estimate: Estimate) -> None:
    """Delete a worklog. Raises ``Invalid`` also where a permission is missing, as Jira does."""
    check_may_write(writing, issue, worklog, "delete")
    remaining = _remaining(issue, estimate, worklog.time_spent, "increaseBy")
    flow = _flow(writing)
    flow.take_out_of_day(worklog.id)
    jira_worklogs.remove(writing.store, worklog.id)
    jira_worklogs.record_deleted(writing.store, worklog.id, moment_text(writing.now))
    flow.removed_in_jira(worklog.id)
    _set_remaining(writing, issue, remaining)


def _held(writing: Writing, issue: Issue) -> frozenset[str]:
    return projects.held(writing.store, writing.actor).get(issue.project_id, frozenset())


def _flow(writing: Writing) -> Flow:
    return Flow(writing.store, writing.settings, writing.now)


def is_by_app(worklog: JiraWorklog, settings: Settings) -> bool:
    """Whether Tempo's own account stands as the author of a worklog on Jira Cloud."""
    return worklog.author_id is None or (bool(worklog.by_app) and settings["jiraCloud.worklogAuthor"] == "app")


def check_may_log(writing: Writing, issue: Issue) -> None:
    """Raises ``Invalid``, as Jira does, where the writer cannot log work on an issue."""
    if LOG not in _held(writing, issue):
        name = writing.person.display_name
        raise Invalid(f"{name}, you do not have the permission to associate a worklog to this issue.")
    _check_editable(writing, issue)


def check_may_write(writing: Writing, issue: Issue, worklog: JiraWorklog, verb: str) -> None:
    """Raises ``Invalid``, as Jira does, where the writer cannot ``edit`` or ``delete`` a worklog."""
    held = _held(writing, issue)
    is_apps = writing.has_app and is_by_app(worklog, writing.settings)
    is_own = worklog.author_id == writing.actor.person_id and not is_apps
    names = (f"{verb.upper()}_ALL_WORKLOGS", *([f"{verb.upper()}_OWN_WORKLOGS"] if is_own else []))
    if not held.intersection(names):
        text = f"{writing.person.display_name}, you do not have permission to {verb} the specified worklog."
        raise Invalid(text, further=[NO_WORKLOG])
    _check_editable(writing, issue)


def _check_editable(writing: Writing, issue: Issue) -> None:
    closed = writing.settings["jiraCloud.closedIssues"]
    if closed == "refuse" and issue.status.lower() == "closed":
        raise Invalid(NOT_EDITABLE)


def _remaining(issue: Issue, estimate: Estimate, by: int, manual: str | None) -> int | None:
    """What is left to do then, None for no change. ``manual`` is the name of the amount that MANUAL needs; None forbids it."""
    known = issue.remaining_estimate
    if estimate.way == NEW:
        new = seconds_of(estimate.new or "")
        if new is None:
            raise Invalid(NO_WORKLOG, {"newEstimate": "You must supply a valid new estimate."})
        return new
    if estimate.way == MANUAL and manual:
        amount = seconds_of(estimate.by or "")
        if amount is None:
            raise Invalid(NO_WORKLOG, {manual: "You must supply a valid amount of time to adjust the estimate by."})
        return max(0, (known or 0) + (amount if manual == "increaseBy" else -amount))
    if estimate.way == LEAVE:
        return None
    if estimate.way != AUTO:
        raise Invalid(NO_WORKLOG, {"adjustEstimate": "The estimate cannot be adjusted in this way."})
    return None if known is None else max(0, known + by)


def _set_remaining(writing: Writing, issue: Issue, remaining: int | None) -> None:
    if remaining is not None:
        worklogs.set_remaining_estimate(writing.store, issue.id, remaining)
    issues.touch(writing.store, issue.id, moment_text(writing.now))
