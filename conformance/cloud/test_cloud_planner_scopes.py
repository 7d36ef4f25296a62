"""Scopes of plans, schemes, schedules and periods."""

from __future__ import annotations

import pytest

from conformance import expect
from conformance.client import Caller
from conformance.cloud.bench import UNKNOWN

WINDOW = [("from", "2040-01-02"), ("to", "2040-01-03")]
DAYS = {"from": "2040-01-02", "to": "2040-01-03"}
PLANS = ["4/plans", f"4/plans/{UNKNOWN}"]
SCHEMES = ["4/workload-schemes", "4/holiday-schemes", "4/user-schedule"]
SEARCHES = {
    "4/plans/search": DAYS,
    "4/workload-schemes/members/search": {"schemeIds": [1]},
    "4/holiday-schemes/members/search": {"schemeIds": [1]},
}


@pytest.mark.requirement("cloud_planner_scopes.view.refused")
@pytest.mark.parametrize("path", [*PLANS, *SCHEMES])
@pytest.mark.parametrize("token", ["viewer", "no_scopes"])
def test_token_without_the_scope_reads_no_plans_and_schemes(request: pytest.FixtureRequest, token: str, path: str) -> None:
    caller: Caller = request.getfixturevalue(token)
    expect.status(caller.get(path, WINDOW), 403)


@pytest.mark.requirement("cloud_planner_scopes.periods.refused")
def test_view_worklogs_is_refused_the_periods(viewer: Caller) -> None:
    expect.status(viewer.get("4/periods", WINDOW), 403)


@pytest.mark.requirement("cloud_planner_scopes.view.no-search")
@pytest.mark.parametrize("path", list(SEARCHES))
def test_token_without_the_scope_searches_no_plans_and_schemes(viewer: Caller, path: str) -> None:
    expect.status(viewer.post(path, SEARCHES[path]), 403)


@pytest.mark.requirement("cloud_planner_scopes.manage.refused")
@pytest.mark.parametrize("path", ["4/plans", "4/workload-schemes", "4/holiday-schemes"])
def test_token_without_the_scope_makes_no_plans_and_schemes(viewer: Caller, path: str) -> None:
    expect.status(viewer.post(path, {}), 403)
