"""How Jira Cloud reads requests and words answers (vendor's OpenAPI of v3; what integrators saw until 2026)."""

import base64
import itertools
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

import flask
from flask import Request, Response
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from mock_server.access import Actor, Scope
from mock_server.domain import jira_api_tokens
from mock_server.endpoint import Call, Endpoint
from mock_server.errors import Fact, Invalid, NotLoggedIn, TooLarge
from mock_server.host import JSON_TYPE, UNAUTHENTICATED, ReadyResponse, read_json, to_json
from mock_server.moments import moment_text
from mock_server.origin import origin_of
from mock_server.refusals import jira_errors, status_of, unrouted, with_allowed
from mock_server.schemas import load
from mock_server.sites import ACT_AS_KEY, ACTOR_KEY, NOTES_KEY, SITE_KEY, VIEW_KEY, Site
from mock_server.storage.store import Author, Store

CLOUD_ID = "cloud_id"
"""Name of the variable in the prefix at which an OAuth client finds a site."""

PASSWORD_REFUSED = (
    "Basic authentication with passwords is deprecated. For more information, see: "
    "https://developer.atlassian.com/cloud/confluence/deprecation-notice-basic-auth/"
)
INVALID_PAYLOAD = "Invalid request payload. Refer to the REST API documentation and try again."
_UNSAFE = frozenset({"POST", "PUT", "DELETE", "PATCH"})
_ALWAYS = (
    ("Cache-Control", "no-cache, no-store, no-transform"),
    ("Vary", "Accept-Encoding"),
    ("X-Content-Type-Options", "nosniff"),
)
_ANONYMOUS = "anonymous"
_FACE = "jira_cloud"
_FAILED = "AUTHENTICATED_FAILED"


class Caller(NamedTuple):
    """Who calls, and what the answer says of the log-in: None when nobody tried."""

    actor: Actor | None
    reason: str | None


class PasswordRefused(NotLoggedIn):
    """Somebody's own password where an API token belongs."""


class JiraCloudDialect:
    """Answers as Jira Cloud does, for one version below one prefix. Keeps a request counter only."""

    def __init__(self, prefix: str, *, oauth: bool = False) -> None:
        """``prefix`` is what links begin with after the site's own; ``oauth`` tells that a Bearer is taken here."""
        self._prefix = prefix
        self._oauth = oauth
        self._numbers = itertools.count(1)

    def perform(self, endpoint: Endpoint, path_values: Mapping[str, Any]) -> Response:
        """Answer with the endpoint: who (401), entity (404), body (400), permission (403), in this order."""
        request: Request = flask.request._get_current_object()  # type: ignore[attr-defined]
        values = {name: value for name, value in path_values.items() if name != CLOUD_ID}
        site: Site = request.environ[SITE_KEY]
        request.environ[VIEW_KEY] = endpoint
        # A search by POST reads; it must not make the site a copy of its own.
        writes = endpoint.method in _UNSAFE and not endpoint.is_search
        call = self._call(request, site, site.store if writes else site.shown)
        caller = Caller(None, None)
        author = Author(_ANONYMOUS, _FACE, endpoint.name, moment_text(call.now)) if writes else None
        try:
            raw = request.get_data() if endpoint.method in _UNSAFE else b""
            with call.store.transaction(author) if author else call.store.reading():
                caller = self._log_in(request, call)
                if author and caller.actor:
                    call.store.act_as(author._replace(who=caller.actor.key))
                if caller.actor is None and endpoint.scope is not Scope.ANYBODY:
                    raise NotLoggedIn(UNAUTHENTICATED)
                arguments: list[Any] = [call]
                if endpoint.loads:
                    arguments.append(endpoint.loads(call, **values))
                else:
                    arguments.extend(values.values())
                if endpoint.body_schema is not None:
                    arguments.append(_body(endpoint, request, raw, call))
                answer = endpoint.write(endpoint.view(*arguments))
        except RequestEntityTooLarge:
            return self._refuse(TooLarge("The body is larger than this server reads."), call, caller, request)
        except Fact as fact:
            return self._refuse(fact, call, caller, request)
        request.environ[NOTES_KEY] = call.notes
        if answer is None:
            response = self._answer(b"", endpoint.status, call, caller)
            del response.headers["Content-Type"]
            return response
        # What usually answers nothing has something to say when it did a part only.
        status = 200 if endpoint.status == 204 else endpoint.status
        return self._answer(to_json(answer), status, call, caller)

    def word(self, error: HTTPException) -> Response:
        """What the router found wrong; 401 before that when the log-in is refused outright."""
        request: Request = flask.request._get_current_object()  # type: ignore[attr-defined]
        site: Site = request.environ[SITE_KEY]
        call = self._call(request, site, site.shown)
        caller = Caller(None, None)
        try:
            with call.store.reading():
                caller = self._log_in(request, call)
        except Fact as fact:
            return self._refuse(fact, call, caller, request)
        code = error.code or 500
        request.environ[NOTES_KEY] = [error.name]
        return with_allowed(self._answer(to_json(unrouted(error, request)), code, call, caller), error)

    def refuse_at_once(self, fact: Fact) -> Response:
        """The answer to a fact that stands before anybody has looked at the request."""
        request: Request = flask.request._get_current_object()  # type: ignore[attr-defined]
        site: Site = request.environ[SITE_KEY]
        return self._refuse(fact, self._call(request, site, site.shown), Caller(None, None), request)

    def _refuse(self, fact: Fact, call: Call, caller: Caller, request: Request) -> Response:
        request.environ[NOTES_KEY] = [*call.notes, str(fact)]
        if isinstance(fact, NotLoggedIn):
            return self._unauthenticated(fact, call, caller)
        return self._answer(to_json(jira_errors(fact)), status_of(fact), call, caller)

    def _unauthenticated(self, fact: NotLoggedIn, call: Call, caller: Caller) -> Response:
        text = PASSWORD_REFUSED if isinstance(fact, PasswordRefused) else UNAUTHENTICATED
        failed = Caller(None, _FAILED if fact.rejected else caller.reason)
        if call.settings["jiraCloud.unauthorized"] == "json":
            response = self._answer(to_json({"message": text, "status-code": 401}), 401, call, failed)
        else:
            response = self._answer(text.encode(), 401, call, failed, "text/html;charset=UTF-8")
        response.headers["WWW-Authenticate"] = f'OAuth realm="{quote(call.origin(), safe="")}"'
        return response

    def _log_in(self, request: Request, call: Call) -> Caller:
        if ACT_AS_KEY in request.environ:
            call.actor = jira_api_tokens.acting_as(call.store, request.environ[ACT_AS_KEY])
            return Caller(call.actor, "OK")
        scheme, _, credential = request.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        if not scheme:
            return Caller(None, None)
        kind, credential = scheme.lower(), credential.strip()
        if kind == "bearer" and self._oauth:
            person = jira_api_tokens.owner(call.store, credential)
        elif kind == "basic":
            person = _by_basic(credential, call)
            if person is None:
                # Not refused: Jira Cloud goes on as if nobody had logged in.
                call.note("the pair of e-mail address and API token is wrong, so the call ran as anonymous")
                return Caller(None, _FAILED)
        else:
            raise NotLoggedIn("an API token goes into Basic, with the e-mail address before it", rejected=True)
        if person is None:
            raise NotLoggedIn("unknown access token", rejected=True)
        call.actor = jira_api_tokens.actor(call.store, person)
        request.environ[ACTOR_KEY] = call.actor.name
        return Caller(call.actor, "OK")

    def _call(self, request: Request, site: Site, store: Store) -> Call:
        prefix = self._prefix
        if self._oauth and request.view_args:
            prefix = prefix.replace(f"<{CLOUD_ID}>", quote(request.view_args[CLOUD_ID], safe=""))
        call = Call(
            store,
            site.settings,
            site.clock.now(),
            site.logins,
            lambda: origin_of(request.environ),
            request.environ["SCRIPT_NAME"] + prefix,
        )
        if request.environ.get("QUERY_STRING"):
            call.query = request.args.to_dict(flat=False)
        return call

    def _answer(self, body: bytes, status: int, call: Call, caller: Caller, content_type: str = JSON_TYPE) -> Response:
        response = ReadyResponse(body, status, content_type=content_type)
        name = caller.actor.account_id if caller.actor else _ANONYMOUS
        number = next(self._numbers)
        headers = [
            ("X-AREQUESTID", f"{call.now.hour * 60 + call.now.minute}x{number}x1"),
            ("ATL-TraceId", f"{number:032x}"),
            ("X-AUSERNAME", name if name.isascii() and name.isprintable() else quote(name)),
            *_ALWAYS,
        ]
        if caller.reason:
            headers.append(("X-Seraph-LoginReason", caller.reason))
        response.host_headers = headers
        return response


def _body(endpoint: Endpoint, request: Request, raw: bytes, call: Call) -> dict[str, Any]:
    assert endpoint.body_schema is not None
    try:
        return load(endpoint.body_schema, read_json(request.mimetype, raw))
    except Invalid as mistake:
        call.note(str(mistake))
        raise Invalid(INVALID_PAYLOAD) from None


def _by_basic(credential: str, call: Call) -> Any:
    try:
        email, _, secret = base64.b64decode(credential, validate=True).decode().partition(":")
    except ValueError:
        return None
    person = jira_api_tokens.by_email(call.store, email, secret)
    if person is None and secret and jira_api_tokens.is_account_password(call.store, email, secret):
        raise PasswordRefused("an account password where an API token belongs", rejected=True)
    return person
