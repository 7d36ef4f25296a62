"""Telling a person how far a run is: bars on a terminal, nothing elsewhere; every other line goes to stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO


class Terminal:
    """stderr. is_quiet: no bars and no lines at all, as for ``--json``."""

    def __init__(self, stream: TextIO | None = None, *, is_quiet: bool = False) -> None:
        self._stream = stream or sys.stderr
        self._is_quiet = is_quiet

    @contextmanager
    def progress(self, label: str, length: int | None = None) -> Iterator[Callable[[int], object]]:
        """A bar on a terminal, a counter where nobody knows how long it takes. It is told how far it is."""
        if self._is_quiet or not self._stream.isatty():
            yield lambda done: None
            return
        if length is None:
            # At once: the first answer may take its time.
            self._stream.write(f"\r{label} ...")
            self._stream.flush()
            yield lambda done: self._stream.write(f"\r\x1b[K{label}: {done}") and self._stream.flush()
            self._stream.write("\r\x1b[K")
            return
        # Imported where a bar is drawn: start-up time is a feature.
        import click

        with click.progressbar(length=length, label=label, file=self._stream) as bar:
            yield lambda done: bar.update(done - bar.pos)

    def say(self, sentence: str) -> None:
        """A line."""
        if not self._is_quiet:
            print(f"tempo-sync: {sentence}", file=self._stream)
