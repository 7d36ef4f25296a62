"""The home page of a world as the server writes it: who gets it, what is in it, and that nothing in a world becomes markup."""

import base64
import hashlib
import json
import re
import shlex
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from mock_server import __version__
from mock_server.home_page import MOST_SITES

from .conftest import basic
from .home_document import BROWSER, PERSONAS, Page, home

Make = Callable[..., Any]
PUBLIC = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "tempo.example", "X-Forwarded-Port": "8443",
          "X-Forwarded-Prefix": "/mock"}  # fmt: skip
# Who gets it.


@pytest.mark.parametrize("path", ["/", "/sites/blue", "/sites/blue/"])
@pytest.mark.parametrize(
    ("accept", "is_page"),
    [
        (BROWSER, True),
        ("text/html", True),
        ("*/*", False),
        (None, False),
        ("", False),
        ("application/json", False),
        ("text/plain", False),
        ("text/plain, text/html;q=0.5", False),
        ("text/html;q=0", False),
        ("text/html;q=0, */*", False),
    ],
)
def test_browsers_get_the_page_and_everybody_else_plain_text(world: Any, path: str, accept: str | None, is_page: bool) -> None:
    world.post(None, "/_mock/sites", {"name": "blue"})
    answer = world.get(None, path, headers={} if accept is None else {"Accept": accept})
    assert answer.status == 200
    assert answer.headers["Vary"] == "Accept"
    assert answer.headers["Content-Type"] == f"text/{'html' if is_page else 'plain'}; charset=utf-8"
    assert answer.text.startswith("<!doctype html>") is is_page
    assert "Unofficial, stateful, offline" in answer.text or is_page
    assert world.call("HEAD", None, path, headers={"Accept": BROWSER}).body == b""
    assert world.application.sites.get("blue").is_written is False


def test_the_page_runs_and_fetches_nothing_but_its_own(world: Any) -> None:
    answer = world.get(None, "/", headers={"Accept": BROWSER})
    page = Page(answer.text)
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    for tag, directive in (("script", "script-src"), ("style", "style-src")):
        [text] = page.texts[tag]
        assert len(text) > 1000
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert policy.pop(directive) == f"'sha256-{digest}'"
    assert policy == {
        **dict.fromkeys(("default-src", "base-uri", "form-action", "frame-ancestors"), "'none'"),
        "connect-src": "'self'",
        "img-src": "data:",
    }
    assert not [name for _, values in page.attributes for name in values if name.startswith("on") or name in ("src", "style")]
    assert [value for tag, value in page.attributes if tag == "link"] == [{"rel": "icon", "href": "data:,"}]
    elsewhere = [value for value in page.values("href") if not value.startswith(("#", "/", "data:,"))]
    assert elsewhere == []
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_document_can_be_read_by_everybody(world: Any) -> None:
    world.post(None, "/_mock/sites", {"name": "blue"})
    page = home(world)
    assert Counter(page.tags)["h1"] == Counter(page.tags)["main"] == Counter(page.tags)["header"] == 1
    levels = [int(tag[1]) for tag in page.tags if re.fullmatch("h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    for name in ("aria-labelledby", "aria-describedby", "for"):
        assert set(page.values(name)) <= set(ids)
    assert {href[1:] for href in page.values("href") if href.startswith("#")} <= set(ids)
    fields = [values["id"] for tag, values in page.attributes if tag in ("input", "select")]
    assert set(fields) == set(page.values("for"))
    assert all("aria-labelledby" in values for tag, values in page.attributes if tag == "section")
    assert all(values.get("scope") in ("col", "row") for tag, values in page.attributes if tag == "th")
    assert page.tags.count("caption") == page.tags.count("table") == 4
    labels = [values["aria-label"] for tag, values in page.attributes if tag == "button" and "data-copy" in values]
    assert len(labels) == len(set(labels)) > 30, "each copy button says what it copies"
    [(_, html)] = [found for found in page.attributes if found[0] == "html"]
    assert html == {"lang": "en"}


# What is in it.


@pytest.mark.parametrize(
    ("path", "root", "headers"),
    [
        ("/", "http://localhost", {}),
        ("/sites/blue/", "http://localhost/sites/blue", {}),
        ("/", "https://tempo.example:8443/mock", PUBLIC),
        ("/sites/blue", "https://tempo.example:8443/mock/sites/blue", PUBLIC),
    ],
)
def test_addresses_are_those_of_the_world_that_was_asked(
    make_world: Make, path: str, root: str, headers: dict[str, str]
) -> None:
    world = make_world(trust_forwarded=True, open_control=True)
    world.post(None, "/_mock/sites", {"name": "blue"})
    page = home(world, path, **headers)
    bases = [page.copied[index] for index in (0, 2, 4, 6)]
    assert bases == [f"{root}/4", root, f"{root}/jira", f"{root}/jira"]
    named = re.findall(r"https?://[^/\s\"]+", " ".join(page.copied + page.texts["pre"]))
    assert set(named) == {re.sub(r"(?<=[^/:])/.*", "", root)}
    below = re.sub(r"^https?://[^/]+", "", root)
    local = [href for href in page.values("href") if href.startswith("/")]
    assert f"{below}/jira/plugins/servlet/restbrowser" in local
    assert f"{below}/_mock/settings" in local
    assert f"{below.removesuffix('/sites/blue')}/sites/blue/" in local
    assert f"{below.removesuffix('/sites/blue')}/" in local
    assert page.values("data-control") == [f"{below}/_mock"]
    assert page.texts["dd"][2] == ("blue" if "blue" in path else "default")


@pytest.mark.parametrize("path", ["/", "/sites/blue/"])
@pytest.mark.parametrize("scenario", ["guide", "empty"])
def test_the_curl_lines_work_as_they_stand(world: Any, path: str, scenario: str) -> None:
    world.post(None, "/_mock/sites", {"name": "blue", "scenario": scenario})
    lines = [shlex.split(text) for text in home(world, path).copied if text.startswith("curl ")]
    assert len(lines) == 4
    for _, option, value, url in lines:
        credentials = {"Authorization": f"Basic {base64.b64encode(value.encode()).decode()}"}
        if option == "-H":
            credentials = dict([value.split(": ", 1)])
        assert world.get(None, url.removeprefix("http://localhost"), headers=credentials).status == 200, url


def test_the_facts_of_a_world_in_memory(world: Any) -> None:
    page = home(world)
    assert dict(zip(page.texts["dt"], page.texts["dd"], strict=True)).items() >= {
        "Version": __version__, "Scenario": "guide", "Site": "default", "Data": "in memory, gone when the server stops",
    }.items()  # fmt: skip
    assert "curl -X POST http://localhost/_mock/reset" in page.texts["pre"][1].splitlines()
    lede = " ".join(page.texts["p"][0].split())
    for word in ("unofficial", "stateful", "offline", "not affiliated with Tempo or Atlassian"):
        assert word in lede


def test_a_world_in_a_file_says_where_and_asks_before_it_is_lost(make_world: Make, tmp_path: Path) -> None:
    file = tmp_path / "world.db"
    world = make_world(database=file)
    world.post(None, "/_mock/sites", {"name": "blue"})
    page = home(world)
    assert f"kept in {file}" in page.texts["dd"]
    [reset] = [values for _, values in page.attributes if values.get("id") == "reset"]
    assert json.loads(reset["data-body"]) == {"confirm": True}
    assert "database file is lost" in reset["data-ask"]
    curls = [line for text in page.texts["pre"] for line in text.splitlines()]
    assert "curl -X POST http://localhost/_mock/reset?confirm=true" in curls
    assert "in memory, gone when the server stops" in home(world, "/sites/blue/").texts["dd"]
    elsewhere = Page(world.get(None, "/", headers={"Accept": BROWSER}, environ={"REMOTE_ADDR": "192.0.2.7"}).text)
    assert "kept in a database file" in elsewhere.texts["dd"]


def test_without_control_the_page_says_so_and_knows_no_such_address(make_world: Make) -> None:
    world = make_world(control=False)
    answer = world.get(None, "/", headers={"Accept": BROWSER})
    page = Page(answer.text)
    assert "_mock" not in answer.text
    assert "--no-control" in answer.text
    assert page.values("data-path") == []
    assert page.values("data-control") == [""]
    assert list(page.personas) == PERSONAS


@pytest.mark.parametrize(
    ("is_open", "address", "host", "is_shown"),
    [
        (False, "127.0.0.1", "localhost:8090", True),
        (False, "192.0.2.7", "localhost:8090", False),
        (False, "127.0.0.1", "evil.example", False),
        (True, "192.0.2.7", "tempo.example", True),
    ],
)
def test_whoever_the_control_routes_do_not_answer_sees_nothing_of_theirs(
    make_world: Make, is_open: bool, address: str, host: str, is_shown: bool
) -> None:
    world = make_world(open_control=is_open)
    world.post(None, "/_mock/sites", {"name": "hidden-site"})
    answer = world.get(None, "/", headers={"Accept": BROWSER, "Host": host}, environ={"REMOTE_ADDR": address})
    assert ("hidden-site" in answer.text) is is_shown
    assert ("/_mock/" in answer.text) is is_shown
    assert ("--open-control" in answer.text) is not is_shown


# Clock and sites.


def test_the_clock_is_told_as_it_stands(world: Any) -> None:
    world.set_clock("2013-11-15T09:30:01Z")
    for change, said, is_running in (
        ({"frozen": True}, "It stands still.", False),
        ({"frozen": False}, "It runs on from where it was set.", True),
        ({"now": None}, "It runs and follows the system.", True),
    ):
        world.put(None, "/_mock/clock", change)
        page = home(world)
        [time] = [values for tag, values in page.attributes if tag == "time"]
        assert ("data-runs" in time) is is_running
        assert any(said in text for text in page.texts["p"])
        if "frozen" in change:
            assert page.texts["time"][0].startswith("2013-11-15 09:30")
    [follow] = [values for _, values in page.attributes if values.get("id") == "follow"]
    assert "disabled" in follow


def test_sites_are_listed_up_to_a_number_and_always_the_present_one(world: Any) -> None:
    for number in range(MOST_SITES + 5):
        world.post(None, "/_mock/sites", {"name": f"n{number}"})
    world.post(None, "/sites/n54/jira/rest/tempo-teams/2/team", {"name": "x"}, headers={"Authorization": basic("fred")})
    rows = [row for row in home(world, "/sites/n0/").rows if len(row) == 4]
    assert [row[0] for row in rows] == ["Site", "default", "n0 (this one)", *(f"n{n}" for n in range(6, 55))]
    assert [row[2] for row in rows[1:]] == [*["as it began"] * 50, "changed"]
    page = home(world)
    assert any("And 6 older ones" in text for text in page.texts["p"])
    assert "Delete the site n54" in page.values("aria-label")
    assert "Delete the site default" not in page.values("aria-label")
