"""Serving an application on loopback with waitress; why waitress stands in docs/architecture.md with the figures."""

import errno
import logging
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any

from mock_server.errors import Unusable

EXIT_PORT = 5
THREADS = 64
"""Requests answered side by side. Most of a fake's slow answers are slow on purpose and only wait."""

_LARGEST_REQUEST = 64 * 1024 * 1024
"""Bytes waitress takes in before the application sees the request; the faces refuse far smaller ones in their own words."""

_OTHER_LOOPBACK = {"127.0.0.1": "::1", "localhost": "::1"}


class Server:
    """Listening sockets and their threads. Requests are answered from ``start`` on."""

    def __init__(self, application: Callable[..., Iterable[bytes]], host: str, port: int) -> None:
        """Take the port (0: any free one). Raises ``Unusable`` when it cannot be had."""
        self._sockets = listening_sockets(host, port)
        self.host = host
        self.port: int = self._sockets[0].getsockname()[1]
        self._application = application
        self._waitress: Any = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where the server is, with a numeric host."""
        address = self._sockets[0].getsockname()[0]
        return f"http://[{address}]:{self.port}" if ":" in address else f"http://{address}:{self.port}"

    def start(self) -> None:
        """Answer requests in background threads."""
        import waitress

        logging.getLogger("waitress").setLevel(logging.ERROR)
        self._waitress = waitress.create_server(
            self._application,
            sockets=self._sockets,
            threads=THREADS,
            connection_limit=1000,
            channel_timeout=120,
            max_request_body_size=_LARGEST_REQUEST,
            ident=None,
            clear_untrusted_proxy_headers=True,
        )
        self._thread = threading.Thread(target=self._waitress.run, name="server", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop answering and give the port back."""
        if self._waitress is not None:
            self._waitress.close()
        for listening in self._sockets:
            listening.close()


def listening_sockets(host: str, port: int) -> list[socket.socket]:
    """A socket on the host, and for 127.0.0.1 one on ::1 too with the same port: some clients resolve localhost to that.

    Raises ``Unusable`` when the port is taken or the host is not this machine's.
    """
    first = _listen(host, port)
    sockets = [first]
    other = _OTHER_LOOPBACK.get(host)
    if other and socket.has_ipv6:
        try:
            sockets.append(_listen(other, first.getsockname()[1]))
        except Unusable:
            # No IPv6 on this machine, or somebody else is there: the address that was asked for is served.
            print(f"tempo-mock: not listening on [{other}]:{first.getsockname()[1]} as well", file=sys.stderr)  # noqa: T201
    return sockets


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise Unusable(f"{host} is not an address to listen on ({error}); choose another with --host.", EXIT_PORT) from None
    try:
        if sys.platform != "win32":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listening.bind(address)
        listening.listen(1024)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise Unusable(f"Port {port} on {host} is taken; choose another with --port, or --port 0 for any.", EXIT_PORT) from None
        raise Unusable(f"{host}:{port} cannot be listened on ({error.strerror}); choose another.", EXIT_PORT) from None
    return listening


def until_stopped() -> None:
    """Wait for Ctrl-C or SIGTERM."""
    stopped = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    # A wait without end cannot be interrupted on Windows.
    while not stopped.wait(1.0):
        pass
