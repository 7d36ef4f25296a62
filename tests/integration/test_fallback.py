"""What becomes of a Tempo that cannot be read: the whole table, and an alarm that is told of once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.fallback import (
    ENTERED,
    JIRA,
    LEFT,
    MOST_PENDING,
    QUIET,
    STOP,
    Alarm,
    Alert,
    as_json,
    decide,
    noticed,
    of_json,
    sentence,
    told,
)  # fmt: skip
from integration.records import Reason
from integration.worklogs import Fallback

TABLE = [
    # what happened             kind            status  never read  once read
    ("no answer in time",       "unreachable",  None,   JIRA,       JIRA),
    ("connection refused",      "unreachable",  None,   JIRA,       JIRA),
    ("no such host",            "unreachable",  None,   JIRA,       JIRA),
    ("401",                     "unauthorized", 401,    JIRA,       JIRA),
    ("wrong region",            "unauthorized", 401,    JIRA,       JIRA),
    ("403",                     "forbidden",    403,    JIRA,       JIRA),
    ("404",                     "not-found",    404,    STOP,       JIRA),
    ("405",                     "refused",      405,    STOP,       JIRA),
    ("410",                     "gone",         410,    STOP,       JIRA),
    ("400",                     "refused",      400,    STOP,       JIRA),
    ("422",                     "refused",      422,    STOP,       JIRA),
    ("429 beyond patience",     "too-many",     429,    JIRA,       JIRA),
    ("500",                     "server-error", 500,    JIRA,       JIRA),
    ("503",                     "server-error", 503,    JIRA,       JIRA),
    ("another site's token",    "other-site",   None,   STOP,       JIRA),
    ("HTML",                    "not-tempo",    None,   STOP,       JIRA),
    ("a redirect to a log-in",  "not-tempo",    302,    STOP,       JIRA),
    ("JSON that breaks off",    "broken",       None,   JIRA,       JIRA),
    ("something not known",     "eclipse",      None,   STOP,       JIRA),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "status", "never", "once"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_the_table(kind: str, status: int | None, never: str, once: str) -> None:
    assert decide(kind, status, False).action == never
    assert decide(kind, status, True).action == once
    for ever_read in (False, True):
        decision = decide(kind, status, ever_read, "none")
        assert decision.action == STOP
        assert decision.sentence


def test_each_kind_says_what_happened() -> None:
    cases = {(kind, status) for _, kind, status, *_ in TABLE if kind != "eclipse" and status not in (302, 422, 503)}
    assert len({decide(kind, status, True).sentence for kind, status in cases}) == len(cases)
    assert "tempo_url" in decide("not-found", 404, False).sentence
    assert "tempo_url" not in decide("unauthorized", 401, False).sentence
    assert "Jira" in decide("server-error", 503, True).sentence
    assert "fallback" in decide("server-error", 503, True, "none").sentence
    assert "tempo_url" in decide("not-found", 404, False, "none").sentence


@pytest.mark.parametrize("kind", ["unauthorized", "forbidden", "not-found", "refused", "gone", "too-many", "server-error"])
def test_every_kind_of_the_wire_is_in_the_table(kind: str) -> None:
    assert decide(kind, None, True).sentence != decide("eclipse", None, True).sentence


DOWN = Reason("server-error", "Tempo answered 503")
DENIED = Reason("unauthorized", "Tempo answered 401")
BOTH = ("command", "webhook")


def test_the_story_of_an_outage() -> None:
    alarm = noticed(QUIET, None, "1", BOTH)
    assert alarm == QUIET
    alarm = noticed(alarm, DOWN, "2", BOTH)
    entered = Alert(ENTERED, DOWN, "2", "2", BOTH)
    assert alarm == Alarm(Fallback(DOWN, "2"), (entered,))
    alarm = told(told(alarm, entered, "command"), entered, "webhook")
    assert alarm == Alarm(Fallback(DOWN, "2"))
    alarm = noticed(alarm, DOWN, "3", BOTH)
    assert alarm == Alarm(Fallback(DOWN, "2"))
    alarm = noticed(alarm, DENIED, "4", BOTH)
    assert alarm == Alarm(Fallback(DENIED, "2")), "another cause is no other outage"
    alarm = noticed(alarm, None, "5", BOTH)
    left = Alert(LEFT, DENIED, "2", "5", BOTH)
    assert alarm == Alarm(None, (left,))
    alarm = told(told(alarm, left, "command"), left, "webhook")
    assert alarm == QUIET
    assert noticed(alarm, None, "6", BOTH) == QUIET


def test_what_was_not_told_is_told_by_the_next_run_and_nothing_else_twice() -> None:
    alarm = noticed(QUIET, DOWN, "1", BOTH)
    alarm = told(alarm, alarm.pending[0], "command")
    again = noticed(alarm, DOWN, "2", BOTH)
    assert again.pending == (Alert(ENTERED, DOWN, "1", "1", ("webhook",)),)
    over = noticed(again, None, "3", BOTH)
    assert [(alert.event, alert.channels) for alert in over.pending] == [(ENTERED, ("webhook",)), (LEFT, BOTH)]


def test_who_is_not_configured_is_told_nothing() -> None:
    assert noticed(QUIET, DOWN, "1") == Alarm(Fallback(DOWN, "1"))
    alarm = noticed(QUIET, DOWN, "1", BOTH)
    assert noticed(alarm, DOWN, "2", ("email",)).pending == ()
    assert noticed(alarm, DOWN, "2", ("webhook", "email")).pending == (Alert(ENTERED, DOWN, "1", "1", ("webhook",)),)


def test_nobody_to_be_reached_is_no_endless_list() -> None:
    alarm = QUIET
    for number in range(200):
        alarm = noticed(alarm, DOWN if number % 2 == 0 else None, f"{number:03}", BOTH)
    assert len(alarm.pending) == MOST_PENDING
    assert alarm.pending[-1] == Alert(LEFT, DOWN, "198", "199", BOTH)


def test_an_alert_in_words() -> None:
    assert sentence(Alert(ENTERED, DOWN, "monday", "monday", BOTH)) == "Tempo cannot be read since monday: Tempo answered 503"
    left = sentence(Alert(LEFT, DOWN, "monday", "tuesday", BOTH))
    assert "again since tuesday" in left
    assert "from monday on" in left
    assert "503" in left


OUTCOMES = st.lists(
    st.tuples(st.sampled_from([None, DOWN, DENIED]), st.sampled_from(["told", "failed", "killed"])), max_size=30
)


@given(OUTCOMES)
def test_any_history_is_told_once_in_order_and_survives_kills(outcomes: list[tuple[Reason | None, str]]) -> None:
    heard: list[tuple[str, str]] = []
    kept: Any = as_json(QUIET)
    changes, out = [], False
    for number, (cause, fate) in enumerate(outcomes):
        alarm = noticed(of_json(kept), cause, f"{number:02}", ("hook",))
        kept = json.loads(json.dumps(as_json(alarm)))
        assert (alarm.raised is not None) == (cause is not None)
        if (cause is not None) != out:
            out = not out
            changes.append((ENTERED if out else LEFT, f"{number:02}"))
        for alert in alarm.pending if fate != "failed" else ():
            heard.append((alert.event, alert.at))
            if fate == "killed":
                # Told, but not written down: the only case in which somebody hears it twice.
                break
            alarm = told(alarm, alert, "hook")
            kept = json.loads(json.dumps(as_json(alarm)))
    alarm = of_json(kept)
    heard += [(alert.event, alert.at) for alert in alarm.pending]
    assert list(dict.fromkeys(heard)) == changes
    if all(fate != "killed" for _, fate in outcomes):
        assert heard == changes


@given(OUTCOMES)
def test_an_alarm_is_kept_as_it_is(outcomes: list[tuple[Reason | None, str]]) -> None:
    alarm = QUIET
    for number, (cause, _) in enumerate(outcomes):
        alarm = noticed(alarm, cause, str(number), BOTH)
        assert of_json(json.loads(json.dumps(as_json(alarm)))) == alarm
