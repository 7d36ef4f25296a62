"""Traps of tokens and addresses: who is refused although nothing is wrong with the request."""

import itertools
import re
import threading
from collections.abc import Iterable
from typing import Any

from mock_server.access import GRANTABLE_SCOPES
from mock_server.domain.logins import hash_token
from mock_server.errors import Invalid, NotFound, NotLoggedIn, Refused
from mock_server.faults.callers import token_of
from mock_server.faults.exchange import Exchange
from mock_server.groups import cloud_endpoints
from mock_server.sites import Site
from mock_server.storage import api_tokens
from mock_server.traps.answers import page, stating
from mock_server.traps.asked import is_logged_in, taking
from mock_server.traps.trap import Laid, Values


def expire(site: Site, values: Values) -> Laid:
    """Whichever token comes first counts as expired from then on; others, also its successor, do not."""
    of_person = taking(site, values)
    lock = threading.Lock()
    dead: list[str | None] = []

    def matches(environ: dict[str, Any]) -> bool:
        # A request without a token is refused anyway.
        token = token_of(environ)
        return bool(token) and (not dead or dead[0] == token) and of_person(environ)

    def effect(exchange: Exchange) -> Iterable[bytes]:
        token = token_of(exchange.environ)
        with lock:
            dead[:] = dead or [token]
        if dead[0] != token:
            return exchange.send(exchange.answer())
        return _unknown(exchange)

    return Laid(matches, effect)


def lack_scope(site: Site, values: Values) -> Laid:
    """What asks for this scope alone is answered 403 to every token that is good otherwise."""
    scope = values["scope"]
    if scope not in GRANTABLE_SCOPES:
        raise Invalid(f"There is no scope {scope}; there are {', '.join(sorted(GRANTABLE_SCOPES))}.")
    asking = [
        (endpoint.method, re.compile("/4" + re.sub("<[^>]+>", "[^/]+", endpoint.path) + "/?"))
        for endpoint in cloud_endpoints()
        if str(endpoint.scope) == scope
    ]
    if not asking:
        raise Invalid(f"Nothing that is served asks for the scope {scope} alone.")
    of_person = taking(site, values)

    def matches(environ: dict[str, Any]) -> bool:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        asks = any(verb == method and form.fullmatch(path) for verb, form in asking)
        return asks and of_person(environ) and is_logged_in(site, environ)

    return Laid(matches, lambda exchange: exchange.send(exchange.refused(Refused(f"the token lacks the scope {scope}"))))


def ask_for_session(site: Site, values: Values) -> Laid:
    """Every call with a Bearer token is answered as by the part of the service that pages inside Jira talk to."""
    refused = stating(403, {"error": "Failed to parse Connect Session Auth Token"})
    of_person = taking(site, values)
    return Laid(lambda environ: bool(token_of(environ)) and of_person(environ), lambda exchange: exchange.send(refused))


def migrate(site: Site, values: Values) -> Laid:
    """403, 404 and 502 in turn to every token there is now; those made or regenerated later are good."""
    with site.shown.reading():
        former = api_tokens.hashes(site.shown)
    lock = threading.Lock()
    turns = itertools.cycle((Refused("Forbidden"), NotFound("Not Found"), None))
    of_person = taking(site, values)

    def effect(exchange: Exchange) -> Iterable[bytes]:
        with lock:
            fact = next(turns)
        return exchange.send(exchange.refused(fact) if fact else page(502))

    return Laid(lambda environ: hash_token(token_of(environ) or "") in former and of_person(environ), effect)


def know_nobody(site: Site, values: Values) -> Laid:
    """Every token is unknown."""
    return Laid(taking(site, values), _unknown)


def _unknown(exchange: Exchange) -> Iterable[bytes]:
    return exchange.send(exchange.refused(NotLoggedIn("unknown token", rejected=True)))
