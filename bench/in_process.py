"""Microseconds of the processor for one request as a WSGI call: no sockets, so that fake and bare Flask can be told apart."""

import gc
import io
import json
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flask import Flask

from bench.subjects import FIFTY, FREDS, guide_with_fifty
from mock_server.app import create_application
from mock_server.config import Options

ROUNDS = 20
REQUESTS = 250
BEST_OF = 5
VIEWERS_TOKEN = "Bearer demo-token-of-viewer-not-a-secret"
TEAMS = "/jira/rest/tempo-teams"


def environ(method: str, address: str, body: bytes = b"", authorization: str = FREDS) -> dict[str, Any]:
    """A WSGI environ; ``address`` is a path with its query."""
    path, _, query = address.partition("?")
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SCRIPT_NAME": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8090",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost:8090",
        "HTTP_AUTHORIZATION": authorization,
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


def call(application: Callable[..., Any], method: str, address: str, body: bytes = b"", authorization: str = FREDS) -> bytes:
    """One request. Raises ``RuntimeError`` unless it is answered with a 2xx."""
    seen: list[str] = []

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        seen.append(status)

    answer = b"".join(application(environ(method, address, body, authorization), start))
    if not seen[0].startswith("2"):
        raise RuntimeError(f"{method} {address}: {seen[0]} {answer[:200]!r}")
    return answer


def microseconds(subjects: Mapping[str, Callable[[], object]], requests: int = REQUESTS) -> dict[str, float]:
    """Of the processor, for one request each: the best of several rounds of so many requests.

    The subjects take turns, so that a busy moment hits all of them.
    """
    best = dict.fromkeys(subjects, float("inf"))
    for one in subjects.values():
        one()
    gc.collect()
    for _ in range(ROUNDS):
        for name, one in subjects.items():
            began = time.process_time()
            for _ in range(requests):
                one()
            best[name] = min(best[name], (time.process_time() - began) / requests * 1e6)
    return best


def processor_seconds(one: Callable[[], object]) -> float:
    """Seconds of the processor: others on the machine do not count. The best of a few, after a first one."""
    one()
    best = float("inf")
    for _ in range(BEST_OF):
        began = time.process_time()
        one()
        best = min(best, time.process_time() - began)
    return best


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
    found = microseconds(
        {
            "bare Flask hello": lambda: call(bare.wsgi_app, "GET", "/hello"),
            "GET one team": lambda: call(application, "GET", f"{TEAMS}/1/team/3"),
            "member list of 50": lambda: call(application, "GET", f"{TEAMS}/2/team/{FIFTY}/member"),
            "POST team": lambda: call(application, "POST", f"{TEAMS}/1/team", body),
            "GET one worklog": lambda: call(application, "GET", "/4/worklogs/5", authorization=VIEWERS_TOKEN),
            "page of 50 worklogs": lambda: call(application, "GET", "/4/worklogs", authorization=VIEWERS_TOKEN),
        }
    )
    application.close()
    return found
