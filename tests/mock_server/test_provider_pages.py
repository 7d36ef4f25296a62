"""The pages of providers without a browser: who may open them, what stands on them, and what their forms do and refuse."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from mock_server.domain import provider_services
from mock_server.domain.providers import discovery
from mock_server.domain.providers.discovery import every
from mock_server.domain.providers.provider import Prerequisite, Provider, Way
from mock_server.pages.page import Page
from mock_server.pages.provider_routes import PAGES

from .conftest import World
from .installed_apps import add_account
from .page_visitor import Document, Visitor
from .test_settings_security import fill_with_markup, named, state

IDS = {
    "provider": "SELECT 'gitlab'",
    "key_id": "SELECT min(id) FROM provider_keys WHERE provider = 'gitlab'",
    "account_id": "SELECT min(id) FROM provider_accounts WHERE provider = 'gitlab'",
}
GETS = [page for page in PAGES if page.method == "GET"]
POSTS = [page for page in PAGES if page.method == "POST"]
FOREIGN = {"REMOTE_ADDR": "192.0.2.1"}


class Administrator(Visitor):
    """A browser at the pages of providers, where nobody signs in."""

    def __init__(self, world: Any, prefix: str = "") -> None:
        super().__init__(world, prefix)
        self.root = f"{prefix}/providers"

    def sent(self, page: str, path: str, **form: Any) -> TestResponse:
        """Look at a page, and send a form of it."""
        self.get(page)
        return self.post(path, form)


@pytest.fixture(scope="module")
def shared() -> Iterator[World]:
    """One world for all that changes nothing in it."""
    world = World()
    yield world
    world.close()


@pytest.fixture
def admin(world: Any) -> Administrator:
    return Administrator(world)


def address(world: Any, page: Page) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(world.site.shown.value(IDS[found[1]])), page.path)


def value(world: Any, sql: str, *parameters: Any) -> Any:
    return world.site.shown.value(sql, parameters)


def said(answer: TestResponse, administrator: Administrator) -> str:
    """What the page says that a form led to."""
    assert answer.status_code == 303, answer.text
    return Document(administrator.get(answer.location.removeprefix(administrator.root)).text).text


@pytest.mark.parametrize("page", GETS, ids=named)
def test_every_page_is_there_without_signing_in(shared: Any, page: Page) -> None:
    answer = Administrator(shared).get(address(shared, page))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert {part.strip() for part in cookie.split(";")[1:]} == {"HttpOnly", "SameSite=Lax", "Path=/providers"}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_whoever_the_control_routes_refuse_is_refused_here(shared: Any, page: Page) -> None:
    administrator, path = Administrator(shared), address(shared, page)
    administrator.get("/gitlab")
    before = state(shared)
    headers = ({"environ_overrides": FOREIGN}, {"headers": {"Host": "evil.example"}})
    for more in headers:
        if page.method == "GET":
            answer = administrator.client.get(administrator.root + path, **more)
        else:
            answer = administrator.post(path, **more)
        assert (answer.status_code, "--open-control" in answer.text) == (403, True), more
    assert state(shared) == before


def test_with_an_open_control_face_others_come_in_and_without_one_nobody(make_world: Any) -> None:
    is_open, is_off = Client(make_world(open_control=True).application), Client(make_world(control=False).application)
    assert is_open.get("/providers/github/", environ_overrides=FOREIGN).status_code == 200
    assert is_off.get("/providers/github/").status_code == 403
    assert "Providers" not in is_off.get("/settings/sign-in").text


@pytest.mark.parametrize("page", POSTS, ids=named)
def test_a_form_without_the_key_of_this_visit_changes_nothing(shared: Any, page: Page) -> None:
    path, mine, other, fred = address(shared, page), Administrator(shared), Administrator(shared), Visitor(shared)
    mine.get("/gitlab")
    other.get("/gitlab")
    fred.sign_in("fred")
    before = state(shared)
    for key in ("", other.key, fred.key, mine.key[:-1]):
        answer = mine.client.post(mine.root + path, data={"csrf_token": key, "name": "x", "days": "1", "kind": "network"})
        assert (answer.status_code, "made for another visit" in answer.text) == (403, True), key
    answer = Client(shared.application).post(mine.root + path, data={"csrf_token": mine.key})
    assert answer.status_code == 403
    assert state(shared) == before


def test_neither_cookie_opens_the_other_pages(shared: Any) -> None:
    administrator, fred = Administrator(shared), Visitor(shared)
    administrator.get("/github")
    cookie = administrator.client.get_cookie("tempo_mock_providers_80", path="/providers")
    assert cookie
    fred.client.set_cookie("tempo_mock_settings_80", cookie.value, path="/settings")
    assert fred.get("/apps").status_code == 303
    fred.sign_in("fred")
    own = fred.client.get_cookie("tempo_mock_settings_80", path="/settings")
    assert own
    thief = Administrator(shared)
    thief.client.set_cookie("tempo_mock_providers_80", own.value, path="/providers")
    assert "Fred" not in Document(thief.get("/github").text).text


@pytest.mark.parametrize("page", GETS, ids=named)
def test_markup_is_text(world: Any, page: Page) -> None:
    path, administrator = address(world, page), Administrator(world)
    assert fill_with_markup(world) > 10
    answer = administrator.get(path)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "onerror=alert(2)>" not in answer.text


@pytest.mark.parametrize("provider", every())
def test_every_provider_has_the_same_pages(shared: Any, provider: str) -> None:
    administrator, service = Administrator(shared), every()[provider]
    text = Document(administrator.get(f"/{provider}/").text).text
    assert all(one.title in text and one.how in text for one in service.prerequisites)
    assert service.title in Document(administrator.get("/").text).text
    assert administrator.get(f"/{provider}/accounts").status_code == 200


def test_a_fifth_provider_needs_no_page_of_its_own(world: Any, admin: Administrator, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Prerequisite("token", "Tempo may read boards", "Say so under Boards.", is_permission=True)
    fifth = Provider("boards", "Boards", 5, "BO", "board", (asked,), (Way.EMAIL,), ("event",), "Share it with {account}.")
    monkeypatch.setattr(discovery, "PROVIDERS", {**discovery.PROVIDERS, fifth.key: fifth})
    assert "Granted: Tempo may read boards" in said(
        admin.sent("/boards", "/boards/prerequisites", prerequisite="token", met="1"), admin
    )
    _, key = made(admin, "boards")
    fred = Visitor(world)
    fred.sign_in("fred")
    assert "Install Boards" in Document(fred.get("/apps").text).text
    assert fred.post("/apps/boards/install", {"key": key}).status_code == 303
    assert "Connect with Boards" in fred.get("/staff").text
    assert "Your Boards login" in fred.get("/my-apps").text


@pytest.mark.parametrize("path", ["/nobody/", "/nobody/accounts", "/github/keys/999", "/github/accounts/99999", "/github/x"])
def test_what_is_not_there_is_told_so(shared: Any, path: str) -> None:
    administrator = Administrator(shared)
    assert administrator.get(path).status_code == 404
    administrator.get("/")
    answer = administrator.get(path)
    page = Document(answer.text)
    assert (answer.status_code, "This did not work" in page.text) == (404, True), "with the cookie of an earlier visit"
    assert "/providers/github/" in page.values("a", "href"), "and what stands beside every page"


def test_things_of_another_provider_are_not_there(shared: Any) -> None:
    key, account = (value(shared, IDS[name]) for name in ("key_id", "account_id"))
    administrator = Administrator(shared)
    before = state(shared)
    assert administrator.get(f"/github/keys/{key}").status_code == 404
    assert administrator.sent("/github", f"/github/keys/{key}/revoke").status_code == 404
    assert administrator.sent("/github", f"/github/accounts/{account}/access", access="0").status_code == 404
    assert administrator.sent("/github", "/github/prerequisites", prerequisite="read_api", met="0").status_code == 404
    assert state(shared) == before


def test_permissions_are_withheld_and_granted(world: Any, admin: Administrator) -> None:
    assert "Withheld: The app may read" in said(
        admin.sent("/github", "/github/prerequisites", prerequisite="read", met="0"), admin
    )
    assert "Withheld" in Document(admin.get("/github").text).text
    assert value(world, "SELECT is_met FROM provider_states WHERE provider = 'github' AND prerequisite = 'read'") == 0
    assert "1 of 2 granted" in Document(admin.get("/").text).text
    assert "Granted: The app may read" in said(admin.post("/github/prerequisites", {"prerequisite": "read", "met": "1"}), admin)
    assert value(world, "SELECT is_met FROM provider_states WHERE provider = 'github' AND prerequisite = 'read'") == 1


def made(admin: Administrator, provider: str, **form: str) -> tuple[str, str]:
    """A key that was made on the page: where it is shown, and its text."""
    answer = admin.sent(f"/{provider}", f"/{provider}/keys", **{"name": "Tempo", "days": "365", **form})
    assert answer.status_code == 303, answer.text
    path = answer.location.removeprefix(admin.root)
    found = re.search(r'id="key-text"[^>]*>([^<]+)<', admin.get(path).text)
    assert found
    return path, found[1]


def test_a_key_is_shown_once_and_stands_nowhere(world: Any, admin: Administrator) -> None:
    path, text = made(admin, "github", days="10")
    again = admin.get(path).text
    assert text not in again
    assert "shown once, when it is made" in again
    assert text not in admin.get("/github").text
    rows = str(state(world))
    assert text not in rows
    assert text not in str(world.get(None, "/_mock/journal").json)
    assert text not in str(world.audit())


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"name": ""}, "It needs 1 to 255"),
        ({"name": "demo"}, "Choose another name."),
        ({"days": "0"}, "1 to 3650 days"),
        ({"days": "3651"}, "1 to 3650 days"),
        ({"days": "many"}, "Type a whole number of days"),
        ({"days": "²"}, "Type a whole number of days"),
        ({"login": "nobody-there"}, "has the login nobody-there"),
        ({"login": ""}, "Name the GitLab account"),
    ],
)
def test_a_key_that_cannot_be_made_is_refused_with_what_was_typed(shared: Any, form: dict[str, str], problem: str) -> None:
    administrator, before = Administrator(shared), state(shared)
    given = {"name": "A name of mine", "days": "12", "login": "gitlab-admin", **form}
    answer = administrator.sent("/gitlab", "/gitlab/keys", **given)
    page = Document(answer.text)
    assert (answer.status_code, problem in page.text) == (400, True), page.text
    assert "true" in page.values("input", "aria-invalid")
    assert set(given.values()) <= {*page.values("input", "value"), ""}
    assert state(shared) == before


def test_a_key_is_revoked_after_a_question(world: Any, admin: Administrator) -> None:
    path, _ = made(admin, "github")
    assert "cannot be brought back" in admin.get(f"{path}/revoke").text
    assert "The key Tempo is revoked." in said(admin.post(f"{path}/revoke"), admin)
    assert value(world, "SELECT revoked_at FROM provider_keys WHERE name = 'Tempo'")
    assert "Revoked" in Document(admin.get("/github").text).text


def test_access_to_an_account_is_withheld_and_granted(world: Any, admin: Administrator) -> None:
    row, ask = value(world, IDS["account_id"]), "SELECT is_accessible FROM provider_accounts WHERE id = ?"
    for access in ("0", "1"):
        assert "The app may" in said(admin.sent("/gitlab/accounts", f"/gitlab/accounts/{row}/access", access=access), admin)
        assert value(world, ask, row) == int(access)


def test_an_account_is_added_changed_and_found(world: Any, admin: Administrator) -> None:
    form = {"login": "zoe", "displayName": "Zoë <b>", "email": "Zoe@example.org", "hidden": "1"}
    assert "There is an account zoe now." in said(admin.sent("/github/accounts/new", "/github/accounts/new", **form), admin)
    row = value(world, "SELECT id FROM provider_accounts WHERE login = 'zoe'")
    shown = Document(admin.get("/github/accounts?search=ZOE@").text).text
    assert ("zoe" in shown, "Zoë <b>" in shown, "Hidden" in shown, "May not read it" in shown, "bjohnson" in shown) == (
        True, True, True, True, False,
    )  # fmt: skip
    answer = admin.sent(
        f"/github/accounts/{row}", f"/github/accounts/{row}", **{**form, "login": "zoe2", "hidden": "", "access": "1"}
    )
    assert "The account zoe2 is changed." in said(answer, admin)
    found = world.site.shown.one("SELECT login, is_email_hidden, is_accessible FROM provider_accounts WHERE id = ?", (row,))
    assert found == ("zoe2", 0, 1)
    refused = admin.sent(f"/github/accounts/{row}", f"/github/accounts/{row}", **{**form, "login": "bjohnson"})
    assert (refused.status_code, "Choose another login." in refused.text, 'value="bjohnson"' in refused.text) == (
        400,
        True,
        True,
    )
    assert "No account is found" in admin.get("/github/accounts?search=qqq").text


def test_a_long_list_of_accounts_is_paged(world: Any, admin: Administrator) -> None:
    for number in range(60):
        add_account(world, "github", f"x-{number:02}")
    first, second = (Document(admin.get(f"/github/accounts?search=x-&page={page}").text).text for page in (1, 2))
    assert ("x-49" in first, "x-50" in first, "x-50" in second, "x-49" in second) == (True, False, True, False)
    assert "page=2" in admin.get("/github/accounts?search=x-").text


def test_contents_have_an_owner(world: Any, admin: Administrator) -> None:
    answer = admin.sent("/gitlab", "/gitlab/containers", name="cloud/new", owner="gitlab-admin")
    assert "There is a project cloud/new now." in said(answer, admin)
    for form, problem in (
        ({"name": "cloud/new"}, "Choose another name."),
        ({"name": ""}, "It needs 1 to 255"),
        ({"name": "x", "owner": "nobody-there"}, "has the login nobody-there"),
    ):
        refused = admin.sent("/gitlab", "/gitlab/containers", **form)
        assert (refused.status_code, problem in Document(refused.text).text) == (400, True), form


def test_a_long_list_of_contents_is_paged(world: Any, admin: Administrator) -> None:
    for number in range(60):
        with world.site.store.transaction():
            provider_services.add_container(world.site.store, "github", f"x-{number:02}")
    first, second = (Document(admin.get(f"/github?page={page}").text).text for page in (1, 2))
    assert ("x-46" in first, "x-47" in first, "x-47" in second, "x-46" in second) == (True, False, True, False)
    assert "page=2" in admin.get("/github/").text


def test_a_fault_is_provoked_for_one_or_all_and_ended(world: Any, admin: Administrator) -> None:
    said(admin.sent("/github", "/github/faults", kind="network", person="david", times="2"), admin)
    said(admin.sent("/github", "/github/faults", kind="mismatch", person="", times=""), admin)
    shown = Document(admin.get("/github").text).text
    assert "network for David Carsen, 2 times" in shown
    assert "mismatch for everybody, always" in shown
    assert world.site.shown.all("SELECT kind, times FROM provider_faults WHERE provider = 'github' ORDER BY id") == [
        ("network", 2),
        ("mismatch", None),
    ]
    assert "No fault waits any more." in said(admin.sent("/github", "/github/faults/end"), admin)
    assert value(world, "SELECT count(*) FROM provider_faults WHERE provider = 'github'") == 0


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"kind": "boredom"}, "An attempt fails as one of"),
        ({"person": "nobody-there"}, "Nobody in Jira has this login"),
        ({"times": "0"}, "It is met once at least"),
        ({"times": "-1"}, "Type how many times"),
    ],
)
def test_a_fault_that_cannot_be_is_refused(shared: Any, form: dict[str, str], problem: str) -> None:
    administrator, before = Administrator(shared), state(shared)
    answer = administrator.sent("/github", "/github/faults", **{"kind": "network", "times": "3", **form})
    assert (answer.status_code, problem in Document(answer.text).text) == (400, True)
    assert state(shared) == before


def test_these_pages_are_in_no_journal_and_their_changes_are_in_the_audit_trail(world: Any, admin: Administrator) -> None:
    said(admin.sent("/github", "/github/prerequisites", prerequisite="read", met="0"), admin)
    admin.get("/")
    assert world.get(None, "/_mock/journal").json["entries"] == []
    assert "set_prerequisite" in str(world.audit()[-1])


def test_the_pages_of_a_site_are_about_that_site(world: Any) -> None:
    assert world.post(None, "/_mock/sites", {"name": "green"}).status in (200, 201)
    green, default = Administrator(world, "/sites/green"), Administrator(world)
    assert "site green" in Document(green.get("/").text).text
    said(green.sent("/github", "/github/prerequisites", prerequisite="read", met="0"), green)
    assert "Withheld" in Document(green.get("/github").text).text
    assert "Withheld" not in Document(default.get("/github").text).text
