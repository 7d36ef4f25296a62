"""The page Apps without a browser: who may, tiles, installing with each refusal, configuring, renewing and disconnecting."""

from typing import Any

import pytest

from mock_server.domain import apps, provider_services
from mock_server.domain.providers.discovery import every, named

from .installed_apps import connected, person_id
from .page_visitor import Document, Visitor

EVERYBODY_ELSE = ("erica", "bob", "john")


def key_of(provider: str) -> str:
    """The text of the key that the scenario publishes."""
    return f"demo-key-of-{provider}-not-a-secret"


@pytest.fixture
def visitor(world: Any) -> Visitor:
    """Fred, who is a Tempo Administrator, on the page."""
    found = Visitor(world)
    found.sign_in("fred")
    found.get("/apps")
    return found


def install(visitor: Visitor, provider: str, key: str = "") -> None:
    answer = visitor.post(f"/apps/{provider}/install", {"key": key or key_of(provider)})
    assert answer.status_code == 303, answer.text


def tile(visitor: Visitor, provider: str) -> str:
    """The text of the tile of a provider."""
    title = named(provider).title
    text = Document(visitor.get("/apps").text).text.partition("in My Apps.")[2]
    return text.partition(f"{named(provider).icon} {title} ")[2].partition(" Disconnect")[0]


def change(world: Any, provider: str, *prerequisites: str, is_met: bool) -> None:
    with world.site.store.transaction():
        for prerequisite in prerequisites:
            provider_services.set_prerequisite(world.site.store, provider, prerequisite, is_met)


def connect(world: Any, visitor: Visitor, provider: str, *names: str) -> None:
    visitor.get("/staff")
    form = {"action": f"connect {provider}", "people": [person_id(world, name) for name in names]}
    assert visitor.post("/staff/actions", form).status_code == 303
    assert world.site.jobs.wait(30)


def test_the_page_is_for_tempo_administrators_alone(world: Any) -> None:
    for name in EVERYBODY_ELSE:
        other = Visitor(world)
        other.sign_in(name)
        page = Document(other.get("/api-integration").text)
        assert "/settings/apps" not in page.values("a", "href")
        assert "/settings/my-apps" in page.values("a", "href")
        for path in ("/apps", "/apps/github/install", "/apps/github/configure", "/apps/github/disconnect"):
            assert other.get(path).status_code == 403, (name, path)
        for action in ("install", "containers", "key", "disconnect"):
            answer = other.post(f"/apps/github/{action}", {"key": key_of("github")})
            assert (answer.status_code, "Tempo Administrators" in answer.text) == (403, True), (name, action)
    assert world.site.shown.value("SELECT count(*) FROM apps") == 0


def test_there_is_a_tile_for_each_provider(visitor: Visitor) -> None:
    page = Document(visitor.get("/apps").text)
    assert [page.text.count(f"Install {service.title}") for service in every().values()] == [1] * len(every())
    assert page.text.count("Not installed") == len(every())
    assert "1 of 4 prerequisites" in page.text, "Google Calendar lacks its delegation"


def test_an_installed_app_says_since_when_by_whom_and_until_when_its_key_lasts(world: Any, visitor: Visitor) -> None:
    install(visitor, "github")
    connect(world, visitor, "github", "fred", "nadia")
    text = tile(visitor, "github")
    assert "Installed Installed2013-11-15 by Fred" in text
    assert "Keydemo, ends" in text
    assert "Connected1 connected with GitHub" in text
    assert "Failed1 failed with GitHub" in text


@pytest.mark.parametrize("provider", every())
def test_each_prerequisite_that_is_not_met_refuses_with_its_own_sentence(world: Any, visitor: Visitor, provider: str) -> None:
    service = named(provider)
    keys = [one.key for one in service.prerequisites]
    change(world, provider, *keys, is_met=False)
    answer = visitor.post(f"/apps/{provider}/install", {"key": key_of(provider)})
    text = Document(answer.text).text
    assert answer.status_code == 400
    for one in service.prerequisites:
        assert one.how in text
        assert f"{one.title}: not yet." in text
    for key in keys:
        change(world, provider, *keys, is_met=True)
        change(world, provider, key, is_met=False)
        lacking = Document(visitor.post(f"/apps/{provider}/install", {"key": key_of(provider)}).text).text
        told = [one.key for one in service.prerequisites if f"{one.title}: not yet." in lacking]
        assert told == [key]
    assert world.site.shown.value("SELECT count(*) FROM apps") == 0


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ("", "The key is missing."),
        ("   ", "The key is missing."),
        ("something-else", "GitHub does not know this key."),
        (key_of("gitlab"), "GitHub does not know this key."),
        (key_of("github")[:-1], "GitHub does not know this key."),
    ],
)
def test_a_wrong_key_is_refused_and_never_shown(world: Any, visitor: Visitor, key: str, problem: str) -> None:
    answer = visitor.post("/apps/github/install", {"key": key})
    page = Document(answer.text)
    assert (answer.status_code, problem in page.text) == (400, True)
    assert not key.strip() or key not in answer.text
    [field] = [a for tag, a in page.elements if tag == "input" and a.get("name") == "key"]
    assert (field["type"], field.get("value"), field["aria-invalid"]) == ("password", None, "true")
    assert world.site.shown.value("SELECT count(*) FROM apps") == 0


@pytest.mark.parametrize(
    ("sql", "problem"),
    [("revoked_at = '2013-01-01T00:00:00Z'", "is revoked"), ("expires_at = '2013-01-01T00:00:00Z'", "is expired")],
)
def test_a_key_that_is_worth_nothing_is_refused(world: Any, visitor: Visitor, sql: str, problem: str) -> None:
    world.site.store.run(f"UPDATE provider_keys SET {sql} WHERE provider = 'github'")
    answer = visitor.post("/apps/github/install", {"key": key_of("github")})
    assert (answer.status_code, f"The key demo {problem}" in Document(answer.text).text) == (400, True)


def test_an_app_is_installed_once(visitor: Visitor) -> None:
    install(visitor, "github")
    assert "installed already" in visitor.get("/apps/github/install").text
    answer = visitor.post("/apps/github/install", {"key": key_of("github")})
    assert (answer.status_code, "is installed already; disconnect it first" in answer.text) == (400, True)


def test_what_was_installed_is_in_the_menu_of_manage_staff_and_nothing_else(visitor: Visitor) -> None:
    install(visitor, "office365")
    text = visitor.get("/staff").text
    assert ("Connect with Office365" in text, "Connect with GitHub" in text) == (True, False)


@pytest.mark.parametrize(
    ("later", "warning"),
    [
        ("2014-01-01T00:00Z", ""),
        ("2014-10-25T00:00Z", "The key ends soon."),
        ("2015-01-01T00:00Z", "The key has expired. Nobody can be connected"),
    ],
)
def test_a_key_that_ends_soon_or_has_ended_is_told(world: Any, visitor: Visitor, later: str, warning: str) -> None:
    world.site.store.run("UPDATE provider_keys SET expires_at = '2014-11-01T09:00:00Z' WHERE provider = 'github'")
    install(visitor, "github")
    world.set_clock(later)
    for path in ("/apps", "/apps/github/configure"):
        text = visitor.get(path).text
        assert [one for one in ("The key ends soon.", "The key has expired.") if one in text] == (
            [f"{warning.partition('.')[0]}."] if warning else []
        )


def test_a_key_is_renewed_and_everybody_stays_connected(world: Any, visitor: Visitor) -> None:
    install(visitor, "github")
    connect(world, visitor, "github", "fred")
    with world.site.store.transaction():
        made = provider_services.make_key(world.site.store, "github", "Another", world.site.clock.now())
        provider_services.revoke_key(world.site.store, "github", 1, world.site.clock.now())
    assert "Keydemo, revoked" in tile(visitor, "github"), "it did not end on its last day"
    refused = visitor.post("/apps/github/key", {"key": key_of("github")})
    assert (refused.status_code, "is revoked" in refused.text, key_of("github") in refused.text) == (400, True, False)
    answer = visitor.post("/apps/github/key", {"key": made.text})
    assert answer.status_code == 303
    assert "KeyAnother, ends" in tile(visitor, "github")
    assert connected(world, "github") == {"fred": "fwinston"}


def test_what_an_app_covers_is_chosen(world: Any, visitor: Visitor) -> None:
    install(visitor, "gitlab")
    page = visitor.get("/apps/gitlab/configure")
    text = Document(page.text).text
    assert ("cloud/api" in text, "steel/notes" in text) == (True, False), "the account of the key does not own the latter"
    chosen = str(world.site.shown.value("SELECT id FROM provider_containers WHERE name = 'cloud/web'"))
    foreign = str(world.site.shown.value("SELECT id FROM provider_containers WHERE name = 'steel/notes'"))
    for wrong in (foreign, "999999", "x", "²"):
        refused = visitor.post("/apps/gitlab/containers", {"cover": "chosen", "containers": [chosen, wrong]})
        assert refused.status_code == 400, wrong
        assert apps.coverage(world.site.shown, "gitlab").monitors_all
    answer = visitor.post("/apps/gitlab/containers", {"cover": "chosen", "containers": [chosen]})
    assert answer.status_code == 303
    coverage = apps.coverage(world.site.shown, "gitlab")
    assert (coverage.monitors_all, [one.name for one in coverage.chosen]) == (False, ["cloud/web"])
    refused = visitor.post("/apps/gitlab/containers", {"cover": "chosen"})
    assert (refused.status_code, "Tick at least one project" in refused.text) == (400, True)
    assert [one.name for one in apps.coverage(world.site.shown, "gitlab").chosen] == ["cloud/web"]
    visitor.post("/apps/gitlab/containers", {"cover": "all"})
    assert apps.coverage(world.site.shown, "gitlab").monitors_all


def test_an_app_that_covers_all_has_nothing_to_choose(visitor: Visitor) -> None:
    install(visitor, "office365")
    page = Document(visitor.get("/apps/office365/configure").text)
    assert "cover" not in page.values("input", "name")
    assert visitor.post("/apps/office365/containers", {"cover": "all"}).status_code == 400


def test_disconnecting_says_how_many_are_and_disconnects_them(world: Any, visitor: Visitor) -> None:
    install(visitor, "github")
    connect(world, visitor, "github", "fred", "bob", "nadia")
    text = Document(visitor.get("/apps/github/disconnect").text).text
    assert "2 people are disconnected" in text
    answer = visitor.post("/apps/github/disconnect")
    shown = Document(visitor.get(answer.location.removeprefix("/settings")).text).text
    assert "The app of GitHub is disconnected: 2 people were disconnected." in shown
    assert connected(world, "github") == {}
    assert world.site.shown.value("SELECT count(*) FROM app_failures") == 0
    assert visitor.get("/apps/github/disconnect").status_code == 404


def test_who_connected_themselves_is_counted(world: Any, visitor: Visitor) -> None:
    change(world, "google-calendar", "delegation", is_met=True)
    install(visitor, "google-calendar")
    text = Document(visitor.get("/apps/google-calendar/disconnect").text).text
    assert "1 person is disconnected, also the 1 who connected themselves" in text


@pytest.mark.parametrize("path", ["/apps/nobody/install", "/apps/github/configure", "/apps/github/disconnect", "/apps/x/y"])
def test_what_is_not_there_is_told_so(visitor: Visitor, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_keys_are_in_no_journal_and_no_audit_trail(world: Any, visitor: Visitor) -> None:
    install(visitor, "github")
    assert key_of("github") not in str(world.get(None, "/_mock/journal").json)
    assert key_of("github") not in str(world.audit())
