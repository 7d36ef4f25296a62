"""Starts the fake that an integration is judged against, and makes a site of it for every check."""

from __future__ import annotations

import contextlib
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import IO

from conformance import expect
from conformance.calls import Unmet
from conformance.client import Caller

COMMAND = f"{shlex.quote(sys.executable)} -m mock_server serve --port 0 --scenario guide --quiet"
READY = "ready on "
SETTINGS = MappingProxyType({"globalConfiguration.planApprovalEnabled": "on"})
STOP_SECONDS = 10.0


@contextlib.contextmanager
def started(command: str, seconds: float) -> Iterator[str]:
    """The URL of a fake that runs until the end. command: starts it and says `ready on URL`. Raises Unmet."""
    try:
        process = subprocess.Popen(
            shlex.split(command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
    except (OSError, ValueError) as error:
        raise Unmet(f"a fake that starts with {command}", str(error)) from error
    # A fake that never says that it is ready must not keep the run for ever.
    patience = threading.Timer(seconds, process.kill)
    patience.start()
    try:
        assert process.stdout is not None
        url = _ready(process.stdout)
        patience.cancel()
        if url is None:
            raise Unmet(f"a fake that says `{READY}URL` within {seconds:g} seconds", f"{command} ended without")
        yield url
    finally:
        patience.cancel()
        _stop(process)


@contextlib.contextmanager
def site(control: Caller, settings: Mapping[str, str] = SETTINGS) -> Iterator[str]:
    """The URL of a site of its own. control: calls the fake itself."""
    made = expect.json_object(control.post("_mock/sites", {"settings": dict(settings)}))
    yield str(made["url"])
    control.delete(f"_mock/sites/{made['name']}")


def _ready(output: IO[str]) -> str | None:
    for line in output:
        if READY in line:
            return line.partition(READY)[2].strip()
    return None


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
