"""One run in a thread of its own, watched from elsewhere: how far it is, what it said, and what came of it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from integration.exits import Exit
from integration.run import Console

FAILED = "the program made a mistake; what it is stands where tempo-sync serve was started, and what was written is whole"


class Ended(NamedTuple):
    """What came of a run. lines: for people, the loudest first. error: why nothing came of it, None where something did."""

    exit: Exit
    lines: tuple[str, ...]
    error: str | None = None


class State(NamedTuple):
    """A run as it stands. begun: UTC, ISO 8601. label, done: what it is at, and how far. ended: None while it is on."""

    begun: str
    label: str
    done: int
    said: tuple[str, ...]
    ended: Ended | None


class Background:
    """Never more than one run at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state: State | None = None
        self._thread: threading.Thread | None = None

    @property
    def state(self) -> State | None:
        """The last run, None before the first."""
        return self._state

    def start(self, work: Callable[[Console], Ended], now: datetime) -> bool:
        """Begin a run, unless one is on. work: says how far it is; an exception of it is taken as a mistake of the program."""
        with self._lock:
            if self._state is not None and self._state.ended is None:
                return False
            self._state = State(now.isoformat(timespec="seconds"), "beginning", 0, (), None)
            self._thread = threading.Thread(target=self._run, args=(work,), name="worklogs", daemon=True)
            self._thread.start()
        return True

    def wait(self, seconds: float) -> None:
        """Until the run is over, but no longer than this."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self, work: Callable[[Console], Ended]) -> None:
        try:
            ended = work(_Watcher(self._change))
        except Exception as error:
            logging.getLogger("tempo-sync").error("a run that a page began", exc_info=error)
            ended = Ended(Exit.UNREADABLE, (), FAILED)
        self._change(lambda state: state._replace(ended=ended))

    def _change(self, change: Callable[[State], State]) -> None:
        with self._lock:
            if self._state is not None:
                self._state = change(self._state)


class _Watcher:
    """A console whose lines and bars are kept."""

    def __init__(self, change: Callable[[Callable[[State], State]], None]) -> None:
        self._change = change

    @contextmanager
    def progress(self, label: str, length: int | None = None) -> Iterator[Callable[[int], object]]:
        """What the run is at."""
        self._change(lambda state: state._replace(label=label, done=0))
        yield lambda done: self._change(lambda state: state._replace(done=done))

    def say(self, sentence: str) -> None:
        """A line."""
        self._change(lambda state: state._replace(said=(*state.said, sentence)))
