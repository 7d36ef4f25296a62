"""What the commands that change a world share: which world it is, and how they tell what they found."""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from mock_server.errors import Invalid
from mock_server.server_address import DEFAULT_URL

if TYPE_CHECKING:
    from mock_server.served_world import ServedWorld
    from mock_server.world_file import WorldFile

Access = TypeVar("Access")
"""What a command asks: the tokens of a world, say."""

WHICH_WORLD = f"""The world is that of a running server (--url, default {DEFAULT_URL}; that of a site is
{DEFAULT_URL}/sites/site1), or the one in a database file (--db), for which no server needs to run. The
file must have the format of this version: `tempo-mock serve` brings an older one up to date."""


def add_world(parser: argparse.ArgumentParser) -> None:
    """The options that name a world: ``--url`` or ``--db``, and ``--clock`` beside the latter."""
    world = parser.add_mutually_exclusive_group()
    world.add_argument("--url", type=text, help=f"a running server, or a site of it (default {DEFAULT_URL})")
    world.add_argument("--db", type=Path, metavar="FILE", help="the database file of a world instead")
    parser.add_argument("--clock", metavar="ISO", help="the time of the world in --db FILE, if it is not the system's")


def add_json(parser: argparse.ArgumentParser) -> None:
    """The option ``--json``."""
    parser.add_argument("--json", action="store_true", help="print JSON, for programs")


def text(argument: str) -> str:
    """An argument that can be sent on."""
    try:
        argument.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError("this is no UTF-8 text") from None
    return argument


def number(argument: str) -> int:
    """An id: a whole number from 1."""
    if not argument.isascii() or not argument.isdecimal() or len(argument) > 10 or not 0 < int(argument) < 2**31:
        raise argparse.ArgumentTypeError("an id is a number from 1")
    return int(argument)


@contextmanager
def chosen_world(
    options: argparse.Namespace,
    served: "Callable[[ServedWorld], Access]",
    kept: "Callable[[WorldFile], Access]",
    *,
    read_only: bool = False,
) -> Iterator[Access]:
    """Access to the world that the options name, made by ``served`` or by ``kept``; ``read_only`` leaves a file as it is.

    Raises ``Invalid`` for options that do not go together and ``Unusable`` for a file that holds no world.
    """
    if options.db is None:
        if options.clock is not None:
            raise Invalid("--clock goes with --db; a running server has a clock of its own (PUT /_mock/clock).")
        from mock_server.served_world import ServedWorld

        yield served(ServedWorld(DEFAULT_URL if options.url is None else options.url))
        return
    from mock_server.moments import parse_moment
    from mock_server.world_file import WorldFile

    try:
        start = None if options.clock is None else parse_moment(options.clock)
    except (ValueError, OverflowError):
        raise Invalid(f"--clock takes a moment such as 2013-11-15T09:00Z, not {options.clock}.") from None
    world = WorldFile(options.db, start, read_only=read_only)
    try:
        yield kept(world)
    finally:
        world.close()


def print_json(value: Any) -> None:
    """Print a value for programs."""
    import json

    print(json.dumps(value, indent=2))


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Print rows of as many cells in columns; the last column is as wide as it is."""
    shown = [[_plain(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)][:-1]
    for *cells, last in shown:
        print("  ".join([*(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)), last]))


def say(sentence: str) -> None:
    """Tell the person at the terminal, beside what is printed."""
    print(f"tempo-mock: {_plain(sentence)}", file=sys.stderr)


def _plain(text: str) -> str:
    from mock_server.console import plain

    return plain(text)
