"""A JSON file with every rule held."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from integration.listing import beans, listed
from integration.sinks import files
from integration.store import Store


class JsonFile:
    """As ``tempo-sync rules --all --json`` tells them. A new file is its owner's alone; one that is there keeps its mode."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, store: Store, now: datetime) -> None:
        """Tell the rules as they stand at a moment in UTC. Raises ``SinkError``."""
        told = beans(listed(store.held(), now), store.selection())
        files.write(self._path, (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode(), is_private=True)
