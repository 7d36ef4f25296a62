"""Jira projects and the project permissions that groups hold on them."""

from typing import NamedTuple

from mock_server.storage.store import Store

_COLUMNS = "id, key, name, lead_id, project_type"


class Project(NamedTuple):
    """A Jira project; ``project_type`` is software, business or service_desk."""

    id: int
    key: str
    name: str
    lead_id: int | None
    project_type: str


def by_key(store: Store, key: str) -> Project | None:
    """By key, case-sensitive as in Jira's path."""
    row = store.one(f"SELECT {_COLUMNS} FROM projects WHERE key = ?", (key,))
    return Project._make(row) if row else None


def get(store: Store, project_id: int) -> Project | None:
    """By id."""
    row = store.one(f"SELECT {_COLUMNS} FROM projects WHERE id = ?", (project_id,))
    return Project._make(row) if row else None


def every(store: Store) -> list[Project]:
    """All projects, by key."""
    return [Project._make(row) for row in store.all(f"SELECT {_COLUMNS} FROM projects ORDER BY key")]


def count(store: Store) -> int:
    """How many projects there are."""
    number: int = store.value("SELECT count(*) FROM projects")
    return number


def held(store: Store, person_id: int) -> dict[int, frozenset[str]]:
    """Project id -> the project permissions the person's groups hold there."""
    rows = store.all(
        "SELECT p.project_id, p.permission FROM group_members m JOIN project_permissions p ON p.group_id = m.group_id "
        "WHERE m.person_id = ?",
        (person_id,),
    )
    found: dict[int, set[str]] = {}
    for project_id, permission in rows:
        found.setdefault(project_id, set()).add(permission)
    return {project_id: frozenset(permissions) for project_id, permissions in found.items()}
