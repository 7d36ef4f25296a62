"""Which internal issues there are for whom (help pages; what absence integrations do)."""

from datetime import date

from mock_server.access import Actor
from mock_server.domain import projects
from mock_server.errors import Invalid, NotFound
from mock_server.row_ids import row_id
from mock_server.storage import internal_issues, issues, memberships, teams
from mock_server.storage.internal_issues import InternalIssue
from mock_server.storage.issues import Condition, Issue
from mock_server.storage.people import Person
from mock_server.storage.store import Store


def visible(store: Store, actor: Actor) -> list[InternalIssue]:
    """The internal issues whose project the actor may browse."""
    held = projects.held(store, actor)
    return [issue for issue in internal_issues.every(store) if projects.BROWSE in held.get(issue.project_id, frozenset())]


def of_team(found: list[InternalIssue], team_id: int) -> list[InternalIssue]:
    """Those of some internal issues that people of a team may plan on: assigned to it, or to all."""
    return [issue for issue in found if not issue.team_ids or team_id in issue.team_ids]


def may_browse(store: Store, actor: Actor, issue: InternalIssue) -> bool:
    """Whether the actor may browse the project of an internal issue."""
    return issue.project_id in _browsable(store, actor)


def search(store: Store, actor: Actor, text: str) -> Condition:
    """A condition for the issues of projects that the actor may browse with all words of a text in key or summary."""
    return issues.joined([issues.in_projects(_browsable(store, actor)), issues.with_words(text)], is_and=True)


def candidates(store: Store, actor: Actor, text: str, limit: int) -> list[Issue]:
    """Issues that are not internal and could become it: the one with this key, then the newest with these words."""
    condition = issues.joined([search(store, actor, text), issues.internal(False)], is_and=True)
    found = issues.page(store, condition, (), 0, limit)
    named = issues.by_key(store, text)
    if named and not named.is_internal and named.project_id in _browsable(store, actor):
        found = [named, *(issue for issue in found if issue.id != named.id)][:limit]
    return found


def _browsable(store: Store, actor: Actor) -> set[int]:
    return {project_id for project_id, keys in projects.held(store, actor).items() if projects.BROWSE in keys}


def open_to(store: Store, found: list[InternalIssue], person: Person, today: date) -> list[InternalIssue]:
    """Those of some internal issues that are open to somebody today; nothing for a person who is in no team."""
    mine = memberships.teams_of(store, person.id, today.isoformat(), today.isoformat())
    return [issue for issue in found if mine and (not issue.team_ids or mine & set(issue.team_ids))]


def why_closed(store: Store, found: list[InternalIssue], person: Person, today: date) -> str | None:
    """Why some internal issues are not open to somebody today, for whoever develops a client; None when all are."""
    day = today.isoformat()
    if found and not memberships.teams_of(store, person.id, day, day):
        return f"{person.name} is in no team on {day}"
    open_ids = {issue.id for issue in open_to(store, found, person, today)}
    closed = [issue for issue in found if issue.id not in open_ids]
    if not closed:
        return None
    teams = {team_id for issue in closed for team_id in issue.team_ids}
    told = [
        f"{issue.key} is of {'team' if len(issue.team_ids) == 1 else 'teams'} {', '.join(map(str, issue.team_ids))}"
        for issue in closed
    ]
    return f"{', '.join(told)}, and {person.name} is not in {'it' if len(teams) == 1 else 'them'} on {day}"


def check_open(store: Store, issue_id: int, person: Person, start: str, end: str) -> None:
    """Raises ``Invalid`` for an internal issue of teams in none of which the person is on the days (``yyyy-MM-dd``).

    Somebody in no team at all may still plan on an issue that is open to all.
    """
    issue = internal_issues.get(store, issue_id)
    if issue is None or not issue.team_ids:
        return
    if not memberships.teams_of(store, person.id, start, end) & set(issue.team_ids):
        raise Invalid(f"The internal issue {issue.key} is not assigned to a team of this user")


def put(store: Store, id_or_key: str, team_ids: tuple[int, ...]) -> InternalIssue:
    """Make an issue internal and open to these teams, or to all. Raises ``NotFound`` for no issue, ``Invalid`` for no team."""
    issue = _named(store, id_or_key)
    for team_id in team_ids:
        if not 0 < team_id < 2**63 or teams.get(store, team_id) is None:
            raise Invalid(f"There is no team with the id {team_id}.")
    internal_issues.put(store, issue, team_ids)
    found = internal_issues.get(store, issue)
    assert found is not None
    return found


def remove(store: Store, id_or_key: str) -> None:
    """Make an internal issue an ordinary one. Raises ``NotFound`` for one that is not internal."""
    issue = _named(store, id_or_key)
    if internal_issues.get(store, issue) is None:
        raise NotFound(f"The issue {id_or_key} is not internal.")
    internal_issues.remove(store, issue)


def _named(store: Store, id_or_key: str) -> int:
    issue_id = row_id(id_or_key)
    issue = issues.by_key(store, id_or_key) if issue_id is None else issues.get(store, issue_id)
    if issue is None:
        raise NotFound(f"There is no issue {id_or_key}.")
    return issue.id
