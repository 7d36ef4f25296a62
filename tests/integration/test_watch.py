"""Rounds at an interval, with a clock that needs no waiting; and the command, stopped as a person stops it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable

import pytest

from integration import absences_command
from integration.exits import Exit
from integration.watch import Round, watch

from .conftest import LIMIT, ROOT, Command, token_of


class Stopping:
    """A clock on which nothing takes time but waiting; somebody presses Ctrl-C in so many waits."""

    def __init__(self, waits: int, in_between: Callable[[int], None] = lambda wait: None) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self._waits, self._in_between = waits, in_between

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        if len(self.slept) == self._waits:
            raise KeyboardInterrupt
        self._in_between(len(self.slept))


def test_rounds_begin_at_an_interval_however_long_they_take() -> None:
    clock, told = Stopping(3), []
    lengths = iter((4.0, 90.0, 0.0))

    def once() -> Exit:
        clock.now += next(lengths)
        return Exit.PENDING

    assert watch(60.0, once, lambda error: None, told.append, clock) == 0
    assert clock.slept == [56.0, 0.0, 60.0]
    assert told == [Round(1, Exit.PENDING, None), Round(2, Exit.PENDING, None), Round(3, Exit.PENDING, None)]


def test_a_round_that_fails_is_told_and_the_next_one_tried() -> None:
    outcomes = iter((OSError("down."), None))
    told: list[Round] = []

    def once() -> Exit:
        error = next(outcomes)
        if error:
            raise error
        return Exit.IN_SYNC

    assert watch(1.0, once, lambda error: Exit.UNREADABLE, told.append, Stopping(2)) == 0
    assert told == [Round(1, Exit.UNREADABLE, "down"), Round(2, Exit.IN_SYNC, None)]


def test_a_mistake_of_the_program_ends_it() -> None:
    def once() -> Exit:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        watch(1.0, once, lambda error: None, lambda ended: None, Stopping(2))


def test_stopped_in_the_middle_of_a_round() -> None:
    def once() -> Exit:
        raise KeyboardInterrupt

    assert watch(1.0, once, lambda error: None, lambda ended: None, Stopping(9)) == 0


def watched(sync: Command, clock: Stopping, monkeypatch: pytest.MonkeyPatch, *more: str) -> tuple[int, list[str], str]:
    run = absences_command.run
    monkeypatch.setattr(absences_command, "run", lambda options: run(options, clock))
    said = sync("absences", "--watch", "60", *more)
    return said.code, said.out.splitlines(), said.err


def test_a_line_for_each_round(connected: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    connected("issues", "--select", "HR-2")
    code, lines, err = watched(connected, Stopping(2), monkeypatch, "--apply", "--json")
    rounds = [json.loads(line) for line in lines]
    assert code == 0
    assert err == "tempo-sync: stopped in round 2\n"
    assert [(line["round"], line["exitCode"], line["create"], line["error"]) for line in rounds] == [
        (1, 0, 1, None),
        (2, 0, 0, None),
    ]


def test_a_token_that_is_refused_for_a_round(connected: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    connected("issues", "--select", "HR-2")
    clock = Stopping(3, lambda wait: connected.use("nobody" if wait == 1 else "absences"))
    code, lines, _ = watched(connected, clock, monkeypatch, "--json")
    rounds = [json.loads(line) for line in lines]
    assert code == 0
    assert [line["exitCode"] for line in rounds] == [2, 4, 2]
    assert "401" in rounds[1]["error"]
    assert "nothing was ever read" in rounds[1]["error"]
    assert "create" not in rounds[1], "nothing of the round before"


def test_for_people(connected: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    connected("issues", "--select", "HR-2")
    code, lines, err = watched(connected, Stopping(1), monkeypatch)
    assert code == 0
    assert "1 to create, 0 to update, 0 to delete" in lines
    (line,) = [line for line in err.splitlines() if "round=" in line]
    assert line.startswith("tempo-sync: round=1 at=")
    assert line.endswith("exit=2 create=1 update=0 delete=0 kept=0 withheld=0")


@pytest.mark.parametrize("seconds", ["0", "-5", "nan", "inf", "soon", "1e9", ""])
def test_an_interval_that_is_none(connected: Command, seconds: str) -> None:
    assert connected("absences", "--watch", seconds).code == 5


def test_a_wrong_configuration_is_told_at_once(sync: Command) -> None:
    assert sync("absences", "--watch", "60").code == 5


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_real_process_is_stopped(connected: Command, how: signal.Signals) -> None:
    connected("issues", "--select", "HR-2")
    command = [sys.executable, "-m", "integration", "absences", "--watch", "3600", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "TEMPO_TOKEN": token_of("absences")}
    with subprocess.Popen(
        command, cwd=connected.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline())["round"] == 1
        process.send_signal(how)
        assert process.wait(LIMIT) == 0
        assert process.stderr.read() == "tempo-sync: stopped in round 1\n"


def test_ctrl_c_of_a_single_run(connected: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(options: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(absences_command, "run", stopped)
    said = connected("absences")
    assert said.code == 130
    assert "stopped" in said.err
    assert "130" in connected("--help").out


@pytest.mark.parametrize("option", ["--allow-mass-change", "--accept-fewer"])
def test_what_is_allowed_once_is_not_allowed_every_round(connected: Command, option: str) -> None:
    said = connected("absences", "--watch", "60", option)
    assert said.code == 5
    assert option in said.err
