"""Which Jira projects somebody may see, and what they may do there."""

from mock_server.access import Actor
from mock_server.errors import NotFound
from mock_server.storage import projects
from mock_server.storage.projects import Project
from mock_server.storage.store import Store

BROWSE = "BROWSE_PROJECTS"


def held(store: Store, actor: Actor | None) -> dict[int, frozenset[str]]:
    """Project id -> the project permissions the actor holds there; nothing for anonymous."""
    return projects.held(store, actor.person_id) if actor else {}


def browsable(store: Store, actor: Actor | None) -> list[Project]:
    """The projects on which the actor holds Browse Projects, by key."""
    permissions = held(store, actor)
    return [project for project in projects.every(store) if BROWSE in permissions.get(project.id, frozenset())]


def get(store: Store, actor: Actor | None, id_or_key: str) -> Project:
    """One project by id or key. Raises ``NotFound`` also when it may not be browsed."""
    numeric = id_or_key.isascii() and id_or_key.isdecimal() and len(id_or_key) <= 9
    project = projects.get(store, int(id_or_key)) if numeric else projects.by_key(store, id_or_key)
    if project is None or BROWSE not in held(store, actor).get(project.id, frozenset()):
        raise NotFound(f"No project could be found with {'id' if numeric else 'key'} '{id_or_key}'.")
    return project
