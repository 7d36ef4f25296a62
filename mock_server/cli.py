"""The command ``tempo-mock``."""

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

from mock_server import __version__, env_command, internal_issues_command, oauth_app_command, token_command
from mock_server.errors import Fact, Unusable

if TYPE_CHECKING:
    from datetime import datetime

    from mock_server.app import Application, Origin

EXIT_USAGE = 2
EXIT_INTERRUPTED = 130
_EXIT_CODES = """exit codes:
  0  stopped by Ctrl-C or SIGTERM, the scenario is sound, or what was asked for is done
  2  an option is wrong, or names somebody or something that is not there
  3  the scenario or its target file is unknown or damaged
  4  the database is not ours, newer than this version (for token: or older) or not writable, or is there already
  5  the port is taken or the host cannot be listened on
  6  no server answers, it is not ours, or it runs without control routes
  130  interrupted before it had begun, or before a world was written; then nothing of it is left"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; answers its exit code. Errors go to stderr in one sentence."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    try:
        code = _run(words)
    except SystemExit as stopped:
        if stopped.code:
            env_command.fail(words)
        raise
    if code:
        env_command.fail(words)
    return code


def _run(words: Sequence[str]) -> int:
    options = _parser().parse_args(words)
    try:
        code: int = options.run(options)
    except Unusable as error:
        _say(str(error))
        return error.exit_code
    except Fact as error:
        _say(str(error))
        return EXIT_USAGE
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has seen enough; nothing is left to say, also not at exit.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        return 0
    return code


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        super().error(_plain(message))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="tempo-mock",
        description="Unofficial, stateful, offline stand-in for Tempo, for developing and testing against.",
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"tempo-mock {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    serve = commands.add_parser(
        "serve", help="start the fake", epilog=_EXIT_CODES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1, with ::1)")
    serve.add_argument("--port", type=_port, default=8090, help="port to listen on; 0 takes any free one (default 8090)")
    serve.add_argument(
        "--scenario", default="guide", metavar="NAME", help="guide, empty or the path of a folder (default guide)"
    )
    serve.add_argument("--db", type=Path, metavar="FILE", help="keep the world in this file instead of in memory")
    serve.add_argument(
        "--clock", metavar="ISO", help="the world's time to begin with, such as 2013-11-15T09:00Z; it runs on from there"
    )
    serve.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="a setting; may be repeated (docs/assumptions.md)"
    )
    serve.add_argument("--quiet", action="store_true", help="no line per request and no greeting, only the ready line")
    serve.add_argument("--no-control", action="store_true", help="without the routes below /_mock")
    serve.add_argument(
        "--no-journal", action="store_true", help="write no journal of requests until PUT /_mock/journal switches it on"
    )
    serve.add_argument("--open-control", action="store_true", help="let other machines use the routes below /_mock as well")
    serve.add_argument(
        "--cors", action="append", default=[], metavar="ORIGIN", help="let pages of this origin call the APIs; may be repeated"
    )
    serve.add_argument(
        "--trust-forwarded",
        action="store_true",
        help="behind a proxy: take scheme, host, port and prefix of links from its X-Forwarded-* headers",
    )
    serve.set_defaults(run=_serve)
    make = commands.add_parser(
        "seed",
        help="write a large world into a new database",
        description="Write people in teams, projects, issues, worklogs and plans into a new database, for `serve --db`. "
        "The same numbers and the same day always give the same world (docs/large-worlds.md).",
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    make.add_argument("--people", type=_whole, required=True, metavar="N", help="4 to 100000, beside the administrator")
    make.add_argument("--worklogs", type=_whole, required=True, metavar="M", help="0 to 10000000, over the last three years")
    make.add_argument("--plans", type=_whole, default=0, metavar="P", help="0 to 1000000, half a year around today (default 0)")
    make.add_argument("--db", type=Path, required=True, metavar="FILE", help="the file to make; it must not be there yet")
    make.add_argument("--clock", metavar="ISO", help="the moment before which the work was done (default now)")
    make.add_argument("--json", action="store_true", help="print what was made as JSON")
    make.set_defaults(run=_seed)
    check = commands.add_parser(
        "check",
        help="say whether a scenario folder is sound",
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    check.add_argument("path", nargs="?", metavar="PATH", help="the folder, or the name of a bundled scenario")
    check.add_argument("--schema", action="store_true", help="print the JSON Schema of scenario files instead")
    check.set_defaults(run=_check)
    token_command.add_to(commands, _EXIT_CODES)
    internal_issues_command.add_to(commands, _EXIT_CODES)
    oauth_app_command.add_to(commands, _EXIT_CODES)
    env_command.add_to(commands, _EXIT_CODES)
    return parser


def _port(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise argparse.ArgumentTypeError("it takes a whole number")
    return int(text)


def _moment(text: str | None) -> "datetime | None":
    from mock_server.moments import parse_moment

    if text is None:
        return None
    try:
        return parse_moment(text)
    except (ValueError, OverflowError):
        _usage(f"--clock takes a moment such as 2013-11-15T09:00Z, not {text}.")


def _origin(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.rstrip("/") or parts.query or parts.fragment:
        _usage(f"--cors takes an origin such as http://localhost:3000, not {text}.")
    return f"{parts.scheme}://{parts.netloc}"


def _usage(sentence: str) -> NoReturn:
    raise Unusable(sentence, EXIT_USAGE)


def _serve(arguments: argparse.Namespace) -> int:
    # Collecting garbage while modules load finds none and costs a tenth of the start.
    gc.disable()
    # Imported here: `tempo-mock --help` need not wait for a web framework.
    from mock_server.app import create_application
    from mock_server.config import Options
    from mock_server.serve import Server, stop_requests, until_stopped
    from mock_server.settings import Settings, parse_assignments

    clock = _moment(arguments.clock)
    settings = parse_assignments(arguments.set)
    Settings(settings)
    options = Options(
        arguments.host,
        arguments.port,
        arguments.scenario,
        arguments.db,
        clock,
        settings,
        arguments.quiet,
        not arguments.no_control,
        arguments.open_control,
        tuple(_origin(text) for text in arguments.cors),
        arguments.trust_forwarded,
        not arguments.no_journal,
    )
    # From here on a stop is a request like others, so that Ctrl-C never ends in the middle of seeding a database.
    requests = stop_requests()
    application, origin = create_application(options)
    server = Server(application, options.host, options.port, trust_forwarded=options.trust_forwarded)
    server.start()
    gc.freeze()
    gc.enable()
    if not options.quiet:
        _greet(application, server.port, origin, has_control=options.control)
    print(f"tempo-mock ready on {server.url}", flush=True)
    try:
        until_stopped(requests)
    finally:
        server.stop()
        application.close()
    if not options.quiet:
        _say("stopped")
    return 0


def _seed(arguments: argparse.Namespace) -> int:
    from mock_server.large_world_command import run

    clock = _moment(arguments.clock)
    return run(arguments.people, arguments.worklogs, arguments.plans, arguments.db, clock, arguments.json)


def _say(sentence: str) -> None:
    print(f"tempo-mock: {_plain(sentence)}", file=sys.stderr)


def _plain(text: str) -> str:
    from mock_server.console import plain

    return plain(text)


def _greet(application: "Application", port: int, origin: "Origin", *, has_control: bool) -> None:
    from mock_server.greeting import greeting

    print(greeting(application.sites.default, port, origin.sentence, origin.passwords, has_control=has_control))


def _check(arguments: argparse.Namespace) -> int:
    from mock_server import scenario

    if arguments.schema:
        import json

        from mock_server.documents import scenario_schema

        print(json.dumps(scenario_schema(), indent=2))
        return 0
    if not arguments.path:
        _usage("Name the folder of a scenario to check, or ask for --schema.")
    found = scenario.read(scenario.find(arguments.path))
    counts = ", ".join(f"{len(entries)} {noun.replace('_', ' ')}" for noun, entries in found.entries.items() if entries)
    print(_plain(f"{found.path} is sound: {counts}."))
    return 0
