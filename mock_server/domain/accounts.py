"""Accounts that work is booked on (vendor's OpenAPI; what it leaves open is an assumption under accounts)."""

from typing import Any

from mock_server.domain import account_categories, customers
from mock_server.errors import Invalid, NotFound
from mock_server.storage import accounts, people
from mock_server.storage.accounts import Account
from mock_server.storage.store import Store

STATUSES = ("OPEN", "CLOSED", "ARCHIVED")
LISTED = ("OPEN", "CLOSED")
"""The statuses of accounts that a list shows, and a search that names none."""


def get(store: Store, account_id: int) -> Account:
    """By id. Raises ``NotFound``."""
    account = accounts.get(store, account_id)
    if account is None:
        raise NotFound(f"Account '{account_id}' not found")
    return account


def by_key(store: Store, key: str) -> Account:
    """By key. Raises ``NotFound``."""
    account = accounts.by_key(store, key)
    if account is None:
        raise NotFound(f"Account '{key}' not found")
    return account


def create(store: Store, values: dict[str, Any]) -> Account:
    """A new account; ``values`` as ``_settled`` reads them.

    Raises ``NotFound`` for a person, category or customer that does not exist and ``Invalid`` for a key in use.
    """
    wanted = _settled(store, 0, values)
    _refuse_taken(store, wanted.key)
    return wanted._replace(id=accounts.add(store, wanted))


def change(store: Store, account: Account, values: dict[str, Any]) -> Account:
    """Replace everything of an account; what the values leave out is gone. Worklogs follow to another key.

    Raises as ``create`` does.
    """
    wanted = _settled(store, account.id, values)
    if wanted.key != account.key:
        _refuse_taken(store, wanted.key)
        accounts.follow_key(store, account.key, wanted.key)
    accounts.change(store, wanted)
    return wanted


def remove(store: Store, account: Account) -> None:
    """Take an account away with its links. Raises ``Invalid`` for one with worklogs (assumption accounts.inUse)."""
    if accounts.is_used(store, account.key):
        raise Invalid(f"Account '{account.key}' is used by worklogs and cannot be deleted")
    accounts.remove(store, account.id)


def _settled(store: Store, account_id: int, values: dict[str, Any]) -> Account:
    # A member that is None stands for one that is left out.
    contact = values.get("contact_account_id")
    category, customer = values.get("category_key"), values.get("customer_key")
    return Account(
        account_id,
        values["key"],
        values["name"],
        values.get("status") or "OPEN",
        _person(store, values["lead_account_id"]),
        _person(store, contact) if contact else None,
        None if contact else values.get("external_contact_name") or None,
        account_categories.by_key(store, category).id if category else None,
        customers.by_key(store, customer).id if customer else None,
        int(values.get("is_global") or False),
        values.get("monthly_budget"),
    )


def _person(store: Store, account_id: str) -> int:
    person = people.by_account_id(store, account_id)
    if person is None:
        raise NotFound("User is invalid")
    return person.id


def _refuse_taken(store: Store, key: str) -> None:
    if accounts.by_key(store, key):
        raise Invalid("Account with this key already exists")
