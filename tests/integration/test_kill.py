"""A run that is killed at any of its writes is made up for by the next: nothing twice, nothing lost."""

import re
import signal
from datetime import date
from typing import Any

import pytest

from .sites import BOB, DAVID, ERICA, LAURA, Home
from .sites import fake_url as fake_url
from .sites import new_home as new_home

TEMPLATES = f"""
[[template]]
issue = "HR-1"
coverers = ["{ERICA}"]
message = "Away until [return date]; ask [coverer]."
[[template]]
issue = "HR-2"
message = "Ill."
"""
SINKS = 'calendar = "feeds"\njson = "rules.json"\njira = true'
ISSUES = ("CLOUD-3", "CLOUD-4", "CLOUD-5", "CLOUD-7")
KEPT = ("accountId", "issueKey", "begin", "end", "zone", "template", "coverers", "message", "planIds", "status")


def made(new_home: Any) -> Home:
    home: Home = new_home()
    home.configure(TEMPLATES, SINKS, "[guard]\ncount = 1000")
    home.connect(date(2030, 1, 1))
    for key, person in zip(ISSUES, (BOB, DAVID, LAURA, BOB), strict=True):
        home.give(key, person)
    return home


def prepared(new_home: Any) -> Home:
    """One rule to be deleted, one to be changed and one to be made; one issue to hand over and one to comment on."""
    home = made(new_home)
    ill, away = home.plan(LAURA, "10241", (1, 1)), home.plan(BOB, days=(2, 2))
    assert home.absences("--apply")[0] == 0
    home.tempo("DELETE", f"plans/{ill}")
    home.plan(BOB, days=(0, 0))
    home.plan(DAVID, "10241", (0, 0))
    home.config.write_text(home.config.read_text().replace("ask [coverer]", "please ask [coverer]"))
    assert away
    return home


def standing(home: Home) -> dict[str, Any]:
    """Everything a run leaves behind, without what differs from one database to another."""
    rules = [{name: rule[name] for name in KEPT if name != "planIds"} for rule in home.rules()]
    uuid = re.compile(rb"[0-9a-f]{8}-[0-9a-f-]{27}|(?:LAST-MODIFIED|DTSTAMP):\d{8}T\d{6}Z")
    feeds = {path.name: uuid.sub(b"", path.read_bytes()) for path in sorted((home.folder / "feeds").iterdir())}
    return {
        "rules": rules,
        "assignees": [home.assignee(key) for key in ISSUES],
        "comments": [home.comments(key) for key in ISSUES],
        "feeds": feeds,
    }


@pytest.mark.parametrize("step", [13, pytest.param(1, marks=pytest.mark.exhaustive)])
def test_a_run_that_is_killed_at_any_write_is_made_up_for(new_home: Any, step: int) -> None:
    """With a step of 1 at every single one, otherwise at some of them."""
    whole = prepared(new_home)
    code, writes = whole.killed_at(0, "absences", "--apply", "--accept-fewer")
    assert code == 0
    assert writes > 25
    wanted = standing(whole)
    assert wanted["assignees"] == [ERICA, DAVID, LAURA, ERICA]
    assert [len(found) for found in wanted["comments"]] == [1, 1, 0, 1]
    for number in range(1, writes + 1, step):
        home = prepared(new_home)
        assert home.killed_at(number, "absences", "--apply", "--accept-fewer")[0] == -signal.SIGKILL, number
        code, told = home.absences("--apply", "--accept-fewer")
        assert code == 0, (number, told)
        assert standing(home) == wanted, number
        code, told = home.absences("--apply")
        assert (code, told["outcomes"]) == (0, []), number


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.exhaustive)])
def test_a_database_whose_making_was_killed_is_made_by_the_next_run(new_home: Any, step: int) -> None:
    home: Home = new_home()
    home.configure(TEMPLATES)
    database = home.folder / "tempo-sync.db"

    def without() -> None:
        for path in home.folder.glob("tempo-sync.db*"):
            path.unlink()

    without()
    code, writes = home.killed_at(0, "rules")
    assert (code, writes > 5) == (0, True)
    for number in range(1, writes + 1, step):
        without()
        assert home.killed_at(number, "rules")[0] == -signal.SIGKILL, number
        assert home.run("rules")[:2] == (0, "0 rules\n"), number
        assert database.exists()
