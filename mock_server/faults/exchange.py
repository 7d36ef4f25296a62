"""A request on its way through an armed fault, and the answer of the faces as a value that can be changed."""

import json
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any

from mock_server.errors import Fact
from mock_server.faults.fault import Fault, Over
from mock_server.faults.layer import MOST_WAITING
from mock_server.sites import ACTOR_KEY, CONNECTION_KEY, NEXT_KEY, NOTES_KEY, REFUSAL_KEY, SITE_KEY, WSGI, Site

_BODILESS = (str(int(HTTPStatus.NO_CONTENT)), str(int(HTTPStatus.NOT_MODIFIED)))
_LOOK_SECONDS = 0.05
"""How often a waiting request looks whether its client is still there."""


def is_bodiless(status: str) -> bool:
    """Whether answers of this status have no body, whatever the request."""
    return status.startswith(_BODILESS)


class Cut(ConnectionResetError):  # noqa: N818 - what happens to the connection, not a failure of the program
    """The connection ends here: what was sent so far is all that the client gets. On a call without a socket, an error."""


@dataclass(frozen=True)
class Answer:
    """An answer as it goes onto the wire. status: code and phrase. headers: pairs in their order."""

    status: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def saying(self, body: bytes, content_type: str | None = None) -> "Answer":
        """The same answer with another body, its length told right; ``content_type`` None leaves the one it has."""
        told = self.without("content-length", *(() if content_type is None else ("content-type",)))
        headers = told.headers if content_type is None else (*told.headers, ("Content-Type", content_type))
        return replace(self, headers=(*headers, ("Content-Length", str(len(body)))), body=body)

    def without(self, *names: str) -> "Answer":
        """The same answer without the headers of these names, in lower case."""
        return replace(self, headers=tuple(pair for pair in self.headers if pair[0].lower() not in names))


@dataclass
class Exchange:
    """One request that a fault took. environ: as the faces will see it. notes: what the console is told beside the fault.

    over: what it waits for, that of the world which it came for. room: how many more requests of the server may wait.
    """

    fault: Fault
    over: Over
    application: WSGI
    environ: dict[str, Any]
    start_response: Callable[..., Any]
    room: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(MOST_WAITING))
    notes: list[str] = field(default_factory=list)
    _given: tuple[bytes, str | None] | None = None
    """The body of the faces' answer, and the address of a next page in it."""

    @property
    def site(self) -> Site:
        """The world of the request."""
        site: Site = self.environ[SITE_KEY]
        return site

    @property
    def is_on_a_wire(self) -> bool:
        """Whether the request came by a socket."""
        return CONNECTION_KEY in self.environ

    def answer(self) -> Answer:
        """What the faces answer, with all they write into the world."""
        environ = self.environ
        method = environ["REQUEST_METHOD"]
        # Who is asking the faces tell themselves.
        environ.pop(ACTOR_KEY, None)
        # As a GET: what is then done to the body of an answer to HEAD is done to the one that its length tells of.
        environ["REQUEST_METHOD"] = "GET" if method == "HEAD" else method
        try:
            answer = self._asked(environ)
        finally:
            environ["REQUEST_METHOD"] = method
        self._given = answer.body, environ.pop(NEXT_KEY, None)
        self.tell()
        return answer

    def refused(self, fact: Fact) -> Answer:
        """What the face of this path answers when a request ends in this fact. Nothing of the request is carried out."""
        return self._asked({**self.environ, "REQUEST_METHOD": "GET", REFUSAL_KEY: fact})

    def _asked(self, environ: dict[str, Any]) -> Answer:
        begun: list[tuple[str, tuple[tuple[str, str], ...]]] = []

        def started(status: str, headers: Iterable[tuple[str, str]], exc_info: Any = None) -> None:
            begun.append((status, tuple(headers)))

        parts = self.application(environ, started)
        try:
            body = b"".join(parts)
        finally:
            close = getattr(parts, "close", None)
            if close:
                close()
        status, headers = begun[-1]
        return Answer(status, headers, body)

    def tell(self) -> None:
        """Let the console line say which fault it was, beside what the face notes."""
        said = [f"fault {self.fault.id}: {self.fault.sentence}", *self.notes]
        noted = self.environ.get(NOTES_KEY) or []
        self.environ[NOTES_KEY] = [*(note for note in noted if note not in said), *said]

    def note(self, text: str) -> None:
        """Tell the console one more thing, once."""
        if text in self.notes:
            return
        self.notes.append(text)
        self.tell()

    def begin(self, answer: Answer) -> Callable[[bytes], Any]:
        """Put status and headers onto the wire; what comes back writes parts of the body at once."""
        self.tell()
        # For the journal: what the client was given, and not what the faces had said.
        given = self._given
        next_page = given[1] if given and given[0] is answer.body else _next_page(answer.body)
        if next_page is not None:
            self.environ[NEXT_KEY] = next_page
        write = self.start_response(answer.status, list(answer.headers))
        return write or _unwritten

    def body_of(self, answer: Answer) -> bytes:
        """The bytes of an answer that go onto the wire: a HEAD has none of the body, and some statuses never do."""
        bodiless = self.environ["REQUEST_METHOD"] == "HEAD" or is_bodiless(answer.status)
        return b"" if bodiless else answer.body

    def send(self, answer: Answer) -> Iterable[bytes]:
        """Put an answer onto the wire."""
        self.begin(answer)
        return [self.body_of(answer)]

    def wait(self, seconds: float, *, with_client: bool = False) -> bool:
        """Wait that long, no longer than the fault is armed; answers False, at once, when too many wait already.

        Raises ``Cut`` when the server stops or the world becomes another, and with ``with_client`` also when the client goes.
        """
        if not self.room.acquire(blocking=False):
            self.note(f"not kept waiting: {MOST_WAITING} requests wait on purpose already")
            return False
        connection = self.environ.get(CONNECTION_KEY)
        until = time.monotonic() + seconds
        try:
            while (left := until - time.monotonic()) > 0:
                if self.over.wait(min(left, _LOOK_SECONDS) if connection else left):
                    break
                if connection and (connection.is_stopping or (with_client and connection.is_gone)):
                    raise Cut("The server stops." if connection.is_stopping else "The client has gone.")
        finally:
            self.room.release()
        if self.over.is_void:
            raise Cut("The world that the request was for has gone.")
        return True

    def cut(self, *, reset: bool) -> Cut:
        """What to raise to end the connection after what was sent so far: by a reset (RST), or closed in order (FIN)."""
        connection = self.environ.get(CONNECTION_KEY)
        if connection and reset:
            connection.reset_when_closed()
        return Cut("The fault cuts the connection.")


def _next_page(body: bytes) -> str | None:
    """The address of the next page that a list of Tempo Cloud gives, as far as a client can read it."""
    try:
        page = json.loads(body)
    except (ValueError, RecursionError):
        return None
    metadata = page.get("metadata") if isinstance(page, dict) else None
    address = metadata.get("next") if isinstance(metadata, dict) else None
    return address if isinstance(address, str) else None


def _unwritten(_: bytes) -> None:
    """A server that does not give what PEP 3333 asks for has sent nothing yet, and need not."""


Effect = Callable[[Exchange], Iterable[bytes]]
"""What a fault does with a request: asks the faces or not, and gives the body that goes onto the wire."""
