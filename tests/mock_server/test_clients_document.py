"""Every block of the pages for users of the APIs, run as a reader would run it, prints what the page says."""

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
CLOCKS: Mapping[str, str] = {"clients": "2013-11-15", "absences": "2026-03-02", "faults": "2013-11-15"}
"""The pages by name, and the clock of the server: of clients.md years after the days of its blocks, so that no work of the
scenario falls on them; of absences.md the one that the page tells."""

PERSONAS: Mapping[str, str] = {"clients": "member", "absences": "absences", "faults": "member"}
"""As whom the blocks of a page begin."""

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$(?:\n+```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)
ADDRESS = "http://localhost:8090"
PROGRAMS: Mapping[str, tuple[str, ...]] = {
    "sh": ("sh", "-eu"),
    "python": (sys.executable, "-W", "error"),
    "js": ("node",),
}
SUFFIXES = {"sh": ".sh", "python": ".py", "js": ".mjs"}


class Block(NamedTuple):
    """Code of a page, and what it prints."""

    page: str
    section: str
    number: int
    language: str
    code: str
    output: str


def text_of(page: str) -> str:
    """A page as it is written."""
    return (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")


def blocks(page: str) -> list[Block]:
    """All blocks of a page, in their order."""
    found: list[Block] = []
    title = "start"
    for part in re.split(r"^(?=## )", text_of(page), flags=re.MULTILINE):
        if part.startswith("## "):
            title = part.splitlines()[0].removeprefix("## ")
        for language, code, output in BLOCK.findall(part):
            found.append(Block(page, title, len(found) + 1, language, code, output))
    return found


BLOCKS = [block for page in CLOCKS for block in blocks(page)]


@pytest.mark.parametrize("page", CLOCKS)
def test_no_block_is_overlooked(page: str) -> None:
    fences = len(re.findall("^ *```", text_of(page), re.MULTILINE))
    assert fences == 2 * sum(2 if block.output else 1 for block in BLOCKS if block.page == page) > 0


def test_the_pages_speak_every_language() -> None:
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
    """Where a server is."""
    url: str = module_server("--quiet").url
    return url


@pytest.fixture
def site(origin: str, block: Block) -> str:
    """A world of its own for each block."""
    body = json.dumps({"clock": CLOCKS[block.page]}).encode()
    request = Request(f"{origin}/_mock/sites", body, {"Content-Type": "application/json"}, method="POST")
    with build_opener(ProxyHandler({})).open(request) as answer:
        made = json.load(answer)
    url: str = made["url"]
    return url


@pytest.fixture
def environment(site: str, block: Block, tmp_path: Path) -> dict[str, str]:
    """Of a reader who has installed the command and evaluated what it says of the persona of the page."""
    command = [sys.executable, "-m", "mock_server", "env", PERSONAS[block.page], "--url", site, "--json"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "tempo-mock"
    script.write_text(f"#!/bin/sh\nexec '{sys.executable}' -m mock_server \"$@\"\n", encoding="utf-8")
    script.chmod(0o755)
    # Neither a proxy nor a .netrc of whoever runs the tests has a say.
    own = {"HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "NO_PROXY": "*"}
    unset = {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"}
    return {**{k: v for k, v in os.environ.items() if k not in unset}, **own, **json.loads(told.stdout)}


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"{block.page}-{block.number}-{block.section}-{block.language}")
def test_a_block_prints_what_the_page_says(block: Block, site: str, environment: dict[str, str], tmp_path: Path) -> None:
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
