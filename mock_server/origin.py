"""Where a request was sent to: the scheme and host that links in its answer begin with; and what a proxy says of it."""

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from mock_server.sites import WSGI

# With underscores, unlike werkzeug's: names of services in container networks have them.
_HOST = re.compile(r"(?:[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_DEFAULT_PORTS: Mapping[str, str] = MappingProxyType({"http": ":80", "https": ":443"})
_BEFORE_PROXY = "werkzeug.proxy_fix.orig"
_FORWARDED_FOR = "HTTP_X_FORWARDED_FOR"
# Some proxies write the port beside the address.
_ADDRESS = re.compile(r"(?P<v4>[0-9.]+)(?::[0-9]{1,5})?|\[(?P<v6>[^\]]*)\](?::[0-9]{1,5})?|(?P<bare>.*)")
_UNKNOWN = "unknown"
_FORWARDED: Mapping[str, str] = MappingProxyType(
    {
        "HTTP_X_FORWARDED_PROTO": r"[Hh][Tt][Tt][Pp][Ss]?",
        "HTTP_X_FORWARDED_HOST": _HOST.pattern,
        "HTTP_X_FORWARDED_PORT": r"[1-9][0-9]{0,4}",
        "HTTP_X_FORWARDED_PREFIX": r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)+/?",
    }
)


def origin_of(environ: Mapping[str, Any]) -> str:
    """Scheme and host with port, as they were asked for.

    Where a request names no host (HTTP/1.0) or none that can be, it is the address that the server listens on.
    """
    scheme: str = environ["wsgi.url_scheme"]
    host: str = environ.get("HTTP_HOST", "")
    if not _HOST.fullmatch(host):
        name: str = environ["SERVER_NAME"]
        host = f"{f'[{name}]' if ':' in name and name[0] != '[' else name}:{environ['SERVER_PORT']}"
    return f"{scheme}://{host.removesuffix(_DEFAULT_PORTS.get(scheme, ''))}"


def hosts_asked(environ: Mapping[str, Any]) -> set[str | None]:
    """The Host header as it came, and as a trusted proxy says it was; None stands for a request without one."""
    return {environ.get("HTTP_HOST"), environ.get(_BEFORE_PROXY, environ).get("HTTP_HOST")}


def callers_addresses(environ: Mapping[str, Any]) -> set[str | None]:
    """The address at the other end of the connection, and that of whom a trusted proxy speaks for."""
    return {environ.get("REMOTE_ADDR"), environ.get(_BEFORE_PROXY, environ).get("REMOTE_ADDR")}


class Forwarded:
    """A WSGI application that believes one proxy in front of it: X-Forwarded-For, -Proto, -Host, -Port and -Prefix.

    What cannot be such a value is as good as not sent; but a caller whose address cannot be read is somebody unknown and
    never this machine. Of several values the last counts, which the nearest proxy wrote.
    """

    def __init__(self, application: WSGI) -> None:
        # Imported where it is wanted: start-up time is a feature.
        from werkzeug.middleware.proxy_fix import ProxyFix

        self._forms = {name: re.compile(form) for name, form in _FORWARDED.items()}
        self._fixed: WSGI = ProxyFix(application, x_for=1, x_proto=1, x_host=1, x_port=1, x_prefix=1)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        for name, form in self._forms.items():
            value = environ.pop(name, "").rpartition(",")[2].strip(" \t")
            if form.fullmatch(value) and (name != "HTTP_X_FORWARDED_PORT" or int(value) < 2**16):
                environ[name] = value.lower() if name == "HTTP_X_FORWARDED_PROTO" else value.rstrip("/")
        if _FORWARDED_FOR in environ:
            environ[_FORWARDED_FOR] = _address(environ[_FORWARDED_FOR].rpartition(",")[2].strip(" \t"))
        return self._fixed(environ, start_response)


def _address(text: str) -> str:
    """The address without brackets and port, or a word for one that is none."""
    found = _ADDRESS.fullmatch(text)
    address = (found["v4"] or found["v6"] or found["bare"] or "") if found else ""
    try:
        ipaddress.ip_address(address)
    except ValueError:
        return _UNKNOWN
    return address
