"""Tokens in the database file of a world, for the command: the domain's functions, as behind ``/_mock/tokens``."""

import shlex
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from mock_server.clock import Clock
from mock_server.domain import api_tokens
from mock_server.domain.api_tokens import Issued
from mock_server.errors import Unusable
from mock_server.moments import moment_text
from mock_server.seed import SCENARIO_KEY
from mock_server.storage import world
from mock_server.storage.opening import EXIT_DATABASE, as_it_is, refusing
from mock_server.storage.people import Person
from mock_server.storage.store import Author
from mock_server.token_bean import token_bean

Bean = dict[str, Any]


class FileTokens:
    """The tokens of a world in a file, whether a server runs on it or not.

    ``start`` is the world's time, as ``--clock`` of a server; None is the system's. ``read_only`` is enough for ``list``.
    Every method raises the facts of the domain function it calls, and ``Unusable`` when the file cannot be written;
    making one raises ``Unusable`` when the file holds no world, or one of another format.
    """

    def __init__(self, path: Path, start: datetime | None, *, read_only: bool = False) -> None:
        try:
            holds_something = path.is_dir() or (path.exists() and path.stat().st_size > 0)
        except OSError as error:
            raise Unusable(f"The database {path} cannot be opened ({error}); name another with --db.", EXIT_DATABASE) from None
        nothing = Unusable(f"{path} holds no world; `tempo-mock serve --db {shlex.quote(str(path))}` makes one.", EXIT_DATABASE)
        if not holds_something:
            raise nothing
        self._path = path
        self._store = as_it_is(path, read_only=read_only)
        self._clock = Clock(start)
        with refusing(path, "read"):
            holds_world = world.get(self._store, SCENARIO_KEY) is not None
        if not holds_world:
            self.close()
            raise nothing

    def close(self) -> None:
        """Finish writing and let go of the file."""
        self._store.close()

    def create(self, person: str, name: str, days: int | None, scopes: Sequence[str] | None) -> Bean:
        """A new token, with its text as ``token``; ``days`` None is thirty, ``scopes`` None is Full access."""
        return self._issue(
            "create_token", person, lambda owner, now: api_tokens.create(self._store, owner, name, days, scopes, now)
        )

    def list(self, person: str) -> list[Bean]:
        """Somebody's tokens, active and expired, without their text."""
        with refusing(self._path, "read"), self._store.reading():
            owner = api_tokens.owner_named(self._store, person)
            return [token_bean(token, owner, self._clock.now()) for token in api_tokens.of_owner(self._store, owner.id)]

    def regenerate(self, person: str, token_id: int) -> Bean:
        """The token with another text, as ``token``."""
        return self._issue(
            "regenerate_token",
            person,
            lambda owner, now: api_tokens.regenerate(self._store, api_tokens.get(self._store, owner.id, token_id), now),
        )

    def delete(self, person: str, token_id: int) -> None:
        """Revoke a token."""
        with refusing(self._path), self._store.transaction(_author("delete_token", self._clock.now())):
            owner = api_tokens.owner_named(self._store, person)
            api_tokens.remove(self._store, api_tokens.get(self._store, owner.id, token_id))

    def _issue(self, call: str, person: str, issue: Callable[[Person, datetime], Issued]) -> Bean:
        now = self._clock.now()
        with refusing(self._path), self._store.transaction(_author(call, now)):
            owner = api_tokens.owner_named(self._store, person)
            issued = issue(owner, now)
        return {**token_bean(issued.token, owner, now), "token": issued.text}


def _author(call: str, now: datetime) -> Author:
    return Author("command", "command", call, moment_text(now))
