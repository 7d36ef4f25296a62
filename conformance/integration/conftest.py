"""What checks of integrations are given: a site of a fake, and the commands of the integration."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.client import Caller, Wire
from conformance.integration import fake
from conformance.integration.contract import Commands, Integration
from conformance.integration.world import World
from conformance.plugin import RUN
from conformance.run import ANONYMOUS


@pytest.fixture(scope="session")
def fake_url(pytestconfig: pytest.Config) -> Iterator[str]:
    """The URL of the fake of this run."""
    with fake.started(pytestconfig.getoption("--fake") or fake.COMMAND, pytestconfig.getoption("--http-timeout")) as url:
        yield url


@pytest.fixture
def world(pytestconfig: pytest.Config, fake_url: str) -> Iterator[World]:
    """A prepared site that nobody else uses."""
    run = pytestconfig.stash[RUN]
    wires: list[Wire] = []

    def caller(url: str) -> Caller:
        wires.append(Wire(url, run.journal, seconds=run.seconds, read_only=False))
        return Caller(wires[-1], ANONYMOUS)

    with fake.site(caller(fake_url)) as url:
        made = World(caller(url))
        # What follows is asked by the integration; a failure tells its calls and not how the site was made.
        run.journal.begin()
        yield made
    for wire in wires:
        wire.close()


@pytest.fixture
def integration(pytestconfig: pytest.Config, world: World, tmp_path: Path) -> Integration:
    """The integration with an empty state, for the site of the check."""
    options = pytestconfig.option
    commands = Commands(options.run_command, options.preview or "", options.rules, options.run_timeout)
    return Integration(commands, world, tmp_path)
