"""Settings pages in headless Chromium: a served world, pressing what has a name, and pictures that are checked.

Screenshots are kept below ``reports/settings-pages``.
"""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mock_server.app import Application, create_application
from mock_server.config import Options
from mock_server.moments import parse_moment
from mock_server.serve import Server

from .browsing import awaited, looks_well, press
from .browsing import named as named

SHOTS = Path(__file__).parents[2] / "reports" / "settings-pages"

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


def looks(browser: Any, name: str) -> None:
    """It looks well each way of looking at it; the pictures are kept."""
    looks_well(browser, SHOTS, name)


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
