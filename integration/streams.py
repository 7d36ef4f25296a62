"""Standard output and error that fail without stopping anybody: what a run is for is not to be read, but to be done."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast


class Lenient:
    """A stream that remembers its first failure and says nothing from then on."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.failed: OSError | None = None

    def write(self, text: str) -> int:
        """As much as goes."""
        if self.failed is None:
            try:
                self._stream.write(text)
            except OSError as error:
                self.failed = error
        return len(text)

    def flush(self) -> None:
        """What was kept back."""
        if self.failed is None:
            try:
                self._stream.flush()
            except OSError as error:
                self.failed = error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def lenient(*, is_json: bool = False) -> Iterator[Lenient]:
    """Standard output, and standard error beside it, as ``Lenient`` while the block lasts. is_json: UTF-8, as JSON is.

    What the encoding of the terminal does not have is replaced.
    """
    before = sys.stdout, sys.stderr
    for stream in before:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    if is_json and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    streams = [Lenient(stream) if stream is not None else Lenient(io.StringIO()) for stream in before]
    sys.stdout, sys.stderr = (cast(TextIO, stream) for stream in streams)
    try:
        yield streams[0]
    finally:
        for stream in streams:
            stream.flush()
        # The interpreter flushes them once more at its end, and would tell of what failed here.
        sys.stdout, sys.stderr = (
            open(os.devnull, "w") if stream.failed else old  # noqa: SIM115
            for stream, old in zip(streams, before, strict=True)
        )
