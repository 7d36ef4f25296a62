"""A large world, computed from three numbers and a day: the same four always make the same one.

It is the scenario empty with people in teams of about ten, projects, issues, and work logged on the weekdays of the last
three years. The last project is open to insiders only. Every tenth person has changed teams. Everybody works eight hours a
day at the most.
"""

import random
import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mock_server.access import GRANTABLE_SCOPES, PLAN_VIEW, WORKLOG_VIEW
from mock_server.domain.api_tokens import MOST_DAYS
from mock_server.domain.logins import hash_token
from mock_server.large_world_plans import AWAY, add_plans
from mock_server.large_world_size import (
    FIRST_ISSUE,
    FIRST_PERSON,
    FIRST_PROJECT,
    FIRST_TEAM,
    PROJECTS,
    TEAM_SIZE,
    Progress,
    Size,
    counted,
    is_active,
)
from mock_server.moments import days_after, moment_text
from mock_server.scenario import find, read
from mock_server.seed import seed
from mock_server.storage.bulk import Building, new_database

BASE = "empty"
"""The scenario that a large world begins as, and that a reset goes back to."""

LEAST_PEOPLE, MOST_PEOPLE = 4, 100_000
MOST_WORKLOGS = 10_000_000
MOST_PLANS = 1_000_000
EARLIEST = date(1970, 1, 1)
"""The first day a large world can be made on."""

PERSONAS = MappingProxyType(
    {
        "everybody": "sees everybody's work and plans, by a role with Full access",
        "half": "sees work and plans of every second team, by a role over those",
        "lead": "sees work and plans of the team he leads",
        "own": "sees his own work and plans only",
    }
)
"""The first people, by login name; the only ones with tokens."""

_YEARS = 3
_WORK_SECONDS = 8 * 3600
_QUARTER = 900
_JIRA_IDS = 10000
_GIVEN = ("Ada", "Ben", "Chloe", "Dilip", "Esra", "Finn", "Grace", "Hana", "Ivan", "Jun", "Kofi", "Lena", "Mateo")
_FAMILY = ("Abbott", "Berg", "Costa", "Duval", "Eriksen", "Fischer", "Gupta", "Hall", "Ito", "Jansen", "Klein")
_ZONES = ("UTC", "Europe/Berlin", "UTC", "America/New_York", "UTC", "Asia/Kolkata")
_TYPES, _STATES = ("Story", "Task", "Task", "Bug"), ("To Do", "In Progress", "Done")
_DOING = ("Planning", "Building", "Reviewing", "Testing", "Fixing", "Writing up", "Talking about")
_WHAT = ("the import", "the report", "the log-in", "the search", "the release", "the calendar", "the price list", "the forms")
_KEYS = ("BROWSE_PROJECTS", "WORK_ON_ISSUES", "CREATE_ISSUES", "EDIT_OWN_WORKLOGS", "DELETE_OWN_WORKLOGS", "ASSIGNABLE_USER")
_GLOBAL = ("browse-users", "tempo-timesheets-access", "tempo-planner-access")
_WORKLOG = (
    "id", "jira_id", "issue_id", "project_id", "author_id", "start_date", "start_time", "time_spent", "billable", "description",
    "created_at", "updated_at",
)  # fmt: skip


def token_of(persona: str) -> str:
    """The text of a persona's Tempo token. Published demo data, not a secret."""
    return f"demo-token-of-{persona}-not-a-secret"


def build(path: Path, size: Size, progress: Progress = lambda number: None) -> None:
    """Write a large world into a new database. Raises ``Unusable`` when there is one, and when it cannot be written."""
    now = datetime.fromisoformat(f"{size.today}T00:00:00+00:00")
    with new_database(path) as building:
        seed(building.store, read(find(BASE)), now)
        with building.store.transaction():
            _people(building, size, now)
            _projects(building, size)
            _teams(building, size)
            _permission_roles(building, size)
            building.load("worklogs", _WORKLOG, counted(_worklogs(size), progress))
            if size.plans:
                add_plans(building, size, progress)


def _people(building: Building, size: Size, now: datetime) -> None:
    everybody = range(FIRST_PERSON, FIRST_PERSON + size.people)
    columns = ("id", "name", "key", "account_id", "email", "display_name", "active", "time_zone", "locale", "avatar_id")
    building.load("people", columns, (_person(number) for number in range(size.people)))
    for name, people in (("everybody", everybody), ("insiders", [person for person in everybody if _is_insider(person)])):
        group = building.store.insert_row("groups", name=name, group_id=str(uuid.uuid5(uuid.NAMESPACE_DNS, name)))
        building.load("group_members", ("group_id", "person_id"), ((group, person) for person in people))
        if name == "everybody":
            building.load("global_permissions", ("permission", "group_id"), ((key, group) for key in _GLOBAL))
        keys = (*PROJECTS, AWAY) if size.plans else PROJECTS
        projects = [FIRST_PROJECT + n for n, key in enumerate(keys) if (key == PROJECTS[-1]) == (name == "insiders")]
        rows = ((project, key, group) for project in projects for key in _KEYS)
        building.load("project_permissions", ("project_id", "permission", "group_id"), rows)
    begins, ends, scopes = moment_text(now), moment_text(days_after(now, MOST_DAYS)), " ".join(sorted(GRANTABLE_SCOPES))
    for person, name in zip(everybody, PERSONAS, strict=False):
        building.store.insert_row(
            "api_tokens", person_id=person, name="Everything", access="full", scopes=scopes, days=MOST_DAYS,
            token_hash=hash_token(token_of(name)), created_at=begins, expires_at=ends,
        )  # fmt: skip
        building.store.insert_row(
            "jira_api_tokens", person_id=person, name="demo", token_hash=hash_token(f"demo-jira-token-of-{name}-not-a-secret")
        )
        building.store.insert_row(
            "personal_access_tokens", person_id=person, name="demo", created_at=begins,
            token_hash=hash_token(f"demo-pat-of-{name}-not-a-secret"),
        )  # fmt: skip


def _person(number: int) -> tuple[Any, ...]:
    name = tuple(PERSONAS)[number] if number < len(PERSONAS) else f"person{number + 1}"
    shown = f"{_GIVEN[number % len(_GIVEN)]} {_FAMILY[number % len(_FAMILY)]} {number + 1}"
    active = int(is_active(number))
    account_id = f"5e{number + 1:022x}"
    zone = _ZONES[number % len(_ZONES)]
    return FIRST_PERSON + number, name, name, account_id, f"{name}@example.org", shown, active, zone, "en_US", 10122


def _is_insider(person: int) -> bool:
    return (person - FIRST_PERSON) % TEAM_SIZE == 0


def _projects(building: Building, size: Size) -> None:
    rows = ((FIRST_PROJECT + n, key, key.capitalize(), FIRST_PERSON, "software") for n, key in enumerate(PROJECTS))
    building.load("projects", ("id", "key", "name", "lead_id", "project_type"), rows)
    # Issues as old as the oldest work.
    stamp = f"{_weekdays(size.today)[0]}T06:00:00.000Z"
    draw = random.Random(1).random
    columns = (
        "id", "key", "project_id", "summary", "issue_type", "status", "assignee_id", "reporter_id", "created_at", "updated_at",
    )  # fmt: skip
    issues = (
        (
            issue,
            f"{PROJECTS[project - FIRST_PROJECT]}-{issue - first + 1}",
            project,
            f"{_DOING[issue % len(_DOING)]} {_WHAT[issue % len(_WHAT)]}",
            _TYPES[issue % len(_TYPES)],
            _STATES[issue % len(_STATES)],
            FIRST_PERSON + int(draw() * size.people),
            FIRST_PERSON + int(draw() * size.people),
            stamp,
            stamp,
        )
        for project, first, end in size.issue_ranges()
        for issue in range(first, end)
    )
    building.load("issues", columns, issues)


def _teams(building: Building, size: Size) -> None:
    for role, name in ((2, "Developer"), (3, "Tester")):
        building.store.insert_row("roles", id=role, name=name, is_default=0)
    # The first team is led by a persona, the others by the first of them.
    leads = [FIRST_PERSON + max(2, number * TEAM_SIZE) for number in range(size.teams)]
    rows = ((FIRST_TEAM + n, f"Team {n + 1}", "", lead, n % 5 == 0) for n, lead in enumerate(leads))
    building.load("teams", ("id", "name", "summary", "lead_id", "is_public"), rows)
    ids = range(FIRST_TEAM, FIRST_TEAM + size.teams)
    built_in = ((name, team, kind) for team in ids for name, kind in (("Team Lead", "lead"), ("Member", "member")))
    building.load("permission_roles", ("name", "team_id", "built_in"), built_in)
    moved = size.today - timedelta(days=_YEARS * 365 // 2)
    members: list[tuple[int, int, int]] = []
    periods: list[tuple[int, int, str | None, str | None]] = []
    for number in range(size.people):
        own = size.team_of(number)
        role = 1 + number % 3
        if number % TEAM_SIZE != TEAM_SIZE - 1 or size.teams == 1:
            members.append((len(members) + 1, own, FIRST_PERSON + number))
            periods.append((len(members), role, None, None))
            continue
        after = FIRST_TEAM + (own - FIRST_TEAM + 1) % size.teams
        members.append((len(members) + 1, own, FIRST_PERSON + number))
        periods.append((len(members), role, None, (moved - timedelta(days=1)).isoformat()))
        members.append((len(members) + 1, after, FIRST_PERSON + number))
        periods.append((len(members), role, moved.isoformat(), None))
    building.load("members", ("id", "team_id", "person_id"), members)
    columns = ("member_id", "role_id", "start_date", "end_date", "availability")
    building.load("memberships", columns, ((*period, 100) for period in periods))


def _permission_roles(building: Building, size: Size) -> None:
    for person, name in zip(range(FIRST_PERSON, FIRST_PERSON + size.people), PERSONAS, strict=False):
        if name not in ("everybody", "half"):
            continue
        shown, access = (
            ("View all work and plans", "GLOBAL")
            if name == "everybody"
            else ("View work and plans of half of the teams", "TEAM")
        )
        role = building.store.insert_row("permission_roles", name=shown, access_type=access)
        for key in (WORKLOG_VIEW, PLAN_VIEW):
            building.store.insert_row("permission_role_keys", permission_role_id=role, key=key)
        building.store.insert_row("permission_role_holders", permission_role_id=role, person_id=person)
        if name == "half":
            teams = ((role, team) for team in range(FIRST_TEAM, FIRST_TEAM + size.teams, 2))
            building.load("permission_role_teams", ("permission_role_id", "team_id"), teams)


def _weekdays(today: date) -> list[str]:
    days = (today - timedelta(days=back) for back in range(_YEARS * 365, 0, -1))
    return [day.isoformat() for day in days if day.weekday() < 5]


def _worklogs(size: Size) -> Iterator[tuple[Any, ...]]:
    """One after the other, day by day, everybody in turn: as many for each, and nobody more than eight hours a day."""
    days = _weekdays(size.today)
    # random() gives the same numbers with every version of Python; what is built on it need not.
    draw = random.Random(2).random
    project_of = [project for project, first, end in size.issue_ranges() for _ in range(first, end)]
    open_to_all = len(project_of) - project_of.count(FIRST_PROJECT + len(PROJECTS) - 1)
    texts = [f"{doing} {what}" for doing in _DOING for what in _WHAT]
    number = 0
    for at, day in enumerate(days):
        logged = (at + 1) * size.worklogs // len(days) - number
        slot = _WORK_SECONDS // max(1, -(-logged // size.people))
        step = _QUARTER if slot >= _QUARTER else slot
        for position in range(logged):
            author = number % size.people
            number += 1
            start = _WORK_SECONDS + position // size.people * slot
            spent = step * (1 + int(draw() * (slot // step)))
            issue = int(draw() * (open_to_all if author % TEAM_SIZE else len(project_of)))
            created = f"{day}T{17 + position % 4}:{position // 4 % 60:02}:{position % 60:02}.000Z"
            # Every tenth is changed within a month.
            later = days[min(at + 1 + int(draw() * 20), len(days) - 1)] if number % 10 == 0 else ""
            yield (
                number,
                _JIRA_IDS + number,
                FIRST_ISSUE + issue,
                project_of[issue],
                FIRST_PERSON + author,
                day,
                f"{start // 3600:02}:{start // 60 % 60:02}:{start % 60:02}",
                spent,
                0 if number % 5 == 0 else spent,
                texts[int(draw() * len(texts))],
                created,
                f"{later}T21:00:00.000Z" if later else created,
            )
