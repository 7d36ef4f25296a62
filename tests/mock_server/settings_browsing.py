"""Settings pages in headless Chromium: a served world, pressing what has a name, and pictures that are checked.

Screenshots are kept below ``reports/settings-pages``.
"""

import base64
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mock_server.app import Application, create_application
from mock_server.config import Options
from mock_server.moments import parse_moment
from mock_server.serve import Server

from .browsing import awaited

SHOTS = Path(__file__).parents[2] / "reports" / "settings-pages"
LOOKS = (("light", 1280, 900), ("dark", 1280, 900), ("light", 375, 812), ("dark", 375, 812))
BROKEN = """return [...document.querySelectorAll('.badge, .word')].filter(e => {
  const range = document.createRange();
  range.selectNodeContents(e);
  const lines = new Set([...range.getClientRects()].map(r => r.top));
  return !/[\\s-]/.test(e.textContent.trim()) && e.textContent.length < 14 && lines.size > 1;
}).map(e => e.textContent)"""
"""Short words that stand on two lines."""

CLIPBOARD = "const done = arguments[0]; navigator.clipboard.readText().then(done, error => done(String(error)))"


@pytest.fixture
def start() -> Iterator[Callable[..., tuple[str, Application]]]:
    """Serves a world on 15 November 2013."""
    running: list[tuple[Server, Application]] = []

    def starts(**options: Any) -> tuple[str, Application]:
        application, _ = create_application(Options(quiet=True, clock=parse_moment("2013-11-15T09:00Z"), **options))
        server = Server(application, "127.0.0.1", 0)
        server.start()
        running.append((server, application))
        return server.url, application

    yield starts
    for server, application in running:
        server.stop()
        application.close()


def one(browser: Any, selector: str) -> Any:
    return awaited(browser, browser, selector)[0]


def named(browser: Any, selector: str, name: str) -> Any:
    """The element whose name, as a screen reader says it, holds this one."""
    awaited(browser, browser, selector)
    found = [e for e in browser.find_elements("css selector", selector) if name in e.accessible_name and e.is_displayed()]
    assert found, f"nothing is called {name}: {[e.accessible_name for e in browser.find_elements('css selector', selector)]}"
    return found[0]


def press(browser: Any, selector: str, name: str) -> None:
    found = named(browser, selector, name)
    browser.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", found)
    found.click()


def looks(browser: Any, name: str) -> None:
    """Look at the page in light, dark and on a phone: it fits, axe finds nothing grave, and a picture is kept."""
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
        assert browser.execute_script(BROKEN) == [], f"{name} at {width}"
        found = axe.run(browser)["violations"]
        told = [(v["id"], [node["html"][:150] for node in v["nodes"]]) for v in found]
        assert told == [], f"{name}, {scheme}, {width}"
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def curl(url: str, token: str, path: str) -> tuple[int, str]:
    """Status and body, as somebody at a terminal would have them."""
    command = ["curl", "--silent", "--noproxy", "*", "--write-out", "\n%{http_code}", f"{url}{path}"]
    done = subprocess.run(
        [*command, "--header", f"Authorization: Bearer {token}"], capture_output=True, text=True, timeout=60, check=True
    )
    body, _, status = done.stdout.rpartition("\n")
    return int(status), body


def sign_in(browser: Any, url: str, name: str) -> None:
    browser.get(f"{url}/")
    press(browser, "a", "Settings pages")
    press(browser, "button.person", name)
    one(browser, "main h1")
