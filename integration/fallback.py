"""What is done when Tempo cannot be read, and who is told of it: a table, and an alarm that is told of once. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from integration.records import Reason
from integration.worklogs import Fallback

JIRA, STOP = "jira", "stop"
ENTERED, LEFT = "entered", "left"

ALWAYS, ONCE_READ = "always", "once read"

MOST_PENDING = 50
"""Alerts that are kept to be told: one after the other of a Tempo that comes and goes, with nobody to be reached."""

_TABLE: Mapping[tuple[str, int | None], tuple[str, str]] = MappingProxyType(
    {
        # What passes. It was asked for again, with waiting, before it came to this.
        ("unreachable", None): (ALWAYS, "Tempo cannot be reached"),
        ("server-error", None): (ALWAYS, "Tempo fails"),
        ("too-many", None): (ALWAYS, "Tempo answers nothing but that there are too many requests"),
        ("broken", None): (ALWAYS, "Tempo's answers break off or are no JSON"),
        # What does not pass by itself, and where the address is right for certain.
        ("unauthorized", None): (
            ALWAYS,
            "Tempo refuses the token: it has expired, was deleted, or is of another site or region",
        ),
        ("forbidden", None): (ALWAYS, "Tempo's token may not read worklogs"),
        # What a wrong address answers just as well.
        ("not-found", None): (ONCE_READ, "Tempo does not know the address of worklogs"),
        ("gone", None): (ONCE_READ, "Tempo has given up this version of its API"),
        ("refused", 405): (ONCE_READ, "Tempo does not let worklogs be read this way"),
        ("refused", None): (ONCE_READ, "Tempo does not understand the request"),
        ("other-site", None): (ONCE_READ, "Tempo shows the worklogs of another site"),
        ("not-tempo", None): (ONCE_READ, "what answers is not Tempo"),
    }
)
"""Kind of ``Unreadable`` and status (None: any other) -> whether Jira stands in, and what happened."""


class Decision(NamedTuple):
    """What is done. action: ``JIRA``, or ``STOP`` with what is held as it is. sentence: why, for people."""

    action: str
    sentence: str


def decide(kind: str, status: int | None, ever_read: bool, option: str = "jira") -> Decision:
    """What is done when Tempo cannot be read, after all trying again.

    kind, status: of ``Unreadable``; a kind that is not in the table is like an answer that is not Tempo's. ever_read:
    whether worklogs were ever read from this address. option: "jira", or "none" for no stand-in.
    """
    when, what = _TABLE.get((kind, status)) or _TABLE.get((kind, None)) or _TABLE["not-tempo", None]
    if when == ONCE_READ and not ever_read:
        return Decision(STOP, f"{what}, and it was never read from this address: is tempo_url right?")
    if option != "jira":
        return Decision(
            STOP, f"{what}; the configuration wants no stand-in (fallback), so the hours stay as they were read last"
        )
    return Decision(JIRA, f"{what}; Jira's worklogs stand in, without what was entered in Tempo")


class Alert(NamedTuple):
    """Something to be told. event: ``ENTERED`` or ``LEFT``. since: when it began, at: when it was noticed, UTC, ISO 8601.

    channels: names of those that were not told yet.
    """

    event: str
    cause: Reason
    since: str
    at: str
    channels: tuple[str, ...]


class Alarm(NamedTuple):
    """Whether Tempo cannot be read, and what is yet to be told of it: kept in the database, so that nothing is told twice
    and nothing is forgotten when a run is killed. raised: None while Tempo is read."""

    raised: Fallback | None = None
    pending: tuple[Alert, ...] = ()


QUIET = Alarm()
"""Nothing is wrong and nothing is to be told; also where Jira is the chosen source, and nobody asks Tempo."""


def noticed(before: Alarm, cause: Reason | None, at: str, channels: Collection[str] = ()) -> Alarm:
    """The alarm after a run. cause: why Tempo could not be read, None where it was. at: now, UTC, ISO 8601.

    Entering and leaving are told of once each; another cause in between is not. channels: those that are configured; who
    is not among them any more is told nothing. Keep the answer before anybody is told, then tell ``pending`` one by one.
    """
    pending = list(_open(before.pending, channels))
    raised = None
    if cause is not None:
        raised = Fallback(cause, at if before.raised is None else before.raised.since)
        if before.raised is None:
            pending.append(Alert(ENTERED, cause, at, at, tuple(channels)))
    elif before.raised is not None:
        pending.append(Alert(LEFT, before.raised.cause, before.raised.since, at, tuple(channels)))
    return Alarm(raised, tuple(alert for alert in pending if alert.channels)[-MOST_PENDING:])


def told(alarm: Alarm, alert: Alert, channel: str) -> Alarm:
    """The alarm after one alert got through on one channel."""
    rest = (
        one._replace(channels=tuple(name for name in one.channels if name != channel)) if _same(one, alert) else one
        for one in alarm.pending
    )
    return alarm._replace(pending=tuple(one for one in rest if one.channels))


def sentence(alert: Alert) -> str:
    """An alert in words."""
    if alert.event == ENTERED:
        return f"Tempo cannot be read since {alert.since}: {alert.cause.sentence}"
    return f"Tempo is read again since {alert.at}; it could not be from {alert.since} on: {alert.cause.sentence}"


def as_json(alarm: Alarm) -> dict[str, Any]:
    """The alarm as values of JSON."""
    raised = alarm.raised
    return {
        "raised": None if raised is None else {**raised.cause._asdict(), "since": raised.since},
        "pending": [
            {**alert._asdict(), "cause": alert.cause._asdict(), "channels": list(alert.channels)} for alert in alarm.pending
        ],
    }


def of_json(value: Mapping[str, Any]) -> Alarm:
    """The alarm that ``as_json`` wrote."""
    raised = value["raised"]
    return Alarm(
        None if raised is None else Fallback(Reason(raised["kind"], raised["sentence"]), raised["since"]),
        tuple(
            Alert(one["event"], Reason(**one["cause"]), one["since"], one["at"], tuple(one["channels"]))
            for one in value["pending"]
        ),
    )


def _open(pending: Iterable[Alert], channels: Collection[str]) -> Iterable[Alert]:
    for alert in pending:
        yield alert._replace(channels=tuple(name for name in alert.channels if name in channels))


def _same(one: Alert, other: Alert) -> bool:
    return (one.event, one.since, one.at) == (other.event, other.since, other.at)
