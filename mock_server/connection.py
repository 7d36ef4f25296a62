"""The connection that a request came by, for faults that end it: what waitress itself does not give to an application.

Uses parts of waitress that are not documented (`HTTPChannel.task_class`, `HTTPChannel.requests`), which is why its version is
bounded; tests look at every byte.
"""

import socket
import struct
import sys
from threading import Event
from typing import Any

from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.task import WSGITask

from mock_server.faults.exchange import Cut
from mock_server.sites import CONNECTION_KEY

_HANDSHAKE = b"\x16"
"""With what TLS begins, and no request of HTTP."""


class Task(WSGITask):
    """A request whose application may cut the connection by raising ``Cut``."""

    def get_environment(self) -> dict[str, Any]:
        """The WSGI environ, with the connection in it."""
        environ: dict[str, Any] = super().get_environment()
        environ[CONNECTION_KEY] = self.channel
        return environ

    def execute(self) -> None:
        """Answer the request."""
        try:
            super().execute()
        except Cut:
            # waitress then sends what was written so far, and nothing else, and closes.
            raise ClientDisconnected from None


class Channel(HTTPChannel):
    """One connection of a client's."""

    task_class = Task

    def received(self, data: bytes) -> bool:
        """Take in what came. TLS is answered 400 in the clear at once: the end of a head would never come."""
        if data[:1] == _HANDSHAKE and self.request is None:
            data = b"TLS\r\n\r\n"
        return bool(super().received(data))

    @property
    def is_stopping(self) -> bool:
        """Whether the server is about to stop."""
        stopping: Event = self.server.stopping  # type: ignore[attr-defined]
        return stopping.is_set()

    @property
    def is_gone(self) -> bool:
        """Whether the client has closed. To be asked while a request is answered: nobody else reads meanwhile."""
        try:
            return self.socket is None or not self.socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def reset_when_closed(self) -> None:
        """Close with a reset (RST) and not in order (FIN)."""
        form = "hh" if sys.platform == "win32" else "ii"
        if self.socket is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(form, 1, 0))
