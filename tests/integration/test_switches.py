"""A sync that is switched off: runs and rounds do nothing, say so, and begin again once it is on."""

from __future__ import annotations

import argparse
import json

import pytest

from integration import absences_command, worklogs_command

from .conftest import Command


def test_nobody_switched_anything(connected: Command) -> None:
    assert connected("switch", "--json").json == {
        "absences": {"on": True, "offSince": None},
        "worklogs": {"on": True, "offSince": None},
    }


def test_one_is_off_and_the_other_on(connected: Command) -> None:
    off = connected("switch", "worklogs", "off", "--json").json
    assert off["absences"]["on"]
    assert not off["worklogs"]["on"]
    again = connected("switch", "worklogs", "off", "--json").json
    assert again == off, "switching it off again told another moment"
    assert connected("switch", "worklogs", "on", "--json").json["worklogs"] == {"on": True, "offSince": None}


@pytest.mark.parametrize(
    ("arguments", "says"), [(("absences",), "on` or off"), (("nothing", "on"), "choice"), (("on",), "choice")]
)
def test_what_is_not_said_whole(connected: Command, arguments: tuple[str, ...], says: str) -> None:
    said = connected("switch", *arguments)
    assert said.code == 5
    assert says in said.err


class Once:
    """A clock on which somebody presses Ctrl-C in the first wait."""

    def monotonic(self) -> float:
        return 0.0

    def time(self) -> float:
        return 0.0

    def sleep(self, seconds: float) -> None:
        raise KeyboardInterrupt


@pytest.mark.parametrize(("name", "module"), [("absences", absences_command), ("worklogs", worklogs_command)])
def test_rounds_go_on_and_do_nothing(connected: Command, capsys: pytest.CaptureFixture[str], name: str, module: object) -> None:
    connected("issues", "--select", "HR-1")
    connected("switch", name, "off")
    options = argparse.Namespace(
        config=connected.folder / "tempo-sync.toml", json=True, watch=60.0, apply=True, verbose=False, allow_mass_change=False,
        accept_fewer=[] if name == "absences" else False, full=False,
    )  # fmt: skip
    assert module.run(options, Once()) == 0  # type: ignore[attr-defined]
    told = json.loads(capsys.readouterr().out)
    assert told["exitCode"] == 8
    assert "switched off since" in told["error"]
    assert not connected("rules", "--json").json["rules"]
