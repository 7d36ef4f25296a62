"""The commands of docs/apps.md, run one after the other on one server as a reader would, print what the page says."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "apps.md").read_text(encoding="utf-8").partition("## By API\n")[2]
BLOCKS = re.findall(r"^```sh\n(.*?)^```\n+```text\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
LIMIT = 60


def test_no_block_is_overlooked() -> None:
    assert len(BLOCKS) == PAGE.count("```sh\n") == 4


@pytest.mark.skipif(not shutil.which("curl"), reason="no curl here")
def test_the_commands_print_what_the_page_says(server: Callable[..., Any], tmp_path: Path) -> None:
    url = server("--quiet", "--clock", "2013-11-15").url
    environment = {**os.environ, "NO_PROXY": "*", "no_proxy": "*"}
    for code, output in BLOCKS:
        done = subprocess.run(
            ["sh", "-euc", code.replace("http://localhost:8090", url)],
            capture_output=True, text=True, timeout=LIMIT, env=environment, cwd=tmp_path,
        )  # fmt: skip
        assert (done.stdout, done.stderr) == (output, "")
