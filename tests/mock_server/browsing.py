"""Pages in headless Chromium: the fixture ``browser``, and what it asked for and complained of."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

LIMIT = 60
"""Seconds after which something that does not show up is given up."""

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--window-size=1400,2000"),
)


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
