"""docs/integration.md: its commands run one after the other as a reader runs them, its tables are those of the code."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from integration.connect import Kind
from integration.doctor import Cause
from integration.exits import MEANINGS

from .conftest import LIMIT, ROOT, Site

PAGE = (ROOT / "docs" / "integration.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```sh\n(.*?)^```$(?:\n^```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)
ADDRESS = "http://localhost:8090"
DAY = re.compile(r"\d{4}-\d\d-\d\d")


def rows(heading: str) -> list[list[str]]:
    """The cells of the table that begins with this line."""
    lines = PAGE.partition(f"\n{heading}\n")[2].splitlines()[1:]
    table = lines[: next(number for number, line in enumerate(lines) if not line.startswith("|"))] if "" in lines else lines
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in table if line.startswith("|")]


def test_exit_codes() -> None:
    assert rows("| code | meaning |") == [[str(code.value), words] for code, words in MEANINGS]


def test_every_verdict_has_a_row() -> None:
    assert sorted(row[0] for row in rows("| verdict | what it means | what to do |")) == sorted(Kind)


def test_every_cause_has_a_row() -> None:
    assert sorted(row[0] for row in rows("| cause | what to do |")) == sorted(Cause)


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of POSIX")
def test_the_commands_print_what_the_page_says(site: Site, tmp_path: Path) -> None:
    script = tmp_path / "tempo-sync"
    script.write_text(f"#!/bin/sh\nexec '{sys.executable}' -m integration \"$@\"\n", encoding="utf-8")
    script.chmod(0o755)
    folder = tmp_path / "reader"
    folder.mkdir()
    own = {"PYTHONPATH": str(ROOT), "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    own |= {"TEMPO_TOKEN": "demo-token-of-absences-not-a-secret", "JIRA_TOKEN": "demo-jira-token-of-fred-not-a-secret"}
    blocks = BLOCK.findall(PAGE)
    assert len(blocks) == len(re.findall("^```sh$", PAGE, re.MULTILINE)) > 5
    for code, printed in blocks:
        done = subprocess.run(
            ["sh", "-eu", "-c", code.replace(ADDRESS, site.url)], cwd=folder, env={**os.environ, **own},
            capture_output=True, text=True, timeout=LIMIT, check=False,
        )  # fmt: skip
        assert done.returncode == 0, (code, done.stderr)
        assert DAY.sub("DAY", done.stdout) == DAY.sub("DAY", printed), (code, done.stderr)
