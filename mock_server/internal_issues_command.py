"""``tempo-mock internal-issues``: which issues are internal and for which teams, as an administrator would choose."""

import argparse
import re
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from mock_server.world_options import WHICH_WORLD, add_json, add_world, chosen_world, number, print_json, print_table, say

if TYPE_CHECKING:
    from mock_server.file_internal_issues import FileInternalIssues
    from mock_server.served_world import ServedWorld
    from mock_server.server_internal_issues import ServerInternalIssues
    from mock_server.world_file import WorldFile

_ABOUT = f"""Internal issues are for time that is nobody's project: vacation, sick leave, training. Each is open to
some teams or to all, as an administrator chooses on the settings page.

{WHICH_WORLD}"""
_SET = """Make an issue internal, open to the teams that are named and to no others; without --team to all:

  tempo-mock internal-issues set HR-2 --team 3 --team 1

What was chosen for it before is forgotten."""
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,254}-[0-9]{1,18}|[0-9]{1,18}")


def add_to(commands: Any, exit_codes: str) -> None:
    """Make the command known to the parser's ``commands``; ``exit_codes`` end its help."""
    shape: dict[str, Any] = {"epilog": exit_codes, "formatter_class": argparse.RawDescriptionHelpFormatter}
    about = "list internal issues, and choose them and their teams"
    parser = commands.add_parser("internal-issues", help=about, description=_ABOUT, **shape)
    verbs = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    listing = verbs.add_parser("list", help="show every internal issue with the teams it is open to", **shape)
    listing.set_defaults(run=_list)
    choose = verbs.add_parser("set", help="make an issue internal, for some teams or for all", description=_SET, **shape)
    choose.set_defaults(run=_set)
    remove = verbs.add_parser("remove", help="make an internal issue an ordinary one", **shape)
    remove.set_defaults(run=_remove)
    for verb in (choose, remove):
        verb.add_argument("issue", type=_issue, metavar="ISSUE", help="its key or id, such as HR-2")
    choose.add_argument(
        "--team", action="append", type=number, metavar="ID", help="a team it is open to; may be repeated (default all)"
    )
    for verb in (listing, choose, remove):
        add_world(verb)
        if verb is not remove:
            add_json(verb)


def _issue(argument: str) -> str:
    if not _NAME.fullmatch(argument):
        raise argparse.ArgumentTypeError("an issue is named by its key or id, such as HR-2 or 10240")
    return argument


def _issues(
    options: argparse.Namespace, *, read_only: bool = False
) -> "AbstractContextManager[FileInternalIssues | ServerInternalIssues]":
    return chosen_world(options, _served, _kept, read_only=read_only)


def _served(world: "ServedWorld") -> "FileInternalIssues | ServerInternalIssues":
    from mock_server.server_internal_issues import ServerInternalIssues

    return ServerInternalIssues(world)


def _kept(world: "WorldFile") -> "FileInternalIssues | ServerInternalIssues":
    from mock_server.file_internal_issues import FileInternalIssues

    return FileInternalIssues(world)


def _list(options: argparse.Namespace) -> int:
    with _issues(options, read_only=True) as issues:
        beans = issues.list()
    if options.json:
        print_json(beans)
    elif beans:
        rows = [(str(bean["id"]), bean["key"], _teams(bean), bean["summary"]) for bean in beans]
        print_table([("ID", "KEY", "TEAMS", "SUMMARY"), *rows])
    else:
        say("no issue is internal; `tempo-mock internal-issues set KEY` makes one so")
    return 0


def _set(options: argparse.Namespace) -> int:
    with _issues(options) as issues:
        bean = issues.put(options.issue, options.team or ())
    if options.json:
        print_json(bean)
    else:
        teams = f"the teams {_teams(bean)}" if bean["teams"] else "all teams"
        say(f"{bean['key']} is internal and open to {teams}")
    return 0


def _remove(options: argparse.Namespace) -> int:
    with _issues(options) as issues:
        issues.remove(options.issue)
    say(f"{options.issue} is an ordinary issue")
    return 0


def _teams(bean: dict[str, Any]) -> str:
    return " ".join(map(str, bean["teams"])) or "all"
