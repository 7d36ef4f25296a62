"""The stories of both syncs and of Manage Staff, each played against a fake of its own.

Every command that they run, and every call that they show, is one you can type.

``python -m integration.demo`` starts a fake on a free port, in memory, offline; each story takes well under a minute.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from integration import absences_story, staff_story, worklogs_story
from integration.story import Story, Unexpected, fake


class Told(NamedTuple):
    """A story. who: whose log-in to Jira the sync has. settings: of the fake."""

    play: Callable[[Story], None]
    who: str
    settings: tuple[str, ...]


STORIES = MappingProxyType(
    {
        "absences": Told(absences_story.play, "fred", absences_story.SETTINGS),
        "worklogs": Told(worklogs_story.play, worklogs_story.WHO, worklogs_story.SETTINGS),
        "staff": Told(staff_story.play, "fred", ()),
    }
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Play one story or all; answers 0, or 1 where a step came out otherwise than told."""
    parser = argparse.ArgumentParser(prog="python -m integration.demo", description=__doc__)
    parser.add_argument("story", nargs="?", choices=tuple(STORIES), help="which one is played; all without it")
    wanted = parser.parse_args(sys.argv[1:] if arguments is None else list(arguments)).story
    try:
        for name in (wanted,) if wanted else STORIES:
            told = STORIES[name]
            print(f"\n=== {name.capitalize()}\n")
            with fake(*told.settings) as url, tempfile.TemporaryDirectory(prefix="tempo-sync-demo-") as folder:
                print(f"A fake Tempo runs at {url}; open it in a browser to look around meanwhile.")
                told.play(Story(url, Path(folder), who=told.who))
    except (Unexpected, OSError) as error:
        print(f"tempo-sync demo: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
