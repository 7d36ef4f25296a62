"""Making changes: one outcome for each, none hides another, and what is killed in the middle is made up for by the next run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from integration.handed_over import HandedOver
from integration.handover import Handover
from integration.records import Changes, Outcome
from integration.sinks import Change, Sink, SinkError
from integration.sinks.jira import JiraSink, NothingDone
from integration.store import Store


def in_order(found: Changes) -> Iterator[Change]:
    """One by one; what is deleted goes first, so that nothing new is in its way."""
    yield from (Change(rule, None) for rule in found.delete)
    yield from (Change(update.before, update.after) for update in found.update)
    yield from (Change(None, rule) for rule in found.create)


def apply(
    found: Iterable[Changes], sink: Sink, store: Store, run: int, progress: Callable[[int], object] = lambda done: None
) -> list[Outcome]:
    """Make every change, each with its outcome in a transaction of its own. run: the number of the run in the store."""
    outcomes: list[Outcome] = []
    for change in (change for part in found for change in in_order(part)):
        outcomes.append(_made(change, sink, store, run))
        progress(len(outcomes))
    return outcomes


def _made(change: Change, sink: Sink, store: Store, run: int) -> Outcome:
    try:
        with store.transaction():
            sink.apply(change)
            outcome = Outcome(change.action, sink.name, change.key)
            store.note(run, outcome)
        return outcome
    except SinkError as error:
        failed = Outcome(change.action, sink.name, change.key, str(error))
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
    handed_over, outcomes = HandedOver(store), []
    for handover in found:
        outcome = Outcome(handover.action, sink.name, handover.key, handover.problem, handover.issue.key)
        if handover.problem is None:
            outcome = _handed(handover, outcome, sink, store, handed_over, moment, run)
        else:
            with store.transaction():
                store.note(run, outcome)
        outcomes.append(outcome)
        progress(len(outcomes))
    return outcomes


def _handed(
    handover: Handover, outcome: Outcome, sink: JiraSink, store: Store, handed_over: HandedOver, moment: str, run: int
) -> Outcome:
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
