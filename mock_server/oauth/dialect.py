"""How the OAuth endpoints of Tempo Cloud read forms and word refusals (help page on OAuth 2.0; RFC 6749)."""

import base64
import binascii
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote_plus

import flask
from flask import Request, Response
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from mock_server.domain import oauth_applications
from mock_server.domain.oauth_refusals import OAuthError, OAuthRefused
from mock_server.endpoint import Call, Endpoint
from mock_server.errors import Fact, TooLarge
from mock_server.host import ReadyResponse, to_json
from mock_server.moments import moment_text
from mock_server.origin import origin_of
from mock_server.refusals import status_of, with_allowed
from mock_server.schemas import load
from mock_server.sites import ACTOR_KEY, NOTES_KEY, SITE_KEY, VIEW_KEY, Site
from mock_server.storage.oauth_applications import OAuthApplication
from mock_server.storage.store import Author, Store

FORM = "application/x-www-form-urlencoded"
_FACE = "oauth"
_NOT_KEPT = (("Cache-Control", "no-store"), ("Pragma", "no-cache"))
_AT_ONCE = MappingProxyType(
    {401: "invalid_client", 403: "access_denied", 429: "temporarily_unavailable", 503: "temporarily_unavailable"}
)
"""Status of a fact that is none of OAuth's -> the word for it; ``server_error`` from 500 on, ``invalid_request`` otherwise."""


class OAuthDialect:
    """Answers as the token endpoints do: the form (400), who the client is (401), then what it asks for (400)."""

    def perform(self, endpoint: Endpoint, path_values: Mapping[str, Any]) -> Response:
        """Answer with the endpoint, which gets the call, the application and the form."""
        request: Request = flask.request._get_current_object()  # type: ignore[attr-defined]
        site: Site = request.environ[SITE_KEY]
        request.environ[VIEW_KEY] = endpoint
        call = Call(site.shown, site.settings, site.clock.now(), site.logins, lambda: origin_of(request.environ))
        try:
            form = _form(request)
            # Whoever may not come in does not make the site a copy of its own.
            with site.shown.reading():
                _application(site.shown, request, form)
            call.store = site.store
            author = Author("anonymous", _FACE, endpoint.name, moment_text(call.now))
            with call.store.transaction(author):
                application = _application(call.store, request, form)
                request.environ[ACTOR_KEY] = application.name
                assert endpoint.body_schema is not None
                answer = endpoint.write(endpoint.view(call, application, load(endpoint.body_schema, form)))
        except RequestEntityTooLarge:
            return self.refuse_at_once(TooLarge("The body is larger than this server reads."))
        except Fact as fact:
            return self.refuse_at_once(fact, call.notes)
        request.environ[NOTES_KEY] = call.notes
        response = ReadyResponse(
            to_json(answer) if answer is not None else b"", endpoint.status, content_type="application/json"
        )
        if answer is None:
            del response.headers["Content-Type"]
        response.headers.extend(_NOT_KEPT)
        return response

    def word(self, error: HTTPException) -> Response:
        """What the router found wrong: no such path, or another verb than POST."""
        flask.request.environ[NOTES_KEY] = [error.name]
        return with_allowed(_refusal(OAuthError.INVALID_REQUEST, error.code or HTTPStatus.INTERNAL_SERVER_ERROR), error)

    def refuse_at_once(self, fact: Fact, notes: list[str] | None = None) -> Response:
        """The answer to a fact that ended the request."""
        flask.request.environ[NOTES_KEY] = [*(notes or ()), str(fact)]
        if isinstance(fact, OAuthRefused):
            return _refusal(fact.error, 401 if fact.error is OAuthError.INVALID_CLIENT else 400)
        status = status_of(fact)
        return _refusal(_AT_ONCE.get(status, "server_error" if status >= 500 else OAuthError.INVALID_REQUEST), status)


def _refusal(error: str, status: int) -> Response:
    headers = [*_NOT_KEPT, *([("WWW-Authenticate", 'Basic realm="oauth"')] if status == HTTPStatus.UNAUTHORIZED else [])]
    return Response(to_json({"error": str(error)}), status, headers, content_type="application/json")


def _form(request: Request) -> dict[str, str]:
    """The parameters of the body. Raises ``OAuthRefused`` for one that is no form, or has a parameter twice."""
    if request.mimetype != FORM:
        raise OAuthRefused(OAuthError.INVALID_REQUEST, f"send the body as Content-Type: {FORM}")
    found: dict[str, str] = {}
    for name, values in request.form.lists():
        if len(values) > 1:
            raise OAuthRefused(OAuthError.INVALID_REQUEST, f"{name[:60]} stands there more than once")
        # Without a value it counts as left out (RFC 6749 3.2).
        if values[0]:
            found[name] = values[0]
    return found


def _application(store: Store, request: Request, form: Mapping[str, str]) -> OAuthApplication:
    """The client that asks, by the header or by the body. Raises ``OAuthRefused``."""
    scheme, _, credential = request.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
    if scheme.lower() == "basic":
        if secret:
            raise OAuthRefused(OAuthError.INVALID_REQUEST, "the secret stands both in the header and in the body")
        named = client_id
        client_id, secret = _basic(credential)
        if named and named != client_id:
            raise OAuthRefused(OAuthError.INVALID_REQUEST, "header and body name two clients")
    return oauth_applications.authenticate(store, client_id, secret)


def _basic(credential: str) -> tuple[str, str]:
    """Id and secret, each of which clients write as in a form before they make a header of both (RFC 6749 2.3.1)."""
    try:
        name, _, secret = base64.b64decode(credential, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise OAuthRefused(OAuthError.INVALID_CLIENT, "the Basic credentials are not base64 of id:secret") from None
    return unquote_plus(name), unquote_plus(secret)
