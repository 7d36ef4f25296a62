"""My Apps without a browser: connecting and disconnecting oneself, what was gathered, and what administrators read."""

from typing import Any

import pytest

from .installed_apps import connected, install, person_id
from .page_visitor import Document, Visitor


def visitor_of(world: Any, name: str) -> Visitor:
    found = Visitor(world)
    found.sign_in(name)
    found.get("/my-apps")
    return found


def text_of(visitor: Visitor, path: str = "/my-apps") -> str:
    answer = visitor.get(path)
    assert answer.status_code == 200, answer.text
    return Document(answer.text).text


def titles(world: Any, name: str, *, is_left_out: bool) -> list[str]:
    """Titles of what an account has at Google Calendar that is left out, or is not."""
    return [
        title
        for (title,) in world.site.shown.all(
            "SELECT i.title FROM provider_items i JOIN provider_accounts a ON a.id = i.account_id "
            "WHERE a.provider = 'google-calendar' AND a.login = ? AND (i.is_private OR i.is_free) = ?",
            (name, int(is_left_out)),
        )
    ]


def test_somebody_who_connected_themselves_sees_what_was_gathered(world: Any) -> None:
    text = text_of(visitor_of(world, "greta"))
    assert "Google Calendar Connected Accountgreta" in text
    assert ", by yourself" in text
    assert "Gathered2 events" in text
    shown, left_out = titles(world, "greta", is_left_out=False), titles(world, "greta", is_left_out=True)
    assert (len(shown), len(left_out)) == (2, 2)
    assert [title in text for title in (*shown, *left_out)] == [True, True, False, False]


def test_whoever_is_not_connected_has_nothing_gathered(world: Any) -> None:
    text = text_of(visitor_of(world, "bob"))
    assert "Nothing was gathered." in text
    assert text.count("Not connected") == 4


def test_connecting_oneself_needs_no_installed_app_and_is_ended_after_a_question(world: Any) -> None:
    bob = visitor_of(world, "bob")
    answer = bob.post("/my-apps/github/connect", {"login": " BJohnson "})
    assert answer.status_code == 303
    assert "You are connected to GitHub." in text_of(bob)
    assert connected(world, "github") == {"bob": "bjohnson"}
    assert "bjohnson" in text_of(bob, "/my-apps/github/disconnect")
    assert bob.post("/my-apps/github/disconnect").status_code == 303
    assert "You are disconnected from GitHub." in text_of(bob)
    assert connected(world, "github") == {}
    assert bob.get("/my-apps/github/disconnect").status_code == 404
    assert bob.post("/my-apps/github/disconnect").status_code == 404


@pytest.mark.parametrize(
    ("provider", "login", "problem"),
    [
        ("github", "", "Type the login of your GitHub account."),
        ("github", "nobody-there", "No GitHub account has the login nobody-there."),
        ("github", "<b>x</b>", "has the login <b>x</b>."),
        ("gitlab", "bob", "GitLab could not be reached"),
        ("google-calendar", "greta", "is connected to somebody else already"),
    ],
)
def test_a_connection_that_fails_says_why_and_keeps_what_was_typed(world: Any, provider: str, login: str, problem: str) -> None:
    bob = visitor_of(world, "bob")
    answer = bob.post(f"/my-apps/{provider}/connect", {"login": login})
    page = Document(answer.text)
    assert (answer.status_code, problem in page.text) == (400, True), page.text
    [field] = [a for tag, a in page.elements if tag == "input" and a.get("id") == f"login-{provider}"]
    assert (field["value"], field["aria-invalid"]) == (login, "true")
    assert "bob" not in connected(world, provider)


def test_the_journal_tells_the_call(world: Any) -> None:
    visitor_of(world, "bob").post("/my-apps/github/connect", {"login": "bjohnson"})
    [entry] = world.get(None, "/_mock/journal").json["entries"]
    assert entry["path"] == "/providers/github/api/accounts"


def test_the_failure_of_an_administrator_is_told_to_whom_it_is_about(world: Any) -> None:
    install(world, "github")
    fred = visitor_of(world, "fred")
    fred.post("/staff/actions", {"action": "connect github", "people": [person_id(world, "nadia")]})
    assert world.site.jobs.wait(30)
    text = text_of(visitor_of(world, "nadia"))
    assert "An administrator tried to connect you: No GitHub account has the public e-mail address" in text
    assert "An administrator tried" not in text_of(fred)


def test_administrators_read_what_was_gathered_of_somebody_and_others_do_not(world: Any) -> None:
    greta = person_id(world, "greta")
    fred = visitor_of(world, "fred")
    text = text_of(fred, f"/staff/{greta}/apps")
    assert "Connected as greta, by themselves" in text
    assert [title in text for title in titles(world, "greta", is_left_out=True)] == [False, False]
    assert all(title in text for title in titles(world, "greta", is_left_out=False))
    assert f"/settings/staff/{greta}/apps" in Document(fred.get("/staff").text).values("a", "href")
    unconnected = text_of(fred, f"/staff/{person_id(world, 'bob')}/apps")
    assert "Nothing was gathered." in unconnected
    assert unconnected.count("Not connected; the app is not installed") == 4
    for name in ("greta", "erica", "bob"):
        assert visitor_of(world, name).get(f"/staff/{greta}/apps").status_code == 403
    assert fred.get("/staff/999999/apps").status_code == 404


def test_what_was_gathered_is_paged(world: Any) -> None:
    store = world.site.store
    account, container = store.one(
        "SELECT account_id, container_id FROM provider_items WHERE account_id = (SELECT account_id FROM app_connections)"
    )
    greta = person_id(world, "greta")
    for number in range(60):
        item = store.insert(
            "INSERT INTO provider_items (provider, account_id, container_id, kind, title, starts_at) VALUES "
            "('google-calendar', ?, ?, 'event', ?, ?)",
            (account, container, f"Meeting {number:02}", f"2012-01-01T{number // 60:02}:{number % 60:02}:00Z"),
        )
        store.run("INSERT INTO gathered_items (person_id, provider, item_id) VALUES (?, 'google-calendar', ?)", (greta, item))
    visitor = visitor_of(world, "greta")
    first, second = text_of(visitor), text_of(visitor, "/my-apps?page=2")
    assert "Gathered62 events" in first
    assert ("Meeting 59" in first, "Meeting 00" in first, "Meeting 00" in second) == (True, False, True)


def test_nobody_is_connected_for_somebody_else(world: Any) -> None:
    before = connected(world, "google-calendar")
    assert visitor_of(world, "bob").post("/my-apps/google-calendar/disconnect").status_code == 404
    assert connected(world, "google-calendar") == before == {"greta": "greta"}


@pytest.mark.parametrize("path", ["/my-apps/nobody/disconnect", "/my-apps/github/disconnect", "/my-apps/x"])
def test_what_is_not_there_is_told_so(world: Any, path: str) -> None:
    assert visitor_of(world, "bob").get(path).status_code == 404
