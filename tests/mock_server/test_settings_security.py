"""What holds for every settings page, whoever wrote it: forms of others, strangers, headers, cookies, markup, secrets.

Written over all ``PAGES``: a page that is new is tested from then on. Its parameters are looked up in ``IDS``.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mock_server.domain import apps, connect_jobs, connections
from mock_server.domain.logins import actor_of
from mock_server.domain.permission_roles import OVER_TEAMS, Wanted, create
from mock_server.page_sessions import Secret
from mock_server.pages.page import Page
from mock_server.pages.routes import PAGES
from mock_server.storage import people
from mock_server.storage.store import Author, ConflictingRows

from .conftest import World
from .oauth_flow import application
from .page_visitor import Document, Visitor

FRED = "(SELECT id FROM people WHERE name = 'fred')"
MEMBERSHIP = "(SELECT min(id) FROM memberships)"
TEAM = f"(SELECT team_id FROM members WHERE id = (SELECT member_id FROM memberships WHERE id = {MEMBERSHIP}))"
IDS = {
    "token_id": f"SELECT id FROM api_tokens WHERE person_id = {FRED}",
    "application_id": "SELECT min(id) FROM oauth_applications",
    "issue_id": "SELECT min(id) FROM issues WHERE is_internal",
    "person_id": f"SELECT {FRED}",
    "team_id": f"SELECT {TEAM}",
    "membership_id": f"SELECT {MEMBERSHIP}",
    "link_id": f"SELECT min(id) FROM links WHERE team_id = {TEAM}",
    "provider": "SELECT max(provider) FROM apps",
    "job_id": "SELECT max(id) FROM connect_jobs",
    "role_id": "SELECT max(id) FROM permission_roles WHERE built_in IS NULL",
}
"""Parameter of a path -> how to find something in the guide that fred may open, when it begins as scenario."""

QUERIES: dict[str, Callable[[Any], str]] = {
    "/oauth-consent": lambda world: application(world).query(),
}
OPEN = {("GET", "/sign-in"), ("POST", "/sign-in"), ("POST", "/sign-out"), ("GET", "/oauth-consent"), ("POST", "/oauth-consent")}
"""What answers strangers, too."""

MARKUP = "\"><script>alert(1)</script><img src=x onerror=alert(2)>'{{7*191}}"
TEXTS = ("name", "summary", "description", "title", "label", "comment")
GETS = [page for page in PAGES if page.method == "GET"]
POSTS = [page for page in PAGES if page.method == "POST"]
SHOWN = [page for page in GETS if page.path != "/"]


@pytest.fixture(scope="module")
def shared() -> Iterator[World]:
    """One world for all that changes nothing in it."""
    world = World()
    yield world
    world.close()


def named(page: Page) -> str:
    return f"{page.method} {page.path}"


def address(world: Any, page: Page) -> str:
    """The page with its parameters filled in, of things that are there."""

    def value(found: re.Match[str]) -> str:
        name = found[1]
        assert name in IDS, f"Add the parameter {name} of {page.path} to IDS in {__file__}, so that its pages are tested."
        known = world.site.shown.value(IDS[name])
        assert known is not None, f"IDS[{name!r}] finds nothing; make or choose something that {page.path} shows."
        return str(known)

    if "application_id" in page.path:
        application(world)
    if "role_id" in page.path:
        role_over_a_team(world)
    if "provider" in page.path or "job_id" in page.path:
        app_of_fred(world)
    path = re.sub(r"<(?:\w+:)?(\w+)>", value, page.path)
    return f"{path}?{QUERIES[path](world)}" if path in QUERIES else path


def role_over_a_team(world: Any) -> None:
    """A permission role made by hand over the one team of ``IDS``."""
    team_id = world.site.shown.value(IDS["team_id"])
    store = world.site.store
    with store.transaction(Author("", "tests", "role", "2013-11-15T00:00:00Z")):
        create(store, Wanted("Seers", OVER_TEAMS, ["permissions.worklog.view"], [], [team_id]))


def app_of_fred(world: Any) -> None:
    """An app is installed, fred connected himself, and a run that connected somebody has ended."""
    store, now, provider = world.site.store, world.site.clock.now(), "office365"
    with store.transaction(Author("", "tests", "app", "2013-11-15T00:00:00Z")):
        fred = people.by_name(store, "fred")
        assert fred
        if not apps.installed(store):
            apps.install(store, provider, "demo-key-of-office365-not-a-secret", now, actor_of(store, fred))
        connections.connect_own(store, provider, fred, "fred", now)
        if not store.value("SELECT count(*) FROM connect_jobs"):
            job = connect_jobs.start(store, provider, [fred.id], actor_of(store, fred), now)
            connect_jobs.step(store, job.id, now, 10)


def state(world: Any) -> dict[str, Any]:
    """All rows of a world."""
    store = world.site.store
    tables = [name for (name,) in store.all("SELECT name FROM sqlite_master WHERE type = 'table'") if name != "audit_context"]
    return {table: store.all(f'SELECT * FROM "{table}"') for table in tables}


def visitor_of(world: Any, name: str = "fred") -> Visitor:
    found = Visitor(world)
    found.sign_in(name)
    return found


def session_of(world: Any, visitor: Visitor) -> Any:
    cookie = visitor.client.get_cookie("tempo_mock_settings_80", path="/settings")
    assert cookie is not None
    return world.site.page_sessions.find(cookie.value)


def check_no_markup(answer: Any) -> Document:
    """Nothing that was typed has become an element, an attribute or a template."""
    page = Document(answer.text)
    assert [tag for tag, _ in page.elements if tag in ("img", "iframe", "object", "base")] == []
    assert {a.get("src") for tag, a in page.elements if tag == "script"} == {"/settings/assets/pages.js"}
    assert [name for _, a in page.elements for name in a if name.startswith("on") or name == "style"] == []
    assert str(7 * 191) not in answer.text
    return page


def test_no_page_is_open_by_mistake() -> None:
    assert {(page.method, page.path) for page in PAGES if page.is_open} == OPEN
    assert all(page.writes or page.is_open for page in POSTS)
    assert not any(page.writes for page in GETS)


@pytest.mark.parametrize("page", POSTS, ids=named)
def test_a_form_without_the_key_of_this_visit_is_refused_and_changes_nothing(shared: Any, page: Page) -> None:
    path = address(shared, page)
    visitor, other = visitor_of(shared), visitor_of(shared, "erica")
    before, key = state(shared), visitor.key
    for given in ({}, {"csrf_token": ""}, {"csrf_token": other.key}, {"csrf_token": key[:-1]}, {"csrf_token": f"{key}0"}):
        form = {"name": "erica", "access": "full", "decision": "allow", **given}
        answer = visitor.client.post(visitor.root + path, data=form)
        assert (answer.status_code, "made for another visit" in answer.text) == (403, True), given
        headers = {"X-CSRF-Token": key, "Cookie": f"csrf_token={key}"}
        answer = visitor.client.post(
            f"{visitor.root}{path}{'&' if '?' in path else '?'}csrf_token={key}", data=given, headers=headers
        )
        assert answer.status_code == 403, given
    assert state(shared) == before
    assert "Fred" in visitor.get("/api-integration").text, "still signed in as before"


@pytest.mark.parametrize("page", [page for page in PAGES if (page.method, page.path) not in OPEN], ids=named)
def test_strangers_are_asked_to_sign_in_and_change_nothing(shared: Any, page: Page) -> None:
    path = address(shared, page)
    before, stranger = state(shared), Visitor(shared)
    stranger.get("/sign-in")
    answer = stranger.get(path) if page.method == "GET" else stranger.post(path, {"name": "x"})
    assert (answer.status_code, answer.text) == (303, "")
    assert answer.location.startswith("/settings/sign-in?next=/")
    assert state(shared) == before


@pytest.mark.parametrize("page", SHOWN, ids=named)
def test_every_page_is_there_for_fred(shared: Any, page: Page) -> None:
    answer = visitor_of(shared).get(address(shared, page))
    assert answer.status_code == 200, f"IDS should name what {page.path} shows to fred: {answer.text}"


@pytest.mark.parametrize("who", ["fred", "rita", None])
@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_answer_is_kept_by_nobody_and_framed_by_nobody(shared: Any, page: Page, who: str | None) -> None:
    path = address(shared, page)
    visitor = visitor_of(shared, who) if who else Visitor(shared)
    send = visitor.client.get if page.method == "GET" else visitor.client.post
    answer = send(visitor.root + path)
    assert answer.headers.getlist("Cache-Control") == ["no-store"]
    assert answer.headers.getlist("X-Content-Type-Options") == ["nosniff"]
    assert answer.headers.getlist("X-Frame-Options") == ["DENY"]
    [header] = answer.headers.getlist("Content-Security-Policy")
    policy = dict(part.split(" ", 1) for part in header.split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    is_consent = page.path == "/oauth-consent" and who is not None and page.method == "GET"
    assert policy.get("form-action") == (None if is_consent else "'self'")


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_cookie_is_for_these_pages_alone_and_no_script_reads_it(shared: Any, page: Page) -> None:
    path = address(shared, page)
    for base_url, is_secure in (("http://localhost", False), ("https://localhost", True)):
        stranger = Visitor(shared)
        answers = [stranger.get("/sign-in", base_url=base_url)]
        answers.append(stranger.post("/sign-in", {"name": "fred"}, base_url=base_url))
        answers.append(stranger.get("/api-integration", base_url=base_url))
        send = stranger.get if page.method == "GET" else stranger.post
        answers.append(send(path, base_url=base_url))
        cookies = [cookie for answer in answers for cookie in answer.headers.getlist("Set-Cookie")]
        assert len(cookies) >= 2
        for cookie in cookies:
            parts = {part.strip() for part in cookie.split(";")[1:]}
            kept = {part for part in parts if not part.startswith(("Expires=", "Max-Age="))}
            assert kept | {"Secure"} == {"HttpOnly", "SameSite=Lax", "Path=/settings", "Secure"}
            assert ("Secure" in kept) is is_secure or "Max-Age=0" in parts


def fill_with_markup(world: Any) -> int:
    """Every text that somebody types becomes markup; answers how many columns did."""
    store, filled = world.site.store, 0
    tables = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%audit%' AND sql NOT LIKE '%WITHOUT ROWID%'"
    )
    for (table,) in store.all(tables):
        for _, column, kind, *_ in store.all(f'PRAGMA table_info("{table}")'):
            if kind != "TEXT" or not column.endswith(TEXTS) or table.startswith(("_", "sqlite")):
                continue
            try:
                store.run(f'UPDATE "{table}" SET "{column}" = ? || rowid WHERE "{column}" IS NOT NULL', (MARKUP,))
                filled += 1
            except ConflictingRows:
                continue
    return filled


@pytest.mark.parametrize("page", SHOWN, ids=named)
def test_markup_in_a_world_is_text_on_every_page(world: Any, page: Page) -> None:
    path = address(world, page)
    visitor = visitor_of(world)
    assert fill_with_markup(world) > 10
    answer = visitor.get(path)
    assert answer.status_code == 200
    shown = check_no_markup(answer)
    assert MARKUP in shown.text, "at least the name of whoever is signed in"


@pytest.mark.parametrize("page", POSTS, ids=named)
def test_markup_in_a_form_is_text_in_its_answer(world: Any, page: Page) -> None:
    path = address(world, page)
    visitor = visitor_of(world)
    shown = Document(visitor.get(path).text)
    fields = {a["name"] or "" for tag, a in shown.elements if tag in ("input", "select", "textarea", "button") if a.get("name")}
    answer = visitor.post(path, dict.fromkeys(fields - {"csrf_token"} | {"name"}, MARKUP))
    assert answer.status_code < 500
    if answer.data:
        check_no_markup(answer)
    else:
        assert re.fullmatch(r"(?:/settings/|https://client\.example/)[!-~]*", answer.location)
        assert "<" not in answer.location


@pytest.mark.parametrize("page", SHOWN, ids=named)
def test_whoever_only_asks_for_the_headers_takes_nothing(shared: Any, page: Page) -> None:
    path, visitor = address(shared, page), visitor_of(shared)
    session = session_of(shared, visitor)
    kept = path.partition("?")[0]
    session.keep(Secret(kept, "the-secret"))
    session.tell("a notice")
    before = state(shared)
    assert visitor.client.head(visitor.root + path).status_code == 200
    assert (session.take_notice(), session.take_secret(kept)) == ("a notice", "the-secret")
    assert state(shared) == before


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_method_is_what_was_sent(shared: Any, page: Page) -> None:
    path, visitor = address(shared, page), visitor_of(shared)
    before, key = state(shared), visitor.key
    headers = dict.fromkeys(("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"), "POST")
    mark = "&" if "?" in path else "?"
    query = f"{mark}csrf_token={key}&_method=POST&name=erica&decision=allow&access=full"
    answer = visitor.client.get(visitor.root + path + query, headers=headers)
    assert answer.status_code in ((200, 303) if page.method == "GET" else (200, 303, 405))
    for method in ("PUT", "DELETE", "PATCH"):
        answer = visitor.client.open(visitor.root + path, method=method, data={"csrf_token": key}, headers=headers)
        assert answer.status_code == 405, method
    assert state(shared) == before
    assert "Fred" in visitor.get("/api-integration").text
