"""Remembers where pages ended, so that the next one is found by key and not by counting rows."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

MOST_KEYS = 10_000


class PageKeys:
    """(list, version of the world, offset) -> key of the row before that offset. The oldest go first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: OrderedDict[Hashable, tuple[Any, ...]] = OrderedDict()

    def get(self, listed: Hashable, version: object, offset: int) -> tuple[Any, ...] | None:
        """The key, or None when that page was never reached in this version of the world."""
        with self._lock:
            return self._keys.get((listed, version, offset))

    def put(self, listed: Hashable, version: object, offset: int, key: tuple[Any, ...]) -> None:
        """Remember that the row before ``offset`` has this key."""
        with self._lock:
            self._keys[listed, version, offset] = key
            self._keys.move_to_end((listed, version, offset))
            while len(self._keys) > MOST_KEYS:
                self._keys.popitem(last=False)
