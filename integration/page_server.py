"""Serving the pages with waitress, on loopback alone: a token can be typed there."""

from __future__ import annotations

import errno
import logging
import socket
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from types import MappingProxyType
from typing import Any

from integration.settings import Mistaken

HOSTS = MappingProxyType({"127.0.0.1": socket.AF_INET, "localhost": socket.AF_INET, "::1": socket.AF_INET6})
"""Where it may listen."""

THREADS = 8
_GRACE_SECONDS = 10
_LARGEST_REQUEST = 1024 * 1024


class PageServer:
    """A listening socket and its threads."""

    def __init__(self, application: Callable[..., Iterable[bytes]], host: str, port: int) -> None:
        """Take the port (0: any free one). Raises ``Mistaken`` when it cannot be had, or is not of this machine alone."""
        self._socket = _listen(host, port)
        address, self.port = self._socket.getsockname()[:2]
        self.url: str = f"http://[{address}]:{self.port}" if ":" in address else f"http://{address}:{self.port}"
        self._application = application
        self._stopping = threading.Event()
        self._channels: dict[int, Any] = {}
        self._waitress: Any = None
        self._thread = threading.Thread(target=self._run, name="pages", daemon=True)

    def start(self) -> None:
        """Answer requests in background threads."""
        from waitress.server import create_server

        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        self._waitress = create_server(
            self._application, map=self._channels, sockets=[self._socket], threads=THREADS, ident=None,
            max_request_body_size=_LARGEST_REQUEST, clear_untrusted_proxy_headers=True, asyncore_use_poll=True,
        )  # fmt: skip
        self._thread.start()

    def stop(self) -> None:
        """Let running requests end, ten seconds at most, then give the port back."""
        self._stopping.set()
        if self._thread.is_alive():
            for channel in list(self._channels.values()):
                if hasattr(channel, "pull_trigger"):
                    # The loop may have seen the flag by itself and closed its channels meanwhile.
                    with suppress(OSError):
                        channel.pull_trigger()
            self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        # Not waitress's own `run`: that one cannot be stopped from another thread.
        from waitress import wasyncore

        while not self._stopping.is_set():
            wasyncore.loop(timeout=1.0, use_poll=True, map=self._channels, count=1)
        self._waitress.task_dispatcher.shutdown(timeout=_GRACE_SECONDS)
        wasyncore.close_all(self._channels)


def _listen(host: str, port: int) -> socket.socket:
    family = HOSTS.get(host)
    if family is None:
        raise Mistaken(
            f"--host {host} can be reached by others, and a token can be typed on these pages; they are served on "
            "127.0.0.1, localhost or ::1 only (from another machine: ssh -L)."
        )
    where = "127.0.0.1" if host == "localhost" else host
    try:
        listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    except OSError as error:
        raise Mistaken(f"{host} cannot be listened on ({error.strerror}); choose another with --host.") from None
    try:
        if sys.platform != "win32":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((where, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise Mistaken(f"Port {port} on {host} is taken; choose another with --port, or --port 0 for any.") from None
        raise Mistaken(f"{host}:{port} cannot be listened on ({error.strerror}); choose another with --port.") from None
    return listening
