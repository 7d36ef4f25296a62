"""``tempo-mock token``: tokens of Tempo Cloud, made, listed, regenerated and revoked for their owner."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mock_server.errors import Invalid
from mock_server.server_address import DEFAULT_URL

if TYPE_CHECKING:
    from mock_server.file_tokens import FileTokens
    from mock_server.server_tokens import ServerTokens

_ABOUT = f"""Tokens of Tempo Cloud, as their owner would make them on the settings page. They belong to one
person, who alone sees and revokes them: so every command names the --person.

The world is that of a running server (--url, default {DEFAULT_URL}; that of a site is
{DEFAULT_URL}/sites/site1), or the one in a database file (--db), for which no server needs to run."""


def add_to(commands: Any, exit_codes: str) -> None:
    """Make the command known to the parser's ``commands``; ``exit_codes`` end its help."""
    shape: dict[str, Any] = {"epilog": exit_codes, "formatter_class": argparse.RawDescriptionHelpFormatter}
    token = commands.add_parser("token", help="make, list and revoke tokens of Tempo Cloud", description=_ABOUT, **shape)
    verbs = token.add_subparsers(title="commands", required=True, metavar="COMMAND")
    create = verbs.add_parser("create", help="make a token and print it, this once", description=_CREATE, **shape)
    create.add_argument("--name", type=_text, default="Command line", help="what it is for (default: Command line)")
    create.add_argument("--days", type=int, metavar="N", help="how long it lasts, 1 to 5000 days (default 30)")
    create.add_argument(
        "--scope",
        action="append",
        type=_text,
        metavar="SCOPE",
        help="such as worklogs:view; may be repeated (default Full access)",
    )
    create.set_defaults(run=_create)
    listing = verbs.add_parser("list", help="show somebody's tokens, without their text", **shape)
    listing.set_defaults(run=_list)
    regenerate = verbs.add_parser("regenerate", help="give a token another text and print it", description=_REGENERATE, **shape)
    regenerate.set_defaults(run=_regenerate)
    delete = verbs.add_parser("delete", help="revoke a token", description=_DELETE, **shape)
    delete.set_defaults(run=_delete)
    for parser in (regenerate, delete):
        parser.add_argument("id", type=_id, metavar="ID", help="as `tempo-mock token list` shows it")
    for parser in (create, listing, regenerate, delete):
        parser.add_argument("--person", type=_text, required=True, metavar="NAME", help="login name or user key of the owner")
        world = parser.add_mutually_exclusive_group()
        world.add_argument("--url", type=_text, help=f"a running server, or a site of it (default {DEFAULT_URL})")
        world.add_argument("--db", type=Path, metavar="FILE", help="the database file of a world instead")
        parser.add_argument("--clock", metavar="ISO", help="the time of the world in --db FILE, if it is not the system's")
        if parser is not delete:
            parser.add_argument("--json", action="store_true", help="print JSON, for programs")


_REGENERATE = "Give a token another text, printed this once: the old one is worth nothing, and its days begin anew."
_DELETE = "Revoke a token for good: from now on a call with it is answered 401."
_CREATE = """Print a new token on standard output, alone, and what it is on standard error:

  TOKEN=$(tempo-mock token create --person bob --scope worklogs:view)"""


def _text(argument: str) -> str:
    try:
        argument.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError("this is no UTF-8 text") from None
    return argument


def _id(argument: str) -> int:
    if not argument.isascii() or not argument.isdecimal() or len(argument) > 10 or not 0 < int(argument) < 2**31:
        raise argparse.ArgumentTypeError("an id is a number from 1")
    return int(argument)


@contextmanager
def _source(options: argparse.Namespace) -> Iterator["FileTokens | ServerTokens"]:
    if options.db is None:
        if options.clock is not None:
            raise Invalid("--clock goes with --db; a running server has a clock of its own (PUT /_mock/clock).")
        from mock_server.server_tokens import ServerTokens

        yield ServerTokens(DEFAULT_URL if options.url is None else options.url)
        return
    from mock_server.file_tokens import FileTokens
    from mock_server.moments import parse_moment

    try:
        start = None if options.clock is None else parse_moment(options.clock)
    except (ValueError, OverflowError):
        raise Invalid(f"--clock takes a moment such as 2013-11-15T09:00Z, not {options.clock}.") from None
    tokens = FileTokens(options.db, start)
    try:
        yield tokens
    finally:
        tokens.close()


def _create(options: argparse.Namespace) -> int:
    with _source(options) as tokens:
        bean = tokens.create(options.person, options.name, options.days, options.scope)
    return _tell(bean, options)


def _regenerate(options: argparse.Namespace) -> int:
    with _source(options) as tokens:
        bean = tokens.regenerate(options.person, options.id)
    return _tell(bean, options)


def _tell(bean: dict[str, Any], options: argparse.Namespace) -> int:
    if options.json:
        _print_json(bean)
        return 0
    _say(f"token {bean['id']} of {bean['person']}, {_access(bean)}, until {bean['expiresAt']}; its text is told this once")
    print(bean["token"])
    return 0


def _delete(options: argparse.Namespace) -> int:
    with _source(options) as tokens:
        tokens.delete(options.person, options.id)
    _say(f"token {options.id} of {options.person} is revoked")
    return 0


def _list(options: argparse.Namespace) -> int:
    with _source(options) as tokens:
        beans = tokens.list(options.person)
    if options.json:
        _print_json(beans)
        return 0
    if not beans:
        _say(f"{options.person} has no tokens; `tempo-mock token create --person {options.person}` makes one")
        return 0
    rows = [("ID", "NAME", "STATUS", "EXPIRES", "ACCESS")]
    rows += [(str(bean["id"]), bean["name"], bean["status"], bean["expiresAt"], _access(bean)) for bean in beans]
    widths = [max(len(_plain(row[column])) for row in rows) for column in range(4)]
    for row in rows:
        cells = [f"{_plain(cell):<{width}}" for cell, width in zip(row, widths, strict=False)]
        print("  ".join([*cells, _plain(row[4])]))
    return 0


def _access(bean: dict[str, Any]) -> str:
    return "Full access" if bean["access"] == "full" else " ".join(bean["scopes"])


def _print_json(value: Any) -> None:
    import json

    print(json.dumps(value, indent=2))


def _plain(text: str) -> str:
    from mock_server.console import plain

    return plain(text)


def _say(sentence: str) -> None:
    print(f"tempo-mock: {_plain(sentence)}", file=sys.stderr)
