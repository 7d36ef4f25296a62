"""Worlds side by side. A site is a store, a clock, settings and logins of its own, under its own path."""

import threading
from collections.abc import Callable, Iterable
from typing import Any

from mock_server.clock import Clock
from mock_server.domain.logins import Logins
from mock_server.errors import Invalid
from mock_server.settings import Settings
from mock_server.storage.store import Store

SITE_KEY = "tempo_mock.site"
"""Where the request's site stands in the WSGI environ."""

NOTES_KEY = "tempo_mock.notes"
"""Where the reasons for the console line stand in the WSGI environ."""

ACTOR_KEY = "tempo_mock.actor"
"""Where the caller's name stands in the WSGI environ, for the console line."""

PREFIX = "/sites/"

DEFAULT = "default"
"""Name of the site without prefix."""


class Site:
    """One isolated world."""

    def __init__(self, name: str, store: Store, clock: Clock, settings: Settings) -> None:
        self.name = name
        self.store = store
        self.clock = clock
        self.settings = settings
        self.logins = Logins()

    @property
    def prefix(self) -> str:
        """The path below which the world is served."""
        return "" if self.name == DEFAULT else PREFIX + self.name


class Sites:
    """The worlds of one server, by name."""

    def __init__(self, default: Site) -> None:
        self._lock = threading.Lock()
        self._sites = {DEFAULT: default}

    @property
    def default(self) -> Site:
        """The world without prefix."""
        return self._sites[DEFAULT]

    def get(self, name: str) -> Site | None:
        """By name, or None."""
        return self._sites.get(name)

    def add(self, site: Site) -> None:
        """Serve one more world. Raises ``Invalid`` for a name in use or one that is no plain path segment."""
        if not site.name or not all(c.isascii() and (c.isalnum() or c in "-_.") for c in site.name) or site.name[0] == ".":
            raise Invalid("A site's name is made of letters, digits, hyphens, underscores and dots.")
        with self._lock:
            if site.name in self._sites:
                raise Invalid(f"There is a site named {site.name} already.")
            self._sites[site.name] = site

    def close(self) -> None:
        """Let go of every world's database."""
        for site in self._sites.values():
            site.store.close()

    def route(self, application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
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
                body = f'{{"error": "There is no site named {"".join(c for c in name if c.isalnum() or c in "-_.")}."}}\n'
                start_response("404 Not Found", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
                return [body.encode("ascii", "replace")]
            environ[SITE_KEY] = site
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + site.prefix
            environ["PATH_INFO"] = slash + rest or "/"
            return application(environ, start_response)

        return routed
