"""The journal in a browser: one page that needs nothing else, shows what comes, and runs nothing that it shows."""

import base64
import hashlib
import re
from collections.abc import Callable
from typing import Any

import pytest
import requests

from mock_server.journal_page import page

from .test_rest_browser import LIMIT, Page, asked_for
from .test_rest_browser import browser as browser

JOURNAL = "/_mock/journal"
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (FIREFOX, "text/html"),
        ("text/html", "text/html"),
        ("application/json;q=0.5, text/html", "text/html"),
        (None, "application/json"),
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("text/html;q=0.5, application/json", "application/json"),
        ("text/html, application/json", "application/json"),
    ],
)
@pytest.mark.parametrize("path", [JOURNAL, f"{JOURNAL}/", f"/sites/blue{JOURNAL}"])
def test_who_prefers_a_page_gets_one(world: Any, path: str, accept: str | None, kind: str) -> None:
    world.post(None, "/_mock/sites", {"name": "blue"})
    answer = world.get(None, path, headers={"Accept": accept} if accept else {})
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith(kind)


def test_the_page_asks_nothing_of_anybody_else_and_runs_only_its_own_script(world: Any) -> None:
    world.post(None, "/_mock/sites", {"name": "blue"})
    answer = world.get(None, f"/sites/blue{JOURNAL}", headers={"Accept": FIREFOX})
    shown = Page(answer.text)
    assert [address for address in shown.addresses if not address.startswith("data:")] == []
    assert not re.findall(r"""https?:|["'(=]//|@import|url\(""", answer.text)
    assert "<b>blue</b>" in answer.text
    [script] = re.findall(r"<script>(.*)</script>", answer.text, re.DOTALL)
    [style] = re.findall(r"<style>(.*)</style>", answer.text, re.DOTALL)
    policy = answer.headers["Content-Security-Policy"]
    for text in (script, style):
        assert f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert not re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|style=|\son\w+=", answer.text)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("verdict", ["served", "remarks", "refused", "failed", "quiet", "text"])
def test_every_colour_can_be_read(scheme: str, verdict: str) -> None:
    style = page("x", "").text
    colours: dict[str, str] = {}
    for block in style.split("prefers-color-scheme: dark")[: 1 if scheme == "light" else 2]:
        colours |= dict(re.findall(r"--([\w-]+): (#\w{6})", block))
    grounds = [colours[f"{verdict}-ground"]] if f"{verdict}-ground" in colours else [colours["ground"], colours["bar"]]
    for ground in grounds:
        darker, lighter = sorted((luminance(colours[verdict]), luminance(ground)))
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (colours[verdict], ground)


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 has it."""
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


MARKUP = "<img src=x onerror=document.title='run'>"


@pytest.mark.slow
@pytest.mark.parametrize("prefix", ["", "/sites/blue"])
def test_a_person_watches_requests_come_and_looks_into_one(server: Callable[..., Any], browser: Any, prefix: str) -> None:
    from selenium.webdriver.support.ui import WebDriverWait

    url = server("--quiet", "--clock", "2013-11-15").url
    own = requests.Session()
    own.trust_env = False
    assert own.post(f"{url}/_mock/sites", json={"name": "blue"}, timeout=LIMIT).status_code == 201
    team = f"{url}{prefix}/jira/rest/tempo-teams/2/team"

    def until(script: str, value: Any) -> None:
        WebDriverWait(browser, LIMIT, poll_frequency=0.05).until(lambda _: browser.execute_script(f"return {script}") == value)

    rows = "document.querySelectorAll('#entries > li:not([hidden])').length"
    browser.get(f"{url}{prefix}{JOURNAL}")
    until("document.getElementById('nothing').hidden", False)
    own.get(f"{team}/3", auth=("fred", "fred"), timeout=LIMIT)
    own.get(f"{team}/3", auth=("greta", "greta"), timeout=LIMIT)
    own.post(team, auth=("fred", "fred"), json={"name": MARKUP, "password": "hidden"}, timeout=LIMIT)
    own.get(f"{url}{prefix}/4/{MARKUP}?token=hidden", timeout=LIMIT)
    until(rows, 4)
    newest, made, refused, served = browser.find_elements("css selector", "#entries > li")
    assert [row.find_element("css selector", ".number").text for row in (newest, made, refused, served)] == ["4", "3", "2", "1"]
    assert MARKUP in newest.text
    assert "?token=***" in newest.text
    assert refused.find_element("css selector", ".verdict.refused").text == "403 refused"
    assert served.find_element("css selector", ".verdict.served").text == "200 served"
    refused.find_element("css selector", "summary").click()
    until("document.querySelectorAll('.more').length", 1)
    assert "Browse Team" in refused.find_element("css selector", ".reasons").text
    made.find_element("css selector", "summary").click()
    until("document.querySelectorAll('.more pre').length > 1", True)
    assert MARKUP in made.find_element("css selector", "pre").text
    assert '"password": "***"' in made.find_element("css selector", "pre").text
    assert "hidden" not in browser.execute_script("return document.body.innerText")
    browser.find_element("id", "filter").send_keys("greta 403")
    until(rows, 1)
    assert "1 of 4 requests" in browser.find_element("id", "state").text
    browser.execute_script("const f = document.getElementById('filter'); f.value = ''; f.dispatchEvent(new Event('input'))")
    until(rows, 4)
    browser.find_element("id", "switch").click()
    until("document.getElementById('switch').textContent", "Switch on")
    browser.find_element("id", "empty").click()
    until(rows, 0)
    browser.find_element("id", "switch").click()
    until("document.getElementById('switch').textContent", "Switch off")
    own.get(f"{team}/3", auth=("fred", "fred"), timeout=LIMIT)
    until(rows, 1)
    assert browser.title == f"Journal of {'blue' if prefix else 'default'}"
    assert {address.partition("?")[0] for address in asked_for(browser)} == {f"{url}{prefix}{JOURNAL}"}
    assert [entry for entry in browser.get_log("browser") if entry["level"] in ("WARNING", "SEVERE")] == []
