"""Composition root: puts worlds, faces and console together. The only module that knows every other."""

import sys
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TextIO

from mock_server.config import Options
from mock_server.console import Console, explained
from mock_server.cors import Cors
from mock_server.faces import APIS, OWN_PAGES, Faces
from mock_server.faults.layer import broken
from mock_server.journalled import journalled
from mock_server.origin import Forwarded
from mock_server.scenario import find, read
from mock_server.seed import SCENARIO_KEY
from mock_server.sites import DEFAULT, WSGI, Sites
from mock_server.storage import world
from mock_server.storage.opening import on_disk
from mock_server.worlds import Templates, Worlds, kept_site, templated_site


class Origin(NamedTuple):
    """Where a world's data comes from, as a sentence, and the passwords by name where the scenario has just set them."""

    sentence: str
    passwords: dict[str, str]


def open_worlds(options: Options) -> tuple[Worlds, Origin]:
    """The world a server starts with and what others are made from, and where its data comes from.

    Raises ``Unusable`` for a scenario or a database that cannot be used.
    """
    scenario = read(find(options.scenario))
    passwords = {entry["name"]: entry["password"] for entry in scenario.entries["people"] if entry["password"]}
    templates = Templates()
    if options.database is None:
        site = templated_site(DEFAULT, templates, scenario.reference, options.clock, options.settings, scenario)
        origin = Origin(f"scenario {scenario.name}, kept in memory only", passwords)
    else:
        store = on_disk(options.database)
        seeded_from = world.get(store, SCENARIO_KEY)
        site = kept_site(DEFAULT, store, scenario, options.clock, options.settings)
        origin = Origin(f"scenario {scenario.name}, kept in {options.database}", passwords)
        if seeded_from is not None:
            sentence = f"{options.database} as it was left, seeded from {seeded_from}; --scenario does not change it"
            origin = Origin(sentence, {})
    return Worlds(Sites(site), templates, options.settings), origin


class Application:
    """The whole server as one WSGI application, with its worlds."""

    def __init__(
        self, worlds: Worlds, options: Options, console: TextIO | None = None, faces: Callable[[Worlds, Options], WSGI] = Faces
    ) -> None:
        """``faces`` makes what answers behind the prefixes of sites."""
        self.worlds = worlds
        self.sites = worlds.sites
        if not options.journal:
            self.sites.write_no_journal()
        for site in self.sites.every():
            site.jobs.resume(site)
        routed = self.sites.route(journalled(broken(faces(worlds, options), APIS, OWN_PAGES)))
        if options.cors:
            routed = Cors(routed, options.cors)
        routed = explained(routed)
        if options.trust_forwarded:
            routed = Forwarded(routed)
        self._wsgi = Console(routed, console) if console else routed

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return self._wsgi(environ, start_response)

    def close(self) -> None:
        """Let go of every world's database, once nobody connects people in it."""
        self.sites.close()


def create_application(options: Options) -> tuple[Application, Origin]:
    """The server for these options, and where its data comes from. Raises ``Unusable``."""
    worlds, origin = open_worlds(options)
    return Application(worlds, options, None if options.quiet else sys.stderr), origin
