"""Tokens at a running server, for the command: asked for over HTTP at ``/_mock/tokens``."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from mock_server.served_world import ServedWorld

Bean = dict[str, Any]
_TEXTS = ("person", "name", "access", "expiresAt", "status")


class ServerTokens:
    """The tokens of a world that is served. Every method raises what ``ServedWorld.ask`` does."""

    def __init__(self, world: ServedWorld) -> None:
        self._world = world

    def create(self, person: str, name: str, days: int | None, scopes: Sequence[str] | None) -> Bean:
        """A new token, with its text as ``token``; ``days`` None is thirty, ``scopes`` None is Full access."""
        return self._bean("POST", "tokens", {"person": person, "name": name, "days": days, "scopes": scopes})

    def list(self, person: str) -> list[Bean]:
        """Somebody's tokens, active and expired, without their text."""
        found = self._world.ask("GET", f"tokens?{urlencode({'person': person})}")
        if not (isinstance(found, list) and all(_is_bean(bean) for bean in found)):
            raise self._world.stranger()
        return found

    def regenerate(self, person: str, token_id: int) -> Bean:
        """The token with another text, as ``token``."""
        return self._bean("POST", f"tokens/{token_id}/regenerate", {"person": person})

    def delete(self, person: str, token_id: int) -> None:
        """Revoke a token."""
        if self._world.ask("DELETE", f"tokens/{token_id}?{urlencode({'person': person})}") != b"":
            raise self._world.stranger()

    def _bean(self, method: str, path: str, body: Bean) -> Bean:
        found = self._world.ask(method, path, body)
        text = found.get("token") if _is_bean(found) else None
        # The text is printed as it is, so that it can be used: what could move the cursor is no token.
        if not (isinstance(text, str) and text and text.isprintable()):
            raise self._world.stranger()
        made: Bean = found
        return made


def _is_bean(value: Any) -> bool:
    if not isinstance(value, dict) or type(value.get("id")) is not int:
        return False
    scopes = value.get("scopes")
    texts = [value.get(name) for name in _TEXTS]
    return isinstance(scopes, list) and all(isinstance(text, str) for text in [*texts, *scopes])
