"""The page to read and try everything: served offline, safe against markup, and working in a real browser."""

import json
import re
import shutil
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import requests

from mock_server import rest_browser
from mock_server.groups import every_group

from .browsing import LIMIT, asked_for, awaited, complaints
from .browsing import browser as browser

CONTROL_PAGE, SERVLET = "/_mock/api", "/jira/plugins/servlet/restbrowser"
PAGES = [prefix + path for prefix in ("", "/sites/blue") for path in (CONTROL_PAGE, SERVLET)]
FIXTURES = Path(__file__).parents[2] / "fixtures"
TOKENS_OF_FRED = {
    "token": "demo-token-of-fred-not-a-secret",
    "email": "fred@example.org",
    "api_token": "demo-jira-token-of-fred-not-a-secret",
}

Make = Callable[..., Any]


class Page(HTMLParser):
    """What a page fetches or sends to, and its scripts and tags; not what it only links to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.scripts: list[str] = []
        self.tags: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "a":
            return
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "action", "srcset", "data")]

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] == "script" and data.strip():
            self.scripts.append(data)


@pytest.fixture
def world(world: Any) -> Any:
    """The guide with a site named blue beside it."""
    assert world.post(None, "/_mock/sites", {"name": "blue"}).status == 201
    return world


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("path", PAGES)
def test_the_page_is_served_with_everything_it_needs_and_nothing_from_elsewhere(world: Any, path: str, slash: str) -> None:
    answer = world.get(None, path + slash)
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    page = Page(answer.text)
    local = [address for address in page.addresses if not address.startswith("data:")]
    assert sorted(local) == [f"{path}/swagger-ui-bundle.js", f"{path}/swagger-ui.css"]
    for address, kind in zip(sorted(local), ("javascript", "css"), strict=True):
        asset = world.get(None, address)
        assert asset.status == 200
        assert kind in asset.headers["Content-Type"]
        assert len(asset.body) > 10_000
    [script] = page.scripts
    assert re.findall(r'url: "([^"]*)"', script) == [f"{path}/openapi.json"]
    assert not re.findall(r"""https?:|["'(=]//|@import""", answer.text)
    assert "validatorUrl: null" in script
    assert world.site.is_written is False


@pytest.mark.parametrize("path", [*PAGES, "/_mock", "/sites/blue/_mock"])
def test_the_document_is_that_of_the_world_it_is_asked_of(world: Any, path: str) -> None:
    answer = world.get(None, f"{path}/openapi.json")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    document = answer.json
    assert document["openapi"].startswith("3.1")
    assert document["servers"] == [{"url": "/sites/blue" if path.startswith("/sites/") else "/"}]
    described = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    assert len(described) == sum(len(group.endpoints) for group in every_group())
    assert not re.findall(r"https?://", answer.text)
    for (method, operation_path), grade in (
        ((e.method, group.prefix + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", e.path)), e.grade)
        for group in every_group()
        for e in group.endpoints
    ):
        operation = document["paths"][operation_path][method.lower()]
        assert operation["x-grade"] == grade
        assert f"Grade {grade}" in operation["description"]


@pytest.mark.parametrize("path", [SERVLET, f"{SERVLET}/openapi.json", f"{SERVLET}/swagger-ui-bundle.js"])
def test_without_control_the_page_of_the_host_stays(make_world: Make, path: str) -> None:
    without = make_world(control=False)
    assert without.get(None, path).status == 200
    assert without.get(None, CONTROL_PAGE).status == 404
    assert CONTROL_PAGE not in without.get(None, "/").text
    assert SERVLET in without.get(None, "/").text


@pytest.mark.parametrize(
    "asset",
    [
        "index.html",
        "oauth2-redirect.html",
        "swagger-ui.js",
        "LICENSE",
        "..%2f__init__.py",
        "%2e%2e/__init__.py",
        "../../../etc/passwd",
        "nothing",
        ".css",
    ],
)
@pytest.mark.parametrize("path", PAGES)
def test_other_files_are_not_served(world: Any, path: str, asset: str) -> None:
    assert world.get(None, f"{path}/{asset}").status == 404


@pytest.mark.parametrize("path", PAGES)
def test_the_page_only_reads(world: Any, path: str) -> None:
    for method in ("POST", "PUT", "DELETE"):
        assert world.call(method, None, path).status == 405


def credentials(world: Any, path: str) -> Any:
    """Whom the page logs in, with a look at whether it says so."""
    text = world.get(None, path).text
    found = json.loads(re.findall(r"const who = (.*);\n", text)[0])
    assert ("You are" in text) == bool(found)
    assert not found or f"You are {found['user']} in Data Center" in text
    assert ("Tempo Cloud;" in text or "Tempo Cloud, " in text) == ("token" in found)
    assert ("Jira Cloud;" in text) == ("api_token" in found)
    return found


@pytest.mark.parametrize("path", PAGES)
def test_the_page_logs_in_the_published_administrator(world: Any, path: str) -> None:
    fred = {"user": "fred", "password": "fred", **TOKENS_OF_FRED}
    assert credentials(world, path) == fred
    world.post("fred", "/sites/blue/jira/rest/tempo-teams/2/team", {"name": "Written"})
    assert credentials(world, path) == fred


def test_a_token_that_is_over_or_gone_is_not_given_out(world: Any) -> None:
    world.set_clock("2033-01-01")
    assert credentials(world, SERVLET).keys() == {"user", "password", "email", "api_token"}
    with world.site.store.transaction():
        world.site.store.run("DELETE FROM jira_api_tokens")
    assert credentials(world, SERVLET).keys() == {"user", "password"}


def test_another_scenario_has_another_administrator_or_none_that_is_known(world: Any, tmp_path: Path) -> None:
    folder = shutil.copytree(FIXTURES / "guide", tmp_path / "own")
    for name, scenario in (("bare", "empty"), ("own", str(folder))):
        assert world.post(None, "/_mock/sites", {"name": name, "scenario": scenario}).status == 201
    assert credentials(world, f"/sites/bare{SERVLET}") == {
        "user": "admin",
        "password": "admin",
        "email": "admin@example.org",
        "token": "demo-token-of-admin-not-a-secret",
        "api_token": "demo-jira-token-of-admin-not-a-secret",
    }
    assert credentials(world, f"/sites/own{SERVLET}") == {}


def test_nobody_is_logged_in_who_could_not_be(world: Any) -> None:
    world.post(None, "/_mock/sites", {"name": "bare", "scenario": "empty"})
    exported = world.get(None, "/sites/bare/_mock/export").body
    assert world.post(None, "/_mock/import", body=exported).status == 200
    assert credentials(world, SERVLET) == {}
    assert world.get("admin", "2/team").status == 200


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "</script><img src=x onerror=alert(1)>", "\"'&<b>", "<!--<script>", "\u2028"]
)
def test_markup_in_values_is_shown_and_not_run(world: Any, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    plain = Page(world.get(None, SERVLET).text)
    who = {"user": text, "password": text, "token": text, "email": text, "api_token": text}
    monkeypatch.setattr(rest_browser, "persona", lambda *_: who)
    answer = world.get(None, SERVLET).text
    shown = Page(answer)
    assert shown.tags == plain.tags
    assert len(shown.scripts) == len(plain.scripts)
    assert json.loads(re.findall(r"const who = (.*);\n", answer)[0]) == who
    assert "<" not in re.findall(r"const who = (.*);\n", answer)[0]


SIGHT = """return [...document.querySelectorAll(".opblock")].map(block => [
  block.querySelector(".opblock-summary-method").textContent, block.querySelector(".opblock-summary-path").dataset.path])"""
ONWARDS = """const end = window.scrollY + window.innerHeight >= document.documentElement.scrollHeight - 2;
window.scrollTo(0, end ? 0 : window.scrollY + window.innerHeight / 2)"""


def scrolled(browser: Any, until: Callable[[], Any]) -> Any:
    """What ``until`` answers as the page is scrolled on and on: only operations in sight are drawn."""
    from selenium.webdriver.support.ui import WebDriverWait

    def step(_: Any) -> Any:
        found = until()
        if not found:
            browser.execute_script(ONWARDS)
        return found

    return WebDriverWait(browser, LIMIT, poll_frequency=0.05).until(step)


def tried(browser: Any, path: str) -> tuple[str, str]:
    """The status and the text of the answer to a GET that a person tries with a click, with what the page has filled in."""
    selector = f'.opblock-get:has([data-path="{path}"])'
    operation = scrolled(browser, lambda: next(iter(browser.find_elements("css selector", selector)), None))
    browser.execute_script("arguments[0].scrollIntoView()", operation)
    operation.find_element("css selector", ".opblock-summary-control").click()
    awaited(browser, operation, ".execute")[0].click()
    [table] = awaited(browser, operation, ".live-responses-table")
    return table.find_element("css selector", "tbody .response-col_status").text.split()[0], table.text


@pytest.mark.slow
@pytest.mark.parametrize("path", [CONTROL_PAGE, f"/sites/blue{SERVLET}"])
def test_a_person_reads_and_tries_the_apis_in_a_browser(server: Callable[..., Any], browser: Any, path: str) -> None:
    url = server("--quiet", "--clock", "2013-11-15").url
    assert requests.post(f"{url}/_mock/sites", json={"name": "blue"}, timeout=LIMIT).status_code == 201
    root = "/sites/blue" if path.startswith("/sites/") else ""
    browser.get(url + path)
    whole = sum(len(group.endpoints) for group in every_group())
    shown: set[tuple[str, str]] = set()
    headings: set[str] = set()

    def all_seen() -> bool:
        shown.update(map(tuple, browser.execute_script(SIGHT)))
        headings.update(found.get_attribute("data-tag") for found in browser.find_elements("css selector", ".opblock-tag"))
        return len(shown) >= whole and len(headings) >= len(every_group())

    scrolled(browser, all_seen)
    assert len(shown) == whole
    assert ("PATCH", "/4/account-links/{link_id}/make-default") in shown
    assert headings == {group.title for group in every_group()}
    browser.execute_script("window.scrollTo(0, 0)")
    assert "You are fred" in browser.find_element("css selector", ".who").text
    browser.find_element("css selector", ".btn.authorize").click()
    [dialogue] = awaited(browser, browser, ".modal-ux")
    # Name and password of Data Center, a token of Tempo Cloud, address and token of Jira Cloud.
    assert len(dialogue.find_elements("css selector", ".auth-container")) == 5
    assert dialogue.text.count("Authorized") == 3
    assert "Username: fred" in dialogue.text
    assert "Username: fred@example.org" in dialogue.text
    dialogue.find_element("css selector", ".close-modal").click()
    for where, names in (
        ("/jira/rest/tempo-teams/1/team", ("GreenCloud", "Cloud Development")),
        ("/4/teams", ("GreenCloud", "Cloud Development")),
        ("/rest/api/3/myself", ("Fred Winston", TOKENS_OF_FRED["email"])),
    ):
        status, text = tried(browser, where)
        assert status == "200", (where, text)
        for name in names:
            assert name in text
    asked = asked_for(browser)
    assert {f"{url}{root}{where}" for where in ("/jira/rest/tempo-teams/1/team", "/rest/api/3/myself")} <= asked
    assert [address for address in asked if address.startswith(f"{url}{root}/4/teams")]
    assert f"{url}{path}/openapi.json" in asked
    assert [address for address in asked if not address.startswith(f"{url}/")] == []
    assert complaints(browser) == []
