"""What the scopes of a token allow. Where a noun's scope is published nowhere, nothing is demanded."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from conformance import expect
from conformance.calls import Answer
from conformance.client import Caller
from conformance.cloud.bench import ATTRIBUTE, UNKNOWN, WORKLOG, Bench, account_of
from conformance.cloud.pages import everything

WORKLOG_READS = ["4/worklogs", "4/work-attributes"]
TEAM_READS = ["4/teams", "4/roles", "4/programs"]
ACCOUNT_READS = ["4/accounts", "4/account-categories", "4/account-category-types", "4/customers"]
READS = [*WORKLOG_READS, *TEAM_READS, *ACCOUNT_READS]
SEARCHES = ["4/accounts/search", "4/customers/search", "4/team-memberships/search"]
WRITES = [
    "4/teams",
    "4/roles",
    "4/team-memberships",
    "4/team-links",
    "4/programs",
    "4/accounts",
    "4/account-categories",
    "4/customers",
    "4/account-links",
]


@pytest.mark.requirement("cloud_scopes.worklogs-view.reads")
@pytest.mark.parametrize("path", WORKLOG_READS)
def test_view_worklogs_reads_worklogs_and_their_attributes(viewer: Caller, path: str) -> None:
    expect.status(viewer.get(path), 200)


@pytest.mark.requirement("cloud_scopes.worklogs-view.refused-elsewhere")
@pytest.mark.parametrize("path", [*TEAM_READS, *ACCOUNT_READS])
def test_view_worklogs_is_refused_elsewhere(viewer: Caller, path: str) -> None:
    expect.status(viewer.get(path), 403)


@pytest.mark.requirement("cloud_scopes.worklogs-view.no-search-elsewhere")
@pytest.mark.parametrize("path", SEARCHES)
def test_view_worklogs_is_refused_searches_elsewhere(viewer: Caller, path: str) -> None:
    expect.status(viewer.post(path, {}), 403)


@pytest.mark.requirement("cloud_scopes.worklogs-view.no-writes-elsewhere")
@pytest.mark.parametrize("path", WRITES)
def test_view_worklogs_is_refused_writes_elsewhere(viewer: Caller, path: str) -> None:
    expect.status(viewer.post(path, {}), 403)


@pytest.mark.requirement("cloud_scopes.worklogs-view.logs-nothing")
def test_view_worklogs_does_not_log_work(viewer: Caller, bench: Bench, request: pytest.FixtureRequest) -> None:
    sheet = request.getfixturevalue("timesheet")
    day = sheet.days(1)[0]
    answer = bench.make(WORKLOG, {**_entry(day), "issueId": sheet.issue.id, "authorAccountId": account_of(viewer)}, viewer)
    expect.status(answer, 403)
    query = [("from", day.isoformat()), ("to", day.isoformat())]
    own = [item for item in everything(viewer, "4/worklogs", query) if item["author"]["accountId"] == viewer.user]
    expect.that(answer, not own, "no new worklog", f"{len(own)} of that day")


def _entry(day: datetime.date) -> dict[str, Any]:
    return {"startDate": day.isoformat(), "startTime": "08:00:00", "timeSpentSeconds": 60, "description": "no scope"}


@pytest.mark.requirement("cloud_scopes.worklogs-view.no-attributes")
def test_view_worklogs_does_not_make_attributes(viewer: Caller, bench: Bench) -> None:
    body = {"key": f"_{bench.key()}_", "name": bench.name(), "type": "INPUT_FIELD"}
    answer = viewer.post(ATTRIBUTE.path, body)
    if answer.ok:
        bench.adopt(answer, ATTRIBUTE)
    expect.status(answer, 403)


@pytest.mark.requirement("cloud_scopes.worklogs-view.changes-nothing")
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_view_worklogs_changes_no_worklog(
    viewer: Caller, admin: Caller, bench: Bench, request: pytest.FixtureRequest, method: str
) -> None:
    sheet = request.getfixturevalue("timesheet")
    made = sheet.log(admin, sheet.days(1)[0])
    place = WORKLOG.place(made[WORKLOG.key])
    answer = viewer.put(place, sheet.body(admin, sheet.days(1)[0])) if method == "PUT" else viewer.delete(place)
    expect.status(answer, 403)
    expect.equal(admin.get(place), "timeSpentSeconds", expect.json_object(admin.get(place)).get("timeSpentSeconds"), 300)


@pytest.mark.requirement("cloud_scopes.none.refused")
@pytest.mark.parametrize("path", READS)
def test_token_without_the_scope_is_refused(no_scopes: Caller, path: str) -> None:
    expect.status(no_scopes.get(path), 403)


@pytest.mark.requirement("cloud_scopes.none.no-single")
@pytest.mark.parametrize("path", [f"4/worklogs/{UNKNOWN}", f"4/teams/{UNKNOWN}", f"4/customers/{UNKNOWN}"])
def test_token_without_the_scope_learns_not_what_exists(no_scopes: Caller, path: str) -> None:
    expect.status(no_scopes.get(path), 403)


@pytest.mark.requirement("cloud_scopes.search.as-published")
@pytest.mark.parametrize("path", ["4/worklogs/search", "4/worklogs/work-attribute-values/search"])
def test_search_with_a_view_scope_reads_or_is_refused(viewer: Caller, path: str) -> None:
    body: dict[str, Any] = {} if path == "4/worklogs/search" else {"tempoWorklogIds": [UNKNOWN]}
    expect.status(viewer.post(path, body), 200, 403)


@pytest.mark.requirement("cloud_scopes.search.one-rule")
def test_searches_with_a_view_scope_are_all_read_or_all_refused(viewer: Caller) -> None:
    answers: list[Answer] = [
        viewer.post("4/worklogs/search", {}),
        viewer.post("4/worklogs/work-attribute-values/search", {"tempoWorklogIds": [UNKNOWN]}),
        viewer.post("4/worklogs/jira-to-tempo", {"jiraWorklogIds": [UNKNOWN]}),
        viewer.post("4/worklogs/tempo-to-jira", {"tempoWorklogIds": [UNKNOWN]}),
    ]
    statuses = [answer.status for answer in answers]
    expect.that(answers[-1], len(set(statuses)) == 1, "one status for all searches of worklogs", f"statuses {statuses}")


@pytest.mark.requirement("cloud_scopes.search.none-refused")
@pytest.mark.parametrize("path", ["4/worklogs/search", *SEARCHES])
def test_search_without_any_scope_of_it_is_refused(no_scopes: Caller, path: str) -> None:
    expect.status(no_scopes.post(path, {}), 403)
