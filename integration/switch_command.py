"""Switch the sync of absences or of worklogs off or on; without arguments, tell how they stand.

While a sync is off, its runs read nothing and change nothing, say so, and end with 8, also those of --watch. The rules and the
hours that are held stay as they are.
"""

from __future__ import annotations

import argparse
import json
from contextlib import closing
from datetime import UTC, datetime


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``tempo-sync switch``."""
    parser.add_argument("sync", nargs="?", choices=["absences", "worklogs"], help="which")
    parser.add_argument("state", nargs="?", choices=["on", "off"], help="how it is to stand")


def run(options: argparse.Namespace) -> int:
    """Answers 0. Raises ``Mistaken`` and ``Unusable``."""
    from integration.settings import Mistaken, read_settings
    from integration.store import Store
    from integration.switches import SYNCS, Switches

    if options.sync and not options.state:
        raise Mistaken(f"Say how it is to stand: `tempo-sync switch {options.sync} on` or off.")
    settings = read_settings(options.config)
    with closing(Store(settings.state)) as store:
        switches = Switches(store)
        if options.sync:
            switches.turn(options.sync, on=options.state == "on", now=datetime.now(UTC))
        since = {sync: switches.off_since(sync) for sync in SYNCS}
    if options.json:
        print(json.dumps({sync: {"on": moment is None, "offSince": moment} for sync, moment in since.items()}, indent=2))
        return 0
    for sync, moment in since.items():
        print(f"{sync}: {'on' if moment is None else f'off since {moment}'} ({SYNCS[sync]})")
    return 0
