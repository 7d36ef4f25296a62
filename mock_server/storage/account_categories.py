"""Categories of accounts."""

from typing import NamedTuple

from mock_server.storage.store import Store

_COLUMNS = "id, key, name, type"


class AccountCategory(NamedTuple):
    """A category; no two have the same ``key``. ``type`` is the name of a category type, or None."""

    id: int
    key: str
    name: str
    type: str | None


def get(store: Store, category_id: int) -> AccountCategory | None:
    """By id."""
    row = store.one(f"SELECT {_COLUMNS} FROM account_categories WHERE id = ?", (category_id,))
    return AccountCategory._make(row) if row else None


def by_key(store: Store, key: str) -> AccountCategory | None:
    """By key, in its own case."""
    row = store.one(f"SELECT {_COLUMNS} FROM account_categories WHERE key = ?", (key,))
    return AccountCategory._make(row) if row else None


def every(store: Store) -> list[AccountCategory]:
    """All categories, by id."""
    return [AccountCategory._make(row) for row in store.all(f"SELECT {_COLUMNS} FROM account_categories ORDER BY id")]


def add(store: Store, key: str, name: str, kind: str | None) -> int:
    """A new category; answers its id."""
    return store.insert("INSERT INTO account_categories (key, name, type) VALUES (?, ?, ?)", (key, name, kind))


def change(store: Store, category: AccountCategory) -> None:
    """Put these values in place of those of the category with this id."""
    store.run(
        "UPDATE account_categories SET key = ?, name = ?, type = ? WHERE id = ?",
        (category.key, category.name, category.type, category.id),
    )


def is_used(store: Store, category_id: int) -> bool:
    """Whether an account has the category."""
    found: object = store.value("SELECT 1 FROM accounts WHERE category_id = ? LIMIT 1", (category_id,))
    return found is not None


def remove(store: Store, category_id: int) -> None:
    """A category that no account has."""
    store.run("DELETE FROM account_categories WHERE id = ?", (category_id,))
