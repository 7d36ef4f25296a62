"""Exit codes of both syncs, one table (docs/integration.md shows it)."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What a run came to."""

    IN_SYNC = 0
    PENDING = 2
    REFUSED = 3
    UNREADABLE = 4
    USAGE = 5
    FALLBACK = 6
    INCOMPLETE = 7
    OFF = 8


MEANINGS = (
    (Exit.IN_SYNC, "in sync, or applied; rules that were edited by hand are kept and told"),
    (Exit.PENDING, "changes are pending; --apply makes them"),
    (Exit.REFUSED, "refused by a guard: too much would change at once"),
    (Exit.UNREADABLE, "the source cannot be read; nothing was changed"),
    (Exit.USAGE, "the configuration, a secret or an option is wrong"),
    (Exit.FALLBACK, "done from the fallback source"),
    (Exit.INCOMPLETE, "done, but incomplete: something could not be read, believed or written"),
    (Exit.OFF, "the sync is switched off; nothing was read or changed"),
)
"""Code and words, for help and documents."""
