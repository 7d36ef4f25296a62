"""Tokens in the database file of a world, for the command: the domain's functions, as behind ``/_mock/tokens``."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from mock_server.domain import api_tokens
from mock_server.domain.api_tokens import Issued
from mock_server.storage.people import Person
from mock_server.token_bean import token_bean
from mock_server.world_file import WorldFile

Bean = dict[str, Any]


class FileTokens:
    """The tokens of a world in a file. Every method raises the facts of the domain function it calls."""

    def __init__(self, world: WorldFile) -> None:
        self._world = world
        self._store = world.store

    def create(self, person: str, name: str, days: int | None, scopes: Sequence[str] | None) -> Bean:
        """A new token, with its text as ``token``; ``days`` None is thirty, ``scopes`` None is Full access."""
        return self._issue(
            "create_token", person, lambda owner, now: api_tokens.create(self._store, owner, name, days, scopes, now)
        )

    def list(self, person: str) -> list[Bean]:
        """Somebody's tokens, active and expired, without their text."""
        now = self._world.clock.now()
        with self._world.reading():
            owner = api_tokens.owner_named(self._store, person)
            return [token_bean(token, owner, now) for token in api_tokens.of_owner(self._store, owner.id)]

    def regenerate(self, person: str, token_id: int) -> Bean:
        """The token with another text, as ``token``."""
        return self._issue(
            "regenerate_token",
            person,
            lambda owner, now: api_tokens.regenerate(self._store, api_tokens.get(self._store, owner.id, token_id), now),
        )

    def delete(self, person: str, token_id: int) -> None:
        """Revoke a token."""
        with self._world.writing("delete_token"):
            owner = api_tokens.owner_named(self._store, person)
            api_tokens.remove(self._store, api_tokens.get(self._store, owner.id, token_id))

    def _issue(self, call: str, person: str, issue: Callable[[Person, datetime], Issued]) -> Bean:
        now = self._world.clock.now()
        with self._world.writing(call):
            owner = api_tokens.owner_named(self._store, person)
            issued = issue(owner, now)
        return {**token_bean(issued.token, owner, now), "token": issued.text}
