"""Settings that are turned for a while, several over one another, and put back in whatever order they end."""

import threading
from collections.abc import Callable, Mapping
from typing import NamedTuple

from mock_server.settings import Settings


class _Overlay(NamedTuple):
    """What was set, and what stood there before it."""

    values: Mapping[str, str]
    before: dict[str, str]


class Overlays:
    """Those of one site that have not ended, the oldest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._present: list[_Overlay] = []

    def lay(self, settings: Settings, values: Mapping[str, str]) -> Callable[[], None]:
        """Set settings; answers what puts back those that nobody has set otherwise since, to be called once."""
        with self._lock:
            overlay = _Overlay(values, {name: settings[name] for name in values})
            settings.update(values)
            self._present.append(overlay)

        def lift() -> None:
            with self._lock:
                place = next(index for index, one in enumerate(self._present) if one is overlay)
                younger = self._present[place + 1 :]
                del self._present[place]
                for name, value in values.items():
                    above = next((one for one in younger if name in one.values), None)
                    if above is None:
                        if settings[name] == value:
                            settings.update({name: overlay.before[name]})
                    elif above.before[name] == value:
                        # It lies on what this one lay on.
                        above.before[name] = overlay.before[name]

        return lift
