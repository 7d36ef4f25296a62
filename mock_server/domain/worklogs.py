"""Worklogs: who may see and write them, and what a worklog must be (vendor's OpenAPI of v4; help pages).

Times are seconds; days are those of the author.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from mock_server.access import WORKLOG_VIEW, Actor, GlobalPermission
from mock_server.domain import periods, projects, work_attributes, work_reach
from mock_server.domain.worklog_flow import Flow
from mock_server.errors import Conflict, Invalid, NotFound, Refused, numbered
from mock_server.moments import moment_text, seconds_before
from mock_server.settings import Settings
from mock_server.storage import issues, people, worklog_pages, worklogs
from mock_server.storage import projects as project_rows
from mock_server.storage import work_reach as granted
from mock_server.storage.issues import Issue
from mock_server.storage.people import Person
from mock_server.storage.store import Store
from mock_server.storage.work_reach import WorkReach
from mock_server.storage.worklogs import Worklog


class Writing(NamedTuple):
    """What a write needs beside the values: who writes, when, and by which settings."""

    store: Store
    actor: Actor
    settings: Settings
    now: datetime
    today: date


def reach(store: Store, actor: Actor, settings: Settings) -> WorkReach:
    """Whose worklogs the actor may see."""
    return work_reach.of(store, actor, WORKLOG_VIEW, view_all=settings["worklogs.viewAll"] == "counts")


def get(store: Store, within: WorkReach, worklog_id: int) -> Worklog:
    """One worklog within reach. Raises ``NotFound``, also for one that is hidden."""
    found = worklog_pages.get(store, worklog_id, within)
    if found is None:
        raise NotFound(f"Worklog with id '{worklog_id}' not found")
    return found


def why_hidden(store: Store, actor: Actor, within: WorkReach, worklog_id: int) -> str | None:
    """What keeps a worklog out of reach, for whoever develops a client; None for one within reach or none at all."""
    worklog = worklogs.get(store, worklog_id)
    if worklog is None or worklog_pages.get(store, worklog_id, within):
        return None
    if worklog.project_id not in within.browse:
        return f"project {worklog.project_id} is hidden: {actor.name} has no Browse Projects there"
    author = people.get(store, worklog.author_id)
    assert author is not None
    manages = work_reach.may_manage(store, actor, author.id, worklog.start_date)
    beside = "; Manage Worklogs is not enough to see it" if manages else ""
    return f"{actor.name} is in no role View Worklogs over {author.name} on {worklog.start_date}{beside}"


def create(writing: Writing, issue_id: int | None, values: Mapping[str, Any]) -> Worklog:
    """A new worklog on an issue. ``values`` hold author, start_date, time_spent and what else was sent.

    Raises ``Invalid`` for whatever is wrong with it, ``Refused`` when the actor may not log there or not for that person.
    """
    store = writing.store
    if issue_id is None:
        raise Invalid("Issue id cannot be null")
    issue = _loggable(writing, issue_id)
    author = _author(writing, values["author"])
    _check_may_write(
        writing, issue.project_id, author.id, values["start_date"].isoformat(), "WORK_ON_ISSUES", work_reach.LOG_FOR_OTHERS
    )
    _refuse_closed(writing, values["start_date"], bypass=bool(values.get("bypass")))
    stamp = moment_text(writing.now)
    worklog = _checked(writing, issue, author, 0, values)._replace(created_at=stamp, updated_at=stamp)
    attributes = _attributes(writing, values)
    work_attributes.check(store, attributes, writing.settings)
    worklog_id = worklogs.add(store, worklog)
    worklogs.set_attributes(store, worklog_id, attributes)
    _set_remaining(writing, issue, values)
    _touch(writing, issue.id)
    found = worklogs.get(store, worklog_id)
    assert found is not None
    _flow(writing).entered_in_tempo(issue, found)
    return found


def create_many(writing: Writing, issue_id: int, entries: Sequence[Mapping[str, Any]]) -> list[Worklog]:
    """Several new worklogs on an issue. Raises as ``create`` does, and ``Conflict`` while another such call is at work there.

    Here each is done at once; how long it counts as at work afterwards is a setting.
    """
    seconds = writing.settings.number("worklogs.bulkSeconds")
    if seconds and worklogs.bulk_since(writing.store, issue_id, seconds_before(writing.now, seconds)):
        raise Conflict("There is already a bulk action in progress for the given issue id")
    made = []
    for index, values in enumerate(entries):
        with numbered(index):
            made.append(create(writing, issue_id, values))
    return made


def change(writing: Writing, worklog: Worklog, values: Mapping[str, Any]) -> Worklog:
    """Replace everything but the issue; what is left out goes back to its default. Raises as ``create`` does."""
    store = writing.store
    issue = issues.get(store, worklog.issue_id)
    assert issue is not None
    author = _author(writing, values["author"])
    for whose, day in ((worklog.author_id, worklog.start_date), (author.id, values["start_date"].isoformat())):
        _check_may_write(writing, issue.project_id, whose, day, "EDIT_OWN_WORKLOGS", "EDIT_ALL_WORKLOGS")
    _refuse_closed(writing, date.fromisoformat(worklog.start_date), values["start_date"])
    changed = _checked(writing, issue, author, worklog.id, values)
    attributes = _attributes(writing, values)
    work_attributes.check(store, attributes, writing.settings)
    worklogs.change(store, changed._replace(id=worklog.id, updated_at=moment_text(writing.now)))
    worklogs.set_attributes(store, worklog.id, attributes)
    _set_remaining(writing, issue, values)
    _touch(writing, issue.id)
    found = worklogs.get(store, worklog.id)
    assert found is not None
    _flow(writing).changed_in_tempo(issue, worklog, found)
    return found


def remove(writing: Writing, worklog: Worklog, *, bypass: bool = False) -> None:
    """Delete a worklog. Raises ``Refused`` when the actor may see it and not delete it, ``Invalid`` in a closed period."""
    _check_may_write(
        writing, worklog.project_id, worklog.author_id, worklog.start_date, "DELETE_OWN_WORKLOGS", "DELETE_ALL_WORKLOGS"
    )
    _refuse_closed(writing, date.fromisoformat(worklog.start_date), bypass=bypass)
    issue = issues.get(writing.store, worklog.issue_id)
    assert issue is not None
    _flow(writing).leaves_tempo(issue, worklog)
    _touch(writing, worklog.issue_id)


def add_attributes(writing: Writing, worklog: Worklog, sent: Sequence[Mapping[str, Any]]) -> None:
    """Add attribute values that the worklog does not have yet. Raises ``Invalid`` for one that it has, and unknown keys.

    ``sent`` are objects with ``key`` and ``value``. What else the worklog lacks is not asked for.
    """
    store = writing.store
    values = _attributes(writing, {"attributes": sent})
    present = dict(worklogs.attributes_of(store, [worklog.id]).get(worklog.id, []))
    doubled = sorted(set(present) & set(values))
    if doubled:
        raise Invalid(f"Worklog {worklog.id} already has a value for work attribute {doubled[0]}")
    _check_may_write(
        writing, worklog.project_id, worklog.author_id, worklog.start_date, "EDIT_OWN_WORKLOGS", "EDIT_ALL_WORKLOGS"
    )
    _refuse_closed(writing, date.fromisoformat(worklog.start_date))
    work_attributes.check(store, values, writing.settings, is_whole=False)
    for key, value in values.items():
        worklogs.add_attribute(store, worklog.id, key, value)
    # Whoever reads what has changed since the last time must come upon it.
    worklogs.touch(store, worklog.id, moment_text(writing.now))


def known_issue(store: Store, issue_id: int, within: WorkReach | None = None) -> int:
    """The id of an issue that there is, seen or not. Raises ``NotFound``; with ``within`` also for a hidden one."""
    issue = issues.get(store, issue_id)
    if issue is None or (within and issue.project_id not in within.browse):
        raise NotFound("Issue not found")
    return issue_id


def known_project(store: Store, project_id: int, within: WorkReach | None = None) -> int:
    """The id of a project that there is, seen or not. Raises ``NotFound``; with ``within`` also for a hidden one."""
    if project_rows.get(store, project_id) is None or (within and project_id not in within.browse):
        raise NotFound("Project not found")
    return project_id


def known_person(store: Store, account_id: str, within: WorkReach | None = None) -> int:
    """The id of a person that there is, whoever may see their work.

    Raises ``NotFound``; with ``within`` also for somebody of whom no work could be seen.
    """
    person = people.by_account_id(store, account_id)
    if person is None or (within and not _reaches(store, within, person.id)):
        raise NotFound(f"User '{account_id}' not found")
    return person.id


def _reaches(store: Store, within: WorkReach, person_id: int) -> bool:
    is_free = within.everyone or bool(within.view_all & within.browse) or person_id == within.person_id
    return is_free or granted.is_member(store, person_id, within.team_ids)


def _loggable(writing: Writing, issue_id: int) -> Issue:
    issue = issues.get(writing.store, issue_id)
    held = projects.held(writing.store, writing.actor)
    if issue is None or work_reach.BROWSE not in held.get(issue.project_id, frozenset()):
        raise Invalid("Issue not found")
    return issue


def _author(writing: Writing, account_id: str) -> Person:
    person = people.by_account_id(writing.store, account_id)
    if person is None or not (person.active or writing.settings["worklogs.deactivatedAuthor"] == "allowed"):
        raise Invalid("User is invalid")
    return person


def _check_may_write(writing: Writing, project_id: int, author_id: int, day: str, own: str, others: str) -> None:
    held = projects.held(writing.store, writing.actor).get(project_id, frozenset())
    if author_id == writing.actor.person_id:
        if own not in held:
            raise Refused(f"{writing.actor.name} lacks {own} in project {project_id}")
        return
    inside = day if writing.settings.is_on("worklogs.manageDates") else None
    if others not in held and not work_reach.may_manage(writing.store, writing.actor, author_id, inside):
        author = people.get(writing.store, author_id)
        assert author is not None
        raise Refused(f"{writing.actor.name} has no Manage Worklogs over {author.name} on {day}")


def _refuse_closed(writing: Writing, *days: date, bypass: bool = False) -> None:
    """Raises ``Invalid`` for a day in a closed period, unless a Tempo Administrator bypasses it in override mode."""
    is_administrator = GlobalPermission.TEMPO_ADMINISTRATOR in writing.actor.permissions
    if bypass and is_administrator and writing.settings.is_on("periods.overrideMode"):
        return
    for day in days:
        periods.check_open(day, writing.today, writing.settings)


def _checked(writing: Writing, issue: Issue, author: Person, worklog_id: int, values: Mapping[str, Any]) -> Worklog:
    settings = writing.settings
    day: date = values["start_date"]
    ahead = settings.number("globalConfiguration.numberOfDaysAllowedIntoFuture")
    if ahead is not None and (day - writing.today).days > ahead:
        raise Invalid(f"Work cannot be logged more than {ahead} days ahead")
    spent: int = values["time_spent"]
    most = settings.number("globalConfiguration.maxHoursPerDayPerUser")
    logged = worklogs.seconds_on(writing.store, author.id, day.isoformat(), worklog_id) + spent
    if most is not None and logged > most * 3600:
        raise Invalid(f"No more than {most} hours can be logged on one day")
    description = values.get("description") or ""
    if not description.strip() and not settings.is_on("globalConfiguration.worklogDescriptionOptional"):
        raise Invalid("Description must not be empty")
    if not description and settings.is_on("worklogs.fillDescription"):
        description = f"Working on issue {issue.key}"
    if values.get("remaining") is None and not settings.is_on("globalConfiguration.remainingEstimateOptional"):
        raise Invalid("Remaining estimate must not be empty")
    billable = values.get("billable")
    return Worklog(
        worklog_id,
        0,
        issue.id,
        issue.project_id,
        author.id,
        day.isoformat(),
        (values.get("start_time") or settings["worklogs.startTime"]).zfill(8),
        spent,
        0 if issue.is_internal else spent if billable is None else billable,
        description,
        "",
        "",
        author.account_id,
        author.time_zone,
    )


def _attributes(writing: Writing, values: Mapping[str, Any]) -> dict[str, str | None]:
    sent = values.get("attributes") or ()
    found = {attribute["key"]: attribute.get("value") for attribute in sent}
    if len(found) < len(sent) and writing.settings["worklogs.repeatedAttributes"] == "400":
        keys = [attribute["key"] for attribute in sent]
        raise Invalid(f"Work attribute {next(key for key in found if keys.count(key) > 1)} is given more than once")
    return found


def _set_remaining(writing: Writing, issue: Issue, values: Mapping[str, Any]) -> None:
    if values.get("remaining") is not None:
        worklogs.set_remaining_estimate(writing.store, issue.id, values["remaining"])


def _flow(writing: Writing) -> Flow:
    return Flow(writing.store, writing.settings, writing.now)


def _touch(writing: Writing, issue_id: int) -> None:
    if writing.settings.is_on("jiraCloud.worklogsUpdateIssue"):
        issues.touch(writing.store, issue_id, moment_text(writing.now))
