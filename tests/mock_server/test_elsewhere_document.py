"""The lines of docs/elsewhere.md for continuous integration are YAML, and what they start answers."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "elsewhere.md").read_text(encoding="utf-8")
BLOCKS = [yaml.safe_load(code) for code in re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)]


def scripts(block: Any) -> Iterator[str]:
    """The shell scripts of a workflow of GitHub or a job of GitLab, each step's lines together."""
    job = block.get("jobs", block)["test"]
    yield from (step["run"] for step in job.get("steps", []) if "run" in step)
    yield from ("\n".join(job[part]) for part in ("before_script", "script") if part in job)


STARTS = [script for block in BLOCKS for script in scripts(block) if "tempo-mock serve" in script]


def test_both_services_are_told() -> None:
    assert len(BLOCKS) == 4
    assert len(STARTS) == 2
    assert sum("services" in block.get("jobs", block)["test"] for block in BLOCKS) == 2


@pytest.mark.parametrize("script", STARTS, ids=["github", "gitlab"])
def test_the_fake_that_is_started_answers(script: str, tmp_path: Path) -> None:
    for needed in ("sh", "curl", "timeout"):
        if not shutil.which(needed):
            pytest.skip(f"no {needed} here")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = tmp_path / "tempo-mock"
    command.write_text(f"#!/bin/sh\nexec '{sys.executable}' -m mock_server \"$@\"\n", encoding="utf-8")
    command.chmod(0o755)
    lines = [line for line in script.replace("8090", str(port)).splitlines() if not line.startswith("pip install")]
    done = subprocess.run(
        # A shell in the background would leave the server to whoever runs the tests.
        ["sh", "-euc", "\n".join([lines[0], "trap 'kill $!' EXIT", *lines[1:], f"curl -sf localhost:{port}/4/teams || true"])],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "NO_PROXY": "*"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert '"status":"ok"' in done.stdout
    assert "GET /4/teams -> 401" in (tmp_path / "tempo-mock.log").read_text(encoding="utf-8")
