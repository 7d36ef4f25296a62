"""Which checks exist and what they cite, read from the source of the check modules without running them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SUITE = Path(__file__).parent


@dataclass(frozen=True)
class Check:
    """One check: `module` relative to the suite, function `name`, the requirement ids it `cites` in order."""

    module: str
    name: str
    cites: tuple[str, ...]

    @property
    def id(self) -> str:
        """`datacenter/test_teams.py::test_x`."""
        return f"{self.module}::{self.name}"


def read_checks(folder: Path = SUITE) -> list[Check]:
    """Every check below `folder`, by module, then place."""
    return [check for path in sorted(folder.glob("*/test_*.py")) for check in _of_module(path, folder)]


def _of_module(path: Path, folder: Path) -> Iterator[Check]:
    module = path.relative_to(folder).as_posix()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            cites = [slug for decorator in node.decorator_list for slug in _cited(decorator)]
            yield Check(module, node.name, tuple(dict.fromkeys(cites)))


def _cited(decorator: ast.expr) -> Iterator[str]:
    """The ids in `pytest.mark.requirement(...)`, also where it is the mark of one parameter."""
    for node in ast.walk(decorator):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "requirement":
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value
