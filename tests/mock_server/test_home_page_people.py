"""Who the home page of a world shows, and with which credentials: those that work in it, and nobody's markup."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from mock_server.worlds import templated_site

from .conftest import basic
from .home_document import BROWSER, PERSONAS, Page, home

FIXTURES = Path(__file__).parents[2] / "fixtures"
MARKUP = "<script>alert(1)</script>"


def test_personas_are_told_with_what_they_log_in_with(world: Any) -> None:
    page = home(world)
    assert list(page.personas) == PERSONAS
    for text in (
        "Time Accounts (technical user)",
        "worklogs:view",
        "Login technical-user Copy",
        "demo-token-of-viewer-not-a-secret",
        "Password technical-user Copy",
        "technical-user@example.org",
        "demo-jira-token-of-technical-user-not-a-secret",
        "712020:3ea184f5-aadd-4031-a076-9c4c3f5d2144",
    ):
        assert text in page.personas["viewer"]
    assert "all that its owner may (Full access)" in page.personas["admin"]
    assert "demo-pat-of-fred-not-a-secret" in page.personas["admin"]
    assert "leads team 3, no global permission" in page.personas["lead"]
    assert "expired 2012-11-10" in page.personas["expired"]
    assert "periods:view" in page.personas["no_scopes"]
    assert "Everything else as admin" in page.personas["no_scopes"]
    assert [name for name, text in page.personas.items() if "expired 2" in text] == ["expired"]


def test_everything_that_is_shown_and_not_marked_logs_in(world: Any) -> None:
    for name, text in home(world).personas.items():
        for token in re.findall(r"demo-token-[a-z-]*secret", text):
            expected = 401 if "expired" in name else 403 if name == "no_scopes" else 200
            assert world.cloud("GET", token, "worklogs?limit=1").status == expected, name
        for token in re.findall(r"demo-pat-[a-z-]*secret", text):
            assert world.get(None, "2/team", headers={"Authorization": f"Bearer {token}"}).status == 200
            assert world.get(None, "/jira/rest/api/2/myself", headers={"Authorization": f"Bearer {token}"}).status == 200
        for token in re.findall(r"demo-jira-token-[a-z-]*secret", text):
            [email] = re.findall(r"[a-z-]+@example\.org", text)
            headers = {"Authorization": basic(email, token)}
            assert world.get(None, "/rest/api/3/myself", headers=headers).status == 200


def test_tokens_are_marked_by_the_clock_of_the_world(world: Any) -> None:
    world.set_clock("2015-01-01")
    page = home(world)
    marked = {name for name, text in page.personas.items() if "expired 2" in text}
    assert marked == set(PERSONAS) - {"viewer"}
    world.set_clock("2033-01-01")
    page = home(world)
    assert "nothing any more: it has expired" in page.personas["viewer"]
    assert 'Bearer TOKEN"' in page.copied[1]


@pytest.mark.parametrize(
    ("change", "gone", "left"),
    [
        ("DELETE FROM jira_api_tokens", "demo-jira-token-", "demo-token-of-fred"),
        ("DELETE FROM personal_access_tokens", "demo-pat-", "demo-token-of-fred"),
        ("UPDATE api_tokens SET token_hash = 'changed' || id", "demo-token-", "demo-pat-of-fred"),
        ("UPDATE people SET password_hash = NULL", "Password", "demo-pat-of-fred"),
        ("UPDATE people SET active = 0 WHERE name = 'erica'", "erica", "demo-pat-of-fred"),
        (
            "UPDATE api_tokens SET person_id = (SELECT id FROM people WHERE name = 'john')",
            "demo-token-that",
            "demo-pat-of-fred",
        ),
    ],
)
def test_what_would_not_work_is_not_shown(world: Any, change: str, gone: str, left: str) -> None:
    assert gone in str(home(world).rows)
    with world.site.store.transaction():
        world.site.store.run(change)
    page = home(world)
    assert gone not in str(page.rows)
    assert left in str(page.rows)


def test_another_world_that_was_taken_in_shows_nobody_s_old_tokens(world: Any) -> None:
    world.post(None, "/_mock/sites", {"name": "bare", "scenario": "empty"})
    exported = world.get(None, "/sites/bare/_mock/export").body
    assert world.post(None, "/_mock/import", body=exported).status == 200
    page = home(world)
    assert page.personas == {}
    assert "demo-" not in str(page.copied)
    assert any("admin" in row[1] for row in page.rows if len(row) == 3)


def test_names_of_a_scenario_of_one_s_own_are_text_and_its_secrets_its_own(world: Any, tmp_path: Path) -> None:
    folder = shutil.copytree(FIXTURES / "guide", tmp_path / "<b>own")
    people = json.loads((folder / "people.json").read_text(encoding="utf-8"))
    for entry in people:
        entry["display_name"] = f'"{MARKUP}&'
    (folder / "people.json").write_text(json.dumps(people), encoding="utf-8")
    assert world.post(None, "/_mock/sites", {"name": "own", "scenario": str(folder)}).status == 201
    store = world.application.sites.get("own").store
    with store.transaction():
        store.run("UPDATE people SET account_id = ?, name = ? WHERE name = 'fred'", (f'">{MARKUP}', MARKUP))
    answer = world.get(None, "/sites/own/", headers={"Accept": BROWSER})
    page = Page(answer.text)
    assert MARKUP not in answer.text
    assert MARKUP in str(page.rows)
    assert page.tags.count("script") == 1
    assert "b" not in page.tags
    assert {MARKUP, f'">{MARKUP}'} <= set(page.copied)
    assert "demo-" not in answer.text
    assert str(tmp_path) not in answer.text
    assert "<b>own" in page.texts["dd"]


def test_a_name_of_a_persona_is_text(world: Any) -> None:
    with world.site.store.transaction():
        world.site.store.run("UPDATE people SET display_name = ? WHERE name = 'fred'", (MARKUP,))
    answer = world.get(None, "/", headers={"Accept": BROWSER})
    assert MARKUP not in answer.text
    assert MARKUP in Page(answer.text).personas["admin"]


def test_a_name_of_a_site_is_text(world: Any) -> None:
    # No route makes such a site; should one ever, the page must not be the place where it runs.
    store = world.application.worlds
    site = templated_site('"' + MARKUP, store.templates, "guide", None, {})
    store.sites._sites[site.name] = site
    answer = world.get(None, "/", headers={"Accept": BROWSER})
    assert MARKUP not in answer.text
    assert MARKUP in str(Page(answer.text).rows)
