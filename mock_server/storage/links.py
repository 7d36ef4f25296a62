"""Links of a team to what it works on: projects and boards."""

from typing import NamedTuple

from mock_server.storage.store import Store

_SELECT = "SELECT l.id, l.team_id, t.name, l.scope_type, l.scope FROM links l JOIN teams t ON t.id = l.team_id"


class Link(NamedTuple):
    """A link; ``scope_type`` is project or board, ``scope`` the id of it."""

    id: int
    team_id: int
    team_name: str
    scope_type: str
    scope: int


def get(store: Store, link_id: int) -> Link | None:
    """By id."""
    row = store.one(f"{_SELECT} WHERE l.id = ?", (link_id,))
    return Link._make(row) if row else None


def of_team(store: Store, team_id: int) -> list[Link]:
    """The links of a team, by id."""
    return [Link._make(row) for row in store.all(f"{_SELECT} WHERE l.team_id = ? ORDER BY l.id", (team_id,))]


def of_scope(store: Store, scope_type: str, scope: int) -> list[Link]:
    """The links to a project or board, by id."""
    rows = store.all(f"{_SELECT} WHERE l.scope_type = ? AND l.scope = ? ORDER BY l.id", (scope_type, scope))
    return [Link._make(row) for row in rows]


def add(store: Store, team_id: int, scope_type: str, scope: int) -> int:
    """A new link; answers its id."""
    return store.insert("INSERT INTO links (team_id, scope_type, scope) VALUES (?, ?, ?)", (team_id, scope_type, scope))


def remove(store: Store, link_id: int) -> None:
    """One link."""
    store.run("DELETE FROM links WHERE id = ?", (link_id,))
