"""Categories of accounts: keys are unique, and one that an account has stays."""

from mock_server.errors import Invalid, NotFound
from mock_server.storage import account_categories
from mock_server.storage.account_categories import AccountCategory
from mock_server.storage.store import Store

TYPES = ("BILLABLE", "CAPITALIZED", "INTERNAL", "OPERATIONAL")
"""The types a category may have."""


def by_key(store: Store, key: str) -> AccountCategory:
    """By key. Raises ``NotFound``."""
    category = account_categories.by_key(store, key)
    if category is None:
        raise NotFound(f"Account category '{key}' not found")
    return category


def create(store: Store, key: str, name: str, kind: str | None) -> AccountCategory:
    """A new category of a type or of none. Raises ``Invalid`` for a key in use."""
    _refuse_taken(store, key)
    return AccountCategory(account_categories.add(store, key, name, kind), key, name, kind)


def change(store: Store, category: AccountCategory, key: str, name: str, kind: str | None) -> AccountCategory:
    """Replace a category's values; without a type it has none. Raises ``Invalid`` for the key of another one."""
    if key != category.key:
        _refuse_taken(store, key)
    changed = AccountCategory(category.id, key, name, kind)
    account_categories.change(store, changed)
    return changed


def remove(store: Store, category: AccountCategory) -> None:
    """Take a category away. Raises ``Invalid`` for one that an account has (assumption accountCategories.inUse)."""
    if account_categories.is_used(store, category.id):
        raise Invalid(f"Account category '{category.key}' is used by an account and cannot be deleted")
    account_categories.remove(store, category.id)


def _refuse_taken(store: Store, key: str) -> None:
    if account_categories.by_key(store, key):
        raise Invalid("Account category with this key already exists")
