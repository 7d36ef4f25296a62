"""The examples of docs/jira-worklogs.md, run as a reader would run them, print what the page says; its names are settings."""

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mock_server.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "jira-worklogs.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```\n+```text\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
LIMIT = 60


def test_no_block_is_overlooked() -> None:
    assert len(BLOCKS) == PAGE.count("```sh\n") == 2


@pytest.mark.parametrize(("code", "output"), BLOCKS, ids=["logging", "changes"])
def test_a_block_prints_what_the_page_says(server: Callable[..., Any], tmp_path: Path, code: str, output: str) -> None:
    url = server("--quiet", "--clock", "2013-11-15").url
    program = tmp_path / "example"
    program.write_text(code.replace("http://localhost:8090", url), encoding="utf-8")
    environment = {**os.environ, "NO_PROXY": "*", "no_proxy": "*"}
    done = subprocess.run(
        ["sh", "-eu", str(program)], capture_output=True, text=True, timeout=LIMIT, env=environment, cwd=tmp_path
    )
    assert (done.stdout, done.stderr) == (output, "")


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(jira(?:Cloud|Sync)\.\w+)`", PAGE))))
def test_settings_of_the_page_are_there(name: str) -> None:
    assert name in Settings().as_dict()
