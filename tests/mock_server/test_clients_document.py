"""Every block of docs/clients.md, run as a reader would run it, prints what the page says."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.request import ProxyHandler, Request, build_opener

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "clients.md"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$(?:\n+```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)
ADDRESS = "http://localhost:8090"
PROGRAMS: Mapping[str, tuple[str, ...]] = {
    "sh": ("sh", "-eu"),
    "python": (sys.executable, "-W", "error"),
    "js": ("node",),
}
SUFFIXES = {"sh": ".sh", "python": ".py", "js": ".mjs"}


class Block(NamedTuple):
    """Code, and what it prints."""

    section: str
    number: int
    language: str
    code: str
    output: str


def blocks(page: Path = PAGE) -> list[Block]:
    """All blocks of a page, in their order."""
    found: list[Block] = []
    title = "start"
    for part in re.split(r"^(?=## )", page.read_text(encoding="utf-8"), flags=re.MULTILINE):
        if part.startswith("## "):
            title = part.splitlines()[0].removeprefix("## ")
        for language, code, output in BLOCK.findall(part):
            found.append(Block(title, len(found) + 1, language, code, output))
    return found


BLOCKS = blocks()


def test_no_block_is_overlooked() -> None:
    text = PAGE.read_text(encoding="utf-8")
    fences = len(re.findall("^ *```", text, re.MULTILINE))
    assert fences == 2 * sum(2 if block.output else 1 for block in BLOCKS)
    assert {block.language for block in BLOCKS} == set(PROGRAMS)
    assert {block.section for block in BLOCKS} >= {
        "curl",
        "requests",
        "tempo-api-python-client",
        "atlassian-python-api",
        "Node",
    }


@pytest.fixture(scope="module")
def origin(module_server: Callable[..., Any]) -> str:
    """Where a server is, years after the days of the blocks, so that no work of the scenario falls on them."""
    url: str = module_server("--quiet", "--clock", "2013-11-15").url
    return url


@pytest.fixture
def site(origin: str) -> str:
    """A world of its own for each block."""
    with build_opener(ProxyHandler({})).open(Request(f"{origin}/_mock/sites", b"", method="POST")) as answer:
        made = json.load(answer)
    url: str = made["url"]
    return url


@pytest.fixture
def environment(site: str, tmp_path: Path) -> dict[str, str]:
    """Of a reader who has installed the command and evaluated what it says of the member."""
    command = [sys.executable, "-m", "mock_server"]
    told = subprocess.run([*command, "env", "member", "--url", site, "--json"], cwd=ROOT, capture_output=True, check=True)
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "tempo-mock"
    script.write_text(f"#!/bin/sh\nexec '{sys.executable}' -m mock_server \"$@\"\n", encoding="utf-8")
    script.chmod(0o755)
    # Neither a proxy nor a .netrc of whoever runs the tests has a say.
    own = {"HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "NO_PROXY": "*"}
    unset = {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"}
    return {**{k: v for k, v in os.environ.items() if k not in unset}, **own, **json.loads(told.stdout)}


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"{block.number}-{block.section}-{block.language}")
def test_a_block_prints_what_the_page_says(block: Block, site: str, environment: dict[str, str], tmp_path: Path) -> None:
    check_printed(block, site, environment, tmp_path)


def check_printed(block: Block, site: str, environment: dict[str, str], tmp_path: Path) -> None:
    """Run a block as a reader would, against the site."""
    for needed in (PROGRAMS[block.language][0], *(["curl"] if "curl " in block.code else [])):
        if not shutil.which(needed):
            pytest.skip(f"no {needed} here")
    if block.language == "sh" and sys.platform == "win32":
        pytest.skip("a shell of Windows has no such quoting")
    file = tmp_path / f"block{SUFFIXES[block.language]}"
    file.write_text(block.code.replace(ADDRESS, site), encoding="utf-8")
    done = subprocess.run(
        [*PROGRAMS[block.language], str(file)], cwd=tmp_path, env=environment, capture_output=True, text=True,
        encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.replace(site, ADDRESS) == block.output, done.stderr
