"""A test's own Tempo."""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from mock_server.env_command import persona, variables
from mock_server.errors import Fact, Unusable
from mock_server.host import CONTEXT
from mock_server.scenario import find
from mock_server.sites import Site
from mock_server.testing.clock import WorldClock
from mock_server.testing.in_process import InProcess
from mock_server.testing.world_settings import WorldSettings

if TYPE_CHECKING:
    from mock_server.testing.faults import WorldFaults
    from mock_server.testing.journal import WorldJournal
    from mock_server.testing.make import Make
    from mock_server.worlds import Worlds

__tracebackhide__ = True

T = TypeVar("T")

SNAPSHOT = "snapshot"
"""Name of the one snapshot of a test that names none."""


class Tempo:
    """A world of its own on a real port: Tempo Cloud and the Jira beside it, Data Center too.

    Neither address ends in a slash. ``clock``, ``settings``, ``faults`` and ``journal`` are the world's.
    """

    def __init__(self, worlds: "Worlds", site: Site, root: str, faces: InProcess) -> None:
        """``root`` is where the site is served, ``faces`` answer for it inside this process."""
        self._worlds = worlds
        self._site = site
        self._faces = faces
        self.url = root
        """What stands before ``/4/...``: TEMPO_URL of `tempo-mock env`."""
        self.jira_url = root
        """What stands before ``/rest/api/3/...``, as a client of Jira Cloud takes it: JIRA_URL of `tempo-mock env`."""
        self.datacenter_url = root + CONTEXT
        """Jira Data Center with its context, before ``/rest/api/2/...`` and ``/rest/tempo-teams/...``."""
        self.clock = WorldClock(site.clock, site.settings)

    def __repr__(self) -> str:
        return f"<Tempo at {self.url}, scenario {self._site.reference}>"

    @property
    def settings(self) -> WorldSettings:
        """The settings of the world, as a mapping that can be changed."""
        return WorldSettings(self._site)

    @cached_property
    def make(self) -> "Make":
        """Builders: ``tempo.make.worklog(person="bob", time_spent="2h")``."""
        # Imported where something is made: most tests of a reading client make nothing.
        from mock_server.testing.make import Make
        from mock_server.testing.names import Names

        return Make(self._site, self._faces, Names(self._site, self._login_name), self.clock)

    @cached_property
    def faults(self) -> "WorldFaults":
        """What breaks requests: ``tempo.faults.arm(path="/4/worklogs", status=429, count=2)``."""
        from mock_server.testing.faults import WorldFaults

        return WorldFaults(self._faces)

    @cached_property
    def journal(self) -> "WorldJournal":
        """What was asked: ``tempo.journal.assert_called("GET", "/4/worklogs", times=3)``."""
        from mock_server.testing.journal import WorldJournal

        return WorldJournal(self._faces, self._login_name)

    def persona(self, name: str) -> dict[str, Any]:
        """All that the target file of the scenario says of a persona, such as admin, member or viewer in guide.

        Raises ``LookupError`` when it knows none of the name, or when there is no such file.
        """
        return _looked_up(lambda: persona(self._target, name))

    def token(self, name: str) -> str:
        """The published token of Tempo Cloud of a persona. Raises ``LookupError``."""
        return self._credential(name, "token", "tempo.make.token(person=...)")

    def api_token(self, name: str) -> str:
        """The published API token of Jira Cloud of a persona, for Basic with their e-mail address. Raises ``LookupError``."""
        return self._credential(name, "api_token", "api_tokens in the scenario's jira_api_tokens.json")

    def env(self, name: str = "admin") -> dict[str, str]:
        """The variables that `tempo-mock env` prints for a persona, for this world. Raises ``LookupError``."""
        return _looked_up(lambda: variables(self._target, name, self.url))

    def snapshot(self, name: str = SNAPSHOT) -> None:
        """Remember data, settings and clock under a name; one of the same name is replaced."""
        self._site.take_snapshot(name)

    def restore(self, name: str = SNAPSHOT) -> None:
        """Be as at the time of a snapshot, which is kept. Raises ``LookupError`` when there is none of the name."""
        try:
            self._site.restore_snapshot(name, True)
        except Fact as error:
            raise LookupError(str(error)) from None

    def reset(self) -> None:
        """Begin anew: data, settings, clock, log-ins."""
        self._worlds.reset(self._site, True)

    @property
    def _target(self) -> Path:
        return find(self._site.reference) / "target.toml"

    def _credential(self, name: str, kind: str, way_out: str) -> str:
        told = self.persona(name)
        if kind not in told:
            raise LookupError(f"The persona {name} has no {kind}; make one with {way_out}.")
        return str(told[kind])

    def _login_name(self, name: str) -> str | None:
        """The login name of a persona; None when the scenario has none of the name."""
        try:
            return str(self.persona(name)["user"])
        except LookupError:
            return None


def _looked_up(look: Callable[[], T]) -> T:
    try:
        return look()
    except Unusable as error:
        raise LookupError(str(error)) from None
