"""Who sends a request, by its credentials, whatever face it is for."""

import base64
import re
from typing import Any

from mock_server.domain.logins import hash_token
from mock_server.sites import SITE_KEY, Site
from mock_server.storage import api_tokens, jira_api_tokens, oauth_grants, people
from mock_server.storage.people import Person
from mock_server.storage.store import Store

_SESSION = re.compile(r'(?:^|;)\s*JSESSIONID="?([^;"]*)')
_LONG_AGO = ""
"""Before every moment: an expired token still tells whose it was."""


def token_of(environ: dict[str, Any]) -> str | None:
    """The text of the token in a request: that of a Bearer, or what stands after an e-mail address in Basic."""
    scheme, credential = _authorization(environ)
    if scheme == "bearer":
        return credential or None
    name, secret = _pair(credential) if scheme == "basic" else ("", "")
    return secret if secret and "@" in name else None


def caller(environ: dict[str, Any]) -> Person | None:
    """The person whose credentials a request carries, be they expired; None for nobody and for unknown ones.

    A login name is believed without its password: who a request says it is from is what a rule asks.
    """
    site: Site = environ[SITE_KEY]
    store = site.shown
    scheme, credential = _authorization(environ)
    with store.reading():
        if scheme == "bearer":
            return _owner(store, credential)
        if scheme == "basic":
            name, secret = _pair(credential)
            return people.by_name(store, name) or _by_id(store, jira_api_tokens.owner_id(store, hash_token(secret)))
        session = None if scheme else _SESSION.search(environ.get("HTTP_COOKIE", ""))
        actor = site.logins.by_session(store, session[1]) if session else None
        return _by_id(store, actor.person_id if actor else None)


def _owner(store: Store, text: str) -> Person | None:
    token_hash = hash_token(text)
    token = api_tokens.by_hash(store, token_hash) or oauth_grants.by_access_token(store, token_hash)
    person_id = token.person_id if token else jira_api_tokens.owner_id(store, token_hash)
    return people.by_token_hash(store, token_hash, _LONG_AGO) if person_id is None else _by_id(store, person_id)


def _by_id(store: Store, person_id: int | None) -> Person | None:
    return None if person_id is None else people.get(store, person_id)


def _authorization(environ: dict[str, Any]) -> tuple[str, str]:
    scheme, _, credential = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return scheme.lower(), credential.strip()


def _pair(credential: str) -> tuple[str, str]:
    try:
        name, _, secret = base64.b64decode(credential, validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return name, secret
