"""Runs of "Connect with" an app over selected people, in batches. No run tries anybody twice, whatever happens between."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from mock_server.access import Actor
from mock_server.domain.apps import check_right
from mock_server.domain.connections import Call, Outcome, OutcomeKind, connect
from mock_server.domain.providers.discovery import named
from mock_server.errors import Invalid, NotFound
from mock_server.moments import moment_text
from mock_server.storage import connect_jobs, people
from mock_server.storage.connect_jobs import Job
from mock_server.storage.store import Store

BATCH = 50
"""People of one batch, which is one transaction: few enough that a request need not wait long."""

MOST_PEOPLE = 100_000


class Progress(NamedTuple):
    """How far a run is. ``kinds`` counts failures by kind; ``summary`` is a sentence, empty while it runs."""

    job: Job
    title: str
    done: int
    connected: int
    already: int
    failed: int
    kinds: dict[str, int]
    summary: str

    @property
    def is_ended(self) -> bool:
        """Whether nobody is left."""
        return self.job.ended_at is not None


class Step(NamedTuple):
    """One batch: what became of each, whether the run has ended, and how many had been tried ``before``."""

    outcomes: tuple[Outcome, ...]
    is_ended: bool
    before: int = 0

    @property
    def calls(self) -> tuple[Call, ...]:
        """What was asked of the provider, for the journal."""
        return tuple(outcome.call for outcome in self.outcomes if outcome.call is not None)


def start(store: Store, provider: str, person_ids: Iterable[int], actor: Actor, now: datetime) -> Job:
    """A run over these people, each once, in this order. Nobody is connected yet: that is done by ``step``.

    Raises ``Refused`` unless the actor is a Tempo Administrator, ``NotFound`` for an unknown provider, and ``Invalid`` for
    nobody, too many, and people that there are not.
    """
    check_right(actor)
    named(provider)
    wanted = list(dict.fromkeys(person_ids))
    if not 1 <= len(wanted) <= MOST_PEOPLE:
        raise Invalid(f"Select the people to connect: {MOST_PEOPLE} at most, and one at least.")
    unknown = sorted(set(wanted) - people.account_ids(store, wanted).keys())
    if unknown:
        raise Invalid(f"There is no person {unknown[0]}.")
    job = Job(0, provider, actor.person_id, moment_text(now), len(wanted), None)
    return job._replace(id=connect_jobs.add(store, job, wanted))


def step(store: Store, job_id: int, now: datetime, most: int = BATCH) -> Step:
    """Try the next people of a run, ``most`` at most; to be called in a transaction. A run that has ended does nothing.

    Raises ``NotFound``.
    """
    job = _job(store, job_id)
    if job.ended_at is not None:
        return Step((), True)
    waiting = connect_jobs.waiting(store, job_id, most)
    outcomes = []
    for position, person_id in waiting:
        person = people.get(store, person_id)
        assert person is not None, "people of a run are rows of the table of people"
        outcome = connect(store, job.provider, person, now)
        connect_jobs.put_outcome(store, job_id, position, outcome.kind, outcome.failure_kind)
        outcomes.append(outcome)
    is_ended = not connect_jobs.waiting(store, job_id, 1)
    if is_ended:
        connect_jobs.end(store, job_id, moment_text(now))
    # Positions count from 1, and whoever stands before the first that waits has been tried.
    return Step(tuple(outcomes), is_ended, waiting[0][0] - 1 if waiting else 0)


def progress(store: Store, job_id: int) -> Progress:
    """How far a run is. Raises ``NotFound``."""
    return _progress(store, _job(store, job_id))


def latest(store: Store, offset: int = 0, limit: int = 20) -> list[Progress]:
    """Runs, the latest first."""
    return [_progress(store, job) for job in connect_jobs.every(store, offset, limit)]


def unfinished(store: Store) -> list[Job]:
    """Runs with people left, the oldest first."""
    return connect_jobs.unfinished(store)


def people_with(store: Store, job_id: int, outcome: OutcomeKind) -> list[int]:
    """Ids of the people of a run with this outcome. Raises ``NotFound``."""
    return connect_jobs.people_with(store, _job(store, job_id).id, outcome)


def _job(store: Store, job_id: int) -> Job:
    job = connect_jobs.get(store, job_id)
    if job is None:
        raise NotFound(f"There is no run {job_id} of connecting people.")
    return job


def _progress(store: Store, job: Job) -> Progress:
    counts = connect_jobs.counts(store, job.id)
    by_outcome = {outcome: sum(number for (one, _), number in counts.items() if one == outcome) for outcome in OutcomeKind}
    connected, already, failed = (by_outcome[outcome] for outcome in OutcomeKind)
    kinds = {kind: number for (_, kind), number in sorted(counts.items(), key=str) if kind is not None}
    title = named(job.provider).title
    summary = _summary(job, connected, already, failed) if job.ended_at is not None else ""
    return Progress(job, title, connected + already + failed, connected, already, failed, kinds, summary)


def _summary(job: Job, connected: int, already: int, failed: int) -> str:
    service = named(job.provider)
    if failed and not connected and not already:
        permissions = " ".join(one.how for one in service.prerequisites if one.is_permission)
        return (
            f"Nobody could be connected with {service.title}. Make sure that its app is installed for the organisation, in "
            f"Apps, and that the app has the permissions it needs. {permissions}"
        ).rstrip()
    parts = [f"{connected} of {job.total} connected with {service.title}"]
    if already:
        parts.append(f"{already} {'was' if already == 1 else 'were'} already")
    if failed:
        parts.append(f"{failed} failed: filter by Failed App Integration and read the warnings")
    return "; ".join(parts) + "."
