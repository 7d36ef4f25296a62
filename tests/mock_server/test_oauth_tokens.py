"""The token endpoint and the one that revokes: what they answer, what they refuse, and what a token may."""

import base64
from collections.abc import Callable
from typing import Any

import pytest

from .conftest import basic
from .oauth_flow import BACK, FORM, Flow, application, sent_back

ALL = "accounts:manage plans:view worklogs:manage worklogs:view"


@pytest.fixture
def flow(world: Any) -> Flow:
    """An application that may do a little."""
    return application(world, scopes=ALL.split())


def test_a_code_becomes_tokens_that_act_for_whoever_consented(flow: Flow) -> None:
    answer = flow.redeem(flow.code("bob"))
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-store"
    told = answer.json
    assert set(told) == {"access_token", "expires_in", "token_type", "scope", "refresh_token"}
    assert (told["expires_in"], told["token_type"], told["scope"]) == (5184000, "Bearer", ALL)
    headers = {"Authorization": f"Bearer {told['access_token']}"}
    of_flow = flow.world.get(None, "/4/worklogs?limit=1000", headers=headers).json["results"]
    own = flow.world.cloud("GET", "bob", "worklogs?limit=1000").json["results"]
    assert own
    assert [one["tempoWorklogId"] for one in of_flow] == [one["tempoWorklogId"] for one in own]


@pytest.mark.parametrize(
    ("person", "scopes", "method", "path", "status"),
    [
        ("bob", ["worklogs:view"], "GET", "/4/worklogs", 200),
        ("bob", ["worklogs:view"], "GET", "/4/plans?from=2013-11-01&to=2013-11-30", 403),
        ("bob", ["worklogs:view"], "DELETE", "/4/worklogs/1", 403),
        ("bob", ["worklogs:manage"], "GET", "/4/worklogs", 200),
        ("bob", ["plans:view"], "GET", "/4/plans?from=2013-11-01&to=2013-11-30", 200),
        ("bob", ["plans:view"], "GET", "/4/worklogs", 403),
        ("bob", ["plans:view"], "GET", "/x-tempo-mock/internal-issues", 200),
        ("bob", ["plans:view"], "GET", "/4/globalconfiguration", 200),
        ("bob", None, "POST", "/4/roles", 403),
        ("fred", None, "POST", "/4/roles", 200),
        ("fred", ["teams:view"], "POST", "/4/roles", 403),
        ("fred", ["worklogs:view"], "GET", "/papertrail/1/events/deleted/types/worklog", 403),
    ],
)
def test_a_token_may_what_the_application_and_its_person_may(
    world: Any, person: str, scopes: list[str] | None, method: str, path: str, status: int
) -> None:
    token = application(world, scopes=scopes).tokens(person)["access_token"]
    body = {"name": "Tester"} if method == "POST" else None
    assert application(world).status(token, method, path, body) == status


def test_an_access_token_ends_by_the_clock_of_the_world_and_can_be_refreshed(flow: Flow) -> None:
    pair = flow.tokens()
    assert flow.status(pair["access_token"], path="/4/worklogs") == 200
    flow.world.set_clock("2014-01-13T23:59:59Z")
    assert flow.status(pair["access_token"], path="/4/worklogs") == 200
    flow.world.set_clock("2014-01-14")
    assert flow.status(pair["access_token"], path="/4/worklogs") == 401
    answer = flow.refresh(pair["refresh_token"])
    assert answer.status == 200
    assert flow.status(answer.json["access_token"], path="/4/worklogs") == 200


def test_a_code_works_once(flow: Flow) -> None:
    code = flow.code()
    pair = flow.redeem(code).json
    again = flow.redeem(code)
    assert (again.status, again.json) == (400, {"error": "invalid_grant"})
    assert flow.status(pair["access_token"], path="/4/worklogs") == 200


def test_a_refresh_makes_a_new_pair_and_the_old_one_is_worth_nothing(flow: Flow) -> None:
    first = flow.tokens()
    second = flow.refresh(first["refresh_token"], redirect_uri=BACK).json
    assert len({first["access_token"], first["refresh_token"], second["access_token"], second["refresh_token"]}) == 4
    assert second["scope"] == first["scope"]
    assert flow.status(first["access_token"], path="/4/worklogs") == 401
    assert flow.status(second["access_token"], path="/4/worklogs") == 200
    again = flow.refresh(first["refresh_token"])
    assert (again.status, again.json) == (400, {"error": "invalid_grant"})
    assert flow.refresh(second["refresh_token"]).status == 200


def test_a_refresh_may_narrow_the_scopes_of_one_access_token(flow: Flow) -> None:
    pair = flow.refresh(flow.tokens()["refresh_token"], scope="worklogs:view").json
    assert pair["scope"] == "worklogs:view"
    assert flow.status(pair["access_token"], path="/4/plans?from=2013-11-01&to=2013-11-30") == 403
    assert flow.refresh(pair["refresh_token"]).json["scope"] == ALL


@pytest.mark.parametrize(("setting", "value", "field", "told"), [
    ("oauth.accessSeconds", "60", "expires_in", 60), ("oauth.scopeText", "read write", "scope", "read write"),
])  # fmt: skip
def test_settings_change_what_is_told(make_world: Callable[..., Any], setting: str, value: str, field: str, told: Any) -> None:
    world = make_world({setting: value})
    pair = application(world).tokens()
    assert pair[field] == told
    world.set_clock("2013-11-15T00:01:00Z")
    lasts = setting != "oauth.accessSeconds"
    assert application(world).status(pair["access_token"]) == (200 if lasts else 401)


@pytest.mark.parametrize("seconds", [None, "10"])
def test_a_code_is_over_soon(make_world: Callable[..., Any], seconds: str | None) -> None:
    flow = application(make_world({"oauth.codeSeconds": seconds} if seconds else {}))
    last, over = ("00:00:59.999", "00:01:00") if seconds is None else ("00:00:09.999", "00:00:10")
    late, good = flow.code(), flow.code()
    flow.world.set_clock(f"2013-11-15T{last}Z")
    assert flow.redeem(good).status == 200
    flow.world.set_clock(f"2013-11-15T{over}Z")
    answer = flow.redeem(late)
    assert (answer.status, answer.json) == (400, {"error": "invalid_grant"})


def test_the_clock_may_end_before_a_token_does(make_world: Callable[..., Any]) -> None:
    flow = application(make_world(clock="9999-12-30"))
    assert flow.status(flow.tokens()["access_token"]) == 200


WRONG = [
    ({"grant_type": None}, 400, "invalid_request"),
    ({"grant_type": ""}, 400, "invalid_request"),
    ({"grant_type": "client_credentials"}, 400, "unauthorized_client"),
    ({"grant_type": "password"}, 400, "unauthorized_client"),
    ({"grant_type": "implicit"}, 400, "unauthorized_client"),
    ({"grant_type": "urn:ietf:params:oauth:grant-type:device_code"}, 400, "unsupported_grant_type"),
    ({"grant_type": "Authorization_Code"}, 400, "unsupported_grant_type"),
    ({"code": None}, 400, "invalid_request"),
    ({"code": "nobody-was-given-this"}, 400, "invalid_grant"),
    ({"code": "\0"}, 400, "invalid_grant"),
    ({"redirect_uri": None}, 400, "invalid_request"),
    ({"redirect_uri": "https://client.example/back"}, 400, "invalid_grant"),
    ({"redirect_uri": BACK.replace("client", "CLIENT")}, 400, "invalid_grant"),
    ({"redirect_uri": BACK + "&more=1"}, 400, "invalid_grant"),
    ({"client_id": None}, 401, "invalid_client"),
    ({"client_id": "somebody-else"}, 401, "invalid_client"),
    ({"client_secret": None}, 401, "invalid_client"),
    ({"client_secret": "wrong"}, 401, "invalid_client"),
    ({"client_secret": "wrong", "code": "wrong", "grant_type": "wrong"}, 401, "invalid_client"),
    ({"grant_type": "refresh_token"}, 400, "invalid_request"),
    ({"grant_type": "refresh_token", "refresh_token": "nobody-was-given-this"}, 400, "invalid_grant"),
]


@pytest.mark.parametrize(("change", "status", "error"), WRONG)
def test_refusals_of_the_token_endpoint(flow: Flow, change: dict[str, str | None], status: int, error: str) -> None:
    code = flow.code()
    before = len(flow.world.audit())
    answer = flow.redeem(**{"code": code, **change})
    assert (answer.status, answer.json) == (status, {"error": error})
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(flow.world.audit()) == before
    # What was wrong cost nothing.
    assert flow.redeem(code).status == 200


def test_the_order_of_checks_is_form_then_client_then_grant(flow: Flow) -> None:
    twice = [("grant_type", "refresh_token"), ("grant_type", "refresh_token"), ("client_id", "nobody")]
    assert flow.post("token/", twice).json == {"error": "invalid_request"}
    for headers, body in (({"Content-Type": "application/json"}, b"{}"), ({"Content-Type": "text/plain"}, b"a=b")):
        answer = flow.world.call("POST", None, "/oauth/token/", body=body, headers=headers)
        assert (answer.status, answer.json) == (400, {"error": "invalid_request"})
    large = flow.world.call("POST", None, "/oauth/token", body=b"a=" + b"b" * 1024 * 1024, headers={"Content-Type": FORM})
    assert (large.status, large.json) == (413, {"error": "invalid_request"})


@pytest.mark.parametrize(("method", "path", "status"), [
    ("GET", "/oauth/token/", 405), ("PUT", "/oauth/revoke_token", 405), ("POST", "/oauth/nowhere", 404),
])  # fmt: skip
def test_what_the_router_refuses(world: Any, method: str, path: str, status: int) -> None:
    answer = world.call(method, None, path)
    assert (answer.status, answer.json) == (status, {"error": "invalid_request"})
    assert (answer.headers.get("Allow") == "OPTIONS, POST") == (status == 405)


def test_a_client_may_name_itself_in_a_header(flow: Flow) -> None:
    form = {"grant_type": "authorization_code", "redirect_uri": BACK}
    good, wrong = basic(flow.client_id, flow.secret), basic(flow.client_id, "wrong")
    code = flow.code()
    for headers, more, status, error in (
        (wrong, {}, 401, "invalid_client"),
        ("Basic ????", {}, 401, "invalid_client"),
        ("Basic " + base64.b64encode(b"\xff").decode(), {}, 401, "invalid_client"),
        (f"Bearer {flow.secret}", {}, 401, "invalid_client"),
        (good, {"client_secret": flow.secret}, 400, "invalid_request"),
        (good, {"client_id": "somebody-else"}, 400, "invalid_request"),
    ):
        answer = flow.post("token", {**form, "code": code, **more}, Authorization=headers)
        assert (answer.status, answer.json) == (status, {"error": error}), headers
    assert flow.post("token", {**form, "code": code, "client_id": flow.client_id}, Authorization=good).status == 200


def test_a_public_application_need_not_send_its_secret_but_no_wrong_one(world: Any) -> None:
    flow = application(world, clientType="public")
    code = flow.code()
    assert flow.redeem(code, client_secret="wrong").status == 401
    assert flow.redeem(code, client_secret=None).status == 200


def test_a_code_and_a_token_belong_to_one_application(flow: Flow) -> None:
    other, code = application(flow.world), flow.code()
    assert other.redeem(code).json == {"error": "invalid_grant"}
    pair = flow.redeem(code).json
    assert other.refresh(pair["refresh_token"]).json == {"error": "invalid_grant"}
    for token in (pair["refresh_token"], pair["access_token"]):
        answer = other.revoke(token)
        assert (answer.status, answer.json) == (400, {"error": "invalid_grant"})
    assert flow.status(pair["access_token"], path="/4/worklogs") == 200
    assert flow.refresh(pair["refresh_token"]).status == 200


@pytest.mark.parametrize("hint", ["access_token", "refresh_token", "something", None])
@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_revoking(flow: Flow, which: str, hint: str | None) -> None:
    pair = flow.tokens()
    answer = flow.revoke(pair[which], token_type_hint=hint)
    assert (answer.status, answer.body) == (200, b"")
    assert flow.status(pair["access_token"], path="/4/worklogs") == 401
    assert flow.refresh(pair["refresh_token"]).status == (200 if which == "access_token" else 400)
    again = flow.revoke(pair[which])
    assert (again.status, again.body) == (200, b"")


@pytest.mark.parametrize(("change", "status", "error"), [
    ({"token": None}, 400, "invalid_request"),
    ({"client_secret": "wrong"}, 401, "invalid_client"),
    ({"client_id": None}, 401, "invalid_client"),
])  # fmt: skip
def test_refusals_of_revoking(flow: Flow, change: dict[str, str | None], status: int, error: str) -> None:
    pair = flow.tokens()
    answer = flow.revoke(**{"token": pair["access_token"], **change})
    assert (answer.status, answer.json) == (status, {"error": error})
    assert flow.status(pair["access_token"], path="/4/worklogs") == 200


def test_nothing_works_for_whoever_is_deactivated(flow: Flow) -> None:
    pair, code = flow.tokens(), flow.code()
    with flow.world.site.store.transaction():
        flow.world.site.store.run("UPDATE people SET active = 0 WHERE name = 'bob'")
    assert flow.status(pair["access_token"], path="/4/worklogs") == 401
    assert flow.refresh(pair["refresh_token"]).json == {"error": "invalid_grant"}
    assert flow.redeem(code).json == {"error": "invalid_grant"}


def test_nothing_of_a_deleted_application_works(flow: Flow) -> None:
    pair, code = flow.tokens(), flow.code()
    assert flow.world.delete(None, f"/_mock/oauth-applications/{flow.id}").status == 204
    assert flow.status(pair["access_token"], path="/4/worklogs") == 401
    assert flow.redeem(code).json == flow.refresh(pair["refresh_token"]).json == {"error": "invalid_client"}
    assert flow.show().status == 400


def test_an_application_belongs_to_its_site(world: Any) -> None:
    site = world.post(None, "/_mock/sites", {"name": "blue"})
    assert site.status == 201
    flow = application(world, "/sites/blue")
    pair = flow.tokens()
    assert flow.status(pair["access_token"]) == 200
    elsewhere = flow._replace(prefix="")
    assert elsewhere.status(pair["access_token"]) == 401
    assert elsewhere.refresh(pair["refresh_token"]).json == {"error": "invalid_client"}
    shown = elsewhere.show()
    assert (shown.status, "Invalid client id" in shown.text) == (400, True)
    # Whoever may not come in makes no world a copy of its own.
    assert not world.site.is_written
    assert sent_back(flow.decide())["code"]
