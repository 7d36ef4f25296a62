"""Several worklogs of an issue of Jira at once: deleted, or moved to another. Jira tells Tempo nothing of it."""

from collections.abc import Iterable

from mock_server.domain import jira_worklogs as single
from mock_server.domain import projects
from mock_server.domain.jira_worklogs import AUTO, LEAVE, Writing
from mock_server.domain.worklog_flow import Flow
from mock_server.errors import Invalid
from mock_server.moments import moment_text
from mock_server.storage import issues, jira_worklogs, worklogs
from mock_server.storage.issues import Issue
from mock_server.storage.jira_worklogs import JiraWorklog

MOST = 5000
_DELETE, _EDIT = "DELETE_ALL_WORKLOGS", "EDIT_ALL_WORKLOGS"


def remove(writing: Writing, issue: Issue, ids: list[int], way: str) -> list[int]:
    """Delete worklogs of an issue; answers the ids that it has not. ``way`` is AUTO or LEAVE. Raises ``Invalid``."""
    _check_may(writing, issue, _DELETE, "delete")
    if way not in (AUTO, LEAVE):
        raise Invalid(fields={"adjustEstimate": "The estimate can be adjusted by auto and leave here."})
    found, missing = _of(writing, issue, ids)
    moment = moment_text(writing.now)
    for worklog in found:
        jira_worklogs.remove(writing.store, worklog.id)
        jira_worklogs.record_deleted(writing.store, worklog.id, moment)
    if way == AUTO and issue.remaining_estimate is not None and found:
        spent = sum(worklog.time_spent for worklog in found)
        worklogs.set_remaining_estimate(writing.store, issue.id, issue.remaining_estimate + spent)
    if found:
        issues.touch(writing.store, issue.id, moment)
    return missing


def move(writing: Writing, issue: Issue, ids: list[int], to: Issue) -> list[int]:
    """Move worklogs to another issue, if it is one; answers the ids that the first has not. Raises ``Invalid``."""
    _check_may(writing, issue, _EDIT, "move")
    single.check_may_log(writing, to)
    found, missing = _of(writing, issue, ids)
    if to.id == issue.id:
        return missing
    flow = Flow(writing.store, writing.settings, writing.now)
    for worklog in found:
        flow.own_row(worklog)
        jira_worklogs.move(writing.store, worklog.id, to.id, to.project_id)
    for touched in (issue, to) if found else ():
        issues.touch(writing.store, touched.id, moment_text(writing.now))
    return missing


def _check_may(writing: Writing, issue: Issue, permission: str, verb: str) -> None:
    if permission not in projects.held(writing.store, writing.actor).get(issue.project_id, frozenset()):
        raise Invalid(f"{writing.person.display_name}, you do not have permission to {verb} the specified worklogs.")


def _of(writing: Writing, issue: Issue, ids: Iterable[int]) -> tuple[list[JiraWorklog], list[int]]:
    asked = list(dict.fromkeys(ids))
    if not 0 < len(asked) <= MOST:
        raise Invalid(fields={"ids": f"The number of ids is to be from 1 to {MOST}."})
    known = [worklog_id for worklog_id in asked if 0 < worklog_id < 2**63]
    found = [one for one in jira_worklogs.these(writing.store, known, writing.reader) if one.issue_id == issue.id]
    there = {worklog.id for worklog in found}
    return found, [worklog_id for worklog_id in asked if worklog_id not in there]
