"""The settings of a file that is asked for at every visit: what it says is read each time, and understood anew once it changes.

A thousand contracts take a tenth of a second to understand.
"""

from __future__ import annotations

import threading
from pathlib import Path

from integration.settings import Settings, check_mode, settings_of, text_of


class SettingsKept:
    """The settings of one file. Several threads may ask."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._kept: tuple[str, Settings] | None = None

    def now(self) -> Settings:
        """As the file says at this moment. Raises ``Mistaken``."""
        text = text_of(self._path)
        with self._lock:
            kept = self._kept
        if kept is None or kept[0] != text:
            kept = (text, settings_of(self._path, text))
            with self._lock:
                self._kept = kept
        return check_mode(kept[1])
