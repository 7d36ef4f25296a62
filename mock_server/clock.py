"""The clock of one world. Whoever needs the time is given it; nothing else looks at the system's."""

import threading
from datetime import UTC, datetime, timedelta
from typing import NamedTuple


class ClockState(NamedTuple):
    """How a clock differs from the system's; for snapshots."""

    offset: timedelta
    frozen: datetime | None


class Clock:
    """Follows the system time until it is set; then runs on from there, or stands still when frozen."""

    def __init__(self, start: datetime | None = None) -> None:
        self._lock = threading.Lock()
        self._offset = timedelta(0)
        self._frozen: datetime | None = None
        if start is not None:
            self.set(start)

    def now(self) -> datetime:
        """The world's time, in UTC."""
        return self._frozen or datetime.now(UTC) + self._offset

    @property
    def frozen(self) -> bool:
        """Whether the clock stands still."""
        return self._frozen is not None

    @property
    def follows_system(self) -> bool:
        """Whether the world's time is the system's."""
        return self._frozen is None and not self._offset

    def set(self, moment: datetime) -> None:
        """Make it this moment now (an aware datetime). A frozen clock stays frozen. Raises ``ValueError`` when naive."""
        if moment.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        with self._lock:
            self._offset = moment - datetime.now(UTC)
            if self._frozen is not None:
                self._frozen = moment.astimezone(UTC)

    def freeze(self) -> None:
        """Stand still at the present moment."""
        with self._lock:
            self._frozen = self._frozen or datetime.now(UTC) + self._offset

    def release(self) -> None:
        """Run on from the present moment."""
        with self._lock:
            if self._frozen is not None:
                self._offset = self._frozen - datetime.now(UTC)
                self._frozen = None

    def advance(self, by: timedelta) -> None:
        """Move forward, or back when negative. Raises ``OverflowError`` beyond the years 1 to 9999."""
        self.set(self.now() + by)

    @property
    def state(self) -> ClockState:
        """What ``restore`` takes."""
        return ClockState(self._offset, self._frozen)

    def restore(self, state: ClockState) -> None:
        """Go on as at the time of a snapshot: a clock that ran keeps its distance from the system's."""
        with self._lock:
            self._offset, self._frozen = state

    def follow_system(self) -> None:
        """Show the system's time again."""
        with self._lock:
            self._offset = timedelta(0)
            self._frozen = None
