"""The careful client of ``docs/examples/javascript`` meets each trap, with Node's own fetch and test runner."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .conftest import ROOT

NODE = shutil.which("node")
LEAST = 18


def node_version() -> int:
    """The major version, 0 without Node."""
    if NODE is None:
        return 0
    told = subprocess.run([NODE, "--version"], capture_output=True, text=True, timeout=60, check=True).stdout
    return int(told.removeprefix("v").partition(".")[0])


@pytest.mark.skipif(node_version() < LEAST, reason=f"needs Node {LEAST} or later: its fetch and its test runner")
def test_a_careful_client_bears_every_trap(server: Callable[..., Any]) -> None:
    assert NODE is not None
    environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    done = subprocess.run(
        [NODE, "--test", "--test-reporter=tap", str(Path(__file__).with_name("traps.test.mjs"))],
        env={**environment, "TEMPO_URL": server("--quiet").url},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    failed = re.findall(r"^\s*not ok .*(?:\n.*){0,12}", done.stdout, re.MULTILINE)
    assert done.returncode == 0, "\n".join(failed) or done.stdout + done.stderr
    passed = re.search(r"^# pass (\d+)$", done.stdout, re.MULTILINE)
    assert passed is not None
    assert int(passed[1]) > 30
