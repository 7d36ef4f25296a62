"""Lets pages of named origins call the APIs from a browser (CORS); off unless origins are named."""

import re
from collections.abc import Callable, Collection, Iterable
from typing import Any

from mock_server.page_sessions import PROVIDER_PAGES, SETTINGS_PAGES
from mock_server.sites import ALLOWED_ORIGIN_KEY, WSGI

_METHODS = "GET, POST, PUT, DELETE, OPTIONS"
_HEADERS = "Authorization, Content-Type, Accept, X-Atlassian-Token, X-Tempo-Mock-Explain"
_OWN = re.compile(rf"/_mock|^(?:/sites/[^/]*)?(?:{SETTINGS_PAGES}|{PROVIDER_PAGES})(?:/|$)")
_EXPOSED = "X-AUSERNAME, X-Seraph-LoginReason, X-Tempo-Mock-Reason, Retry-After"


class Cors:
    """A WSGI application that answers preflight requests and marks answers for the named origins.

    Control routes, settings pages and those of providers are left out: they are for pages of their own origin.
    """

    def __init__(self, application: WSGI, origins: Collection[str]) -> None:
        self._application = application
        self._origins = frozenset(origins)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        origin = environ.get("HTTP_ORIGIN")
        if origin not in self._origins or _OWN.search(environ["PATH_INFO"]):
            return self._application(environ, start_response)
        allowed = [
            ("Access-Control-Allow-Origin", origin),
            ("Access-Control-Allow-Credentials", "true"),
            ("Access-Control-Expose-Headers", _EXPOSED),
        ]
        if environ["REQUEST_METHOD"] == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ:
            permitted = [("Access-Control-Allow-Methods", _METHODS), ("Access-Control-Allow-Headers", _HEADERS)]
            start_response("204 No Content", [*allowed, *permitted, ("Access-Control-Max-Age", "600"), ("Vary", "Origin")])
            return []
        environ[ALLOWED_ORIGIN_KEY] = True

        def started(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            return start_response(status, [*headers, *allowed, ("Vary", "Origin")], exc_info)

        return self._application(environ, started)
