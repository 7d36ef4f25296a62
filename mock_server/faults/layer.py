"""The layer between the sites and the faces that hands a request to whatever fault takes it."""

from collections.abc import Callable, Iterable
from typing import Any

from mock_server.faults.exchange import Exchange
from mock_server.sites import FAULT_KEY, SITE_KEY, WSGI, Site


def broken(application: WSGI, untouched: tuple[str, ...]) -> WSGI:
    """The application with the site's faults before it; paths that begin with one of ``untouched`` are left alone."""

    def breaking(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        site: Site = environ[SITE_KEY]
        faults = site.faults
        if not faults.is_armed or environ["PATH_INFO"].startswith(untouched):
            return application(environ, start_response)
        fault = faults.take(environ)
        if fault is None:
            return application(environ, start_response)
        environ[FAULT_KEY] = fault.sentence
        return fault.effect(Exchange(fault, application, environ, start_response))

    return breaking
