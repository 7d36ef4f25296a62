"""The consent page: who is asked what, what the application is told, and that nobody else can send the form."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from .oauth_flow import BACK, PAGE, PATH, PUBLISHED, Flow, application, sent_back
from .page_visitor import Document

STATE = "a b&c"


@pytest.fixture
def flow(world: Any) -> Flow:
    return application(world, scopes=["worklogs:view", "plans:view"])


@pytest.mark.parametrize("path", ["/oauth/authorize/redirect", "/oauth/authorize/redirect/"])
def test_the_published_address_leads_to_the_page_with_all_that_was_asked(flow: Flow, path: str) -> None:
    query = flow.query(jira_url="https://site.atlassian.net", access_type="tenant_user", response_type="code")
    answer = flow.world.get(None, f"{path}?{query}")
    assert (answer.status, answer.body) == (302, b"")
    assert answer.headers["Location"] == f"http://localhost{PUBLISHED}?{query}"
    answer = flow.world.get(None, f"{PUBLISHED}?{query}")
    assert (answer.status, answer.headers["Location"], answer.body) == (302, f"http://localhost{PAGE}?{query}", b"")
    assert answer.headers["Cache-Control"] == "no-store"
    assert flow.browser().get(f"{PATH}?{query}").status_code == 200


@pytest.mark.parametrize("query", ["", "state=%0d%0aSet-Cookie:a=b", "state=\xff\r\nX: y", 'state="<b>&redirect_uri=//evil'])
def test_nobody_is_led_elsewhere_by_what_is_asked(world: Any, query: str) -> None:
    for path, to in (("/oauth/authorize/redirect", PUBLISHED), (PUBLISHED, PAGE)):
        answer = world.call("GET", None, path, environ={"QUERY_STRING": query})
        assert answer.status == 302
        assert re.fullmatch(rf"http://localhost{to}(\?[!-~]+)?", answer.headers["Location"])
        assert "Set-Cookie" not in answer.headers


def test_the_way_stays_below_the_prefix_of_a_site(world: Any) -> None:
    world.post(None, "/_mock/sites", {"name": "blue"})
    flow = application(world, "/sites/blue")
    answer = world.get(None, f"/sites/blue/oauth/authorize/redirect?{flow.query()}")
    assert urlsplit(answer.headers["Location"]).path == f"/sites/blue{PUBLISHED}"
    answer = world.get(None, answer.headers["Location"].removeprefix("http://localhost"))
    assert urlsplit(answer.headers["Location"]).path == f"/sites/blue{PAGE}"
    assert flow.show(None).headers["Location"].startswith("/sites/blue/settings/sign-in?next=/oauth-consent%3Fclient_id")


def test_the_page_says_who_asks_for_what_and_who_one_is(flow: Flow) -> None:
    shown = flow.show("erica").text
    plans, worklogs = "<li><code>plans:view</code></li>", "<li><code>worklogs:view</code></li>"
    for text in ("<strong>Sync</strong>", BACK, f"{plans}\n{worklogs}", "(erica)", "Sign in as somebody else"):
        assert text in shown
    assert plans not in flow.show(scope="worklogs:view").text


@pytest.mark.parametrize("with_password", [False, True])
def test_whoever_is_not_signed_in_does_so_and_comes_back_to_what_was_asked(
    make_world: Callable[..., Any], with_password: bool
) -> None:
    flow = application(make_world({"pages.signIn": "password"} if with_password else {}))
    browser = flow.browser(None)
    asked = flow.query(state="ü %&+\"'<b>", scope="worklogs:view")
    answer = browser.get(f"{PATH}?{asked}")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (303, "no-store")
    form = browser.get(answer.location.removeprefix(browser.root)).text
    assert ('type="password"' in form) is with_password
    following = Document(form).hidden("next")
    answer = browser.post("/sign-in", {"name": "erica", "password": "erica", "next": following})
    assert answer.location == f"{PAGE}?{asked}"
    shown = browser.get(f"{PATH}?{asked}")
    assert "(erica)" in shown.text
    answer = flow.send_decision(browser, {"decision": "allow"}, state="ü %&+\"'<b>", scope="worklogs:view")
    told = sent_back(answer)
    assert told["state"] == "ü %&+\"'<b>"
    assert flow.redeem(told["code"]).status == 200


def test_somebody_else_may_sign_in_from_the_page(flow: Flow) -> None:
    browser = flow.browser("fred")
    shown = flow.shown(browser).text
    link = next(href for href in Document(shown).values("a", "href") if "/sign-in" in href)
    following = Document(browser.get(link.removeprefix(browser.root)).text).hidden("next")
    assert browser.post("/sign-in", {"name": "bob", "next": following}).location == f"{PAGE}?{flow.query()}"
    assert "(bob)" in flow.shown(browser).text
    token = flow.redeem(sent_back(flow.send_decision(browser, {"decision": "allow"}))["code"]).json["access_token"]
    own = flow.world.cloud("GET", "bob", "worklogs?limit=1000").json["results"]
    found = flow.world.get(None, "/4/worklogs?limit=1000", headers={"Authorization": f"Bearer {token}"}).json["results"]
    assert [one["tempoWorklogId"] for one in found] == [one["tempoWorklogId"] for one in own]


def test_somebody_from_elsewhere_consents_for_nobody_without_a_password(flow: Flow) -> None:
    browser, away = flow.browser(None), {"environ_overrides": {"REMOTE_ADDR": "203.0.113.9"}}
    answer = browser.get(f"{PATH}?{flow.query()}", **away)
    assert 'type="password"' in browser.get(answer.location.removeprefix(browser.root), **away).text
    assert browser.post("/sign-in", {"name": "bob"}, **away).status_code == 401
    assert browser.post(f"{PATH}?{flow.query()}", {"decision": "allow", "person": "bob"}, **away).status_code == 303
    assert flow.world.site.store.value("SELECT count(*) FROM oauth_grants") == 0


def test_allowing_gives_a_code_and_state_back(flow: Flow) -> None:
    told = sent_back(flow.decide())
    assert set(told) == {"code", "state"}
    assert told["state"] == STATE
    assert len(told["code"]) >= 30
    assert set(sent_back(flow.decide(state=None))) == {"code"}
    assert flow.redeem(flow.code("bob")).status == 200


def test_state_can_be_left_out_as_the_product_may(make_world: Callable[..., Any]) -> None:
    flow = application(make_world({"oauth.state": "off"}))
    assert set(sent_back(flow.decide())) == {"code"}
    assert sent_back(flow.decide(decision="deny")) == {"error": "access_denied"}


@pytest.mark.parametrize("decision", ["deny", "", "ALLOW"])
def test_whatever_is_not_allowing_is_a_refusal(flow: Flow, decision: str) -> None:
    assert sent_back(flow.decide(decision=decision)) == {"error": "access_denied", "state": STATE}


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
    assert sent_back(flow.show(None, **asked)) == {"error": error, "state": STATE}, "nobody needs to sign in to hear it"
    assert sent_back(flow.send_decision(flow.browser(), {"decision": "allow"}, **asked))["error"] == error


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
    allowed = flow.send_decision(flow.browser(), {"decision": "allow"}, **asked)
    for answer in (flow.show(**asked), flow.show(None, **asked), allowed):
        assert answer.status == 400
        assert "Location" not in answer.headers
        assert "csrf_token" not in answer.text


def test_only_the_page_of_this_browser_can_send_the_form(flow: Flow) -> None:
    browser, other = flow.browser(), flow.browser("erica")
    flow.shown(browser)
    flow.shown(other)
    stranger = flow.browser(None)
    form = {"decision": "allow"}
    for sent, by in (
        ({"csrf_token": ""}, browser),
        ({"csrf_token": "x"}, browser),
        ({"csrf_token": other.key}, browser),
        ({"csrf_token": browser.key + "ä"}, browser),
        ({"csrf_token": browser.key}, stranger),
        ({"csrf_token": ""}, stranger),
    ):
        answer = flow.send_decision(by, {**form, **sent})
        assert (answer.status, "Location" in answer.headers) == (403, False), sent
    assert flow.world.site.store.value("SELECT count(*) FROM oauth_grants") == 0
    assert sent_back(flow.send_decision(browser, form))["code"]


def test_a_session_that_ended_meanwhile_consents_to_nothing(flow: Flow) -> None:
    browser = flow.browser()
    flow.shown(browser)
    flow.world.site.store.run("UPDATE people SET active = 0 WHERE name = 'bob'")
    answer = flow.send_decision(browser, {"decision": "allow"})
    assert (answer.status, answer.headers["Location"].partition("=")[0]) == (303, "/settings/sign-in?next")
    assert flow.world.site.store.value("SELECT count(*) FROM oauth_grants") == 0


def test_the_application_may_open_it_in_a_window_and_the_form_may_lead_away(flow: Flow) -> None:
    stranger, browser = flow.browser(None), flow.browser()
    to_sign_in = flow.shown(stranger)
    way = [to_sign_in, stranger.get(to_sign_in.headers["Location"].removeprefix(stranger.root)), flow.shown(browser)]
    way.append(stranger.post("/sign-in", {"name": "bob", "next": f"{PATH}?{flow.query()}"}))
    way.append(flow.send_decision(browser, {"decision": "allow"}))
    assert {answer.headers["Cross-Origin-Opener-Policy"] for answer in way} == {"unsafe-none"}
    assert "form-action" not in flow.shown(browser).headers["Content-Security-Policy"]
    for answer in (browser.get("/api-integration"), stranger.get("/sign-in")):
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "form-action 'self'" in answer.headers["Content-Security-Policy"]


def test_a_page_holds_no_script_of_others_and_stays_nowhere(world: Any) -> None:
    mark = "<script>alert(1)</script>"
    flow = application(world, name=f'"{mark}&', redirectUris=["https://h.example/?a=<b>\"'"])
    with world.site.store.transaction():
        world.site.store.run("UPDATE people SET display_name = ?, name = ? WHERE name = 'erica'", (mark, '"><b>erica'))
    shown = flow.show('"><b>erica', state=mark)
    assert shown.status == 200
    assert "<script>" not in shown.text
    assert not re.search(r"<b>|\">\"<", shown.text)
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in shown.headers["Content-Security-Policy"]
    assert shown.headers["Cache-Control"] == "no-store"
    assert shown.headers["X-Frame-Options"] == "DENY"
    assert "<script>" not in flow.show(client_id=mark).text
    assert "<script>" not in flow.show(redirect_uri=mark).text


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
    assert (made["who"], made["face"], made["call"]) == ("bob", "pages", "decide")
    assert not [name for event in flow.world.audit() for name in (event["after"] or {}) if name.endswith("_hash")]
