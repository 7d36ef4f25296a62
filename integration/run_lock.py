"""Whether a run of the worklog sync is on, in whatever process: a lock that ends with its process, however that ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from integration import private_files

SUFFIX = ".running"


@contextmanager
def run_lock(state: Path) -> Iterator[bool]:
    """Hold the lock beside a database; answers whether it was free. Where a file system knows no locks it is free always."""
    path = state.with_name(f"{state.name}{SUFFIX}")
    private_files.create(path)
    try:
        handle = os.open(path, os.O_RDWR)
    except OSError:
        yield True
        return
    try:
        yield _locked(handle)
    finally:
        # Closing gives it back.
        os.close(handle)


def is_running(state: Path) -> bool:
    """Whether anybody holds it at the moment."""
    if not state.with_name(f"{state.name}{SUFFIX}").exists():
        return False
    with run_lock(state) as is_free:
        return not is_free


if sys.platform == "win32":
    import msvcrt

    def _locked(handle: int) -> bool:
        with suppress(OSError):
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            return True
        return False

else:
    import fcntl

    def _locked(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True
