"""Tokens of Tempo Cloud: whose they are, what they may do and until when. The text of a token is kept as its hash."""

from typing import NamedTuple

from mock_server.storage.store import Store

_COLUMNS = "id, person_id, name, access, scopes, days, created_at, expires_at"


class ApiToken(NamedTuple):
    """A token. ``access`` is full or custom, ``scopes`` are joined by spaces, times are ISO 8601 in UTC."""

    id: int
    person_id: int
    name: str
    access: str
    scopes: str
    days: int
    created_at: str
    expires_at: str


def by_hash(store: Store, token_hash: str) -> ApiToken | None:
    """By the SHA-256 of its text."""
    row = store.one(f"SELECT {_COLUMNS} FROM api_tokens WHERE token_hash = ?", (token_hash,))
    return ApiToken._make(row) if row else None


def get(store: Store, token_id: int) -> ApiToken | None:
    """By id."""
    row = store.one(f"SELECT {_COLUMNS} FROM api_tokens WHERE id = ?", (token_id,))
    return ApiToken._make(row) if row else None


def of_person(store: Store, person_id: int) -> list[ApiToken]:
    """Somebody's tokens, expired ones too, by id."""
    rows = store.all(f"SELECT {_COLUMNS} FROM api_tokens WHERE person_id = ? ORDER BY id", (person_id,))
    return [ApiToken._make(row) for row in rows]


def hashes(store: Store) -> frozenset[str]:
    """The SHA-256 of every token's text."""
    return frozenset(row[0] for row in store.all("SELECT token_hash FROM api_tokens"))


def add(store: Store, token: ApiToken, token_hash: str) -> int:
    """A new token with these values; answers its id. The id in ``token`` does not count."""
    return store.insert(
        "INSERT INTO api_tokens (person_id, name, access, scopes, days, created_at, expires_at, token_hash) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (*token[1:], token_hash),
    )


def rename(store: Store, token_id: int, name: str) -> None:
    """Give a token another name."""
    store.run("UPDATE api_tokens SET name = ? WHERE id = ?", (name, token_id))


def renew(store: Store, token_id: int, token_hash: str, expires_at: str) -> None:
    """Put another text and another end in place of the present ones."""
    store.run("UPDATE api_tokens SET token_hash = ?, expires_at = ? WHERE id = ?", (token_hash, expires_at, token_id))


def limit(store: Store, token_id: int, scopes: str) -> None:
    """Put these scopes, joined by spaces, in place of the present ones."""
    store.run("UPDATE api_tokens SET access = 'custom', scopes = ? WHERE id = ?", (scopes, token_id))


def remove(store: Store, token_id: int) -> None:
    """One token."""
    store.run("DELETE FROM api_tokens WHERE id = ?", (token_id,))
