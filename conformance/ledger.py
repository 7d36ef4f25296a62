"""What a run made and still has to remove: last made, first removed; what cannot be removed is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from conformance.calls import Unmet


@dataclass(frozen=True)
class Entry:
    """Something made. what: for the reader. remove: takes it away; None when it is gone, else the reason why not."""

    what: str
    remove: Callable[[], str | None]


class Ledger:
    """The things made so far, in order."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._left: dict[str, str] = {}

    def add(self, what: str, remove: Callable[[], str | None]) -> None:
        """Notes something that was made just now."""
        self._entries.append(Entry(what, remove))

    def mark(self) -> int:
        """A place to `unwind` to."""
        return len(self._entries)

    def unwind(self, mark: int = 0) -> None:
        """Removes everything noted after `mark`, the latest first. Failures are kept for `left`, none hides another."""
        while len(self._entries) > mark:
            entry = self._entries[-1]
            try:
                reason = entry.remove()
            except Unmet as error:
                reason = str(error)
            self._entries.pop()
            if reason is not None:
                self._left[entry.what] = reason

    def note_left(self, what: str, reason: str) -> None:
        """Says of something that it stays behind; a reason that is known already is kept."""
        self._left.setdefault(what, reason)

    def forgive(self, what: str) -> None:
        """Says of something that it is gone after all."""
        self._left.pop(what, None)

    @property
    def left(self) -> tuple[str, ...]:
        """What could not be removed, with the reason."""
        unfinished = {entry.what: "the run ended before its removal" for entry in self._entries}
        return tuple(f"{what}: {reason}" for what, reason in (unfinished | self._left).items())
