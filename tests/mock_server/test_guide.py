"""Tempo's Teams REST API guide, run as a person would run it: curl against a real server, answers as printed.

The calls stand in ``guide_calls.toml``; where the page slips, an entry's ``slip`` says how it is read. Every field that
the guide prints has to be there with the same type and value; more fields may stand beside them.
"""

import json
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

CURL = shutil.which("curl")
CALLS: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "guide_calls.toml").read_text(encoding="utf-8"))["calls"]
BY_NAME = {call["name"]: call for call in CALLS}
PRINTED_ORIGIN = "http://localhost:8090"

pytestmark = pytest.mark.skipif(CURL is None, reason="curl is not installed: the guide's commands cannot be run")


@dataclass(frozen=True)
class Told:
    """What curl showed. Header names are lower case: HTTP does not tell them apart by case."""

    status: int
    headers: Mapping[str, str]
    body: str


def run_curl(origin: str, method: str, url: str, data: str | None) -> Told:
    """The guide's command with another host and port, kept quiet and away from proxies and ~/.curlrc."""
    command = [CURL or "curl", "-q", "-s", "--noproxy", "*", "--max-time", "60", "-D-", "-u", "fred:fred", "-X", method]
    if data is not None:
        command += ["--data", data]
    command += ["-H", "Content-Type: application/json", url.replace(PRINTED_ORIGIN, origin)]
    shown = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.decode()
    head, _, body = shown.partition("\r\n\r\n")
    status_line, *lines = head.split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    return Told(int(status_line.split()[1]), headers, body)


@pytest.fixture(scope="module")
def told(module_server: Callable[..., Any]) -> dict[str, Told]:
    """Every call of the guide, in the order of the file, and what it was answered."""
    answers: dict[str, Told] = {}
    day = CALLS[0]["day"]
    origin = module_server("--quiet", "--clock", day).url
    for call in CALLS:
        if call["day"] != day:
            day = call["day"]
            moved = run_curl(origin, "PUT", f"{PRINTED_ORIGIN}/_mock/clock", json.dumps({"now": day}))
            assert moved.status == 200, moved
        answers[call["name"]] = run_curl(origin, call["method"], call["url"], call.get("data"))
    final = run_curl(origin, "GET", BY_NAME["list-user-members"]["url"], None)
    return {**answers, "list-user-members-at-the-end": final}


def differences(printed: Any, got: Any, where: str = "answer") -> list[str]:
    """What is printed and not got: a missing member, another type, another value, a list of another length."""
    if isinstance(printed, dict) and isinstance(got, dict):
        lacking = [f"{where}.{name} is missing" for name in printed if name not in got]
        return lacking + [text for n in printed if n in got for text in differences(printed[n], got[n], f"{where}.{n}")]
    if isinstance(printed, list) and isinstance(got, list):
        if len(printed) != len(got):
            return [f"{where} has {len(got)} entries, not {len(printed)}"]
        pairs = zip(printed, got, strict=True)
        return [text for i, (p, g) in enumerate(pairs) for text in differences(p, g, f"{where}[{i}]")]
    return [] if type(printed) is type(got) and printed == got else [f"{where} is {got!r}, not {printed!r}"]


@pytest.mark.parametrize("name", [call["name"] for call in CALLS if "printed" in call])
def test_call_is_answered_as_printed(told: dict[str, Told], name: str) -> None:
    answer = told[name]
    assert answer.status == 200, answer
    assert answer.headers["content-type"] == "application/json;charset=UTF-8"
    assert answer.headers["x-ausername"] == "fred"
    assert differences(json.loads(BY_NAME[name]["printed"]), json.loads(answer.body)) == []


@pytest.mark.parametrize("name", ["list-group-members", "add-group"])
def test_group_member_has_no_membership_as_printed(told: dict[str, Told], name: str) -> None:
    answer = json.loads(told[name].body)
    for item in answer if isinstance(answer, list) else [answer]:
        assert "membership" not in item


def test_permission_holder_shows_the_two_printed_avatar_sizes_only(told: dict[str, Told]) -> None:
    for holder in json.loads(told["get-team-permission"].body)["users"]:
        assert set(holder["avatar"]) == {"16x16", "48x48"}


def test_deactivating_the_member_in_the_guides_path_answers_that_member(told: dict[str, Told]) -> None:
    # The page prints member 5's membership here. Whoever is named in the path is who is closed: bob, whose period ended
    # on 29 November already and keeps that end.
    answer = told["deactivate-member"]
    expected = {
        "id": 4, "role": {"id": 4, "name": "Developer"}, "dateFrom": "", "dateTo": "29/Nov/13", "availability": "50",
        "teamMemberId": 4, "teamId": 3, "status": "past",
    }  # fmt: skip
    assert answer.status == 200
    assert differences(expected, json.loads(answer.body)) == []
    assert "member" not in json.loads(answer.body)


def test_removing_a_member_answers_nothing_and_takes_it_off_the_list(told: dict[str, Told]) -> None:
    assert (told["remove-member"].status, told["remove-member"].body) == (204, "")
    before = [item["id"] for item in json.loads(told["list-user-members"].body)]
    after = json.loads(told["list-user-members-at-the-end"].body)
    assert before == [4, 5]
    # erica was added, and the groups bring in fred and bob: bob is no longer there by himself.
    assert [item["id"] for item in after if item["member"]["type"] == "USER"] == [5, 33]
    assert sorted(item["member"]["name"] for item in after if item["member"]["type"] == "GROUP_USER") == ["bob", "fred"]


def test_differences_finds_what_differs() -> None:
    printed = {"id": 4, "a": [{"b": "1"}], "c": True, "d": {}}
    assert differences(printed, {**printed, "more": 1}) == []
    assert differences(printed, {"id": 4, "a": [{"b": 1}], "c": 1}) == [
        "answer.d is missing",
        "answer.a[0].b is 1, not '1'",
        "answer.c is 1, not True",
    ]
    assert differences([1], [1, 2]) == ["answer has 2 entries, not 1"]
