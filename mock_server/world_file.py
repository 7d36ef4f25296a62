"""The database file of a world, as the commands open it, whether a server runs on it or not."""

from datetime import datetime
from pathlib import Path

from mock_server.clock import Clock
from mock_server.errors import Unusable
from mock_server.moments import moment_text
from mock_server.seed import SCENARIO_KEY
from mock_server.storage import world
from mock_server.storage.opening import EXIT_DATABASE, on_disk
from mock_server.storage.store import Author


class WorldFile:
    """A world in a file: its ``store`` and its ``clock``.

    ``start`` is the world's time, as ``--clock`` of a server; None is the system's. Making one raises ``Unusable`` when the
    file holds no world.
    """

    def __init__(self, path: Path, start: datetime | None) -> None:
        try:
            holds_something = path.is_dir() or (path.exists() and path.stat().st_size > 0)
        except OSError as error:
            raise Unusable(f"The database {path} cannot be opened ({error}); name another with --db.", EXIT_DATABASE) from None
        nothing = Unusable(f"{path} holds no world; `tempo-mock serve --db {path}` makes one.", EXIT_DATABASE)
        if not holds_something:
            raise nothing
        self.store = on_disk(path)
        self.clock = Clock(start)
        if world.get(self.store, SCENARIO_KEY) is None:
            self.close()
            raise nothing

    def close(self) -> None:
        """Finish writing and let go of the file."""
        self.store.close()

    def author(self, call: str) -> Author:
        """Who the audit trail has for what a command writes now."""
        return Author("command", "command", call, moment_text(self.clock.now()))
