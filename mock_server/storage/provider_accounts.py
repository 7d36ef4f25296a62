"""Accounts at providers: what people are outside of Jira. Found by folded e-mail address, login and name."""

import json
from collections.abc import Iterable
from typing import NamedTuple

from mock_server.storage.store import Store


class Account(NamedTuple):
    """An account. ``is_email_hidden`` and ``is_accessible`` are 0 or 1; the latter tells whether the app may read it."""

    id: int
    provider: str
    login: str
    display_name: str
    email: str
    is_email_hidden: int
    is_accessible: int


class Folded(NamedTuple):
    """The same texts in the form in which they are compared."""

    login: str
    name: str
    email: str


_COLUMNS = ", ".join(Account._fields)
_HOLDS = "(?2 = '' OR instr(login_folded, ?2) OR instr(name_folded, ?2) OR instr(email_folded, ?2))"


def add(store: Store, account: Account, folded: Folded) -> int:
    """A new account; answers its id. The id in ``account`` does not count. Raises ``ConflictingRows`` for a login in use."""
    return store.insert(
        "INSERT INTO provider_accounts (provider, login, display_name, email, is_email_hidden, is_accessible, login_folded, "
        "name_folded, email_folded) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*account[1:], *folded),
    )


def update(store: Store, account: Account, folded: Folded) -> None:
    """The account with this id has these values. Raises ``ConflictingRows`` for a login in use."""
    store.run(
        "UPDATE provider_accounts SET login = ?, display_name = ?, email = ?, is_email_hidden = ?, is_accessible = ?, "
        "login_folded = ?, name_folded = ?, email_folded = ? WHERE id = ?",
        (*account[2:], *folded, account.id),
    )


def remove(store: Store, account_id: int) -> None:
    """An account is there no more, with what it has and whoever is connected to it."""
    store.run("DELETE FROM provider_accounts WHERE id = ?", (account_id,))


def get(store: Store, account_id: int) -> Account | None:
    """By row id."""
    row = store.one(f"SELECT {_COLUMNS} FROM provider_accounts WHERE id = ?", (account_id,))
    return Account._make(row) if row else None


def by_login(store: Store, provider: str, folded_login: str) -> Account | None:
    """By folded login."""
    row = store.one(
        f"SELECT {_COLUMNS} FROM provider_accounts WHERE provider = ? AND login_folded = ?", (provider, folded_login)
    )
    return Account._make(row) if row else None


def near(store: Store, provider: str, folded: Folded) -> list[Account]:
    """Those that share the folded e-mail address, login or name, by id."""
    # Three searches by index; one condition with OR reads them all.
    rows = store.all(
        f"SELECT {_COLUMNS} FROM provider_accounts WHERE provider = ?1 AND email_folded = ?4 "
        f"UNION SELECT {_COLUMNS} FROM provider_accounts WHERE provider = ?1 AND login_folded = ?2 "
        f"UNION SELECT {_COLUMNS} FROM provider_accounts WHERE provider = ?1 AND name_folded = ?3 ORDER BY id",
        (provider, *folded),
    )
    return [Account._make(row) for row in rows]


def logins(store: Store, account_ids: Iterable[int]) -> dict[int, str]:
    """Id -> login."""
    ids = json.dumps(list(account_ids))
    return dict(store.all("SELECT id, login FROM provider_accounts WHERE id IN (SELECT value FROM json_each(?))", (ids,)))


def page(store: Store, provider: str, offset: int, limit: int, search: str = "") -> list[Account]:
    """Accounts of a provider by login; ``search`` is a folded text that login, name or e-mail address hold."""
    rows = store.all(
        f"SELECT {_COLUMNS} FROM provider_accounts WHERE provider = ?1 AND {_HOLDS} ORDER BY login_folded LIMIT ?3 OFFSET ?4",
        (provider, search, limit, offset),
    )
    return [Account._make(row) for row in rows]


def count(store: Store, provider: str, search: str = "") -> int:
    """How many of them there are."""
    number: int = store.value(f"SELECT count(*) FROM provider_accounts WHERE provider = ?1 AND {_HOLDS}", (provider, search))
    return number
