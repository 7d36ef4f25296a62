"""Runs of both syncs in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from integration.exits import MEANINGS, Exit
from integration.findings import MEANINGS as KINDS
from integration.findings import Findings
from integration.pages.words import duration
from integration.run_history import ABSENCES, PastRun
from integration.worklog_report import DELETIONS

SYNCS: Mapping[str, str] = MappingProxyType({"absences": "Absences", "worklogs": "Worklogs"})
SHORT: Mapping[int, str] = MappingProxyType(
    {
        Exit.IN_SYNC: "in sync",
        Exit.PENDING: "pending",
        Exit.REFUSED: "refused by a guard",
        Exit.UNREADABLE: "could not be read",
        Exit.USAGE: "not configured",
        Exit.FALLBACK: "fallback",
        Exit.INCOMPLETE: "incomplete",
        Exit.OFF: "switched off",
    }
)
"""Exit code -> the few words of a list."""


class Told(NamedTuple):
    """A run of the list. exit: code with its short meaning, "" for one without an end. did, why: sentences."""

    run: PastRun
    sync: str
    exit: str
    is_good: bool
    duration: str
    did: str
    why: str


class Group(NamedTuple):
    """What a run found, of one kind. rows: name, what and sentence; left: how many more there were."""

    title: str
    total: int
    rows: tuple[tuple[str, str, str], ...]
    left: int
    has_names: bool
    has_what: bool


def told(run: PastRun) -> Told:
    """A run for the list."""
    if run.exit_code is None:
        return Told(
            run, SYNCS[run.sync], "", False, "", "", "It is not over, or was ended in the middle; what it wrote is whole."
        )
    code = f"{run.exit_code}: {SHORT.get(run.exit_code, 'not known')}"
    return Told(run, SYNCS[run.sync], code, run.exit_code == Exit.IN_SYNC, duration(run.seconds), did(run), run.reason or "")


def meaning(code: int) -> str:
    """An exit code in a sentence, as the documents have it."""
    return next((words for exit, words in MEANINGS if exit == code), "not known")


def did(run: PastRun) -> str:
    """What a run changed."""
    if run.sync == ABSENCES:
        counts = [(run.created or 0, "created"), (run.updated or 0, "updated"), (run.deleted or 0, "deleted")]
        counts += [(run.kept or 0, "kept as edited"), (run.withheld or 0, "withheld")]
        parts = [f"{number} {word}" for number, word in counts if number]
        return f"Rules: {', '.join(parts)}" if parts else "Nothing changed"
    if not run.mode:
        return "Nothing was read"
    source = "Tempo" if run.source == "tempo" else "Jira"
    return f"{source}, {run.mode} reading: {run.upserted} new or changed, {run.deleted} deleted, {run.requests} requests"


def noticed(run: PastRun) -> str:
    """How deletions were noticed, "" where nothing tells."""
    return DELETIONS.get(run.deletions or "", run.deletions or "")


def groups(found: list[Findings], names: Mapping[str, str]) -> list[Group]:
    """What a run found. names: accountId -> name."""
    return [
        Group(
            KINDS.get(one.kind, one.kind),
            one.total,
            tuple((names.get(each.account_id, each.account_id), each.what, each.sentence) for each in one.shown),
            one.total - len(one.shown),
            any(each.account_id for each in one.shown),
            any(each.what for each in one.shown),
        )
        for one in found
    ]
