"""Files that nobody but their owner can read: tokens, and who is ill."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

MODE = 0o600
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)


def create(path: str | Path) -> None:
    """An empty file where there is none. One that is there keeps its mode: somebody may have opened it to a group.

    What cannot be made is left to whoever opens it, who can say why.
    """
    with suppress(OSError):
        os.close(os.open(path, _NEW, MODE))


def open_new(path: Path) -> int:
    """The descriptor of a new file in place of whatever is there, to which a link is not followed. Raises ``OSError``."""
    path.unlink(missing_ok=True)
    return os.open(path, _NEW, MODE)


def write(path: Path, text: str) -> None:
    """Make a file say this in one step, so that no half of it is ever there. Raises ``OSError``."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """The same with bytes."""
    beside = path.with_name(path.name + ".new")
    with os.fdopen(open_new(beside), "wb") as file:
        file.write(content)
    beside.replace(path)


def is_open_to_others(path: Path) -> bool:
    """Whether anybody else may do anything with it. Raises ``OSError``."""
    return sys.platform != "win32" and bool(path.stat().st_mode & _OTHERS)
