"""The plans of a large world: absences on internal issues and work on the others, half a year before its day and after."""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from mock_server.large_world_size import (
    FIRST_ISSUE,
    FIRST_PERSON,
    FIRST_PROJECT,
    PROJECTS,
    TEAM_SIZE,
    Progress,
    Size,
    counted,
    is_active,
)
from mock_server.storage.bulk import Building

AWAY = "AWAY"
"""The project of the internal issues; there is none without plans."""

_AWAY_PROJECT = FIRST_PROJECT + len(PROJECTS)
_ABSENCES = ("Vacation", "Sick leave", "Training")
"""The internal issues. The last is open to every second team, the others are open to all."""

_HALF_YEAR = 182
_HOUR = 3600
_WEEK, _FRIDAY = 7, 4
_MOST_WEEKS = 12
_DAYS = 2 * _HALF_YEAR + _WEEK * (_MOST_WEEKS + 2)
_COLUMNS = (
    "id", "person_id", "issue_id", "project_id", "creator_id", "start_date", "end_date", "start_time", "per_day", "total",
    "rule", "until", "on_non_working_days", "description", "created_at", "updated_at",
)  # fmt: skip


class _Plan(NamedTuple):
    """A plan in days counted from the first. ``absence`` is one of ``_ABSENCES`` or None, ``until`` None: it comes once."""

    person: int
    absence: int | None
    issue: int
    start: int
    end: int
    per_day: int | None
    total: int | None = None
    until: int | None = None


def add_plans(building: Building, size: Size, progress: Progress) -> None:
    """Load project, internal issues and plans. To be called when people, projects, issues and teams are there."""
    first_absence = _add_absences(building, size)
    start = size.today - timedelta(days=_HALF_YEAR)
    days = [(start + timedelta(days=number)).isoformat() for number in range(_DAYS)]
    # Computed twice: to keep a million of them would need more memory than everything else.
    building.load("plans", _COLUMNS, counted(_rows(size, days, first_absence), progress))
    building.load("plan_stretches", ("plan_id", "start_date", "end_date"), _stretches(size, days))


def _add_absences(building: Building, size: Size) -> int:
    store = building.store
    store.insert_row("projects", id=_AWAY_PROJECT, key=AWAY, name="Away", lead_id=FIRST_PERSON, project_type="business")
    first = FIRST_ISSUE + size.issues
    stamp = f"{size.today - timedelta(days=3 * 365)}T06:00:00.000Z"
    columns = (
        "id", "key", "project_id", "summary", "issue_type", "status", "reporter_id", "created_at", "updated_at", "is_internal",
    )  # fmt: skip
    issues = (
        (first + n, f"{AWAY}-{n + 1}", _AWAY_PROJECT, name, "Task", "To Do", FIRST_PERSON, stamp, stamp, 1)
        for n, name in enumerate(_ABSENCES)
    )
    building.load("issues", columns, issues)
    trained = ((first + len(_ABSENCES) - 1, size.team_of(number * TEAM_SIZE)) for number in range(0, size.teams, 2))
    building.load("internal_issue_teams", ("issue_id", "team_id"), trained)
    return first


def _plans(size: Size) -> Iterator[_Plan]:
    """Everybody active in turn, each with as many, one after the other through the year."""
    people = [number for number in range(size.people) if is_active(number)]
    rounds = -(-size.plans // len(people))
    width = max(1, 2 * _HALF_YEAR // rounds)
    weekday = (size.today - timedelta(days=_HALF_YEAR)).weekday()
    *_, (_, open_issues, _) = size.issue_ranges()
    # random() gives the same numbers with every version of Python; what is built on it need not.
    draw = random.Random(3).random
    for number in range(size.plans):
        person = people[number % len(people)]
        start = 2 * _HALF_YEAR * (number // len(people)) // rounds + int(draw() * width)
        day = (weekday + start) % _WEEK
        if day > _FRIDAY:
            start += _WEEK - day
        kind, amount = draw(), draw()
        issue = FIRST_ISSUE + int(draw() * (open_issues - FIRST_ISSUE))
        last = start + int(amount * min(2 * _WEEK, width))
        if kind < 0.35:
            yield _Plan(person, 0, issue, start, last, 8 * _HOUR)
        elif kind < 0.45:
            yield _Plan(person, 1, issue, start, start + int(amount * min(3, width)), 8 * _HOUR)
        elif kind < 0.5 and person // TEAM_SIZE % 2 == 0 and person % TEAM_SIZE != TEAM_SIZE - 1:
            yield _Plan(person, 2, issue, start, start, 8 * _HOUR)
        elif kind < 0.6:
            yield _Plan(person, int(amount * 2), issue, start, start, (2 + int(draw() * 4)) * _HOUR)
        elif kind < 0.7:
            yield _Plan(person, None, issue, start, start, (1 + int(draw() * 4)) * _HOUR,
                        until=start + _WEEK * (1 + int(amount * _MOST_WEEKS)))  # fmt: skip
        elif kind < 0.8:
            yield _Plan(person, None, issue, start, last, None, (4 + int(draw() * 16)) * _HOUR)
        else:
            yield _Plan(person, None, issue, start, last, (1 + int(draw() * 6)) * _HOUR)


def _rows(size: Size, days: list[str], first_absence: int) -> Iterator[tuple[Any, ...]]:
    project_of = [project for project, first, end in size.issue_ranges() for _ in range(first, end)]
    latest = _HALF_YEAR - 1
    for number, plan in enumerate(_plans(size), 1):
        away = plan.absence is not None
        stamp = f"{days[max(0, min(plan.start - 3 * _WEEK, latest - number % _WEEK))]}T{8 + number % 10:02}:00:00.000Z"
        yield (
            number,
            FIRST_PERSON + plan.person,
            first_absence + plan.absence if plan.absence is not None else plan.issue,
            _AWAY_PROJECT if away else project_of[plan.issue - FIRST_ISSUE],
            FIRST_PERSON + plan.person,
            days[plan.start],
            days[plan.end],
            "00:00",
            plan.per_day,
            plan.total,
            "NEVER" if plan.until is None else "WEEKLY",
            None if plan.until is None else days[plan.until],
            0,
            "" if away else "As agreed",
            stamp,
            stamp,
        )


def _stretches(size: Size, days: list[str]) -> Iterator[tuple[int, str, str]]:
    for number, plan in enumerate(_plans(size), 1):
        last = plan.start if plan.until is None else plan.until
        length = plan.end - plan.start
        for start in range(plan.start, last + 1, _WEEK):
            yield number, days[start], days[start + length]
