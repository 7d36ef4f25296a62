"""Team roles: what somebody does in a team (Member, Developer). Not permission roles."""

from typing import NamedTuple

from mock_server.storage.store import Store

_COLUMNS = "id, name, is_default"


class Role(NamedTuple):
    """A team role; ``is_default`` is 1 for the one that a membership gets when none is named."""

    id: int
    name: str
    is_default: int


def get(store: Store, role_id: int) -> Role | None:
    """By id."""
    row = store.one(f"SELECT {_COLUMNS} FROM roles WHERE id = ?", (role_id,))
    return Role._make(row) if row else None


def by_name(store: Store, name: str) -> Role | None:
    """By name, in any case."""
    # Not in SQL: SQLite knows the case of ASCII letters only.
    return next((role for role in every(store) if role.name.lower() == name.lower()), None)


def default(store: Store) -> Role | None:
    """The default role."""
    row = store.one(f"SELECT {_COLUMNS} FROM roles WHERE is_default ORDER BY id LIMIT 1")
    return Role._make(row) if row else None


def every(store: Store) -> list[Role]:
    """All roles, by id."""
    return [Role._make(row) for row in store.all(f"SELECT {_COLUMNS} FROM roles ORDER BY id")]


def add(store: Store, name: str) -> int:
    """A new role that is not the default; answers its id."""
    return store.insert("INSERT INTO roles (name) VALUES (?)", (name,))


def rename(store: Store, role_id: int, name: str) -> None:
    """Give a role another name."""
    store.run("UPDATE roles SET name = ? WHERE id = ?", (name, role_id))


def is_used(store: Store, role_id: int) -> bool:
    """Whether a membership has the role."""
    found: object = store.value("SELECT 1 FROM memberships WHERE role_id = ? LIMIT 1", (role_id,))
    return found is not None


def remove(store: Store, role_id: int) -> None:
    """A role that no membership has."""
    store.run("DELETE FROM roles WHERE id = ?", (role_id,))
