"""Audit Log without a browser: for Tempo Administrators, what the feed of /4 tells and tokens, in words, without secrets."""

import re
from typing import Any

import pytest

from mock_server.domain.audit_log import CATEGORIES
from mock_server.domain.papertrail_kinds import ENTITY_TYPES, KINDS
from tests.mock_server.test_papertrail import ENTRY, feed, log, made

from .page_visitor import Document, Visitor

PAGE = "/audit-log"
CLOUD = 10202
MARKUP = "<b>&\"'</b><script>alert(1)</script>"


@pytest.fixture
def world(idle_world: Any) -> Any:
    """Without work but what a test logs."""
    return idle_world


@pytest.fixture
def visitor(world: Any) -> Visitor:
    """Fred, who is a Tempo Administrator."""
    found = Visitor(world)
    found.sign_in("fred")
    return found


def rows(visitor: Visitor, query: str = "") -> list[str]:
    """The rows as text, without the heads of the columns."""
    answer = visitor.get(PAGE + query)
    assert answer.status_code == 200, answer.text
    body = answer.text.partition("<tbody")[2].partition("</tbody>")[0]
    return [" ".join(re.sub("<[^>]*>", " ", row).split()[1:]) for row in body.split("<tr ")[1:]]


def place(visitor: Visitor, name: str, query: str = "") -> str | None:
    """Where the link with this name leads to, from the page on."""
    found = re.search(rf'href="/settings{PAGE}(\?[^"]*)"[^>]*>{name}<', visitor.get(PAGE + query).text)
    return found[1].replace("&amp;", "&") if found else None


def test_what_was_seeded_is_nobodys_change(visitor: Visitor) -> None:
    page = Document(visitor.get(PAGE).text)
    assert "Nothing was changed yet." in page.text
    assert re.search("Data Access API Integration .*Audit Log Configuration", page.text)
    assert "during the last 180 days" in page.text


@pytest.mark.parametrize("who", ["bob", "erica", "rita", "technical-user"])
def test_others_are_refused_and_see_no_link(world: Any, who: str) -> None:
    log(world)
    visitor = Visitor(world)
    visitor.sign_in(who)
    assert "Audit Log" not in visitor.get("/api-integration").text
    answer = visitor.get(PAGE)
    assert (answer.status_code, "for Tempo Administrators" in answer.text) == (403, True)
    assert "Worklog" not in answer.text


def test_what_clients_and_administrators_do_is_told_with_before_and_after(world: Any, visitor: Visitor) -> None:
    number = log(world, description="Copied")
    made(world, "PUT", f"worklogs/{number}", {**ENTRY, "timeSpentSeconds": 60, "description": "Copied"}, "bob")
    visitor.get("/internal-issues/10241/teams")
    assert visitor.post("/internal-issues/10241/teams", {"teams": ["3"]}).status_code == 303
    shown = rows(visitor)
    assert len(shown) == 3
    assert "2013-11-15 00:00:00 Fred Winston by settings page Internal issue Updated HR-2 teamId is 3" in shown[0]
    assert f"by Tempo API Worklog Updated {number} on CLOUD-3" in shown[1]
    assert "timeSpentSeconds was 3600 is 60" in shown[1]
    assert f"by Tempo API Worklog Created {number} on CLOUD-3" in shown[2]
    assert "description is Copied" in shown[2]
    assert "was" not in shown[2]


def test_it_is_the_feed_of_the_api_the_other_way_round(world: Any, visitor: Visitor) -> None:
    for hour in range(3):
        world.set_clock(f"2013-11-15T0{hour}:00:00")
        number = log(world)
        made(world, "POST", "programs", {"name": f"P{hour}", "teamIds": []})
        made(world, "DELETE", f"worklogs/{number}", who="bob")
    titles = [
        " ".join((event["timestamp"][11:19], event["action"], CATEGORIES[event["entityType"]])) for event in feed(world)[::-1]
    ]
    assert len(titles) >= 9
    pattern = re.compile(r"\S+ (\S+) .* by Tempo API ([A-Z][a-z ]*) (Created|Deleted|Updated) ")
    told = [" ".join((found[1], found[3], found[2])) for row in rows(visitor) if (found := pattern.match(row))]
    assert told == titles


def test_every_entity_of_the_feed_has_a_name() -> None:
    assert {kind.entity_type for kind in KINDS} <= set(ENTITY_TYPES)
    assert {kind.entity_type for kind in KINDS} | {"apitoken"} == set(CATEGORIES)
    assert list(CATEGORIES.values()) == sorted(CATEGORIES.values(), key=str.lower)


def test_tokens_are_told_without_their_text_and_only_here(world: Any, visitor: Visitor) -> None:
    erica = Visitor(world)
    erica.sign_in("erica")
    text = erica.make_token(name="Nightly", access="custom", scopes=["worklogs:view"])
    number = world.site.store.value("SELECT max(id) FROM api_tokens")
    hashed = world.site.store.value("SELECT token_hash FROM api_tokens WHERE id = ?", (number,))
    erica.get(f"/api-integration/{number}/delete")
    assert erica.post(f"/api-integration/{number}/delete").status_code == 303
    shown = rows(visitor)
    assert ["API token Deleted Nightly" in shown[0], "API token Created Nightly" in shown[1]] == [True, True]
    assert "scopes is worklogs:view" in shown[1]
    page = visitor.get(PAGE).text
    assert [secret in page for secret in (text, hashed, "hash")] == [False] * 3
    assert feed(world) == [], "the vendor names no such entity"


def test_other_secrets_are_not_in_it(world: Any, visitor: Visitor) -> None:
    body = {"person": "fred", "name": "Sync", "redirectUris": ["https://example.org/back"]}
    answer = world.post(None, "/_mock/oauth-applications", body)
    assert answer.status in (200, 201), answer.text
    made_here = answer.json
    shown = visitor.get(PAGE).text
    assert "OAuth 2.0 application" in rows(visitor)[0]
    assert "Sync" in shown
    secrets = [value for name, value in made_here.items() if "secret" in name.lower()]
    assert secrets
    assert [secret for secret in secrets if secret in shown] == []


def test_what_nobody_of_the_site_did_tells_with_what(world: Any, visitor: Visitor) -> None:
    assert world.put(None, "/_mock/internal-issues/CLOUD-3", {}).status == 200
    assert "Nobody of this site by control route Internal issue Created CLOUD-3" in rows(visitor)[0]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("?person=bob", ["Worklog Created", "Worklog Created"]),
        ("?person=Fred", ["Program Updated", "Program Created"]),
        ("?person=winston", ["Program Updated", "Program Created"]),
        ("?person=nobody-at-all", []),
        ("?person=%25", []),
        (f"?person={'x' * 6000}", []),
        ("?category=program", ["Program Updated", "Program Created"]),
        ("?category=program&action=Created", ["Program Created"]),
        ("?action=Created", ["Worklog Created", "Program Created", "Worklog Created"]),
        ("?category=apitoken", []),
        ("?first=2013-11-15", ["Worklog Created"]),
        ("?last=2013-11-14", ["Program Updated", "Program Created", "Worklog Created"]),
        ("?first=2013-11-14&last=2013-11-14", ["Program Updated", "Program Created", "Worklog Created"]),
        ("?first=1999-01-01&person=bob&category=worklog&last=2013-11-14", ["Worklog Created"]),
    ],
)
def test_filters(world: Any, visitor: Visitor, query: str, told: list[str]) -> None:
    world.set_clock("2013-11-14T00:00:00")
    log(world)
    number = made(world, "POST", "programs", {"name": "P", "teamIds": []})["id"]
    world.set_clock("2013-11-14T23:59:59.999")
    made(world, "PUT", f"programs/{number}", {"name": "Q", "teamIds": []})
    world.set_clock("2013-11-15T00:00:00")
    log(world)
    shown = rows(visitor, query)
    found = [re.search(r"(?:Worklog|Program) (?:Created|Updated)", row) for row in shown]
    assert [one and one[0] for one in found] == told
    if not told:
        assert "Nothing that you searched for was changed." in visitor.get(PAGE + query).text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?first=2013-13-01", "Type a day"),
        ("?last=yesterday", "Type a day"),
        (f"?last={'9' * 400}", "Type a day"),
        ("?first=2013-11-15&last=2013-11-14", "The last day is before the first."),
        ("?category=<script>alert(1)</script>", "Choose one of the categories."),
        ("?action=Eaten", "Choose one of the actions."),
    ],
)
def test_what_cannot_be_asked_is_said_and_kept(world: Any, visitor: Visitor, query: str, said: str) -> None:
    log(world)
    answer = visitor.get(f"{PAGE}{query}&person=bob")
    assert answer.status_code == 400
    assert said in answer.text
    assert "<script>alert" not in answer.text
    page = Document(answer.text)
    fields = {a["name"]: a for tag, a in page.elements if tag in ("input", "select") and "name" in a}
    assert fields["person"]["value"] == "bob"
    wrong = [name for name, attributes in fields.items() if "aria-invalid" in attributes]
    assert wrong == [query.rpartition("&")[2].lstrip("?").partition("=")[0]]


@pytest.mark.parametrize("token", ["x", "%00", "é", "9" * 5000, "MjAxMy0xMS0xNQ"])
@pytest.mark.parametrize("name", ["older", "newer"])
def test_a_place_that_nobody_was_given(visitor: Visitor, name: str, token: str) -> None:
    answer = visitor.get(f"{PAGE}?{name}={token}")
    assert (answer.status_code, "Begin at its first page" in answer.text) == (400, True)


def test_pages_hold_everything_once_there_and_back_also_when_more_comes(world: Any, visitor: Visitor) -> None:
    numbers = [log(world, timeSpentSeconds=60 + n) for n in range(120)]
    made(world, "POST", "programs", {"name": "Between", "teamIds": []})
    query = "?category=worklog"

    def ids(at: str) -> list[int]:
        return [int(re.findall(r"Created (\d+) on", row)[0]) for row in rows(visitor, at)]

    places = [query]
    while following := place(visitor, "Older", places[-1]):
        places.append(following)
    there = [ids(at) for at in places]
    assert [len(part) for part in there] == [50, 50, 20]
    assert [number for part in there for number in part] == numbers[::-1]
    log(world)
    back = place(visitor, "Newer", places[-1])
    assert back is not None
    assert ids(back) == there[1], "what came since moves nothing"
    first = place(visitor, "Newer", back)
    assert first is not None
    assert ids(first) == there[0]
    newest = place(visitor, "Newer", first)
    assert newest is not None
    assert len(ids(newest)) == 50
    assert place(visitor, "Newer", newest) is None
    assert place(visitor, "Newest", back) == query
    assert place(visitor, "Newer") is None


def test_180_days_are_kept(world: Any, visitor: Visitor) -> None:
    log(world)
    world.set_clock("2014-05-14T00:00:00")
    assert len(rows(visitor)) == 1
    world.set_clock("2014-05-14T00:00:01")
    assert rows(visitor) == []


def test_whatever_is_in_it_is_text(world: Any, visitor: Visitor) -> None:
    log(world, description=MARKUP)
    made(world, "POST", "programs", {"name": MARKUP, "teamIds": []})
    world.site.store.run("UPDATE people SET display_name = ? WHERE name = 'bob'", (MARKUP,))
    page = visitor.get(f"{PAGE}?person={MARKUP.replace('&', '%26')}").text
    assert "<script>alert" not in page
    shown = Document(visitor.get(PAGE).text).text
    assert shown.count(MARKUP) >= 4


def test_reading_changes_nothing(world: Any, visitor: Visitor) -> None:
    log(world)
    before = world.audit()
    rows(visitor, "?person=bob")
    assert world.audit() == before
