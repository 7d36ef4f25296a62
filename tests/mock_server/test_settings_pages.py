"""The settings pages without a browser: who comes in and how, what every page sends, and what a stranger cannot do."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest

from mock_server.console import Console
from mock_server.storage.store import Author

from .page_visitor import Document, Visitor

TEST = Author("test", "test", "test", "2013-11-15T00:00:00.000Z")
LIST = "/api-integration"
BEHIND = [LIST, f"{LIST}/new", f"{LIST}/1/rename", f"{LIST}/1/regenerate", f"{LIST}/1/delete", f"{LIST}/1/text"]
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture
def visitor(world: Any) -> Visitor:
    """Nobody yet."""
    return Visitor(world)


def cookie_of(response: Any) -> str:
    set_cookie: str = response.headers["Set-Cookie"]
    return set_cookie


@pytest.mark.parametrize("path", BEHIND)
def test_strangers_are_sent_to_sign_in_and_come_back(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)
    assert (answer.status_code, answer.location) == (303, f"/settings/sign-in?next={path}")
    assert answer.headers["Cache-Control"] == "no-store"
    form = visitor.get(answer.location.removeprefix("/settings"))
    assert f'name="next" value="{path}"' in form.text
    assert visitor.post("/sign-in", {"name": "fred", "next": path}).location == f"/settings{path}"


@pytest.mark.parametrize("path", ["/api-integration/new", "/api-integration/1/delete", "/api-integration/1/regenerate"])
def test_strangers_change_nothing(world: Any, visitor: Visitor, path: str) -> None:
    assert visitor.get("/sign-in").status_code == 200
    assert visitor.post(path, {"name": "x", "access": "full"}).location == "/settings/sign-in?next=/api-integration"
    assert world.audit() == []


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example/", "/../x", "/\\evil", "", "/a?b= c", "/a\nb", "/" + "a" * 300]
)
def test_the_way_back_is_one_of_ours(visitor: Visitor, path: str) -> None:
    visitor.get("/sign-in")
    location = visitor.post("/sign-in", {"name": "fred", "next": path}).location
    assert re.fullmatch(r"/settings/[a-z0-9/-]+", location), location


def test_the_way_back_keeps_what_was_asked(visitor: Visitor) -> None:
    answer = visitor.get(f"{LIST}?page=2&search=//evil.example")
    assert answer.location == "/settings/sign-in?next=/api-integration%3Fpage%3D2%26search%3D//evil.example"
    following = Document(visitor.get(answer.location.removeprefix("/settings")).text).hidden("next")
    location = visitor.post("/sign-in", {"name": "fred", "next": following}).location
    assert location == f"/settings{LIST}?page=2&search=//evil.example"


def test_the_cookie_is_for_this_place_alone_and_no_script_reads_it(visitor: Visitor) -> None:
    before = cookie_of(visitor.get("/sign-in"))
    after = cookie_of(visitor.post("/sign-in", {"name": "fred"}))
    for cookie in (before, after):
        parts = {part.strip() for part in cookie.split(";")[1:]}
        assert parts == {"HttpOnly", "SameSite=Lax", "Path=/settings"}
    assert before.split(";")[0] != after.split(";")[0], "a session gets a cookie of its own"


def test_over_https_the_cookie_is_for_https_alone(visitor: Visitor) -> None:
    assert "; Secure" in cookie_of(visitor.get("/sign-in", base_url="https://tempo.example"))


def test_a_cookie_from_before_the_sign_in_is_worth_nothing(world: Any) -> None:
    first, thief = Visitor(world), Visitor(world)
    name, _, value = cookie_of(first.get("/sign-in")).split(";")[0].partition("=")
    thief.client.set_cookie(name, value, path="/settings")
    first.post("/sign-in", {"name": "fred"})
    assert first.get(LIST).status_code == 200
    assert thief.get(LIST).status_code == 303


def test_two_servers_of_one_machine_keep_two_cookies(visitor: Visitor) -> None:
    answers = [visitor.get("/sign-in", base_url=f"http://localhost:{port}") for port in (8090, 8091)]
    names = {cookie_of(answer).partition("=")[0] for answer in answers}
    assert names == {"tempo_mock_settings_8090", "tempo_mock_settings_8091"}


def test_signing_out_ends_the_session_on_the_server(world: Any, visitor: Visitor) -> None:
    kept = Visitor(world)
    name, _, value = cookie_of(visitor.sign_in("fred")).split(";")[0].partition("=")
    kept.client.set_cookie(name, value, path="/settings")
    assert kept.get(LIST).status_code == 200
    answer = visitor.post("/sign-out")
    assert (answer.status_code, answer.location) == (303, "/settings/sign-in")
    assert kept.get(LIST).status_code == 303
    assert visitor.get(LIST).status_code == 303


@pytest.mark.parametrize(
    "change",
    [
        lambda world: world.post(None, "/_mock/reset", {}),
        lambda world: world.site.store.run("UPDATE people SET active = 0 WHERE name = 'bob'"),
        lambda world: world.site.store.run("UPDATE people SET password_hash = 'x' WHERE name = 'bob'"),
    ],
    ids=["reset", "deactivated", "another password"],
)
def test_a_session_ends_with_what_it_stood_for(world: Any, visitor: Visitor, change: Callable[[Any], Any]) -> None:
    visitor.sign_in("bob")
    change(world)
    assert visitor.get(LIST).status_code == 303
    assert visitor.post(f"{LIST}/new", {"name": "x", "access": "full"}).location.startswith("/settings/sign-in")


def test_the_picker_shows_people_and_finds_them(visitor: Visitor) -> None:
    page = Document(visitor.get("/sign-in").text)
    assert "fred" in page.values("button", "value")
    assert "Tempo Administrator" in page.text
    assert page.values("input", "type").count("password") == 0
    assert Document(visitor.get("/sign-in?search=bob").text).values("button", "value") == ["bob"]
    assert "Nobody active is found for “zzz”" in Document(visitor.get("/sign-in?search=zzz").text).text


@pytest.mark.parametrize("name", ["nobody", "", "x' OR 1=1 --"])
def test_nobody_is_picked_who_is_not_there(visitor: Visitor, name: str) -> None:
    visitor.get("/sign-in")
    answer = visitor.post("/sign-in", {"name": name})
    assert answer.status_code == 400
    assert visitor.get(LIST).status_code == 303


def test_deactivated_people_are_not_picked(world: Any, visitor: Visitor) -> None:
    world.site.store.run("UPDATE people SET active = 0 WHERE name = 'bob'")
    assert "bob" not in Document(visitor.get("/sign-in").text).values("button", "value")
    assert visitor.post("/sign-in", {"name": "bob"}).status_code == 400


@pytest.mark.parametrize(
    ("settings", "options", "environ", "picks"),
    [
        ({}, {}, {}, True),
        ({"pages.signIn": "password"}, {}, {}, False),
        ({}, {}, ELSEWHERE, False),
        ({}, {}, {"HTTP_HOST": "evil.example"}, False),
        ({}, {"open_control": True}, ELSEWHERE, True),
        ({}, {"control": False}, {}, False),
    ],
)
def test_who_may_pick(make_world: Callable[..., Any], settings: Any, options: Any, environ: Any, picks: bool) -> None:
    visitor = Visitor(make_world(settings, **options))
    asked = {"environ_overrides": environ}
    page = Document(visitor.get("/sign-in", **asked).text)
    assert ("password" in page.values("input", "type")) is not picks
    assert (visitor.post("/sign-in", {"name": "bob"}, **asked).status_code == 303) is picks
    if not picks:
        wrong = visitor.post("/sign-in", {"name": "bob", "password": "no"}, **asked)
        assert wrong.status_code == 401
        assert "do not belong together" in wrong.text
        assert visitor.post("/sign-in", {"name": "bob", "password": "bob"}, **asked).status_code == 303


@pytest.mark.parametrize("path", ["/sign-in", *BEHIND, "/no-such-page", f"{LIST}/999/rename", f"{LIST}/x/rename"])
def test_every_page_is_kept_by_nobody_framed_by_nobody_and_runs_nothing_foreign(visitor: Visitor, path: str) -> None:
    visitor.sign_in("technical-user")
    answer = visitor.get(path)
    assert answer.content_type == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    page = Document(answer.text)
    assert [a for tag, a in page.elements if tag == "script" and "src" not in a] == []
    assert [a for _, a in page.elements if any(name.startswith("on") or name == "style" for name in a)] == []
    for address in page.values("link", "href") + page.values("script", "src"):
        assert address == "data:," or visitor.client.get(address).status_code == 200
    ids = page_ids(page)
    assert len(ids) == len(set(ids))
    labelled = page.values("label", "for")
    assert set(labelled) <= set(ids)


def page_ids(page: Document) -> list[str]:
    return [attributes["id"] or "" for _, attributes in page.elements if "id" in attributes]


@pytest.mark.parametrize(
    ("path", "status"),
    [("/no-such-page", 404), (f"{LIST}/999/rename", 404), (f"{LIST}/0/rename", 404), ("/assets/secret.txt", 404),
     ("/assets/../visit.py", 404), ("/sign-out", 405)],
)  # fmt: skip
def test_refusals_are_pages(visitor: Visitor, path: str, status: int) -> None:
    visitor.sign_in("fred")
    answer = visitor.get(path)
    assert answer.status_code == status
    assert "This did not work" in answer.text
    assert answer.content_type == "text/html; charset=utf-8"


@pytest.mark.parametrize("key", ["", "0" * 64, "é", None])
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", f"{LIST}/new", f"{LIST}/1/delete"])
def test_forms_of_others_are_refused(world: Any, visitor: Visitor, path: str, key: str | None) -> None:
    other = Visitor(world)
    other.sign_in("erica")
    visitor.sign_in("technical-user")
    sent = other.key if key is None else key
    answer = visitor.post(path, {"csrf_token": sent, "name": "erica", "access": "full"})
    assert answer.status_code == 403
    assert "made for another visit" in answer.text
    assert world.audit() == []
    assert "technical user" in visitor.get(LIST).text, "still signed in as before"


@pytest.mark.parametrize("form", [{"name": "a\0b"}, {"name": ["fine", "\0"]}])
def test_no_form_brings_what_no_text_may_hold(world: Any, visitor: Visitor, form: dict[str, Any]) -> None:
    visitor.sign_in("fred")
    visitor.get("/teams/new")
    answer = visitor.post("/teams/new", form)
    assert (answer.status_code, "holds the character NUL" in answer.text) == (400, True)
    assert world.audit() == []


def test_a_form_too_large_is_refused(visitor: Visitor) -> None:
    visitor.sign_in("fred")
    assert visitor.post(f"{LIST}/new", {"name": "x" * 2_000_000}).status_code == 413


def test_sites_do_not_know_each_others_visitors(world: Any) -> None:
    world.post(None, "/_mock/sites", {"name": "green"})
    here, there = Visitor(world), Visitor(world, "/sites/green")
    assert "Path=/sites/green/settings" in cookie_of(there.sign_in("bob"))
    assert there.get("/").location == "/sites/green/settings/api-integration"
    page = there.get(f"{LIST}/new").text
    assert 'action="/sites/green/settings/api-integration/new"' in page
    assert "site green" in page
    here.client = there.client
    assert here.get(LIST).status_code == 303
    text = there.make_token()
    assert world.tempo("GET", text + "token", "/sites/green/4/worklogs?limit=1").status == 401
    bearer = {"Authorization": f"Bearer {text}"}
    assert world.call("GET", None, "/sites/green/4/worklogs", headers=bearer).status == 200
    assert world.call("GET", None, "/4/worklogs", headers=bearer).status == 401


def test_markup_in_names_is_text(visitor: Visitor) -> None:
    assert "<script>alert" not in visitor.get("/sign-in").text
    visitor.sign_in("rita")
    markup = '"><script>alert(2)</script><img src=x onerror=alert(3)>'
    for given in ({"name": markup}, {"name": markup, "expires": markup}, {"name": markup, "expires": "own", "days": markup}):
        answer = visitor.post(f"{LIST}/new", {"access": "custom", "scopes": markup, **given})
        assert answer.status_code == 400
        assert markup not in answer.text
    visitor.make_token(name=markup)
    token_id = max(map(int, re.findall(r"api-integration/(\d+)/rename", visitor.get(LIST).text)))
    for path in ("", f"/{token_id}/rename", f"/{token_id}/regenerate", f"/{token_id}/delete", f"/{token_id}/text"):
        text = visitor.get(LIST + path).text
        assert "&lt;img src=x" in text
        assert re.findall(r"<(?:script|img)\b(?! src=\"/settings/assets/pages.js\")", text) == []
    assert markup not in visitor.get(f"/sign-in?search={markup}&next={markup}").text


def test_pages_are_on_the_console_and_not_in_the_journal(world: Any, visitor: Visitor) -> None:
    lines = io.StringIO()
    visitor.client.application = Console(world.application, lines)
    visitor.sign_in("bob")
    assert "bob GET /settings/api-integration -> 200 OK" in lines.getvalue()
    assert world.get(None, "/_mock/journal").json["entries"] == []


def test_pages_of_an_origin_that_may_call_the_apis_do_not_read_these(make_world: Callable[..., Any]) -> None:
    origin = "http://localhost:3000"
    world = make_world(cors=(origin,))
    world.post(None, "/_mock/sites", {"name": "green"})
    for path in ("/settings/sign-in", "/sites/green/settings/sign-in", "/settings"):
        assert "Access-Control-Allow-Origin" not in world.get(None, path, headers={"Origin": origin}).headers
    assert "Access-Control-Allow-Origin" in world.get(None, "/4/worklogs", headers={"Origin": origin}).headers


def test_newcomers_find_the_pages(world: Any) -> None:
    assert 'href="/settings/"' in world.get(None, "/", headers={"Accept": "text/html"}).text
    assert "/settings/\n" in world.get(None, "/", headers={"Accept": "text/plain"}).text
    for path in ("/settings", "/settings/"):
        assert world.get(None, path).headers["Location"].startswith("/settings/sign-in")


@pytest.mark.parametrize(
    "path",
    ["/audit-log", "/staff", "/teams/1", "/teams/3/permissions", "/no-such-page", "/my-apps/github/connect", "/sign-out"],
)
def test_whoever_is_refused_reads_as_whom_and_finds_their_own_pages(visitor: Visitor, path: str) -> None:
    visitor.sign_in("greta")
    answer = visitor.get(path)
    page = Document(answer.text)
    assert answer.status_code in (403, 404, 405)
    assert "Signed in as Greta Lind" in page.text
    assert "/settings/teams" in page.values("a", "href")
    assert "/settings/audit-log" not in page.values("a", "href")


def test_a_form_of_an_earlier_visit_says_who_is_signed_in_now(world: Any, visitor: Visitor) -> None:
    visitor.sign_in("fred")
    visitor.get("/planning-time")
    earlier = visitor.key
    visitor.sign_in("greta")
    answer = visitor.post("/planning-time", {"csrf_token": earlier})
    assert answer.status_code == 403
    assert "This form was made for another visit" in answer.text
    assert "Signed in as <strong>Greta Lind</strong>" in answer.text
