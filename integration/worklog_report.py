"""What a run of the worklog sync found and did, for people and for programs."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from integration.time_accounts import in_hours
from integration.worklog_result import Ran

DELETIONS = MappingProxyType({"audit": "the audit log", "window": "comparing what is held with what is there"})
"""How deletions were noticed, in words."""


def lines(ran: Ran) -> list[str]:
    """What there is to tell beside an error, the loudest first."""
    told: list[str] = []
    fallback = ran.standing.fallback
    if fallback is not None:
        told.append(f"FALLBACK since {fallback.since}: {fallback.cause.sentence}.")
    if ran.recovered is not None:
        told.append(f"Tempo is read again; it could not be since {ran.recovered.since}.")
    if ran.error is not None:
        told.append(
            f"The hours are those read last, {ran.standing.read or 'which is never'}, from {_name(ran.standing.source)}."
        )
    if ran.read is not None:
        told.append(
            f"Tempo, {ran.read.mode} reading: {ran.read.upserted} worklogs new or changed, {ran.read.deleted} deleted "
            f"(noticed by {DELETIONS.get(ran.read.deletions, ran.read.deletions)}); {ran.held} held, "
            f"{ran.read.requests} requests."
        )
    if ran.jira is not None:
        told.append(
            f"Jira, {ran.jira.mode} reading: {ran.jira.upserted} worklogs new or changed, {ran.jira.deleted} deleted; "
            f"{ran.held} held, {ran.jira.requests} requests."
        )
        told.append(
            "What was entered in Tempo has the app as its author there and is added to nobody who is not known for certain: "
            f"{in_hours(ran.unattributed)} h are nobody's."
        )
    if ran.error is None and fallback is None:
        told += [_sentence(reason.sentence) for reason in ran.standing.reasons] or [_complete(ran)]
    return told


def as_json(ran: Ran) -> dict[str, Any]:
    """Everything, for programs."""
    standing = ran.standing
    return {
        "exitCode": int(ran.exit),
        "source": standing.source,
        "fallback": _cause(ran.standing.fallback),
        "unreadable": _cause(ran.cause),
        "recovered": _cause(ran.recovered),
        "error": ran.error,
        "complete": standing.complete,
        "reasons": [reason._asdict() for reason in standing.reasons],
        "read": standing.read,
        "visible": None
        if standing.visible is None
        else {
            "seen": standing.visible.seen,
            "expected": standing.visible.expected,
            "unseen": list(standing.visible.unseen),
        },
        "held": ran.held,
        "unattributed": ran.unattributed,
        "tempo": None
        if ran.read is None
        else {
            "mode": ran.read.mode,
            "deletions": ran.read.deletions,
            "upserted": ran.read.upserted,
            "deleted": ran.read.deleted,
            "requests": ran.read.requests,
            "doubts": [{"accountId": doubt.account_id, "worklogs": doubt.worklogs} for doubt in ran.read.doubts],
        },
        "jira": None
        if ran.jira is None
        else {
            "mode": ran.jira.mode,
            "upserted": ran.jira.upserted,
            "deleted": ran.jira.deleted,
            "requests": ran.jira.requests,
        },
        "notes": list(ran.notes),
        "alertsFailed": list(ran.failed),
    }


def counts(ran: Ran) -> dict[str, Any]:
    """The few values of a line for each round."""
    read = ran.read or ran.jira
    fallback = ran.standing.fallback
    return {
        "source": ran.standing.source,
        "upserted": read.upserted if read else 0,
        "deleted": read.deleted if read else 0,
        "complete": ran.standing.complete,
        **({"fallback": fallback.cause.kind, "since": fallback.since} if fallback else {}),
        **({"error": ran.error} if ran.error else {}),
    }


def _complete(ran: Ran) -> str:
    visible = ran.standing.visible
    return "Complete." if visible is None else f"Complete: {visible.seen} of {visible.expected} people visible."


def _cause(found: Any) -> dict[str, Any] | None:
    return None if found is None else {"cause": found.cause.kind, "sentence": found.cause.sentence, "since": found.since}


def _name(source: str) -> str:
    return "Tempo" if source == "tempo" else "Jira"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
