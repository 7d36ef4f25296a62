"""A request on its way through an armed fault, and the answer of the faces as a value that can be changed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from mock_server.sites import SITE_KEY, WSGI, Site

if TYPE_CHECKING:
    from mock_server.faults.fault import Fault


@dataclass(frozen=True)
class Answer:
    """An answer as it goes onto the wire. status: code and phrase. headers: pairs in their order."""

    status: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def saying(self, body: bytes, content_type: str | None = None) -> "Answer":
        """The same answer with another body, its length told right; ``content_type`` None leaves the one it has."""
        left = {"content-length"} if content_type is None else {"content-length", "content-type"}
        headers = [(name, value) for name, value in self.headers if name.lower() not in left]
        if content_type is not None:
            headers.append(("Content-Type", content_type))
        return replace(self, headers=(*headers, ("Content-Length", str(len(body)))), body=body)


@dataclass
class Exchange:
    """One request that a fault took. environ: as the faces will see it. notes: what the journal is told beside the fault."""

    fault: "Fault"
    application: WSGI
    environ: dict[str, Any]
    start_response: Callable[..., Any]
    notes: list[str] = field(default_factory=list)

    @property
    def site(self) -> Site:
        """The world of the request."""
        site: Site = self.environ[SITE_KEY]
        return site

    def answer(self) -> Answer:
        """What the faces answer, with all they write into the world."""
        begun: list[tuple[str, tuple[tuple[str, str], ...]]] = []

        def started(status: str, headers: Iterable[tuple[str, str]], exc_info: Any = None) -> None:
            begun.append((status, tuple(headers)))

        parts = self.application(self.environ, started)
        try:
            body = b"".join(parts)
        finally:
            close = getattr(parts, "close", None)
            if close:
                close()
        status, headers = begun[-1]
        return Answer(status, headers, body)

    def send(self, answer: Answer) -> Iterable[bytes]:
        """Put an answer onto the wire. A HEAD has none of the body."""
        self.start_response(answer.status, list(answer.headers))
        return [] if self.environ["REQUEST_METHOD"] == "HEAD" else [answer.body]


Effect = Callable[[Exchange], Iterable[bytes]]
"""What a fault does with a request: asks the faces or not, and gives the body that goes onto the wire."""
