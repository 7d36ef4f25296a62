"""OAuth 2.0 applications of Tempo Cloud: made by administrators, for every site one by one (help page on OAuth 2.0).

An application has a name, redirect URIs and a client type, and gets a client id and a secret, which is told once.
"""

import hmac
import re
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from mock_server.access import GRANTABLE_SCOPES, Actor, without_administration
from mock_server.domain.logins import hash_token
from mock_server.domain.oauth_refusals import OAuthError, OAuthRefused
from mock_server.errors import Invalid, NotFound, Refused
from mock_server.moments import moment_text
from mock_server.storage import oauth_applications
from mock_server.storage.oauth_applications import OAuthApplication
from mock_server.storage.store import Store

CLIENT_TYPES = ("confidential", "public")
LONGEST_NAME = 255
LONGEST_URI = 2000
MOST_URIS = 50
_PLAIN = re.compile(r"[!-~]+")
_RUNS_SCRIPT = frozenset({"javascript", "data", "vbscript"})


class Registered(NamedTuple):
    """An application with its secret, which nobody is told again."""

    application: OAuthApplication
    secret: str


def create(
    store: Store,
    administrator: Actor,
    name: str,
    redirect_uris: Sequence[str],
    now: datetime,
    *,
    client_type: str = "confidential",
    scopes: Collection[str] | None = None,
) -> Registered:
    """A new application. ``scopes`` None are all there are now.

    Raises ``Refused`` unless all four kinds of administration are the caller's, and ``Invalid`` for a blank or long name,
    an unknown client type or scope, and for redirect URIs that are none, missing or too many.
    """
    lacking = without_administration(administrator)
    if lacking:
        raise Refused(lacking)
    uris = _checked(name, redirect_uris, client_type)
    unknown = sorted(set(scopes or ()) - GRANTABLE_SCOPES)
    if scopes is not None and not scopes:
        raise Invalid(fields={"scopes": "An application needs at least one scope."})
    if unknown:
        known = ", ".join(sorted(GRANTABLE_SCOPES))
        raise Invalid(fields={"scopes": f"There is no scope {', '.join(unknown)[:200]}; there are {known}."})
    chosen = " ".join(sorted(GRANTABLE_SCOPES if scopes is None else set(scopes)))
    client_id, secret = secrets.token_hex(20), _new_secret()
    application = OAuthApplication(0, administrator.person_id, name, client_id, client_type, uris, chosen, moment_text(now))
    application_id = oauth_applications.add(store, application, hash_token(secret))
    return Registered(application._replace(id=application_id), secret)


def get(store: Store, application_id: int) -> OAuthApplication:
    """By row id. Raises ``NotFound``."""
    application = oauth_applications.get(store, application_id)
    if application is None:
        ids = ", ".join(str(known.id) for known in oauth_applications.every(store))
        raise NotFound(
            f"There is no application with the id {application_id}; {f'there are {ids}' if ids else 'there is none'}."
        )
    return application


def change(
    store: Store, application: OAuthApplication, name: str, redirect_uris: Sequence[str], client_type: str
) -> OAuthApplication:
    """Another name, other redirect URIs, another client type; id, secret and all that was granted stay.

    Raises ``Invalid`` for what ``create`` does.
    """
    uris = _checked(name, redirect_uris, client_type)
    changed = application._replace(name=name, redirect_uris=uris, client_type=client_type)
    oauth_applications.change(store, changed)
    return changed


def renew_secret(store: Store, application: OAuthApplication) -> str:
    """Another secret, which nobody is told again; the present one is worth nothing from now on, tokens stay good."""
    secret = _new_secret()
    oauth_applications.change_secret(store, application.id, hash_token(secret))
    return secret


def remove(store: Store, application_id: int) -> None:
    """Delete an application: whatever was granted to it is worth nothing from now on. Raises ``NotFound``."""
    oauth_applications.remove(store, get(store, application_id).id)


def asking(store: Store, client_id: str, redirect_uri: str) -> OAuthApplication:
    """The application that asks for consent, whose answer goes to this address.

    Raises ``OAuthRefused`` when there is none, or the address is not one of its redirect URIs, letter for letter: then the
    answer must go nowhere.
    """
    application = oauth_applications.by_client_id(store, client_id) if client_id else None
    if application is None:
        raise OAuthRefused(OAuthError.INVALID_CLIENT, "Invalid client id: no application of this site has it.")
    if redirect_uri not in application.redirect_uris.split():
        raise OAuthRefused(
            OAuthError.INVALID_REQUEST, f"redirect_uri is not, letter for letter, one of the application {application.name}."
        )
    return application


def authenticate(store: Store, client_id: str, secret: str) -> OAuthApplication:
    """The application with this id and secret; a public one need not send its secret, but no wrong one.

    Raises ``OAuthRefused``, the same for each cause.
    """
    application = oauth_applications.by_client_id(store, client_id) if client_id else None
    if application is None:
        raise OAuthRefused(OAuthError.INVALID_CLIENT, "no application of this site has this client_id")
    if not secret and application.client_type == "public":
        return application
    if not secret or not hmac.compare_digest(hash_token(secret), oauth_applications.secret_hash(store, application.id) or ""):
        raise OAuthRefused(OAuthError.INVALID_CLIENT, f"wrong client_secret of the application {application.name}")
    return application


def wrong_with_redirect_uri(uri: str) -> str:
    """What is wrong with a redirect URI, as the end of a sentence; nothing with the empty text.

    It is absolute, without fragment (RFC 6749 3.1.2), and runs no script.
    """
    if len(uri) > LONGEST_URI:
        return f"has more than {LONGEST_URI:,} characters"
    if not _PLAIN.fullmatch(uri):
        return "is empty, or holds a space or another character that no URI has"
    try:
        parts = urlsplit(uri)
        host = parts.hostname
    except ValueError:
        return "is no URI"
    if not parts.scheme or parts.scheme in _RUNS_SCRIPT:
        return "is no address that a browser can be sent to; it begins with https:// or the scheme of an app"
    if parts.scheme in ("http", "https") and not host:
        return "names no host"
    if "#" in uri:
        return "has a fragment, which a redirect URI must not have"
    return ""


def _checked(name: str, redirect_uris: Sequence[str], client_type: str) -> str:
    """The redirect URIs, each once, joined by spaces. Raises ``Invalid``."""
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise Invalid(fields={"name": f"An application needs a name, of {LONGEST_NAME} printable characters at most."})
    if client_type not in CLIENT_TYPES:
        raise Invalid(fields={"clientType": f"Choose what kind of client it is: {' or '.join(CLIENT_TYPES)}."})
    uris = tuple(dict.fromkeys(redirect_uris))
    if not 1 <= len(uris) <= MOST_URIS:
        raise Invalid(fields={"redirectUris": f"An application needs 1 to {MOST_URIS} redirect URIs."})
    for uri in uris:
        wrong = wrong_with_redirect_uri(uri)
        if wrong:
            raise Invalid(fields={"redirectUris": f"{uri[:100]} {wrong}."})
    return " ".join(uris)


def _new_secret() -> str:
    return secrets.token_urlsafe(48)
