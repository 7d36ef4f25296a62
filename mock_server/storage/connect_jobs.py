"""Runs of "Connect with" an app over selected people: who is still to be connected, and what became of the others."""

from collections.abc import Iterable
from typing import NamedTuple

from mock_server.storage.store import Store


class Job(NamedTuple):
    """A run. Times are ISO 8601 in UTC; ``ended_at`` is None while people are left, ``created_by`` when they are gone."""

    id: int
    provider: str
    created_by: int | None
    created_at: str
    total: int
    ended_at: str | None


_COLUMNS = ", ".join(Job._fields)


def add(store: Store, job: Job, person_ids: Iterable[int]) -> int:
    """A new run over these people in this order; answers its id. The id in ``job`` does not count."""
    job_id = store.insert(
        "INSERT INTO connect_jobs (provider, created_by, created_at, total, ended_at) VALUES (?, ?, ?, ?, ?)", job[1:]
    )
    rows = [(job_id, position, person_id) for position, person_id in enumerate(person_ids, 1)]
    store.insert_rows("connect_job_people", ("job_id", "position", "person_id"), rows)
    return job_id


def get(store: Store, job_id: int) -> Job | None:
    """By row id."""
    row = store.one(f"SELECT {_COLUMNS} FROM connect_jobs WHERE id = ?", (job_id,))
    return Job._make(row) if row else None


def every(store: Store, offset: int, limit: int) -> list[Job]:
    """The latest first."""
    rows = store.all(f"SELECT {_COLUMNS} FROM connect_jobs ORDER BY id DESC LIMIT ? OFFSET ?", (limit, offset))
    return [Job._make(row) for row in rows]


def unfinished(store: Store) -> list[Job]:
    """Those that were not ended, the oldest first."""
    rows = store.all(f"SELECT {_COLUMNS} FROM connect_jobs WHERE ended_at IS NULL ORDER BY id")
    return [Job._make(row) for row in rows]


def waiting(store: Store, job_id: int, most: int) -> list[tuple[int, int]]:
    """Position and id of the next people who were not tried yet."""
    return [
        (row[0], row[1])
        for row in store.all(
            "SELECT position, person_id FROM connect_job_people WHERE job_id = ? AND outcome IS NULL ORDER BY position LIMIT ?",
            (job_id, most),
        )
    ]


def put_outcome(store: Store, job_id: int, position: int, outcome: str, failure_kind: str | None) -> None:
    """What became of somebody."""
    store.run(
        "UPDATE connect_job_people SET outcome = ?, failure_kind = ? WHERE job_id = ? AND position = ?",
        (outcome, failure_kind, job_id, position),
    )


def end(store: Store, job_id: int, at: str) -> None:
    """Nobody is left."""
    store.run("UPDATE connect_jobs SET ended_at = ? WHERE id = ? AND ended_at IS NULL", (at, job_id))


def counts(store: Store, job_id: int) -> dict[tuple[str | None, str | None], int]:
    """Outcome and kind of failure -> how many; the outcome of those who wait is None."""
    rows = store.all(
        "SELECT outcome, failure_kind, count(*) FROM connect_job_people WHERE job_id = ? GROUP BY outcome, failure_kind",
        (job_id,),
    )
    return {(row[0], row[1]): row[2] for row in rows}


def people_with(store: Store, job_id: int, outcome: str) -> list[int]:
    """Ids of the people of this outcome, in the order of the run."""
    rows = store.all(
        "SELECT person_id FROM connect_job_people WHERE job_id = ? AND outcome = ? ORDER BY position", (job_id, outcome)
    )
    return [row[0] for row in rows]
