"""What a run leaves alone on a site: issues it was not told of, their estimates, and days on which somebody has work."""

from __future__ import annotations

import datetime
import json
import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from conformance.cloud.bench import Calendar
from conformance.run import Absent, Run
from conformance.target import parse_target

ROOT = Path(__file__).parents[2]
TARGET = ROOT / "fixtures" / "guide" / "target.toml"
ISSUE = 10207
PEOPLE = {
    "fred": "5b10a2844c20165700ede21f",
    "erica": "5b10a2844c20165700ede220",
    "bob": "5b10a2844c20165700ede223",
    "greta": "5b10a2844c20165700ede225",
}
FIRST = datetime.date(1990, 1, 1)
LOGS = ("--requirement", "cloud_windows.order.default", "--requirement", "cloud_writes.*")


def own(who: str) -> dict[str, str]:
    """The headers with which somebody calls Tempo."""
    return {"Authorization": f"Bearer demo-token-of-{who}-not-a-secret"}


def logged(asks: list[Any]) -> list[dict[str, Any]]:
    """The worklogs that were sent, single ones and those of a bulk."""
    bodies = [json.loads(ask.body) for ask in asks if ask.body and ask.method in ("POST", "PUT")]
    entries = [entry for body in bodies for entry in (body if isinstance(body, list) else [body])]
    return [entry for entry in entries if isinstance(entry, dict) and "timeSpentSeconds" in entry]


def remote(proxy: str, target: Path, *options: str) -> str:
    """The output of a run against a server that is elsewhere, reached through a proxy."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "http_proxy": proxy, "NO_PROXY": "", "no_proxy": ""}
    command = [sys.executable, "-m", "conformance", "server", "--tempo-url", "http://site.example", "--target", str(target)]
    command += ["--face", "cloud", "-rs", "--seed", "s", *options]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize("named", [False, True])
def test_issues_of_a_site_elsewhere_are_not_taken_unless_named(fake: str, lying: Any, tmp_path: Path, named: bool) -> None:
    asks: list[Any] = []

    def pass_on(ask: Any, forward: Any) -> Any:
        parts = urlsplit(ask.path)
        asks.append(replace(ask, path=parts.path))
        return forward(replace(ask, path=f"{parts.path}?{parts.query}" if parts.query else parts.path))

    target = tmp_path / "target.toml"
    text = TARGET.read_text()
    target.write_text(text.replace("[cloud]\n", f"[cloud]\nissue = {ISSUE}\n") if named else text)
    output = remote(lying(fake, pass_on), target, "--requirement", "cloud_windows.order.default")
    entries = logged(asks)
    if named:
        assert {entry["issueId"] for entry in entries} == {ISSUE}
        assert "1 passed" in output, output
    else:
        assert entries == []
        assert "the target names none ([cloud] issue)" in output
        assert "not on this machine" in output
        assert not [ask for ask in asks if "search/jql" in ask.path]


@pytest.mark.parametrize(
    ("url", "is_local"),
    [
        ("http://localhost:8090", True),
        ("http://LOCALHOST", True),
        ("http://127.0.0.1:8090", True),
        ("http://127.8.9.10", True),
        ("http://[::1]:8090/sites/site1", True),
        ("https://api.tempo.io", False),
        ("http://localhost.example.org", False),
        ("http://127.0.0.1.example.org", False),
        ("http://192.168.0.1", False),
        ("http://0.0.0.0", False),
        ("http://example.org/127.0.0.1", False),
    ],
)
def test_only_loopback_is_this_machine(url: str, is_local: bool) -> None:
    assert Run(url, parse_target({}, "x"), {}, read_only=False, seconds=1).is_local is is_local


@pytest.mark.parametrize("optional", ["on", "off"])
def test_the_remaining_estimate_is_sent_only_where_it_must_be(fake: str, lying: Any, judge: Any, optional: str) -> None:
    settings = {"globalConfiguration.remainingEstimateOptional": optional}
    site = requests.post(f"{fake}/_mock/sites", json={"settings": settings}, timeout=10).json()["name"]
    asks: list[Any] = []

    def listen(ask: Any, forward: Any) -> Any:
        asks.append(ask)
        return forward(ask)

    verdict = judge(f"{lying(fake, listen)}/sites/{site}", "--face", "cloud", *LOGS)
    assert verdict.code == 0, verdict.output
    entries = logged(asks)
    assert len(entries) > 3
    has_it = [entry for entry in entries if "remainingEstimateSeconds" in entry]
    assert has_it == ([] if optional == "on" else entries)


def test_days_on_which_a_persona_has_work_are_left_alone(fake: str, lying: Any, judge: Any) -> None:
    """All days but a few are busy; the run finds those."""
    site = requests.post(f"{fake}/_mock/sites", json={}, timeout=10).json()["name"]
    url = f"{fake}/sites/{site}"
    today = datetime.datetime.now(datetime.UTC).date()
    free = {today - datetime.timedelta(days) for days in (40, 41, 42, 60)}
    for who in PEOPLE:
        for day in free:
            query = f"user/{PEOPLE[who]}?from={day}&to={day}"
            for row in requests.get(f"{url}/4/worklogs/{query}", headers=own(who), timeout=10).json()["results"]:
                place = f"{url}/4/worklogs/{row['tempoWorklogId']}"
                assert requests.delete(place, headers=own(who), timeout=10).status_code == 204
    for number in range(9, 102):
        day = today - datetime.timedelta(number)
        if day not in free:
            who = tuple(PEOPLE)[number % 4]
            body = {"authorAccountId": PEOPLE[who], "issueId": ISSUE, "startDate": day.isoformat(), "timeSpentSeconds": 60}
            assert requests.post(f"{url}/4/worklogs", json=body, headers=own(who), timeout=10).status_code == 200
    asks: list[Any] = []

    def only_of_late(ask: Any, forward: Any) -> Any:
        """A site whose old periods are closed."""
        if ask.method == "POST" and any(entry["startDate"] < "2010" for entry in logged([ask])):
            return replace(forward(replace(ask, body=b"{}")), status=400)
        asks.append(ask)
        return forward(ask)

    verdict = judge(f"{lying(fake, only_of_late)}/sites/{site}", "--requirement", "cloud_windows.order.default")
    assert verdict.code == 0, verdict.output
    first, *others = [datetime.date.fromisoformat(entry["startDate"]) for entry in logged(asks)]
    assert first not in free, "the question whether work can be logged at all"
    assert others
    assert set(others) <= free
    verdict = judge(f"{lying(fake, only_of_late)}/sites/{site}", "--requirement", "cloud_windows.split.sum")
    assert "have work on too many of the 90 days" in verdict.output


def test_days_are_given_once_while_there_are_any() -> None:
    calendar = Calendar(FIRST, 30, frozenset({3, 4, 17}))
    own: set[int] = set()
    for number in range(27):
        own.add(calendar.draw(1, random.Random(number), ()))
    assert own == set(range(30)) - {3, 4, 17}


def test_days_of_earlier_checks_come_again_but_not_those_of_the_same_check_nor_busy_ones() -> None:
    calendar = Calendar(FIRST, 10, frozenset({0, 9}))
    for number in range(40):
        first = calendar.draw(4, random.Random(number), ())
        second = calendar.draw(2, random.Random(number), range(first, first + 4))
        days = [*range(first, first + 4), second, second + 1]
        assert len(set(days)) == 6
        assert set(days) <= set(range(1, 9))


def test_where_no_days_are_free_the_check_is_skipped_with_the_reason() -> None:
    calendar = Calendar(FIRST, 10, frozenset({5}))
    assert calendar.draw(5, random.Random(1), ()) == 0
    with pytest.raises(Absent, match="6 in a row are needed"):
        calendar.draw(6, random.Random(1), ())


def test_the_same_seed_draws_the_same_days() -> None:
    drawn = [[Calendar(FIRST, 7000).draw(3, random.Random(f"s {n}"), ()) for n in range(20)] for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert len(set(drawn[0])) > 10
