"""What checks of integrations are given: a site of a fake, and the commands of the integration."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.client import Caller, Wire
from conformance.integration import accounts, contract, fake, work_world
from conformance.integration.accounts import TimeAccounts
from conformance.integration.contract import Integration
from conformance.integration.site import Site
from conformance.integration.work_world import WorkWorld
from conformance.integration.world import World
from conformance.plugin import RUN
from conformance.run import ANONYMOUS, Run

TOLD = "requests of the program under test, the last ones (with the body that was sent)"


@pytest.fixture(scope="session")
def fake_url(pytestconfig: pytest.Config) -> Iterator[str]:
    """The URL of the fake of this run."""
    with fake.started(pytestconfig.getoption("--fake") or fake.COMMAND, pytestconfig.getoption("--http-timeout")) as url:
        yield url


@pytest.fixture
def world(pytestconfig: pytest.Config, fake_url: str) -> Iterator[World]:
    """A prepared site that nobody else uses, for absences."""
    run = pytestconfig.stash[RUN]
    outside, inside = _wire(run, fake_url), None
    with fake.site(Caller(outside, ANONYMOUS)) as url:
        inside = _wire(run, url)
        made = World(Caller(inside, ANONYMOUS))
        _begin(run, made)
        yield made
    outside.close()
    inside.close()


@pytest.fixture(scope="session")
def work_site(pytestconfig: pytest.Config, fake_url: str) -> Iterator[Caller]:
    """A site on which nobody has logged work; every check begins with it as it is."""
    run = pytestconfig.stash[RUN]
    outside, inside = _wire(run, fake_url), None
    with fake.site(Caller(outside, ANONYMOUS), work_world.SETTINGS) as url:
        inside = _wire(run, url)
        caller = Caller(inside, ANONYMOUS)
        work_world.prepare(caller)
        yield caller
    outside.close()
    inside.close()


@pytest.fixture
def work(pytestconfig: pytest.Config, work_site: Caller) -> WorkWorld:
    """The site of a check of worklogs."""
    work_world.restore(work_site)
    made = WorkWorld(work_site)
    _begin(pytestconfig.stash[RUN], made)
    return made


@pytest.fixture
def integration(pytestconfig: pytest.Config, world: World, tmp_path: Path) -> Integration:
    """The absence integration with an empty state, for the site of the check."""
    options = pytestconfig.option
    commands = contract.Commands(options.run_command, options.preview or "", options.rules, options.run_timeout)
    return Integration(commands, world, tmp_path)


@pytest.fixture
def sync(pytestconfig: pytest.Config, work: WorkWorld, tmp_path: Path) -> TimeAccounts:
    """The worklog integration with an empty state, for the site of the check."""
    options = pytestconfig.option
    return TimeAccounts(accounts.Commands(options.run_command, options.accounts, options.run_timeout), work, tmp_path)


def _wire(run: Run, url: str) -> Wire:
    return Wire(url, run.journal, seconds=run.seconds, read_only=False)


def _begin(run: Run, site: Site) -> None:
    # What follows is asked by the integration; a failure tells its calls and not how the site was made.
    site.forget()
    run.journal.begin()
    run.evidence = lambda: (TOLD, site.told())
