"""How the control routes that are described as endpoints are answered: those that act as a person, and those of providers.

A person calls with name and password as at the Jira host, or with a token of Tempo Cloud as Bearer.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import Request, Response, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from mock_server.access import Actor, Scope
from mock_server.control.dialect import json_answer, site, word, word_http
from mock_server.domain import api_tokens
from mock_server.endpoint import Call, Endpoint
from mock_server.errors import Invalid, NotLoggedIn
from mock_server.host import read_json
from mock_server.moments import moment_text
from mock_server.origin import origin_of
from mock_server.own_pages import CONTROL
from mock_server.schemas import load, query_values
from mock_server.scopes import check_scope
from mock_server.sites import ACTOR_KEY, NOTES_KEY, Site
from mock_server.storage.store import Author, Store

LARGEST_TEXT = 32 * 1024 * 1024
"""Bytes of a body that is no JSON: more than is read of a map file, so that whoever sends more is told what is the matter."""

_ROW = re.compile(r"\ARow (\d+): ")


class Made(NamedTuple):
    """What a view answers where something was made by a PUT that also changes."""

    values: Mapping[str, Any]


class Unmade(NamedTuple):
    """What a view answers where an attempt failed that leaves its traces, so that nothing is undone: 400."""

    kind: str
    sentence: str


class ControlDialect:
    """Answers an endpoint: who (401), right (403), then names in the path (404), query and body (400)."""

    def perform(self, endpoint: Endpoint, path_values: Mapping[str, Any]) -> Response:
        """Answer the current request with this endpoint."""
        found = site()
        writes = endpoint.method != "GET"
        call = _call(request, found, found.shown)
        raw = _body(endpoint) if writes else b""
        author = Author("control", "control", endpoint.name, moment_text(call.now)) if writes else None
        try:
            if writes:
                if not found.is_written:
                    # Whoever may not come in does not make the site a copy of its own either.
                    with call.store.reading():
                        _admit(endpoint, call)
                call.store = found.store
            with call.store.transaction(author) if author else call.store.reading():
                actor = _admit(endpoint, call)
                if actor and author:
                    call.store.act_as(author._replace(who=actor.key))
                answer = endpoint.view(*_arguments(endpoint, call, path_values, raw))
        except Invalid as wrong:
            return _word_rows(wrong) if endpoint.media else word(wrong)
        return _answered(endpoint, answer)

    def word(self, error: HTTPException) -> Response:
        """What the router found wrong."""
        return word_http(error)


def _call(asked: Request, found: Site, store: Store) -> Call:
    environ = asked.environ
    context = environ["SCRIPT_NAME"] + CONTROL
    call = Call(store, found.settings, found.clock.now(), found.logins, lambda: origin_of(environ), context)
    call.query = asked.args.to_dict(flat=False)
    return call


def _body(endpoint: Endpoint) -> bytes:
    if endpoint.media:
        request.max_content_length = LARGEST_TEXT
    return request.get_data()


def _admit(endpoint: Endpoint, call: Call) -> Actor | None:
    """Whoever calls, once they may. Raises ``NotLoggedIn`` and ``Refused``."""
    if endpoint.scope is Scope.ANYBODY:
        return None
    call.actor = _caller(call)
    request.environ[ACTOR_KEY] = call.actor.name
    assert isinstance(endpoint.scope, Scope)
    check_scope(endpoint.scope, call, None)
    return call.actor


def _caller(call: Call) -> Actor:
    scheme, _, credential = request.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    credential = credential.strip()
    if scheme.lower() == "basic":
        return call.logins.by_basic(call.store, credential).actor
    if scheme.lower() == "bearer":
        return api_tokens.authenticate(call.store, credential, call.now)
    # Never quoted: without a scheme in front, the first word is the secret itself.
    raise NotLoggedIn(
        "This is done as a person: send name and password as Basic, or their Tempo token as Bearer.", rejected=bool(scheme)
    )


def _arguments(endpoint: Endpoint, call: Call, path_values: Mapping[str, Any], raw: bytes) -> list[Any]:
    arguments: list[Any] = [call, *path_values.values()]
    _check_query(endpoint, request.args)
    if endpoint.query_schema is not None:
        arguments.append(load(endpoint.query_schema, query_values(endpoint.query_schema, call.query)))
    if endpoint.body_schema is not None:
        arguments.append(load(endpoint.body_schema, read_json(request.mimetype, raw) if raw else {}))
    elif endpoint.media and endpoint.method != "GET":
        arguments.append(raw)
    return arguments


def _check_query(endpoint: Endpoint, given: "MultiDict[str, str]") -> None:
    """Raises ``Invalid`` for a parameter that is not known here: one that is misspelt would mean everybody."""
    schema = endpoint.query_schema
    known = list(endpoint.parameters)
    if schema is not None:
        known += [field.data_key or name for name, field in schema.load_fields.items()]
    unknown = sorted(set(given) - set(known))
    if unknown:
        there = f"Parameters here are {', '.join(known)}" if known else "There are no parameters here"
        raise Invalid(f"{there}, not {', '.join(name[:40] for name in unknown[:10])}.")


def _answered(endpoint: Endpoint, answer: Any) -> Response:
    if endpoint.media and endpoint.method == "GET":
        headers = {"Content-Disposition": f'attachment; filename="{endpoint.path.rpartition("/")[2]}.csv"'}
        return Response(answer, headers=headers, content_type=f"{endpoint.media}; charset=utf-8")
    if isinstance(answer, Made):
        return json_answer(endpoint.write(answer.values), 201)
    if isinstance(answer, Unmade):
        request.environ[NOTES_KEY] = [answer.sentence]
        return json_answer({"error": answer.sentence, "kind": answer.kind}, 400)
    if answer is None:
        response = Response(status=endpoint.status)
        del response.headers["Content-Type"]
        return response
    return json_answer(endpoint.write(answer), endpoint.status)


def _word_rows(wrong: Invalid) -> Response:
    """A refusal that says of each row what is wrong with it; ``row`` is None for what is wrong with the whole."""
    request.environ[NOTES_KEY] = [str(wrong)]
    errors = []
    for message in [*wrong.messages, *wrong.fields.values()]:
        found = _ROW.match(message)
        errors.append({"row": int(found[1]) if found else None, "message": message})
    return json_answer({"error": errors[0]["message"] if errors else "", "errors": errors}, 400)
