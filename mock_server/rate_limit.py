"""How many requests a caller makes in a second."""

import threading
from collections.abc import Hashable
from datetime import datetime

from mock_server.errors import Fact

A_SECOND = 5
"""Requests in one second of the world's clock that are answered (a help page of the vendor's)."""


class TooMany(Fact):
    """The caller is over the limit."""


class RateLimit:
    """Counts the requests of each caller of one world, in the present second only."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._second: datetime | None = None
        self._counts: dict[Hashable, int] = {}

    def count(self, caller: Hashable, now: datetime) -> None:
        """One more request. Raises ``TooMany`` above the limit."""
        second = now.replace(microsecond=0)
        with self._lock:
            if second != self._second:
                self._second, self._counts = second, {}
            number = self._counts[caller] = self._counts.get(caller, 0) + 1
        if number > A_SECOND:
            raise TooMany(f"More than {A_SECOND} requests in a second.")

    def forget(self) -> None:
        """Begin anew, as a world that was reset does."""
        with self._lock:
            self._second = None
