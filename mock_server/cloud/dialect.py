"""How Tempo Cloud reads requests and words answers (vendor's OpenAPI of v4; help pages; what clients saw)."""

import re
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import flask
from flask import Request, Response
from marshmallow import Schema
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from mock_server.access import Actor, ApiScope, without_scope
from mock_server.cloud.paging import Bare, BodyPage, CursorPage, Listed, Page, PagedQuery, TokenPage, Uncounted, check_limit
from mock_server.console import is_explained
from mock_server.domain import api_tokens
from mock_server.domain.logins import hash_token
from mock_server.endpoint import Call, Endpoint
from mock_server.errors import Fact, Invalid, NotLoggedIn, Refused, TooLarge
from mock_server.host import ReadyResponse, read_json, to_json
from mock_server.moments import moment_text, seconds_before
from mock_server.origin import origin_of
from mock_server.page_keys import PageKeys
from mock_server.refusals import status_of, with_allowed
from mock_server.schemas import load, load_each, query_values
from mock_server.sites import ACT_AS_KEY, ACTOR_KEY, NEXT_KEY, NOTES_KEY, SITE_KEY, VIEW_KEY, Site
from mock_server.storage.store import Author, Store

PREFIX = "/4"
_UNSAFE = frozenset({"POST", "PUT", "DELETE", "PATCH"})
_FACE = "cloud"
NOT_SERVED = (
    "billing-rates-tables", "flex-plans", "global-rates", "portfolios", "project-attributes", "projects",
    "reports", "skill-assignments", "skills", "timesheet-approvals", "webhooks",
)  # fmt: skip
"""What the vendor's OpenAPI of v4 has and this server does not: the first word below ``/4``."""


class CloudDialect:
    """Answers as Tempo Cloud does. Keeps only where pages ended."""

    def __init__(self) -> None:
        self._page_keys = PageKeys()

    def perform(self, endpoint: Endpoint, path_values: Mapping[str, Any]) -> Response:
        """Answer with the endpoint: who (401), scope (403), entity (404), query and body (400), in this order."""
        request: Request = flask.request._get_current_object()  # type: ignore[attr-defined]
        site: Site = request.environ[SITE_KEY]
        request.environ[VIEW_KEY] = endpoint
        # A search by POST reads; it must not make the site a copy of its own.
        writes = endpoint.method in _UNSAFE and not endpoint.is_search
        call = _call(request, site, site.shown)
        call.page_keys = self._page_keys
        call.is_asked_why = is_explained(request.environ)
        call.explains = call.is_asked_why or site.journal.enabled
        if not writes:
            call.remembered = site.remembered
        author = Author("anonymous", _FACE, endpoint.name, moment_text(call.now)) if writes else None
        try:
            raw = request.get_data() if endpoint.method in _UNSAFE else b""
            if writes:
                call.store = _store_to_write(request, site, call)
            with call.store.transaction(author) if author else call.store.reading():
                _log_in(request, site, call)
                if author:
                    call.store.act_as(author._replace(who=call.caller.key))
                _check_scope(endpoint, call)
                arguments: list[Any] = [call]
                if endpoint.loads:
                    arguments.append(endpoint.loads(call, **path_values))
                elif path_values:
                    arguments.extend(path_values.values())
                if endpoint.query_schema is not None:
                    arguments.append(_query(endpoint.query_schema, request, call))
                if endpoint.body_schema is not None:
                    arguments.append(_body(endpoint, raw))
                answer = _written(endpoint, endpoint.view(*arguments), request, call)
        except RequestEntityTooLarge:
            return self.refuse(TooLarge("The body is larger than this server reads."), call, request)
        except Fact as fact:
            return self.refuse(fact, call, request)
        request.environ[NOTES_KEY] = call.notes
        if answer is None:
            response = Response(status=endpoint.status)
            del response.headers["Content-Type"]
            return response
        return ReadyResponse(to_json(answer), endpoint.status, content_type="application/json")

    def word(self, error: HTTPException) -> Response:
        """What the router found wrong, for a valid token; 401 without one, also on paths that do not exist."""
        request: Request = flask.request._get_current_object()  # type: ignore[attr-defined]
        site: Site = request.environ[SITE_KEY]
        call = _call(request, site, site.shown)
        try:
            with call.store.reading():
                _log_in(request, site, call)
        except Fact as fact:
            return self.refuse(fact, call, request)
        request.environ[NOTES_KEY] = [_unserved(request.path) or error.name]
        response = _errors([f"{error.name}: {request.method} {request.path}"], error.code or 500)
        return with_allowed(response, error)

    def refuse_at_once(self, fact: Fact) -> Response:
        """The answer to a fact that stands before anybody has looked at the request."""
        request: Request = flask.request._get_current_object()  # type: ignore[attr-defined]
        site: Site = request.environ[SITE_KEY]
        return self.refuse(fact, _call(request, site, site.shown), request)

    def refuse(self, fact: Fact, call: Call, request: Request) -> Response:
        """The answer to a fact that ended the request."""
        request.environ[NOTES_KEY] = [*call.notes, str(fact)]
        status = status_of(fact)
        if status in (401, 403):
            text = "Unauthorized" if status == 401 else "Forbidden"
            if call.settings["cloud.refusals"] == "json":
                return _errors([text], status)
            return Response(f"<html><body>{status} {text}</body></html>", status, content_type="text/html;charset=UTF-8")
        messages = [fact.message]
        if isinstance(fact, Invalid):
            # A text that names its field, as the vendor's do, stands alone.
            fields = [text if _names(text, name) else f"{name}: {text}" for name, text in fact.fields.items()]
            messages = [*fact.messages, *fields]
        response = _errors(messages, status)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            response.headers["Retry-After"] = "1"
        return response


def _store_to_write(request: Request, site: Site, call: Call) -> Store:
    # Whoever may not come in does not make the site a copy of its own either.
    if not site.is_written:
        with call.store.reading():
            _authenticate(request, call)
    return site.store


def _log_in(request: Request, site: Site, call: Call) -> None:
    caller = _authenticate(request, call)
    request.environ[ACTOR_KEY] = caller.name
    delay = site.settings.number("cloud.permissionDelay")
    call.actor = replace(caller, roles_as_of=seconds_before(call.now, delay)) if delay else caller
    if site.settings.is_on("cloud.rateLimit") and ACT_AS_KEY not in request.environ:
        site.rate_limit.count(hash_token(_token(request)), call.now)


def _authenticate(request: Request, call: Call) -> Actor:
    if ACT_AS_KEY in request.environ:
        return api_tokens.acting_as(call.store, request.environ[ACT_AS_KEY])
    return api_tokens.authenticate(call.store, _token(request), call.now, call.remember)


def _token(request: Request) -> str:
    scheme, _, text = request.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        raise NotLoggedIn("no Tempo token" if not scheme else "not a Bearer token", rejected=bool(scheme))
    return str(text.strip())


def _call(request: Request, site: Site, store: Store) -> Call:
    return Call(
        store,
        site.settings,
        site.clock.now(),
        site.logins,
        lambda: origin_of(request.environ),
        request.environ["SCRIPT_NAME"] + PREFIX,
    )


def _query(schema: Schema, request: Request, call: Call) -> dict[str, Any]:
    values = load(schema, query_values(schema, request.args.to_dict(flat=False)))
    if isinstance(schema, PagedQuery) and call.settings["cloud.limitAboveMaximum"] == "400":
        check_limit(values)
    return values


def _body(endpoint: Endpoint, raw: bytes) -> Any:
    assert endpoint.body_schema is not None
    # A search need not send a body; everything else that takes one does.
    data = read_json("", raw) if raw or not endpoint.is_search else {}
    if endpoint.body_many is None:
        return load(endpoint.body_schema, data)
    least, most = endpoint.body_many
    if not isinstance(data, list) or not least <= len(data) <= most:
        raise Invalid(f"The body is a list of {least} to {most} entries")
    return load_each(endpoint.body_schema, data)


def _check_scope(endpoint: Endpoint, call: Call) -> None:
    assert isinstance(endpoint.scope, ApiScope)
    view_may_search = endpoint.is_search and call.settings["cloud.searchNeeds"] == "view"
    scopes = call.caller.scopes
    lacking = without_scope(scopes, endpoint.scope, search=endpoint.is_search, view_may_search=view_may_search)
    if lacking:
        raise Refused(lacking)


def _written(endpoint: Endpoint, result: Any, request: Request, call: Call) -> Any:
    own = f"{call.base.removesuffix(PREFIX)}{request.path}"
    if isinstance(result, Page | BodyPage):
        pairs = [(name, value) for name, value in request.args.items(multi=True) if name not in ("offset", "limit")]
        metadata: dict[str, Any] = {"count": len(result.items), "offset": result.offset, "limit": result.limit}
        if result.more:
            metadata["next"] = _address(own, pairs, result.offset + result.limit, result.limit)
            request.environ[NEXT_KEY] = metadata["next"]
        if result.offset:
            metadata["previous"] = _address(own, pairs, max(0, result.offset - result.limit), result.limit)
        address = {"self": _self(own, request)} if isinstance(result, Page) else {}
        return {**address, "metadata": metadata, "results": endpoint.write(result.items)}
    if isinstance(result, Bare):
        metadata = {"count": len(result.items), "offset": result.offset, "limit": result.limit}
        return {"metadata": metadata, "results": endpoint.write(result.items)}
    if isinstance(result, Uncounted):
        return {"self": _self(own, request), "results": endpoint.write(result.items)}
    if isinstance(result, TokenPage | CursorPage):
        return {
            "self": _self(own, request),
            "metadata": _token_metadata(result, own, request),
            "results": endpoint.write(result.items),
        }
    if isinstance(result, Listed):
        return {
            "self": _self(own, request),
            "metadata": {"count": len(result.items)},
            "results": endpoint.write(result.items),
        }
    return endpoint.write(result)


def _token_metadata(result: TokenPage | CursorPage, own: str, request: Request) -> dict[str, Any]:
    if isinstance(result, TokenPage):
        counts, token, name, link = {"limit": result.limit}, result.token, "nextPageToken", "nextPageUrl"
    else:
        counts = {"count": len(result.items), "limit": result.limit}
        token, name, link = result.key, "lastEvaluatedKey", "next"
    if token is None:
        return counts
    pairs = [(given, value) for given, value in request.args.items(multi=True) if given not in (name, "limit")]
    following = f"{own}?{urlencode([*pairs, ('limit', result.limit), (name, token)])}"
    request.environ[NEXT_KEY] = following
    return {**counts, name: token, link: following}


def _address(own: str, pairs: list[tuple[str, str]], offset: int, limit: int) -> str:
    return f"{own}?{urlencode([*pairs, ('offset', offset), ('limit', limit)])}"


def _self(own: str, request: Request) -> str:
    query = request.query_string.decode("latin-1")
    return f"{own}?{query}" if query else own


def _names(text: str, field: str) -> bool:
    """Whether the text has the field's name as a word: an id is not named by valid."""
    return re.search(rf"(?<!\w){re.escape(field)}(?!\w)", text) is not None


def _unserved(path: str) -> str | None:
    noun = path.removeprefix(f"{PREFIX}/").partition("/")[0]
    return f"Tempo has /4/{noun}, which is not served here yet" if noun in NOT_SERVED else None


def _errors(messages: list[str], status: int) -> Response:
    body = {"errors": [{"message": message} for message in messages]}
    return Response(to_json(body), status, content_type="application/json")
