"""Customers that accounts are kept for."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from mock_server.storage.store import Store

_COLUMNS = "id, key, name"


class Customer(NamedTuple):
    """A customer; no two have the same ``key``."""

    id: int
    key: str
    name: str


def get(store: Store, customer_id: int) -> Customer | None:
    """By id."""
    row = store.one(f"SELECT {_COLUMNS} FROM customers WHERE id = ?", (customer_id,))
    return Customer._make(row) if row else None


def by_key(store: Store, key: str) -> Customer | None:
    """By key, in its own case."""
    row = store.one(f"SELECT {_COLUMNS} FROM customers WHERE key = ?", (key,))
    return Customer._make(row) if row else None


def page(store: Store, ids: Sequence[int], keys: Sequence[str], offset: int, limit: int) -> list[Customer]:
    """At most ``limit`` customers by id, those with one of the ids and one of the keys; an empty list asks for all."""
    rows = store.all(
        f"SELECT {_COLUMNS} FROM customers WHERE (? OR id IN (SELECT value FROM json_each(?))) "
        "AND (? OR key IN (SELECT value FROM json_each(?))) ORDER BY id LIMIT ? OFFSET ?",
        (not ids, json.dumps(ids), not keys, json.dumps(keys), limit, offset),
    )
    return [Customer._make(row) for row in rows]


def add(store: Store, key: str, name: str) -> int:
    """A new customer; answers its id."""
    return store.insert("INSERT INTO customers (key, name) VALUES (?, ?)", (key, name))


def change(store: Store, customer_id: int, key: str, name: str) -> None:
    """Put another key and name in place."""
    store.run("UPDATE customers SET key = ?, name = ? WHERE id = ?", (key, name, customer_id))


def is_used(store: Store, customer_id: int) -> bool:
    """Whether an account is kept for the customer."""
    found: object = store.value("SELECT 1 FROM accounts WHERE customer_id = ? LIMIT 1", (customer_id,))
    return found is not None


def remove(store: Store, customer_id: int) -> None:
    """A customer without accounts."""
    store.run("DELETE FROM customers WHERE id = ?", (customer_id,))
