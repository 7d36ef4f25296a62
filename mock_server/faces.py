"""What is served where. A face is put together when it is first asked for, so a start pays for none that nobody uses.

Modules of faces are imported inside functions for the same reason.
"""

import threading
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, InternalServerError

from mock_server.arrivals import settle
from mock_server.config import Options
from mock_server.endpoint import Endpoint, Group, mount
from mock_server.errors import Fact
from mock_server.groups import (
    AUTHORIZE,
    CONSENT,
    EXTENSION,
    OAUTH,
    PAPERTRAIL,
    cloud_endpoints,
    every_group,
    extension_endpoints,
    groups,
    jira_cloud_endpoints,
    jira_groups,
    oauth_endpoints,
    papertrail_endpoints,
    tempo_groups,
)
from mock_server.host import CONTEXT, HostDialect
from mock_server.origin import origin_of
from mock_server.own_pages import CONTROL, REST_BROWSER
from mock_server.page_sessions import PROVIDER_PAGES, SETTINGS_PAGES
from mock_server.refusals import status_of
from mock_server.routing import IdConverter, MatchedRule
from mock_server.sites import REFUSAL_KEY, SITE_KEY, Site
from mock_server.worlds import Worlds

LARGEST_BODY = 1024 * 1024
"""Bytes of a body that are read; a larger one is answered 413."""

APIS = ("/4/", f"{PAPERTRAIL}/", f"{EXTENSION}/", f"{OAUTH}/", "/core/3/", "/rest/api/", "/ex/jira/", f"{CONTEXT}/")
"""Where the APIs begin: what stands outside, and ``OWN_PAGES``, is the fake's own and never broken."""

OWN_PAGES = (CONTROL, REST_BROWSER)
_CLOUD, _OAUTH = "/rest/api/", "/ex/jira/<cloud_id>/rest/api/"
_LATEST = (f"{CONTEXT}/rest/api/latest/", f"{_CLOUD}latest/")

WordHttp = Callable[[HTTPException], Response]
Refuse = Callable[[Fact], Response]


def extension_face() -> Flask:
    """``/x-tempo-mock``: marked as ours, for callers of Tempo Cloud."""
    return _tempo_cloud_face(EXTENSION, extension_endpoints())


def cloud_face() -> Flask:
    """``/4``."""
    return _tempo_cloud_face("/4", cloud_endpoints())


def papertrail_face() -> Flask:
    """``/papertrail/1``: what of Tempo Cloud is not below ``/4``."""
    return _tempo_cloud_face(PAPERTRAIL, papertrail_endpoints())


def jira_cloud_face(*prefixes: str, oauth: bool = False) -> Flask:
    """One version of Jira Cloud's API, or both where OAuth clients find a site."""
    from mock_server.jira_cloud.dialect import JiraCloudDialect

    dialects = [JiraCloudDialect(prefix, oauth=oauth) for prefix in prefixes]
    app = _flask(dialects[0].word, dialects[0].refuse_at_once)
    for prefix, dialect in zip(prefixes, dialects, strict=True):
        mount(app, prefix, jira_cloud_endpoints(), dialect)
    return app


def oauth_face() -> Flask:
    """``/oauth``: what OAuth clients of Tempo Cloud ask."""
    from mock_server.oauth.dialect import OAuthDialect

    dialect = OAuthDialect()
    app = _flask(dialect.word, dialect.refuse_at_once)
    mount(app, OAUTH, oauth_endpoints(), dialect)
    return app


def consent_face() -> Flask:
    """The page on which somebody lets an OAuth application act for them, and the address that leads to it."""
    from mock_server.oauth import consent

    app = _flask(_word_plainly)
    consent.add_to(app)
    return app


def retired_face() -> Flask:
    """``/core/3``: the API before v4, which is gone."""
    app = _flask(_word_plainly)

    def say_gone(path: str) -> Response:
        body = '{"errors":[{"message":"The REST API v3 was retired; use /4 instead"}]}'
        return Response(body, 410, content_type="application/json")

    methods = ["GET", "POST", "PUT", "DELETE", "PATCH"]
    app.add_url_rule("/core/3/<path:path>", view_func=say_gone, methods=methods)
    return app


def tempo_face() -> Flask:
    """``/jira/rest/tempo-*``."""
    return _host_face("datacenter", tempo_groups())


def jira_face() -> Flask:
    """``/jira``, as far as no other face has it."""
    from mock_server.jira import avatars

    app = _host_face("jira", jira_groups())
    app.register_blueprint(avatars.blueprint(), url_prefix=CONTEXT)
    return app


def rest_browser_face(options: Options) -> Flask:
    """The page where Jira has its own."""
    from mock_server import rest_browser

    app = _flask(_word_plainly)
    shown = every_group if options.control else groups
    app.register_blueprint(rest_browser.blueprint("restbrowser", REST_BROWSER, shown, _control_answers(options)))
    return app


def control_face(worlds: Worlds, options: Options) -> Flask:
    """``/_mock``."""
    from mock_server import rest_browser
    from mock_server.control import dialect, routes

    app = _flask(dialect.word_http)
    app.register_blueprint(routes.blueprint(worlds, options.open_control), url_prefix=CONTROL)
    app.register_blueprint(rest_browser.blueprint("api", f"{CONTROL}/api", every_group, lambda: True))
    app.add_url_rule(f"{CONTROL}/openapi.json", view_func=lambda: rest_browser.openapi_answer(every_group()))
    return app


def pages_face(prefix: str, options: Options) -> Flask:
    """``/settings`` and ``/providers``: pages for people. Without a password one comes in where the control routes answer."""
    from mock_server.pages.provider_routes import ProviderPages
    from mock_server.pages.routes import SettingsPages

    pages = (SettingsPages if prefix == SETTINGS_PAGES else ProviderPages)(_control_answers(options))
    app = _flask(pages.word_http, pages.word)
    app.register_blueprint(pages.blueprint(), url_prefix=prefix)
    return app


def start_face(options: Options, every_site: Callable[[], list[Site]]) -> Flask:
    """What is left: one page that says where everything is, in HTML for browsers and in plain text for everybody else."""
    app = _flask(_word_plainly)

    @app.get("/")
    def show_start() -> Response:
        site: Site = request.environ[SITE_KEY]
        if request.accept_mimetypes.best_match(["text/plain", "text/html"]) == "text/html":
            from mock_server.control.dialect import is_from_here
            from mock_server.home_answer import home_answer

            control = CONTROL if options.control else ""
            response = home_answer(site, REST_BROWSER, control, options, every_site, is_here=is_from_here())
        else:
            from mock_server.greeting import start_page

            text = start_page(site, origin_of(request.environ) + request.root_path, has_control=options.control)
            response = Response(text, content_type="text/plain; charset=utf-8")
        response.headers["Vary"] = "Accept"
        return response

    return app


class Place(NamedTuple):
    """Paths that begin so, and what makes the face that answers them."""

    prefix: str
    build: Callable[[], Flask]


class Faces:
    """A WSGI application of all faces. The first place whose prefix fits answers."""

    def __init__(self, worlds: Worlds, options: Options) -> None:
        control = (Place(CONTROL, lambda: control_face(worlds, options)),) if options.control else ()
        self._places = (
            Place(f"{CONTEXT}/rest/tempo-", tempo_face),
            Place(REST_BROWSER, lambda: rest_browser_face(options)),
            Place(f"{CONTEXT}{_CLOUD}3/", lambda: jira_cloud_face(f"{CONTEXT}{_CLOUD}3")),
            Place(f"{CONTEXT}/", jira_face),
            Place(f"{_CLOUD}3/", lambda: jira_cloud_face(f"{_CLOUD}3")),
            Place(f"{_CLOUD}2/", lambda: jira_cloud_face(f"{_CLOUD}2")),
            Place("/ex/jira/", lambda: jira_cloud_face(f"{_OAUTH}3", f"{_OAUTH}2", oauth=True)),
            Place("/4/", cloud_face),
            Place(f"{PAPERTRAIL}/", papertrail_face),
            Place(f"{EXTENSION}/", extension_face),
            Place(AUTHORIZE, consent_face),
            Place(CONSENT, consent_face),
            Place(f"{OAUTH}/", oauth_face),
            Place("/core/3/", retired_face),
            Place(SETTINGS_PAGES, lambda: pages_face(SETTINGS_PAGES, options)),
            Place(PROVIDER_PAGES, lambda: pages_face(PROVIDER_PAGES, options)),
            *control,
            Place("", lambda: start_face(options, worlds.sites.every)),
        )
        self._built: dict[str, Flask] = {}
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path: str = environ["PATH_INFO"]
        if path.startswith(_LATEST):
            # The same resource under another name; a second set of routes would only cost time.
            path = environ["PATH_INFO"] = path.replace("/latest/", "/2/", 1)
        if path == CONTEXT:
            path = environ["PATH_INFO"] = f"{CONTEXT}/"
        settle(environ[SITE_KEY])
        for place in self._places:
            if path.startswith(place.prefix):
                face = self._built.get(place.prefix) or self._build(place)
                if REFUSAL_KEY in environ:
                    return _refused(face, environ, start_response)
                return face.wsgi_app(environ, start_response)
        raise RuntimeError(f"no face for {path}")

    def _build(self, place: Place) -> Flask:
        with self._lock:
            if place.prefix not in self._built:
                self._built[place.prefix] = place.build()
            return self._built[place.prefix]


def _tempo_cloud_face(prefix: str, endpoints: list[Endpoint]) -> Flask:
    from mock_server.cloud.dialect import CloudDialect

    dialect = CloudDialect()
    app = _flask(dialect.word, dialect.refuse_at_once)
    mount(app, prefix, endpoints, dialect)
    return app


def _host_face(name: str, shown: Iterable[Group]) -> Flask:
    dialect = HostDialect(name)
    app = _flask(dialect.word, dialect.refuse_at_once)
    for group in shown:
        mount(app, group.prefix, group.endpoints, dialect)
    return app


def _flask(word: WordHttp, refuse: Refuse | None = None) -> Flask:
    app = Flask("mock_server", static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.url_rule_class = MatchedRule
    app.url_map.converters["id"] = IdConverter
    app.url_map.merge_slashes = False

    @app.errorhandler(HTTPException)
    def word_http(error: HTTPException) -> Response:
        if isinstance(error, InternalServerError):
            text = "500: a defect of this fake, not of your request; the console has the details.\n"
            return Response(text, 500, content_type="text/plain; charset=utf-8")
        return word(error)

    app.register_error_handler(Fact, refuse or _refuse_plainly)
    return app


def _control_answers(options: Options) -> Callable[[], bool]:
    """Whether the control routes answer the visitor of the current request."""
    from mock_server.control.dialect import is_from_here

    return lambda: options.control and (options.open_control or is_from_here())


def _word_plainly(error: HTTPException) -> Response:
    root = origin_of(request.environ) + request.root_path
    text = f"{error.code} {error.name}: {request.path} is not served here; see {root}/ for what is.\n"
    return Response(text, error.code, content_type="text/plain; charset=utf-8")


def _refuse_plainly(fact: Fact) -> Response:
    return Response(f"{fact}\n", status_of(fact), content_type="text/plain; charset=utf-8")


def _refused(face: Flask, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    with face.request_context(environ):
        response = face.make_response(face.handle_user_exception(environ[REFUSAL_KEY]))
        return response(environ, start_response)
