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
    """Counts requests by caller and second. Forgets every second but the present one of each caller."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[Hashable, tuple[datetime, int]] = {}

    def count(self, caller: Hashable, now: datetime) -> None:
        """One more request. Raises ``TooMany`` above the limit."""
        second = now.replace(microsecond=0)
        with self._lock:
            began, number = self._counts.get(caller, (second, 0))
            number = number + 1 if began == second else 1
            self._counts[caller] = (second, number)
        if number > A_SECOND:
            raise TooMany(f"More than {A_SECOND} requests in a second.")
