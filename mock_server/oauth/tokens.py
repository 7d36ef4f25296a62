"""The token endpoint and its sister that revokes (help page on OAuth 2.0; RFC 6749, RFC 7009)."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from mock_server.access import Scope
from mock_server.domain import oauth_grants
from mock_server.domain.oauth_grants import Pair
from mock_server.domain.oauth_refusals import OAuthError, OAuthRefused
from mock_server.endpoint import Call, endpoint
from mock_server.schemas import WireSchema
from mock_server.storage import people
from mock_server.storage.oauth_applications import OAuthApplication

_NEVER_ALLOWED = frozenset({"client_credentials", "password", "implicit"})
"""Ways of OAuth 2.0 that no application of Tempo may go."""


class ClientSchema(WireSchema):
    """What a client says of itself, unless it does so in a Basic header."""

    client_id = fields.String()
    client_secret = fields.String()


class TokenRequestSchema(ClientSchema):
    """A code or a refresh token to be exchanged for an access token."""

    grant_type = fields.String()
    code = fields.String()
    redirect_uri = fields.String()
    refresh_token = fields.String()
    scope = fields.String()


class RevocationSchema(ClientSchema):
    """A token that shall be worth nothing."""

    token = fields.String()
    token_type_hint = fields.String()


class TokensSchema(WireSchema):
    """An access token with the refresh token beside it."""

    access_token = fields.String(required=True)
    expires_in = fields.Integer(required=True)
    token_type = fields.String(required=True)
    scope = fields.String(required=True)
    refresh_token = fields.String(required=True)


@endpoint(
    "POST",
    "/token",
    scope=Scope.ANYBODY,
    grade="D",
    source="help page on OAuth 2.0; RFC 6749",
    body=TokenRequestSchema,
    returns=TokensSchema,
)
def issue_tokens(call: Call, application: OAuthApplication, form: Mapping[str, str]) -> dict[str, Any]:
    """Exchange a code, or a refresh token, for a new pair of tokens; either works once"""
    way = _needed(form, "grant_type")
    seconds = int(call.settings["oauth.accessSeconds"])
    if way == "authorization_code":
        code, address = _needed(form, "code"), _needed(form, "redirect_uri")
        pair = oauth_grants.redeem(call.store, application, code, address, call.now, seconds)
    elif way == "refresh_token":
        token, asked = _needed(form, "refresh_token"), form.get("scope", "")
        pair = oauth_grants.refresh(call.store, application, token, asked, call.now, seconds)
    elif way in _NEVER_ALLOWED:
        raise OAuthRefused(OAuthError.UNAUTHORIZED_CLIENT, f"no application of Tempo may use the grant type {way}")
    else:
        known = "authorization_code and refresh_token"
        raise OAuthRefused(OAuthError.UNSUPPORTED_GRANT_TYPE, f"the grant types are {known}, not {way[:60]}")
    _note(call, application, pair)
    told = call.settings["oauth.scopeText"]
    return {
        "access_token": pair.access_token,
        "expires_in": pair.seconds,
        "token_type": "Bearer",
        "scope": pair.scopes if told == "scopes" else told,
        "refresh_token": pair.refresh_token,
    }


@endpoint(
    "POST",
    "/revoke_token",
    scope=Scope.ANYBODY,
    grade="D",
    source="help page on OAuth 2.0; RFC 7009 for the answer",
    body=RevocationSchema,
)
def revoke_token(call: Call, application: OAuthApplication, form: Mapping[str, str]) -> None:
    """Make an access token worth nothing, or a refresh token with its access token"""
    if not oauth_grants.revoke(call.store, application, _needed(form, "token")):
        call.note("there is no such token, or it is worth nothing already")


def _note(call: Call, application: OAuthApplication, pair: Pair) -> None:
    person = people.get(call.store, pair.person_id)
    call.note(f"{application.name} acts for {person.name if person else 'nobody'} for {pair.seconds} s")


def _needed(form: Mapping[str, str], name: str) -> str:
    value = form.get(name)
    if not value:
        raise OAuthRefused(OAuthError.INVALID_REQUEST, f"{name} is missing")
    return value
