"""The server of a test session: in this process, on a free loopback port, with a world for whoever asks."""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr
from datetime import datetime
from typing import Any

from mock_server.app import Application, open_worlds
from mock_server.config import Options
from mock_server.errors import Fact, Unusable
from mock_server.faces import Faces
from mock_server.serve import Server
from mock_server.testing.clock import Moment, parsed
from mock_server.testing.in_process import InProcess
from mock_server.testing.tempo import Tempo
from mock_server.testing.world_settings import Value, in_words


class Unfit(Exception):  # noqa: N818 - shown to the author of the test as one sentence
    """A world that was asked for and cannot be: one sentence."""


class TempoServer:
    """Serves from ``__enter__`` to ``__exit__``. What is given here holds for every world that does not say otherwise.

    Raises ``Unfit`` for a scenario, a clock or settings that cannot be.
    """

    def __init__(
        self, scenario: str = "guide", clock: Moment | None = None, settings: Mapping[str, Value] | None = None
    ) -> None:
        with _fit():
            start = _start(clock)
            words = {name: str(value) for name, value in in_words(settings or {}).items() if value is not None}
            self._options = Options(scenario=scenario, clock=start, settings=words, quiet=True, port=0)
            self._worlds, _ = open_worlds(self._options)
        faces = Faces(self._worlds, self._options)
        self._application = Application(self._worlds, self._options, faces=lambda _worlds, _options: faces)
        # The same faces without what stands before them for clients: faults and the journal are not for builders.
        self._faces = self._worlds.sites.route(faces)
        self._server: Server | None = None

    def __enter__(self) -> "TempoServer":
        # On a machine without IPv6 it would say that it does not listen there; addresses here are all 127.0.0.1.
        with redirect_stderr(io.StringIO()):
            self._server = Server(self._application, self._options.host, 0)
        self._server.start()
        return self

    def __exit__(self, *_: Any) -> None:
        assert self._server is not None
        self._server.stop()
        self._application.close()

    @property
    def url(self) -> str:
        """Where the server is, without a slash at the end."""
        assert self._server is not None, "the server does not run yet"
        return self._server.url

    @contextmanager
    def world(
        self,
        scenario: str | None = None,
        clock: Moment | None = None,
        settings: Mapping[str, Value] | None = None,
    ) -> Iterator[Tempo]:
        """A world of one's own, gone at the end of the block. Raises ``Unfit``."""
        with _fit():
            start = _start(clock)
            site = self._worlds.create(None, scenario, start, in_words(settings or {}))  # type: ignore[arg-type]
        root = self.url + site.prefix
        try:
            yield Tempo(self._worlds, site, root, InProcess(self._faces, root))
        finally:
            self._worlds.sites.remove(site.name)


@contextmanager
def _fit() -> Iterator[None]:
    try:
        yield
    except (Fact, Unusable) as error:
        raise Unfit(str(error)) from None


def _start(clock: Moment | None) -> datetime | None:
    try:
        return None if clock is None else parsed(clock)
    except (AttributeError, TypeError, ValueError, OverflowError):
        raise Unfit(f"The clock takes a moment such as 2026-03-02T09:00Z, not {clock}.") from None
