"""Requests as traps see them: which ones a trap takes, and their query, body and token changed before the faces read them."""

import io
import json
import re
from collections.abc import Collection
from typing import Any
from urllib.parse import parse_qsl, urlencode

from mock_server.domain import api_tokens
from mock_server.errors import NotLoggedIn
from mock_server.faults.callers import caller, token_of
from mock_server.faults.fault import Matches
from mock_server.faults.matching import person_named
from mock_server.sites import Site
from mock_server.traps.trap import Values

TEMPO = "/4/"
"""What paths of Tempo Cloud begin with."""

WORKLOGS = r"/4/worklogs"
READS = frozenset({"GET", "HEAD"})
_LARGEST = 1024 * 1024
_SEARCH = re.compile(r"/4/[a-z0-9/-]+/search/?")


def taking(site: Site, values: Values, methods: Collection[str] = (), path: str = f"{TEMPO}.*") -> Matches:
    """Requests by these methods (all without any) at paths that the expression fits, and of ``values["persona"]`` if any.

    Raises ``Invalid`` when there is nobody of that name.
    """
    form = re.compile(path)
    name = person_named(site, values["persona"]) if values.get("persona") is not None else None

    def matches(environ: dict[str, Any]) -> bool:
        if methods and environ["REQUEST_METHOD"] not in methods:
            return False
        if form.fullmatch(environ["PATH_INFO"]) is None:
            return False
        person = caller(environ) if name is not None else None
        return name is None or (person is not None and person.name == name)

    return matches


def reading(site: Site, values: Values, path: str = f"{TEMPO}.*") -> Matches:
    """As ``taking``, for what reads: GET, and the searches by POST."""
    of_person = taking(site, values, path=path)

    def matches(environ: dict[str, Any]) -> bool:
        return (environ["REQUEST_METHOD"] in READS or is_search(environ)) and of_person(environ)

    return matches


def is_search(environ: dict[str, Any]) -> bool:
    """Whether it reads by POST."""
    return environ["REQUEST_METHOD"] == "POST" and _SEARCH.fullmatch(environ["PATH_INFO"]) is not None


def is_logged_in(site: Site, environ: dict[str, Any]) -> bool:
    """Whether Tempo would take the token."""
    store = site.shown
    with store.reading():
        try:
            api_tokens.authenticate(store, token_of(environ) or "", site.clock.now())
        except NotLoggedIn:
            return False
    return True


def query_of(environ: dict[str, Any]) -> list[tuple[str, str]]:
    """The query as names and values in their order."""
    return parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)


def ask(environ: dict[str, Any], **numbers: int) -> None:
    """Make these the values of query parameters, in place of what was asked."""
    kept = [(name, value) for name, value in query_of(environ) if name not in numbers]
    environ["QUERY_STRING"] = urlencode([*kept, *((name, str(value)) for name, value in numbers.items())])


def number_of(environ: dict[str, Any], name: str, otherwise: int) -> int | None:
    """A whole number of the query, ``otherwise`` where it is missing, None where it is none that the faces take."""
    given = [value for found, value in query_of(environ) if found == name]
    if not given:
        return otherwise
    text = given[0]
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else None


def body_of(environ: dict[str, Any]) -> Any:
    """The JSON of the body, which stays to be read; None where it is none or too large to be."""
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return None
    if not 0 < length <= _LARGEST:
        return None
    raw = environ["wsgi.input"].read(length)
    environ["wsgi.input"] = io.BytesIO(raw)
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def send(environ: dict[str, Any], body: Any) -> None:
    """Make this the body."""
    raw = json.dumps(body).encode()
    environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(raw), str(len(raw))
