"""People: one row each, with their Jira name and key and their Atlassian accountId."""

import json
from collections.abc import Iterable
from typing import NamedTuple

from mock_server.storage.patterns import literal
from mock_server.storage.store import Store

_COLUMNS = "id, name, key, account_id, email, display_name, active, time_zone, locale, avatar_id"
JOINED = ", ".join(f"p.{column}" for column in _COLUMNS.split(", "))
"""The columns of ``Person``, for queries that join people as ``p``."""


class Person(NamedTuple):
    """A person. ``active`` is 0 or 1; ``time_zone`` an IANA name."""

    id: int
    name: str
    key: str
    account_id: str
    email: str
    display_name: str
    active: int
    time_zone: str
    locale: str
    avatar_id: int


class Login(NamedTuple):
    """What decides whether somebody may come in: the person and the stored password hash."""

    person: Person
    password_hash: str | None


def get(store: Store, person_id: int) -> Person | None:
    """By row id."""
    row = store.one(f"SELECT {_COLUMNS} FROM people WHERE id = ?", (person_id,))
    return Person._make(row) if row else None


def by_name(store: Store, name: str) -> Person | None:
    """By login name, in any case, as Jira compares them."""
    row = store.one(f"SELECT {_COLUMNS} FROM people WHERE name = ?", (name,))
    return Person._make(row) if row else None


def by_key(store: Store, key: str) -> Person | None:
    """By Jira user key."""
    row = store.one(f"SELECT {_COLUMNS} FROM people WHERE key = ?", (key,))
    return Person._make(row) if row else None


def by_keys(store: Store, keys: Iterable[str]) -> dict[str, Person]:
    """Jira user key -> person, of those there are."""
    found = store.all(f"SELECT {_COLUMNS} FROM people WHERE key IN (SELECT value FROM json_each(?))", (json.dumps(list(keys)),))
    return {person.key: person for person in map(Person._make, found)}


def display_names(store: Store, person_ids: Iterable[int]) -> dict[int, str]:
    """Row id -> display name."""
    rows = store.all(
        "SELECT id, display_name FROM people WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(person_ids)),)
    )
    return {row[0]: row[1] for row in rows}


def by_account_id(store: Store, account_id: str) -> Person | None:
    """By Atlassian accountId."""
    row = store.one(f"SELECT {_COLUMNS} FROM people WHERE account_id = ?", (account_id,))
    return Person._make(row) if row else None


def account_ids(store: Store, person_ids: Iterable[int]) -> dict[int, str]:
    """Row id -> accountId."""
    rows = store.all(
        "SELECT id, account_id FROM people WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(person_ids)),)
    )
    return {row[0]: row[1] for row in rows}


def with_accounts(store: Store, account_ids: Iterable[str]) -> list[Person]:
    """The people who have these accountIds, each once, by display name; ids that nobody has are passed over."""
    rows = store.all(
        f"SELECT {_COLUMNS} FROM people WHERE account_id IN (SELECT value FROM json_each(?)) ORDER BY display_name, id",
        (json.dumps(list(account_ids)),),
    )
    return [Person._make(row) for row in rows]


def ids_of_accounts(store: Store, account_ids: Iterable[str]) -> list[int]:
    """Row ids of those accountIds that somebody has."""
    rows = store.all(
        "SELECT id FROM people WHERE account_id IN (SELECT value FROM json_each(?))", (json.dumps(list(account_ids)),)
    )
    return [row[0] for row in rows]


def first_of(store: Store, person_ids: Iterable[int], limit: int) -> list[Person]:
    """The first of these people, by display name."""
    rows = store.all(
        f"SELECT {_COLUMNS} FROM people WHERE id IN (SELECT value FROM json_each(?)) ORDER BY display_name, id LIMIT ?",
        (json.dumps(list(person_ids)), limit),
    )
    return [Person._make(row) for row in rows]


def every(store: Store) -> list[Person]:
    """Everybody, by name."""
    return [Person._make(row) for row in store.all(f"SELECT {_COLUMNS} FROM people ORDER BY name")]


def named_by_ids(store: Store, person_ids: Iterable[int]) -> list[Person]:
    """The people with these row ids, by display name."""
    rows = store.all(
        f"SELECT {_COLUMNS} FROM people WHERE id IN (SELECT value FROM json_each(?)) ORDER BY display_name COLLATE NOCASE, id",
        (json.dumps(list(person_ids)),),
    )
    return [Person._make(row) for row in rows]


def by_avatar(store: Store, avatar_id: int) -> Person | None:
    """The first person with this picture."""
    row = store.one(f"SELECT {_COLUMNS} FROM people WHERE avatar_id = ? ORDER BY id LIMIT 1", (avatar_id,))
    return Person._make(row) if row else None


def login_by_name(store: Store, name: str) -> Login | None:
    """The person and their password hash, by login name."""
    row = store.one(f"SELECT {_COLUMNS}, password_hash FROM people WHERE name = ?", (name,))
    return Login(Person._make(row[:-1]), row[-1]) if row else None


def login(store: Store, person_id: int) -> Login | None:
    """The person and their password hash, by row id."""
    row = store.one(f"SELECT {_COLUMNS}, password_hash FROM people WHERE id = ?", (person_id,))
    return Login(Person._make(row[:-1]), row[-1]) if row else None


def by_token_hash(store: Store, token_hash: str, now: str) -> Person | None:
    """The owner of a personal access token that has not expired at ``now`` (ISO 8601, UTC)."""
    row = store.one(
        "SELECT person_id FROM personal_access_tokens WHERE token_hash = ? AND (expires_at IS NULL OR expires_at > ?)",
        (token_hash, now),
    )
    return get(store, row[0]) if row else None


def expire_token(store: Store, token_hash: str, at: str) -> bool:
    """End a personal access token at a moment (ISO 8601, UTC); answers whether one would have lasted longer."""
    changed = store.run(
        "UPDATE personal_access_tokens SET expires_at = ?2 WHERE token_hash = ?1 AND (expires_at IS NULL OR expires_at > ?2)",
        (token_hash, at),
    )
    return changed > 0


def search(store: Store, text: str, kinds: tuple[int, ...], offset: int, limit: int) -> list[Person]:
    """People whose name, display name or e-mail starts with or has a word starting with the text.

    ``kinds`` holds the values of ``active`` that are wanted. Ordered by name.
    """
    marks = ", ".join("?" * len(kinds))
    pattern = literal(text)
    if pattern is None:
        return []
    return [
        Person._make(row)
        for row in store.all(
            f"SELECT {_COLUMNS} FROM people WHERE active IN ({marks}) AND (name LIKE ? ESCAPE '\\' OR email LIKE ? ESCAPE '\\' "
            "OR display_name LIKE ? ESCAPE '\\' OR display_name LIKE ? ESCAPE '\\') ORDER BY name LIMIT ? OFFSET ?",
            (*kinds, f"{pattern}%", f"{pattern}%", f"{pattern}%", f"% {pattern}%", limit, offset),
        )
    ]


def global_permissions(store: Store, person_id: int) -> frozenset[str]:
    """The global permissions that the person's groups hold."""
    rows = store.all(
        "SELECT p.permission FROM group_members m JOIN global_permissions p ON p.group_id = m.group_id WHERE m.person_id = ?",
        (person_id,),
    )
    return frozenset(row[0] for row in rows)


def page_by_account_id(store: Store, offset: int, limit: int) -> list[Person]:
    """Everybody, the deactivated too, by accountId."""
    rows = store.all(f"SELECT {_COLUMNS} FROM people ORDER BY account_id LIMIT ? OFFSET ?", (limit, offset))
    return [Person._make(row) for row in rows]


def count_before(store: Store, account_id: str) -> int:
    """How many people have a lower accountId."""
    number: int = store.value("SELECT count(*) FROM people WHERE account_id < ?", (account_id,))
    return number


def search_by_name(store: Store, text: str, email_of: int | None, offset: int, limit: int) -> list[Person]:
    """Active people with a word of their display name beginning so, by display name.

    An e-mail address counts only for the person ``email_of``, or for everybody when that is None.
    """
    pattern = literal(text)
    if pattern is None:
        return []
    rows = store.all(
        f"SELECT {_COLUMNS} FROM people WHERE active AND (display_name LIKE ? ESCAPE '\\' OR display_name LIKE ? ESCAPE '\\' "
        "OR (email LIKE ? ESCAPE '\\' AND (?4 IS NULL OR id = ?4))) ORDER BY display_name, id LIMIT ? OFFSET ?",
        (f"{pattern}%", f"% {pattern}%", f"{pattern}%", email_of, limit, offset),
    )
    return [Person._make(row) for row in rows]
