"""What was asked of the database last, for as long as database, configuration and day stay the same: pages are turned often."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import date
from pathlib import Path
from typing import Generic, TypeVar

from integration.settings import Settings

MOST = 4

Answer = TypeVar("Answer")


class AnswersKept(Generic[Answer]):
    """A few answers, which nobody changes. Several threads may ask."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def found(self, settings: Settings, today: date, what: Hashable, look: Callable[[], Answer]) -> Answer:
        """what: all that is asked for. look: asks for it where it is not kept; what it raises is not kept."""
        key = (_stamp(settings.path), _stamp(settings.state), _stamp(Path(f"{settings.state}-wal")), today, what)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        found = look()
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return found


def _stamp(path: Path) -> Hashable:
    """What changes when a file does. An empty one is none: SQLite's journal comes and goes with whoever looks."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return (found.st_ino, found.st_size, found.st_mtime_ns) if found.st_size else None
