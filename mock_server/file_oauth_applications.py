"""OAuth applications in the database file of a world, for the command: the domain's functions, as behind the control route."""

from collections.abc import Sequence
from typing import Any

from mock_server.domain import api_tokens, oauth_applications
from mock_server.domain.logins import actor_of
from mock_server.oauth_application_bean import oauth_application_bean, told_once
from mock_server.storage import oauth_applications as application_rows
from mock_server.world_file import WorldFile

Bean = dict[str, Any]


class FileOAuthApplications:
    """The OAuth applications of a world in a file. Every method raises the facts of the domain function it calls."""

    def __init__(self, world: WorldFile) -> None:
        self._world = world
        self._store = world.store

    def create(
        self, person: str, name: str, redirect_uris: Sequence[str], client_type: str, scopes: Sequence[str] | None
    ) -> Bean:
        """A new application, with its secret as ``clientSecret``; ``scopes`` None are all there are."""
        now = self._world.clock.now()
        with self._world.writing("create_oauth_application"):
            administrator = actor_of(self._store, api_tokens.owner_named(self._store, person))
            made = oauth_applications.create(
                self._store, administrator, name, redirect_uris, now, client_type=client_type, scopes=scopes
            )
        return told_once(made)

    def list(self) -> list[Bean]:
        """All, by id, without their secrets."""
        with self._world.reading():
            return [oauth_application_bean(application) for application in application_rows.every(self._store)]

    def delete(self, application_id: int) -> None:
        """Delete one, with every token it was given."""
        with self._world.writing("delete_oauth_application"):
            oauth_applications.remove(self._store, application_id)
