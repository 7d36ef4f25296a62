"""When the token ends, which no API tells: what was said of it when it was connected, in words. Pure."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from integration.store import Connection

_RENEW = "make another in Tempo, then `tempo-sync connect --rotate`"


def days_left(connection: Connection | None, today: date) -> int | None:
    """Days until the last day of the token, negative after it; None where it is not known."""
    if connection is None or connection.expires is None:
        return None
    return (connection.expires - today).days


def warning(connection: Connection | None, fingerprint: str, today: date, remind_days: int) -> str | None:
    """What to tell on every run, None while there is time. fingerprint: of the token that is used now."""
    if connection is None:
        return "nobody knows when the token ends; `tempo-sync connect` verifies it and asks"
    if connection.fingerprint != fingerprint:
        return "the token is not the one that was connected, so nobody knows when it ends; run `tempo-sync connect` again"
    return ending(connection, today, remind_days)


def ending(connection: Connection | None, today: date, remind_days: int) -> str | None:
    """The same of the token that was connected, whichever is used."""
    left = days_left(connection, today)
    if left is None or connection is None or connection.expires is None or left > remind_days:
        return None
    day = connection.expires.isoformat()
    if left < 0:
        return f"the token ended on {day}, {_days(-left)} ago; {_RENEW}"
    return f"the token ends {f'in {_days(left)}' if left else 'today'}, on {day}; {_RENEW}"


def sentence(connection: Connection | None, today: date) -> str:
    """When the token ends, for whoever asks."""
    left = days_left(connection, today)
    if left is None or connection is None or connection.expires is None:
        return "not known when it ends"
    day = connection.expires.isoformat()
    if left < 0:
        return f"ended on {day}, {_days(-left)} ago"
    return f"ends {f'in {_days(left)}' if left else 'today'}, on {day}"


def bean(connection: Connection | None, fingerprint: str, today: date, remind_days: int) -> dict[str, Any]:
    """The same for programs."""
    expires = connection.expires if connection else None
    return {
        "expires": expires.isoformat() if expires else None,
        "daysLeft": days_left(connection, today),
        "purpose": connection.purpose if connection else None,
        "verified": connection.verified if connection else None,
        "warning": warning(connection, fingerprint, today, remind_days),
    }


def _days(count: int) -> str:
    return "one day" if count == 1 else f"{count} days"
