"""A real fake server to judge, servers in front of it that lie in one point, and the suite's command as users run it."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import threading
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

ROOT = Path(__file__).parents[2]
TARGET = ROOT / "fixtures" / "guide" / "target.toml"
READY = "tempo-mock ready on "
SETTINGS = ("--set", "globalConfiguration.planApprovalEnabled=on")
"""What the checks need and the scenario leaves off."""
LIMIT = 120
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}


@dataclass(frozen=True)
class Ask:
    """A request on its way through a liar. path: with its query."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """An answer on its way back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    def saying(self, content: object) -> Reply:
        """The same answer with another JSON body."""
        return replace(self, body=json.dumps(content).encode())


Forward = Callable[[Ask], Reply]
Lie = Callable[[Ask, Forward], Reply]


@dataclass
class Verdict:
    """What a run of the suite came to. outcomes: check with parameters -> passed, failed, error or skipped."""

    code: int
    output: str
    outcomes: dict[str, str] = field(default_factory=dict)
    properties: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def failed(self) -> set[str]:
        """The names of the functions with a failure, without parameters."""
        return {name.partition("[")[0] for name, outcome in self.outcomes.items() if outcome in ("failed", "error")}


Judge = Callable[..., Verdict]


@pytest.fixture(scope="session")
def fake() -> Iterator[str]:
    """The URL of a fake server with the scenario guide."""
    command = [sys.executable, "-m", "mock_server", "serve", "--port", "0", "--scenario", "guide", "--quiet", *SETTINGS]
    with subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield next(line for line in process.stdout if line.startswith(READY)).removeprefix(READY).strip()
        finally:
            process.terminate()
            process.wait(LIMIT)


@pytest.fixture
def planned_left() -> Callable[[str], list[str]]:
    """What a run left on a fake: its plans and schemes by name, and kinds of schemes whose default a persona is not in."""
    headers = {"Authorization": "Bearer demo-token-of-fred-not-a-secret"}

    def asked(url: str, path: str) -> Any:
        answer = requests.get(f"{url}/4/{path}", headers=headers, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def left(url: str) -> list[str]:
        found = [f"plan {plan['id']}" for plan in asked(url, "plans?from=2035-01-01&to=2060-01-01")["results"]]
        for kind in ("workload-schemes", "holiday-schemes"):
            found += [f"{kind} {row['name']}" for row in asked(url, kind)["results"] if "conformance" in row["name"]]
            if not asked(url, f"{kind}/users/5b10a2844c20165700ede223")["defaultScheme"]:
                found.append(f"bob is not in his of {kind}")
        return found

    return left


@pytest.fixture
def lying() -> Iterator[Callable[[str, Lie], str]]:
    """Starts a server in front of another that lies; returns its URL."""
    started: list[tuple[ThreadingHTTPServer, threading.Thread]] = []

    def start(honest: str, lie: Lie) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(honest, lie))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        started.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server, thread in started:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(honest: str, lie: Lie) -> type[BaseHTTPRequestHandler]:
    place = urlsplit(honest)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body leave in one packet: two would wait 40 ms for an acknowledgement
        disable_nagle_algorithm = True

        def setup(self) -> None:
            super().setup()
            self.upstream = http.client.HTTPConnection(place.hostname or "", place.port, timeout=LIMIT)

        def finish(self) -> None:
            self.upstream.close()
            super().finish()

        def _forward(self, ask: Ask) -> Reply:
            self.upstream.request(ask.method, ask.path, body=ask.body or None, headers=dict(ask.headers))
            answer = self.upstream.getresponse()
            kept = {name: value for name, value in answer.getheaders() if name.lower() not in HOP_BY_HOP}
            return Reply(answer.status, kept, answer.read())

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            sent = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
            reply = lie(Ask(self.command, self.path, sent, body), self._forward)
            self.send_response_only(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.status != 204:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - http.server's names

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing: pytest shows what matters."""

    return Handler


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """Runs `conformance server` against a URL and returns the verdict."""

    def run(url: str, *options: str, target: Path = TARGET, cwd: Path = tmp_path) -> Verdict:
        report = tmp_path / "report.xml"
        report.unlink(missing_ok=True)
        command = [sys.executable, "-m", "conformance", "server", "--tempo-url", url, "--target", str(target)]
        done = subprocess.run(
            [*command, f"--junitxml={report}", *options],
            cwd=cwd,
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        verdict = Verdict(done.returncode, done.stdout)
        if report.exists():
            for case in ElementTree.parse(report).iter("testcase"):
                name = case.get("name", "")
                kinds = [kind for kind in ("failure", "error", "skipped") if case.find(kind) is not None]
                verdict.outcomes[name] = {"failure": "failed"}.get(kinds[0], kinds[0]) if kinds else "passed"
                verdict.properties[name] = {item.get("name", ""): item.get("value", "") for item in case.iter("property")}
        return verdict

    return run
