"""``docs/traps.md`` says what the catalogue says, and what it calls always so is so without any trap."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from mock_server.traps.catalogue import TRAPS

from .conftest import ROOT, JiraCloud, World
from .traps_seen import bean

PAGE = (ROOT / "docs" / "traps.md").read_text(encoding="utf-8")


def test_the_page_tells_every_trap_as_the_catalogue_does() -> None:
    told = PAGE.partition("## What happens")[2].partition("## Parameters")[0]
    rows = [line for line in told.splitlines() if line.startswith("| `")]
    assert rows == [f"| `{one.name}` | {one.happens} | {one.advice} | {one.grade} | {one.source} |" for one in TRAPS]


def test_the_page_tells_every_parameter() -> None:
    told = PAGE.partition("## Parameters")[2].partition("## What tempo-api-python-client")[0]
    rows = [line for line in told.splitlines() if line.startswith("| ")][1:]
    words = {None: "none", True: "true", False: "false"}
    expected = []
    for trap in TRAPS:
        values = [(one.name, one.default if type(one.default) in (int, str) else words[one.default]) for one in trap.parameters]
        takes = ", ".join(f"`{name}` ({value})" for name, value in values) or "nothing"
        expected.append(f"| {trap.title}: {trap.name} | {takes} |")
    assert rows == expected


def test_the_client_s_table_has_a_row_for_each_and_no_other() -> None:
    told = PAGE.partition("## What tempo-api-python-client")[2].partition("## Always so")[0]
    rows = [line.split("`")[1] for line in told.splitlines() if line.startswith("| `")]
    assert rows == [one.name for one in TRAPS]


def test_the_examples_arm(world: World) -> None:
    rules = [json.loads(text) for text in re.findall(r"--json '(.*?)'", PAGE)]
    assert len(rules) >= 2
    assert [world.post(None, "/_mock/faults", rule).status for rule in rules] == [201] * len(rules)


def _everybody(world: World) -> Any:
    narrowed = world.cloud("GET", "viewer", "worklogs?limit=5000&author=nobody&projectKey=NONE").json
    return narrowed["metadata"]["count"]


def _default_page(world: World) -> Any:
    page = world.cloud("GET", "viewer", "worklogs").json
    return sorted(page["metadata"]), page["metadata"]["count"], page["metadata"]["limit"]


def _embedded(world: World) -> Any:
    worklog = JiraCloud(world).get("erica", "issue/CLOUD-3?fields=worklog").json["fields"]["worklog"]
    return len(worklog["worklogs"]), worklog["total"] > 20, {row["author"]["accountType"] for row in worklog["worklogs"]}


@pytest.mark.parametrize(
    ("look", "seen"),
    [
        (lambda world: world.cloud("POST", "bob", "worklogs", bean(startTime="09:00")).status, 400),
        (lambda world: world.cloud("GET", "viewer", "worklogs?issueId=999&issueId=10202").status, 404),
        (_everybody, 334),
        (_default_page, (["count", "limit", "next", "offset"], 50, 50)),
        (lambda world: world.get(None, "/core/3/worklogs").status, 410),
        (lambda world: [world.cloud(method, "bob", "worklogs").status for method in ("PATCH", "PUT")], [405, 405]),
        (lambda world: world.cloud("GET", "bob", "programs/2/teams").status, 400),
        (_embedded, (20, True, {"app"})),
        (
            lambda world: {
                row["author"]["accountId"] for row in world.cloud("GET", "bob", "worklogs?limit=5000").json["results"]
            },
            {"5b10a2844c20165700ede223"},
        ),
    ],
)
def test_what_is_always_so(world: World, look: Callable[[World], Any], seen: Any) -> None:
    assert look(world) == seen
