"""Who calls Tempo Cloud: a token that is missing, odd, unknown, expired or meant for somebody else."""

from __future__ import annotations

import pytest

from conformance import expect
from conformance.calls import Answer, Credentials
from conformance.client import Caller, tempo_credentials_of
from conformance.cloud.bench import CUSTOMER, Bench
from conformance.cloud.pages import everything
from conformance.run import Absent, Run

READ = [
    "4/worklogs",
    "4/work-attributes",
    "4/teams",
    "4/roles",
    "4/permission-roles",
    "4/accounts",
    "4/account-categories",
    "4/account-category-types",
    "4/customers",
    "4/globalconfiguration",
]


def _is_refused(answer: Answer) -> None:
    expect.status(answer, 401)


@pytest.mark.requirement("cloud_authentication.missing.refused")
@pytest.mark.parametrize("path", READ)
def test_call_without_token_is_refused(anonymous: Caller, path: str) -> None:
    _is_refused(anonymous.get(path))


@pytest.mark.requirement("cloud_authentication.missing.writes-nothing")
def test_create_without_token_makes_nothing(anonymous: Caller, admin: Caller, bench: Bench) -> None:
    key = bench.key()
    answer = bench.make(CUSTOMER, {"key": key, "name": bench.name()}, anonymous)
    found = everything(admin, "4/customers/search", (), {"keys": [key]})
    expect.that(answer, not found, "no new customer", "it is there")


@pytest.mark.requirement("cloud_authentication.unknown.refused")
@pytest.mark.parametrize("path", READ)
def test_unknown_token_is_refused(anonymous: Caller, path: str) -> None:
    _is_refused(anonymous.using(Credentials("unknown", "bearer", "", "no-such-token-of-tempo-cloud", "token")).get(path))


@pytest.mark.requirement("cloud_authentication.empty.refused")
@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "bearer"])
def test_header_without_token_is_refused(anonymous: Caller, header: str) -> None:
    _is_refused(anonymous.call("GET", "4/worklogs", headers={"Authorization": header}))


@pytest.mark.requirement("cloud_authentication.expired.refused")
@pytest.mark.parametrize("path", ["4/worklogs", "4/teams"])
def test_expired_token_is_refused(anonymous: Caller, run: Run, path: str) -> None:
    persona = run.persona("expired")
    if not persona.token:
        raise Absent("the target gives the persona expired no token (of Tempo Cloud)")
    _is_refused(anonymous.using(tempo_credentials_of(persona)).get(path))


@pytest.mark.requirement("cloud_authentication.basic.refused")
def test_token_as_basic_password_is_refused(anonymous: Caller, run: Run, admin: Caller) -> None:
    persona = run.persona("admin")
    user = persona.email or persona.account_id or "admin"
    _is_refused(anonymous.using(Credentials("admin", "basic", user, admin.credentials.secret, "token")).get("4/worklogs"))


@pytest.mark.requirement("cloud_authentication.jira-token.refused")
def test_api_token_of_jira_is_refused(anonymous: Caller, run: Run) -> None:
    persona = run.persona("admin")
    if not persona.api_token:
        raise Absent("the target gives the persona admin no api_token (of Jira Cloud)")
    _is_refused(anonymous.using(Credentials("admin", "bearer", "", persona.api_token, "api_token")).get("4/worklogs"))


@pytest.mark.requirement("cloud_authentication.refusal.no-data")
def test_refusal_holds_no_results(anonymous: Caller) -> None:
    answer = anonymous.get("4/teams")
    content = answer.json_or_none()
    expect.that(answer, not (isinstance(content, dict) and "results" in content), "no results", "results are there")


@pytest.mark.requirement("cloud_authentication.refusal.no-redirect")
@pytest.mark.parametrize("path", ["4/worklogs", "4/teams", "4/worklogs?limit=1"])
def test_refusal_sends_nobody_to_a_login_page(anonymous: Caller, path: str) -> None:
    answer = anonymous.get(path)
    expect.that(answer, 400 <= answer.status < 500, "a 4xx status", f"status {answer.status}")
    expect.that(answer, "location" not in answer.headers, "no Location", f"Location: {answer.headers.get('location')}")


@pytest.mark.requirement("cloud_authentication.token.accepted")
@pytest.mark.parametrize("path", READ)
def test_token_with_full_access_reads_every_noun(admin: Caller, path: str) -> None:
    expect.status(admin.get(path), 200)
