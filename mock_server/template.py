"""What the world of a site begins as: one that is only read until somebody needs a copy, or one of an earlier moment."""

import threading
from typing import NamedTuple

from mock_server.clock import ClockState
from mock_server.storage.opening import in_memory, watch
from mock_server.storage.store import Store


class Template:
    """A seeded world that many sites read and none writes to."""

    def __init__(self, store: Store) -> None:
        store.forbid_writes()
        self.store = store
        self._lock = threading.Lock()
        self._bytes: bytes | None = None

    def copy(self) -> Store:
        """A world of one's own that begins as this one."""
        with self._lock:
            if self._bytes is None:
                # Only now somebody writes, so only now the triggers of the audit trail are needed.
                self._bytes = watch(in_memory(self.store.serialize())).serialize()
        return in_memory(self._bytes)


class Snapshot(NamedTuple):
    """A site at a moment. ``data`` is None when it had not been written to yet and still read its template."""

    data: bytes | None
    template: Template | None
    settings: dict[str, str]
    clock: ClockState
