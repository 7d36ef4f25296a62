"""Pages of time accounts and of runs in a browser: pressed by name, looked at in light, dark and on a phone.

Screenshots are kept below ``reports/sync-pages``.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from integration.page_server import PageServer
from integration.pages.frame import Frame
from integration.pages.routes import PAGES
from tests.mock_server.browsing import awaited, browser, complaints

from .worklog_home import WorklogHome

pytestmark = pytest.mark.slow

__all__ = ["browser"]
SHOTS = Path(__file__).parents[2] / "reports" / "sync-pages"
LOOKS = (("light", 1280, 900), ("dark", 1280, 900), ("light", 375, 812), ("dark", 375, 812))
BOB = "5b10a2844c20165700ede223"
CONTRACTS = "".join(
    f'\n[[contract]]\nperson = "{who}"\nfirst = 2020-01-01\nweek = [0, 8, 8, 8, 8, 8, 0]\n'
    for who in (BOB, "5b10a2844c20165700ede224")
)


@pytest.fixture
def served(tempo_server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, WorklogHome]]:
    """The pages of a sync that never ran, at an address with its key."""
    with tempo_server.world(scenario="guide", clock="2026-03-20T09:00Z") as world:
        home = WorklogHome(world, tmp_path, CONTRACTS)
        monkeypatch.setenv("TEMPO_TOKEN", world.token("viewer"))
        monkeypatch.setenv("JIRA_TOKEN", world.api_token("viewer"))
        frame = Frame(home.file, PAGES)
        server = PageServer(frame.application(), "127.0.0.1", 0)
        server.start()
        yield f"{server.url}/?key={frame.key}", home
        server.stop()


def looks(browser: Any, name: str) -> None:
    """It fits, axe finds nothing, and a picture is kept."""
    axe = pytest.importorskip("axe_core_python.selenium").Axe()
    SHOTS.mkdir(parents=True, exist_ok=True)
    for scheme, width, height in LOOKS:
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
        shot = browser.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True})
        (SHOTS / f"{name}-{scheme}-{width}.png").write_bytes(base64.b64decode(shot["data"]))
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width, f"{name} at {width}"
        told = [(v["id"], [node["html"][:150] for node in v["nodes"]]) for v in axe.run(browser)["violations"]]
        assert told == [], f"{name}, {scheme}, {width}"
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def press(browser: Any, selector: str, name: str) -> None:
    awaited(browser, browser, selector)
    found = [one for one in browser.find_elements("css selector", selector) if name in one.accessible_name]
    assert found, name
    browser.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", found[0])
    found[0].click()


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
