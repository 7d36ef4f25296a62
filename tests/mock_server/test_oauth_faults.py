"""Faults at the OAuth endpoints, and faults that take something from an access token."""

from typing import Any

import pytest

from mock_server.faults.rules import arm

from .oauth_flow import Flow, application


@pytest.fixture
def flow(world: Any) -> Flow:
    return application(world, scopes=["teams:view", "worklogs:view"])


@pytest.mark.parametrize(("status", "error"), [
    (400, "invalid_request"), (401, "invalid_client"), (403, "access_denied"), (429, "temporarily_unavailable"),
    (500, "server_error"), (502, "server_error"), (503, "temporarily_unavailable"),
])  # fmt: skip
def test_a_fault_speaks_as_the_token_endpoint_does(flow: Flow, status: int, error: str) -> None:
    token = flow.tokens()["refresh_token"]
    arm(flow.world.site, {"path": "/oauth/token", "status": status, "count": 1})
    answer = flow.refresh(token)
    assert (answer.status, answer.json) == (status, {"error": error})
    assert flow.refresh(token).status == 200


def test_an_answer_that_never_comes_costs_the_refresh_token(flow: Flow) -> None:
    pair = flow.tokens()
    arm(flow.world.site, {"path": "/oauth/token", "status": 500, "applied": True, "count": 1})
    assert flow.refresh(pair["refresh_token"]).status == 500
    assert flow.refresh(pair["refresh_token"]).json == {"error": "invalid_grant"}
    assert flow.status(pair["access_token"]) == 401


def test_an_access_token_expires_in_mid_run(flow: Flow) -> None:
    pair, other = flow.tokens(), flow.tokens()
    arm(flow.world.site, {"path": "/4/teams", "expireToken": True, "count": 1})
    assert [flow.status(pair["access_token"]) for _ in range(2)] == [401, 401]
    assert flow.status(other["access_token"]) == 200
    assert flow.status(flow.refresh(pair["refresh_token"]).json["access_token"]) == 200


def test_an_access_token_loses_a_scope(flow: Flow) -> None:
    pair = flow.tokens()
    arm(flow.world.site, {"path": "/4/teams", "takePermission": {"scope": "teams:view"}, "count": 1})
    assert [flow.status(pair["access_token"]) for _ in range(2)] == [403, 403]
    assert flow.status(pair["access_token"], path="/4/worklogs") == 200
    assert flow.status(flow.refresh(pair["refresh_token"]).json["access_token"]) == 200


def test_a_fault_knows_whose_access_token_it_is(flow: Flow) -> None:
    of_bob, of_fred = flow.tokens("bob"), flow.tokens("fred")
    arm(flow.world.site, {"persona": "bob", "status": 503})
    assert (flow.status(of_bob["access_token"]), flow.status(of_fred["access_token"])) == (503, 200)
