"""The layer between the sites and the faces that hands a request to whatever fault takes it."""

import threading
from collections.abc import Callable, Iterable
from typing import Any

from mock_server.faults.exchange import MOST_WAITING, Exchange
from mock_server.sites import FAULT_KEY, SITE_KEY, WSGI, Site


def broken(application: WSGI, breakable: tuple[str, ...], untouched: tuple[str, ...]) -> WSGI:
    """The application with the site's faults before it.

    Only paths that begin with one of ``breakable`` are ever broken, and none of those that begin with one of ``untouched``.
    """
    room = threading.Semaphore(MOST_WAITING)

    def breaking(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        site: Site = environ[SITE_KEY]
        faults = site.faults
        if not faults.is_armed:
            return application(environ, start_response)
        path: str = environ["PATH_INFO"]
        fault = faults.take(environ) if path.startswith(breakable) and not path.startswith(untouched) else None
        if fault is None:
            return application(environ, start_response)
        environ[FAULT_KEY] = fault.sentence
        exchange = Exchange(fault, application, environ, start_response, room)
        exchange.tell()
        return fault.effect(exchange)

    return breaking
