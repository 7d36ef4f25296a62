"""A trial of the commands before anything is judged: a mistyped one would fail every check, and none would say why."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from conformance.calls import Journal, Unmet
from conformance.client import Caller, Wire
from conformance.integration import accounts, contract, fake
from conformance.integration.program import Ended, Program
from conformance.integration.site import Site
from conformance.integration.work_world import WorkWorld
from conformance.integration.world import World
from conformance.run import ANONYMOUS

MOST = 300
"""Characters of an output that the sentence tells."""


class Tried(NamedTuple):
    """A command to be tried. option: that gave it. codes: that it may end with here."""

    option: str
    command: str
    codes: Sequence[int]


def problem(kind: str, tried: Sequence[Tried], fake_command: str, seconds: float, http_seconds: float) -> str | None:
    """A sentence on the first command that does not do what its contract says, None where all seem to.

    kind: absences or worklogs. seconds: that a command may take, http_seconds: that the fake may take for an answer.
    Only a command that ends with a code of no contract, and that asked nothing of the fake, is told: whatever else is wrong
    is for the checks.
    """
    journal = Journal()
    try:
        with fake.started(fake_command, http_seconds) as url:
            outside = Wire(url, journal, seconds=http_seconds, read_only=False)
            with fake.site(Caller(outside, ANONYMOUS)) as place, tempfile.TemporaryDirectory() as folder:
                inside = Wire(place, journal, seconds=http_seconds, read_only=False)
                found = _tried(kind, tried, Caller(inside, ANONYMOUS), Path(folder), seconds)
                inside.close()
            outside.close()
            return found
    except Unmet:
        # A fake that does not start, a command that never ends: the checks tell it with all that belongs to it.
        return None


def _tried(kind: str, tried: Sequence[Tried], caller: Caller, folder: Path, seconds: float) -> str | None:
    site, program = _program(kind, caller, folder, seconds)
    for one in tried:
        site.forget()
        ended = program.call(one.command)
        if ended.code not in one.codes and not site.asked():
            return _sentence(one, ended, site)
    return None


def _program(kind: str, caller: Caller, folder: Path, seconds: float) -> tuple[Site, Program]:
    if kind == "absences":
        world = World(caller)
        return world, contract.Integration(contract.Commands("", "", "", seconds), world, folder)
    work = WorkWorld(caller)
    return work, accounts.TimeAccounts(accounts.Commands("", "", seconds), work, folder)


def _sentence(one: Tried, ended: Ended, site: Site) -> str:
    said = (ended.err.strip() or ended.out.strip() or "nothing").splitlines()[-1][:MOST]
    for secret in site.secrets:
        said = said.replace(secret, "***")
    allowed = ", ".join(map(str, one.codes))
    return (
        f"{one.option} {one.command!r} cannot be judged: it asked nothing of the fake and ended with {ended.code}, where "
        f"{allowed} may be, saying: {said}"
    )
