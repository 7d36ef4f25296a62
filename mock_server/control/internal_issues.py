"""Which issues are internal and for which teams, as an administrator would choose on the settings page."""

from flask import Response

from mock_server.control.dialect import json_answer, read_object, site
from mock_server.domain import internal_issues
from mock_server.errors import Invalid
from mock_server.internal_issue_bean import internal_issue_bean
from mock_server.moments import moment_text
from mock_server.storage import internal_issues as issue_rows
from mock_server.storage.store import Author


def list_internal_issues() -> Response:
    """Every internal issue, with the ids of the teams it is open to; none means all."""
    store = site().shown
    with store.reading():
        return json_answer([internal_issue_bean(issue) for issue in issue_rows.every(store)])


def put_internal_issue(issue: str) -> Response:
    """``{"teams": [3]}`` or ``{}``: make an issue, named by id or key, internal and open to these teams, or to all."""
    teams = read_object(("teams",)).get("teams") or []
    if not isinstance(teams, list) or not all(type(team) is int for team in teams):
        raise Invalid("teams is a list of team ids.")
    store = site().store
    with store.transaction(_author("put_internal_issue")):
        return json_answer(internal_issue_bean(internal_issues.put(store, issue, tuple(dict.fromkeys(teams)))))


def delete_internal_issue(issue: str) -> Response:
    """Make an internal issue an ordinary one."""
    store = site().store
    with store.transaction(_author("delete_internal_issue")):
        internal_issues.remove(store, issue)
    return Response(status=204)


def _author(call: str) -> Author:
    return Author("control", "control", call, moment_text(site().clock.now()))
