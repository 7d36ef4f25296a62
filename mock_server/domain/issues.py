"""Which Jira issues somebody may see: those of the projects they may browse; and what goes with an issue that goes."""

from mock_server.access import Actor
from mock_server.domain import projects
from mock_server.errors import NotFound, Refused
from mock_server.settings import Settings
from mock_server.storage import issues, plans
from mock_server.storage.issues import Issue
from mock_server.storage.store import Store

HIDDEN = "Issue does not exist or you do not have permission to see it."
DELETE = "DELETE_ISSUES"
PLANS_GO = "plans.deletedWithIssue"
_LONGEST_ID = 18


def find(store: Store, id_or_key: str) -> Issue | None:
    """By id, or by key in any case, whoever asks."""
    is_id = id_or_key.isascii() and id_or_key.isdecimal() and len(id_or_key) <= _LONGEST_ID
    return issues.get(store, int(id_or_key)) if is_id else issues.by_key(store, id_or_key)


def get(store: Store, actor: Actor | None, id_or_key: str) -> Issue:
    """One issue. Raises ``NotFound``, the same for one that is not there and one that may not be browsed."""
    issue = find(store, id_or_key)
    if issue is None or projects.BROWSE not in projects.held(store, actor).get(issue.project_id, frozenset()):
        raise NotFound(HIDDEN)
    return issue


def remove(store: Store, actor: Actor | None, settings: Settings, issue: Issue) -> None:
    """Delete an issue with its worklogs, and with its plans where the setting says so; others keep its id.

    Raises ``Refused`` without Delete Issues in its project.
    """
    if DELETE not in projects.held(store, actor).get(issue.project_id, frozenset()):
        raise Refused("You do not have permission to delete issues in this project.")
    if settings.is_on(PLANS_GO):
        plans.remove_of_issue(store, issue.id)
    issues.remove(store, issue.id)
