"""Requests per second and latency over HTTP, with wrk, oha or hey where one is installed."""

import json
import re
import shutil
import subprocess
import tempfile
import threading
import time
from http.client import HTTPConnection
from typing import NamedTuple

BASIC = "Basic ZnJlZDpmcmVk"
SECONDS = 2


class Load(NamedTuple):
    """Requests per second, and latency in milliseconds at the median and the 99th percentile."""

    per_second: float
    p50: float
    p99: float


def tool() -> str:
    """The load generator used: wrk, oha or hey when installed, else our own."""
    return next((name for name in ("wrk", "oha", "hey") if shutil.which(name)), "python")


def load(url: str, connections: int, body: str | None = None) -> Load:
    """Load one address for a short while over some connections; with ``body``, by POST."""
    used = tool()
    if used == "wrk":
        return _wrk(url, connections, body)
    if used == "oha":
        return _oha(url, connections, body)
    if used == "hey":
        return _hey(url, connections, body)
    return _own(url, connections, body)


def _wrk(url: str, connections: int, body: str | None) -> Load:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "--latency", "-H", f"Authorization: {BASIC}"]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        if body is not None:
            script.write(f'wrk.method = "POST"\nwrk.body = {json.dumps(body)}\n')
            script.write('wrk.headers["Content-Type"] = "application/json"\n')
            script.flush()
            command += ["-s", script.name]
        text = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in text:
        raise RuntimeError(f"{url} was answered with something else than 2xx: {text}")
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])  # type: ignore[index]
    return Load(rate, _milliseconds(text, "50%"), _milliseconds(text, "99%"))


def _milliseconds(text: str, mark: str) -> float:
    found = re.search(rf"{mark}\s+([\d.]+)(us|ms|s)", text)
    if not found:
        raise RuntimeError(f"no {mark} in: {text}")
    return float(found[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[found[2]]


def _oha(url: str, connections: int, body: str | None) -> Load:
    command = ["oha", "--no-tui", "--json", "-c", str(connections), "-z", f"{SECONDS}s", "-H", f"Authorization: {BASIC}"]
    if body is not None:
        command += ["-m", "POST", "-d", body, "-H", "Content-Type: application/json"]
    found = json.loads(subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout)
    percentiles = found["latencyPercentiles"]
    return Load(found["summary"]["requestsPerSec"], percentiles["p50"] * 1000, percentiles["p99"] * 1000)


def _hey(url: str, connections: int, body: str | None) -> Load:
    command = ["hey", "-c", str(connections), "-z", f"{SECONDS}s", "-H", f"Authorization: {BASIC}"]
    if body is not None:
        command += ["-m", "POST", "-d", body, "-T", "application/json"]
    text = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])  # type: ignore[index]
    seconds = {mark: float(value) for mark, value in re.findall(r"(\d+)%+ in ([\d.]+) secs", text)}
    return Load(rate, seconds["50"] * 1000, seconds["99"] * 1000)


def _own(url: str, connections: int, body: str | None) -> Load:
    host, _, rest = url.removeprefix("http://").partition("/")
    until = time.perf_counter() + SECONDS
    taken: list[float] = []

    def one_connection() -> None:
        client = HTTPConnection(host)
        headers = {"Authorization": BASIC, "Content-Type": "application/json"}
        while time.perf_counter() < until:
            began = time.perf_counter()
            client.request("POST" if body else "GET", f"/{rest}", body, headers)
            client.getresponse().read()
            taken.append(time.perf_counter() - began)
        client.close()

    threads = [threading.Thread(target=one_connection) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken.sort()
    return Load(len(taken) / SECONDS, taken[len(taken) // 2] * 1000, taken[len(taken) * 99 // 100] * 1000)
