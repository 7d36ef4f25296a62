"""The options of a run, told once: to the command's own parser and to pytest's. And the exit codes."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

FACES = ("datacenter", "cloud", "jira_cloud", "staff")
OF_KIND: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {"absences": ("rules", ("accounts",)), "worklogs": ("accounts", ("rules", "preview"))}
)
"""Kind of integration -> the option of the command that shows what is held, and the options that are for others."""

INTEGRATIONS = tuple(OF_KIND)
OK, NOT_MET, USAGE, INTERRUPTED, BROKEN, NOTHING_CHECKED = range(6)


def add_options(add: Callable[..., Any]) -> None:
    """Adds the options. add: `add_argument` of argparse or `addoption` of pytest, which take the same arguments."""
    add("--tempo-url", metavar="URL", help="base URL, for example http://localhost:8090")
    add("--target", metavar="FILE", help="target file: faces and personas")
    add("--face", action="append", default=[], choices=FACES, help="only the checks of this face; may be repeated")
    add("--seed", metavar="TEXT", default="", help="repeats the random choices of a run that printed this seed")
    add("--read-only", action="store_true", help="send nothing that could write; checks that need it are skipped")
    add_choice(add)


def add_integration_options(add: Callable[..., Any]) -> None:
    """Adds what only checks of integrations take, as `add_options` does."""
    add("--command", dest="run_command", metavar="COMMAND", type=command, default=None, help="one run of it, with its writes")
    add("--rules", metavar="COMMAND", type=command, default=None, help="absences: prints the rules held as JSON")
    add("--accounts", metavar="COMMAND", type=command, default=None, help="worklogs: prints the time accounts as JSON")
    add(
        "--preview",
        metavar="COMMAND",
        type=command,
        default=None,
        help="absences: shows what a run would change; without it those checks are skipped",
    )
    add(
        "--fake",
        metavar="COMMAND",
        type=command,
        default=None,
        help="starts the fake and says `ready on URL`; this machine's tempo-mock by default",
    )
    add(
        "--run-timeout",
        type=positive_seconds,
        default=120.0,
        metavar="SECONDS",
        help="how long a command may take (default 120)",
    )


def add_choice(add: Callable[..., Any]) -> None:
    """Adds what every run of checks takes, as `add_options` does."""
    add("--strict-only", action="store_true", help="leave out what is known from client code only (tier shape)")
    add(
        "--requirement",
        action="append",
        default=[],
        metavar="ID",
        help="only checks of this requirement (* and ? work); may be repeated",
    )
    add(
        "--http-timeout",
        type=positive_seconds,
        default=30.0,
        metavar="SECONDS",
        help="how long to wait for one answer (default 30)",
    )


def command(text: str) -> str:
    """A command with its arguments, quoted as for a shell. Raises argparse.ArgumentTypeError."""
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a command ({error})") from None
    if not words:
        raise argparse.ArgumentTypeError("an empty command cannot be started")
    return text


def positive_seconds(text: str) -> float:
    """A number of seconds above 0. Raises argparse.ArgumentTypeError."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if seconds <= 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return seconds
