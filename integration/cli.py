"""The command ``tempo-sync``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from integration import (
    absences_command,
    balances_command,
    connect_command,
    doctor_command,
    init_command,
    issues_command,
    rules_command,
    serve_command,
    switch_command,
    worklogs_command,
)
from integration.exits import MEANINGS, Exit
from integration.settings import FILE
from integration.streams import lenient

STOPPED = 130
EPILOG = "\n".join(
    ("exit codes:", *(f"  {code.value}  {words}" for code, words in MEANINGS), f"  {STOPPED}  stopped by Ctrl-C")
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; answers its exit code. Errors go to stderr in one sentence."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    with lenient(is_json="--json" in words) as out:
        if words[:1] and words[0].partition("=")[0] in ("--json", "--config"):
            _parser().error(f"{words[0]} stands after the command, as in tempo-sync absences --json")
        options = _parser().parse_args(words)
        try:
            code = _run(options)
        except ModuleNotFoundError as error:
            if error.name not in ("requests", "icalendar"):
                raise
            sentence = f"{error.name} is missing; pip install 'tempo-mock-server[sync]' brings what the sync needs."
            code = _say(sentence, Exit.USAGE)
        out.flush()
        if out.failed is None or isinstance(out.failed, BrokenPipeError):
            # Whoever read the output has seen enough; what was to be done is done.
            return code
        _say(f"the output cannot be written ({out.failed.strerror or out.failed}).", Exit.INCOMPLETE)
        return code or int(Exit.INCOMPLETE)


def _run(options: argparse.Namespace) -> int:
    # Imported now: `--help` need not wait for them.
    from integration.clients.http import Unreadable
    from integration.settings import Mistaken
    from integration.sinks import SinkError
    from integration.store import Unusable
    from integration.switches import SwitchedOff

    try:
        return int(options.run(options))
    except (Mistaken, Unusable) as error:
        return _fail(options, str(error), Exit.USAGE, "usage")
    except Unreadable as error:
        return _fail(options, f"{error}.", Exit.UNREADABLE, error.kind)
    except SwitchedOff as error:
        return _fail(options, str(error), Exit.OFF, "off")
    except SinkError as error:
        return _fail(options, str(error), Exit.INCOMPLETE, "incomplete")
    except KeyboardInterrupt:
        # What was written is whole, and the next run goes on from there.
        print("tempo-sync: stopped; what was written stays, and the next run does the rest", file=sys.stderr)
        return STOPPED


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
        ("balances", "show everybody's hours, required and balance", balances_command),
        ("doctor", "tell for each person why they have or lack the integration", doctor_command),
        ("switch", "switch a sync off or on", switch_command),
        ("serve", "serve pages on this machine that do what the commands do", serve_command),
    ):
        command = commands.add_parser(
            name, help=summary, description=module.__doc__, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        command.add_argument("--config", type=Path, default=Path(FILE), metavar="FILE", help=f"the configuration ({FILE})")
        command.add_argument("--json", action="store_true", help="tell the result as JSON on stdout")
        module.add_options(command)
        command.set_defaults(run=module.run)
    return parser


def _fail(options: argparse.Namespace, sentence: str, code: Exit, kind: str) -> int:
    if options.json:
        json.dump({"exitCode": int(code), "error": sentence, "kind": kind}, sys.stdout, ensure_ascii=False)
        print()
    return _say(sentence, code)


def _say(sentence: str, code: Exit) -> int:
    print(f"tempo-sync: {sentence}", file=sys.stderr)
    return int(code)
