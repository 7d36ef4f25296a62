"""Write a configuration with every option, its default and what it does."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``tempo-sync init``."""
    parser.add_argument("--force", action="store_true", help="overwrite a configuration that is there")
    parser.add_argument(
        "--tempo-url", type=_address, default="https://api.tempo.io", metavar="URL", help="where Tempo's API is (%(default)s)"
    )
    parser.add_argument(
        "--jira-url",
        type=_address,
        default="https://your-site.atlassian.net",
        metavar="URL",
        help="the Jira site (%(default)s)",
    )
    parser.add_argument("--jira-user", type=_line, default="", metavar="EMAIL", help="whose token of Jira is used")


def run(options: argparse.Namespace) -> int:
    """Answers the exit code. Raises ``Mistaken``."""
    from integration.first_configuration import text

    _write(options.config, text(options.tempo_url, options.jira_url, options.jira_user), force=options.force)
    if options.json:
        json.dump({"written": str(options.config)}, sys.stdout)
        print()
    else:
        print(f"{options.config} is written. Next: export TEMPO_TOKEN and JIRA_TOKEN, then `tempo-sync connect`.")
    return 0


def _write(path: Path, content: str, *, force: bool) -> None:
    from integration import private_files
    from integration.settings import Mistaken

    try:
        # Private: somebody may put a token into it in spite of all.
        if path.exists() and not force:
            raise Mistaken(f"{path} is there already; --force overwrites it.")
        private_files.write(path, content)
    except OSError as error:
        raise Mistaken(f"{path} cannot be written ({error.strerror}).") from None


def _address(value: str) -> str:
    from integration.address import mistake

    wrong = mistake(value)
    if wrong:
        raise argparse.ArgumentTypeError(f"an address {wrong}")
    return _line(value)


def _line(value: str) -> str:
    if not value.isprintable():
        raise argparse.ArgumentTypeError(f"{value!r} has signs that belong there nowhere")
    return value
