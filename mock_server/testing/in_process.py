"""Calls of the faces inside this process: without a socket, without a token, past faults and journal."""

import io
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from mock_server.sites import ACT_AS_KEY, NOTES_KEY, WSGI

__tracebackhide__ = True


class TempoRefused(Exception):  # noqa: N818 - an answer of the API, not a failure of the program
    """What an API answers when it refuses. Shown as the status and its own words.

    ``status`` is the HTTP status, ``messages`` are the API's own, ``reasons`` what the server knows beside them.
    """

    def __init__(self, status: int, messages: list[str], reasons: list[str]) -> None:
        self.status = status
        self.messages = messages
        self.reasons = [reason for reason in reasons if reason not in messages]
        shown = "; ".join(messages)
        super().__init__(f"{status}: {shown}" + (f" ({'; '.join(self.reasons)})" if self.reasons else ""))


class InProcess:
    """The faces of one site as a function. ``url`` is the site's, so that links are those a client sees."""

    def __init__(self, application: WSGI, url: str) -> None:
        self._application = application
        self._parts = urlsplit(url)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        person_id: int | None = None,
        query: Mapping[str, Any] | None = None,
    ) -> Any:
        """What a path below the site answers, as JSON, None for an empty answer. ``person_id`` is whose call it is.

        Raises ``TempoRefused``.
        """
        data = b"" if body is None else json.dumps(body).encode()
        environ = self._environ(method, path, data, query or {})
        if person_id is not None:
            environ[ACT_AS_KEY] = person_id
        seen: list[str] = []

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
            seen.append(status)
            return io.BytesIO().write

        parts = self._application(environ, start)
        try:
            raw = b"".join(parts)
        finally:
            close = getattr(parts, "close", None)
            if close:
                close()
        status = int(seen[-1].partition(" ")[0])
        if status >= 400:
            raise TempoRefused(status, _messages(raw), list(environ.get(NOTES_KEY) or ()))
        return json.loads(raw) if raw else None

    def _environ(self, method: str, path: str, data: bytes, query: Mapping[str, Any]) -> dict[str, Any]:
        host, port = self._parts.hostname or "", str(self._parts.port)
        return {
            "REQUEST_METHOD": method,
            # WSGI wants the bytes of a path as latin-1.
            "PATH_INFO": (self._parts.path + path).encode().decode("latin-1"),
            "QUERY_STRING": urlencode(query, quote_via=quote),
            "SCRIPT_NAME": "",
            "SERVER_NAME": host,
            "SERVER_PORT": port,
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": self._parts.netloc,
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(data)),
            "wsgi.url_scheme": self._parts.scheme,
            "wsgi.version": (1, 0),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "wsgi.errors": io.StringIO(),
            "wsgi.input": io.BytesIO(data),
        }


def _messages(raw: bytes) -> list[str]:
    """The messages of an error body, in whichever dialect."""
    try:
        body = json.loads(raw)
    except ValueError:
        return [raw.decode(errors="replace").replace("<html><body>", "").replace("</body></html>", "")]
    if not isinstance(body, dict):
        return [str(body)]
    found = body.get("errorMessages") or body.get("errors") or [body.get("error", body)]
    if isinstance(found, dict):
        return [f"{name}: {text}" for name, text in found.items()]
    return [str(entry["message"]) if isinstance(entry, dict) and "message" in entry else str(entry) for entry in found]
