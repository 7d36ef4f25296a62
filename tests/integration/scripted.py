"""A server that answers what it was told to, in order, on a real port; and a clock on which waiting takes no time."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, NamedTuple

START = 1_772_442_000.0
"""2026-03-02T09:00Z."""


class Clock:
    """The clock of a wire: it goes on only while somebody sleeps, and remembers for how long."""

    def __init__(self) -> None:
        self.now = START
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.now += seconds


class Asked(NamedTuple):
    """A request that came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Answer(NamedTuple):
    """What is sent. body: bytes, or anything that JSON can say. cut: "before" or "middle" ends the connection there."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = {}
    kind: str | None = "application/json"
    cut: str = ""


class Scripted:
    """Answers what is in ``script``, each once, the last one over and over; or what ``script`` as a function says."""

    def __init__(self) -> None:
        self.script: list[Answer] | Callable[[Asked], Answer] = [Answer(body={})]
        self.asked: list[Asked] = []
        self.url = ""

    def next(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        if callable(self.script):
            return self.script(asked)
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]


@contextmanager
def scripted() -> Iterator[Scripted]:
    """Serve until the block ends."""
    told = Scripted()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            pass

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer = told.next(Asked(self.command, self.path, dict(self.headers), body))
            sent = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            if answer.cut == "before":
                # A reset, not an orderly end.
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
                self.connection.close()
                return
            self.send_response(answer.status)
            if answer.kind is not None:
                self.send_header("Content-Type", answer.kind)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent[: len(sent) // 2] if answer.cut == "middle" else sent)
            self.close_connection = self.close_connection or answer.cut == "middle"

        do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass

    server = Quiet(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
