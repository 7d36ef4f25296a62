"""Pages in headless Chromium: the fixture ``browser``, and what it asked for and complained of."""

import base64
import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

LIMIT = 60
"""Seconds after which something that does not show up is given up."""

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--window-size=1400,2000"),
)

LOOKS = (("light", 1280, 900), ("dark", 1280, 900), ("light", 375, 812), ("dark", 375, 812))
BROKEN = """return [...document.querySelectorAll('.badge, .word')].filter(e => {
  const range = document.createRange();
  range.selectNodeContents(e);
  const lines = new Set([...range.getClientRects()].map(r => r.top));
  return !/[\\s-]/.test(e.textContent.trim()) && e.textContent.length < 14 && lines.size > 1;
}).map(e => e.textContent)"""
"""Short words that stand on two lines."""


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Chromium without a window, which tells what it asked for and what went wrong."""
    webdriver = pytest.importorskip("selenium.webdriver")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not chromium or not driver:
        pytest.skip("Chromium and its driver are needed: apt-get install chromium chromium-driver")
    # Never asks the network for a driver.
    monkeypatch.setenv("SE_OFFLINE", "true")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (*FLAGS, f"--user-data-dir={tmp_path / 'profile'}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    chrome = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    try:
        yield chrome
    finally:
        chrome.quit()


def awaited(browser: Any, inside: Any, selector: str) -> list[Any]:
    """The elements of a selector, as soon as there are any."""
    from selenium.webdriver.support.ui import WebDriverWait

    found: list[Any] = WebDriverWait(browser, LIMIT).until(lambda _: inside.find_elements("css selector", selector))
    return found


def asked_for(browser: Any) -> set[str]:
    """Every address that the browser asked the network for."""
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    urls = {m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"}
    urls |= {m["params"]["url"] for m in messages if m["method"] == "Network.webSocketCreated"}
    return {url for url in urls if not url.startswith(("data:", "blob:", "chrome:"))}


def complaints(browser: Any) -> list[str]:
    """What the browser's console holds of warnings and errors since it was asked last."""
    return [entry["message"] for entry in browser.get_log("browser") if entry["level"] in ("WARNING", "SEVERE")]


def named(browser: Any, selector: str, name: str) -> Any:
    """The element whose name, as a screen reader says it, holds this one."""
    awaited(browser, browser, selector)
    found = [e for e in browser.find_elements("css selector", selector) if name in e.accessible_name and e.is_displayed()]
    assert found, f"nothing is called {name}: {[e.accessible_name for e in browser.find_elements('css selector', selector)]}"
    return found[0]


def press(browser: Any, selector: str, name: str) -> None:
    """Press what is called so. A link or button that leads to another page has led there when this is over."""
    from selenium.common.exceptions import TimeoutException
    from selenium.webdriver.support.expected_conditions import staleness_of
    from selenium.webdriver.support.ui import WebDriverWait

    found = named(browser, selector, name)
    browser.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", found)
    leads_on = found.tag_name in ("a", "button")
    found.click()
    if leads_on:
        # What stays on its page, such as a button that copies, costs this second.
        with suppress(TimeoutException):
            WebDriverWait(browser, 1).until(staleness_of(found))


def looks_well(browser: Any, folder: Path, name: str) -> None:
    """In light, dark and on a phone: it fits, no short word is broken, axe finds nothing, and a picture is kept in a folder."""
    axe = pytest.importorskip("axe_core_python.selenium").Axe()
    folder.mkdir(parents=True, exist_ok=True)
    for scheme, width, height in LOOKS:
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        shot = browser.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True})
        (folder / f"{name}-{scheme}-{width}.png").write_bytes(base64.b64decode(shot["data"]))
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width, f"{name} at {width}"
        assert browser.execute_script(BROKEN) == [], f"{name} at {width}"
        found = axe.run(browser)["violations"]
        told = [(v["id"], [node["html"][:150] for node in v["nodes"]]) for v in found]
        assert told == [], f"{name}, {scheme}, {width}"
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
