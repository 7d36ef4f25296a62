"""Moments and durations as pages tell them. Pure."""

from __future__ import annotations

from datetime import UTC, datetime


def moment(text: str) -> str:
    """A moment (UTC, ISO 8601) as people read it; whatever else it is stays as it is."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{found.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if found.tzinfo else text


def duration(seconds: int | None) -> str:
    """How long something took, such as ``2 min 5 s``."""
    if seconds is None:
        return "not known"
    if seconds < 1:
        return "under 1 s"
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (0 if hours else rest, "s")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number)
