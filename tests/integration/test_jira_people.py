"""People of Jira: whoever lacks a zone is asked for again, lists that take too long or never end come to an end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from integration.absences import NO_ZONE
from integration.clients.http import Unreadable, Wire
from integration.clients.jira import FEW, MOST_NAMED, Jira
from integration.doubts import Seen, Shown, doubt
from integration.records import HeldRule, Person, Rule

from .scripted import Answer, Asked, Clock, Scripted

MANY = [f"p{number}" for number in range(FEW + 1)]
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
BERLIN = "Europe/Berlin"


@pytest.fixture
def jira(server: Scripted) -> Jira:
    return Jira(Wire(server.url, "", clock=Clock(), per_second=0))


def answering(listed: Callable[[int], Answer], zone: str | None = BERLIN) -> Callable[[Asked], Answer]:
    """users/search by its start, user/bulk with everybody who is named."""

    def answer(asked: Asked) -> Answer:
        query = parse_qs(urlsplit(asked.path).query)
        if "users/search" in asked.path:
            return listed(int(query["startAt"][0]))
        named: list[dict[str, Any]] = [
            {"accountId": name, "displayName": name, "timeZone": zone} for name in query["accountId"]
        ]
        return Answer(body={"values": named, "isLast": True})

    return answer


def test_a_list_without_zones_is_not_believed(server: Scripted, jira: Jira) -> None:
    rows = [{"accountId": name, "displayName": name.upper()} for name in MANY]
    server.script = answering(lambda start: Answer(body=rows[start:]))
    found = jira.people(MANY)
    assert {person.zone for person in found.values()} == {BERLIN}
    assert len(found) == len(MANY)


def test_only_those_without_a_zone_are_asked_for_again(server: Scripted, jira: Jira) -> None:
    rows = [{"accountId": name, "displayName": name, **({"timeZone": BERLIN} if name != "p7" else {})} for name in MANY]
    server.script = answering(lambda start: Answer(body=rows[start:]), zone=None)
    assert jira.people(MANY)["p7"].zone is None
    assert [asked.path.count("accountId") for asked in server.asked if "bulk" in asked.path] == [1]


@pytest.mark.parametrize("status", [403, 409])
def test_a_list_that_is_refused_or_takes_too_long_is_made_of_names(server: Scripted, jira: Jira, status: int) -> None:
    server.script = answering(lambda start: Answer(status, {"errorMessages": ["the query took too long"]}))
    assert set(jira.people(MANY)) == set(MANY)
    assert sum("bulk" in asked.path for asked in server.asked) == -(-len(MANY) // MOST_NAMED)


def test_another_refusal_is_one(server: Scripted, jira: Jira) -> None:
    server.script = answering(lambda start: Answer(400, {}))
    with pytest.raises(Unreadable):
        jira.people(MANY)


def test_the_same_page_of_issues_again_and_again(server: Scripted, jira: Jira) -> None:
    rows = [{"id": "1", "key": "A-1", "fields": {"summary": "a"}}]
    server.script = [Answer(body={"issues": rows, "nextPageToken": "next"})]
    with pytest.raises(Unreadable) as caught:
        jira.issues("project = A")
    assert caught.value.kind == "not-tempo"
    assert len(server.asked) == 2


def test_the_same_page_of_people_again_and_again(server: Scripted, jira: Jira) -> None:
    server.script = [Answer(body={"values": [{"accountId": "p1", "displayName": "p"}], "isLast": False})]
    assert set(jira.people(["p1", "p2"])) == {"p1"}
    assert len(server.asked) == 2


def held(*flags: str) -> HeldRule:
    rule = Rule("bob", "1", datetime(2026, 3, 3), datetime(2026, 3, 3, 23, 59), BERLIN, "T", flags=flags)
    return HeldRule(1, rule, rule)


@pytest.mark.parametrize(("flags", "zone", "kind"), [((), None, "fewer-zones"), ((), BERLIN, None), ((NO_ZONE,), None, None)])
def test_a_zone_that_is_hidden_from_one_day_to_the_next(flags: tuple[str, ...], zone: str | None, kind: str | None) -> None:
    shown = Shown({"bob": Person("bob", "Bob", zone, True)}, Seen(("bob",), ("1",)))
    reason = doubt(shown, "Bob", "bob", [held(*flags)], NOW)
    assert (reason.kind if reason else None) == kind
    assert reason is None or "--accept-fewer bob" in reason.sentence
