"""Microseconds of one request as a WSGI call: no sockets, so that the fake and a bare Flask can be told apart."""

import base64
import gc
import io
import json
import time
from collections.abc import Callable
from typing import Any

from flask import Flask

from mock_server.app import Application, create_application
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


def microseconds(one: Callable[[], object]) -> float:
    """The best of several rounds, per call."""
    best = float("inf")
    one()
    gc.collect()
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for _ in range(REQUESTS):
            one()
        best = min(best, (time.perf_counter() - began) / REQUESTS)
    return best * 1e6


def bare_flask() -> Flask:
    """A Flask with one view."""
    app = Flask("bare")

    @app.get("/hello")
    def hello() -> str:
        return "hello"

    return app


def fake_with_fifty_members() -> tuple[Application, int]:
    """The fake with the scenario guide, and the id of a team with fifty people in it."""
    application, _ = create_application(Options(quiet=True))
    site = application.sites.default
    with site.store.transaction():
        for number in range(50):
            name = f"person{number}"
            site.store.insert_row(
                "people",
                name=name,
                key=name,
                account_id=name,
                email=f"{name}@example.org",
                display_name=name,
                active=1,
                time_zone="UTC",
                locale="en_US",
                avatar_id=10122,
            )
    team = json.loads(call(application, "POST", f"{TEAMS}/2/team", b'{"name": "Fifty"}'))["id"]
    for number in range(50):
        body = json.dumps({"member": {"name": f"person{number}"}, "membership": {"dateFrom": "2013-01-01"}}).encode()
        call(application, "POST", f"{TEAMS}/2/team/{team}/member", body)
    return application, team


def measure() -> dict[str, float]:
    """Name of a request -> microseconds, the bare Flask's among them."""
    bare = bare_flask()
    application, team = fake_with_fifty_members()
    body = json.dumps({"name": "Bench", "summary": "made by the benchmark", "lead": "john"}).encode()
    found = {
        "bare Flask hello": microseconds(lambda: call(bare.wsgi_app, "GET", "/hello")),
        "GET one team": microseconds(lambda: call(application, "GET", f"{TEAMS}/1/team/3")),
        "member list of 50": microseconds(lambda: call(application, "GET", f"{TEAMS}/2/team/{team}/member")),
        "POST team": microseconds(lambda: call(application, "POST", f"{TEAMS}/1/team", body)),
    }
    application.close()
    return found
