"""Who is connected to which app, by the organisation or by themselves, and whose last attempt failed."""

import json
from collections.abc import Iterable
from typing import NamedTuple

from mock_server.storage.store import Store


class Connection(NamedTuple):
    """A person's account at a provider. ``is_own`` is 1 when they connected it themselves; the time is ISO 8601 in UTC."""

    person_id: int
    provider: str
    account_id: int
    is_own: int
    connected_at: str


class Failure(NamedTuple):
    """The last attempt to connect a person, which failed. ``account_id`` is the account it was about, where one was found."""

    person_id: int
    provider: str
    kind: str
    text: str
    account_id: int | None
    failed_at: str


_CONNECTION = ", ".join(Connection._fields)
_FAILURE = ", ".join(Failure._fields)
_AMONG = "person_id IN (SELECT value FROM json_each(?))"


def of_people(store: Store, person_ids: Iterable[int]) -> list[Connection]:
    """The connections of these people, by person and provider."""
    ids = json.dumps(list(person_ids))
    rows = store.all(f"SELECT {_CONNECTION} FROM app_connections WHERE {_AMONG} ORDER BY person_id, provider", (ids,))
    return [Connection._make(row) for row in rows]


def failures_of_people(store: Store, person_ids: Iterable[int]) -> list[Failure]:
    """The failures of these people, by person and provider."""
    ids = json.dumps(list(person_ids))
    rows = store.all(f"SELECT {_FAILURE} FROM app_failures WHERE {_AMONG} ORDER BY person_id, provider", (ids,))
    return [Failure._make(row) for row in rows]


def of_provider(store: Store, provider: str) -> list[Connection]:
    """Everybody connected to a provider, by person."""
    rows = store.all(f"SELECT {_CONNECTION} FROM app_connections WHERE provider = ? ORDER BY person_id", (provider,))
    return [Connection._make(row) for row in rows]


def failures_of_provider(store: Store, provider: str) -> list[Failure]:
    """Everybody whose last attempt at a provider failed, by person."""
    rows = store.all(f"SELECT {_FAILURE} FROM app_failures WHERE provider = ? ORDER BY person_id", (provider,))
    return [Failure._make(row) for row in rows]


def get(store: Store, person_id: int, provider: str) -> Connection | None:
    """One person's connection to a provider."""
    row = store.one(f"SELECT {_CONNECTION} FROM app_connections WHERE person_id = ? AND provider = ?", (person_id, provider))
    return Connection._make(row) if row else None


def of_account(store: Store, account_id: int) -> Connection | None:
    """Whoever is connected to an account."""
    row = store.one(f"SELECT {_CONNECTION} FROM app_connections WHERE account_id = ?", (account_id,))
    return Connection._make(row) if row else None


def counts(store: Store, provider: str) -> tuple[int, int, int]:
    """How many people are connected to a provider, how many of them by themselves, and how many failed."""
    row = store.one("SELECT count(*), coalesce(sum(is_own), 0) FROM app_connections WHERE provider = ?", (provider,)) or (0, 0)
    failed: int = store.value("SELECT count(*) FROM app_failures WHERE provider = ?", (provider,))
    return row[0], row[1], failed


def add(store: Store, connection: Connection) -> None:
    """Connect somebody who is not; their failure is over with that."""
    store.run(f"INSERT INTO app_connections ({_CONNECTION}) VALUES (?, ?, ?, ?, ?)", connection)
    forget_failure(store, connection.person_id, connection.provider)


def remove(store: Store, person_id: int, provider: str) -> bool:
    """End one connection, with what was gathered by it; answers whether there was one."""
    return store.run("DELETE FROM app_connections WHERE person_id = ? AND provider = ?", (person_id, provider)) > 0


def remove_all(store: Store, provider: str) -> int:
    """End every connection and forget every failure of a provider; answers how many were connected."""
    store.run("DELETE FROM app_failures WHERE provider = ?", (provider,))
    return store.run("DELETE FROM app_connections WHERE provider = ?", (provider,))


def put_failure(store: Store, failure: Failure) -> None:
    """Remember the last attempt of a person at a provider as failed, in the place of the one before."""
    store.run(
        f"INSERT INTO app_failures ({_FAILURE}) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (person_id, provider) DO UPDATE SET "
        "kind = excluded.kind, text = excluded.text, account_id = excluded.account_id, failed_at = excluded.failed_at",
        failure,
    )


def forget_failure(store: Store, person_id: int, provider: str) -> None:
    """Nothing failed, or it does not count any more."""
    store.run("DELETE FROM app_failures WHERE person_id = ? AND provider = ?", (person_id, provider))
