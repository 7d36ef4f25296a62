"""The doctor on the worklog sync: how the hours stand, since when, who is visible, how deletions are noticed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integration.worklog_checkup import ago

from .conftest import Command
from .test_worklog_recipes import contracts, use

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def world(tempo_server: Any) -> Iterator[Any]:
    with tempo_server.world(scenario="guide") as made:
        yield made


def connected(sync: Command, world: Any, who: str = "viewer", *more: str) -> None:
    use(sync, world, who, contracts(world))
    assert sync("connect", "--for", "worklogs", "--days", "5000", *more).code == 0


def test_before_anything_was_read(sync: Command, world: Any) -> None:
    connected(sync, world)
    said = sync("doctor")
    assert said.code == 7
    assert "Worklogs: never read" in said.out


def test_before_anything_was_connected_it_is_known_what_for(sync: Command, world: Any) -> None:
    """By the configuration, as where a token is connected."""
    use(sync, world, "viewer", contracts(world))
    sync("worklogs")
    said = sync("doctor")
    assert said.code == 0
    assert "The hours are those of Tempo, complete." in said.out
    assert "lacks it" not in said.out


def test_everything_is_fine(sync: Command, world: Any) -> None:
    connected(sync, world)
    assert sync("worklogs").code == 0
    said = sync("doctor")
    assert said.code == 0
    assert "worklogs of 10 of 10 people are seen" in said.out
    assert "The hours are those of Tempo, complete." in said.out
    assert "10 of 10 people are visible." in said.out
    assert "The token may not read the audit log" in said.out
    bean = sync("doctor", "--json").json
    assert (bean["exitCode"], bean["token"]["verdict"], bean["worklogs"]["complete"]) == (0, "good", True)
    assert bean["worklogs"]["seesOnlyItsOwner"] is False
    assert bean["worklogs"]["lastRun"]["exit_code"] == 0
    assert bean["worklogs"]["lastRead"]


def test_in_fallback(sync: Command, world: Any) -> None:
    connected(sync, world)
    sync("worklogs")
    world.faults.arm(path="/4/worklogs/search", status=503, count=4)
    use_fast(sync)
    assert sync("worklogs").code == 6
    said = sync("doctor")
    assert said.code == 6, "Tempo answers the doctor; the figures are still those of Jira"
    assert "Tempo cannot be read since 20" in said.out
    assert "The hours are those of Jira, incomplete." in said.out
    assert "10 of 10 people were visible when Tempo was read last." in said.out, "not now"
    bean = sync("doctor", "--json").json["worklogs"]
    assert (bean["source"], bean["unreadable"]["cause"]) == ("jira", "server-error")


def use_fast(sync: Command) -> None:
    """Answers that fail are asked for again at once."""
    from integration.clients import http

    sync._patch.setattr(
        http.Wire.__init__, "__kwdefaults__", {**http.Wire.__init__.__kwdefaults__, "retry_seconds": (0.0,) * 3}
    )  # type: ignore[misc]


def test_a_token_that_is_refused(sync: Command, world: Any) -> None:
    connected(sync, world)
    sync("worklogs")
    world.faults.arm(path="/4/", status=401)
    assert sync("worklogs").code == 6
    said = sync("doctor")
    assert said.code == 4
    assert "Token: The token worked on " in said.out


def test_a_token_that_sees_only_its_owner(sync: Command, world: Any) -> None:
    connected(sync, world, "admin", "--even-so")
    assert sync("worklogs").code == 7
    said = sync("doctor", "--json").json
    assert (said["exitCode"], said["worklogs"]["seesOnlyItsOwner"]) == (7, True)
    assert "View Worklogs" in said["token"]["sentence"]
    assert "people visible" in sync("doctor").out


def test_the_absence_sync_is_told_of_worklogs_too(sync: Command, world: Any) -> None:
    use(sync, world, "absences")
    assert "Worklogs:" not in sync("doctor", "--for", "absences").out
    assert sync("doctor", "--json").json["worklogs"] is None
    sync("worklogs")
    assert "Worklogs: last read from Tempo 20" in sync("doctor").out
    assert sync("doctor", "--json").json["worklogs"]["source"] == "tempo"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (None, "never"),
        (NOW - timedelta(hours=23), "2026-03-01T10:00:00+00:00"),
        (NOW - timedelta(days=1), "2026-03-01T09:00:00+00:00, nothing for one day"),
        (NOW - timedelta(days=9), "2026-02-21T09:00:00+00:00, nothing for 9 days"),
    ],
)
def test_since_when(moment: datetime | None, words: str) -> None:
    assert ago(moment and moment.isoformat(), NOW) == words
