"""API tokens of Jira Cloud: whose they are. The text of a token is kept as its hash."""

from mock_server.storage.store import Store


def owner_id(store: Store, token_hash: str) -> int | None:
    """Row id of the person who has the token with this SHA-256, or None."""
    found: int | None = store.value("SELECT person_id FROM jira_api_tokens WHERE token_hash = ?", (token_hash,))
    return found


def remove(store: Store, token_hash: str) -> bool:
    """Remove the token with this SHA-256; answers whether there was one."""
    return store.run("DELETE FROM jira_api_tokens WHERE token_hash = ?", (token_hash,)) > 0


def password_hashes(store: Store, email: str) -> list[str]:
    """The password hashes of active people with this e-mail address, in any case."""
    rows = store.all(
        "SELECT password_hash FROM people WHERE email = ? COLLATE NOCASE AND active AND password_hash IS NOT NULL", (email,)
    )
    return [row[0] for row in rows]
