"""Who calls Jira Cloud, who is there, and what the site says of itself."""

from __future__ import annotations

from typing import Any

import pytest

from conformance import expect
from conformance.calls import Credentials
from conformance.client import Caller
from conformance.jira_cloud import beans
from conformance.run import Absent, Run
from conformance.shapes import ListOf

MYSELF = "rest/api/3/myself"
USERS = "rest/api/3/users/search"
INFO = "rest/api/3/serverInfo"


@pytest.mark.requirement("jira_cloud_authentication.token.accepted")
@pytest.mark.parametrize("name", ["admin", "lead", "member", "outsider"])
def test_api_token_names_its_account(run: Run, name: str) -> None:
    answer = run.persona_caller("jira_cloud", name).get(MYSELF)
    told = expect.json_object(answer).get("accountId")
    wanted = run.persona(name).account_id
    if wanted:
        expect.equal(answer, "accountId", told, wanted)
    expect.that(answer, told, "an accountId", f"accountId = {told!r}")


@pytest.mark.requirement("jira_cloud_authentication.anonymous.refused")
def test_myself_of_nobody_is_refused(anonymous: Caller) -> None:
    expect.status(anonymous.get(MYSELF), 401)


@pytest.mark.requirement("jira_cloud_authentication.wrong.refused")
def test_wrong_api_token_is_nobody(anonymous: Caller, run: Run) -> None:
    wrong = Credentials("wrong", "basic", f"{run.prefix}@example.org", "no-such-token-of-jira-cloud", "api_token")
    expect.status(anonymous.using(wrong).get(MYSELF), 401)


@pytest.mark.requirement("jira_cloud_authentication.bearer.refused")
def test_api_token_as_bearer_is_refused(anonymous: Caller, admin: Caller) -> None:
    bearer = Credentials("admin", "bearer", "", admin.credentials.secret, "api_token")
    expect.status(anonymous.using(bearer).get(MYSELF), 401)


@pytest.mark.requirement("jira_cloud_authentication.tempo-token.refused")
def test_token_of_tempo_is_no_token_of_jira(anonymous: Caller, run: Run) -> None:
    persona = run.persona("admin")
    if not (persona.token and persona.email):
        raise Absent("the target gives the persona admin no token (of Tempo Cloud)")
    expect.status(anonymous.using(Credentials("admin", "basic", persona.email, persona.token, "token")).get(MYSELF), 401)


@pytest.mark.requirement("jira_cloud_users.myself.shape")
def test_myself_in_the_cloud_has_published_shape(admin: Caller) -> None:
    answer = admin.get(MYSELF)
    row = expect.json_object(answer)
    expect.shape(answer, row, beans.MYSELF)
    old = [name for name in ("name", "key") if row.get(name)]
    expect.equal(answer, "names of older versions that are filled", old, [])


@pytest.mark.requirement("jira_cloud_users.myself.email")
def test_own_email_address_is_told(admin: Caller) -> None:
    answer = admin.get(MYSELF)
    told = str(expect.json_object(answer).get("emailAddress"))
    expect.equal(answer, "emailAddress", told.lower(), admin.user.lower())


@pytest.mark.requirement("jira_cloud_users.user.by-account")
def test_user_is_found_by_account_id(admin: Caller, myself: dict[str, Any]) -> None:
    answer = admin.get("rest/api/3/user", {"accountId": myself["accountId"]})
    row = expect.json_object(answer)
    expect.shape(answer, row, beans.USER)
    told = [row["accountId"], row["displayName"]]
    expect.equal(answer, "accountId, displayName", told, [myself["accountId"], myself["displayName"]])


@pytest.mark.requirement("jira_cloud_users.user.unknown-404")
def test_unknown_account_is_not_found(admin: Caller) -> None:
    answer = expect.status(admin.get("rest/api/3/user", {"accountId": "conformance-nobody"}), 404)
    expect.error_body(answer)


@pytest.mark.requirement("jira_cloud_users.list.bare-array")
def test_list_of_users_is_a_bare_array(admin: Caller) -> None:
    answer = admin.get(USERS)
    expect.shape(answer, expect.json_list(answer), ListOf(beans.USER))


@pytest.mark.requirement("jira_cloud_users.list.pages")
@pytest.mark.parametrize("size", [2, 3])
def test_pages_of_users_are_the_whole(admin: Caller, size: int) -> None:
    first = _accounts(admin, 0, 6)
    found = [account for start in range(0, 6, size) for account in _accounts(admin, start, size)]
    answer = admin.get(USERS, {"startAt": 0, "maxResults": 6})
    expect.equal(answer, f"the first six in pages of {size}", found, first)
    expect.equal(answer, "how many of them are different", len(set(found)), len(found))


def _accounts(admin: Caller, start: int, size: int) -> list[Any]:
    return [row.get("accountId") for row in expect.objects(admin.get(USERS, {"startAt": start, "maxResults": size}))]


@pytest.mark.requirement("jira_cloud_users.list.holds-personas")
def test_list_of_users_holds_the_administrator(admin: Caller, myself: dict[str, Any]) -> None:
    start = 0
    while rows := expect.objects(admin.get(USERS, {"startAt": start, "maxResults": 1000})):
        if any(row.get("accountId") == myself["accountId"] for row in rows):
            return
        start += 1000
    answer = admin.get(USERS)
    expect.that(answer, False, f"the account {myself['accountId']} on one of the pages", "it is on none")


@pytest.mark.requirement("jira_cloud_serverinfo.read.shape")
def test_server_says_that_it_is_the_cloud(admin: Caller) -> None:
    answer = admin.get(INFO)
    expect.shape(answer, expect.json_object(answer), beans.SERVER_INFO)


@pytest.mark.requirement("jira_cloud_serverinfo.read.anonymous")
def test_server_information_needs_no_login(anonymous: Caller) -> None:
    expect.status(anonymous.get(INFO), 200)


@pytest.mark.requirement("jira_cloud_serverinfo.errors.shape")
@pytest.mark.parametrize("path", ["rest/api/3/issue/CONFORMANCE-0", "rest/api/3/user?accountId=conformance-nobody"])
def test_errors_of_jira_have_two_members(admin: Caller, path: str) -> None:
    answer = admin.get(path)
    expect.error_body(answer)
    expect.that(answer, {"errorMessages", "errors"} <= set(answer.json()), "errorMessages and errors", ", ".join(answer.json()))
