"""Microseconds of the processor for one request as a WSGI call: no sockets, so that fake and bare Flask can be told apart."""

import base64
import gc
import io
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask

from bench.subjects import FIFTY, guide_with_fifty
from mock_server.app import create_application
from mock_server.config import Options

ROUNDS = 5
REQUESTS = 1000
TEAMS = "/jira/rest/tempo-teams"


def environ(method: str, path: str, body: bytes = b"") -> dict[str, Any]:
    """A WSGI environ of fred's."""
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SCRIPT_NAME": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8090",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost:8090",
        "HTTP_AUTHORIZATION": "Basic " + base64.b64encode(b"fred:fred").decode(),
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.errors": io.StringIO(),
        "wsgi.input": io.BytesIO(body),
    }


def call(application: Callable[..., Any], method: str, path: str, body: bytes = b"") -> bytes:
    """One request. Raises ``RuntimeError`` unless it is answered with a 2xx."""
    seen: list[str] = []

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        seen.append(status)

    answer = b"".join(application(environ(method, path, body), start))
    if not seen[0].startswith("2"):
        raise RuntimeError(f"{method} {path}: {seen[0]} {answer[:200]!r}")
    return answer


def microseconds(one: Callable[[], object], requests: int = REQUESTS) -> float:
    """The best of several rounds of so many requests, per request; what others on the machine do does not count."""
    best = float("inf")
    one()
    gc.collect()
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(requests):
            one()
        best = min(best, (time.process_time() - began) / requests)
    return best * 1e6


def bare_flask() -> Flask:
    """A Flask with one view."""
    app = Flask("bare")

    @app.get("/hello")
    def hello() -> str:
        return "hello"

    return app


def measure() -> dict[str, float]:
    """Name of a request -> microseconds, the bare Flask's among them."""
    bare = bare_flask()
    with tempfile.TemporaryDirectory() as folder:
        application, _ = create_application(Options(scenario=str(guide_with_fifty(Path(folder))), quiet=True))
    body = json.dumps({"name": "Bench", "summary": "made by the benchmark", "lead": "john"}).encode()
    found = {
        "bare Flask hello": microseconds(lambda: call(bare.wsgi_app, "GET", "/hello")),
        "GET one team": microseconds(lambda: call(application, "GET", f"{TEAMS}/1/team/3")),
        "member list of 50": microseconds(lambda: call(application, "GET", f"{TEAMS}/2/team/{FIFTY}/member")),
        "POST team": microseconds(lambda: call(application, "POST", f"{TEAMS}/1/team", body)),
    }
    application.close()
    return found
