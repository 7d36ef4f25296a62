"""Which files tell the rules, as the configuration asks for them."""

from __future__ import annotations

from integration.clients.tempo import Tempo
from integration.run import Output
from integration.settings import Settings


def outputs(settings: Settings, tempo: Tempo) -> list[Output]:
    """Those that are on. Nothing is read here: Tempo's teams only when a calendar is written."""
    found: list[Output] = []
    if settings.json_file is not None:
        from integration.sinks.json_file import JsonFile

        found.append(JsonFile(settings.json_file))
    if settings.calendar is not None:
        # Imported where it is on: the library of calendars takes its time.
        from integration.sinks.calendar import Calendars

        found.append(Calendars(settings.calendar, tempo.teams, settings.remind_days))
    return found
