"""`make demo` plays its story to the end, and notices when it does not come out as told."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from integration.demo import Story, Unexpected
from integration.exits import Exit

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_the_story_is_played_to_its_end(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "integration.demo"], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    said = done.stdout
    for words in (
        "Connected:", " to create, 0 to update, 0 to delete", "0 to create, 0 to update, 0 to delete",
        "1 updated", "1 deleted", "withheld", "nothing was read since", "In sync again.",
    ):  # fmt: skip
        assert words in said
    assert [line for line in said.splitlines() if "exit code" in line] == [
        f"  (exit code {code})" for code in (0, 0, 2, 0, 0, 0, 0, 7, 0, 4, 0, 0)
    ]
    assert "-not-a-secret" not in said
    assert list(tmp_path.iterdir()) == []


def test_a_step_that_comes_out_otherwise_ends_the_story(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    said: list[str] = []
    story = Story("http://127.0.0.1:1", tmp_path, said.append)
    story.tell("Look", "without any configuration")
    with pytest.raises(Unexpected, match="exited with 5 instead of 0"):
        story.sync("absences", expected=Exit.IN_SYNC)
    assert any("tempo-sync init" in line for line in said)
