"""What the pytest plugin costs: whoever uses its fixture, for each test, and whoever has it installed, at each start."""

import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

TESTS = 500
RUNS = 5
# Less what its first test pays for all: importing and starting the server, seeding a world.
PROJECT = """
import time
import pytest

class Moments:
    began = ended = 0.0

@pytest.fixture
def nothing():
    yield None

@pytest.mark.parametrize("number", range({tests}))
def test_one(number, {fixture}):
    if number == 0:
        Moments.began = time.perf_counter()
    Moments.ended = time.perf_counter()

def test_told():
    print("took", (Moments.ended - Moments.began) * 1000 / ({tests} - 1))
"""
IMPORT = """
import time
import pytest
began = time.perf_counter()
import mock_server.pytest_plugin
print((time.perf_counter() - began) * 1000)
"""
OTHERS = ("-p", "no:schemathesis", "-p", "no:hypothesispytest", "-p", "no:anyio", "-p", "no:cacheprovider")


def measure() -> dict[str, float]:
    """Name -> milliseconds, the median of several runs; with and without in alternation."""
    used: list[float] = []
    plain: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(RUNS):
            used.append(per_test(Path(folder), "tempo"))
            plain.append(per_test(Path(folder), "nothing"))
    imported = [float(_output(sys.executable, "-c", IMPORT)) for _ in range(RUNS)]
    return {
        "fixture tempo, ms per test": statistics.median(used) - statistics.median(plain),
        "pytest plugin, share of the start of any pytest, ms": statistics.median(imported),
    }


def per_test(folder: Path, fixture: str) -> float:
    """Milliseconds from one test to the next."""
    (folder / "test_it.py").write_text(PROJECT.format(tests=TESTS, fixture=fixture))
    told = _output(sys.executable, "-m", "pytest", "-q", "-s", *OTHERS, f"--rootdir={folder}", str(folder))
    found = re.search(r"took ([0-9.]+)", told)
    if not found:
        raise RuntimeError(f"the tests did not run: {told}")
    return float(found[1])


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout
