"""What was asked of a world: every request with who, the verdict and why, in bounded memory.

One space is shared by all journals of a server, so that a thousand worlds do not need a thousand times the memory of one.
"""

import threading
import time
from collections import OrderedDict, deque
from datetime import datetime
from typing import NamedTuple

from mock_server.journal_filters import Wanted

MOST_ENTRIES = 1000
"""Entries that one world keeps."""

MOST_OF_BODY = 2000
"""Bytes of a body that are kept, of the request's and of the answer's each."""

MOST_BYTES = 48 * 1024 * 1024
"""What the entries of all worlds of a server may take, by ``cost``."""

OWN_COST = 1200
"""Bytes that an entry takes beside its texts, rounded up: the tuple, its numbers and moments, its places in two queues."""

MOST_OF_METHOD = 40
"""Characters of a method that are kept."""

MOST_OF_REASON = 2000
"""Characters of a reason that are kept."""


class Entry(NamedTuple):
    """One request. ``number`` counts from 1 in its world; ``moment`` is the world's time, ``seconds`` a clock that never jumps.

    ``path`` is below the site's prefix; secrets in ``query`` and the bodies are ``***``. ``who`` is None for nobody that the
    server knows, ``status`` None when there was no answer. ``view`` names what was called and ``scope`` the right it takes.
    ``next`` is the path and query of the next page, where the answer gave one. ``size`` counts the bytes of the answer,
    ``milliseconds`` the time until the last of them was handed over.
    """

    number: int
    moment: datetime
    seconds: float
    method: str
    path: str
    query: str
    who: str | None
    status: int | None
    reasons: tuple[str, ...]
    view: str | None
    scope: str | None
    milliseconds: float
    size: int
    request_body: bytes
    answer_body: bytes
    fault: str | None
    next: str | None

    @property
    def address(self) -> str:
        """Path and query."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def cost(self) -> int:
        """About how many bytes the entry takes."""
        cost = OWN_COST + len(self.request_body) + len(self.answer_body) + _bytes(self.path)
        if self.query:
            cost += _bytes(self.query)
        if self.reasons or self.next or self.fault:
            cost += sum(map(_bytes, (self.next or "", self.fault or "", *self.reasons)))
        return cost


def _bytes(text: str) -> int:
    # A text with one character beyond ASCII may take four bytes for each.
    return len(text) if text.isascii() else 4 * len(text)


class Kept(NamedTuple):
    """What a journal holds at a moment, oldest first.

    ``dropped`` counts what had to go since it was last emptied, ``lost_until`` is the number of the latest of them.
    ``latest`` is the number that was given last, to whatever request. ``unseen_until`` is the number that stands for whatever
    was asked while the journal was off; 0 when it was not since it was last emptied.
    """

    entries: tuple[Entry, ...]
    dropped: int
    lost_until: int
    enabled: bool
    latest: int
    unseen_until: int = 0


class Space:
    """What the journals of one server share: a lock, and the order in which entries came. The oldest of all go first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.lock = threading.Lock()
        """To be held for whatever follows."""
        self.most_bytes = most_bytes
        self.taken = 0
        self.order: OrderedDict[int, Journal] = OrderedDict()
        """Serial number of an entry -> the journal that it is in."""
        self.serial = 0

    def make_room(self) -> None:
        """The oldest of all journals go until all fit."""
        while self.taken > self.most_bytes and self.order:
            # The oldest of all is the oldest of its journal too.
            next(iter(self.order.values())).drop_oldest()


class Journal:
    """The requests of one world, the latest ``MOST_ENTRIES`` of them at most. Every method may be called from any thread."""

    def __init__(self, space: Space | None = None, *, enabled: bool = True, most_entries: int = MOST_ENTRIES) -> None:
        self.enabled = enabled
        """Whether requests are written down. To change it, ``switch``: it remembers that requests were missed."""
        self._is_closed = False
        self._space = space or Space()
        self._most_entries = most_entries
        self._entries: deque[tuple[int, int, Entry]] = deque()
        self._latest = 0
        self._dropped = 0
        self._lost_until = 0
        self._unseen_until = 0
        self.emptied = 0.0
        """When it was last emptied, in the seconds of its entries."""

    def switch(self, enabled: bool) -> None:
        """Write requests down from now on, or no more. A number is left out for those that nobody saw meanwhile."""
        with self._space.lock:
            if enabled and not self.enabled:
                self._latest += 1
                self._unseen_until = self._latest
            self.enabled = enabled

    def close(self) -> None:
        """Empty it for good: what ends later is not written down any more."""
        with self._space.lock:
            self._is_closed, self.enabled = True, False
        self.clear()

    def add(self, entry: Entry) -> int:
        """Write one down; answers the number that it got, whatever stands in it; 0 when the journal is closed."""
        cost, space, entries = entry.cost, self._space, self._entries
        # Every request comes through here, so nothing is called that need not be.
        with space.lock:
            if self._is_closed:
                return 0
            self._latest = number = self._latest + 1
            if len(entries) >= self._most_entries:
                self.drop_oldest()
            serial = space.serial = space.serial + 1
            space.order[serial] = self
            # In before there is room for it: an entry larger than all the space is dropped like any other.
            entries.append((serial, cost, tuple.__new__(Entry, (number, *entry[1:]))))
            space.taken += cost
            if space.taken > space.most_bytes:
                space.make_room()
        return number

    def complete(self, entry: Entry) -> None:
        """Put an entry in the place of the one with its number, unless that is gone."""
        cost = entry.cost
        with self._space.lock:
            for index in range(len(self._entries) - 1, -1, -1):
                serial, before, present = self._entries[index]
                if present.number == entry.number:
                    self._entries[index] = serial, cost, entry
                    self._space.taken += cost - before
                    self._space.make_room()
                    return

    def entries(self, **filters: str | int | None) -> list[Entry]:
        """Those that fit, oldest first; the filters are those of ``Wanted``. Raises ``Invalid`` for a filter that is none."""
        wanted = Wanted.of(filters)
        return [entry for entry in self.kept().entries if wanted.fits(entry)]

    def kept(self) -> Kept:
        """What there is now."""
        with self._space.lock:
            entries = tuple(entry for _, _, entry in self._entries)
            return Kept(entries, self._dropped, self._lost_until, self.enabled, self._latest, self._unseen_until)

    def clear(self) -> None:
        """Empty it. Numbers go on, so that whoever asks for those after one misses none."""
        with self._space.lock:
            while self._entries:
                self.drop_oldest()
            self._dropped = self._lost_until = self._unseen_until = 0
            self.emptied = time.perf_counter()

    def drop_oldest(self) -> None:
        """Let the oldest entry go, for want of room. For who holds the lock of the space."""
        serial, cost, entry = self._entries.popleft()
        del self._space.order[serial]
        self._space.taken -= cost
        self._lost_until = entry.number
        self._dropped += 1
