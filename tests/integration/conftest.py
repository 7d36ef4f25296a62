"""A real fake server, a site of it for each test, and the command ``tempo-sync`` in a folder of its own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from integration.cli import main

from .scripted import Clock, Scripted, scripted

ROOT = Path(__file__).parents[2]
READY = "tempo-mock ready on "
SETTINGS = ("--set", "globalConfiguration.planApprovalEnabled=on")
LIMIT = 120
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
TEMPLATES = "".join(
    f'\n[[template]]\nissue = "{key}"\nmessage = "Back on [return date]."\n' for key in ("HR-1", "HR-2", "HR-3", "HR-4")
)


def token_of(who: str) -> str:
    """The demo token of Tempo that somebody of the scenario guide has."""
    return {
        "expired": "demo-token-that-expired-not-a-secret",
        "no_scopes": "demo-token-without-scopes-not-a-secret",
        "nobody": "demo-token-of-nobody-at-all",
    }.get(who, f"demo-token-of-{who}-not-a-secret")


@pytest.fixture(scope="session")
def fake() -> Iterator[str]:
    """The URL of a fake server with the scenario guide."""
    command = [sys.executable, "-m", "mock_server", "serve", "--port", "0", "--scenario", "guide", "--quiet", *SETTINGS]
    with subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        # Ends the wait for a ready line that never comes.
        guard = threading.Timer(LIMIT, process.kill)
        guard.start()
        try:
            address = next(line for line in process.stdout if line.startswith(READY)).removeprefix(READY).strip()
            guard.cancel()
            yield address
        finally:
            guard.cancel()
            process.terminate()
            process.wait(LIMIT)


class Site:
    """A world of one test. url: of Tempo's API and of Jira's."""

    def __init__(self, fake: str) -> None:
        made = _call("POST", f"{fake}/_mock/sites", {})
        self.url: str = made["url"]
        self._control: str = made["controlUrl"]
        self._address = f"{fake}/_mock/sites/{made['name']}"

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """A route of the fake's own."""
        return _call(method, f"{self._control}{path}", body)

    def tempo(self, method: str, path: str, body: Any = None, who: str = "absences") -> Any:
        """A call of Tempo's API."""
        return _call(method, f"{self.url}{path}", body, token_of(who))

    def end(self) -> None:
        """Gone with the test."""
        _call("DELETE", self._address)


@pytest.fixture
def site(fake: str) -> Iterator[Site]:
    """A site with the scenario guide, new for each test."""
    made = Site(fake)
    yield made
    made.end()


@dataclass(frozen=True)
class Said:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The result as JSON."""
        return json.loads(self.out)


class Command:
    """``tempo-sync`` in a folder of its own, in this process. Every word it says is kept in ``everything``."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.everything = ""
        self._patch, self._capsys = monkeypatch, capsys
        monkeypatch.chdir(folder)
        monkeypatch.setenv("JIRA_TOKEN", "demo-jira-token-of-fred-not-a-secret")

    def use(self, who: str) -> None:
        """The Tempo token of somebody is in the environment."""
        self._patch.setenv("TEMPO_TOKEN", token_of(who))

    def use_text(self, token: str) -> None:
        """This Tempo token is in the environment."""
        self._patch.setenv("TEMPO_TOKEN", token)

    def drop_token(self) -> None:
        """No Tempo token is in the environment."""
        self._patch.delenv("TEMPO_TOKEN")

    def use_jira(self, token: str) -> None:
        """The Jira token is in the environment."""
        self._patch.setenv("JIRA_TOKEN", token)

    def configure(self, url: str, more: str = TEMPLATES, jira_url: str | None = None) -> None:
        """Write a configuration for an address."""
        site = (
            f'tempo_url = "{url}"\njira_url = "{jira_url or url}"\njira_user = "fred@example.org"\nrequests_per_second = 1000\n'
        )
        (self.folder / "tempo-sync.toml").write_text(f"[site]\n{site}{more}", encoding="utf-8")

    def __call__(self, *arguments: str, typed: str = "", at_terminal: bool = False) -> Said:
        """Run it. typed: what stands on its standard input, which is no terminal unless told."""
        keys = io.StringIO(typed)
        self._patch.setattr(keys, "isatty", lambda: at_terminal)
        self._patch.setattr(sys, "stdin", keys)
        try:
            code = main(list(arguments))
        except SystemExit as end:
            code = int(end.code or 0)
        said = self._capsys.readouterr()
        self.everything += said.out + said.err
        return Said(code, said.out, said.err)


@pytest.fixture
def sync(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command, not configured yet; the token of ``absences`` is in the environment."""
    command = Command(tmp_path, monkeypatch, capsys)
    command.use("absences")
    return command


@pytest.fixture
def connected(sync: Command, site: Site) -> Command:
    """The command, configured for the site of the test."""
    sync.configure(site.url)
    return sync


Answers = Callable[[str, str], tuple[int, Mapping[str, str], bytes]]
"""Method and path -> status, headers, body."""


@pytest.fixture
def canned() -> Iterator[Callable[[Answers], str]]:
    """Starts servers that answer as a function says; answers their URL."""
    started: list[ThreadingHTTPServer] = []

    def start(answers: Answers) -> str:
        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                status, headers, body = answers(self.command, self.path)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = _answer  # noqa: N815

            def log_message(self, format: str, *arguments: Any) -> None:
                """Nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        started.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in started:
        server.shutdown()
        server.server_close()


def _call(method: str, url: str, body: Any = None, token: str | None = None) -> Any:
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(url, data, headers, method=method), timeout=LIMIT) as answer:
        content = answer.read()
    return json.loads(content) if content else None


@pytest.fixture
def clock() -> Clock:
    """A clock on which waiting takes no time."""
    return Clock()


@pytest.fixture
def server() -> Iterator[Scripted]:
    """A server that answers what a test tells it to."""
    with scripted() as served:
        yield served
