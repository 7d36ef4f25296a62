"""The WSGI layer that writes the journal of a world. Whoever has an answer finds it in the journal: it is written before.

It stands inside what finds the world and outside what makes faults, so that these are in the journal as they were answered.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from mock_server.host import CONTEXT
from mock_server.journal import MOST_OF_BODY, MOST_OF_METHOD, MOST_OF_REASON, Entry
from mock_server.page_sessions import CONSENT_PAGE, PROVIDER_PAGES, SETTINGS_PAGES
from mock_server.redaction import (
    address_without_secrets,
    answer_without_secrets,
    body_without_secrets,
    names_secret,
    path_without_secrets,
    without_secrets,
)
from mock_server.sites import ACTOR_KEY, FAULT_KEY, NEXT_KEY, NOTES_KEY, SITE_KEY, VIEW_KEY, WSGI, Site

MOST_READ = 1024 * 1024
"""Bytes of a body that are looked at for secrets; the faces read no larger one."""

_OWN = ("/_mock/", f"{SETTINGS_PAGES}/", f"{PROVIDER_PAGES}/", f"{CONTEXT}/plugins/servlet/restbrowser")
_NO_BODY = frozenset({None, "", "0"})
_OWN_PATHS = frozenset({"/", "/_mock", SETTINGS_PAGES, PROVIDER_PAGES, "/favicon.ico"})


def journalled(application: WSGI) -> WSGI:
    """The application, with an entry in the journal of the request's world for all but the fake's own routes and pages."""

    def writing(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        site: Site = environ[SITE_KEY]
        path = environ["PATH_INFO"]
        if not site.journal.enabled or path in _OWN_PATHS or (path.startswith(_OWN) and path != CONSENT_PAGE):
            return application(environ, start_response)
        return _Request(site, environ, path).answer(application, start_response)

    return writing


class _Request:
    """One request on its way, which becomes an entry."""

    __slots__ = ("_environ", "_journal", "_moment", "_overheard", "_path", "_query", "_seconds", "_status", "headers")

    def __init__(self, site: Site, environ: dict[str, Any], path: str) -> None:
        self._seconds = time.perf_counter()
        self._journal = site.journal
        self._moment = site.clock.now()
        self._environ = environ
        # Path and query as they were asked: a face may take them for others, and a fault ask for another page.
        self._path = path
        self._query: str = environ.get("QUERY_STRING", "")
        self._overheard: _Overheard | None = None
        if environ.get("CONTENT_LENGTH") not in _NO_BODY:
            self._overheard = environ["wsgi.input"] = _Overheard(environ["wsgi.input"])
        self._status: str | None = None
        self.headers: list[tuple[str, str]] = []

    def answer(self, application: WSGI, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer with the application and write it down."""

        def started(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            self._status, self.headers = status, headers
            return start_response(status, headers, exc_info)

        try:
            parts = application(self._environ, started)
        except BaseException as error:
            self.write(b"", 0, error)
            raise
        if isinstance(parts, (list, tuple)):
            body = parts[0] if len(parts) == 1 else b"".join(parts)
            self.write(body, len(body))
            return parts
        return _Watched(self, parts)

    def write(self, body: bytes, size: int, error: BaseException | None = None, number: int = 0) -> int:
        """Write down what is known; ``number`` is that of the entry that there is already. Answers the entry's."""
        environ = self._environ
        notes = environ.get(NOTES_KEY)
        reasons = tuple(notes) if notes else ()
        if error is not None:
            if not number and self._seconds < self._journal.emptied:
                # A reset cut it off, and it is none of the world that came.
                return 0
            reasons = (*reasons, f"the answer broke off: {type(error).__name__}")
        view = environ.get(VIEW_KEY)
        query = self._query
        next_page = environ.get(NEXT_KEY)
        request_body = bytes(self._overheard.body) if self._overheard else b""
        path = self._path
        if ";" in path or not path.isascii():
            path = path_without_secrets(_decoded(path))
        entry = Entry(
            number,
            self._moment,
            self._seconds,
            environ["REQUEST_METHOD"][:MOST_OF_METHOD],
            path,
            without_secrets(query) if query else "",
            environ.get(ACTOR_KEY),
            int(self._status[:3]) if self._status else None,
            reasons if not reasons else tuple(reason[:MOST_OF_REASON] for reason in reasons),
            view.view.__name__ if view else None,
            view.scope if view else None,
            (time.perf_counter() - self._seconds) * 1000,
            size,
            body_without_secrets(request_body, MOST_OF_BODY) if request_body else b"",
            self._shown(body, query),
            environ.get(FAULT_KEY),
            self._below_site(next_page) if next_page else None,
        )
        if number:
            self._journal.complete(entry)
            return number
        return self._journal.add(entry)

    def _shown(self, body: bytes, query: str) -> bytes:
        """The beginning of the answer. Tempo Cloud's own say no secret but what stood in the address and comes back in it."""
        if FAULT_KEY in self._environ:
            return body_without_secrets(body, MOST_OF_BODY)
        path = self._path
        if not body or (path.startswith("/4/") and ";" not in path and not (query and names_secret(query))):
            return body[:MOST_OF_BODY]
        return answer_without_secrets(body, MOST_OF_BODY)

    def _below_site(self, address: str) -> str:
        """Path and query of an address that an answer gave, as an entry has them."""
        _, _, rest = address.partition("://")
        shown = rest[rest.find("/") :].removeprefix(self._environ.get("SCRIPT_NAME", ""))
        return address_without_secrets(shown)


class _Watched:
    """An answer in parts. It is in the journal before the first part leaves, and as a whole when it has ended."""

    def __init__(self, request: _Request, parts: Iterable[bytes]) -> None:
        self._request = request
        self._parts = parts
        self._next = iter(parts).__next__
        self._begun = bytearray()
        self._size = 0
        self._number = 0
        self._is_written = False

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            part = self._next()
        except StopIteration:
            self._write()
            raise
        except BaseException as error:
            self._write(error)
            raise
        self._size += len(part)
        if len(self._begun) < MOST_READ:
            self._begun += part[: MOST_READ - len(self._begun)]
        if not self._number:
            self._number = self._request.write(bytes(self._begun), self._size)
            # Most answers are one part, and then there is nothing to add.
            self._is_written = ("Content-Length", str(self._size)) in self._request.headers
        return part

    def close(self) -> None:
        """Whoever reads has what they wanted, or has gone."""
        try:
            if hasattr(self._parts, "close"):
                self._parts.close()
        finally:
            self._write()

    def _write(self, error: BaseException | None = None) -> None:
        if error or not self._is_written:
            self._is_written = True
            self._number = self._request.write(bytes(self._begun), self._size, error, self._number)


class _Overheard:
    """The body of a request, remembered as far as a face reads it, when it does."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.body = bytearray()

    def read(self, *size: int) -> bytes:
        return self._heard(self._stream.read(*size))

    def readline(self, *size: int) -> bytes:
        return self._heard(self._stream.readline(*size))

    def readinto(self, buffer: Any) -> int:
        count: int = self._stream.readinto(buffer)
        self._heard(bytes(memoryview(buffer)[: count or 0]))
        return count

    def readlines(self, *hint: int) -> list[bytes]:
        return [self._heard(line) for line in self._stream.readlines(*hint)]

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def _heard(self, part: bytes) -> bytes:
        if len(self.body) < MOST_READ:
            self.body += part[: MOST_READ - len(self.body)]
        return part


def _decoded(path: str) -> str:
    """A path of WSGI, whose characters are bytes, as text."""
    return path.encode("latin-1", "replace").decode("utf-8", "replace")
