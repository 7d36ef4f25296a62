"""Three-legged OAuth 2.0 (help page on OAuth 2.0; RFC 6749, RFC 7009): consent, code, access and refresh tokens.

A code works once and for a short time. Every refresh makes a new pair, and the old one is worth nothing. An access token
acts as whoever consented, within the scopes granted. Texts of codes and tokens are told once.
"""

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from mock_server.access import Actor
from mock_server.domain.logins import actor_of, hash_token
from mock_server.domain.oauth_refusals import OAuthError, OAuthRefused
from mock_server.errors import NotLoggedIn
from mock_server.moments import moment_text, parse_any_moment
from mock_server.storage import oauth_applications, oauth_grants, people
from mock_server.storage.oauth_applications import OAuthApplication
from mock_server.storage.oauth_grants import OAuthGrant
from mock_server.storage.people import Person
from mock_server.storage.store import Store

WHOLE_ACCESS = frozenset({"read", "write"})
"""What the vendor's page shows as the scope of a token; asked for, they stand for all that the application may."""


class Pair(NamedTuple):
    """An access token and the refresh token beside it, whose texts nobody is told again. ``scopes`` are joined by spaces."""

    person_id: int
    access_token: str
    refresh_token: str
    scopes: str
    seconds: int


def scopes_asked(allowed: str, asked: str) -> str:
    """The scopes that are granted, joined by spaces: those ``asked`` for, or all that are ``allowed`` where none are.

    Raises ``OAuthRefused`` for a scope that is not among them.
    """
    chosen = frozenset(asked.split())
    if not chosen or chosen <= WHOLE_ACCESS:
        return allowed
    beyond = sorted(chosen - WHOLE_ACCESS - frozenset(allowed.split()))
    if beyond:
        raise OAuthRefused(OAuthError.INVALID_SCOPE, f"the scope {', '.join(beyond)[:200]} is not among {allowed}")
    return allowed if chosen & WHOLE_ACCESS else " ".join(sorted(chosen))


def offer(
    store: Store, application: OAuthApplication, person: Person, redirect_uri: str, scopes: str, now: datetime, seconds: int
) -> str:
    """Somebody consents: the code, good for so many seconds, that the application exchanges for tokens."""
    begins = moment_text(now)
    oauth_grants.remove_unused(store, begins)
    code = secrets.token_urlsafe(24)
    times = (begins, moment_text(_after(now, seconds)))
    oauth_grants.add(store, application.id, person.id, redirect_uri, scopes, (hash_token(code), *times))
    return code


def redeem(store: Store, application: OAuthApplication, code: str, redirect_uri: str, now: datetime, seconds: int) -> Pair:
    """Exchange a code for tokens; the access token lasts so many seconds.

    Raises ``OAuthRefused`` for a code that is unknown, used, over, of another application or another redirect URI, and
    when whoever consented is deactivated.
    """
    grant = oauth_grants.by_code(store, hash_token(code))
    if grant is None or grant.application_id != application.id:
        raise OAuthRefused(OAuthError.INVALID_GRANT, f"{application.name} was given no such code")
    if grant.redeemed_at is not None:
        raise OAuthRefused(OAuthError.INVALID_GRANT, f"the code was used at {grant.redeemed_at}")
    if grant.code_expires_at <= moment_text(now):
        raise OAuthRefused(OAuthError.INVALID_GRANT, f"the code was good until {grant.code_expires_at}")
    if grant.redirect_uri != redirect_uri:
        raise OAuthRefused(OAuthError.INVALID_GRANT, "redirect_uri is not the one that the code was sent to")
    oauth_grants.redeem(store, grant.id, moment_text(now))
    return _issue(store, grant, grant.scopes, now, seconds)


def refresh(store: Store, application: OAuthApplication, token: str, asked: str, now: datetime, seconds: int) -> Pair:
    """A new pair for a refresh token; the old pair is worth nothing from now on. ``asked`` may narrow the scopes.

    Raises ``OAuthRefused`` for a token that is unknown, used, revoked or of another application, for a scope beyond what was
    granted, and when whoever consented is deactivated.
    """
    grant = oauth_grants.by_refresh_token(store, hash_token(token))
    if grant is None or grant.application_id != application.id:
        raise OAuthRefused(OAuthError.INVALID_GRANT, f"{application.name} has no such refresh token, or it was used or revoked")
    return _issue(store, grant, scopes_asked(grant.scopes, asked), now, seconds)


def revoke(store: Store, application: OAuthApplication, token: str) -> bool:
    """Make a token worth nothing; with a refresh token its access token goes, too. Answers whether there was such a token.

    Raises ``OAuthRefused`` for a token of another application (RFC 7009 2.1).
    """
    token_hash = hash_token(token)
    by_refresh, by_access = oauth_grants.by_refresh_token(store, token_hash), oauth_grants.by_access_token(store, token_hash)
    grant = by_refresh or by_access
    if grant is None:
        return False
    if grant.application_id != application.id:
        raise OAuthRefused(OAuthError.INVALID_GRANT, f"the token is not of {application.name}")
    if by_refresh:
        oauth_grants.remove(store, grant.id)
    else:
        oauth_grants.remove_access(store, grant.id)
    return True


def owner_of(store: Store, access_hash: str) -> tuple[Actor, datetime] | None:
    """Whoever an access token stands for, and until when; None for a text that is no access token.

    Raises ``NotLoggedIn`` when they are deactivated.
    """
    grant = oauth_grants.by_access_token(store, access_hash)
    if grant is None or grant.access_scopes is None or grant.access_expires_at is None:
        return None
    owner = people.get(store, grant.person_id)
    if owner is None or not owner.active:
        application = oauth_applications.get(store, grant.application_id)
        raise NotLoggedIn(f"whoever consented to {application.name if application else 'it'} is deactivated", rejected=True)
    actor = actor_of(store, owner)
    scopes = frozenset(grant.access_scopes.split())
    found = Actor(actor.person_id, actor.name, actor.key, actor.permissions, owner.account_id, scopes)
    return found, parse_any_moment(grant.access_expires_at)


def _issue(store: Store, grant: OAuthGrant, scopes: str, now: datetime, seconds: int) -> Pair:
    person = people.get(store, grant.person_id)
    if person is None or not person.active:
        raise OAuthRefused(OAuthError.INVALID_GRANT, "whoever consented is deactivated")
    access, again = secrets.token_urlsafe(27), secrets.token_urlsafe(27)
    ends = moment_text(_after(now, seconds))
    oauth_grants.renew(store, grant.id, hash_token(again), hash_token(access), scopes, ends)
    return Pair(person.id, access, again, scopes, seconds)


def _after(now: datetime, seconds: int) -> datetime:
    """So much later, or the last moment there is."""
    try:
        return now + timedelta(seconds=seconds)
    except OverflowError:
        return datetime.max.replace(tzinfo=now.tzinfo)
