"""The command ``tempo-sync``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from integration import (
    absences_command,
    connect_command,
    doctor_command,
    init_command,
    issues_command,
    rules_command,
    worklogs_command,
)
from integration.exits import MEANINGS, Exit
from integration.settings import FILE

EPILOG = "exit codes:\n" + "\n".join(f"  {code.value}  {words}" for code, words in MEANINGS)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; answers its exit code. Errors go to stderr in one sentence."""
    options = _parser().parse_args(sys.argv[1:] if arguments is None else list(arguments))
    try:
        return _run(options)
    except ModuleNotFoundError as error:
        if error.name not in ("requests", "icalendar"):
            raise
        return _say(f"{error.name} is missing; pip install 'tempo-mock-server[sync]' brings what the sync needs.", Exit.USAGE)


def _run(options: argparse.Namespace) -> int:
    # Imported now: `--help` need not wait for them.
    from integration.clients.http import Unreadable
    from integration.settings import Mistaken
    from integration.sinks import SinkError
    from integration.store import Unusable

    try:
        return int(options.run(options))
    except (Mistaken, Unusable) as error:
        return _say(str(error), Exit.USAGE)
    except Unreadable as error:
        return _say(f"{error}.", Exit.UNREADABLE)
    except SinkError as error:
        return _say(str(error), Exit.INCOMPLETE)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read the output has seen enough; nothing is left to say, also not at exit.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        return 0


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        # argparse would exit with 2, which here means that changes are pending.
        self.print_usage(sys.stderr)
        self.exit(int(Exit.USAGE), f"{self.prog}: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="tempo-sync",
        description="Unofficial sync of a Tempo site: time planned off becomes out-of-office rules, worklogs time accounts.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND", parser_class=_Parser)
    for name, summary, module in (
        ("init", "write a configuration with every option", init_command),
        ("connect", "verify the token, remember until when it lasts", connect_command),
        ("issues", "list the internal issues, select those that make rules", issues_command),
        ("absences", "compare plans with the rules held; --apply writes", absences_command),
        ("rules", "list the rules held", rules_command),
        ("worklogs", "read everybody's worklogs, or what stands in for them", worklogs_command),
        ("doctor", "tell for each person why they have or lack the integration", doctor_command),
    ):
        command = commands.add_parser(
            name, help=summary, description=module.__doc__, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        command.add_argument("--config", type=Path, default=Path(FILE), metavar="FILE", help=f"the configuration ({FILE})")
        command.add_argument("--json", action="store_true", help="tell the result as JSON on stdout")
        module.add_options(command)
        command.set_defaults(run=module.run)
    return parser


def _say(sentence: str, code: Exit) -> int:
    print(f"tempo-sync: {sentence}", file=sys.stderr)
    return int(code)
