"""Accounts that work is booked on. Not people: those have Atlassian account ids."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from mock_server.storage.store import Store

_COLUMNS = (
    *("key", "name", "status", "lead_id", "contact_id", "external_contact"),
    *("category_id", "customer_id", "is_global", "monthly_budget"),
)
_SELECT = f"SELECT a.id, {', '.join(f'a.{column}' for column in _COLUMNS)} FROM accounts a"
_SELECT_WHOLE = (
    f"SELECT a.id, {', '.join(f'a.{column}' for column in _COLUMNS)}, l.account_id, p.account_id, "
    "g.id, g.key, g.name, g.type, c.id, c.key, c.name FROM accounts a "
    "LEFT JOIN people l ON l.id = a.lead_id LEFT JOIN people p ON p.id = a.contact_id "
    "LEFT JOIN account_categories g ON g.id = a.category_id LEFT JOIN customers c ON c.id = a.customer_id"
)


class Account(NamedTuple):
    """An account; no two have the same ``key``.

    ``status`` is OPEN, CLOSED or ARCHIVED, ``is_global`` 1 where every project may use the account. The contact is a
    person or the name of somebody outside. ``monthly_budget`` is a whole number of hours.
    """

    id: int
    key: str
    name: str
    status: str
    lead_id: int | None
    contact_id: int | None
    external_contact: str | None
    category_id: int | None
    customer_id: int | None
    is_global: int
    monthly_budget: int | None


class AccountRow(NamedTuple):
    """An account with what an answer says of its lead, contact, category and customer (None: there is none).

    ``lead`` and ``contact`` are Atlassian account ids.
    """

    account: Account
    lead: str | None
    contact: str | None
    category: tuple[int, str, str, str | None] | None
    customer: tuple[int, str, str] | None


class AccountFilter(NamedTuple):
    """Which accounts are wanted: every condition holds. An empty list and None ask for nothing."""

    statuses: Sequence[str] = ()
    ids: Sequence[int] = ()
    keys: Sequence[str] = ()
    is_global: bool | None = None
    customer_id: int | None = None


def get(store: Store, account_id: int) -> Account | None:
    """By id."""
    row = store.one(f"{_SELECT} WHERE a.id = ?", (account_id,))
    return Account._make(row) if row else None


def by_key(store: Store, key: str) -> Account | None:
    """By key, in its own case."""
    row = store.one(f"{_SELECT} WHERE a.key = ?", (key,))
    return Account._make(row) if row else None


def whole(store: Store, account_id: int) -> AccountRow | None:
    """By id, with all that an answer says."""
    row = store.one(f"{_SELECT_WHOLE} WHERE a.id = ?", (account_id,))
    return _whole(row) if row else None


def page(store: Store, wanted: AccountFilter, offset: int, limit: int) -> list[AccountRow]:
    """At most ``limit`` of the wanted accounts, by id."""
    conditions = []
    values: list[object] = []
    for column, found in (("status", wanted.statuses), ("id", wanted.ids), ("key", wanted.keys)):
        if found:
            conditions.append(f"a.{column} IN (SELECT value FROM json_each(?))")
            values.append(json.dumps(found))
    for column, value in (("is_global", wanted.is_global), ("customer_id", wanted.customer_id)):
        if value is not None:
            conditions.append(f"a.{column} = ?")
            values.append(int(value))
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    rows = store.all(f"{_SELECT_WHOLE}{where} ORDER BY a.id LIMIT ? OFFSET ?", (*values, limit, offset))
    return [_whole(row) for row in rows]


def add(store: Store, account: Account) -> int:
    """A new account with these values; answers its id. The id in ``account`` does not count."""
    return store.insert(f"INSERT INTO accounts ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})", account[1:])


def change(store: Store, account: Account) -> None:
    """Put these values in place of those of the account with this id."""
    store.run(
        f"UPDATE accounts SET {', '.join(f'{column} = ?' for column in _COLUMNS)} WHERE id = ?", (*account[1:], account.id)
    )


def is_used(store: Store, key: str) -> bool:
    """Whether a worklog is booked on the account."""
    found: object = store.value(
        "SELECT 1 FROM work_attributes w JOIN worklog_attributes v ON v.key = w.key WHERE w.type = 'ACCOUNT' AND v.value = ? "
        "LIMIT 1",
        (key,),
    )
    return found is not None


def follow_key(store: Store, key: str, new_key: str) -> None:
    """Book the worklogs of one key on another."""
    store.run(
        "UPDATE worklog_attributes SET value = ? WHERE value = ? "
        "AND key IN (SELECT key FROM work_attributes WHERE type = 'ACCOUNT')",
        (new_key, key),
    )


def remove(store: Store, account_id: int) -> None:
    """An account, with its links."""
    store.run("DELETE FROM accounts WHERE id = ?", (account_id,))


def _whole(row: Sequence[object]) -> AccountRow:
    own = len(Account._fields)
    lead, contact, *others = row[own:]
    category, customer = others[:4], others[4:]
    return AccountRow._make(
        (
            Account._make(row[:own]),
            lead,
            contact,
            tuple(category) if category[0] is not None else None,
            tuple(customer) if customer[0] is not None else None,
        )
    )
