"""The command `tempo-conformance`: judge a server or an integration, or list what is required."""

from __future__ import annotations

import argparse
import contextlib
import importlib.metadata
import json
import os
import shlex
import shutil
import signal
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

import pytest

from conformance.catalogue import GRADES, TIERS, Requirement, read_catalogue
from conformance.checks import SUITE, read_checks
from conformance.descriptions import EXITS, INTEGRATION, SERVER
from conformance.options import (
    BROKEN,
    FACES,
    INTEGRATIONS,
    INTERRUPTED,
    NOT_MET,
    NOTHING_CHECKED,
    OF_KIND,
    OK,
    USAGE,
    add_choice,
    add_integration_options,
    add_options,
)
from conformance.reach import unreachable
from conformance.target import TargetError, read_target


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command with `argv` (default: the process's arguments) and returns the exit code."""
    parser = _parser()
    options, rest = parser.parse_known_args(argv)
    if options.command == "server":
        return _server(options, rest)
    if options.command == "integration":
        return _integration(options, rest)
    if rest:
        parser.error(f"unknown arguments: {' '.join(rest)}")
    if options.command == "requirements":
        return _requirements(as_json=options.json)
    parser.print_help()
    return USAGE


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        "tempo-conformance", description=(__doc__ or "").strip(), formatter_class=raw, epilog=EXITS, allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    server = commands.add_parser(
        "server", help="judge the server at a URL", formatter_class=raw, description=SERVER, allow_abbrev=False
    )
    add_options(server.add_argument)
    integration = commands.add_parser(
        "integration", help="judge an integration", formatter_class=raw, description=INTEGRATION, allow_abbrev=False
    )
    integration.add_argument(
        "kind",
        choices=INTEGRATIONS,
        help="absences: time planned off becomes out-of-office rules; worklogs: work becomes time accounts",
    )
    add_integration_options(integration.add_argument)
    add_choice(integration.add_argument)
    requirements = commands.add_parser(
        "requirements",
        help="list what is required",
        description="Lists every requirement with its grade, tier, source and checks.",
        allow_abbrev=False,
    )
    requirements.add_argument("--json", action="store_true", help="as a JSON array, for programs")
    return parser


def _version() -> str:
    try:
        return f"tempo-conformance {importlib.metadata.version('tempo-mock-server')}"
    except importlib.metadata.PackageNotFoundError:
        return "tempo-conformance (not installed)"


def _server(options: argparse.Namespace, rest: list[str]) -> int:
    if not options.tempo_url or not options.target:
        return _refuse("server needs --tempo-url URL and --target FILE; `tempo-conformance server --help` explains both")
    try:
        target = read_target(Path(options.target))
    except TargetError as error:
        return _refuse(str(error))
    url = options.tempo_url.rstrip("/")
    if problem := _url_problem(url) or unreachable(url, target, options.face, options.http_timeout):
        return _refuse(problem)
    arguments = [
        f"--tempo-url={url}",
        f"--target={options.target}",
        f"--http-timeout={options.http_timeout}",
        *(["--read-only"] if options.read_only else []),
        *(["--strict-only"] if options.strict_only else []),
        f"--seed={options.seed}",
        *(f"--face={face}" for face in options.face),
        *(f"--requirement={slug}" for slug in options.requirement),
        *rest,
    ]
    return _run_pytest(arguments, [SUITE / face for face in options.face or FACES])


def _integration(options: argparse.Namespace, rest: list[str]) -> int:
    shows, others = OF_KIND[options.kind]
    if not options.run_command or not getattr(options, shows):
        return _refuse(f"integration needs --command and --{shows}; `tempo-conformance integration --help` explains both")
    if foreign := next((name for name in others if getattr(options, name)), None):
        return _refuse(f"--{foreign} is not for {options.kind}; `tempo-conformance integration --help` explains what is")
    for command in (options.run_command, getattr(options, shows), options.preview, options.fake):
        if command and shutil.which(program := shlex.split(command)[0]) is None:
            return _refuse(f"there is no program {program} to start; name it with its path")
    if found := _trial(options):
        return _refuse(found)
    arguments = [
        f"--command={options.run_command}",
        f"--{shows}={getattr(options, shows)}",
        *([f"--preview={options.preview}"] if options.preview else []),
        *([f"--fake={options.fake}"] if options.fake else []),
        f"--run-timeout={options.run_timeout}",
        f"--http-timeout={options.http_timeout}",
        *(["--strict-only"] if options.strict_only else []),
        *(f"--requirement={slug}" for slug in options.requirement),
        *rest,
    ]
    return _run_pytest(arguments, sorted((SUITE / "integration").glob(f"test_{options.kind}_*.py")))


def _trial(options: argparse.Namespace) -> str | None:
    from conformance.integration import accounts, contract, fake
    from conformance.integration.trial import Tried, problem

    if options.kind == "worklogs":
        tried = [
            Tried("--command", options.run_command, accounts.OF_A_RUN),
            Tried("--accounts", options.accounts, accounts.OF_ACCOUNTS),
        ]
    else:
        tried = [
            Tried("--command", options.run_command, contract.OF_A_RUN),
            Tried("--rules", options.rules, (contract.IN_SYNC,)),
            # Nothing is pending after the run.
            *([Tried("--preview", options.preview, contract.OF_A_RUN)] if options.preview else []),
        ]
    return problem(options.kind, tried, options.fake or fake.COMMAND, options.run_timeout, options.http_timeout)


def _run_pytest(arguments: list[str], places: Sequence[Path]) -> int:
    """Runs the checks below some places in this process, apart from the configuration and plugins of the present folder."""
    own = [
        f"--rootdir={SUITE}",
        "-c",
        str(SUITE / "suite.ini"),
        "--import-mode=importlib",
        "--strict-config",
        "--strict-markers",
        "--disable-plugin-autoload",
        "-p",
        "conformance.plugin",
        "-p",
        "no:cacheprovider",
        "--tb=short",
        "-rs",
    ]
    with _plain_environment(), _terminable():
        code = int(pytest.main([*own, *arguments, *map(str, places)]))
    exits = {
        pytest.ExitCode.OK: OK,
        pytest.ExitCode.TESTS_FAILED: NOT_MET,
        pytest.ExitCode.INTERRUPTED: INTERRUPTED,
        pytest.ExitCode.USAGE_ERROR: USAGE,
        pytest.ExitCode.NO_TESTS_COLLECTED: NOTHING_CHECKED,
    }
    return exits.get(pytest.ExitCode(code), BROKEN)


@contextlib.contextmanager
def _plain_environment() -> Iterator[None]:
    """Takes the environment's own pytest options away for a while: they were meant for another project's tests."""
    taken = {name: os.environ.pop(name) for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS") if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(taken)


@contextlib.contextmanager
def _terminable() -> Iterator[None]:
    """Lets SIGTERM end a run as Ctrl-C does, so that a cancelled CI job removes what it made."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGTERM, interrupt)
    except ValueError:  # not in the main thread: nobody can send us a signal here
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _url_problem(url: str) -> str | None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return f"--tempo-url {url!r} is not a URL such as http://localhost:8090"
    if "@" in parts.netloc:
        return "--tempo-url must not hold a user or a password; they belong into the target file"
    if parts.query or parts.fragment:
        return f"--tempo-url {url!r} must end with its path, without ? and #"
    return None


def _refuse(problem: str) -> int:
    sys.stderr.write(f"tempo-conformance: {problem}\n")
    return USAGE


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _requirements(*, as_json: bool) -> int:
    catalogue = read_catalogue()
    checks: dict[str, list[str]] = {slug: [] for slug in catalogue}
    for check in read_checks():
        for slug in check.cites:
            checks[slug].append(check.id)
    if as_json:
        _say(
            json.dumps(
                [found.as_dict() | {"checks": checks[found.id]} for found in catalogue.values()],
                indent=2,
                ensure_ascii=False,
            )
        )
        return OK
    for found in catalogue.values():
        _say(_listed(found, len(checks[found.id])))
    strict = sum(found.tier == "strict" for found in catalogue.values())
    _say(f"{len(catalogue)} requirements, {strict} strict, {len(catalogue) - strict} shape\n")
    _say("\n".join(f"grade {letter:3} {meaning}" for letter, meaning in GRADES.items()))
    _say("\n".join(f"tier {tier:7} {meaning}" for tier, meaning in TIERS.items()))
    return OK


def _listed(found: Requirement, checks: int) -> str:
    told = "unchecked: " + found.unchecked if found.unchecked else f"{checks} check{'' if checks == 1 else 's'}"
    text = textwrap.fill(found.text, 118, initial_indent="    ", subsequent_indent="    ")
    return f"{found.id}  ({found.tier}, grade {found.grade}, {told})\n{text}\n    source: {found.source}\n"
