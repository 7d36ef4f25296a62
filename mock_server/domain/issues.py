"""Which Jira issues somebody may see: those of the projects they may browse; who gets one; what goes with one that goes."""

from mock_server.access import Actor
from mock_server.domain import projects
from mock_server.errors import Invalid, NotFound, NotLoggedIn, Refused
from mock_server.row_ids import row_id
from mock_server.settings import Settings
from mock_server.storage import issues, jira_worklogs, people, plans
from mock_server.storage import projects as project_rows
from mock_server.storage.issues import Issue
from mock_server.storage.store import Store

HIDDEN = "Issue does not exist or you do not have permission to see it."
UNKNOWN = "Issue Does Not Exist"
FORBIDDEN = "You do not have the permission to see the specified issue."
ASSIGN = "ASSIGN_ISSUES"
ASSIGNABLE = "ASSIGNABLE_USER"
PROJECT_DEFAULT = "-1"
DELETE = "DELETE_ISSUES"
PLANS_GO = "plans.deletedWithIssue"


def find(store: Store, id_or_key: str) -> Issue | None:
    """By id, or by key in any case, whoever asks."""
    issue_id = row_id(id_or_key)
    return issues.by_key(store, id_or_key) if issue_id is None else issues.get(store, issue_id)


def get(store: Store, actor: Actor | None, id_or_key: str) -> Issue:
    """One issue. Raises ``NotFound``, the same for one that is not there and one that may not be browsed."""
    issue = find(store, id_or_key)
    if issue is None or projects.BROWSE not in projects.held(store, actor).get(issue.project_id, frozenset()):
        raise NotFound(HIDDEN)
    return issue


def get_or_refuse(store: Store, actor: Actor | None, id_or_key: str) -> Issue:
    """One issue, as Data Center tells of it: raises ``NotFound`` for one that is not there, ``NotLoggedIn`` and ``Refused``
    for one that anonymous, or somebody, may not browse."""
    issue = find(store, id_or_key)
    if issue is None:
        raise NotFound(UNKNOWN)
    if projects.BROWSE not in projects.held(store, actor).get(issue.project_id, frozenset()):
        if actor is None:
            raise NotLoggedIn("Client must be authenticated to access this resource.")
        raise Refused(FORBIDDEN)
    return issue


def assign(store: Store, actor: Actor | None, issue: Issue, account_id: str | None, moment: str) -> None:
    """Give an issue to somebody, to nobody (None), or to whom its project says (``-1``): here that is nobody.

    moment: ISO 8601, UTC, milliseconds. Raises ``Refused`` without Assign Issues in its project, ``Invalid`` for somebody
    who is not there, was deactivated, or to whom issues of the project cannot be assigned.
    """
    if ASSIGN not in projects.held(store, actor).get(issue.project_id, frozenset()):
        raise Refused("You do not have permission to assign issues.")
    person_id: int | None = None
    if account_id is not None and account_id != PROJECT_DEFAULT:
        person = people.by_account_id(store, account_id)
        keys = project_rows.held(store, person.id).get(issue.project_id, frozenset()) if person else frozenset()
        if person is None or not person.active or ASSIGNABLE not in keys:
            raise Invalid(fields={"assignee": f"User '{account_id[:128]}' cannot be assigned issues."})
        person_id = person.id
    if person_id != issue.assignee_id:
        issues.assign(store, issue.id, person_id, moment)


def remove(store: Store, actor: Actor | None, settings: Settings, issue: Issue, moment: str) -> None:
    """Delete an issue with its worklogs, and with its plans where the setting says so; others keep its id.

    moment: ISO 8601, UTC, milliseconds. Raises ``Refused`` without Delete Issues in its project.
    """
    if DELETE not in projects.held(store, actor).get(issue.project_id, frozenset()):
        raise Refused("You do not have permission to delete issues in this project.")
    if settings.is_on(PLANS_GO):
        plans.remove_of_issue(store, issue.id)
    jira_worklogs.record_deleted_of_issue(store, issue.id, moment)
    issues.remove(store, issue.id)
