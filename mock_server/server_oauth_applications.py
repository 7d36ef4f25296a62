"""OAuth applications at a running server, for the command: asked for over HTTP at ``/_mock/oauth-applications``."""

from collections.abc import Sequence
from typing import Any

from mock_server.served_world import ServedWorld

Bean = dict[str, Any]
_TEXTS = ("name", "clientId", "clientType", "createdAt")


class ServerOAuthApplications:
    """The OAuth applications of a world that is served. Every method raises what ``ServedWorld.ask`` does."""

    def __init__(self, world: ServedWorld) -> None:
        self._world = world

    def create(
        self, person: str, name: str, redirect_uris: Sequence[str], client_type: str, scopes: Sequence[str] | None
    ) -> Bean:
        """A new application, with its secret as ``clientSecret``; ``scopes`` None are all there are."""
        body = {
            "person": person, "name": name, "redirectUris": list(redirect_uris), "clientType": client_type, "scopes": scopes,
        }  # fmt: skip
        found = self._world.ask("POST", "oauth-applications", body)
        # Both are printed as they are, so that they can be used: what could move the cursor is none of ours.
        if not _is_bean(found) or not all(_is_printed(found.get(name)) for name in ("clientId", "clientSecret")):
            raise self._world.stranger()
        made: Bean = found
        return made

    def list(self) -> list[Bean]:
        """All, by id, without their secrets."""
        found = self._world.ask("GET", "oauth-applications")
        if not (isinstance(found, list) and all(_is_bean(bean) for bean in found)):
            raise self._world.stranger()
        return found

    def delete(self, application_id: int) -> None:
        """Delete one, with every token it was given."""
        if self._world.ask("DELETE", f"oauth-applications/{application_id}") != b"":
            raise self._world.stranger()


def _is_printed(value: object) -> bool:
    return isinstance(value, str) and value != "" and value.isprintable()


def _is_bean(value: Any) -> bool:
    if not isinstance(value, dict) or type(value.get("id")) is not int:
        return False
    uris, scopes = value.get("redirectUris"), value.get("scopes")
    if not (isinstance(uris, list) and isinstance(scopes, list)):
        return False
    return all(isinstance(text, str) for text in [*(value.get(name) for name in _TEXTS), *uris, *scopes])
