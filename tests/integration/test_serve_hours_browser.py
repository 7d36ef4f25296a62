"""Pages of time accounts and of runs in a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ..mock_server.browsing import awaited, browser, complaints
from .page_browsing import looks, press, serve
from .worklog_home import WorklogHome

pytestmark = pytest.mark.slow

__all__ = ["browser", "serve"]
BOB = "5b10a2844c20165700ede223"
CONTRACTS = "".join(
    f'\n[[contract]]\nperson = "{who}"\nfirst = 2020-01-01\nweek = [0, 8, 8, 8, 8, 8, 0]\n'
    for who in (BOB, "5b10a2844c20165700ede224")
)


@pytest.fixture
def served(
    tempo_server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, serve: Callable[[Path], str]
) -> Iterator[tuple[str, WorklogHome]]:
    """The pages of a sync that never ran, at an address with its key."""
    with tempo_server.world(scenario="guide", clock="2026-03-20T09:00Z") as world:
        home = WorklogHome(world, tmp_path, CONTRACTS)
        monkeypatch.setenv("TEMPO_TOKEN", world.token("viewer"))
        monkeypatch.setenv("JIRA_TOKEN", world.api_token("viewer"))
        yield serve(home.file), home


def read_now(browser: Any, url: str) -> None:
    """Begin a run and wait until its page says that it is over."""
    browser.get(f"{url}/runs")
    press(browser, "button", "Read worklogs now")
    awaited(browser, browser, ".card .badge")


def test_from_never_read_to_fallback_and_back(browser: Any, served: tuple[str, WorklogHome]) -> None:
    address, home = served
    url = address.partition("/?")[0]
    browser.get(address)
    press(browser, ".side a", "Time accounts")
    looks(browser, "time-accounts-never-read")
    press(browser, "main a", "Last runs")
    looks(browser, "runs-none")
    read_now(browser, url)
    looks(browser, "run-now")
    press(browser, "main a", "Time accounts")
    browser.get(f"{url}/time-accounts?from=2026-01-01&to=2026-03-20")
    looks(browser, "time-accounts")
    press(browser, "table.hours a", "Bob")
    assert browser.execute_script("return document.querySelector('.chart img').naturalWidth") > 300
    press(browser, "summary", "as a table")
    looks(browser, "time-accounts-person")
    browser.get(browser.find_element("css selector", ".chart img").get_attribute("src"))
    assert browser.execute_script("return getComputedStyle(document.querySelector('.p')).fill") == "rgb(255, 255, 255)"
    home.world.faults.arm({"status": 401}, path="/4/")
    read_now(browser, url)
    looks(browser, "run-now-fallback")
    browser.get(f"{url}/time-accounts?from=2013-01-01&to=2026-03-20")
    assert "How it ends" in browser.find_element("css selector", ".alarm").text
    looks(browser, "time-accounts-fallback")
    browser.get(f"{url}/runs")
    looks(browser, "runs")
    press(browser, "table a", "UTC")
    looks(browser, "past-run")
    browser.get(f"{url}/access/worklogs")
    looks(browser, "access-worklogs")
    home.world.faults.disarm_all()
    read_now(browser, url)
    assert not browser.find_elements("css selector", ".alarm")
    assert complaints(browser) == []
