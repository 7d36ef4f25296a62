"""A token of Tempo Cloud as it is told: by the route ``/_mock/tokens`` and by the command, in the same words."""

from datetime import datetime
from typing import Any

from mock_server.domain.api_tokens import is_expired
from mock_server.storage.api_tokens import ApiToken
from mock_server.storage.people import Person


def token_bean(token: ApiToken, owner: Person, now: datetime) -> dict[str, Any]:
    """What a token is, without its text. ``now`` is the world's time, by which it is active or expired."""
    return {
        "id": token.id,
        "person": owner.name,
        "name": token.name,
        "access": token.access,
        "scopes": token.scopes.split(),
        "createdAt": token.created_at,
        "expiresAt": token.expires_at,
        "status": "expired" if is_expired(token, now) else "active",
    }
