"""What is measured: the fake, and beside it a bare Flask on the same WSGI server."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

BARE = """
from flask import Flask
from mock_server.serve import Server, stop_requests, until_stopped
app = Flask("bare")
@app.get("/hello")
def hello():
    return "hello"
server = Server(app.wsgi_app, "127.0.0.1", 0)
server.start()
requests = stop_requests()
print("ready on", server.url, flush=True)
until_stopped(requests)
"""

# The same, without any module of ours on the way: what somebody would write to serve a Flask application.
BAREST = """
import waitress
from flask import Flask
app = Flask("bare")
@app.get("/hello")
def hello():
    return "hello"
server = waitress.create_server(app, host="127.0.0.1", port=0)
print("ready on", f"http://127.0.0.1:{server.effective_port}", flush=True)
server.run()
"""


FREDS = "Basic ZnJlZDpmcmVk"

FIFTY = 50
"""Id of the team with fifty people in ``guide_with_fifty``."""


class Running(NamedTuple):
    """A started server. ``seconds`` is the time from starting the process to the first 200."""

    url: str
    pid: int
    seconds: float


def fake_command(*options: str) -> list[str]:
    """The command line of a quiet fake on a free port."""
    return [sys.executable, "-m", "mock_server", "serve", "--port", "0", "--quiet", *options]


@contextlib.contextmanager
def running(command: list[str], first_path: str, authorization: str = FREDS) -> Iterator[Running]:
    """A server process until the block ends. Raises ``RuntimeError`` when the first request is not answered 200."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        status = first_status(url, first_path, authorization)
        seconds = time.perf_counter() - began
        if " 200 " not in status:
            raise RuntimeError(f"{url}{first_path} answered {status}")
        yield Running(url, process.pid, seconds)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
        if process.stdout:
            process.stdout.close()


def first_status(url: str, path: str, authorization: str = FREDS) -> str:
    """The status line of one GET, without a client library's own start-up time."""
    host, _, port = url.removeprefix("http://").rpartition(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(f"GET {path} HTTP/1.0\r\nAuthorization: {authorization}\r\n\r\n".encode())
        return connection.makefile("rb").readline().decode().strip()


def guide_with_fifty(folder: Path) -> Path:
    """The scenario guide with one more team, of fifty people, written into a folder."""
    scenario = folder / "guide-with-fifty"
    shutil.copytree(Path(__file__).parent.parent / "fixtures" / "guide", scenario)
    people = json.loads((scenario / "people.json").read_text(encoding="utf-8"))
    teams = json.loads((scenario / "teams.json").read_text(encoding="utf-8"))
    names = [f"person{number}" for number in range(FIFTY)]
    people += [
        {"name": n, "key": n, "account_id": n, "display_name": f"Person {n[6:]}", "email": f"{n}@example.org"} for n in names
    ]
    members = [{"person": name, "memberships": [{"role": 1, "start": "2013-01-01"}]} for name in names]
    teams.append({"id": FIFTY, "name": "Fifty", "members": members})
    (scenario / "people.json").write_text(json.dumps(people), encoding="utf-8")
    (scenario / "teams.json").write_text(json.dumps(teams), encoding="utf-8")
    return scenario


def memory_megabytes(pid: int) -> float | None:
    """Resident memory, or None where the system does not tell."""
    try:
        with open(f"/proc/{pid}/status") as status:
            kilobytes = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
    except (OSError, StopIteration):
        return None
    return kilobytes / 1024


def cores() -> int:
    """Number of cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
