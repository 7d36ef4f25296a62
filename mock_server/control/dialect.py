"""How control routes read and answer: JSON, and every error as ``{"error": sentence}``."""

import ipaddress
from collections.abc import Collection
from datetime import datetime
from typing import Any

from flask import Response, request
from werkzeug.exceptions import HTTPException

from mock_server.errors import Fact, Invalid, Refused, Unusable
from mock_server.host import is_other_origin, read_json, to_json
from mock_server.moments import OutOfCalendar, parse_moment
from mock_server.origin import callers_addresses, hosts_asked, origin_of
from mock_server.refusals import status_of, with_allowed
from mock_server.sites import ACTOR_KEY, NOTES_KEY, SITE_KEY, Site

LARGEST_SCENARIO = 64 * 1024 * 1024
"""Bytes of a body that carries a scenario."""

_OWN_NAMES = frozenset({"localhost", "localhost.localdomain"})
_OWN_PAGES = frozenset({"same-origin", "none"})


def site() -> Site:
    """The world of the current request."""
    found: Site = request.environ[SITE_KEY]
    request.environ[ACTOR_KEY] = "control"
    return found


def refuse_others(is_open: bool) -> None:
    """Raises ``Refused`` for pages of another origin and, unless the routes are open, for other machines.

    The Host header is looked at too: a page whose name was made to point at this machine would pass as its own origin.
    """
    origin = request.headers.get("Origin")
    own_page = request.headers.get("Sec-Fetch-Site", "none") in _OWN_PAGES
    if (origin is not None and is_other_origin(origin, origin_of(request.environ))) or not own_page:
        raise Refused("Control routes do not answer pages of another origin.")
    if not is_open and not is_from_here():
        raise Refused("Control routes answer this machine only; start with --open-control to change that.")


def is_from_here() -> bool:
    """Whether the current request comes from this machine and asks for it by one of its own names."""
    here = all(_is_loopback(address or "") for address in callers_addresses(request.environ))
    return here and all(_is_own_name(host) for host in hosts_asked(request.environ))


def read_object(known: Collection[str]) -> dict[str, Any]:
    """The JSON object of the body; an empty body stands for an empty one. Raises ``Invalid``, also for unknown members."""
    raw = request.get_data()
    body = read_json(request.mimetype, raw) if raw else {}
    if not isinstance(body, dict):
        raise Invalid("Send a JSON object.")
    unknown = set(body) - set(known)
    if unknown:
        raise Invalid(f"Known here are {', '.join(known)}, not {', '.join(sorted(map(str, unknown)))}.")
    return body


def is_confirmed() -> bool:
    """Whether the query says ``confirm=true``."""
    return request.args.get("confirm") == "true"


def text(body: dict[str, Any], name: str) -> str | None:
    """A text of the body, or None where it is missing or null. Raises ``Invalid``."""
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise Invalid(f"{name} is a text.")
    return value


def moment(value: Any, name: str) -> datetime:
    """A moment of the body. Raises ``Invalid``."""
    try:
        return parse_moment(value)
    except OutOfCalendar as error:
        raise Invalid(str(error)) from None
    except (TypeError, ValueError, OverflowError):
        raise Invalid(f"{name} is a moment such as 2013-11-15T09:00:00Z, not {str(value)[:40]}.") from None


def number(name: str, otherwise: int) -> int:
    """A whole number from 0 of the query. Raises ``Invalid``."""
    value = request.args.get(name)
    if value is None:
        return otherwise
    if not (value.isascii() and value.isdecimal() and len(value) <= 9):
        raise Invalid(f"{name} is a whole number from 0, not {value[:40]}.")
    return int(value)


def json_answer(body: Any, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(to_json(body), status, content_type="application/json")


def word(fact: Fact) -> Response:
    """The answer to a fact that ended the request."""
    request.environ[NOTES_KEY] = [str(fact)]
    status = status_of(fact)
    # A body of the wrong kind is 400 here, as every other one that cannot be read.
    response = json_answer({"error": str(fact)}, status if status in (401, 403, 404) else 400)
    if response.status_code == 401:
        # Not Basic: a browser would ask for a password, on a page that has its own way.
        response.headers["WWW-Authenticate"] = 'Bearer realm="tempo-mock"'
    return response


def word_unusable(error: Unusable) -> Response:
    """The answer when a scenario that was named or sent cannot be used."""
    request.environ[NOTES_KEY] = [str(error)]
    return json_answer({"error": str(error)}, 400)


def word_http(error: HTTPException) -> Response:
    """What the router found wrong below ``/_mock``."""
    request.environ[NOTES_KEY] = [error.name]
    response = json_answer({"error": error.description or error.name}, error.code or 500)
    return with_allowed(response, error)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        # A WSGI call without a socket, as in a test.
        return address == ""


def _is_own_name(host: str | None) -> bool:
    if host is None:
        # HTTP/1.0; no browser leaves the header out.
        return True
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
    return name.lower() in _OWN_NAMES or name.endswith(".localhost") or (name != "" and _is_loopback(name.strip("[]")))
