"""`make demo` plays its stories to their end, and notices when one does not come out as told."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from integration import demo, worklogs_story
from integration.exits import Exit
from integration.story import Story, Unexpected

ROOT = Path(__file__).parents[2]
ABSENCES = (
    "=== Absences", "Connected:", " to create, 0 to update, 0 to delete", "0 to create, 0 to update, 0 to delete",
    "1 updated", "1 deleted", "withheld", "nothing was read since", "In sync again.",
)  # fmt: skip
WORKLOGS = (
    "=== Worklogs", "Connected: worklogs of 10 people", "full reading: 334 worklogs", "Complete: 5 of 5 people visible.",
    "incremental reading: 3 worklogs new or changed, 1 deleted", "FALLBACK since", "may not read worklogs", "h are nobody's",
    "ENTERED: Tempo cannot be read since", "not known", "at least 2:15", "in nobody's account", "is refused now",
    "The hours are those of Jira, incomplete.", "Tempo is read again; it could not be since", "LEFT: Tempo is read again",
    "Tempo itself says the same: ", "Every hour is where Tempo has it.",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "said", "codes"),
    [
        ([], (*ABSENCES, *WORKLOGS), (0, 0, 2, 0, 0, 0, 0, 7, 0, 4, 0, 0, 0, 0, 0, 0, 0, 6, 6, 6, 6, 4, 0, 0)),
        (["worklogs"], WORKLOGS, (0, 0, 0, 0, 0, 6, 6, 6, 6, 4, 0, 0)),
    ],
)
def test_the_stories_are_played_to_their_end(
    tmp_path: Path, words: list[str], said: tuple[str, ...], codes: tuple[int, ...]
) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "integration.demo", *words],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    at = 0
    for sentence in said:
        assert sentence in done.stdout[at:], f"{sentence} is missing, or stands too early"
        at = done.stdout.index(sentence, at)
    assert [line for line in done.stdout.splitlines() if line.startswith("  (exit code")] == [
        f"  (exit code {code})" for code in codes
    ]
    assert "-not-a-secret" not in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_story_that_nobody_tells(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        demo.main(["plans"])
    assert ended.value.code
    assert "absences" in capsys.readouterr().err


def test_a_step_that_comes_out_otherwise_ends_the_story(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    said: list[str] = []
    story = Story("http://127.0.0.1:1", tmp_path, said.append)
    story.tell("Look", "without any configuration")
    with pytest.raises(Unexpected, match="exited with 5 instead of 0"):
        story.sync("absences", expected=Exit.IN_SYNC)
    assert any("tempo-sync init" in line for line in said)


@pytest.fixture
def story(tempo_server: Any, tmp_path: Path, monkeypatch: Any) -> Any:
    """The story of the worklogs after the first run, in a world of its own."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with tempo_server.world(scenario="guide") as world:
        made = Story(world.url, tmp_path, lambda _: None, worklogs_story.WHO)
        worklogs_story.connect(made)
        worklogs_story.first_run(made)
        yield made


def test_hours_that_are_not_those_of_tempo_end_the_story(story: Story) -> None:
    worklogs_story.log(story, "bob", worklogs_story.BOB, "20:00:00", hours=1)
    with pytest.raises(Unexpected, match="the hours are not those of Tempo"):
        worklogs_story.as_in_tempo(story)


def test_an_alert_that_is_missing_or_told_twice_ends_the_story(story: Story) -> None:
    story.write(worklogs_story.ALERT, "raise SystemExit(1)")
    with pytest.raises(Unexpected, match="there are 0 alerts instead of 1"):
        worklogs_story.cut_off(story)
    story.write(worklogs_story.ALERTS, "ENTERED\nENTERED\n")
    with pytest.raises(Unexpected, match="there are 2 alerts instead of 1"):
        worklogs_story.outage(story)


def test_a_balance_that_nobody_can_know_ends_the_story(story: Story) -> None:
    with pytest.raises(Unexpected, match="has a balance although nobody knows it"):
        worklogs_story.honest(story)
