"""The pages of the sync: their commands run one after the other as a reader runs them, their tables are those of the code."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from integration.connect import Kind
from integration.doctor import Cause
from integration.exits import MEANINGS
from integration.store import Store

from .conftest import LIMIT, ROOT, Site

PAGE = (ROOT / "docs" / "integration.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```sh\n(.*?)^```$(?:\n^```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)
ADDRESS = "http://localhost:8090"
DAY = re.compile(r"\d{4}-\d\d-\d\d")
SQLITE = "import sqlite3, sys; print(*map(str, sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchone()), sep=chr(124))"
"""In place of the command of that name, which not every machine has."""

NUMBER = re.compile(r"\d+(?::\d\d)?| +-?(?=\d)")
"""Hours and counts follow the calendar, and columns the hours."""


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
@pytest.mark.parametrize(
    ("page", "tempo", "jira"),
    [
        pytest.param("integration.md", "absences", "fred", id="absences"),
        pytest.param("integration-worklogs.md", "viewer", "technical-user", id="worklogs"),
    ],
)
def test_the_commands_print_what_the_page_says(page: str, tempo: str, jira: str, site: Site, tmp_path: Path) -> None:
    told = (ROOT / "docs" / page).read_text(encoding="utf-8")
    script = tmp_path / "tempo-sync"
    script.write_text(f"#!/bin/sh\nexec '{sys.executable}' -m integration \"$@\"\n", encoding="utf-8")
    script.chmod(0o755)
    sqlite = tmp_path / "sqlite3"
    sqlite.write_text(f"#!/bin/sh\nexec '{sys.executable}' -c '{SQLITE}' \"$@\"\n", encoding="utf-8")
    sqlite.chmod(0o755)
    folder = tmp_path / "reader"
    folder.mkdir()
    own = {"PYTHONPATH": str(ROOT), "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    own |= {"TEMPO_TOKEN": f"demo-token-of-{tempo}-not-a-secret", "JIRA_TOKEN": f"demo-jira-token-of-{jira}-not-a-secret"}
    blocks = BLOCK.findall(told)
    assert len(blocks) == len(re.findall("^```sh$", told, re.MULTILINE)) > 5
    for code, printed in blocks:
        done = subprocess.run(
            ["sh", "-eu", "-c", code.replace(ADDRESS, site.url)], cwd=folder, env={**os.environ, **own},
            capture_output=True, text=True, timeout=LIMIT, check=False,
        )  # fmt: skip
        assert done.returncode == 0, (code, done.stderr)
        shown, expected = (DAY.sub("DAY", text) for text in (done.stdout, printed))
        if page != "integration.md":
            shown, expected = (re.sub(" +", " ", NUMBER.sub("N", text)) for text in (shown, expected))
        assert shown == expected, (code, done.stderr)


def test_the_queries_of_the_page_are_understood(tmp_path: Path) -> None:
    told = (ROOT / "docs" / "integration-worklogs.md").read_text(encoding="utf-8")
    queries = re.findall(r"^```sql\n(.*?)^```$", told, re.MULTILINE | re.DOTALL)
    with closing(Store(tmp_path / "tempo-sync.db")) as store:
        tables = {name for (name,) in store.rows("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
        assert queries
        for query in queries:
            assert store.rows(query) == []
    listed = told.partition("| table or view | what is in it |\n")[2].partition("\n\n")[0]
    named = set(re.findall(r"`([a-z_]+)`", "".join(line.split("|")[1] for line in listed.splitlines()[1:])))
    assert named <= tables
    assert {"worklogs", "daily_hours", "standing", "worklog_runs"} <= named
