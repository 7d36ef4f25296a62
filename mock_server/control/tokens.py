"""Tokens of Tempo Cloud, as their owner would make them on the settings page: ``/_mock/tokens``."""

from datetime import datetime

from flask import Response, request

from mock_server.control.dialect import json_answer, read_object, site, text
from mock_server.domain import api_tokens
from mock_server.domain.api_tokens import Issued
from mock_server.errors import Invalid
from mock_server.moments import moment_text
from mock_server.storage.people import Person
from mock_server.storage.store import Author
from mock_server.token_bean import token_bean


def list_tokens() -> Response:
    """``?person=NAME``: somebody's tokens, active and expired, without their text."""
    found = site()
    with found.shown.reading():
        owner = api_tokens.owner_named(found.shown, request.args.get("person"))
        tokens = api_tokens.of_owner(found.shown, owner.id)
    return json_answer([token_bean(token, owner, _now()) for token in tokens])


def create_token() -> Response:
    """``{"person", "name", "days"?, "scopes"?}``; without scopes Full access. The answer has the text, for once."""
    body = read_object(("person", "name", "days", "scopes"))
    days, scopes = body.get("days"), body.get("scopes")
    if days is not None and (not isinstance(days, int) or isinstance(days, bool)):
        raise Invalid("days is a whole number.")
    if scopes is not None and not (isinstance(scopes, list) and all(isinstance(scope, str) for scope in scopes)):
        raise Invalid("scopes is a list of scope names.")
    found = site()
    store = found.store
    with store.transaction(_author("create_token")):
        owner = api_tokens.owner_named(store, text(body, "person"))
        issued = api_tokens.create(store, owner, text(body, "name") or "", days, scopes, found.clock.now())
    return _told(issued, owner, 201)


def rename_token(token_id: int) -> Response:
    """``{"person", "name"}``."""
    body = read_object(("person", "name"))
    store = site().store
    with store.transaction(_author("rename_token")):
        owner = api_tokens.owner_named(store, text(body, "person"))
        token = api_tokens.rename(store, api_tokens.get(store, owner.id, token_id), text(body, "name") or "")
    return json_answer(token_bean(token, owner, _now()))


def regenerate_token(token_id: int) -> Response:
    """``{"person"}``: another text, told once; the old one is worth nothing from now on."""
    body = read_object(("person",))
    found = site()
    store = found.store
    with store.transaction(_author("regenerate_token")):
        owner = api_tokens.owner_named(store, text(body, "person"))
        issued = api_tokens.regenerate(store, api_tokens.get(store, owner.id, token_id), found.clock.now())
    return _told(issued, owner, 200)


def delete_token(token_id: int) -> Response:
    """``?person=NAME``: revoke a token."""
    store = site().store
    with store.transaction(_author("delete_token")):
        owner = api_tokens.owner_named(store, request.args.get("person"))
        api_tokens.remove(store, api_tokens.get(store, owner.id, token_id))
    return Response(status=204)


def _now() -> datetime:
    return site().clock.now()


def _author(call: str) -> Author:
    return Author("control", "control", call, moment_text(_now()))


def _told(issued: Issued, owner: Person, status: int) -> Response:
    return json_answer({**token_bean(issued.token, owner, _now()), "token": issued.text}, status)
