"""API Integration without a browser: what the form takes, what the list tells, and that a text is shown once."""

import io
import re
from typing import Any

import pytest

from mock_server.access import GRANTABLE_SCOPES
from mock_server.console import Console

from .page_visitor import Document, Visitor

LIST = "/api-integration"
NEW = f"{LIST}/new"


@pytest.fixture
def visitor(world: Any) -> Visitor:
    """Bob, an ordinary person."""
    found = Visitor(world)
    found.sign_in("bob")
    return found


def tokens(world: Any, person: str = "bob") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.get(None, f"/_mock/tokens?person={person}").json
    return found


def call(world: Any, text: str, path: str, method: str = "GET", body: Any = None) -> int:
    given = {"body": b"{}" if body is None else body} if method == "POST" else {}
    headers = {"Authorization": f"Bearer {text}"}
    status: int = world.call(method, None, f"/4/{path}", headers=headers, **given).status
    return status


def test_everyone_may_make_tokens_and_the_sidebar_leads_there_twice(world: Any) -> None:
    for name in ("fred", "bob", "rita", "technical-user"):
        visitor = Visitor(world)
        visitor.sign_in(name)
        assert call(world, visitor.make_token(), "globalconfiguration") == 200
        page = Document(visitor.get(LIST).text)
        assert page.values("a", "href").count("/settings/api-integration") == 2
        assert "Settings API Integration Data Access API Integration" in page.text
        assert "New Token (New API Token)" in page.text


def test_the_form_offers_what_guides_name(visitor: Visitor) -> None:
    page = Document(visitor.get(NEW).text)
    options = [attributes for tag, attributes in page.elements if tag == "option"]
    assert [option["value"] for option in options] == ["30", "90", "365", "5000", "own"]
    assert [option["value"] for option in options if "selected" in option] == ["30"]
    boxes = [a for tag, a in page.elements if tag == "input" and a.get("name") == "scopes"]
    assert {box["value"] for box in boxes} == GRANTABLE_SCOPES
    assert boxes[-1]["value"] == "worklogs:view", "View worklogs is at the bottom"
    assert page.text.index("Manage worklogs") < page.text.index("View worklogs") < page.text.index("Confirm")
    assert [a["value"] for tag, a in page.elements if a.get("name") == "access" and "checked" in a] == ["full"]


@pytest.mark.parametrize(
    ("form", "ends"),
    [
        ({"expires": "30"}, "2013-12-15"),
        ({"expires": "90"}, "2014-02-13"),
        ({"expires": "365"}, "2014-11-15"),
        ({"expires": "5000"}, "2027-07-25"),
        ({"expires": "own", "days": "1"}, "2013-11-16"),
        ({"expires": "own", "days": " 5000 "}, "2027-07-25"),
        ({"expires": "30", "days": "not looked at"}, "2013-12-15"),
    ],
)
def test_expiry_as_chosen_or_typed(world: Any, visitor: Visitor, form: dict[str, str], ends: str) -> None:
    visitor.make_token(**form)
    assert tokens(world)[-1]["expiresAt"] == f"{ends}T00:00:00.000Z"
    assert ends in Document(visitor.get(LIST).text).text


@pytest.mark.parametrize(
    ("form", "field", "said"),
    [
        ({"name": ""}, "name-error", "needs a name"),
        ({"name": "  \t "}, "name-error", "needs a name"),
        ({"expires": "own", "days": "0"}, "days-error", "1 to 5000"),
        ({"expires": "own", "days": "5001"}, "days-error", "1 to 5000"),
        ({"expires": "own", "days": ""}, "days-error", "1 to 5000"),
        ({"expires": "own", "days": "-1"}, "days-error", "1 to 5000"),
        ({"expires": "own", "days": "1.5"}, "days-error", "1 to 5000"),
        ({"expires": "own", "days": "٣٠"}, "days-error", "1 to 5000"),
        ({"expires": "own", "days": "9" * 5000}, "days-error", "1 to 5000"),
        ({"expires": "5001"}, "days-error", "1 to 5000"),
        ({"expires": "never"}, "days-error", "1 to 5000"),
        ({"access": "custom"}, "scopes-error", "at least one"),
        ({"access": "", "scopes": []}, "scopes-error", "at least one"),
        ({"access": "custom", "scopes": ["worklogs:view", "everything:manage"]}, "scopes-error", "no scope everything:manage"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(
    world: Any, visitor: Visitor, form: dict[str, Any], field: str, said: str
) -> None:
    before = tokens(world)
    visitor.get(NEW)
    given = {"name": "Kept <name>", "expires": "90", "access": "custom", "scopes": ["plans:view"], **form}
    if form.get("access") == "custom" and "scopes" not in form:
        del given["scopes"]
    answer = visitor.post(NEW, given)
    assert answer.status_code == 400
    assert tokens(world) == before
    at_field = re.search(rf'id="{field}"[^>]*>(.*?)</(?:p|div)>', answer.text, re.DOTALL)
    assert at_field
    assert said in at_field[1]
    page = Document(answer.text)
    described = " ".join(a.get("aria-describedby") or "" for _, a in page.elements)
    assert field in described.split()
    ids = [a["id"] for _, a in page.elements if "id" in a]
    assert set(described.split()) <= set(ids)
    assert [a["value"] for _, a in page.elements if a.get("id") == "name"] == [given["name"]]
    ticked = {a["value"] for _, a in page.elements if a.get("name") == "scopes" and "checked" in a}
    assert ticked == set(given.get("scopes", ())) & GRANTABLE_SCOPES
    assert "Error: New Token" in page.text


def test_custom_access_opens_what_was_ticked_and_no_more(world: Any) -> None:
    visitor = Visitor(world)
    visitor.sign_in("technical-user")
    text = visitor.make_token(access="custom", scopes=["worklogs:view"], expires="5000")
    bearer = {"Authorization": f"Bearer {text}"}
    found = world.call("GET", None, "/4/worklogs?limit=5000", headers=bearer)
    demo = world.cloud("GET", "viewer", "worklogs?limit=5000")
    assert found.json["results"] == demo.json["results"]
    assert len({one["author"]["accountId"] for one in found.json["results"]}) > 5, "everybody's"
    assert call(world, text, "plans?from=2013-11-01&to=2013-11-30") == 403
    assert call(world, text, "worklogs", "POST") == 403
    assert "View worklogs" in Document(visitor.get(LIST).text).text


def test_full_access_takes_all_scopes_whatever_is_ticked(world: Any, visitor: Visitor) -> None:
    visitor.make_token(access="full", scopes=["worklogs:view"])
    assert set(tokens(world)[-1]["scopes"]) == GRANTABLE_SCOPES
    assert tokens(world)[-1]["access"] == "full"


def test_a_text_is_shown_once_and_kept_nowhere(world: Any, visitor: Visitor) -> None:
    lines = io.StringIO()
    visitor.client.application = Console(world.application, lines)
    visitor.get(NEW)
    answer = visitor.post(NEW, {"name": "Once", "expires": "30", "access": "full"})
    shown_at = answer.location.removeprefix("/settings")
    assert re.fullmatch(r"/api-integration/\d+/text", shown_at)
    assert visitor.client.head(answer.location).status_code == 200
    stranger = Visitor(world)
    stranger.sign_in("erica")
    assert stranger.get(shown_at).status_code == 404
    page = visitor.get(shown_at).text
    found = re.search(r'id="token-text"[^>]*>([^<]+)<', page)
    assert found
    text = found[1]
    assert call(world, text, "globalconfiguration") == 200
    assert page.count(text) == 1
    for path in (shown_at, LIST, NEW, f"{LIST}/{tokens(world)[-1]['id']}/rename"):
        assert text not in visitor.get(path).text
    assert text not in answer.text + str(answer.headers)
    assert text not in lines.getvalue()
    assert text not in world.get(None, "/_mock/journal").text
    assert text not in str(world.audit())
    assert text.encode() not in world.site.store.serialize()
    assert text.encode() not in world.get(None, "/_mock/export").body
    assert text not in "".join(str(getattr(one, "_secret", "")) for one in world.site.page_sessions._sessions.values())


def test_sent_twice_makes_two_and_loaded_twice_makes_none(world: Any, visitor: Visitor) -> None:
    before = len(tokens(world))
    visitor.make_token()
    visitor.get(f"{LIST}/{tokens(world)[-1]['id']}/text")
    assert len(tokens(world)) == before + 1


def test_rename_regenerate_delete(world: Any, visitor: Visitor) -> None:
    text = visitor.make_token(name="First", access="custom", scopes=["worklogs:view"])
    made = tokens(world)[-1]
    here = f"{LIST}/{made['id']}"
    visitor.get(f"{here}/rename")
    assert visitor.post(f"{here}/rename", {"name": " "}).status_code == 400
    assert visitor.post(f"{here}/rename", {"name": " Second "}).location == "/settings/api-integration"
    page = visitor.get(LIST).text
    assert "The token is now called Second." in page
    assert "now called" not in visitor.get(LIST).text, "told once"
    assert tokens(world)[-1] == {**made, "name": "Second"}
    assert call(world, text, "worklogs") == 200

    world.set_clock("2013-11-20")
    assert "begin anew" in visitor.get(f"{here}/regenerate").text
    location = visitor.post(f"{here}/regenerate").location
    found = re.search(r'id="token-text"[^>]*>([^<]+)<', visitor.get(location.removeprefix("/settings")).text)
    assert found
    assert (call(world, text, "worklogs"), call(world, found[1], "worklogs")) == (401, 200)
    assert call(world, found[1], "plans?from=2013-11-01&to=2013-11-30") == 403
    assert tokens(world)[-1]["expiresAt"] == "2013-12-20T00:00:00.000Z"

    assert "cannot be brought back" in visitor.get(f"{here}/delete").text
    assert call(world, found[1], "worklogs") == 200, "asking deletes nothing"
    visitor.post(f"{here}/delete")
    assert "The token Second is deleted." in visitor.get(LIST).text
    assert call(world, found[1], "worklogs") == 401
    assert visitor.post(f"{here}/delete").status_code == 404


def test_an_expired_token_is_told_as_such_and_not_regenerated(world: Any, visitor: Visitor) -> None:
    text = visitor.make_token(name="Short", expires="own", days="1")
    token_id = tokens(world)[-1]["id"]
    assert "Short Active 2013-11-16" in Document(visitor.get(LIST).text).text
    world.set_clock("2013-11-16")
    page = visitor.get(LIST).text
    assert "Short Expired 2013-11-16" in Document(page).text
    assert f"/{token_id}/regenerate" not in page
    assert call(world, text, "worklogs") == 401
    assert "has expired" in visitor.get(f"{LIST}/{token_id}/regenerate").text
    answer = visitor.post(f"{LIST}/{token_id}/regenerate")
    assert answer.status_code == 400
    assert "has expired" in answer.text
    assert visitor.post(f"{LIST}/{token_id}/rename", {"name": "Old"}).status_code == 303
    assert visitor.post(f"{LIST}/{token_id}/delete").status_code == 303


def test_only_ones_own_tokens_even_for_administrators(world: Any, visitor: Visitor) -> None:
    text = visitor.make_token(name="Bob's secret plan")
    made = tokens(world)[-1]
    administrator = Visitor(world)
    administrator.sign_in("fred")
    assert "secret plan" not in administrator.get(LIST).text
    for action in ("rename", "regenerate", "delete"):
        assert administrator.get(f"{LIST}/{made['id']}/{action}").status_code == 404
        administrator.get(LIST)
        answer = administrator.post(f"{LIST}/{made['id']}/{action}", {"name": "Mine"})
        assert answer.status_code == 404
        assert "secret plan" not in answer.text
    assert tokens(world)[-1] == made
    assert call(world, text, "worklogs") == 200


def test_a_token_made_elsewhere_is_in_the_list_and_the_other_way_round(world: Any, visitor: Visitor) -> None:
    world.post(None, "/_mock/tokens", {"person": "bob", "name": "By the route", "scopes": ["plans:manage"]})
    assert "By the route Active 2013-12-15 Manage plans" in Document(visitor.get(LIST).text).text
    visitor.make_token(name="By the page")
    assert tokens(world)[-1]["name"] == "By the page"
    events = [(event["noun"], event["verb"], event["call"], event["who"]) for event in world.audit()]
    key = world.site.store.value("SELECT key FROM people WHERE name = 'bob'")
    assert events[-1] == ("api_tokens", "insert", "create_token", key)


def test_long_lists_come_in_pages(world: Any, visitor: Visitor) -> None:
    for number in range(120):
        world.post(None, "/_mock/tokens", {"person": "bob", "name": f"Token {number}"})
    count = len(tokens(world))
    seen: list[str] = []
    for page in ("1", "2", "3"):
        seen += re.findall(r"/(\d+)/delete", visitor.get(f"{LIST}?page={page}").text)
    assert len(seen) == len(set(seen)) == count
    assert f"Page 2 of 3, {count} tokens" in visitor.get(f"{LIST}?page=2").text
    for page in ("0", "-1", "x", "", "99", "9" * 400, "٣"):
        assert visitor.get(f"{LIST}?page={page}").status_code == 200
    assert visitor.get(f"{LIST}?page=99").text.count('rel="next"') == 0


def test_nobody_has_none(world: Any) -> None:
    world.site.store.run("DELETE FROM api_tokens")
    visitor = Visitor(world)
    visitor.sign_in("greta")
    assert "You have no tokens." in visitor.get(LIST).text


def test_a_token_cannot_outlast_the_calendar(world: Any, visitor: Visitor) -> None:
    world.set_clock("9999-06-01")
    visitor.get(NEW)
    answer = visitor.post(NEW, {"name": "Late", "expires": "5000", "access": "full"})
    assert answer.status_code == 400
    assert "9999" in answer.text
