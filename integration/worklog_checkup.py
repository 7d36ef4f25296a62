"""What the doctor says of the worklog sync: how the figures stand, since when nothing was read, how deletions are noticed.

All but the verdict on the token is in the sync's own database and costs no request.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from integration.alarm import KeptAlarm
from integration.connect import WORKLOGS, Facts, Verdict, deletions
from integration.exits import Exit
from integration.settings import Settings
from integration.store import Store
from integration.worklog_rows import WorklogRows
from integration.worklog_run import LAST_READ
from integration.worklog_runs import WorklogRun
from integration.worklogs import Fallback, Standing


class Checkup(NamedTuple):
    """What is known. last_read: when Tempo was read to its end, UTC, ISO 8601. raised: since when it cannot be, and why.

    deletions: how they are noticed with this token, None where it was not asked.
    """

    standing: Standing | None
    last_read: str | None
    last_run: WorklogRun | None
    raised: Fallback | None
    deletions: str | None

    @property
    def exit(self) -> Exit:
        """As `tempo-sync worklogs` would end if it found nothing else."""
        if self.standing is None:
            return Exit.INCOMPLETE
        if self.standing.fallback is not None:
            return Exit.FALLBACK
        return Exit.IN_SYNC if self.standing.complete else Exit.INCOMPLETE


def checkup(settings: Settings, store: Store, facts: Facts | None = None) -> Checkup:
    """Look. facts: of the token, where it was asked as one for worklogs."""
    rows = WorklogRows(store)
    standing = rows.standing()
    asked = facts is not None and facts.use == WORKLOGS and facts.listed.kind == "ok"
    return Checkup(
        standing,
        store.fact(LAST_READ),
        rows.last_run(),
        KeptAlarm(store, settings.worklogs.alerts).now.raised,
        deletions(facts) if asked and facts is not None else None,
    )


def lines(found: Checkup, now: datetime) -> list[str]:
    """For people."""
    if found.standing is None:
        return ["Worklogs: never read; `tempo-sync worklogs` reads them."]
    told = [f"Worklogs: last read from Tempo {ago(found.last_read, now)}."]
    if found.raised is not None:
        told.append(f"Tempo cannot be read since {found.raised.since}: {found.raised.cause.sentence}.")
    source = "Tempo" if found.standing.source == "tempo" else "Jira"
    told.append(f"The hours are those of {source}, {'complete' if found.standing.complete else 'incomplete'}.")
    told += [
        f"    {reason.sentence}." for reason in found.standing.reasons if found.raised is None or reason != found.raised.cause
    ]
    visible = found.standing.visible
    if visible is not None:
        when = "are visible" if found.standing.source == "tempo" else "were visible when Tempo was read last"
        told.append(f"{visible.seen} of {visible.expected} people {when}.")
    if found.deletions is not None:
        told.append(f"{found.deletions[:1].upper()}{found.deletions[1:]}.")
    return told


def ago(moment: str | None, now: datetime) -> str:
    """A moment and, where it is a day ago or more, that nothing was read since."""
    if moment is None:
        return "never"
    days = (now - datetime.fromisoformat(moment)).days
    return moment if days < 1 else f"{moment}, nothing for {'one day' if days == 1 else f'{days} days'}"


def bean(found: Checkup, verdict: Verdict | None = None) -> dict[str, Any]:
    """For programs. verdict: on the token, where it was asked as one for worklogs."""
    standing = found.standing
    return {
        "lastRead": found.last_read,
        "unreadable": None
        if found.raised is None
        else {"cause": found.raised.cause.kind, "sentence": found.raised.cause.sentence, "since": found.raised.since},
        "source": standing.source if standing else None,
        "complete": standing.complete if standing else None,
        "reasons": [reason._asdict() for reason in standing.reasons] if standing else [],
        "visible": {
            "seen": standing.visible.seen,
            "expected": standing.visible.expected,
            "unseen": list(standing.visible.unseen),
        }
        if standing is not None and standing.visible is not None
        else None,
        "lastRun": found.last_run._asdict() if found.last_run else None,
        "deletions": found.deletions,
        "seesOnlyItsOwner": None if verdict is None else verdict.kind.value == "sees-nobody",
    }
