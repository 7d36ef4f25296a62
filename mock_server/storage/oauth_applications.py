"""OAuth 2.0 applications: clients that act for whoever consents. Their secret is kept as its hash."""

from typing import NamedTuple

from mock_server.storage.store import Store

_COLUMNS = "id, person_id, name, client_id, client_type, redirect_uris, scopes, created_at"


class OAuthApplication(NamedTuple):
    """An application. ``person_id`` is who made it, None when nobody of the world did or they are gone.

    ``client_type`` is confidential or public, ``redirect_uris`` and ``scopes`` are joined by spaces, the time is ISO 8601
    in UTC.
    """

    id: int
    person_id: int | None
    name: str
    client_id: str
    client_type: str
    redirect_uris: str
    scopes: str
    created_at: str


def every(store: Store) -> list[OAuthApplication]:
    """All, by id."""
    return [OAuthApplication._make(row) for row in store.all(f"SELECT {_COLUMNS} FROM oauth_applications ORDER BY id")]


def count(store: Store) -> int:
    """How many there are."""
    found: int = store.value("SELECT count(*) FROM oauth_applications")
    return found


def newest(store: Store, offset: int, limit: int) -> list[OAuthApplication]:
    """A part of the list, the newest first."""
    sql = f"SELECT {_COLUMNS} FROM oauth_applications ORDER BY id DESC LIMIT ? OFFSET ?"
    return [OAuthApplication._make(row) for row in store.all(sql, (limit, offset))]


def get(store: Store, application_id: int) -> OAuthApplication | None:
    """By row id."""
    row = store.one(f"SELECT {_COLUMNS} FROM oauth_applications WHERE id = ?", (application_id,))
    return OAuthApplication._make(row) if row else None


def by_client_id(store: Store, client_id: str) -> OAuthApplication | None:
    """By the id that clients send."""
    row = store.one(f"SELECT {_COLUMNS} FROM oauth_applications WHERE client_id = ?", (client_id,))
    return OAuthApplication._make(row) if row else None


def secret_hash(store: Store, application_id: int) -> str | None:
    """The SHA-256 of an application's secret, in hex."""
    found: str | None = store.value("SELECT secret_hash FROM oauth_applications WHERE id = ?", (application_id,))
    return found


def add(store: Store, application: OAuthApplication, secret_hash: str) -> int:
    """A new application with these values; answers its id. The id in ``application`` does not count."""
    return store.insert(
        "INSERT INTO oauth_applications (person_id, name, client_id, client_type, redirect_uris, scopes, created_at, "
        "secret_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (*application[1:], secret_hash),
    )


def change(store: Store, application: OAuthApplication) -> None:
    """Put name, client type and redirect URIs in place of those that the application with this id has."""
    store.run(
        "UPDATE oauth_applications SET name = ?, client_type = ?, redirect_uris = ? WHERE id = ?",
        (application.name, application.client_type, application.redirect_uris, application.id),
    )


def change_secret(store: Store, application_id: int, secret_hash: str) -> None:
    """Put another secret in place of the present one."""
    store.run("UPDATE oauth_applications SET secret_hash = ? WHERE id = ?", (secret_hash, application_id))


def remove(store: Store, application_id: int) -> None:
    """One application, with all that was granted to it."""
    store.run("DELETE FROM oauth_applications WHERE id = ?", (application_id,))
