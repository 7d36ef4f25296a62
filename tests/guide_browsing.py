"""Guides played as users play them: both commands as processes of their own, one browser, curl, and a picture of each stage.

Screenshots are kept below ``reports/guides``.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from .mock_server.browsing import awaited, named

ROOT = Path(__file__).parents[1]
SHOTS = ROOT / "reports" / "guides"
LIMIT = 120
"""Seconds after which a command that says nothing is ended."""


@contextmanager
def running(*command: str, says: str, folder: Path, **variables: str) -> Iterator[str]:
    """A command of this project as a process; gives what stands behind ``says`` on its first line that begins so."""
    clean = {name: value for name, value in os.environ.items() if name not in ("TEMPO_TOKEN", "JIRA_TOKEN")}
    environment = {**clean, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **variables}
    started = [sys.executable, "-m", *command]
    with subprocess.Popen(started, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        guard = threading.Timer(LIMIT, process.kill)
        guard.start()
        try:
            found = next(line for line in process.stdout if line.startswith(says))
            guard.cancel()
            yield found.removeprefix(says).strip()
        finally:
            guard.cancel()
            process.terminate()
            process.wait(LIMIT)


class Fake:
    """``tempo-mock serve``, and what one does with it at a terminal."""

    def __init__(self, url: str) -> None:
        self.url = url

    def curl(self, method: str, path: str, body: Any = None, token: str = "") -> tuple[int, Any]:
        """Status and JSON, None where the body is none."""
        command = ["curl", "--silent", "--show-error", "--noproxy", "*", "--request", method, f"{self.url}{path}"]
        command += ["--header", "Content-Type: application/json", "--write-out", "\n%{http_code}"]
        command += ["--header", f"Authorization: Bearer {token}"] if token else []
        command += ["--data", json.dumps(body)] if body is not None else []
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=True)
        answered, _, status = done.stdout.rpartition("\n")
        return int(status), json.loads(answered) if answered.startswith(("{", "[")) else None


class Sync:
    """``tempo-sync`` in a folder of its own."""

    def __init__(self, folder: Path, fake: Fake, issues_with_templates: tuple[str, ...] = ()) -> None:
        self.folder = folder
        site = ("--tempo-url", fake.url, "--jira-url", fake.url, "--jira-user", "fred@example.org")
        self.run("init", *site)
        file = folder / "tempo-sync.toml"
        templates = (f'\n[[template]]\nissue = "{key}"\nmessage = "Back on [return date]."\n' for key in issues_with_templates)
        # There is nobody here who allows five a second only.
        text = file.read_text(encoding="utf-8").replace("requests_per_second = 5.0", "requests_per_second = 1000")
        file.write_text(text + "".join(templates), encoding="utf-8")

    def run(self, *arguments: str) -> str:
        """What a command says on its standard output; it is to end well."""
        command = [sys.executable, "-m", "integration", *arguments]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=LIMIT, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @contextmanager
    def served(self) -> Iterator[str]:
        """``tempo-sync serve``: its address, with the key in it."""
        serve = ("integration", "serve", "--port", "0")
        token = "demo-jira-token-of-fred-not-a-secret"
        with running(*serve, says="tempo-sync pages: ", folder=self.folder, JIRA_TOKEN=token) as address:
            yield address


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[Fake]:
    """The fake as a user starts it."""
    command = ("mock_server", "serve", "--port", "0", "--quiet", "--scenario", "guide")
    with running(*command, says="tempo-mock ready on ", folder=tmp_path) as url:
        yield Fake(url)


def press(browser: Any, selector: str, name: str) -> None:
    """Press what is called so; links and buttons lead to a page, which is awaited."""
    found = named(browser, selector, name)
    browser.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", found)
    if found.tag_name not in ("a", "button"):
        found.click()
        return
    browser.execute_script("window.isLeft = true")
    found.click()
    arrived(browser)


def arrived(browser: Any) -> None:
    """Wait until another page than the one that is left is there as a whole."""
    from selenium.webdriver.support.ui import WebDriverWait

    WebDriverWait(browser, LIMIT).until(
        lambda _: browser.execute_script("return !window.isLeft && document.readyState === 'complete'")
    )


def fill(browser: Any, name: str, text: str) -> None:
    """Type into the field that is called so, over what is there."""
    field = named(browser, "main input", name)
    field.clear()
    field.send_keys(text)


def main(browser: Any) -> str:
    """What the page says, beside its menu."""
    return str(awaited(browser, browser, "main")[0].text)


def told(browser: Any) -> str:
    """The notices above the page."""
    return " ".join(notice.text for notice in awaited(browser, browser, "[role=status]"))


def row(browser: Any, *words: str) -> str:
    """The row of a table that holds these words."""
    rows = [line.text for line in awaited(browser, browser, "main tbody tr")]
    found = [line for line in rows if all(word in line for word in words)]
    assert found, f"no row has {words}: {rows}"
    return str(found[0])


def stage(browser: Any, name: str) -> None:
    """A picture of a stage, in which axe finds nothing."""
    axe = pytest.importorskip("axe_core_python.selenium").Axe()
    SHOTS.mkdir(parents=True, exist_ok=True)
    shot = browser.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True})
    (SHOTS / f"{name}.png").write_bytes(base64.b64decode(shot["data"]))
    assert [(v["id"], [node["html"][:150] for node in v["nodes"]]) for v in axe.run(browser)["violations"]] == [], name


def sign_in(browser: Any, fake: Fake, name: str) -> None:
    """Be somebody on the settings pages of the fake; whoever is signed in signs out."""
    browser.get(f"{fake.url}/settings/")
    if browser.find_elements("css selector", "form[action$='/sign-out']"):
        press(browser, "button", "Sign out")
    press(browser, "button.person", name)
    awaited(browser, browser, "nav.side")


def to_page(browser: Any, fake: Fake, section: str, title: str) -> None:
    """Open a settings page from its section in the sidebar."""
    browser.get(f"{fake.url}/settings/")
    for part in awaited(browser, browser, "nav.side ul"):
        if part.accessible_name == section:
            browser.execute_script("window.isLeft = true")
            part.find_element("link text", title).click()
            arrived(browser)
            return
    raise AssertionError(f"there is no section {section}")
