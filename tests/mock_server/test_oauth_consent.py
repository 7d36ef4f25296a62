"""The consent page: who is asked what, what the application is told, and that nobody else can send the form."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from .oauth_flow import BACK, PAGE, Flow, application, field, sent_back

STATE = "a b&c"


@pytest.fixture
def flow(world: Any) -> Flow:
    return application(world, scopes=["worklogs:view", "plans:view"])


@pytest.mark.parametrize("path", ["/oauth/authorize/redirect", "/oauth/authorize/redirect/"])
def test_the_published_address_leads_to_the_page_with_all_that_was_asked(flow: Flow, path: str) -> None:
    query = flow.query(jira_url="https://site.atlassian.net", access_type="tenant_user", response_type="code")
    answer = flow.world.get(None, f"{path}?{query}")
    assert (answer.status, answer.body) == (302, b"")
    assert answer.headers["Location"] == f"http://localhost{PAGE}?{query}"
    assert flow.world.get(None, f"{PAGE}?{query}").status == 200


def test_the_way_stays_below_the_prefix_of_a_site(world: Any) -> None:
    world.post(None, "/_mock/sites", {"name": "blue"})
    flow = application(world, "/sites/blue")
    answer = world.get(None, f"/sites/blue/oauth/authorize/redirect?{flow.query()}")
    assert urlsplit(answer.headers["Location"]).path == f"/sites/blue{PAGE}"
    assert f"Path=/sites/blue{PAGE}" in flow.show().headers["Set-Cookie"]


def test_the_page_says_who_asks_for_what_and_lets_pick_who_one_is(flow: Flow) -> None:
    shown = flow.show(person="erica")
    for text in ("<strong>Sync</strong>", BACK, "<li>plans:view</li>\n<li>worklogs:view</li>", 'value="erica" list='):
        assert text in shown.text
    # Somebody deactivated is not among them.
    assert '<option value="bob">' in shown.text
    with flow.world.site.store.transaction():
        flow.world.site.store.run("UPDATE people SET active = 0 WHERE name = 'bob'")
    assert '<option value="bob">' not in flow.show().text
    assert "<li>plans:view</li>" not in flow.show(scope="worklogs:view").text


def test_allowing_gives_a_code_and_state_back(flow: Flow) -> None:
    told = sent_back(flow.decide())
    assert set(told) == {"code", "state"}
    assert told["state"] == STATE
    assert len(told["code"]) >= 30
    assert set(sent_back(flow.decide(state=None))) == {"code"}
    # A login name is found as Jira finds it.
    assert flow.redeem(flow.code(" BOB ")).status == 200


def test_state_can_be_left_out_as_the_product_may(make_world: Callable[..., Any]) -> None:
    flow = application(make_world({"oauth.state": "off"}))
    assert set(sent_back(flow.decide())) == {"code"}
    assert sent_back(flow.decide(decision="deny")) == {"error": "access_denied"}


@pytest.mark.parametrize("decision", ["deny", "", "ALLOW"])
def test_whatever_is_not_allowing_is_a_refusal(flow: Flow, decision: str) -> None:
    assert sent_back(flow.decide(decision=decision)) == {"error": "access_denied", "state": STATE}
    assert sent_back(flow.decide("nobody", decision)) == {"error": "access_denied", "state": STATE}


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"scope": "worklogs:manage"}, "invalid_scope"),
        ({"scope": "worklogs:view no-such"}, "invalid_scope"),
        ({"scope": "read worklogs:manage"}, "invalid_scope"),
        ({"response_type": "token"}, "unauthorized_client"),
        ({"response_type": "id_token"}, "unsupported_response_type"),
        ({"response_type": ""}, "unsupported_response_type"),
        ({"response_type": ["code", "code"]}, "invalid_request"),
        ({"scope": ["plans:view", "worklogs:view"]}, "invalid_request"),
    ],
)
def test_the_application_is_told_what_is_wrong(flow: Flow, asked: dict[str, Any], error: str) -> None:
    assert sent_back(flow.show(**asked)) == {"error": error, "state": STATE}
    assert sent_back(flow.send_decision({"decision": "allow", "person": "bob"}, None, **asked))["error"] == error


@pytest.mark.parametrize(
    ("asked", "granted"),
    [
        ({}, "plans:view worklogs:view"),
        ({"scope": ""}, "plans:view worklogs:view"),
        ({"scope": "read write"}, "plans:view worklogs:view"),
        ({"scope": "worklogs:view"}, "worklogs:view"),
        ({"scope": "worklogs:view plans:view worklogs:view"}, "plans:view worklogs:view"),
    ],
)
def test_scopes_asked_for(flow: Flow, asked: dict[str, str], granted: str) -> None:
    assert flow.tokens(**asked)["scope"] == granted


@pytest.mark.parametrize(
    "asked",
    [
        {"client_id": None},
        {"client_id": ""},
        {"client_id": "unknown"},
        {"client_id": ["twice", "twice"]},
        {"redirect_uri": None},
        {"redirect_uri": ""},
        {"redirect_uri": BACK.removesuffix("?from=tempo")},
        {"redirect_uri": BACK + "&a=b"},
        {"redirect_uri": BACK + "/"},
        {"redirect_uri": BACK.replace("https", "http")},
        {"redirect_uri": BACK.replace("client", "Client")},
        {"redirect_uri": BACK.replace("example", "example:443")},
        {"redirect_uri": f"{BACK} https://second.example/"},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": [BACK, BACK]},
    ],
)
def test_nobody_is_sent_to_an_address_that_is_not_the_applications(world: Any, asked: dict[str, Any]) -> None:
    flow = application(world, redirectUris=[BACK, "https://second.example/"])
    for answer in (flow.show(**asked), flow.send_decision({"decision": "allow", "person": "bob"}, None, **asked)):
        assert answer.status == 400
        assert "Location" not in answer.headers
        assert "csrf_token" not in answer.text


def test_only_the_page_of_this_browser_can_send_the_form(flow: Flow) -> None:
    shown, other = flow.show(), flow.show()
    cookie, token = shown.headers["Set-Cookie"].partition(";")[0], field(shown, "csrf_token")
    form = {"decision": "allow", "person": "bob"}
    for sent, with_cookie in (
        (form, None),
        (form, cookie),
        ({**form, "csrf_token": token}, None),
        ({**form, "csrf_token": ""}, "tempo-mock-consent="),
        ({**form, "csrf_token": "x"}, "tempo-mock-consent=x"),
        ({**form, "csrf_token": field(other, "csrf_token")}, cookie),
        ({**form, "csrf_token": token + "ä"}, cookie),
    ):
        answer = flow.send_decision(sent, with_cookie)
        assert (answer.status, "Location" in answer.headers) == (403, False), sent
    assert sent_back(flow.send_decision({**form, "csrf_token": token}, cookie))["code"]
    attributes = {part.strip().lower() for part in shown.headers["Set-Cookie"].split(";")[1:]}
    assert {"httponly", "samesite=strict", f"path={PAGE}"} <= attributes


@pytest.mark.parametrize("person", ["", "nobody", "bob\0", "' OR 1=1 --"])
def test_somebody_who_is_not_there_cannot_consent(flow: Flow, person: str) -> None:
    answer = flow.decide(person)
    assert (answer.status, 'role="alert"' in answer.text) == (400, True)


def test_a_page_holds_no_script_of_others_and_stays_nowhere(world: Any) -> None:
    mark = "<script>alert(1)</script>"
    flow = application(world, name=f'"{mark}&', redirectUris=["https://h.example/?a=<b>\"'"])
    with world.site.store.transaction():
        world.site.store.run("UPDATE people SET display_name = ?, name = ? WHERE name = 'erica'", (mark, '"><b>erica'))
    shown = flow.show(person=f'">{mark}', state=mark)
    assert shown.status == 200
    assert "<script" not in shown.text
    assert not re.search(r"<b>|\">\"<", shown.text)
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in shown.headers["Content-Security-Policy"]
    assert shown.headers["Cache-Control"] == "no-store"
    assert "<script" not in flow.show(client_id=mark).text
    assert "<script" not in flow.show(redirect_uri=mark).text


@pytest.mark.parametrize("uri", ["https://h.example/", "https://h.example", "https://h.example/?", "app.example:/back?a=b&c"])
def test_the_query_of_a_redirect_uri_stays(world: Any, uri: str) -> None:
    location = application(world, redirectUris=[uri]).decide().headers["Location"]
    assert location.startswith(uri)
    assert {"code", "state"} <= set(parse_qs(urlsplit(location).query))


def test_consent_tells_the_journal_and_the_audit_trail_who_but_no_code(flow: Flow) -> None:
    pair = flow.redeem(code := flow.code()).json
    newer = flow.refresh(pair["refresh_token"]).json
    flow.revoke(newer["access_token"])
    entries = flow.world.site.journal.entries()
    assert [entry.who for entry in entries if entry.method == "POST"] == ["bob", "Sync", "Sync", "Sync"]
    shown = repr(entries) + flow.world.get(None, "/_mock/journal").text + repr(flow.world.audit())
    dump = flow.world.site.store.serialize().decode("latin-1")
    for secret in (
        code,
        flow.secret,
        *(token for told in (pair, newer) for token in (told["access_token"], told["refresh_token"])),
    ):
        assert secret not in shown
        assert secret not in dump
    made = next(event for event in flow.world.audit() if event["noun"] == "oauth_grants")
    assert (made["who"], made["face"]) == ("bob", "oauth")
    assert not [name for event in flow.world.audit() for name in (event["after"] or {}) if name.endswith("_hash")]
