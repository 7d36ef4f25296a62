"""What is armed at a site, and which requests it takes."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mock_server.errors import Invalid, NotFound

if TYPE_CHECKING:
    from mock_server.faults.exchange import Effect

MOST_ARMED = 1000
"""Faults that a site holds at once: every request looks at each."""

Matches = Callable[[dict[str, Any]], bool]
"""Whether a fault is for a request, by its WSGI environ."""


class Over(threading.Event):
    """What a request waits for on purpose: set, it waits no longer."""

    is_void = False
    """Whether the world that the request was for is going, so that it is not answered at all."""

    def cut(self) -> None:
        """Wait no longer, and answer nothing."""
        self.is_void = True
        self.set()


@dataclass
class Fault:
    """Something armed. rule: as it was asked for. sentence: what it does. seen, fired: requests it matched and broke."""

    id: int
    rule: dict[str, Any]
    sentence: str
    matches: Matches
    effect: "Effect"
    after: int = 0
    count: int | None = None
    chance: Callable[[], bool] = field(default=lambda: True)
    seen: int = 0
    fired: int = 0
    over: Over = field(default_factory=Over)
    """Set when it is disarmed, and another one when the world becomes another."""
    lift: Callable[[], None] = field(default=lambda: None)
    """Called once when it is disarmed: puts back what arming it changed."""


class Faults:
    """The faults of one site in the order they were armed; the first that takes a request breaks it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._armed: dict[int, Fault] = {}
        self._number = 0
        self.is_armed = False
        """Whether anything could break a request."""

    def add(self, make: Callable[[int], Fault]) -> Fault:
        """Arm one; ``make`` gets its number, which no other of the site had. Raises ``Invalid`` when there are too many."""
        with self._lock:
            if len(self._armed) >= MOST_ARMED:
                raise Invalid(f"{MOST_ARMED} faults are armed already; disarm some.")
            fault = make(self._number + 1)
            self._number += 1
            self._armed[self._number] = fault
            self.is_armed = True
            return fault

    def every(self) -> list[Fault]:
        """All that are armed, the oldest first."""
        with self._lock:
            return list(self._armed.values())

    def get(self, number: int) -> Fault:
        """One of those that are armed. Raises ``NotFound``."""
        fault = self._armed.get(number)
        if fault is None:
            raise NotFound(f"There is no fault {number}.")
        return fault

    def disarm(self, number: int) -> None:
        """Break nothing with it any more.

        Raises ``NotFound``, and ``Invalid`` when what it changed cannot be put back; it is disarmed then all the same.
        """
        with self._lock:
            fault = self._armed.pop(number, None)
            self.is_armed = bool(self._armed)
        if fault is None:
            raise NotFound(f"There is no fault {number}.")
        fault.over.set()
        told = _lifted(fault)
        if told:
            raise Invalid(told)

    def cut_waiting(self) -> None:
        """End what waits on purpose without an answer: its world is going, and it must not write into the next one.

        What is armed stays armed.
        """
        with self._lock:
            for fault in self._armed.values():
                fault.over, former = Over(), fault.over
                former.cut()

    def disarm_all(self) -> list[str]:
        """Break nothing any more; answers a sentence for each fault that could not put back what it had changed."""
        with self._lock:
            armed, self._armed = list(self._armed.values()), {}
            self.is_armed = False
        for fault in armed:
            fault.over.set()
        # The youngest first: two may have changed the same thing one after the other.
        return [told for fault in reversed(armed) if (told := _lifted(fault))]

    def take(self, environ: dict[str, Any]) -> tuple[Fault, Over] | None:
        """The first fault that breaks this request, counted, and what the request waits for; None leaves it whole."""
        for fault in self.every():
            if not fault.matches(environ):
                continue
            with self._lock:
                fault.seen += 1
                spent = fault.count is not None and fault.fired >= fault.count
                if fault.seen <= fault.after or spent or not fault.chance():
                    continue
                fault.fired += 1
                return fault, fault.over
        return None


def _lifted(fault: Fault) -> str | None:
    """Put back what the fault changed; answers what went wrong. One that cannot must not keep the others from it."""
    try:
        fault.lift()
    except Exception as error:
        return f"Fault {fault.id} ({fault.sentence}) is disarmed, but what it changed could not be put back: {error}."
    return None
