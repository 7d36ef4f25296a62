"""``tempo-mock token``: tokens of Tempo Cloud, made, listed, regenerated and revoked for their owner."""

import argparse
import shlex
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from mock_server.world_options import (
    WHICH_WORLD,
    add_json,
    add_world,
    chosen_world,
    number,
    print_json,
    print_table,
    say,
    text,
)

if TYPE_CHECKING:
    from mock_server.file_tokens import FileTokens
    from mock_server.served_world import ServedWorld
    from mock_server.server_tokens import ServerTokens
    from mock_server.world_file import WorldFile

_ABOUT = f"""Tokens of Tempo Cloud, as their owner would make them on the settings page. They belong to one
person, who alone sees and revokes them: so every command names the --person.

{WHICH_WORLD}"""


def add_to(commands: Any, exit_codes: str) -> None:
    """Make the command known to the parser's ``commands``; ``exit_codes`` end its help."""
    shape: dict[str, Any] = {"epilog": exit_codes, "formatter_class": argparse.RawDescriptionHelpFormatter}
    token = commands.add_parser("token", help="make, list and revoke tokens of Tempo Cloud", description=_ABOUT, **shape)
    verbs = token.add_subparsers(title="commands", required=True, metavar="COMMAND")
    create = verbs.add_parser("create", help="make a token and print it, this once", description=_CREATE, **shape)
    create.add_argument("--name", type=text, default="Command line", help="what it is for (default: Command line)")
    create.add_argument("--days", type=int, metavar="N", help="how long it lasts, 1 to 5000 days (default 30)")
    create.add_argument(
        "--scope",
        action="append",
        type=text,
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
        parser.add_argument("id", type=number, metavar="ID", help="as `tempo-mock token list` shows it")
    for parser in (create, listing, regenerate, delete):
        parser.add_argument("--person", type=text, required=True, metavar="NAME", help="login name or user key of the owner")
        add_world(parser)
        if parser is not delete:
            add_json(parser)


_REGENERATE = "Give a token another text, printed this once: the old one is worth nothing, and its days begin anew."
_DELETE = "Revoke a token for good: from now on a call with it is answered 401."
_CREATE = """Print a new token on standard output, alone, and what it is on standard error:

  TOKEN=$(tempo-mock token create --person bob --scope worklogs:view)"""


def _tokens(options: argparse.Namespace, *, read_only: bool = False) -> "AbstractContextManager[FileTokens | ServerTokens]":
    return chosen_world(options, _served, _kept, read_only=read_only)


def _served(world: "ServedWorld") -> "FileTokens | ServerTokens":
    from mock_server.server_tokens import ServerTokens

    return ServerTokens(world)


def _kept(world: "WorldFile") -> "FileTokens | ServerTokens":
    from mock_server.file_tokens import FileTokens

    return FileTokens(world)


def _create(options: argparse.Namespace) -> int:
    with _tokens(options) as tokens:
        bean = tokens.create(options.person, options.name, options.days, options.scope)
    return _tell(bean, options)


def _regenerate(options: argparse.Namespace) -> int:
    with _tokens(options) as tokens:
        bean = tokens.regenerate(options.person, options.id)
    return _tell(bean, options)


def _tell(bean: dict[str, Any], options: argparse.Namespace) -> int:
    if options.json:
        print_json(bean)
        return 0
    say(f"token {bean['id']} of {bean['person']}, {_access(bean)}, until {bean['expiresAt']}; its text is told this once")
    print(bean["token"])
    return 0


def _delete(options: argparse.Namespace) -> int:
    with _tokens(options) as tokens:
        tokens.delete(options.person, options.id)
    say(f"token {options.id} of {options.person} is revoked")
    return 0


def _list(options: argparse.Namespace) -> int:
    with _tokens(options, read_only=True) as tokens:
        beans = tokens.list(options.person)
    if options.json:
        print_json(beans)
        return 0
    if not beans:
        say(f"{options.person} has no tokens; `tempo-mock token create --person {shlex.quote(options.person)}` makes one")
        return 0
    rows = [("ID", "NAME", "STATUS", "EXPIRES", "ACCESS")]
    rows += [(str(bean["id"]), bean["name"], bean["status"], bean["expiresAt"], _access(bean)) for bean in beans]
    print_table(rows)
    return 0


def _access(bean: dict[str, Any]) -> str:
    return "Full access" if bean["access"] == "full" else " ".join(bean["scopes"])
