"""What a large world is computed from, and the ids that follow from it."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

FIRST_PERSON, FIRST_TEAM, FIRST_PROJECT, FIRST_ISSUE = 2, 2, 10001, 10001
TEAM_SIZE = 10
PROJECTS = ("ALPHA", "BRAVO", "CEDAR", "DELTA", "EMBER", "FJORD", "GROVE", "VAULT")
"""The last one is open to insiders only."""

Progress = Callable[[int], object]
"""Called with how many more worklogs or plans there are."""

_STEP = 5000


class Size(NamedTuple):
    """What a large world is computed from. ``people`` do not count the administrator; ``today`` is not worked on yet."""

    people: int
    worklogs: int
    today: date
    plans: int = 0

    @property
    def teams(self) -> int:
        """Number of teams, the empty one of the scenario not counted."""
        return -(-self.people // TEAM_SIZE)

    @property
    def issues(self) -> int:
        """Number of issues, the internal ones not counted."""
        return min(50_000, max(40, self.worklogs // 50))

    def team_of(self, person: int) -> int:
        """The id of the team that somebody, counted from 0, began in."""
        return FIRST_TEAM + person // TEAM_SIZE

    def issue_ranges(self) -> Iterator[tuple[int, int, int]]:
        """Project, its first issue, and the one after its last."""
        for number in range(len(PROJECTS)):
            first, end = (FIRST_ISSUE + self.issues * n // len(PROJECTS) for n in (number, number + 1))
            yield FIRST_PROJECT + number, first, end


def is_active(person: int) -> bool:
    """Whether somebody, counted from 0, was not deactivated; every fiftieth was, the first not."""
    return person == 0 or person % 50 != 0


def counted(rows: Iterable[tuple[Any, ...]], progress: Progress) -> Iterator[tuple[Any, ...]]:
    """The same rows, of which ``progress`` is told from time to time."""
    count = 0
    for row in rows:
        yield row
        count += 1
        if count == _STEP:
            progress(count)
            count = 0
    progress(count)
