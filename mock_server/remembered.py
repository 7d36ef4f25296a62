"""What was worked out from a world, kept until anything in it changes: who a token stands for, whose work somebody reaches."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

MOST_VALUES = 1000

T = TypeVar("T")


class Remembered:
    """Values of one world by name, each with the version of the world it holds for. The oldest go first.

    For requests that only read: what a write sees may be undone, and the version does not go back with it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: OrderedDict[Hashable, tuple[object, Any]] = OrderedDict()

    def get(self, version: object, name: Hashable, work_out: Callable[[], T]) -> T:
        """The value under a name, worked out anew when the world is of another version. Raises what ``work_out`` raises."""
        kept = self._values.get(name)
        if kept is not None and kept[0] == version:
            value: T = kept[1]
            return value
        value = work_out()
        with self._lock:
            self._values[name] = version, value
            self._values.move_to_end(name)
            while len(self._values) > MOST_VALUES:
                self._values.popitem(last=False)
        return value
