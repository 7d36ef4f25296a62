"""Worlds side by side: a site is a store, a clock, settings and log-ins of its own, under its own path."""

import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from mock_server.clock import Clock
from mock_server.domain.logins import Logins
from mock_server.errors import Invalid, NotFound
from mock_server.faults.fault import Faults
from mock_server.job_runner import JobRunner
from mock_server.journal import Journal, Space
from mock_server.overlays import Overlays
from mock_server.page_sessions import PageSessions
from mock_server.rate_limit import RateLimit
from mock_server.remembered import Remembered
from mock_server.settings import Settings
from mock_server.storage.opening import in_memory
from mock_server.storage.store import Store
from mock_server.template import Snapshot, Template

ACT_AS_KEY = "tempo_mock.act_as"
"""In the WSGI environ of a call made inside this process: the row id of the person it is made for. No header comes here."""

SITE_KEY = "tempo_mock.site"
"""Where the request's site stands in the WSGI environ."""

NOTES_KEY = "tempo_mock.notes"
"""Where the reasons for the console line stand in the WSGI environ."""

ACTOR_KEY = "tempo_mock.actor"
"""Where the caller's name stands in the WSGI environ, for the console line."""

FAULT_KEY = "tempo_mock.fault"
"""Where a sentence about the fault that took the request stands in the WSGI environ."""

NEXT_KEY = "tempo_mock.next"
"""Where the address of the next page that an answer gives stands in the WSGI environ, for the journal."""

VIEW_KEY = "tempo_mock.view"
"""Where the endpoint that is called stands in the WSGI environ, for the journal."""

ALLOWED_ORIGIN_KEY = "tempo_mock.allowed_origin"
"""In the WSGI environ of a request from a page of an origin that the user named."""

REFUSAL_KEY = "tempo_mock.refusal"
"""A fact in the WSGI environ that the face answers with, whatever is asked: how a fault speaks the dialect of each face."""

CONNECTION_KEY = "tempo_mock.connection"
"""Where the ``connection.Channel`` that the request came by stands in the WSGI environ; a call without a socket has none."""

PREFIX = "/sites/"

DEFAULT = "default"
"""Name of the site without prefix."""

MOST_SITES = 10_000
MOST_SNAPSHOTS = 100

WSGI = Callable[..., Iterable[bytes]]


class Site:
    """One isolated world. With a template it has a store of its own only from its first write on."""

    def __init__(
        self,
        name: str,
        world: Store | Template,
        clock: Clock,
        settings: Settings,
        *,
        reference: str = "",
        start: datetime | None = None,
        is_kept: bool = False,
    ) -> None:
        """``reference`` and ``start`` are the scenario and the clock it was made with, for a reset.

        ``is_kept`` tells that the world is in a file of the user's.
        """
        self.name = name
        self.clock = clock
        self.settings = settings
        self.initial_settings = settings.as_dict()
        self.reference = reference
        self.start = start
        self.is_kept = is_kept
        self.logins = Logins()
        self.page_sessions = PageSessions()
        self.provider_sessions = PageSessions()
        self.rate_limit = RateLimit()
        self.remembered = Remembered()
        self.faults = Faults()
        self.journal = Journal()
        self.jobs = JobRunner()
        self.snapshots: dict[str, Snapshot] = {}
        self.overlays = Overlays()
        self.worlds = 0
        """How many scenarios took this place since it was made, by a reset or an import."""
        self._lock = threading.Lock()
        self.enter(world)

    def enter(self, world: Store | Template) -> None:
        """Show this world from now on. A request that runs meanwhile ends on the one before."""
        # Under the lock: a first write that copies its template just now must not put the copy in this one's place.
        with self._lock:
            self._template = world if isinstance(world, Template) else None
            self._own = None if isinstance(world, Template) else world
            self.shown = world.store if isinstance(world, Template) else world
            """The store to read from. To write, take ``store``."""

    @property
    def store(self) -> Store:
        """The site's own store, made now when it only read its template so far."""
        own = self._own
        if own is None:
            with self._lock:
                own = self._own
                if own is None and self._template is not None:
                    own = self._own = self.shown = self._template.copy()
        assert own is not None
        return own

    @property
    def written(self) -> Store | None:
        """The site's own store, or None while it only reads its template."""
        return self._own

    @property
    def is_written(self) -> bool:
        """Whether the site has a store of its own."""
        return self._own is not None

    @property
    def prefix(self) -> str:
        """The path below which the world is served."""
        return "" if self.name == DEFAULT else PREFIX + self.name

    def take_snapshot(self, name: str) -> None:
        """Remember the present data, settings and clock under a name; one of the same name is replaced.

        Raises ``Invalid`` when there are too many.
        """
        if name not in self.snapshots and len(self.snapshots) >= MOST_SNAPSHOTS:
            raise Invalid(f"A site keeps {MOST_SNAPSHOTS} snapshots at most.")
        own, template = self._own, self._template
        data = own.serialize() if own else None
        self.snapshots[name] = Snapshot(data, template, self.settings.as_dict(), self.clock.state)

    def restore_snapshot(self, name: str, confirmed: bool) -> None:
        """Be as at the time of a snapshot; what is armed stays.

        Raises ``NotFound``, and ``Invalid`` for a world in a file without confirmation.
        """
        check_confirmed(self, confirmed)
        snapshot = self.snapshots.get(name)
        if snapshot is None:
            raise NotFound(f"There is no snapshot named {name}.")
        self.faults.cut_waiting()
        if snapshot.data is None:
            assert snapshot.template is not None
            self.enter(snapshot.template)
        elif self.is_kept:
            self.store.replace(snapshot.data)
        else:
            self.enter(in_memory(snapshot.data))
        self.settings.replace(snapshot.settings)
        self.clock.restore(snapshot.clock)
        self.forget_visitors()
        self.jobs.resume(self)

    def forget_visitors(self) -> None:
        """Nobody is signed in any more, here or at a provider, and nobody has asked too often: the world is another one."""
        self.logins.forget()
        self.page_sessions.forget()
        self.provider_sessions.forget()
        self.rate_limit.forget()


class Sites:
    """The worlds of one server, by name."""

    def __init__(self, default: Site) -> None:
        self._lock = threading.Lock()
        self._sites = {DEFAULT: default}
        self._number = 0
        self._journal_space = Space()
        self._is_journalled = True
        self.jobs = default.jobs
        """What connects people in the background, for every site."""
        default.journal = self._new_journal()

    def write_no_journal(self) -> None:
        """No site keeps a journal, the present ones and those to come, unless it is switched on for one."""
        self._is_journalled = False
        for site in self.every():
            site.journal.enabled = False

    def _new_journal(self) -> Journal:
        return Journal(self._journal_space, enabled=self._is_journalled)

    @property
    def default(self) -> Site:
        """The world without prefix."""
        return self._sites[DEFAULT]

    def get(self, name: str) -> Site | None:
        """By name, or None."""
        return self._sites.get(name)

    def every(self) -> list[Site]:
        """All of them, the default one first, then in the order they were made."""
        with self._lock:
            return list(self._sites.values())

    def free_name(self) -> str:
        """A name that no site had before, for somebody who does not care."""
        with self._lock:
            while True:
                self._number += 1
                name = f"site{self._number}"
                if name not in self._sites:
                    return name

    def add(self, site: Site) -> None:
        """Serve one more world.

        Raises ``Invalid`` for a name in use, one that is no plain path segment, and when there are too many.
        """
        check_name(site.name)
        with self._lock:
            if site.name in self._sites:
                raise Invalid(f"There is a site named {site.name} already.")
            if len(self._sites) > MOST_SITES:
                raise Invalid(f"There are {MOST_SITES} sites already; delete some.")
            site.journal = self._new_journal()
            site.jobs = self.jobs
            self._sites[site.name] = site

    def remove(self, name: str) -> None:
        """Serve a world no longer. Raises ``NotFound``, and ``Invalid`` for the default one."""
        if name == DEFAULT:
            raise Invalid("The default site cannot be deleted; reset it instead.")
        with self._lock:
            site = self._sites.pop(name, None)
        if site is None:
            raise NotFound(f"There is no site named {name}.")
        self.jobs.forget(site)
        # What waits there on purpose need not any longer.
        site.faults.cut_waiting()
        site.faults.disarm_all()
        site.journal.close()

    def close(self) -> None:
        """Let go of every world's database, once nobody works in it."""
        self.jobs.close()
        for site in self.every():
            if site.is_written:
                site.store.close()

    def route(self, application: WSGI) -> WSGI:
        """A WSGI application that finds the request's world and hides its prefix from the faces."""
        default = self.default

        def routed(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            path: str = environ["PATH_INFO"]
            if not path.startswith(PREFIX):
                environ[SITE_KEY] = default
                return application(environ, start_response)
            name, slash, rest = path[len(PREFIX) :].partition("/")
            site = self._sites.get(name)
            if site is None or site is default:
                shown = "".join(c for c in name if c.isalnum() or c in "-_.")
                body = f'{{"error": "There is no site named {shown}."}}\n'.encode("ascii", "replace")
                headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
                start_response("404 Not Found", headers)
                return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
            environ[SITE_KEY] = site
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + site.prefix
            environ["PATH_INFO"] = slash + rest or "/"
            return application(environ, start_response)

        return routed


def check_confirmed(site: Site, confirmed: bool) -> None:
    """Raises ``Invalid`` when what is in a file of the user's would be lost without their word."""
    if site.is_kept and not confirmed:
        raise Invalid('This world is kept in a file of yours; send {"confirm": true} (or ?confirm=true) to lose what is in it.')


def check_name(name: str) -> None:
    """Raises ``Invalid`` unless the name can stand in a path as it is."""
    if not 0 < len(name) <= 100 or name[0] == "." or not all(c.isascii() and (c.isalnum() or c in "-_.") for c in name):
        raise Invalid("A name is made of letters, digits, hyphens, underscores and dots, a hundred at most.")
