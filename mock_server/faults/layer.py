"""The layer between the sites and the faces that hands a request to whatever fault takes it."""

import threading
from collections.abc import Callable, Iterable
from typing import Any

from mock_server.sites import ACTOR_KEY, FAULT_KEY, SITE_KEY, WSGI, Site

MOST_WAITING = 32
"""Requests of one server kept waiting on purpose at once: half of its threads, so that the others are answered meanwhile."""


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
        taken = faults.take(environ) if path.startswith(breakable) and not path.startswith(untouched) else None
        if taken is None:
            return application(environ, start_response)
        fault, over = taken
        # Imported where something is armed: start-up time is a feature.
        from mock_server.faults.callers import caller
        from mock_server.faults.exchange import Exchange

        environ[FAULT_KEY] = fault.sentence
        person = caller(environ)
        if person is not None:
            # An answer that a fault makes up is somebody's too.
            environ[ACTOR_KEY] = person.name
        exchange = Exchange(fault, over, application, environ, start_response, room)
        exchange.tell()
        return fault.effect(exchange)

    return breaking
