"""Making changes: one outcome for each, none hides another, and what is killed in the middle is made up for by the next run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from integration.handed_over import HandedOver
from integration.handover import Handover
from integration.records import Changes, Outcome
from integration.sinks import Change, Sink, SinkError
from integration.sinks.jira import JiraSink, NothingDone
from integration.store import Store, Unusable

NOT_REPLACED = "it is kept, for what is to be there beside it could not be made; run again"
NOT_TRIED = "not tried after what failed before; run again"


def in_order(found: Changes) -> Iterator[Change]:
    """One by one; what is deleted goes last, so that somebody who is away is covered at every moment."""
    yield from (Change(update.before, update.after) for update in found.update)
    yield from (Change(None, rule) for rule in found.create)
    yield from (Change(rule, None) for rule in found.delete)


def apply(
    found: Iterable[Changes], sink: Sink, store: Store, run: int, progress: Callable[[int], object] = lambda done: None
) -> list[Outcome]:
    """Make every change, each with its outcome in a transaction of its own. run: the number of the run in the store.

    Nothing is deleted of a person and an issue of which something else failed. Where the database does not work any more,
    the rest is not tried.
    """
    outcomes: list[Outcome] = []
    works = True
    failed: set[tuple[str, str]] = set()
    for change in (change for part in found for change in in_order(part)):
        whose = change.key[:2]
        problem = NOT_REPLACED if change.after is None and whose in failed else None
        outcome = Outcome(change.action, sink.name, change.key, problem if works else NOT_TRIED)
        if works:
            outcome, works = _ended(outcome, partial(_made, change, outcome, sink, store, run))
        if outcome.error:
            failed.add(whose)
        outcomes.append(outcome)
        progress(len(outcomes))
    return outcomes


def _ended(outcome: Outcome, make: Callable[[], Outcome]) -> tuple[Outcome, bool]:
    """What became of a change, and whether the database works."""
    try:
        return make(), True
    except Unusable as error:
        return outcome._replace(error=str(error)), False


def _made(change: Change, outcome: Outcome, sink: Sink, store: Store, run: int) -> Outcome:
    try:
        with store.transaction():
            if outcome.error is None:
                sink.apply(change)
            store.note(run, outcome)
        return outcome
    except SinkError as error:
        failed = outcome._replace(error=str(error))
        with store.transaction():
            store.note(run, failed)
        return failed


def hand_over(
    found: Iterable[Handover],
    sink: JiraSink,
    store: Store,
    run: int,
    moment: str,
    progress: Callable[[int], object] = lambda done: None,
) -> list[Outcome]:
    """Hand over every issue. That one is begun is kept before, and its end with its outcome. moment: UTC, ISO 8601.

    A run that was killed in between is made up for by the next, which finds what was begun.
    """
    outcomes: list[Outcome] = []
    works = True
    for handover in found:
        problem = handover.problem if works else NOT_TRIED
        outcome = Outcome(handover.action, sink.name, handover.key, problem, handover.issue.key)
        if works:
            outcome, works = _ended(outcome, partial(_handed, handover, outcome, sink, store, moment, run))
        outcomes.append(outcome)
        progress(len(outcomes))
    return outcomes


def _handed(handover: Handover, outcome: Outcome, sink: JiraSink, store: Store, moment: str, run: int) -> Outcome:
    handed_over = HandedOver(store)
    if outcome.error is not None:
        with store.transaction():
            store.note(run, outcome)
        return outcome
    with store.transaction():
        handed_over.begin(handover, moment)
    try:
        sink.apply(handover)
    except SinkError as error:
        outcome = outcome._replace(error=str(error))
        with store.transaction():
            if isinstance(error, NothingDone):
                handed_over.forget(handover)
            store.note(run, outcome)
        return outcome
    with store.transaction():
        handed_over.end(handover)
        store.note(run, outcome)
    return outcome
