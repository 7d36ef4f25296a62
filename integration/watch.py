"""Running again and again at an interval, until somebody stops it. What fails in a round is told, and the next one is tried."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from integration.exits import Exit

if TYPE_CHECKING:
    from integration.clients.http import Clock


class Round(NamedTuple):
    """What came of one round. error: a sentence, None when nothing was in the way."""

    number: int
    exit: Exit
    error: str | None


def watch(
    seconds: float,
    once: Callable[[], Exit],
    failure: Callable[[Exception], Exit | None],
    tell: Callable[[Round], None],
    clock: Clock,
) -> int:
    """Rounds that begin so many seconds apart, or at once after one that took longer. Answers 0 on Ctrl-C and SIGTERM.

    failure: the exit code of an exception that a next round may be spared, None for one that is a mistake of the program.
    """
    number = 0
    try:
        with ended_like_ctrl_c():
            while True:
                number += 1
                begun = clock.monotonic()
                tell(_round(number, once, failure))
                clock.sleep(max(0.0, seconds - (clock.monotonic() - begun)))
    except KeyboardInterrupt:
        sys.stderr.write(f"tempo-sync: stopped in round {number}\n")
        return 0


@contextmanager
def ended_like_ctrl_c() -> Iterator[None]:
    """A SIGTERM, by which services are stopped, ends rounds in the same way. Only a main thread hears of signals."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _round(number: int, once: Callable[[], Exit], failure: Callable[[Exception], Exit | None]) -> Round:
    try:
        return Round(number, once(), None)
    except Exception as error:
        code = failure(error)
        if code is None:
            raise
        return Round(number, code, str(error).rstrip("."))


def seconds(value: str) -> float:
    """An interval as an option takes it. Raises ``argparse.ArgumentTypeError``."""
    try:
        found = float(value)
    except ValueError:
        found = 0.0
    if not 1 <= found <= 86_400 * 7:
        raise argparse.ArgumentTypeError(f"{value!r} is no number of seconds from 1 to a week")
    return found
