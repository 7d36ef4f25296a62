"""What the doctor asks is read as carefully as everything else, and what it says is neither false nor said to everybody."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from integration.checkup import Gathered, gather
from integration.clients.http import Wire
from integration.clients.jira import Jira
from integration.clients.tempo import Tempo
from integration.connect import Kind, Verdict

from .conftest import TEMPLATES, Command, Site
from .scripted import Answer, Asked, Clock, Scripted
from .sites import BOB, LAURA

TODAY = date(2026, 3, 2)
GOOD = Verdict(Kind.GOOD, "fine")


def listed(rows: list[Any], limit: int = 1000, offset: int = 0) -> Answer:
    return Answer(body={"metadata": {"count": len(rows), "offset": offset, "limit": limit}, "results": rows})


def period(person: str, **days: str) -> dict[str, Any]:
    return {"id": 1, "team": {"id": 1}, "member": {"accountId": person}, **days}


@pytest.fixture
def asked_with(server: Scripted) -> Callable[[list[Any]], Gathered]:
    """What is gathered where these are the memberships, three to a page without a link to the next one."""

    def ask(periods: list[Any]) -> Gathered:
        def answer(asked: Asked) -> Answer:
            if asked.path.startswith("/4/team-memberships"):
                query = dict(pair.split("=") for pair in asked.path.partition("?")[2].split("&"))
                start = int(query["offset"])
                return listed(periods[start : start + 3], 3, start)
            if asked.path.startswith("/4/teams"):
                return listed([{"id": 1, "name": "a"}])
            return Answer(404, {}) if asked.path.startswith("/x-tempo-mock") else Answer(body=[])

        server.script = answer
        wire = Wire(server.url, "", clock=Clock(), per_second=0)
        return gather(Tempo(wire), Jira(wire), GOOD, {}, (), TODAY)

    return ask


@pytest.mark.parametrize(
    ("days", "is_in"),
    [
        ({"from": "2026-01-01", "to": "2026-03-02"}, False),
        ({"from": "2026-01-01", "to": "2026-03-03"}, True),
        ({"from": "2026-01-01", "to": "2026-03-03", "inclusiveTo": "2026-03-02"}, True),
        ({"from": "2026-03-03"}, False),
        ({}, True),
    ],
)
def test_who_left_a_team_is_not_in_it(asked_with: Callable[[list[Any]], Gathered], days: dict[str, str], is_in: bool) -> None:
    teams = asked_with([period("ann", **days)]).known.teams
    assert teams is not None
    assert ("ann" in teams) is is_in


def test_pages_that_name_no_next_one_are_read_to_the_end(asked_with: Callable[[list[Any]], Gathered]) -> None:
    teams = asked_with([period(f"p{number}") for number in range(8)]).known.teams
    assert teams is not None
    assert len(teams) == 8


@pytest.fixture
def ready(connected: Command) -> Command:
    assert connected("connect", "--days", "100").code == 0
    assert connected("issues", "--select", "HR-1", "HR-2", "HR-4").code == 0
    return connected


def test_somebody_by_name(ready: Command) -> None:
    told = ready("doctor", "--person", "laura penn", "--json").json["people"]
    assert [person["accountId"] for person in told] == [LAURA]


@pytest.mark.parametrize("person", ["nobody", "laura", "5b10a2844c20165700ede000"])
def test_nobody_of_that_name(ready: Command, person: str) -> None:
    said = ready("doctor", "--person", person)
    assert said.code == 5
    assert f"{person!r}" in said.err
    assert "accountId" in said.err
    assert said.out == ""


def test_rules_of_somebody_by_name(ready: Command) -> None:
    assert ready("absences", "--apply").code == 0
    by_id = ready("rules", "--all", "--json", "--person", LAURA).json["rules"]
    assert by_id
    assert ready("rules", "--all", "--json", "--person", "Laura penn").json["rules"] == by_id
    said = ready("rules", "--person", "Nobody Atall")
    assert (said.code, said.out) == (0, "0 rules\n")
    assert "Nobody Atall" in said.err


def test_rules_are_told_with_names(ready: Command) -> None:
    assert ready("absences", "--apply").code == 0
    said = ready("rules", "--all")
    assert "Laura Penn" in said.out
    assert LAURA not in said.out


def test_who_has_rules_and_lacks_the_integration_is_told_both(ready: Command) -> None:
    assert ready("absences", "--apply").code == 0
    said = ready("doctor", "--person", BOB)
    assert "lacks it" in said.out
    (count,) = [line for line in said.out.splitlines() if "already planned" in line]
    held = ready("rules", "--json", "--person", BOB).json["rules"]
    assert len(held) == int(count.split()[1]) > 0
    assert ready("doctor", "--person", BOB, "--json").json["people"][0]["rules"] == len(held)


def test_what_is_wrong_with_the_token_is_said_once(ready: Command) -> None:
    ready.use("nobody")
    said = ready("doctor")
    assert said.code == 4
    sentence = json.loads(ready("doctor", "--json").out)["token"]["sentence"]
    assert said.out.count(sentence) == 1


def test_a_log_in_to_jira_that_fails_is_no_missing_right(ready: Command) -> None:
    ready.use_jira("wrong")
    said = ready("doctor", "--person", LAURA)
    assert "administrators" not in said.out + said.err
    assert "Jira" in said.out
    assert said.code == 4


def test_templates_without_a_name_are_called_as_their_issue(ready: Command, site: Site) -> None:
    ready.configure(site.url, TEMPLATES)
    assert ready("absences", "--apply").code == 0
    assert "HR-1 Paid time off" in ready("rules", "--all").out
    assert "HR-1 HR-1" not in ready("rules", "--all").out
