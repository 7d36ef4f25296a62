"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from integration.private_files import open_new
from integration.sinks import SinkError


def write(path: Path, content: bytes, *, is_private: bool = False) -> bool:
    """Make a file say this; answers whether it did not yet. One that says it already is left untouched.

    Whoever reads meanwhile sees the old or the new content. is_private: nobody else may read a new one, and one that is there
    keeps its mode. Raises ``SinkError``.
    """
    # Always the same name: what a run that was killed left there is used up, or removed, by the next.
    beside = path.with_name(f".{path.name}.part")
    try:
        with suppress(FileNotFoundError):
            if path.read_bytes() == content:
                beside.unlink(missing_ok=True)
                return False
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(open_new(beside), "wb") if is_private else beside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if is_private and path.exists():
                beside.chmod(stat.S_IMODE(path.stat().st_mode))
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise SinkError(f"{path} cannot be written ({error.strerror or error}); name another place under [sinks]") from None
    return True
