"""The guesses of the sync: complete entries, options that there are, and a page that shows them all."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from integration import first_configuration
from integration.assumptions import ASSUMPTIONS, Assumption

PAGE = (Path(__file__).parents[2] / "docs" / "integration.md").read_text(encoding="utf-8")


def test_names_are_unique_and_in_order() -> None:
    names = [assumption.name for assumption in ASSUMPTIONS]
    assert names == sorted(set(names))


@pytest.mark.parametrize("assumption", ASSUMPTIONS, ids=lambda assumption: assumption.name)
def test_an_entry_is_complete_and_stands_on_the_page(assumption: Assumption) -> None:
    assert assumption.grade in ("D", "C", "I")
    assert assumption.what
    assert assumption.why.endswith((".", "?"))
    option = f"`{assumption.option}`" if assumption.option else ""
    row = f"| {assumption.what} | {option} | {assumption.grade} | {assumption.why} |"
    assert row in PAGE, row


@pytest.mark.parametrize("option", [assumption.option for assumption in ASSUMPTIONS if assumption.option])
def test_an_option_is_one_of_the_configuration(option: str) -> None:
    table, _, key = option.partition(".")
    assert key in tomllib.loads(first_configuration.text("https://t", "https://j", "a@b"))[table]
