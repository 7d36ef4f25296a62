"""The Jira Data Center host: what stands around every REST resource in it, Tempo's and Jira's own alike.

Logging in, the headers of every answer and the bodies of every refusal (Jira REST conventions; recorded answers of 2019).
"""

import itertools
import json
import secrets
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

import flask
from flask import Request, Response
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from mock_server.access import Actor, Scope
from mock_server.endpoint import Call, Endpoint, Wire
from mock_server.errors import Fact, Invalid, LoginFailed, NotLoggedIn, Refused, TooLarge, WrongMediaType
from mock_server.moments import moment_text
from mock_server.origin import origin_of
from mock_server.refusals import jira_errors, status_of, unrouted, with_allowed
from mock_server.schemas import load
from mock_server.scopes import check_scope
from mock_server.sites import ACTOR_KEY, ALLOWED_ORIGIN_KEY, NOTES_KEY, SITE_KEY, VIEW_KEY, Site
from mock_server.storage.store import Author

CONTEXT = "/jira"
"""Context path of the Jira host below the server's root, as in the Teams REST API guide."""

JSON_TYPE = "application/json;charset=UTF-8"
"""Exactly this text: a widely used client compares it before it reads a body."""

COOKIE = "JSESSIONID"
UNAUTHENTICATED = "Client must be authenticated to access this resource."
_ANONYMOUS = "anonymous"
_ALWAYS = (
    ("X-ASEN", "SEN-0"),
    ("Cache-Control", "no-cache, no-store, no-transform"),
    ("Vary", "User-Agent"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "SAMEORIGIN"),
)
# Nothing we answer with holds itself, and looking for that takes a tenth of the time.
_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
_UNSAFE = frozenset({"POST", "PUT", "DELETE", "PATCH"})


class Caller(NamedTuple):
    """Who calls, with the value of a session cookie to set, or None when the client has one or needs none."""

    actor: Actor | None
    new_session: str | None
    reason: str


class ReadyResponse(Response):
    """An answer whose body is at hand and whose headers are plain text made here, with ``host_headers`` beside its own.

    So it skips werkzeug's checking and copying, a quarter of a small answer's time.
    """

    host_headers: Sequence[tuple[str, str]] = ()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response(self.status, [*self.headers.to_wsgi_list(), *self.host_headers])
        return () if environ["REQUEST_METHOD"] == "HEAD" else (self.get_data(),)


class HostDialect:
    """Reads requests and words answers as Jira Data Center does. One per application; keeps a request counter only."""

    def __init__(self, face: str) -> None:
        self._face = face
        self._numbers = itertools.count(1)
        self._node = secrets.token_hex(3)

    def perform(self, endpoint: Endpoint, path_values: Mapping[str, Any]) -> Response:
        """Answer with the endpoint: who (401), unknown id (404), permission (403), body (400), in this order."""
        request: Request = flask.request._get_current_object()  # type: ignore[attr-defined]
        environ = request.environ
        site: Site = environ[SITE_KEY]
        environ[VIEW_KEY] = endpoint
        call = _call(request, site)
        author = None
        if endpoint.method in _UNSAFE:
            author = Author(_ANONYMOUS, self._face, endpoint.name, moment_text(call.now))
        caller = Caller(None, None, "OK")
        try:
            raw = request.get_data() if author else b""
            with call.store.transaction(author) if author else call.store.reading():
                caller = self._caller(site, request, call)
                call.actor = caller.actor
                if caller.actor:
                    environ[ACTOR_KEY] = caller.actor.name
                    if author:
                        call.store.act_as(author._replace(who=caller.actor.key))
                elif endpoint.scope is not Scope.ANYBODY:
                    raise NotLoggedIn(UNAUTHENTICATED)
                if author:
                    _refuse_other_origin(request, site, call)
                arguments: list[Any] = [call]
                entity = None
                if endpoint.loads:
                    entity = endpoint.loads(call, **path_values)
                    arguments.append(entity)
                elif path_values:
                    arguments.extend(path_values.values())
                assert isinstance(endpoint.scope, Scope)
                check_scope(endpoint.scope, call, entity)
                if endpoint.body_schema is not None:
                    arguments.append(load(endpoint.body_schema, read_json(request.mimetype, raw)))
                sent = call.session
                answer = endpoint.write(endpoint.view(*arguments))
            if call.session and call.session != sent:
                caller = caller._replace(new_session=call.session)
        except RequestEntityTooLarge:
            return self.refuse(TooLarge("The body is larger than this server reads."), call, caller, request)
        except Fact as fact:
            return self.refuse(fact, call, caller, request)
        environ[NOTES_KEY] = call.notes
        if endpoint.status == HTTPStatus.NO_CONTENT:
            return self._answer(b"", endpoint.status, JSON_TYPE, call, caller)
        return self._answer(to_json(answer), endpoint.status, JSON_TYPE, call, caller)

    def word(self, error: HTTPException) -> Response:
        """What the router found wrong, for somebody who is logged in; 401 before that."""
        request: Request = flask.request._get_current_object()  # type: ignore[attr-defined]
        site: Site = request.environ[SITE_KEY]
        call = _call(request, site)
        caller = Caller(None, None, "OK")
        try:
            with call.store.reading():
                caller = self._caller(site, request, call)
            if caller.actor is None and request.path.startswith(f"{CONTEXT}/rest/tempo-"):
                raise NotLoggedIn(UNAUTHENTICATED)
        except Fact as fact:
            return self.refuse(fact, call, caller, request)
        if caller.actor:
            request.environ[ACTOR_KEY] = caller.actor.name
        code = error.code or 500
        request.environ[NOTES_KEY] = [error.name]
        response = self._answer(to_json(unrouted(error, request)), code, JSON_TYPE, call, caller)
        return with_allowed(response, error)

    def refuse_at_once(self, fact: Fact) -> Response:
        """The answer to a fact that stands before anybody has looked at the request."""
        request: Request = flask.request._get_current_object()  # type: ignore[attr-defined]
        return self.refuse(fact, _call(request, request.environ[SITE_KEY]), Caller(None, None, "OK"), request)

    def refuse(self, fact: Fact, call: Call, caller: Caller, request: Request) -> Response:
        """The answer to a fact that ended the request."""
        request.environ[NOTES_KEY] = [*call.notes, str(fact)]
        if isinstance(fact, NotLoggedIn):
            return self._unauthenticated(fact, call, caller)
        if isinstance(fact, LoginFailed):
            caller = caller._replace(actor=None, reason="AUTHENTICATED_FAILED")
        return self._answer(to_json(jira_errors(fact)), status_of(fact), JSON_TYPE, call, caller)

    def _unauthenticated(self, fact: NotLoggedIn, call: Call, caller: Caller) -> Response:
        if fact.rejected:
            page = "<html><head><title>Unauthorized (401)</title></head><body><h1>Unauthorized (401)</h1></body></html>"
            failed = caller._replace(actor=None, reason="AUTHENTICATED_FAILED")
            response = self._answer(page.encode(), 401, "text/html;charset=UTF-8", call, failed)
        else:
            body = {"message": UNAUTHENTICATED, "status-code": 401}
            response = self._answer(to_json(body), 401, JSON_TYPE, call, caller._replace(actor=None))
        response.headers["WWW-Authenticate"] = f'OAuth realm="{quote(call.base, safe="")}"'
        return response

    def _caller(self, site: Site, request: Request, call: Call) -> Caller:
        scheme, _, credential = request.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        credential = credential.strip()
        session_id = call.session
        kind = scheme.lower()
        if kind == "basic":
            logged_in = site.logins.by_basic(call.store, credential)
            return Caller(logged_in.actor, None if session_id == logged_in.session else logged_in.session, "OK")
        if kind == "bearer":
            actor = site.logins.by_token(call.store, credential, moment_text(call.now))
            if actor is None:
                call.note("unknown or expired personal access token")
                if site.settings["auth.badBearer"] == "401":
                    raise NotLoggedIn("The personal access token is unknown or expired.", rejected=True)
            return Caller(actor, None, "OK")
        if scheme:
            # Never quoted: without a scheme in front, the first word is the secret itself.
            raise NotLoggedIn("The Authorization header is neither Basic nor Bearer.", rejected=True)
        return Caller(site.logins.by_session(call.store, session_id) if session_id else None, None, "OK")

    def _answer(self, body: bytes, status: int, content_type: str, call: Call, caller: Caller) -> Response:
        number = next(self._numbers)
        name = caller.actor.name if caller.actor else _ANONYMOUS
        response = ReadyResponse(body, status, content_type=content_type)
        if status == HTTPStatus.NO_CONTENT:
            del response.headers["Content-Type"]
        headers = [
            ("X-AREQUESTID", f"{call.now.hour * 60 + call.now.minute}x{number}x1"),
            ("X-ANODEID", self._node),
            ("X-AUSERNAME", name if name.isascii() and name.isprintable() else quote(name)),
            ("X-Seraph-LoginReason", caller.reason),
            *_ALWAYS,
        ]
        session = caller.new_session or call.session
        if caller.actor and session:
            # Tells sessions apart in a log without giving one away.
            headers.append(("X-ASESSIONID", f"{zlib.crc32(session.encode()):x}"))
        if caller.new_session:
            cookie = f"{COOKIE}={caller.new_session}; Path={call.context}; HttpOnly"
            headers.append(("Set-Cookie", cookie))
        response.host_headers = headers
        return response


def _call(request: Request, site: Site) -> Call:
    environ = request.environ
    call = Call(
        site.store if request.method in _UNSAFE else site.shown,
        site.settings,
        site.clock.now(),
        site.logins,
        lambda: origin_of(request.environ),
        environ["SCRIPT_NAME"] + CONTEXT,
    )
    if environ.get("QUERY_STRING"):
        call.query = request.args.to_dict(flat=False)
    if "HTTP_COOKIE" in environ:
        call.session = request.cookies.get(COOKIE)
    return call


def to_json(value: Wire) -> bytes:
    """JSON as it goes over the wire."""
    return _encode(value).encode()


def read_json(media_type: str, raw: bytes) -> Any:
    """The value of a JSON body. Raises ``Invalid`` when it is none, ``WrongMediaType`` when it is declared otherwise."""
    if media_type and media_type != "application/json":
        raise WrongMediaType(f"Send the body as Content-Type: application/json, not {media_type[:80]}.")
    if not raw.strip():
        raise Invalid("The body is empty; send JSON.")
    try:
        value = json.loads(raw.decode(), parse_constant=_no_constant)
        if b"\\u" in raw:
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Invalid("The body holds half of a surrogate pair.") from None
    except (ValueError, RecursionError) as error:
        raise Invalid(f"The body is not JSON: {error}.") from None
    return value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON value")


def _refuse_other_origin(request: Request, site: Site, call: Call) -> None:
    origin = request.environ.get("HTTP_ORIGIN")
    if (
        origin is None
        or ALLOWED_ORIGIN_KEY in request.environ
        or request.headers.get("X-Atlassian-Token", "").lower() in ("no-check", "nocheck")
    ):
        return
    if site.settings.is_on("auth.xsrf") and is_other_origin(origin, origin_of(request.environ)):
        call.note("allow pages of that origin with --cors, or send X-Atlassian-Token: no-check")
        raise Refused("XSRF check failed")


def is_other_origin(origin: str, own: str) -> bool:
    """Whether an Origin header names another site than the one that was asked (scheme, host and port)."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return True
    return f"{parts.scheme}://{parts.netloc}" != own
