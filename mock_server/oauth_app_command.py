"""``tempo-mock oauth-app``: OAuth 2.0 applications, made, listed and deleted as an administrator would."""

import argparse
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
    from mock_server.file_oauth_applications import FileOAuthApplications
    from mock_server.served_world import ServedWorld
    from mock_server.server_oauth_applications import ServerOAuthApplications
    from mock_server.world_file import WorldFile

_ABOUT = f"""OAuth 2.0 applications of Tempo Cloud: clients that act for whoever consents on a page of theirs.

{WHICH_WORLD}"""
_CREATE = """Print the client id and the secret of a new application, a line each; what it is stands on standard error. The
secret is told this once. --person is somebody with all four kinds of administration, Jira's and Tempo's:

  tempo-mock oauth-app create --person fred --name Sync --redirect-uri http://localhost:8000/callback"""


def add_to(commands: Any, exit_codes: str) -> None:
    """Make the command known to the parser's ``commands``; ``exit_codes`` end its help."""
    shape: dict[str, Any] = {"epilog": exit_codes, "formatter_class": argparse.RawDescriptionHelpFormatter}
    about = "make, list and delete OAuth 2.0 applications"
    parser = commands.add_parser("oauth-app", help=about, description=_ABOUT, **shape)
    verbs = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    create = verbs.add_parser("create", help="make an application, print its id and, this once, its secret",
                              description=_CREATE, **shape)  # fmt: skip
    create.add_argument("--person", type=text, required=True, metavar="NAME", help="the administrator who makes it")
    create.add_argument("--name", type=text, required=True, help="what people are told that asks them")
    create.add_argument(
        "--redirect-uri", action="append", type=text, required=True, metavar="URI",
        help="where people are sent back to, letter for letter; may be repeated",
    )  # fmt: skip
    create.add_argument("--public", action="store_true", help="a client that cannot keep a secret need not send it")
    create.add_argument(
        "--scope", action="append", type=text, metavar="SCOPE", help="such as worklogs:view; may be repeated (default all)"
    )
    create.set_defaults(run=_create)
    listing = verbs.add_parser("list", help="show every application, without secrets", **shape)
    listing.set_defaults(run=_list)
    delete = verbs.add_parser("delete", help="delete an application, with every token it was given", **shape)
    delete.add_argument("id", type=number, metavar="ID", help="as `tempo-mock oauth-app list` shows it")
    delete.set_defaults(run=_delete)
    for verb in (create, listing, delete):
        add_world(verb)
        if verb is not delete:
            add_json(verb)


def _applications(
    options: argparse.Namespace, *, read_only: bool = False
) -> "AbstractContextManager[FileOAuthApplications | ServerOAuthApplications]":
    return chosen_world(options, _served, _kept, read_only=read_only)


def _served(world: "ServedWorld") -> "FileOAuthApplications | ServerOAuthApplications":
    from mock_server.server_oauth_applications import ServerOAuthApplications

    return ServerOAuthApplications(world)


def _kept(world: "WorldFile") -> "FileOAuthApplications | ServerOAuthApplications":
    from mock_server.file_oauth_applications import FileOAuthApplications

    return FileOAuthApplications(world)


def _create(options: argparse.Namespace) -> int:
    client_type = "public" if options.public else "confidential"
    with _applications(options) as applications:
        bean = applications.create(options.person, options.name, options.redirect_uri, client_type, options.scope)
    if options.json:
        print_json(bean)
        return 0
    say(f"application {bean['id']}, {bean['name']}: its client id, and its secret, which is told this once")
    print(bean["clientId"])
    print(bean["clientSecret"])
    return 0


def _list(options: argparse.Namespace) -> int:
    with _applications(options, read_only=True) as applications:
        beans = applications.list()
    if options.json:
        print_json(beans)
    elif beans:
        print_table([("ID", "NAME", "CLIENT ID", "TYPE", "REDIRECT URIS"), *map(_row, beans)])
    else:
        say("there are no applications; `tempo-mock oauth-app create` makes one")
    return 0


def _row(bean: dict[str, Any]) -> tuple[str, ...]:
    return str(bean["id"]), bean["name"], bean["clientId"], bean["clientType"], " ".join(bean["redirectUris"])


def _delete(options: argparse.Namespace) -> int:
    with _applications(options) as applications:
        applications.delete(options.id)
    say(f"application {options.id} is deleted")
    return 0
