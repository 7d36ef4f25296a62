"""What a trap is: its texts, its parameters, and what it does when it is armed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from mock_server.faults.exchange import Effect, Exchange
from mock_server.faults.fault import Matches
from mock_server.sites import Site

Values = Mapping[str, Any]
"""Parameter name -> checked value; every parameter of the trap is there."""


class Parameter(NamedTuple):
    """What may be said beside the name of a trap.

    A ``default`` that is a whole number takes those from ``least`` to ``most``; so does None with ``most`` above 0, and
    otherwise None takes a text. A text with ``choices`` takes one of them; true or false takes the same.
    """

    name: str
    default: str | int | bool | None
    what: str
    least: int = 0
    most: int = 0
    choices: tuple[str, ...] = ()


def nobody(_: dict[str, Any]) -> bool:
    """Matches no request."""
    return False


def pass_on(exchange: Exchange) -> Iterable[bytes]:
    """Lets the faces answer."""
    return exchange.send(exchange.answer())


def leave() -> None:
    """Puts nothing back."""


@dataclass(frozen=True)
class Laid:
    """A trap that was armed: which requests it takes, what becomes of them, and what puts back what it changed."""

    matches: Matches = nobody
    effect: Effect = pass_on
    lift: Callable[[], None] = leave


class Trap(NamedTuple):
    """One complaint of integrators. ``lay`` arms it at a site; it raises ``Invalid`` for values that do not fit the world.

    ``happens`` is what a client meets, ``advice`` what a good one does, ``source`` who saw it and ``grade`` how well it is
    known, in the letters of the assumptions. ``parameters`` may hold after and count, which every fault knows.
    """

    name: str
    title: str
    happens: str
    advice: str
    source: str
    grade: str
    lay: Callable[[Site, Values], Laid]
    parameters: tuple[Parameter, ...] = ()


PERSONA = Parameter("persona", None, "only requests of this persona of the scenario, or of this login name; of all without")
AFTER = Parameter("after", 0, "so many requests that it could take pass first", 0, 1_000_000)
COUNT = Parameter("count", None, "so many requests are taken, then no more; without a number all of them", 1, 1_000_000)
TAKES: tuple[Parameter, ...] = (PERSONA, AFTER, COUNT)
"""What most traps take."""
