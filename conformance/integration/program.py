"""A program under test: commands that are started with the variables of its contract, and what they said in the end."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from conformance.calls import HIDDEN, Unmet
from conformance.integration.site import Site

SHOWN = 600
"""Characters of an output that a failure tells."""


class Ended(NamedTuple):
    """A command that came to its end."""

    command: str
    code: int
    out: str
    err: str


class Program:
    """What the commands of an integration share: a site, a setup and a state of their own. Every method raises Unmet."""

    def __init__(self, prefix: str, site: Site, folder: Path, setup: Mapping[str, Any], seconds: float) -> None:
        """prefix: of the contract's own variables. folder: empty; for setup and state. seconds: that a command may take."""
        self._prefix, self._site, self._seconds = prefix, site, seconds
        self._setup = folder / "setup.json"
        self.state = folder / "state"
        self.state.mkdir()
        self.ended: list[Ended] = []
        self.write_setup(setup)

    def write_setup(self, setup: Mapping[str, Any]) -> None:
        """What the next call is to find as its setup."""
        self._setup.write_text(json.dumps(setup), encoding="utf-8")

    def call(self, command: str, *, hasty: bool = True) -> Ended:
        """A command, to its end."""
        environment = {
            **os.environ,
            "TEMPO_URL": self._site.tempo_url,
            "TEMPO_TOKEN": self._site.tempo_token,
            "JIRA_URL": self._site.url,
            "JIRA_USER": self._site.jira_user,
            "JIRA_TOKEN": self._site.jira_token,
            f"{self._prefix}_SETUP": str(self._setup),
            f"{self._prefix}_STATE": str(self.state),
            f"{self._prefix}_HASTE": "1" if hasty else "0",
        }
        ended = _ended(command, environment, self._seconds)
        self.ended.append(ended)
        return ended


def need(holds: object, expected: str, ended: Ended, site: Site) -> None:
    """Raises Unmet with what the command said unless `holds`."""
    if not holds:
        raise Unmet(expected, told(ended, site))


def told(ended: Ended, site: Site) -> str:
    """The end of a command for a reader, without its secrets."""
    lines = [f"exit code {ended.code} of {ended.command}"]
    lines += [
        f"{name}: {text.strip()[-SHOWN:]}" for name, text in (("stdout", ended.out), ("stderr", ended.err)) if text.strip()
    ]
    shown = "\n".join(lines)
    for secret in site.secrets:
        shown = shown.replace(secret, HIDDEN)
    return shown


def _ended(command: str, environment: Mapping[str, str], seconds: float) -> Ended:
    try:
        process = subprocess.Popen(
            shlex.split(command),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
    except (OSError, ValueError, IndexError) as error:
        raise Unmet(f"a command that can be started: {command}", str(error)) from error
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise Unmet(f"an end within {seconds:g} seconds", f"{command} still ran") from error
    finally:
        if process.returncode is None:
            _kill(process)
    return Ended(command, process.returncode, out, err)


def _kill(process: subprocess.Popen[str]) -> None:
    """Ends it with whatever it started, which may hold the pipes open."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
