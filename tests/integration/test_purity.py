"""The modules that only calculate know no network, file, database or clock, and none that does."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import integration

FOLDER = Path(integration.__file__).parent
STANDARD = frozenset(
    {
        "__future__",
        "calendar",
        "collections",
        "dataclasses",
        "datetime",
        "decimal",
        "enum",
        "functools",
        "itertools",
        "re",
        "types",
        "typing",
    }
    | {"html", "unicodedata", "zoneinfo"}
)
PURE = frozenset(
    {
        "absences",
        "attribution",
        "chart",
        "contracts",
        "diff",
        "doubts",
        "fallback",
        "hours",
        "matching",
        "overlaps",
        "records",
        "status",
    }
    | {"plain_text", "terminal_chart", "time_accounts", "time_views", "visibility", "worklogs"}
)
OUTSIDE = re.compile(r"open|print|input|exec|eval|(?:.*\.)?(?:now|today|utcnow|read_text|write_text)")


def imported(tree: ast.Module) -> set[str]:
    found = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    return found | {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


@pytest.mark.parametrize("module", sorted(PURE))
def test_it_only_calculates(module: str) -> None:
    tree = ast.parse((FOLDER / f"{module}.py").read_text(encoding="utf-8"))
    names = imported(tree)
    own = {name.removeprefix("integration.") for name in names if name.startswith("integration.")}
    assert own <= PURE, own - PURE
    others = {name.partition(".")[0] for name in names} - {"integration"}
    assert others <= STANDARD, others - STANDARD
    calls = [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert not [call for call in calls if OUTSIDE.fullmatch(call)]


@pytest.mark.parametrize(
    ("text", "is_outside"), [("date.today", True), ("datetime.now", True), ("open", True), ("opens", False)]
)
def test_the_check_can_tell(text: str, is_outside: bool) -> None:
    assert bool(OUTSIDE.fullmatch(text)) is is_outside
