"""`make demo` plays its stories to their end, and notices when one does not come out as told."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from integration import demo, staff_story, worklogs_story
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

STAFF = (
    "=== Staff", "400: The app may read members and repositories: not yet.", "installed by Fred Winston",
    "4 of 6 connected with GitHub; 2 failed", "Laura Penn                      -  ! insufficient-permission",
    "Nadia Okafor                    -  ! mismatch", "give the app access to the repositories of laura-penn.",
    "No GitHub account has the public e-mail address nadia@example.org", "Row 2: GitHub has no user okafor-m", "1 mapped",
    "1 of 1 connected with GitHub.", "Laura Penn                      github (laura-penn)", "github (okafor-n)",
    "/providers/github/api/accounts?email=laura%40example.org", "Everybody in GreenCloud is connected with GitHub.",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "said", "codes"),
    [
        ([], (*ABSENCES, *WORKLOGS, *STAFF), (0, 0, 2, 0, 0, 0, 0, 7, 0, 4, 0, 0, 0, 0, 0, 0, 0, 6, 6, 6, 6, 4, 0, 0)),
        (["worklogs"], WORKLOGS, (0, 0, 0, 0, 0, 6, 6, 6, 6, 4, 0, 0)),
        (["staff"], STAFF, ()),
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
    assert not re.search(r"-not-a-secret|github-[\w-]{43}", done.stdout)
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


@pytest.fixture
def office(tempo_server: Any, tmp_path: Path) -> Any:
    """The story of Manage Staff once the app is installed, in a world of its own."""
    with tempo_server.world(scenario="guide") as world:
        made = Story(world.url, tmp_path, lambda _: None)
        staff_story.prepare(made)
        staff_story.install(made)
        yield made


def test_an_app_that_is_not_refused_ends_the_story(office: Story) -> None:
    with pytest.raises(Unexpected, match="the app was not refused although it lacks a permission"):
        staff_story.install(office)


def test_more_failures_than_told_end_the_story(office: Story) -> None:
    staff_story.account(office, "bjohnson", accessible=False)
    with pytest.raises(Unexpected, match="3 were connected and 3 failed, not 4 and 2"):
        staff_story.connect_team(office)


def test_other_reasons_than_told_end_the_story(office: Story) -> None:
    staff_story.connect_team(office)
    office.ask("PUT", "/_mock/providers/github/fault", {"kind": "network", "person": "laura"})
    staff_story.connect(office, {"accountIds": [staff_story.UNREADABLE]}, connected=0, failed=1)
    with pytest.raises(Unexpected, match=r"others have failed than those who should: .*'network'"):
        staff_story.read_why(office)


def test_a_login_that_is_there_after_all_ends_the_story(office: Story) -> None:
    staff_story.connect_team(office)
    staff_story.account(office, "okafor-m", email="")
    with pytest.raises(Unexpected, match="the map file was answered with 200"):
        staff_story.map_by_file(office)


def test_whoever_is_not_connected_at_last_ends_the_story(office: Story) -> None:
    staff_story.connect_team(office)
    office.ask("DELETE", "/_mock/staff/me/apps/github", who="bob")
    staff_story.map_by_file(office)
    with pytest.raises(Unexpected, match="not everybody is connected: bob"):
        staff_story.mend(office)


def test_a_journal_that_shows_no_calls_ends_the_story(office: Story) -> None:
    staff_story.connect_team(office)
    office.ask("DELETE", "/_mock/journal")
    with pytest.raises(Unexpected, match="GitHub was not asked about bob, david, john, laura, nadia, rita"):
        staff_story.journal(office)
