"""``tempo-mock seed``: makes a large world, shows how far it is, and says how to call it."""

import json
import shlex
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import NoReturn

from mock_server.errors import Unusable
from mock_server.large_world import (
    EARLIEST,
    LEAST_PEOPLE,
    MOST_PEOPLE,
    MOST_PLANS,
    MOST_WORKLOGS,
    PERSONAS,
    build,
    token_of,
)
from mock_server.large_world_size import Size

EXIT_USAGE = 2


def run(people: int, worklogs: int, plans: int, database: Path, clock: datetime | None, as_json: bool) -> int:
    """Make the world and print what it is; answers the exit code.

    Raises ``Unusable`` for numbers that cannot be and for a database that cannot be written, ``KeyboardInterrupt`` when
    stopped; then nothing is left.
    """
    if not LEAST_PEOPLE <= people <= MOST_PEOPLE:
        raise Unusable(f"--people takes a number from {LEAST_PEOPLE} to {MOST_PEOPLE}, not {people}.", EXIT_USAGE)
    if worklogs > MOST_WORKLOGS:
        raise Unusable(f"--worklogs takes a number from 0 to {MOST_WORKLOGS}, not {worklogs}.", EXIT_USAGE)
    if plans > MOST_PLANS:
        raise Unusable(f"--plans takes a number from 0 to {MOST_PLANS}, not {plans}.", EXIT_USAGE)
    size = Size(people, worklogs, (clock or datetime.now(UTC)).date(), plans)
    if size.today < EARLIEST:
        raise Unusable(f"--clock takes a moment from {EARLIEST} on, as three years of work lie before it.", EXIT_USAGE)
    began = time.monotonic()
    with _stoppable(), _progress(size) as progress:
        build(database, size, progress)
    _show(size, database, time.monotonic() - began, as_json, clock)
    return 0


@contextmanager
def _stoppable() -> Iterator[None]:
    """Make SIGTERM what Ctrl-C is, so that it leaves nothing behind either."""

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _progress(size: Size) -> Iterator[Callable[[int], object]]:
    if not sys.stderr.isatty():
        yield lambda number: None
        return
    import click

    label = "worklogs and plans" if size.plans else "worklogs"
    with click.progressbar(length=size.worklogs + size.plans, label=label, file=sys.stderr) as bar:
        yield bar.update


def _show(size: Size, database: Path, seconds: float, as_json: bool, clock: datetime | None) -> None:
    if as_json:
        found = {
            "database": str(database),
            "people": size.people,
            "teams": size.teams,
            "issues": size.issues,
            "worklogs": size.worklogs,
            "plans": size.plans,
            "day": size.today.isoformat(),
            "seconds": round(seconds, 3),
            "tokens": {name: token_of(name) for name in PERSONAS},
        }
        print(json.dumps(found, indent=2))
        return
    work = f"{_count(size.issues, 'issue')} and {_count(size.worklogs, 'worklog')}"
    if size.plans:
        work = f"{_count(size.issues, 'issue')}, {_count(size.worklogs, 'worklog')} and {_count(size.plans, 'plan')}"
    print(f"{size.people} people in {_count(size.teams, 'team')}, {work} in {database}.\n")
    print("Tempo token, whose owner:")
    for name, sight in PERSONAS.items():
        print(f"  {token_of(name):<40}{sight}")
    example = f'curl -H "Authorization: Bearer {token_of("everybody")}" http://localhost:8090/4/worklogs'
    # The file does not keep the time: without it the work would lie years back or ahead.
    again = f" --clock {clock.isoformat().replace('+00:00', 'Z')}" if clock else ""
    print(f"\nTry:\n  tempo-mock serve --db {shlex.quote(str(database))}{again}\n  {example}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
