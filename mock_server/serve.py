"""Serving an application on loopback with waitress; why waitress stands in docs/architecture.md with the figures."""

import errno
import logging
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from queue import Empty, SimpleQueue
from types import FrameType, MappingProxyType
from typing import Any

from mock_server.errors import Unusable

EXIT_PORT = 5
THREADS = 64
"""Requests answered side by side. Most of a fake's slow answers are slow on purpose and only wait."""

MOST_CONNECTIONS = 400
"""Connections held open at once; the next one waits. Windows can watch 512 sockets."""

_GRACE_SECONDS = 5
_LARGEST_REQUEST = 64 * 1024 * 1024
"""Bytes waitress takes in before the application sees the request; the faces refuse far smaller ones in their own words."""

_OTHER_LOOPBACK = MappingProxyType({"127.0.0.1": "::1", "localhost": "::1"})


class Server:
    """Listening sockets and their threads. Requests are answered from ``start`` on."""

    def __init__(
        self, application: Callable[..., Iterable[bytes]], host: str, port: int, *, trust_forwarded: bool = False
    ) -> None:
        """Take the port (0: any free one). Raises ``Unusable`` when it cannot be had.

        ``trust_forwarded`` lets the application see what a proxy says in X-Forwarded headers.
        """
        self._sockets = listening_sockets(host, port)
        self.address, self.port = self._sockets[0].getsockname()[:2]
        self.url: str = f"http://[{self.address}]:{self.port}" if ":" in self.address else f"http://{self.address}:{self.port}"
        """Where the server is, with a numeric host."""
        self._application = application
        self._trust_forwarded = trust_forwarded
        self._stopping = threading.Event()
        self._channels: dict[int, Any] = {}
        self._waitress: Any = None
        self._thread = threading.Thread(target=self._run, name="server", daemon=True)

    def start(self) -> None:
        """Answer requests in background threads."""
        from waitress.server import create_server

        from mock_server.connection import Channel

        # It would tell of every moment in which more requests wait than threads are free.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        self._waitress = create_server(
            self._application,
            map=self._channels,
            sockets=self._sockets,
            server_name=self.address,
            threads=THREADS,
            connection_limit=MOST_CONNECTIONS,
            max_request_body_size=_LARGEST_REQUEST,
            asyncore_use_poll=True,
            ident=None,
            clear_untrusted_proxy_headers=not self._trust_forwarded,
        )
        for listening in list(self._channels.values()):
            if hasattr(listening, "channel_class"):
                listening.channel_class = Channel
                listening.stopping = self._stopping
        self._thread.start()

    def stop(self) -> None:
        """Let running requests end (five seconds at most), then give the port back."""
        self._stopping.set()
        if self._thread.is_alive():
            self._wake()
            self._thread.join()
        for listening in self._sockets:
            listening.close()

    def _run(self) -> None:
        # Not waitress's own `run`: that one cannot be stopped from another thread.
        from waitress import wasyncore

        while not self._stopping.is_set():
            wasyncore.loop(timeout=1.0, use_poll=True, map=self._channels, count=1)
        self._waitress.task_dispatcher.shutdown(timeout=_GRACE_SECONDS)
        wasyncore.close_all(self._channels)

    def _wake(self) -> None:
        for channel in list(self._channels.values()):
            if hasattr(channel, "pull_trigger"):
                # The loop may have seen the flag by itself and closed its channels meanwhile.
                with suppress(OSError):
                    channel.pull_trigger()


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
            print(f"tempo-mock: not listening on [{other}]:{first.getsockname()[1]} as well", file=sys.stderr)
    return sockets


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # The protocol must be named, or the small answers of some servers wait 40 ms for the client's acknowledgement.
        listening = socket.socket(family, kind, protocol or socket.IPPROTO_TCP)
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
            raise Unusable(
                f"Port {port} on {host} is taken; choose another with --port, or --port 0 for any.", EXIT_PORT
            ) from None
        raise Unusable(
            f"{host}:{port} cannot be listened on ({error.strerror}); choose another with --host or --port.", EXIT_PORT
        ) from None
    return listening


def stop_requests() -> "SimpleQueue[int]":
    """From here on Ctrl-C and SIGTERM no longer end the program: they are put into the queue."""
    # A signal may come in the middle of a wait for it; a SimpleQueue, unlike an Event, bears that.
    requests: SimpleQueue[int] = SimpleQueue()

    def stop(number: int, _frame: FrameType | None) -> None:
        requests.put(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    return requests


def until_stopped(requests: "SimpleQueue[int]") -> None:
    """Wait for Ctrl-C or SIGTERM."""
    while True:
        with suppress(Empty):
            # A wait without end cannot be interrupted on Windows.
            requests.get(timeout=1.0)
            return
