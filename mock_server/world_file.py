"""The database file of a world, as the commands open it, whether a server runs on it or not."""

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from mock_server.clock import Clock
from mock_server.errors import Unusable
from mock_server.moments import moment_text
from mock_server.seed import SCENARIO_KEY
from mock_server.storage import world
from mock_server.storage.opening import EXIT_DATABASE, as_it_is, refusing
from mock_server.storage.store import Author


class WorldFile:
    """A world in a file: its ``store`` and its ``clock``.

    ``start`` is the world's time, as ``--clock`` of a server; None is the system's. ``read_only`` is enough for listing.
    Making one raises ``Unusable`` when the file holds no world, or one of another format.
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
        self.store = as_it_is(path, read_only=read_only)
        self.clock = Clock(start)
        with refusing(path, "read"):
            holds_world = world.get(self.store, SCENARIO_KEY) is not None
        if not holds_world:
            self.close()
            raise nothing

    def close(self) -> None:
        """Finish writing and let go of the file."""
        self.store.close()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Hold the world for a look at it. Raises ``Unusable`` when the file cannot be read."""
        with refusing(self._path, "read"), self.store.reading():
            yield

    @contextmanager
    def writing(self, call: str) -> Iterator[None]:
        """Hold the world for a change by a command of this name. Raises ``Unusable`` when the file cannot be written."""
        author = Author("command", "command", call, moment_text(self.clock.now()))
        with refusing(self._path), self.store.transaction(author):
            yield
