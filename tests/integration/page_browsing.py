"""The pages of the sync in headless Chromium: served to it, pressed by name, looked at in light, dark and on a phone.

Screenshots are kept below ``reports/sync-pages``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from integration.page_server import PageServer
from integration.pages.frame import Frame
from integration.pages.routes import PAGES

from ..mock_server.browsing import LIMIT, awaited, looks_well
from ..mock_server.browsing import press as press

SHOTS = Path(__file__).parents[2] / "reports" / "sync-pages"


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


def main(browser: Any) -> str:
    """What the page says, beside its menu."""
    from selenium.common.exceptions import StaleElementReferenceException
    from selenium.webdriver.support.ui import WebDriverWait

    # A page may give way to the next one while it is read.
    waiting = WebDriverWait(browser, LIMIT, ignored_exceptions=(StaleElementReferenceException,))
    found: str = waiting.until(lambda _: awaited(browser, browser, "main")[0].text)
    return found


def looks(browser: Any, name: str) -> None:
    """It looks well each way of looking at it; the pictures are kept."""
    looks_well(browser, SHOTS, name)
