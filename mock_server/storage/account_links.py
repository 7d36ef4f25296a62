"""Links of accounts to Jira projects."""

import json
from collections.abc import Collection
from typing import NamedTuple

from mock_server.storage.store import Store

_SELECT = (
    "SELECT l.id, l.account_id, a.key, l.project_id, l.is_default, a.is_global "
    "FROM account_links l JOIN accounts a ON a.id = l.account_id"
)
_SEEN = "(? OR l.project_id IN (SELECT value FROM json_each(?)))"


class AccountLink(NamedTuple):
    """A link. ``is_default`` is 1 for the project's one default account, ``is_global`` tells of the account."""

    id: int
    account_id: int
    account_key: str
    project_id: int
    is_default: int
    is_global: int


def get(store: Store, link_id: int) -> AccountLink | None:
    """By id."""
    row = store.one(f"{_SELECT} WHERE l.id = ?", (link_id,))
    return AccountLink._make(row) if row else None


def between(store: Store, account_id: int, project_id: int) -> AccountLink | None:
    """The link of an account to a project."""
    row = store.one(f"{_SELECT} WHERE l.account_id = ? AND l.project_id = ?", (account_id, project_id))
    return AccountLink._make(row) if row else None


def of_project(store: Store, project_id: int, with_global: bool) -> list[AccountLink]:
    """The links to a project, by id; those of global accounts when they are asked for."""
    rows = store.all(f"{_SELECT} WHERE l.project_id = ? AND (? OR NOT a.is_global) ORDER BY l.id", (project_id, with_global))
    return [AccountLink._make(row) for row in rows]


def page(store: Store, account_id: int, projects: Collection[int] | None, offset: int, limit: int) -> list[AccountLink]:
    """At most ``limit`` links of an account, by id, to one of the projects; None is every project."""
    rows = store.all(
        f"{_SELECT} WHERE l.account_id = ? AND {_SEEN} ORDER BY l.id LIMIT ? OFFSET ?",
        (account_id, projects is None, json.dumps(sorted(projects or ())), limit, offset),
    )
    return [AccountLink._make(row) for row in rows]


def add(store: Store, account_id: int, project_id: int) -> int:
    """A new link that is not the default; answers its id."""
    return store.insert("INSERT INTO account_links (account_id, project_id) VALUES (?, ?)", (account_id, project_id))


def make_default(store: Store, link: AccountLink) -> None:
    """The link's account becomes the one default of its project."""
    # Two statements: rows that do not change must not reach the audit trail.
    store.run(
        "UPDATE account_links SET is_default = 0 WHERE project_id = ? AND is_default AND id <> ?", (link.project_id, link.id)
    )
    store.run("UPDATE account_links SET is_default = 1 WHERE id = ? AND NOT is_default", (link.id,))


def remove(store: Store, link_id: int) -> None:
    """One link."""
    store.run("DELETE FROM account_links WHERE id = ?", (link_id,))
