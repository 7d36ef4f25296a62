"""Internal Issues: which issues are for time off and the like, and for which teams; for Tempo Administrators.

Published are who may and that existing issues are picked; the clicks are this fake's own. Teams are what guides speak of.
"""

from collections.abc import Sequence
from typing import NamedTuple

from flask import Response

from mock_server.domain import internal_issues, issues
from mock_server.errors import Invalid, NotFound
from mock_server.pages.page import Page, for_tempo_administrators
from mock_server.pages.paging import paging
from mock_server.pages.visit import Visit
from mock_server.row_ids import row_id
from mock_server.storage import internal_issues as issue_rows
from mock_server.storage import plans as plan_rows
from mock_server.storage import teams
from mock_server.storage import worklogs as worklog_rows
from mock_server.storage.internal_issues import InternalIssue

PATH = "/internal-issues"
MOST_OFFERED = 20
"""Issues that a search for one to pick shows."""


class Row(NamedTuple):
    """An internal issue as the list shows it, with the names of its teams; none means all."""

    issue: InternalIssue
    teams: Sequence[str]


def show_internal_issues(visit: Visit) -> Response:
    """The internal issues of projects that whoever is signed in may browse"""
    search = visit.request.args.get("search", "").strip()
    wanted = internal_issues.search(visit.store, visit.actor, search)
    place = paging(visit.request.args, issue_rows.count(visit.store, wanted))
    found = issue_rows.page(visit.store, wanted, place.offset, place.per_page)
    names = teams.names(visit.store, {team_id for issue in found for team_id in issue.team_ids})
    rows = [Row(issue, [names[team_id] for team_id in issue.team_ids]) for issue in found]
    return visit.show("internal_issues.html", rows=rows, paging=place, search=search)


def show_new_internal_issue(visit: Visit) -> Response:
    """The form to pick an issue, by its key or by words of its summary"""
    return _form(visit, None, (), key=visit.request.args.get("issue", "").strip())


def add_internal_issue(visit: Visit) -> Response:
    """Make an existing issue internal"""
    key = visit.form.get("issue", "").strip()
    chosen = visit.request.form.getlist("teams")
    try:
        issue = issues.get(visit.store, visit.actor, key)
        if issue.is_internal:
            raise Invalid(f"{issue.key} is internal already; change its teams in the list.")
    except (Invalid, NotFound) as error:
        said = str(error) if key else "Type the key of an issue."
        return _form(visit, None, chosen, {"issue": said}, key)
    return _put(visit, None, issue.key, chosen, f"{issue.key} is an internal issue now.")


def show_teams_of_issue(visit: Visit, issue_id: int) -> Response:
    """The form for the teams of an internal issue"""
    issue = _known(visit, issue_id)
    return _form(visit, issue, [str(team_id) for team_id in issue.team_ids])


def change_teams_of_issue(visit: Visit, issue_id: int) -> Response:
    """Assign an internal issue to these teams, or to all"""
    issue = _known(visit, issue_id)
    return _put(visit, issue, issue.key, visit.request.form.getlist("teams"), f"The teams of {issue.key} are saved.")


def show_removal(visit: Visit, issue_id: int) -> Response:
    """Whether it is meant"""
    plans = plan_rows.count_of_issue(visit.store, issue_id)
    worklogs = worklog_rows.count_of_issue(visit.store, issue_id)
    return visit.show("internal_issue_remove.html", issue=_known(visit, issue_id), plans=plans, worklogs=worklogs)


def remove_internal_issue(visit: Visit, issue_id: int) -> Response:
    """Make an internal issue an ordinary one; plans and worklogs on it stay"""
    issue = _known(visit, issue_id)
    internal_issues.remove(visit.store, issue.key)
    visit.signed_in.tell(f"{issue.key} is an ordinary issue again.")
    return visit.go(PATH)


def _known(visit: Visit, issue_id: int) -> InternalIssue:
    """An internal issue that whoever is signed in may browse. Raises ``NotFound``."""
    issue = issue_rows.get(visit.store, issue_id)
    if issue is None or not internal_issues.may_browse(visit.store, visit.actor, issue):
        raise NotFound("There is no such internal issue.")
    return issue


def _put(visit: Visit, issue: InternalIssue | None, key: str, chosen: Sequence[str], notice: str) -> Response:
    try:
        internal_issues.put(visit.store, key, _team_ids(chosen))
    except Invalid as error:
        return _form(visit, issue, chosen, {"teams": str(error)}, key)
    visit.signed_in.tell(notice)
    return visit.go(PATH)


def _team_ids(chosen: Sequence[str]) -> tuple[int, ...]:
    """Raises ``Invalid`` for what is no id."""
    found: dict[int, None] = {}
    for text in chosen:
        team_id = row_id(text)
        if team_id is None:
            raise Invalid(f"There is no team with the id {text[:40]}.")
        found[team_id] = None
    return tuple(found)


def _form(
    visit: Visit,
    issue: InternalIssue | None,
    chosen: Sequence[str],
    errors: dict[str, str] | None = None,
    key: str = "",
) -> Response:
    search = visit.request.args.get("search", "").strip() if issue is None else ""
    found = internal_issues.candidates(visit.store, visit.actor, search, MOST_OFFERED + 1) if search else []
    return visit.show(
        "internal_issue_form.html",
        400 if errors else 200,
        issue=issue,
        key=key,
        errors=errors or {},
        chosen=chosen,
        teams=teams.named_like(visit.store, ""),
        search=search,
        offered=found[:MOST_OFFERED],
        has_more=len(found) > MOST_OFFERED,
    )


PAGES = (
    Page("GET", PATH, show_internal_issues, right=for_tempo_administrators),
    Page("GET", f"{PATH}/new", show_new_internal_issue, right=for_tempo_administrators),
    Page("POST", f"{PATH}/new", add_internal_issue, writes=True, right=for_tempo_administrators),
    Page("GET", f"{PATH}/<id:issue_id>/teams", show_teams_of_issue, right=for_tempo_administrators),
    Page("POST", f"{PATH}/<id:issue_id>/teams", change_teams_of_issue, writes=True, right=for_tempo_administrators),
    Page("GET", f"{PATH}/<id:issue_id>/remove", show_removal, right=for_tempo_administrators),
    Page("POST", f"{PATH}/<id:issue_id>/remove", remove_internal_issue, writes=True, right=for_tempo_administrators),
)
