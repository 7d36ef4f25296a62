"""Every test of docs/pytest.md, run in a project as its reader has it, passes."""

import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from mock_server.testing.make import Make

PAGE = Path(__file__).parents[2] / "docs" / "pytest.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = BLOCK.findall(TEXT)
OTHERS = ("-p", "no:schemathesis", "-p", "no:hypothesispytest", "-p", "no:anyio", "-p", "no:cacheprovider")


def test_no_block_is_overlooked() -> None:
    assert len(re.findall("^ *```", TEXT, re.MULTILINE)) == 2 * len(BLOCKS)
    assert {language for language, _ in BLOCKS} == {"python", "ini"}


@pytest.mark.parametrize("with_ini", [False, True], ids=["nothing-configured", "configured"])
def test_the_tests_of_the_page_pass(pytester: pytest.Pytester, with_ini: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    tests = [code for language, code in BLOCKS if language == "python"]
    inis = [code for language, code in BLOCKS if language == "ini"]
    assert len(inis) == 1
    pytester.makeini(inis[0] if with_ini else "[pytest]")
    pytester.makepyfile(**{f"test_block{number}": code for number, code in enumerate(tests)})
    result = pytester.runpytest_subprocess("--strict-markers", *OTHERS, timeout=120)
    passed = result.parseoutcomes()
    assert passed.keys() == {"passed"}, result.outlines
    assert passed["passed"] >= len(tests)


def signature(name: str) -> str:
    """A builder as the table of the page has it."""
    parameters = list(inspect.signature(getattr(Make, name)).parameters.values())[1:]
    plain = [one.name for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD]
    named = [one.name for one in parameters if one.kind is one.KEYWORD_ONLY]
    return f"{name}({', '.join([*plain, '*', *named])})"


def builders() -> list[Any]:
    return [name for name, value in inspect.getmembers(Make, inspect.isfunction) if not name.startswith("_")]


@pytest.mark.parametrize("name", builders())
def test_each_builder_stands_in_the_table(name: str) -> None:
    assert f"| `{signature(name)}` |" in TEXT


def test_the_table_has_no_other() -> None:
    assert sorted(re.findall(r"^\| `(\w+)\([^`]*\*,", TEXT, re.MULTILINE)) == sorted(builders())
