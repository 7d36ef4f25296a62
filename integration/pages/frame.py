"""What stands before every page: only this machine, only whoever has the key, only forms of these pages.

The key is in the address that ``tempo-sync serve`` says; opening it leaves a cookie. Other people of the same machine reach the
port, too, and the pages tell who is ill.
"""

from __future__ import annotations

import hmac
import logging
import re
import secrets
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Any

import flask
from flask import Flask, Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.exceptions import HTTPException, NotFound

from integration.answers_kept import AnswersKept
from integration.background import Background
from integration.clients.http import Unreadable
from integration.clients.refusals import Redaction
from integration.pages.page import Page
from integration.pages.visit import HTML, Desk, Place, Visit, shown
from integration.pages.words import moment
from integration.settings import Mistaken
from integration.settings_kept import SettingsKept
from integration.sinks import SinkError
from integration.store import Unusable
from integration.switches import SwitchedOff

FORM_KEY = "csrf_token"
LARGEST_FORM = 256 * 1024
"""Bytes of a form; a thousand ticked boxes are some twenty thousand."""

HEADERS = (
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    # Not no-referrer: browsers then send forms with the origin null.
    ("Referrer-Policy", "same-origin"),
    ("Cache-Control", "no-store"),
)

_FOLDER = Path(__file__).parent
_ASSETS = MappingProxyType({"pages.css": "text/css; charset=utf-8"})
# Any port: a tunnel may have another one at its near end. A name that is rebound is never one of these.
_HOST = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?", re.ASCII)
_FOREIGN = "These pages answer on 127.0.0.1, localhost and [::1] only."
_NO_KEY = "Open the address with the key that tempo-sync serve said when it was started."
_STALE = "This form is of another visit. Go back, load the page anew and try again."
_BROKEN = "The program made a mistake; what it is stands where tempo-sync serve was started. What was written is whole."


class Frame:
    """The application for one configuration. key: opens it. One POST at a time is answered, but for those that do not wait."""

    def __init__(self, config: Path, pages: tuple[Page, ...]) -> None:
        self.key = secrets.token_urlsafe(24)
        self._session = secrets.token_urlsafe(32)
        environment = Environment(
            loader=FileSystemLoader(_FOLDER / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True,
        )  # fmt: skip
        environment.filters["moment"] = moment
        self._place = Place(
            SettingsKept(config),
            environment,
            pages,
            secrets.token_urlsafe(32),
            [],
            Desk(Background(), AnswersKept(), AnswersKept()),
        )
        self._writing = threading.Lock()

    def application(self) -> Flask:
        """The pages as a WSGI application."""
        application = Flask("tempo-sync", static_folder=None)
        application.config["MAX_CONTENT_LENGTH"] = LARGEST_FORM
        # Lines of requests would hold the key.
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        application.before_request(self._may_enter)
        for page in self._place.pages:
            application.add_url_rule(
                page.path, f"{page.method} {page.path}".replace(".", "-"), self._answering(page), methods=[page.method]
            )
        application.add_url_rule("/assets/<name>", "assets", _asset, methods=["GET"])
        application.register_error_handler(HTTPException, self._http)
        for kind, status in ((Mistaken, 409), (SwitchedOff, 409), (Unusable, 503), (Unreadable, 502), (SinkError, 500)):
            application.register_error_handler(kind, self._known(status))
        application.register_error_handler(Exception, self._mistake)
        application.after_request(_finished)
        return application

    def _may_enter(self) -> Response | None:
        request = _request()
        host = request.environ.get("HTTP_HOST", "")
        if not _HOST.fullmatch(host):
            return self._refused(403, _FOREIGN)
        if request.path == "/assets/pages.css":
            return None
        # Cookies do not know ports: two of these on one machine must not lock each other's visitors out.
        cookie = f"tempo_sync_{request.environ['SERVER_PORT']}"
        given = request.args.get("key", "")
        if given and request.method == "GET" and hmac.compare_digest(given.encode(), self.key.encode()):
            # Not kept in the address: it would stand in the history of the browser and in screenshots. Two slashes at its
            # beginning would lead to another host.
            answer = Response(status=303, headers={"Location": f"/{request.path.lstrip('/')}"})
            answer.set_cookie(cookie, self._session, httponly=True, samesite="Strict")
            return answer
        if not hmac.compare_digest(request.cookies.get(cookie, "").encode(), self._session.encode()):
            return self._refused(403, _NO_KEY)
        if request.method in ("GET", "HEAD"):
            return None
        origin = request.headers.get("Origin", f"http://{host}")
        sent = request.form.get(FORM_KEY, "")
        if origin != f"http://{host}" or not hmac.compare_digest(sent.encode(), self._place.form_key.encode()):
            return self._refused(403, _STALE)
        return None

    def _answering(self, page: Page) -> Callable[..., Response]:
        def answer(**values: Any) -> Response:
            visit = Visit(_request(), self._place)
            if page.method == "GET" or not page.waits:
                return page.view(visit, **values)
            with self._writing:
                return page.view(visit, **values)

        return answer

    def _http(self, error: HTTPException) -> Response:
        text = "There is no such page." if isinstance(error, NotFound) else (error.description or error.name)
        return self._refused(error.code or 400, text, is_inside=True)

    def _known(self, status: int) -> Callable[[Exception], Response]:
        return lambda error: self._refused(status, f"{str(error)[:1].upper()}{str(error)[1:].rstrip('.')}.", is_inside=True)

    def _mistake(self, error: Exception) -> Response:
        # A token that was typed may stand in the words of a library.
        typed = Redaction(f"Bearer {_request().form.get('token', '').strip()}")
        text = typed.of("".join(traceback.format_exception(error)))
        logging.getLogger("tempo-sync").error("%s %s\n%s", _request().method, _request().path, text)
        return self._refused(500, _BROKEN, is_inside=True)

    def _refused(self, status: int, text: str, *, is_inside: bool = False) -> Response:
        path = _request().path
        page = shown(
            self._place, "error.html", text=text, status=status, is_inside=is_inside, path=path, notices=(), settings=None,
            # What is to be told on every page may be what cannot be read.
            fallback=None,
        )  # fmt: skip
        return Response(page, status, content_type=HTML)


def _request() -> Request:
    return flask.request._get_current_object()  # type: ignore[attr-defined,no-any-return]


def _asset(name: str) -> Response:
    if name not in _ASSETS:
        raise NotFound
    return Response((_FOLDER / "assets" / name).read_bytes(), content_type=_ASSETS[name])


def _finished(response: Response) -> Response:
    for name, value in HEADERS:
        # A picture has a policy of its own.
        response.headers.setdefault(name, value)
    return response
