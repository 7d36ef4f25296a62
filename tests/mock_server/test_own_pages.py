"""Newcomers find every page of the fake from every other, and from the console; none that does not answer them."""

from collections.abc import Callable
from typing import Any

import pytest

from mock_server.greeting import greeting
from mock_server.own_pages import CONTROL, JOURNAL, OPENAPI, REST_BROWSER

from .page_visitor import Document, Visitor

BROWSER = {"Accept": "text/html"}
ALWAYS = ("/", "/settings/", REST_BROWSER, OPENAPI)
PAGES = ("/", REST_BROWSER, f"{CONTROL}/api", JOURNAL, "/settings/sign-in", "/settings/no-such-page")
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}


def links(page: Any) -> set[str]:
    return set(Document(page.text).values("a", "href"))


@pytest.mark.parametrize("prefix", ["", "/sites/blue"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_leads_to_all_others(world: Any, path: str, prefix: str) -> None:
    world.post(None, "/_mock/sites", {"name": "blue"})
    found = links(world.get(None, prefix + path, headers=BROWSER))
    here = REST_BROWSER if path == f"{CONTROL}/api" else path
    assert {prefix + other for other in (*ALWAYS, JOURNAL) if other != here} <= found
    for address in sorted(link for link in found if link.startswith("/")):
        assert world.get(None, address, headers=BROWSER).status in (200, 303), address


def test_pages_of_whoever_is_signed_in_lead_to_all_others(world: Any) -> None:
    visitor = Visitor(world)
    visitor.sign_in("fred")
    assert {*ALWAYS, JOURNAL} <= set(Document(visitor.get("/api-integration").text).values("a", "href"))


@pytest.mark.parametrize(
    ("options", "environ", "has_control"),
    [({}, {}, True), ({}, ELSEWHERE, False), ({"open_control": True}, ELSEWHERE, True), ({"control": False}, {}, False)],
)
@pytest.mark.parametrize("path", ["/", REST_BROWSER, "/settings/sign-in", "/settings/no-such-page"])
def test_the_journal_is_offered_to_whom_it_answers(
    make_world: Callable[..., Any], path: str, options: Any, environ: Any, has_control: bool
) -> None:
    found = links(make_world(**options).get(None, path, headers=BROWSER, environ=environ))
    assert (JOURNAL in found) is has_control
    assert {other for other in ALWAYS if other != path} <= found


@pytest.mark.parametrize("has_control", [True, False])
def test_the_console_and_the_plain_page_lead_to_all(make_world: Callable[..., Any], has_control: bool) -> None:
    world = make_world(control=has_control)
    told = greeting(world.site, 8090, "scenario guide", {}, has_control=has_control)
    page = world.get(None, "/").text
    for path in ALWAYS[1:]:
        assert f"http://localhost:8090{path}\n" in told
        assert f"http://localhost{path}\n" in page
    assert "http://localhost:8090/ " in told
    assert (JOURNAL in told) is (JOURNAL in page) is has_control


def test_what_is_not_there_says_where_to_look(world: Any) -> None:
    assert "see http://localhost/ for what is" in world.get(None, "/nowhere").text
