"""Manage Staff without a browser: who may, whom the filters find, what rows tell, memberships, and markup in any field."""

import re
from typing import Any

import pytest

from .installed_apps import add_account, arm, install, person_id
from .page_visitor import Document, Visitor

STAFF = "/staff"
EVERYBODY = "Bob Johnson, David Carsen, Erica Jefferson, Fred Winston, Greta Lind, John Steel, Laura Penn, Nadia Okafor"


@pytest.fixture
def visitor(world: Any) -> Visitor:
    """Fred, who is a Tempo Administrator."""
    found = Visitor(world)
    found.sign_in("fred")
    return found


def shown(text: str) -> list[str]:
    """Display names of the rows."""
    return re.findall(r'<label for="pick-\d+">([^<]+)</label>', text)


def connect(world: Any, visitor: Visitor, provider: str, *names: str) -> None:
    visitor.get(STAFF)
    people = [person_id(world, name) for name in names]
    answer = visitor.post(f"{STAFF}/actions", {"action": f"connect {provider}", "people": people})
    assert answer.status_code == 303, answer.text
    assert world.site.jobs.wait(30)


def test_the_list_tells_how_many_and_who(visitor: Visitor) -> None:
    page = visitor.get(STAFF)
    text = Document(page.text).text
    assert "Staff Manage Staff" in text
    assert "10 people" in text
    assert "Select all 10 shown" in text
    assert ", ".join(shown(page.text)).startswith(EVERYBODY)
    assert 'aria-sort="ascending"' in page.text
    elements = Document(page.text).elements
    boxes = [a["id"] for tag, a in elements if tag == "input" and a.get("name") == "people"]
    labels = [a["for"] for tag, a in elements if tag == "label" and (a.get("for") or "").startswith("pick-")]
    assert (len(boxes), boxes) == (10, labels), "whoever presses a name ticks its box"


@pytest.mark.parametrize("who", ["bob", "erica", "rita", "technical-user"])
def test_others_are_refused_page_and_action_and_see_no_link(world: Any, who: str) -> None:
    visitor = Visitor(world)
    visitor.sign_in(who)
    assert "Manage Staff" not in visitor.get("/api-integration").text
    for path in (STAFF, f"{STAFF}?search=a", f"{STAFF}/1/memberships", f"{STAFF}/jobs/1"):
        answer = visitor.get(path)
        assert (answer.status_code, "for Tempo Administrators" in answer.text) == (403, True)
    for path in ("actions", "github-map"):
        assert visitor.post(f"{STAFF}/{path}", {"action": "connect github", "all": "1"}).status_code == 403
    assert world.audit() == []


@pytest.mark.parametrize("path", ["actions", "github-map"])
def test_a_form_without_the_key_of_the_visit_does_nothing(world: Any, visitor: Visitor, path: str) -> None:
    install(world, "github")
    before = world.audit()
    visitor.key = "0" * 64
    assert visitor.post(f"{STAFF}/{path}", {"action": "connect github", "all": "1"}).status_code == 403
    assert world.audit() == before


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("search=john", ["Bob Johnson", "John Steel"]),
        ("search=laura%40example.org", ["Laura Penn"]),
        ("team=1&search=o", None),
        ("location=Europe/Berlin", ["David Carsen"]),
        ("search=nobody-at-all", []),
        ("search=%25", []),
        ("sort=-name&search=john", ["John Steel", "Bob Johnson"]),
        ("sort=-email&search=john", ["John Steel", "Bob Johnson"]),
        ("integration=failed", []),
    ],
)
def test_filters_find_people_and_are_kept(world: Any, visitor: Visitor, query: str, names: list[str] | None) -> None:
    page = visitor.get(f"{STAFF}?{query}")
    assert page.status_code == 200
    if names is not None:
        assert shown(page.text) == names
        assert f"{len(names)} {'person' if len(names) == 1 else 'people'}" in Document(page.text).text
    if names == []:
        assert "Nobody is found by these filters." in page.text
    kept = query.replace("%40", "@").replace("%25", "%")
    for part in kept.split("&"):
        name, _, value = part.partition("=")
        assert value in Document(page.text).values("input" if name == "search" else "option", "value")


def test_a_team_of_the_api_is_a_filter_at_once(world: Any, visitor: Visitor) -> None:
    team = world.cloud("POST", "fred", "teams", {"name": "<i>Owls</i>"}).json["id"]
    erica = world.site.store.value("SELECT account_id FROM people WHERE name = 'erica'")
    body = {"teamId": team, "accountId": erica}
    assert world.cloud("POST", "fred", "team-memberships", body).status == 200
    page = visitor.get(f"{STAFF}?team={team}")
    assert shown(page.text) == ["Erica Jefferson"]
    assert "&lt;i&gt;Owls&lt;/i&gt;" in page.text
    assert "<i>Owls" not in page.text


@pytest.mark.parametrize(
    "query",
    ["team=x", "role=-1", "status=gone", "integration=maybe", "sort=password_hash", "group=" + "9" * 40, "holidayScheme=1.5"],
)
def test_a_filter_that_cannot_be_is_told_beside_it(visitor: Visitor, query: str) -> None:
    page = visitor.get(f"{STAFF}?{query}")
    assert page.status_code == 400
    assert 'aria-invalid="true"' in page.text
    assert f'id="{query.partition("=")[0]}-error"' in page.text


def test_fifty_stand_on_a_page_and_filters_stay_with_the_links(world: Any, visitor: Visitor) -> None:
    rows = [(f"x{n:03}", f"x{n}", f"x{n}", f"x{n}@example.org", f"Xenia {n:03}", "UTC", "en", 1) for n in range(120)]
    columns = ("name", "key", "account_id", "email", "display_name", "time_zone", "locale", "avatar_id")
    world.site.store.insert_rows("people", columns, rows)
    page = visitor.get(f"{STAFF}?search=xenia&sort=-name&page=2")
    assert shown(page.text) == [f"Xenia {n:03}" for n in range(69, 19, -1)]
    text = Document(page.text).text
    assert "Page 2 of 3, 120 people" in text
    assert "Select all 120 shown, on all pages" in text
    next_link = next(link for link in Document(page.text).values("a", "href") if "page=3" in link)
    assert shown(visitor.get(next_link.removeprefix("/settings")).text)[-1] == "Xenia 000"
    assert "search=xenia" in next_link


def test_the_memberships_of_somebody(world: Any, visitor: Visitor) -> None:
    def page(name: str, query: str = "") -> str:
        return Document(visitor.get(f"{STAFF}/{person_id(world, name)}/memberships{query}").text).text

    assert "Memberships of Erica Jefferson Not a team member" in page("erica")
    assert re.search(r"GreenCloud \w+ 2013-02-01 Open Current", page("laura"))
    assert "search=a%26b" in visitor.get(f"{STAFF}/1/memberships?search=a%26b").text
    assert visitor.get(f"{STAFF}/9999/memberships").status_code == 404
    world.set_clock("2013-01-31")
    assert re.search(r"GreenCloud \w+ 2013-02-01 Open Upcoming", page("laura"))
    assert "Not currently a team member" in page("laura")


def test_past_and_coming_memberships_are_told(world: Any, visitor: Visitor) -> None:
    store = world.site.store
    member = store.value(
        "SELECT m.id FROM members m JOIN people p ON p.id = m.person_id WHERE p.name = 'john' AND m.team_id = "
        "(SELECT id FROM teams WHERE name = 'GreenCloud')"
    )
    for start, end, status in (("2013-01-01", "2013-11-14", "Previous"), ("2013-11-16", None, "Upcoming")):
        store.run("UPDATE memberships SET start_date = ?, end_date = ? WHERE member_id = ?", (start, end, member))
        text = Document(visitor.get(f"{STAFF}/{person_id(world, 'john')}/memberships").text).text
        assert f"{start} {end or 'Open'} {status}".replace(" ", "") in text.replace(" ", "")
        assert "Not currently a team member" in text
        assert "Not currently a team member" in visitor.get(f"{STAFF}?search=john+steel").text


def test_names_and_failures_hold_markup_and_run_none(world: Any, visitor: Visitor) -> None:
    install(world, "github")
    connect(world, visitor, "github", "rita")
    for path in (f"{STAFF}?search=rita&status=all", f"{STAFF}/{person_id(world, 'rita')}/memberships"):
        text = visitor.get(path).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert '"><script>' not in visitor.get(f'{STAFF}?search="><script>alert(1)</script>').text


def test_icons_tell_connections_and_who_made_them(world: Any, visitor: Visitor) -> None:
    install(world, "google-calendar")
    add_account(world, "google-calendar", "bobby", "BOB@example.org")
    connect(world, visitor, "google-calendar", "bob")
    page = visitor.get(f"{STAFF}?search=bob")
    assert 'aria-label="Google Calendar: connected as bobby"' in page.text
    world.site.store.run("UPDATE app_connections SET is_own = 1")
    assert "Google Calendar: connected as bobby, by themselves" in visitor.get(f"{STAFF}?search=bob").text
    assert shown(visitor.get(f"{STAFF}?integration=connected").text) == ["Bob Johnson"]
    assert "Bob Johnson" not in shown(visitor.get(f"{STAFF}?integration=none").text)


def test_a_failure_has_a_warning_with_its_text_until_it_succeeds(world: Any, visitor: Visitor) -> None:
    install(world, "office365")
    connect(world, visitor, "office365", "bob", "erica")
    page = visitor.get(f"{STAFF}?integration=failed&provider=office365")
    assert shown(page.text) == ["Bob Johnson", "Erica Jefferson"]
    document = Document(page.text)
    tips = [a["id"] for _, a in document.elements if a.get("role") == "tooltip"]
    warnings = [a for tag, a in document.elements if tag == "button" and a.get("class") == "warning"]
    assert [button["aria-describedby"] for button in warnings] == tips
    assert {button["aria-label"] for button in warnings} == {"Failed App Integration: Office365"}
    assert "bob@example.org" in document.text
    assert document.text.count("O3") == 2, "several warnings of somebody are told apart"
    add_account(world, "office365", "bob", "bob@example.org")
    connect(world, visitor, "office365", "bob")
    assert shown(visitor.get(f"{STAFF}?integration=failed").text) == ["Erica Jefferson"]


def test_the_head_asks_for_nothing_but_the_page(world: Any, visitor: Visitor) -> None:
    install(world, "github")
    arm(world, "github", "network")
    connect(world, visitor, "github", "bob")
    text = visitor.get(STAFF).text
    assert not re.search(r"<script(?! src=)|\son\w+=|\sstyle=|https?://", text)
