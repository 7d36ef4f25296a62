"""The examples of docs/journal.md, run as a reader would run them, print what the page says."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mock_server.control.journal import MOST_ENTRIES
from mock_server.journal import MOST_BYTES, MOST_OF_BODY, OWN_COST
from mock_server.storage.hidden_worklogs import FEW, MANY

PAGE = (Path(__file__).parents[2] / "docs" / "journal.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```\n+```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = BLOCK.findall(PAGE)
PROGRAMS = {"sh": ("sh", "-eu"), "python": (sys.executable, "-W", "error")}
LIMIT = 60


def test_no_block_is_overlooked() -> None:
    assert [language for language, _, _ in BLOCKS] == ["sh", "python"]
    assert len(re.findall("^```", PAGE, re.MULTILINE)) == 4 * len(BLOCKS)


@pytest.mark.parametrize(("language", "code", "output"), BLOCKS, ids=[block[0] for block in BLOCKS])
def test_a_block_prints_what_the_page_says(
    server: Callable[..., Any], tmp_path: Path, language: str, code: str, output: str
) -> None:
    url = server("--quiet", "--clock", "2013-11-15").url
    program = tmp_path / "example"
    program.write_text(code.replace("http://localhost:8090", url), encoding="utf-8")
    environment = {**os.environ, "NO_PROXY": "*", "no_proxy": "*"}
    done = subprocess.run([*PROGRAMS[language], str(program)], capture_output=True, text=True, timeout=LIMIT, env=environment)
    # How many of them fell into one second depends on the machine.
    printed = re.sub(r"Never more than \d+ in", "Never more than 2 in", done.stdout)
    assert (printed, done.stderr) == (output, "")


@pytest.mark.parametrize(
    "figure",
    [
        f"the first {MOST_OF_BODY:,} bytes",
        f"its latest {MOST_ENTRIES:,} requests",
        f"at most {MOST_BYTES // 1024 // 1024} MB",
        f"{OWN_COST:,} bytes",
        f"the first {FEW} rows",
        f"or {MANY:,} for a caller who asks",
    ],
)
def test_figures_are_those_of_the_code(figure: str) -> None:
    assert figure in PAGE.replace("\n", " ")
