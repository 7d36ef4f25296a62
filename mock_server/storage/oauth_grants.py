"""What people granted to OAuth 2.0 applications. Codes and tokens are kept as SHA-256 of their texts, in hex."""

from typing import NamedTuple

from mock_server.storage.store import Store

_COLUMNS = (
    "id, application_id, person_id, redirect_uri, scopes, created_at, code_expires_at, redeemed_at, access_scopes, "
    "access_expires_at"
)


class OAuthGrant(NamedTuple):
    """A consent and what became of it. Scopes are joined by spaces, times are ISO 8601 in UTC.

    ``redeemed_at`` is None until the code is exchanged; the last two are None while there is no access token.
    """

    id: int
    application_id: int
    person_id: int
    redirect_uri: str
    scopes: str
    created_at: str
    code_expires_at: str
    redeemed_at: str | None
    access_scopes: str | None
    access_expires_at: str | None


def _by(store: Store, column: str, value: str) -> OAuthGrant | None:
    row = store.one(f"SELECT {_COLUMNS} FROM oauth_grants WHERE {column} = ?", (value,))
    return OAuthGrant._make(row) if row else None


def by_code(store: Store, code_hash: str) -> OAuthGrant | None:
    """The grant of a code, be it used or over."""
    return _by(store, "code_hash", code_hash)


def by_refresh_token(store: Store, refresh_hash: str) -> OAuthGrant | None:
    """The grant whose present refresh token this is."""
    return _by(store, "refresh_hash", refresh_hash)


def by_access_token(store: Store, access_hash: str) -> OAuthGrant | None:
    """The grant whose present access token this is, be it expired."""
    return _by(store, "access_hash", access_hash)


def add(store: Store, application_id: int, person_id: int, redirect_uri: str, scopes: str, code: tuple[str, str, str]) -> int:
    """A new grant; ``code`` is the hash of its code, the time it is made, and the time until which it is good."""
    return store.insert(
        "INSERT INTO oauth_grants (application_id, person_id, redirect_uri, scopes, code_hash, created_at, code_expires_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (application_id, person_id, redirect_uri, scopes, *code),
    )


def remove_unused(store: Store, now: str) -> None:
    """Forget the grants whose code nobody exchanged in time."""
    store.run("DELETE FROM oauth_grants WHERE redeemed_at IS NULL AND code_expires_at <= ?", (now,))


def redeem(store: Store, grant_id: int, now: str) -> None:
    """The code is used from now on."""
    store.run("UPDATE oauth_grants SET redeemed_at = ? WHERE id = ?", (now, grant_id))


def renew(store: Store, grant_id: int, refresh_hash: str, access_hash: str, access_scopes: str, expires_at: str) -> None:
    """Put another pair of tokens in place of the present one, if there is one."""
    store.run(
        "UPDATE oauth_grants SET refresh_hash = ?, access_hash = ?, access_scopes = ?, access_expires_at = ? WHERE id = ?",
        (refresh_hash, access_hash, access_scopes, expires_at, grant_id),
    )


def limit_access(store: Store, grant_id: int, scopes: str) -> None:
    """Put these scopes, joined by spaces, in place of those of the access token."""
    store.run("UPDATE oauth_grants SET access_scopes = ? WHERE id = ?", (scopes, grant_id))


def expire_access(store: Store, grant_id: int, at: str) -> None:
    """Let the access token end at another time."""
    store.run("UPDATE oauth_grants SET access_expires_at = ? WHERE id = ?", (at, grant_id))


def remove_access(store: Store, grant_id: int) -> None:
    """Forget the access token; the refresh token stays."""
    store.run(
        "UPDATE oauth_grants SET access_hash = NULL, access_scopes = NULL, access_expires_at = NULL WHERE id = ?", (grant_id,)
    )


def remove(store: Store, grant_id: int) -> None:
    """A grant with all its tokens."""
    store.run("DELETE FROM oauth_grants WHERE id = ?", (grant_id,))
