"""Which Jira issues somebody may see: those of the projects they may browse."""

from mock_server.access import Actor
from mock_server.domain import projects
from mock_server.errors import NotFound
from mock_server.storage import issues
from mock_server.storage.issues import Issue
from mock_server.storage.store import Store

HIDDEN = "Issue does not exist or you do not have permission to see it."
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
