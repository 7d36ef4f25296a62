"""One line per request for whoever watches the server: who, what, status and why."""

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, TextIO

from mock_server.redaction import path_without_secrets, without_secrets
from mock_server.sites import ACTOR_KEY, NOTES_KEY, WSGI

LONGEST_REASON = 2000
"""Characters of a reason that go into a header."""


class Console:
    """A WSGI application that prints a line after each answer of the one inside."""

    def __init__(self, application: Callable[..., Iterable[bytes]], stream: TextIO) -> None:
        self._application = application
        self._stream = stream

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        began = time.perf_counter()
        path = environ.get("SCRIPT_NAME", "") + environ["PATH_INFO"]
        # As it was asked: a fault may ask the faces for another page.
        query = environ.get("QUERY_STRING")
        seen: list[str] = []

        def started(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            seen.append(status)
            return start_response(status, headers, exc_info)

        try:
            return self._application(environ, started)
        finally:
            elapsed = (time.perf_counter() - began) * 1000
            what = plain(
                f"{environ['REQUEST_METHOD']} {path_without_secrets(path)}{'?' + without_secrets(query) if query else ''}"
            )
            why = plain("; ".join(environ.get(NOTES_KEY) or ()))[:LONGEST_REASON]
            status = seen[-1] if seen else "no answer"
            who = plain(environ.get(ACTOR_KEY) or "anonymous")
            # Whoever watched may have gone; that is no reason to answer otherwise.
            with suppress(OSError, ValueError):
                self._stream.write(f"{who} {what} -> {status}{': ' + why if why else ''} ({elapsed:.1f} ms)\n")
                self._stream.flush()


def explained(application: WSGI) -> WSGI:
    """The application, with the header ``X-Tempo-Mock-Reason`` for whoever asks by ``X-Tempo-Mock-Explain: 1``.

    The header holds what the console line gives as the reason. Without being asked nothing of it is on the wire.
    """

    def explaining(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not is_explained(environ):
            return application(environ, start_response)

        def started(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            otherwise = "nothing was hidden or refused" if status < "4" else status
            reason = plain("; ".join(environ.get(NOTES_KEY) or (otherwise,)))
            reason = reason.encode("ascii", "backslashreplace").decode()
            return start_response(status, [*headers, ("X-Tempo-Mock-Reason", reason[:LONGEST_REASON])], exc_info)

        return application(environ, started)

    return explaining


def is_explained(environ: Mapping[str, Any]) -> bool:
    """Whether the request asks for the reason of its answer."""
    return environ.get("HTTP_X_TEMPO_MOCK_EXPLAIN") == "1"


def plain(text: str) -> str:
    """The text without characters that would move the cursor or break the line."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
