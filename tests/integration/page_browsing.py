"""The pages of the sync in headless Chromium: served to it, pressed by name, looked at in light, dark and on a phone.

Screenshots are kept below ``reports/sync-pages``.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from integration.page_server import PageServer
from integration.pages.frame import Frame
from integration.pages.routes import PAGES

from ..mock_server.browsing import awaited

SHOTS = Path(__file__).parents[2] / "reports" / "sync-pages"
LOOKS = (("light", 1280, 900), ("dark", 1280, 900), ("light", 375, 812), ("dark", 375, 812))


@pytest.fixture
def serve() -> Iterator[Callable[[Path], str]]:
    """Serves the pages of a configuration; answers the address with the key."""
    running: list[PageServer] = []

    def starts(config: Path) -> str:
        frame = Frame(config, PAGES)
        server = PageServer(frame.application(), "127.0.0.1", 0)
        server.start()
        running.append(server)
        return f"{server.url}/?key={frame.key}"

    yield starts
    for server in running:
        server.stop()


def press(browser: Any, selector: str, name: str) -> None:
    """Press what is called so."""
    awaited(browser, browser, selector)
    found = [e for e in browser.find_elements("css selector", selector) if name in e.accessible_name and e.is_displayed()]
    assert found, f"nothing is called {name}: {[e.accessible_name for e in browser.find_elements('css selector', selector)]}"
    browser.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", found[0])
    found[0].click()


def main(browser: Any) -> str:
    """What the page says, beside its menu."""
    return str(awaited(browser, browser, "main")[0].text)


def looks(browser: Any, name: str) -> None:
    """It fits, axe finds nothing, and a picture is kept, each way of looking at it."""
    axe = pytest.importorskip("axe_core_python.selenium").Axe()
    SHOTS.mkdir(parents=True, exist_ok=True)
    for scheme, width, height in LOOKS:
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        shot = browser.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True})
        (SHOTS / f"{name}-{scheme}-{width}.png").write_bytes(base64.b64decode(shot["data"]))
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width, f"{name} at {width}"
        found = axe.run(browser)["violations"]
        told = [(v["id"], [node["html"][:150] for node in v["nodes"]]) for v in found]
        assert told == [], f"{name}, {scheme}, {width}"
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
