"""Composition root: puts worlds, faces and console together. The only module that knows every other."""

import sys
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TextIO

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.routing import IntegerConverter

from mock_server import rest_browser
from mock_server.config import Options
from mock_server.console import Console, explained
from mock_server.control import dialect as control_dialect
from mock_server.control import routes as control_routes
from mock_server.cors import Cors
from mock_server.datacenter import links, members, memberships, permission_roles, programs, roles, team_permissions, teams
from mock_server.endpoint import Endpoint, endpoints_of, mount
from mock_server.host import CONTEXT, HostDialect
from mock_server.jira import avatars, boards, permissions, projects, server_info, sessions, users
from mock_server.openapi import Group
from mock_server.scenario import find, read
from mock_server.seed import SCENARIO_KEY
from mock_server.sites import DEFAULT, WSGI, Sites
from mock_server.storage import world
from mock_server.storage.store import on_disk
from mock_server.worlds import Templates, Worlds, kept_site, templated_site

LARGEST_BODY = 1024 * 1024
"""Bytes of a body that are read; a larger one is answered 413."""


class IdConverter(IntegerConverter):
    """An id in a path: a positive 32-bit number, as the vendor's OpenAPI declares. Anything else is no route."""

    regex = "[0-9]+"

    def __init__(self, map: Any) -> None:
        super().__init__(map, min=1, max=2**31 - 1)


def datacenter_endpoints() -> list[Endpoint]:
    """Every endpoint of Tempo Teams, with paths below ``/jira/rest/tempo-teams``."""
    return endpoints_of((teams, members, memberships, roles, team_permissions, permission_roles, links, programs))


def jira_endpoints() -> list[Endpoint]:
    """Every endpoint of Jira's own API, with paths below ``/jira/rest/api/2``."""
    return endpoints_of((users, projects, permissions, server_info))


def agile_endpoints() -> list[Endpoint]:
    """Boards, with paths below ``/jira/rest/agile/1.0``."""
    return endpoints_of((boards,))


def session_endpoints() -> list[Endpoint]:
    """Logging in and out, with paths below ``/jira/rest/auth/1``."""
    return endpoints_of((sessions,))


def groups() -> tuple[Group, ...]:
    """Everything served of the vendors', under the headings of the REST browser."""
    return (
        Group("Tempo Teams, Data Center", "/rest/tempo-teams", datacenter_endpoints()),
        Group("Jira, Data Center", "/rest/api/2", jira_endpoints()),
        Group("Jira boards", "/rest/agile/1.0", agile_endpoints()),
        Group("Jira log-in", "/rest/auth/1", session_endpoints()),
    )


def create_flask(worlds: Worlds, options: Options) -> Flask:
    """The faces. Every request brings its world in the WSGI environ; only control routes know that there are others."""
    app = Flask(__name__, static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.url_map.converters["id"] = IdConverter
    app.url_map.merge_slashes = False
    datacenter, jira = HostDialect("datacenter"), HostDialect("jira")
    for group in groups():
        mount(app, f"{CONTEXT}{group.prefix}", group.endpoints, datacenter if "tempo" in group.prefix else jira)
    app.wsgi_app = _without_latest(app.wsgi_app)  # type: ignore[method-assign]
    app.register_blueprint(avatars.blueprint(), url_prefix=CONTEXT)
    app.register_blueprint(rest_browser.blueprint("restbrowser", f"{CONTEXT}/plugins/servlet/restbrowser", groups()))
    if options.control:
        app.register_blueprint(control_routes.blueprint(worlds, options.open_control), url_prefix="/_mock")
        app.register_blueprint(rest_browser.blueprint("api", "/_mock/api", groups()))
        app.add_url_rule("/_mock/openapi.json", view_func=lambda: rest_browser.openapi_answer(groups()))

    @app.get("/")
    def show_start() -> Response:
        root = request.root_url.rstrip("/")
        lines = [
            "Unofficial, stateful, offline stand-in for Tempo.",
            f"Tempo Teams, Data Center:  {root}{CONTEXT}/rest/tempo-teams/2/team",
            f"Jira, Data Center:         {root}{CONTEXT}/rest/api/2/serverInfo",
        ]
        if options.control:
            lines.append(f"Clock of this world:       {root}/_mock/clock")
        return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")

    @app.errorhandler(HTTPException)
    def word_http(error: HTTPException) -> Response:
        if options.control and request.path.startswith("/_mock/"):
            return control_dialect.word_http(error)
        if isinstance(error, InternalServerError) or not request.path.startswith(f"{CONTEXT}/"):
            text = f"{error.code} {error.name}: {request.path} is not served here; see {request.root_url} for what is.\n"
            if isinstance(error, InternalServerError):
                text = "500: a defect of this fake, not of your request; the console has the details.\n"
            return Response(text, error.code, content_type="text/plain; charset=utf-8")
        return datacenter.word(error)

    return app


def _without_latest(application: WSGI) -> WSGI:
    # `latest` is the same resource under another name; a second set of routes would only cost start-up time.
    latest, named = f"{CONTEXT}/rest/api/latest/", f"{CONTEXT}/rest/api/2/"

    def renamed(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith(latest):
            environ["PATH_INFO"] = named + environ["PATH_INFO"][len(latest) :]
        return application(environ, start_response)

    return renamed


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
        site = templated_site(DEFAULT, templates, scenario.reference, options.clock, options.settings)
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

    def __init__(self, worlds: Worlds, options: Options, console: TextIO | None = None) -> None:
        self.worlds = worlds
        self.sites = worlds.sites
        self.flask = create_flask(worlds, options)
        routed: WSGI = self.sites.route(self.flask.wsgi_app)
        if options.cors:
            routed = Cors(routed, options.cors)
        routed = explained(routed)
        self._wsgi = Console(routed, console) if console else routed

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return self._wsgi(environ, start_response)

    def close(self) -> None:
        """Let go of every world's database."""
        self.sites.close()


def create_application(options: Options) -> tuple[Application, Origin]:
    """The server for these options, and where its data comes from. Raises ``Unusable``."""
    worlds, origin = open_worlds(options)
    return Application(worlds, options, None if options.quiet else sys.stderr), origin
